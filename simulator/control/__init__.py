"""The controls of the exchange under `/_sim/`: make it ring, fail, move time, read the journal.

Answers are JSON; a mistake is `{"error": …}` with status 400. There is no login, so the exchange
listens to this machine only unless told otherwise.
"""

from collections.abc import Awaitable, Callable
from datetime import datetime
import json

from aiohttp import web

from simulator.exchange import EXCHANGE

from .acts import ROUTES, Act
from .manual import MANUAL
from .page import PAGE
from .wishes import wishes_of

__all__ = ["MANUAL", "add_controls"]


def handler(act: Act) -> Callable[[web.Request], Awaitable[web.Response]]:
    """Return the handler of one control."""

    async def handle(request: web.Request) -> web.Response:
        exchange = request.app[EXCHANGE]
        try:
            wishes = await wishes_of(request)
            exchange.world.settle()
            return web.json_response(act(exchange, wishes), dumps=dumps)
        except KeyError as error:
            problem = f"not given or not known: {error.args[0]}"
        except (AttributeError, LookupError, OverflowError, TypeError, ValueError) as error:
            problem = str(error)
        return web.json_response({"error": problem}, status=400)

    return handle


def dumps(value: object) -> str:
    """Write JSON, times as ISO 8601."""
    return json.dumps(value, ensure_ascii=False, default=datetime.isoformat)


async def page(_: web.Request) -> web.Response:
    """GET /_sim/: the control page."""
    return web.Response(text=PAGE, content_type="text/html")


def add_controls(app: web.Application) -> None:
    """Give an exchange its controls."""
    app.router.add_get("/_sim/", page)
    for method, name, act in ROUTES:
        app.router.add_route(method, f"/_sim/{name}", handler(act))
