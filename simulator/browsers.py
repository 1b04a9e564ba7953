"""What browsers ask for before they let a page of another site read an answer (CORS)."""

from aiohttp import web

METHODS = "GET, POST, DELETE, OPTIONS"
HEADERS = {"Access-Control-Allow-Origin": "*", "Access-Control-Expose-Headers": "Odorik-Pages"}
MAX_AGE = 600


def preflight(request: web.Request) -> web.Response:
    """Answer a browser that asks what a page may send."""
    wanted = request.headers.get("Access-Control-Request-Headers", "*")
    return web.Response(
        status=204,
        headers={
            "Access-Control-Allow-Methods": METHODS,
            "Access-Control-Allow-Headers": wanted,
            "Access-Control-Max-Age": str(MAX_AGE),
        },
    )


def let_read(answer: web.StreamResponse) -> None:
    """Let a page of any site read an answer, and how many pages there are."""
    answer.headers.update(HEADERS)
