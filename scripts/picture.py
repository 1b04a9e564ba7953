"""Take the screenshots in the documentation (scripts/picture), and others for review."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
import sys
import tempfile

from playwright.async_api import Browser, Page, ViewportSize

from scripts.chromium import chromium, logged_in
from scripts.client import HomeError
from scripts.demo import PANEL, WORLD, demo
from scripts.exchange import LOGIN, Exchange
from scripts.home import ROOT, Home, free_port

FOLDERS = {"en": ROOT / "docs/pictures", "cs": ROOT / "docs/cs/pictures"}
"""Screenshots in the documentation, by language."""
OTHERS = ROOT / "pictures"
ANIMATIONS = 4
"""Seconds until the animations of Home Assistant's cards have ended."""
TABLET = ViewportSize(width=1280, height=800)
SIZES = {
    "phone": ViewportSize(width=360, height=800),
    "tablet": TABLET,
    "wall": ViewportSize(width=1920, height=1080),
}
MISSED = {"en": "Missed", "cs": "Zmeškané"}
"""The button that filters the card."""


@asynccontextmanager
async def open_page(
    browser: Browser, home: Home, language: str, *, size: ViewportSize = TABLET, dark: bool = False
) -> AsyncIterator[Page]:
    """Open a page that is logged in."""
    context = await logged_in(browser, home, language=language, is_dark=dark, viewport=size)
    try:
        yield await context.new_page()
    finally:
        await context.close()


async def load(page: Page, address: str) -> None:
    """Load a page and wait for its animations."""
    await page.goto(address)
    await asyncio.sleep(ANIMATIONS)


async def views(browser: Browser, home: Home, language: str, folder: Path) -> None:
    """Take both views of the dashboard for the documentation, and in all sizes, light and dark."""
    await home.wait_for_statistics()
    async with open_page(browser, home, language) as page:
        await load(page, f"{home.url}/{PANEL}/years")
        await page.screenshot(path=folder / "years.png")
    for name, size in SIZES.items():
        for dark in (False, True):
            async with open_page(browser, home, language, size=size, dark=dark) as page:
                for view in ("calls", "years"):
                    await load(page, f"{home.url}/{PANEL}/{view}")
                    # The whole page, not only the part above the fold.
                    height = await page.evaluate(
                        "Math.max(innerHeight, document.documentElement.scrollHeight)"
                    )
                    await page.set_viewport_size(ViewportSize(width=size["width"], height=height))
                    await asyncio.sleep(1)
                    shade = "dark" if dark else "light"
                    await page.screenshot(path=OTHERS / f"{view}-{language}-{name}-{shade}.png")
                    await page.set_viewport_size(size)


async def calls(
    browser: Browser, exchange: Exchange, home: Home, language: str, folder: Path
) -> None:
    """Take the dashboard during and after calls, and the pages of the devices."""
    registered = await home.command("config/entity_registry/list")
    sensors = {entity["unique_id"]: entity["entity_id"] for entity in registered}

    async with open_page(browser, home, language) as page:
        await load(page, home.url)

        async def take(path: Path, key: str, state: str = "on") -> None:
            sensor = sensors[f"{LOGIN['username']}_{key}"]
            await home.wait_for_state(sensor, lambda now: now["state"] == state)
            await asyncio.sleep(ANIMATIONS)
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
        # High enough for the whole card below the toolbar.
        await page.set_viewport_size(ViewportSize(width=TABLET["width"], height=1000))
        await asyncio.sleep(ANIMATIONS)
        await card.screenshot(path=folder / "inbox.png")
        await page.set_viewport_size(TABLET)
        await devices(page, home, language, folder)


async def devices(page: Page, home: Home, language: str, folder: Path) -> None:
    """Take the device pages of the account and of its lines."""
    for device in await home.command("config/device_registry/list"):
        if any(domain == "odorik" for domain, _ in device["identifiers"]):
            is_account = device["via_device_id"] is None
            name = "device" if is_account else f"line-{device['serial_number']}-{language}"
            await load(page, f"{home.url}/config/devices/device/{device['id']}")
            await page.screenshot(path=(folder if is_account else OTHERS) / f"{name}.png")


async def main() -> None:
    """Take all screenshots."""
    OTHERS.mkdir(exist_ok=True)
    async with chromium() as browser:
        for language, folder in FOLDERS.items():
            folder.mkdir(exist_ok=True)
            with tempfile.TemporaryDirectory() as config:
                async with demo(
                    Path(config), free_port(), *WORLD, "--no-background-traffic", language=language
                ) as (exchange, home):
                    await views(browser, home, language, folder)
                    await calls(browser, exchange, home, language, folder)


if __name__ == "__main__":
    try:
        asyncio.run(main())
    except HomeError as problem:
        sys.exit(str(problem))
