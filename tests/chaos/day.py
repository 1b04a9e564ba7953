"""A busy day at the exchange, which runs in a process of its own: `python -m tests.chaos.day`.

Who telephones when is drawn with a seed. The clock of this exchange stands still until it is told
to go on, so that it always shows what the stopped clock of Home Assistant shows.
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
SETTLED: Final = timedelta(minutes=5)
SILENCE: Final = timedelta(minutes=15)
BY_HOUR: Final = (
    *(1, 1, 1, 1, 1, 2, 6, 20, 60, 80, 80, 70),
    *(50, 60, 70, 70, 50, 30, 15, 12, 8, 6, 3, 2),
)
"""How many call in each hour of an office's day, in proportion."""
KINDS: Final = {
    "answered": 30,
    "missed": 16,
    "over at once": 12,
    "made": 18,
    "made in vain": 8,
    "within the house": 2,
    "sent on": 8,
    "sent on in vain": 6,
}
"""What calls there are, in proportion."""
TALK, LONGEST = 50, 300
"""Seconds of a talk: on the average, and at most."""
CUSTOMERS: Final = 300
CREDIT: Final = 5000.0
PAST: Final = 400


def moments(chance: Random, count: int, begin: datetime, end: datetime) -> list[datetime]:
    """Draw when something happens: most by day, and nothing in the quarter before 0, 6, 12, 18 h.

    In these quarters the telephone falls silent, so that what remains can be counted.
    """
    drawn: list[datetime] = []
    while len(drawn) < count:
        moment = begin + chance.random() * (end - begin)
        soon = moment + SILENCE
        is_silent = soon.hour % 6 == 0 and soon.hour != moment.hour
        if not is_silent and chance.random() * max(BY_HOUR) < BY_HOUR[moment.hour]:
            drawn.append(moment)
    return sorted(drawn)


def telephone(world: World, chance: Random) -> None:
    """Let somebody call, or be called."""
    lines = list(world.account().lines.values())
    line, other = chance.sample(lines, 2)
    (kind,) = chance.choices(list(KINDS), list(KINDS.values()))
    customer = f"00420602{chance.randint(CUSTOMERS, 2 * CUSTOMERS):06}"
    caller, called = chance.choice((customer, None, WITHHELD)), chance.choice((customer, None))
    pick_up = chance.uniform(1, 15)
    over = pick_up + min(2 + chance.expovariate(1 / TALK), LONGEST)
    match kind:
        case "answered":
            world.ring(caller, line=line.id, answer_after=pick_up, end_after=over)
        case "missed":
            world.ring(caller, line=line.id, end_after=chance.uniform(3, 40))
        case "over at once":
            act = chance.choice((partial(world.ring, caller), partial(world.dial, called)))
            act(line=line.id, answer_after=chance.uniform(0.2, 3), end_after=chance.uniform(0.2, 3))
        case "made":
            world.dial(called, line=line.id, answer_after=pick_up, end_after=over)
        case "made in vain":
            world.dial(called, line=line.id, end_after=over)
        case "within the house":
            world.dial(other.public_number, line=line.id, answer_after=pick_up, end_after=over)
        case _:
            call = world.ring(caller, line=line.id)
            how = {"keep": chance.random() < 0.5, "end_after": over}
            if kind == "sent on":
                how["answer_after"] = pick_up
            world.after(chance.uniform(0, 20), partial(send_on, world, call.id, how))


def send_on(world: World, call_id: int, how: dict[str, float]) -> None:
    """Send a call on, unless somebody has hung it up."""
    if call_id in world.active:
        world.redirect(call_id, **how)  # type: ignore[arg-type]


def busy(seed: int, calls: int, begin: datetime, end: datetime) -> World:
    """Make a world that has a past, whose clock stands at the beginning, and where much is due."""
    world = quiet(seed=seed)
    world.background_traffic = object()  # Whoever is called by a callback picks up.
    world.account().credit = CREDIT
    world.freeze()
    world.advance((begin - world.now()).total_seconds())
    world.fill(PAST)
    chance = Random(seed)  # noqa: S311 - a day that can be repeated, no secret
    for moment in moments(chance, calls, begin + SETTLED, end):
        world.at(moment, partial(telephone, world, chance))
    return world


async def serve(world: World) -> None:
    """Serve until somebody ends the process."""
    runner = web.AppRunner(make_app(world), access_log=None)
    await runner.setup()
    await web.TCPSite(runner, HOST, 0).start()
    print(f"A busy day: http://{HOST}:{runner.addresses[0][1]}{BASE}", flush=True)  # noqa: T201
    await asyncio.Event().wait()


def main() -> None:
    """Serve the day that the command line describes: seed, calls, begin and end."""
    seed, calls, *times = sys.argv[1:]
    begin, end = (datetime.fromisoformat(time).astimezone(PRAGUE) for time in times)
    asyncio.run(serve(busy(int(seed), int(calls), begin, end)))


if __name__ == "__main__":
    main()
