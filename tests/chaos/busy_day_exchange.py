"""An exchange with a busy day, as a process: `python -m tests.chaos.busy_day_exchange`.

A seed determines the calls. The test advances the clock, together with Home Assistant's.
"""

import asyncio
from datetime import datetime, timedelta
from functools import partial
from random import Random
import sys
from typing import Final

from aiohttp import web

from simulator.app import make_app
from simulator.exchange import BASE
from simulator.world import PRAGUE, WITHHELD, World
from simulator.worlds import quiet

HOST: Final = "127.0.0.1"
START_UP: Final = timedelta(minutes=5)
"""No calls begin until then."""
BREAK: Final = timedelta(minutes=15)
"""No calls begin in this time before 0, 6, 12 and 18 o'clock, when the test measures the memory."""
CALLS_BY_HOUR: Final = (
    *(1, 1, 1, 1, 1, 2, 6, 20, 60, 80, 80, 70),
    *(50, 60, 70, 70, 50, 30, 15, 12, 8, 6, 3, 2),
)
"""Relative frequency of calls in each hour of an office's day."""
KINDS: Final = {
    "answered": 30,
    "missed": 16,
    "short": 12,
    "outgoing": 18,
    "outgoing unanswered": 8,
    "internal": 2,
    "forwarded": 8,
    "forwarded unanswered": 6,
}
"""Relative frequency of the kinds of calls."""
MEAN_TALK, MAX_TALK = 50, 300
"""Seconds."""
CUSTOMERS: Final = 300
CREDIT: Final = 5000.0
EARLIER_CALLS: Final = 400


def draw_times(chance: Random, count: int, begin: datetime, end: datetime) -> list[datetime]:
    """Draw times by the frequency of calls in each hour, and none in a break."""
    drawn: list[datetime] = []
    while len(drawn) < count:
        moment = begin + chance.random() * (end - begin)
        soon = moment + BREAK
        is_break = soon.hour % 6 == 0 and soon.hour != moment.hour
        if not is_break and chance.random() * max(CALLS_BY_HOUR) < CALLS_BY_HOUR[moment.hour]:
            drawn.append(moment)
    return sorted(drawn)


def make_call(world: World, chance: Random) -> None:
    """Start a call of a random kind."""
    lines = list(world.account().lines.values())
    line, other = chance.sample(lines, 2)
    (kind,) = chance.choices(list(KINDS), list(KINDS.values()))
    customer = f"00420602{chance.randint(CUSTOMERS, 2 * CUSTOMERS):06}"
    caller, called = chance.choice((customer, None, WITHHELD)), chance.choice((customer, None))
    answer = chance.uniform(1, 15)
    end = answer + min(2 + chance.expovariate(1 / MEAN_TALK), MAX_TALK)
    match kind:
        case "answered":
            world.ring(caller, line=line.id, answer_after=answer, end_after=end)
        case "missed":
            world.ring(caller, line=line.id, end_after=chance.uniform(3, 40))
        case "short":
            call = chance.choice((partial(world.ring, caller), partial(world.dial, called)))
            call(
                line=line.id, answer_after=chance.uniform(0.2, 3), end_after=chance.uniform(0.2, 3)
            )
        case "outgoing":
            world.dial(called, line=line.id, answer_after=answer, end_after=end)
        case "outgoing unanswered":
            world.dial(called, line=line.id, end_after=end)
        case "internal":
            world.dial(other.public_number, line=line.id, answer_after=answer, end_after=end)
        case _:
            incoming = world.ring(caller, line=line.id)
            options = {"keep": chance.random() < 0.5, "end_after": end}
            if kind == "forwarded":
                options["answer_after"] = answer
            world.after(chance.uniform(0, 20), partial(forward, world, incoming.id, options))


def forward(world: World, call_id: int, options: dict[str, float]) -> None:
    """Forward a call, unless it has been hung up."""
    if call_id in world.active:
        world.redirect(call_id, **options)  # type: ignore[arg-type]


def busy_world(seed: int, calls: int, begin: datetime, end: datetime) -> World:
    """Return a world with earlier calls, a stopped clock and calls scheduled for the day."""
    world = quiet(seed=seed)
    world.background_traffic = object()  # Callbacks are answered.
    world.account().credit = CREDIT
    world.freeze()
    world.advance((begin - world.now()).total_seconds())
    world.fill(EARLIER_CALLS)
    chance = Random(seed)  # noqa: S311 - Not a secret.
    for moment in draw_times(chance, calls, begin + START_UP, end):
        world.at(moment, partial(make_call, world, chance))
    return world


async def serve(world: World) -> None:
    """Serve a world until the process is killed."""
    runner = web.AppRunner(make_app(world), access_log=None)
    await runner.setup()
    await web.TCPSite(runner, HOST, 0).start()
    print(f"Listening on http://{HOST}:{runner.addresses[0][1]}{BASE}", flush=True)  # noqa: T201
    await asyncio.Event().wait()


def main() -> None:
    """Serve the day that the arguments describe: seed, number of calls, begin and end."""
    seed, calls, *times = sys.argv[1:]
    begin, end = (datetime.fromisoformat(time).astimezone(PRAGUE) for time in times)
    asyncio.run(serve(busy_world(int(seed), int(calls), begin, end)))


if __name__ == "__main__":
    main()
