"""What users read of an account: a bounded number of readings at a time.

Each user who may read an account can ask as often as they like, and each question may take many
requests with the owner's password.
"""

import asyncio
from collections.abc import Awaitable, Callable, Hashable
from dataclasses import dataclass, field
from typing import Any, Final

from homeassistant.exceptions import HomeAssistantError

from .const import DOMAIN

MOST_WAITING: Final = 20
"""How many readings of one asker may wait for the one before."""


@dataclass(eq=False, kw_only=True, slots=True)
class _Reading:
    """A reading with those who wait for it."""

    task: asyncio.Task[Any]
    listeners: int = 0


@dataclass(eq=False, slots=True)
class _Queue:
    """The readings of one asker, which take place one after the other."""

    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    length: int = 0


class Readings:
    """The readings of one account that users have asked for."""

    def __init__(self, at_once: int) -> None:
        """Let so many readings take place at a time."""
        self._slots = asyncio.Semaphore(at_once)
        self._queues: dict[Hashable, _Queue] = {}
        self._readings: dict[Hashable, _Reading] = {}

    async def ask[R](
        self, asker: Hashable, question: Hashable, read: Callable[[], Awaitable[R]]
    ) -> R:
        """Read when it is the asker's turn, or share a reading that answers the same question.

        A reading ends as soon as nobody waits for it.

        Args:
            asker: Who asks; one reading of each asker takes place at a time.
            question: What is asked. Equal questions have one answer, which is not to be changed.
            read: Finds the answer.

        Raises:
            HomeAssistantError: Too many readings of the asker wait already.
        """
        reading = self._readings.get(question)
        if reading is None:
            reading = self._begin(asker, question, read)
        reading.listeners += 1
        try:
            # Unlike to await the task, this leaves it alone when only one of several is cancelled.
            await asyncio.wait([reading.task])
        finally:
            reading.listeners -= 1
            if not reading.listeners:
                self._forget(question, reading)
                reading.task.cancel()
                # What it has begun is put in order before the asker goes on.
                await asyncio.wait([reading.task])
        answer: R = reading.task.result()
        return answer

    def _begin(
        self, asker: Hashable, question: Hashable, read: Callable[[], Awaitable[Any]]
    ) -> _Reading:
        """Start a reading at the end of the asker's queue."""
        queue = self._queues.setdefault(asker, _Queue())
        if queue.length > MOST_WAITING:
            raise HomeAssistantError(
                translation_domain=DOMAIN, translation_key="too_many_questions"
            )

        async def take_turn() -> Any:
            async with queue.lock, self._slots:
                return await read()

        def end(task: asyncio.Task[Any]) -> None:
            self._forget(question, reading)
            queue.length -= 1
            if not queue.length:
                del self._queues[asker]
            if not task.cancelled():
                # An error is not logged when all who waited for the answer are gone.
                task.exception()

        reading = self._readings[question] = _Reading(task=asyncio.create_task(take_turn()))
        queue.length += 1
        reading.task.add_done_callback(end)
        return reading

    def _forget(self, question: Hashable, reading: _Reading) -> None:
        """Share a reading no more."""
        if self._readings.get(question) is reading:
            del self._readings[question]
