"""The web application: request parameters, journal, routes and headers."""

from collections.abc import Awaitable, Callable
from email.utils import format_datetime
from urllib.parse import parse_qsl

from aiohttp import web
from aiohttp.http_exceptions import HttpProcessingError

from .api import ENDPOINTS, ApiError, ApiRequest, Endpoint, authenticate
from .control import add_controls
from .dialects import dump
from .exchange import BASE, EXCHANGE, Exchange, JournalEntry, Params
from .faults import apply_fault
from .push_sender import send_pushes
from .world import World

SECRETS = {"user", "password"}
URLENCODED = "application/x-www-form-urlencoded"
MULTIPART_ERRORS = (ValueError, LookupError, RuntimeError, AssertionError, HttpProcessingError)
"""Exceptions that aiohttp raises for an invalid multipart form."""
CORS_HEADERS = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "Odorik-Pages",
}
CORS_METHODS = "GET, POST, DELETE, OPTIONS"
CORS_MAX_AGE = 600


async def read_form(request: web.Request) -> Params:
    """Return the form in the body of a request, or nothing if it cannot be read.

    The operator's samples send the login in the body even with GET. Some public clients send a form
    without a content type.
    """
    if request.content_type == "multipart/form-data" and request.method in request.POST_METHODS:
        try:
            given = await request.post()
        except MULTIPART_ERRORS:
            return {}
        return {name: value for name, value in given.items() if isinstance(value, str)}
    if request.headers.get("Content-Type") and request.content_type != URLENCODED:
        return {}
    text = (await request.read()).decode(errors="replace")
    return dict(parse_qsl(text, keep_blank_values=True))


def preflight_response(request: web.Request) -> web.Response:
    """Return the response to the CORS preflight request of a browser."""
    wanted = request.headers.get("Access-Control-Request-Headers", "*")
    return web.Response(
        status=204,
        headers={
            "Access-Control-Allow-Methods": CORS_METHODS,
            "Access-Control-Allow-Headers": wanted,
            "Access-Control-Max-Age": str(CORS_MAX_AGE),
        },
    )


@web.middleware
async def journal_middleware(
    request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
) -> web.StreamResponse:
    """Read the parameters of a request, add it to the journal, and apply the fault that is due."""
    if not request.path.startswith(f"{BASE}/"):
        return await handler(request)
    if request.method == "OPTIONS":
        return preflight_response(request)
    exchange = request.app[EXCHANGE]
    params = dict(request.query) | await read_form(request)
    request["params"] = params
    path = request.path.removeprefix(BASE)
    kept = {name: value for name, value in params.items() if name not in SECRETS}
    entry = JournalEntry(exchange.world.now(), request.method, path, kept, params.get("user", ""))
    exchange.add_entry(entry)
    cached: list[web.StreamResponse] = []

    async def respond() -> web.StreamResponse:
        if not cached:
            cached.append(await handler(request))
        return cached[0]

    fault = exchange.next_fault(f"{request.method} {path}", params)
    try:
        if fault is None:
            response = await respond()
        else:
            if fault.after:
                await respond()
            response = await apply_fault(
                request, fault, respond, dialect=exchange.dialect, closing=exchange.closing
            )
    except web.HTTPException as error:
        response = web.json_response({"errors": ["not_simulated"]}, status=error.status)
    if request.transport is not None and not request.transport.is_closing():
        entry.status = response.status
    return response


def parse_request(request: web.Request, endpoint: Endpoint) -> ApiRequest:
    """Authenticate a request and check its permission."""
    exchange = request.app[EXCHANGE]
    exchange.world.run_due()
    params: Params = request["params"]
    account, line = authenticate(exchange, params)
    target = request.match_info.get("target", "")
    api_request = ApiRequest(exchange, account, line, params, target)
    if api_request.is_denied(endpoint.name) or (endpoint.account_only and line is not None):
        raise ApiError("unauthorized")
    return api_request


def make_handler(endpoint: Endpoint) -> Callable[[web.Request], Awaitable[web.Response]]:
    """Return the handler of an endpoint."""

    async def handle(request: web.Request) -> web.Response:
        try:
            api_request = parse_request(request, endpoint)
            content = endpoint.handle(api_request)
        except ApiError as error:
            return request.app[EXCHANGE].dialect.error_response(endpoint.path, str(error))
        if isinstance(content, web.Response):
            return content
        if isinstance(content, str):
            return web.Response(text=content, content_type="text/plain")
        text = dump(api_request.reworded(content))
        return web.Response(text=text, content_type="application/json")

    return handle


async def add_headers(request: web.Request, response: web.StreamResponse) -> None:
    """Add the world's time and, to responses of the API, the CORS headers."""
    response.headers["Date"] = format_datetime(request.app[EXCHANGE].world.now(), usegmt=True)
    if request.path.startswith(f"{BASE}/"):
        response.headers.update(CORS_HEADERS)


async def close(app: web.Application) -> None:
    """Release the requests that are being held."""
    app[EXCHANGE].closing.set()


def make_app(world: World) -> web.Application:
    """Return the exchange as a web application; `app[EXCHANGE]` has its journal and its faults."""
    app = web.Application(middlewares=[journal_middleware])
    app[EXCHANGE] = Exchange(world)
    app.on_response_prepare.append(add_headers)
    app.on_shutdown.append(close)
    app.cleanup_ctx.append(send_pushes)
    for endpoint in ENDPOINTS:
        app.router.add_route(endpoint.method, BASE + endpoint.path, make_handler(endpoint))
    add_controls(app)
    return app
