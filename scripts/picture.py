"""scripts/picture: the pictures of the documents, and others to look at, from the demo."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
import json
from pathlib import Path
import sys
import tempfile
import time

from playwright.async_api import Page, ViewportSize

from scripts.chromium import chromium
from scripts.demo import PANEL, WORLD, demo
from scripts.exchange import LOGIN
from scripts.home import ROOT, Home, free_port
from scripts.visitor import HomeError

DOCUMENTS = ROOT / "docs/pictures"
OTHERS = ROOT / "pictures"
SETTLED_AFTER = 4
"""Seconds."""
TABLET = ViewportSize(width=1280, height=800)


@asynccontextmanager
async def browser(home: Home) -> AsyncIterator[Page]:
    """Open a browser where the user of the demo is logged in."""
    tokens = {
        **home.tokens,
        "hassUrl": home.url,
        "clientId": f"{home.url}/",
        "expires": (time.time() + home.tokens["expires_in"]) * 1000,
    }
    storage = {"hassTokens": json.dumps(tokens), "selectedLanguage": json.dumps("en")}
    async with chromium() as started:
        page = await started.new_page(viewport=TABLET, timezone_id="Europe/Prague")
        await page.add_init_script(
            f"for (const [k, v] of Object.entries({json.dumps(storage)})) localStorage[k] = v"
        )
        yield page


async def years() -> None:
    """Look at five years, as soon as they are written."""
    with tempfile.TemporaryDirectory() as config:
        async with (
            demo(Path(config), free_port(), *WORLD, "--no-life") as (_, home),
            browser(home) as page,
        ):
            while "are complete" not in home.log:  # noqa: ASYNC110 - It is another process.
                await asyncio.sleep(1)
            await page.goto(f"{home.url}/{PANEL}/years")
            await asyncio.sleep(SETTLED_AFTER)
            await page.screenshot(path=DOCUMENTS / "years.png")


async def calls() -> None:
    """Ring, pick up and hang up, and look at the dashboard and the devices meanwhile."""
    with tempfile.TemporaryDirectory() as config:
        async with (
            demo(Path(config), free_port(), "--no-life") as (exchange, home),
            browser(home) as page,
        ):
            await page.goto(home.url)

            async def take(path: Path, key: str, state: str = "on") -> None:
                sensor = f"binary_sensor.odorik_{LOGIN['username']}_{key}"
                await home.until(sensor, lambda now: now["state"] == state)
                # The page follows, and Home Assistant's cards fade in and count up.
                await asyncio.sleep(SETTLED_AFTER)
                await page.screenshot(path=path)

            await exchange.do("ring", **{"from": "733555111"})
            await take(OTHERS / "first.png", "ringing")
            await exchange.do("end")
            await take(OTHERS / "missed.png", "ringing", "off")
            await exchange.do("ring", **{"from": "777123456"})
            await take(DOCUMENTS / "dashboard.png", "ringing")
            await exchange.do("answer")
            await take(OTHERS / "answered.png", "call_in_progress")
            await exchange.do("end")
            await take(OTHERS / "ended.png", "call_in_progress", "off")
            card = page.locator("odorik-calls-card")
            await card.get_by_role("button", name="Missed", exact=True).click()
            await asyncio.sleep(SETTLED_AFTER)
            await card.screenshot(path=DOCUMENTS / "inbox.png")
            devices = await home.command("config/device_registry/list")
            for device in devices:
                if any(domain == "odorik" for domain, _ in device["identifiers"]):
                    is_account = device["via_device_id"] is None
                    name = "device" if is_account else f"line-{device['serial_number']}"
                    await page.goto(f"{home.url}/config/devices/device/{device['id']}")
                    await asyncio.sleep(SETTLED_AFTER)
                    folder = DOCUMENTS if is_account else OTHERS
                    await page.screenshot(path=folder / f"{name}.png")


async def main() -> None:
    """Take all pictures."""
    OTHERS.mkdir(exist_ok=True)
    await calls()
    await years()


if __name__ == "__main__":
    try:
        asyncio.run(main())
    except HomeError as problem:
        sys.exit(str(problem))
