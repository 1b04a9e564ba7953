"""`python -m simulator`: serve a simulated Odorik exchange on this machine."""

import argparse
import asyncio
import signal
import sys

from aiohttp import web

from .app import make_app
from .control import HELP
from .dialects import DIALECTS
from .exchange import BASE
from .worlds import PASSWORD, USER, WORLDS


def parse_arguments() -> argparse.Namespace:
    """Return the options of the command line."""
    worlds = "\n".join(f"  {name:14}{make.__doc__}" for name, make in WORLDS.items())
    dialects = "\n".join(f"  {name:14}{it.summary}" for name, it in DIALECTS.items())
    parser = argparse.ArgumentParser(
        prog="python -m simulator",
        description="A simulated Odorik exchange for development, tests and the demo.",
        epilog=f"worlds:\n{worlds}\n\ndialects:\n{dialects}\n\n"
        f"default login: {USER} with {PASSWORD}; a line logs in with\n"
        f"its number and its SIP password, which is sip-<number>\n\n{HELP}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--port", type=int, default=8087, help="0: any free port (%(default)s)")
    parser.add_argument("--host", default="127.0.0.1", help="address to bind (%(default)s)")
    parser.add_argument("--user", default=USER, help="account number (%(default)s)")
    parser.add_argument("--password", default=PASSWORD, help="API password (%(default)s)")
    parser.add_argument("--seed", type=int, default=1, help="random seed (%(default)s)")
    parser.add_argument("--world", choices=WORLDS, default="household", help="(%(default)s)")
    parser.add_argument("--dialect", choices=DIALECTS, help="wording of responses (documented)")
    parser.add_argument(
        "--no-background-traffic", action="store_true", help="make no calls without a command"
    )
    return parser.parse_args()


async def serve(options: argparse.Namespace) -> None:
    """Serve until SIGINT or SIGTERM."""
    world = WORLDS[options.world](options.user, options.password, seed=options.seed)
    if options.dialect:
        world.dialect = options.dialect
    if options.no_background_traffic:
        world.background_traffic = None
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    # An access log would show the credentials, which are part of the query.
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
    """Run the command and return its exit status."""
    options = parse_arguments()
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
