"""The exchange as a web application: who asks, what, and in which words it is answered.

A stand-in for development, tests and the demo.
"""

from collections.abc import Awaitable, Callable
from email.utils import format_datetime

from aiohttp import web

from .api import ENDPOINTS, Ask, Endpoint, Refusal, login
from .browsers import let_read
from .control import add_controls
from .dialects import dump
from .exchange import BASE, EXCHANGE, Exchange, Params, front
from .pusher import push
from .world import World


def asked(request: web.Request, endpoint: Endpoint) -> Ask:
    """Return what is asked, once it is known who asks and that they may."""
    exchange = request.app[EXCHANGE]
    exchange.world.settle()
    params: Params = request["params"]
    account, line = login(exchange, params)
    is_denied = endpoint.name in exchange.world.denied.get(params["user"], ())
    if is_denied or (endpoint.of_account and line is not None):
        raise Refusal("unauthorized")
    return Ask(exchange, account, line, params, request.match_info.get("target", ""))


def door(endpoint: Endpoint) -> Callable[[web.Request], Awaitable[web.Response]]:
    """Return the handler of one endpoint."""

    async def handle(request: web.Request) -> web.Response:
        try:
            ask = asked(request, endpoint)
            answer = endpoint.answer(ask)
        except Refusal as refusal:
            return request.app[EXCHANGE].dialect.refused(endpoint.path, str(refusal))
        if isinstance(answer, web.Response):
            return answer
        if isinstance(answer, str):
            return web.Response(text=answer, content_type="text/plain")
        return web.Response(text=dump(ask.reworded(answer)), content_type="application/json")

    return handle


async def sign(request: web.Request, answer: web.StreamResponse) -> None:
    """Say what time it is here, as every server says it, and let browsers read the answer."""
    answer.headers["Date"] = format_datetime(request.app[EXCHANGE].world.now(), usegmt=True)
    if request.path.startswith(f"{BASE}/"):
        let_read(answer)


async def close(app: web.Application) -> None:
    """Let nobody wait for an answer that will not come."""
    app[EXCHANGE].closing.set()


def make_app(world: World) -> web.Application:
    """Return the exchange as a web application; `app[EXCHANGE]` has its journal and its faults."""
    app = web.Application(middlewares=[front])
    app[EXCHANGE] = Exchange(world)
    app.on_response_prepare.append(sign)
    app.on_shutdown.append(close)
    app.cleanup_ctx.append(push)
    for endpoint in ENDPOINTS:
        app.router.add_route(endpoint.method, BASE + endpoint.path, door(endpoint))
    add_controls(app)
    return app
