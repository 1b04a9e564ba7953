"""Calls the URLs of the customers, and has the world do what they answer."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import suppress
from time import monotonic

import aiohttp
from aiohttp import web

from .exchange import EXCHANGE
from .world import Push, World

PATIENCE = 5.0
"""Seconds for which an answer is awaited [guess]."""
LONGEST = 65_536
"""Bytes of an answer that are read."""
TICK = 0.05
"""Seconds after which the world is looked at, in case it rings by itself."""


class Pusher:
    """Sends what is due, each push in a task of its own: a slow customer holds up nobody."""

    def __init__(self, world: World, journal: list[Push]) -> None:
        self.world = world
        self.journal = journal
        self.tasks: set[asyncio.Task[None]] = set()
        self.news = asyncio.Event()
        world.pushing.wake = self.news.set

    async def run(self) -> None:
        """Send, until it is cancelled."""
        try:
            async with aiohttp.ClientSession() as session:
                while True:
                    self.send(session)
                    has_slots = any(owner.slots for owner in self.world.accounts.values())
                    with suppress(TimeoutError):
                        await asyncio.wait_for(self.news.wait(), TICK if has_slots else None)
                    self.news.clear()
                    self.world.settle()
        finally:
            for task in self.tasks:
                task.cancel()

    def send(self, session: aiohttp.ClientSession) -> None:
        """Send what is due."""
        due, self.world.pushing.due = self.world.pushing.due, []
        for push in due:
            self.journal.append(push)
            task = asyncio.create_task(self.deliver(session, push))
            self.tasks.add(task)
            task.add_done_callback(self.tasks.discard)

    async def deliver(self, session: aiohttp.ClientSession, push: Push) -> None:
        """Send one, and have its answer carried out; who does not answer loses the branch."""
        began, push.sent = monotonic(), self.world.now()
        try:
            patience = aiohttp.ClientTimeout(total=PATIENCE)
            async with session.get(
                push.address, allow_redirects=False, timeout=patience
            ) as response:
                push.status = response.status
                push.answer = (await response.content.read(LONGEST)).decode(errors="replace")
        except (aiohttp.ClientError, TimeoutError, ValueError) as error:
            push.outcome = f"no answer: {type(error).__name__}"
        push.seconds = monotonic() - began
        self.world.settle()
        if push.outcome or push.status != web.HTTPOk.status_code:
            push.outcome = push.outcome or f"refused: {push.status}"
            self.world.commands.give_up(push)
        else:
            self.world.commands.obey(push)


async def push(app: web.Application) -> AsyncGenerator[None]:
    """Push as long as the exchange serves."""
    exchange = app[EXCHANGE]
    running = asyncio.create_task(Pusher(exchange.world, exchange.pushes).run())
    yield
    running.cancel()
    with suppress(asyncio.CancelledError):
        await running
