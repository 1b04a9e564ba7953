"""scripts/picture: the pictures of the documents, and others to look at, from the demo."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
import json
from pathlib import Path
import sys
import tempfile
import time

from playwright.async_api import Browser, Page, ViewportSize

from scripts.chromium import chromium
from scripts.demo import PANEL, WORLD, demo
from scripts.exchange import LOGIN, Exchange
from scripts.home import ROOT, Home, free_port
from scripts.visitor import HomeError

FOLDERS = {"en": ROOT / "docs/pictures", "cs": ROOT / "docs/cs/pictures"}
"""Pictures of the documents, by the language of both."""
OTHERS = ROOT / "pictures"
SETTLED_AFTER = 4
"""Seconds."""
TABLET = ViewportSize(width=1280, height=800)
SIZES = {
    "phone": ViewportSize(width=360, height=800),
    "tablet": TABLET,
    "wall": ViewportSize(width=1920, height=1080),
}
MISSED = {"en": "Missed", "cs": "Zmeškané"}
"""The button that filters the card."""


@asynccontextmanager
async def browser(
    started: Browser, home: Home, language: str, *, size: ViewportSize = TABLET, dark: bool = False
) -> AsyncIterator[Page]:
    """Open a page where the user of the demo is logged in."""
    tokens = {
        **home.tokens,
        "hassUrl": home.url,
        "clientId": f"{home.url}/",
        "expires": (time.time() + home.tokens["expires_in"]) * 1000,
    }
    storage = {
        "hassTokens": json.dumps(tokens),
        "selectedLanguage": json.dumps(language),
        "selectedTheme": json.dumps({"dark": dark}),
        "dockedSidebar": json.dumps("always_hidden"),
    }
    page = await started.new_page(
        viewport=size,
        timezone_id="Europe/Prague",
        locale="cs-CZ" if language == "cs" else "en-GB",
        color_scheme="dark" if dark else "light",
    )
    await page.add_init_script(
        f"for (const [k, v] of Object.entries({json.dumps(storage)})) localStorage[k] = v"
    )
    try:
        yield page
    finally:
        await page.close()


async def show(page: Page, address: str) -> None:
    """Open a page, and let its cards fade in and count up."""
    await page.goto(address)
    await asyncio.sleep(SETTLED_AFTER)


async def views(started: Browser, home: Home, language: str, folder: Path) -> None:
    """Take both views as the documents show them, and in all sizes, light and dark."""
    while "are complete" not in home.log:  # noqa: ASYNC110 - It is another process.
        await asyncio.sleep(1)
    async with browser(started, home, language) as page:
        await show(page, f"{home.url}/{PANEL}/years")
        await page.screenshot(path=folder / "years.png")
    for name, size in SIZES.items():
        for dark in (False, True):
            async with browser(started, home, language, size=size, dark=dark) as page:
                for view in ("calls", "years"):
                    await show(page, f"{home.url}/{PANEL}/{view}")
                    # A phone is scrolled; its picture shows all that there is to see.
                    height = await page.evaluate(
                        "Math.max(innerHeight, document.documentElement.scrollHeight)"
                    )
                    await page.set_viewport_size(ViewportSize(width=size["width"], height=height))
                    await asyncio.sleep(1)
                    shade = "dark" if dark else "light"
                    await page.screenshot(path=OTHERS / f"{view}-{language}-{name}-{shade}.png")
                    await page.set_viewport_size(size)


async def calls(
    started: Browser, exchange: Exchange, home: Home, language: str, folder: Path
) -> None:
    """Ring, pick up and hang up, and look at the dashboard and the devices meanwhile."""
    registered = await home.command("config/entity_registry/list")
    sensors = {entity["unique_id"]: entity["entity_id"] for entity in registered}

    async with browser(started, home, language) as page:
        await show(page, home.url)

        async def take(path: Path, key: str, state: str = "on") -> None:
            sensor = sensors[f"{LOGIN['username']}_{key}"]
            await home.until(sensor, lambda now: now["state"] == state)
            # The page follows, and Home Assistant's cards fade in and count up.
            await asyncio.sleep(SETTLED_AFTER)
            await page.screenshot(path=path)

        await exchange.do("ring", **{"from": "733555111"})
        await take(OTHERS / f"first-{language}.png", "ringing")
        await exchange.do("end")
        await take(OTHERS / f"missed-{language}.png", "ringing", "off")
        await exchange.do("ring", **{"from": "777123456"})
        await take(folder / "dashboard.png", "ringing")
        await exchange.do("answer")
        await take(OTHERS / f"answered-{language}.png", "call_in_progress")
        await exchange.do("end")
        await take(OTHERS / f"ended-{language}.png", "call_in_progress", "off")
        card = page.locator("odorik-calls-card")
        await card.get_by_role("button", name=MISSED[language], exact=True).click()
        # The whole card has to fit below the toolbar.
        await page.set_viewport_size(ViewportSize(width=TABLET["width"], height=1000))
        await asyncio.sleep(SETTLED_AFTER)
        await card.screenshot(path=folder / "inbox.png")
        await page.set_viewport_size(TABLET)
        await devices(page, home, language, folder)


async def devices(page: Page, home: Home, language: str, folder: Path) -> None:
    """Take the pages of the account and of its lines."""
    for device in await home.command("config/device_registry/list"):
        if any(domain == "odorik" for domain, _ in device["identifiers"]):
            is_account = device["via_device_id"] is None
            name = "device" if is_account else f"line-{device['serial_number']}-{language}"
            await show(page, f"{home.url}/config/devices/device/{device['id']}")
            await page.screenshot(path=(folder if is_account else OTHERS) / f"{name}.png")


async def main() -> None:
    """Take all pictures."""
    OTHERS.mkdir(exist_ok=True)
    async with chromium() as started:
        for language, folder in FOLDERS.items():
            folder.mkdir(exist_ok=True)
            with tempfile.TemporaryDirectory() as config:
                async with demo(
                    Path(config), free_port(), *WORLD, "--no-background-traffic", language=language
                ) as (exchange, home):
                    await views(started, home, language, folder)
                    await calls(started, exchange, home, language, folder)


if __name__ == "__main__":
    try:
        asyncio.run(main())
    except HomeError as problem:
        sys.exit(str(problem))
