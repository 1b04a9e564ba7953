"""The controls of the exchange under `/_sim/`: make it ring, fail, move time, read the journal.

Answers are JSON; a mistake is `{"error": …}` with status 400. There is no login, so the exchange
listens to this machine only unless told otherwise.
"""

from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web
from msgspec import MsgspecError, convert, json

from simulator.exchange import EXCHANGE

from .acts import ROUTES, Control
from .manual import MANUAL
from .page import PAGE

__all__ = ["MANUAL", "add_controls"]


def handler(control: Control) -> Callable[[web.Request], Awaitable[web.Response]]:
    """Return the handler of one control."""

    async def handle(request: web.Request) -> web.Response:
        exchange = request.app[EXCHANGE]
        try:
            given = convert(await parameters(request), control.parameters, strict=False)
            exchange.world.settle()
            return answer(control.act(exchange, given))
        except KeyError as error:
            problem = f"not known: {error.args[0]}"
        except (LookupError, MsgspecError, OverflowError, ValueError) as error:
            problem = str(error)
        return answer({"error": problem}, status=400)

    return handle


def answer(content: object, status: int = 200) -> web.Response:
    """Return an answer in JSON, with times as ISO 8601."""
    return web.Response(
        body=json.encode(content), status=status, content_type="application/json", charset="utf-8"
    )


async def parameters(request: web.Request) -> dict[str, Any]:
    """Return what is given in the query and the body, numbers as text; what is empty is left out.

    A caller who is empty or `withheld` is the empty number. Branches may be separated by commas.
    """
    given = {**request.query, **await body(request)}
    if given.get("from") == "withheld":
        given["from"] = ""
    if isinstance(branches := given.get("branches"), str) and branches:
        given["branches"] = branches.split(",")
    return {
        name: str(value) if type(value) in {int, float} else value
        for name, value in given.items()
        if value is not None and (value != "" or name == "from")
    }


async def body(request: web.Request) -> dict[str, Any]:
    """Return the body: a JSON object, whatever its type is said to be, or a form."""
    text = await request.text()
    if text.lstrip().startswith(("{", "[", '"')):
        return json.decode(text, type=dict[str, Any])
    return dict(await request.post())


async def page(_: web.Request) -> web.Response:
    """GET /_sim/: the control page."""
    return web.Response(text=PAGE, content_type="text/html")


def add_controls(app: web.Application) -> None:
    """Give an exchange its controls."""
    app.router.add_get("/_sim/", page)
    for method, name, control in ROUTES:
        app.router.add_route(method, f"/_sim/{name}", handler(control))
