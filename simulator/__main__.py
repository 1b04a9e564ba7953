"""`python -m simulator`: serve an Odorik exchange that is made up, on this machine."""

import argparse
import asyncio
import signal
import sys

from aiohttp import web

from .app import make_app
from .control import MANUAL
from .dialects import DIALECTS
from .exchange import BASE
from .worlds import PASSWORD, USER, WORLDS


def arguments() -> argparse.Namespace:
    """Return what the command line says."""
    worlds = "\n".join(f"  {name:12}{make.__doc__}" for name, make in WORLDS.items())
    dialects = "\n".join(f"  {name:12}{it.summary}" for name, it in DIALECTS.items())
    parser = argparse.ArgumentParser(
        prog="python -m simulator",
        description="A stand-in for the Odorik exchange, for development, tests and the demo.",
        epilog=f"worlds:\n{worlds}\n\ndialects:\n{dialects}\n\n"
        f"default login: {USER} with {PASSWORD}; a line logs in with\n"
        f"its number and its SIP password, which is sip-<number>\n\n{MANUAL}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--port", type=int, default=8087, help="0 takes any that is free (8087)")
    parser.add_argument("--host", default="127.0.0.1", help="where to listen (%(default)s)")
    parser.add_argument("--user", default=USER, help="the account's number (%(default)s)")
    parser.add_argument("--password", default=PASSWORD, help="its API password (%(default)s)")
    parser.add_argument("--seed", type=int, default=1, help="the same seed, the same world")
    parser.add_argument("--world", choices=WORLDS, default="household", help="(%(default)s)")
    parser.add_argument("--dialect", choices=DIALECTS, help="how it words its answers (documented)")
    parser.add_argument("--no-life", action="store_true", help="nothing happens by itself")
    return parser.parse_args()


async def serve(options: argparse.Namespace) -> None:
    """Serve until somebody says stop."""
    world = WORLDS[options.world](options.user, options.password, seed=options.seed)
    if options.dialect:
        world.dialect = options.dialect
    if options.no_life:
        world.life = None
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    # The credentials ride in the queries, and an access log would show them.
    runner = web.AppRunner(make_app(world), access_log=None, shutdown_timeout=2)
    await runner.setup()
    try:
        await web.TCPSite(runner, options.host, options.port).start()
        port = runner.addresses[0][1]
        print(f"Simulated Odorik is ready: http://{options.host}:{port}{BASE}", flush=True)  # noqa: T201
        await stop.wait()
    finally:
        await runner.cleanup()


def main() -> int:
    """Serve, and return the status for the shell."""
    options = arguments()
    try:
        asyncio.run(serve(options))
    except (OSError, OverflowError) as error:
        reason = getattr(error, "strerror", None) or error
        print(  # noqa: T201
            f"Cannot listen on {options.host}, port {options.port}: {reason}", file=sys.stderr
        )
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
