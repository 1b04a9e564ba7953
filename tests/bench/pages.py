"""An exchange with a long history, whose pages are prepared in advance.

`python -m tests.bench.pages N` runs it in a process of its own, so that only the client
is measured.
"""

import asyncio
import csv
import io
import json
import sys

from aiohttp import web

from .decoding import ROWS, page

BASE = "/api/v1"
REST = {"balance": b"500.0", "call_statistics.json": b"{}"}
"""Other responses of the account; all other lists are empty."""


def table(body: bytes) -> bytes:
    """Convert a page to CSV."""
    records = json.loads(body)
    text = io.StringIO()
    writer = csv.DictWriter(text, list(records[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(records)
    return text.getvalue().encode()


async def serve(records: int) -> None:
    """Serve the given number of records until the process is stopped."""
    bodies = [page(ROWS, first) for first in range(1, records + 1, ROWS)]
    pages = {"calls.json": bodies, "calls.csv": [table(body) for body in bodies]}
    nothing = {"calls.json": b"[]", "calls.csv": b"id\n"}

    async def answer(request: web.Request) -> web.Response:
        name = request.match_info["name"]
        if name not in pages or "since_id" not in request.query:
            return web.Response(body=REST.get(name, b"[]"))
        place = int(request.query.get("page", 1)) - 1
        known = pages[name]
        body = known[place] if place < len(known) else nothing[name]
        return web.Response(body=body, headers={"Odorik-Pages": str(len(known))})

    app = web.Application()
    app.router.add_get(f"{BASE}/{{name:.*}}", answer)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    print(f"http://127.0.0.1:{runner.addresses[0][1]}{BASE}", flush=True)  # noqa: T201
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1])))
