"""Limit the concurrent readings that users request from an account.

Any user who may read an account can request readings, and each may take many requests to the
operator with the password of the account.
"""

import asyncio
from collections.abc import Awaitable, Callable, Hashable
from dataclasses import dataclass, field
from typing import Any, Final

from homeassistant.exceptions import HomeAssistantError

from .const import DOMAIN

MAX_QUEUED: Final = 20
"""Readings of one requester that may be queued."""


@dataclass(eq=False, kw_only=True, slots=True)
class _Reading:
    """A reading, and the number of its listeners."""

    task: asyncio.Task[Any]
    listeners: int = 0


@dataclass(eq=False, slots=True)
class _Queue:
    """The readings of one requester, which run one after the other."""

    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    length: int = 0


class Readings:
    """The readings of one account that users have requested."""

    def __init__(self, at_once: int) -> None:
        """Initialize with the number of concurrent readings."""
        self._slots = asyncio.Semaphore(at_once)
        self._queues: dict[Hashable, _Queue] = {}
        self._readings: dict[Hashable, _Reading] = {}

    async def ask[R](
        self, requester: Hashable, key: Hashable, read: Callable[[], Awaitable[R]]
    ) -> R:
        """Read when it is the requester's turn, or share a reading with an equal key.

        A reading is cancelled when all its listeners are.

        Args:
            requester: Identifies the user or connection; their readings run one after the other.
            key: Readings with equal keys share a result, which must not be modified.
            read: Returns the result.

        Raises:
            HomeAssistantError: Too many readings of the requester are queued.
        """
        reading = self._readings.get(key)
        if reading is None:
            reading = self._begin(requester, key, read)
        reading.listeners += 1
        try:
            # Awaiting the task itself would cancel it with the first of several listeners.
            await asyncio.wait([reading.task])
        finally:
            reading.listeners -= 1
            if not reading.listeners:
                self._forget(key, reading)
                reading.task.cancel()
                # Wait for its cleanup.
                await asyncio.wait([reading.task])
        result: R = reading.task.result()
        return result

    def _begin(
        self, requester: Hashable, key: Hashable, read: Callable[[], Awaitable[Any]]
    ) -> _Reading:
        """Start a reading at the end of the requester's queue."""
        queue = self._queues.setdefault(requester, _Queue())
        if queue.length > MAX_QUEUED:
            raise HomeAssistantError(
                translation_domain=DOMAIN, translation_key="too_many_questions"
            )

        async def take_turn() -> Any:
            async with queue.lock, self._slots:
                return await read()

        def end(task: asyncio.Task[Any]) -> None:
            self._forget(key, reading)
            queue.length -= 1
            if not queue.length:
                del self._queues[requester]
            if not task.cancelled():
                # Retrieve the error, which asyncio would log if all listeners were cancelled.
                task.exception()

        reading = self._readings[key] = _Reading(task=asyncio.create_task(take_turn()))
        queue.length += 1
        reading.task.add_done_callback(end)
        return reading

    def _forget(self, key: Hashable, reading: _Reading) -> None:
        """Stop sharing a reading."""
        if self._readings.get(key) is reading:
            del self._readings[key]
