"""scripts/develop: the demo, which is a simulated exchange and a Home Assistant that knows it."""

import argparse
import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
import shutil
import signal
import sys

from scripts.exchange import LOGIN, Exchange, exchange
from scripts.home import RESTART, ROOT, Home, free_port, is_free
from scripts.visitor import PASSWORD, USER, HomeError

FOLDER = ROOT / ".demo"
EXCHANGE_PORT = 8087
CALLER = "777 000 111"
"""Whoever tries the demo has a telephone too, at least in the simulated world."""

PANEL = "odorik-calls"
DASHBOARD = {"strategy": {"type": "custom:odorik"}}
"""What *Add dashboard → Odorik* stores."""
WORLD = ("--world", "years")
"""What whoever tries it gets to see: a household that has telephoned for five years."""

READY = """
Home Assistant  {home}   user {user}, password {password}
Control page    {exchange}/_sim/   rings, picks up, hangs up
The telephone rings by itself every minute or two; the view Years has five years of calls as
soon as they are written, which takes less than a minute. To make it ring now:

    curl -d from=777123456 {exchange}/_sim/ring

Ctrl-C stops both. What Home Assistant remembers is in .demo; --fresh forgets it.
"""


def say(text: str) -> None:
    """Tell the person at the keyboard, at once."""
    print(text, flush=True)  # noqa: T201 - This is what the command is for.


def arguments() -> argparse.Namespace:
    """Return what the command line says."""
    parser = argparse.ArgumentParser(
        prog="scripts/develop",
        description="Start the newest Home Assistant with this integration in it, and a simulated "
        "Odorik exchange whose telephone rings now and then. Nobody is called and nothing costs.",
        epilog="To make a call happen, open the exchange's control page, whose address is printed, "
        "or see `.venv-hass/bin/python -m simulator --help`.",
    )
    parser.add_argument("--fresh", action="store_true", help="forget what the last demo left")
    parser.add_argument(
        "--push", action="store_true", help="let the exchange announce its calls, as push does"
    )
    parser.add_argument("--port", type=int, default=8123, help="of Home Assistant (%(default)s)")
    return parser.parse_args()


@asynccontextmanager
async def demo(
    folder: Path,
    port: int,
    *options: str,
    exchange_port: int = 0,
    push: bool = False,
    language: str = "en",
) -> AsyncIterator[tuple[Exchange, Home]]:
    """Run the exchange with the options, and a Home Assistant that knows it and shows it.

    With ``push`` the exchange announces its calls; without, an earlier demo's push is turned off.
    In ``language`` Home Assistant names the entities when they are added.
    """
    async with (
        exchange("--world", "household", *options, port=exchange_port) as simulator,
        Home(folder=folder, port=port, exchange=simulator.url, panel=PANEL) as home,
    ):
        if not await home.has("odorik"):
            await home.command("config/core/update", language=language)
            # With a caller one tap calls back.
            form = await home.add("odorik", **LOGIN, caller=CALLER)
            if form["type"] != "create_entry":
                raise HomeError(f"Odorik could not be added: {form.get('errors', form)}")
        await add_dashboard(home)
        await set_push(simulator, home, is_on=push)
        yield simulator, home


async def add_dashboard(home: Home) -> None:
    """Add the dashboard, as a user does; one that is there already stays as it is."""
    boards = await home.command("lovelace/dashboards/list")
    if PANEL not in {board["url_path"] for board in boards}:
        await home.command(
            "lovelace/dashboards/create",
            url_path=PANEL,
            title="Odorik",
            icon="mdi:phone",
            mode="storage",
        )
        await home.command("lovelace/config/save", url_path=PANEL, config=DASHBOARD)


async def set_push(simulator: Exchange, home: Home, *, is_on: bool) -> None:
    """Turn push on or off, and give the exchange the address."""
    (entry,) = await home.get("config/config_entries/entry?domain=odorik")
    has_hook = any(hook["domain"] == "odorik" for hook in await home.command("webhook/list"))
    if is_on is not has_hook:
        await home.change(entry["entry_id"], caller=CALLER, push=is_on)
    if is_on:
        await simulator.do("hook", url=f"{home.url}{await home.hook(entry['title'])}?hook=call")


async def keep(home: Home) -> int:
    """Let Home Assistant run, start it again when somebody restarts it, and return how it ended."""
    while (code := await home.wait()) == RESTART:
        await home.stop()
        await home.start()
    return code


async def run(port: int, *, push: bool) -> None:
    """Run both until one of them ends; cancelling it ends both."""
    exchange_port = EXCHANGE_PORT if is_free(EXCHANGE_PORT) else free_port()
    say("Starting Home Assistant, which takes half a minute the first time …")
    async with demo(FOLDER, port, *WORLD, exchange_port=exchange_port, push=push) as (
        simulator,
        home,
    ):
        say(READY.format(home=home.url, exchange=simulator.site, user=USER, password=PASSWORD))
        ends = {
            asyncio.create_task(simulator.process.wait()): "The simulated exchange has ended.",
            asyncio.create_task(keep(home)): "Home Assistant has ended; see its log in .demo.",
        }
        try:
            done, _ = await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
            raise HomeError(ends[done.pop()])
        finally:
            say("Stopping …")
            for task in ends:
                task.cancel()


async def main() -> None:
    """Run the demo until Ctrl-C or SIGTERM, which end it in good order at any moment."""
    options = arguments()
    if not is_free(options.port):
        raise HomeError(
            f"Port {options.port} is taken, perhaps by another demo. One that is free: "
            f"scripts/develop --port {free_port()}"
        )
    if options.fresh:
        shutil.rmtree(FOLDER, ignore_errors=True)
    running = asyncio.create_task(run(options.port, push=options.push))
    for number in (signal.SIGINT, signal.SIGTERM):
        # Once: a second Ctrl-C must not cut short the stopping that the first one began.
        asyncio.get_running_loop().add_signal_handler(
            number, lambda: running.cancelling() or running.cancel()
        )
    with suppress(asyncio.CancelledError):
        await running


if __name__ == "__main__":
    try:
        asyncio.run(main())
    except HomeError as problem:
        sys.exit(str(problem))
