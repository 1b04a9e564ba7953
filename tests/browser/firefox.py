"""Control Firefox through WebDriver BiDi, without geckodriver."""

import asyncio
import base64
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import count
import json
from pathlib import Path
import re
from typing import Any

import aiohttp
from playwright.async_api import ViewportSize

from scripts.home import end

LISTENING = re.compile(rb"WebDriver BiDi listening on (ws://\S+)")


@dataclass
class FirefoxPage:
    """The only tab of a Firefox, with the methods of Playwright's page that the tests use."""

    socket: aiohttp.ClientWebSocketResponse
    context: str = ""
    problems: list[str] = field(default_factory=list)
    _ids: count[int] = field(default_factory=count)

    async def start(self) -> None:
        """Start a session and find the tab."""
        await self._command("session.new", capabilities={})
        tree = await self._command("browsingContext.getTree")
        self.context = tree["contexts"][0]["context"]
        await self._command("session.subscribe", events=["log.entryAdded"])

    async def add_init_script(self, script: str) -> None:
        """Run a script in each page before its own scripts."""
        await self._command("script.addPreloadScript", functionDeclaration=f"() => {{ {script} }}")

    async def goto(self, url: str) -> None:
        """Load a page."""
        await self._command(
            "browsingContext.navigate", context=self.context, url=url, wait="interactive"
        )

    async def set_viewport_size(self, size: ViewportSize) -> None:
        """Resize the page."""
        await self._command("browsingContext.setViewport", context=self.context, viewport=size)

    async def evaluate(self, expression: str) -> Any:
        """Return the value of an expression."""
        answer = await self._command(
            "script.evaluate",
            expression=f"JSON.stringify({expression})",
            target={"context": self.context},
            awaitPromise=True,
        )
        return json.loads(answer["result"].get("value", "null"))

    async def screenshot(self, *, path: Path) -> None:
        """Save a screenshot."""
        answer = await self._command("browsingContext.captureScreenshot", context=self.context)
        await asyncio.to_thread(path.write_bytes, base64.b64decode(answer["data"]))

    async def _command(self, method: str, **params: Any) -> Any:
        """Send a command and return its result."""
        number = next(self._ids)
        await self.socket.send_json({"id": number, "method": method, "params": params})
        while True:
            message = await self.socket.receive_json()
            if message.get("method") == "log.entryAdded":
                entry = message["params"]
                if (entry["type"], entry["level"]) == ("javascript", "error"):
                    self.problems.append(entry["text"])
            if message.get("id") == number:
                assert message["type"] == "success", message
                return message["result"]


@asynccontextmanager
async def firefox(program: Path, profile: Path) -> AsyncIterator[FirefoxPage]:
    """Run a Firefox with an empty profile."""
    process = await asyncio.create_subprocess_exec(
        *(program, "--headless", "--no-remote", "--remote-debugging-port=0"),
        *("--profile", profile),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
        start_new_session=True,
    )
    try:
        assert process.stderr is not None
        async for line in process.stderr:
            if found := LISTENING.search(line):
                break
        else:
            raise AssertionError("Firefox did not start")
        # Firefox would block if its output were not read.
        reader = asyncio.create_task(process.stderr.read())
        async with (
            aiohttp.ClientSession() as session,
            session.ws_connect(f"{found[1].decode()}/session", max_msg_size=0) as socket,
        ):
            page = FirefoxPage(socket)
            await page.start()
            yield page
        reader.cancel()
    finally:
        await end(process)
