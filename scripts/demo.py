"""scripts/develop: the demo, which is a simulated exchange and a Home Assistant that knows it."""

import argparse
import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
import shutil
import signal
import sys

from scripts.home import (
    HOST,
    PASSWORD,
    RESTART,
    ROOT,
    USER,
    Home,
    HomeError,
    end,
    environment,
    free_port,
    is_free,
)

FOLDER = ROOT / ".demo"
EXCHANGE_PORT = 8087
LOGIN = {"username": "1234567", "password": "demo-api-password"}
"""What the simulator knows when nothing else is said."""

PANEL = "odorik-calls"
DASHBOARD = ROOT / "scripts/dashboard.yaml"
CONFIGURATION = f"""\
lovelace:
  dashboards:
    {PANEL}:
      mode: yaml
      title: Telephone
      icon: mdi:phone
      filename: dashboard.yaml
"""

READY = """
Home Assistant  {home}   user {user}, password {password}
Control page    {exchange}/_sim/   rings, picks up, hangs up
The telephone rings by itself every minute or two. To make it ring now:

    curl -d from=777123456 {exchange}/_sim/ring

Ctrl-C stops both. What Home Assistant remembers is in .demo; --fresh forgets it.
"""


class DemoError(Exception):
    """The demo cannot go on; the text is for the person at the keyboard."""


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
    parser.add_argument("--port", type=int, default=8123, help="of Home Assistant (%(default)s)")
    return parser.parse_args()


@asynccontextmanager
async def exchange(port: int) -> AsyncIterator[asyncio.subprocess.Process]:
    """Run the simulator."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "simulator", "--world", "household", "--port", str(port)),
        cwd=ROOT,
        env=environment(),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        start_new_session=True,
    )
    try:
        if not (process.stdout and await process.stdout.readline()):
            raise DemoError("The simulated exchange did not start.")
        yield process
    finally:
        await end(process)


async def keep(home: Home) -> int:
    """Let Home Assistant run, start it again when somebody restarts it, and return how it ended."""
    while (code := await home.wait()) == RESTART:
        await home.stop()
        await home.start()
    return code


async def run(port: int) -> None:
    """Run both until one of them ends; cancelling it ends both."""
    exchange_port = EXCHANGE_PORT if is_free(EXCHANGE_PORT) else free_port()
    site = f"http://{HOST}:{exchange_port}"
    FOLDER.mkdir(exist_ok=True)
    dashboard = FOLDER / DASHBOARD.name
    dashboard.unlink(missing_ok=True)
    dashboard.symlink_to(DASHBOARD)
    say("Starting Home Assistant, which takes half a minute the first time …")
    async with (
        exchange(exchange_port) as simulator,
        Home(
            folder=FOLDER,
            port=port,
            exchange=f"{site}/api/v1",
            configuration=CONFIGURATION,
            panel=PANEL,
        ) as home,
    ):
        if not await home.has("odorik"):
            form = await home.add("odorik", **LOGIN)
            if form["type"] != "create_entry":
                raise DemoError(f"Odorik could not be added: {form.get('errors', form)}")
        say(READY.format(home=home.url, exchange=site, user=USER, password=PASSWORD))
        ends = {
            asyncio.create_task(simulator.wait()): "The simulated exchange has ended.",
            asyncio.create_task(keep(home)): "Home Assistant has ended; see its log in .demo.",
        }
        try:
            done, _ = await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
            raise DemoError(ends[done.pop()])
        finally:
            say("Stopping …")
            for task in ends:
                task.cancel()


async def main() -> None:
    """Run the demo until Ctrl-C or SIGTERM, which end it in good order at any moment."""
    options = arguments()
    if not is_free(options.port):
        raise DemoError(
            f"Port {options.port} is taken, perhaps by another demo. One that is free: "
            f"scripts/develop --port {free_port()}"
        )
    if options.fresh:
        shutil.rmtree(FOLDER, ignore_errors=True)
    demo = asyncio.create_task(run(options.port))
    for number in (signal.SIGINT, signal.SIGTERM):
        # Once: a second Ctrl-C must not cut short the stopping that the first one began.
        asyncio.get_running_loop().add_signal_handler(
            number, lambda: demo.cancelling() or demo.cancel()
        )
    with suppress(asyncio.CancelledError):
        await demo


if __name__ == "__main__":
    try:
        asyncio.run(main())
    except (DemoError, HomeError) as problem:
        sys.exit(str(problem))
