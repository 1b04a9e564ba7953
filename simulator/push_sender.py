"""Sends queued pushes to the customers' URLs and applies the responses."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import suppress
from time import monotonic

import aiohttp
from aiohttp import web

from .exchange import EXCHANGE
from .world import Push, World

PUSH_TIMEOUT = 5.0
"""Seconds until a push fails [guess]."""
MAX_RESPONSE_BYTES = 65_536
RUN_DUE_INTERVAL = 0.05
"""Seconds between checks for scheduled events, which may ring a number with a URL."""


class PushSender:
    """Sends each push in a task of its own, so that a slow customer does not delay the others."""

    def __init__(self, world: World, journal: list[Push]) -> None:
        self.world = world
        self.journal = journal
        self.tasks: set[asyncio.Task[None]] = set()
        self.wake = asyncio.Event()
        world.pushes.wake = self.wake.set

    async def run(self) -> None:
        """Send pushes until cancelled."""
        try:
            async with aiohttp.ClientSession() as session:
                while True:
                    self.send_due(session)
                    has_slots = any(account.slots for account in self.world.accounts.values())
                    with suppress(TimeoutError):
                        await asyncio.wait_for(
                            self.wake.wait(), RUN_DUE_INTERVAL if has_slots else None
                        )
                    self.wake.clear()
                    self.world.run_due()
        finally:
            for task in self.tasks:
                task.cancel()

    def send_due(self, session: aiohttp.ClientSession) -> None:
        """Start sending everything in the queue."""
        due, self.world.pushes.due = self.world.pushes.due, []
        for push in due:
            self.journal.append(push)
            task = asyncio.create_task(self.send(session, push))
            self.tasks.add(task)
            task.add_done_callback(self.tasks.discard)

    async def send(self, session: aiohttp.ClientSession, push: Push) -> None:
        """Send a push and apply its response; without a valid one, end the branch."""
        began, push.sent = monotonic(), self.world.now()
        try:
            timeout = aiohttp.ClientTimeout(total=PUSH_TIMEOUT)
            async with session.get(
                push.address, allow_redirects=False, timeout=timeout
            ) as response:
                push.status = response.status
                push.answer = (await response.content.read(MAX_RESPONSE_BYTES)).decode(
                    errors="replace"
                )
        except (aiohttp.ClientError, TimeoutError, ValueError) as error:
            push.outcome = f"no response: {type(error).__name__}"
        push.seconds = monotonic() - began
        self.world.run_due()
        if push.outcome or push.status != web.HTTPOk.status_code:
            push.outcome = push.outcome or f"rejected: status {push.status}"
            self.world.push_responses.end_branch(push)
        else:
            self.world.push_responses.apply_response(push)


async def send_pushes(app: web.Application) -> AsyncGenerator[None]:
    """Send pushes while the application runs."""
    exchange = app[EXCHANGE]
    running = asyncio.create_task(PushSender(exchange.world, exchange.pushes).run())
    yield
    running.cancel()
    with suppress(asyncio.CancelledError):
        await running
