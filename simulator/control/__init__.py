"""The controls of the exchange under `/_sim/`.

Responses are JSON; a mistake is `{"error": …}` with status 400. The controls need no login, so the
exchange listens on 127.0.0.1 by default.
"""

from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web
from msgspec import MsgspecError, convert, json

from simulator.exchange import EXCHANGE

from .commands import HELP, ROUTES, Command
from .page import PAGE

__all__ = ["HELP", "add_controls"]


def make_handler(command: Command) -> Callable[[web.Request], Awaitable[web.Response]]:
    """Return the handler of a command."""

    async def handle(request: web.Request) -> web.Response:
        exchange = request.app[EXCHANGE]
        try:
            params = convert(await read_params(request), command.params, strict=False)
            exchange.world.run_due()
            return json_response(command.execute(exchange, params))
        except KeyError as error:
            problem = f"unknown: {error.args[0]}"
        except (LookupError, MsgspecError, OverflowError, ValueError) as error:
            problem = str(error)
        return json_response({"error": problem}, status=400)

    return handle


def json_response(content: object, status: int = 200) -> web.Response:
    """Return a JSON response, with times as ISO 8601."""
    return web.Response(
        body=json.encode(content), status=status, content_type="application/json", charset="utf-8"
    )


async def read_params(request: web.Request) -> dict[str, Any]:
    """Return the parameters of the query and the body without empty ones, and numbers as text.

    A caller may be empty or `withheld`. Branches may be separated by commas.
    """
    params = {**request.query, **await read_body(request)}
    if params.get("from") == "withheld":
        params["from"] = ""
    if isinstance(branches := params.get("branches"), str) and branches:
        params["branches"] = branches.split(",")
    return {
        name: str(value) if type(value) in {int, float} else value
        for name, value in params.items()
        if value is not None and (value != "" or name == "from")
    }


async def read_body(request: web.Request) -> dict[str, Any]:
    """Return the body: a JSON object of any content type, or a form."""
    text = await request.text()
    if text.lstrip().startswith(("{", "[", '"')):
        return json.decode(text, type=dict[str, Any])
    return dict(await request.post())


async def page(_: web.Request) -> web.Response:
    """GET /_sim/: the control page."""
    return web.Response(text=PAGE, content_type="text/html")


def add_controls(app: web.Application) -> None:
    """Add the control page and the commands to an application."""
    app.router.add_get("/_sim/", page)
    for method, name, command in ROUTES:
        app.router.add_route(method, f"/_sim/{name}", make_handler(command))
