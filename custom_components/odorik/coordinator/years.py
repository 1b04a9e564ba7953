"""When the history is put into Home Assistant's long-term statistics, and from where on.

There is one way to write: from an hour on. The first import begins with the first call there is, a
new record with its own hour, and once a day the last days are looked over for what the operator has
corrected.
"""

import asyncio
from datetime import datetime, timedelta
from typing import Any, Final

from homeassistant.config_entries import ConfigEntry
from homeassistant.const import EVENT_CORE_CONFIG_UPDATE, EVENT_HOMEASSISTANT_STOP
from homeassistant.core import CALLBACK_TYPE, Event, HomeAssistant, callback
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers.event import async_call_later, async_track_time_interval
from homeassistant.helpers.start import async_at_started
from sqlalchemy.exc import SQLAlchemyError

from ..api import OdorikAuthError, OdorikClient, OdorikError, OdorikUnauthorizedError
from ..const import DOMAIN, LOGGER, LOGIN_RETRY
from .account import AccountCoordinator
from .archive import NotWrittenError, is_recorded
from .place import Place
from .records import BEGINNING
from .scribe import CORRECTED_WITHIN, DAILY, Imported, Scribe

UNWRITTEN: Final = (NotWrittenError, SQLAlchemyError)
"""What goes wrong with a database."""
RETRY: Final = timedelta(minutes=5)
"""After a failure: nobody waits for a graph of years."""


class Years:
    """The long-term statistics of one account."""

    def __init__(
        self,
        hass: HomeAssistant,
        entry: ConfigEntry[Any],
        client: OdorikClient,
        *,
        account: AccountCoordinator,
        place: Place,
    ) -> None:
        """Write what a client reads; nothing is done before the start."""
        self._hass = hass
        self._entry = entry
        self._client = client
        self._scribe = Scribe(hass, entry, client, account=account, place=place)
        self._writing = asyncio.Lock()
        self._is_started = False
        self._has_looked = False
        self._is_named = False
        self._due: datetime | None = None
        self._task: asyncio.Task[None] | None = None
        self._appointment: CALLBACK_TYPE | None = None

    @callback
    def async_start(self) -> None:
        """Begin as soon as Home Assistant has started, which is not held up; and end unloaded."""
        self._entry.async_on_unload(async_at_started(self._hass, self._begin))
        self._entry.async_on_unload(self._stop)

    @callback
    def _begin(self, _hass: HomeAssistant) -> None:
        if not is_recorded(self._hass):
            return
        self._is_started = True
        self._entry.async_on_unload(
            self._hass.bus.async_listen(EVENT_HOMEASSISTANT_STOP, self._scribe.archive.answered)
        )
        self._entry.async_on_unload(
            self._hass.bus.async_listen(EVENT_CORE_CONFIG_UPDATE, self._follow_language)
        )
        self._entry.async_on_unload(
            async_track_time_interval(self._hass, self._look_back, DAILY, cancel_on_shutdown=True)
        )
        self._start()

    @callback
    def _stop(self) -> None:
        self._is_started = False
        self._forget_appointment()

    @callback
    def _look_back(self, _now: datetime) -> None:
        """Look for what the operator has corrected."""
        self.async_read_from(self._client.now() - CORRECTED_WITHIN)

    @callback
    def _follow_language(self, event: Event) -> None:
        """Rename the statistics in another language."""
        if "language" in event.data:
            self._is_named = False
            self._start()

    @callback
    def async_read_from(self, moment: datetime) -> None:
        """Have the hours from a call on written, as the history says now."""
        self._due = min(self._due or moment, moment)
        self._start()

    @callback
    def _start(self, _now: datetime | None = None) -> None:
        """Do what is due; whoever is at work already does also what has become due since."""
        self._forget_appointment()
        if self._is_started and (self._task is None or self._task.done()):
            self._task = self._entry.async_create_background_task(
                self._hass, self._work(), f"{self._entry.title} years"
            )

    @callback
    def _come_back_after(self, err: Exception) -> None:
        """Try again in a while."""
        self._forget_appointment()
        if self._is_started:
            retry = LOGIN_RETRY if isinstance(err, OdorikAuthError) else RETRY
            self._appointment = async_call_later(self._hass, retry, self._start)

    @callback
    def _forget_appointment(self) -> None:
        if self._appointment is not None:
            self._appointment()
            self._appointment = None

    async def _work(self) -> None:
        """Do what is due, and what becomes due meanwhile."""
        async with self._writing:
            try:
                if not self._has_looked:
                    start = await self._scribe.unwritten()
                    self._due = min(self._due or start, start)
                while self._due is not None or not self._is_named:
                    if (due := self._due) is None:
                        await self._name()
                        continue
                    self._due = None
                    await self._write_from(due)
                    self._has_looked = True
            except OdorikUnauthorizedError:
                LOGGER.debug("%s: this login may not read the history", self._entry.title)
                self._due = None
            except (OdorikError, *UNWRITTEN) as err:
                LOGGER.debug("%s: the statistics have to wait: %s", self._entry.title, err)
                self._come_back_after(err)

    async def rebuild(self) -> Imported:
        """Write everything anew, to the end.

        Raises:
            HomeAssistantError: There is no recorder, or it failed, or the account was unloaded.
            OdorikError: The history cannot be read. What is missing is made up for later.
        """
        if not self._is_started:
            raise HomeAssistantError(translation_domain=DOMAIN, translation_key="no_recorder")
        # Whoever has asked may go away; what was begun is brought to an end.
        task = self._entry.async_create_background_task(
            self._hass, self._rebuild(), f"{self._entry.title} rebuilds"
        )
        task.add_done_callback(lambda done: done.cancelled() or done.exception())
        await asyncio.wait([task])
        if task.cancelled():
            raise _interrupted()
        return task.result()

    async def _rebuild(self) -> Imported:
        async with self._writing:
            try:
                return await self._write_from(BEGINNING)
            except (OdorikError, *UNWRITTEN) as err:
                self._come_back_after(err)
                if isinstance(err, OdorikError):
                    raise
                raise _interrupted() from None

    async def _write_from(self, due: datetime) -> Imported:
        """Write, and remember where to go on if it does not come to its end."""
        try:
            if await self._scribe.go_to(due):
                self._is_named = False
            imported = await self._scribe.write()
            if not self._is_named:
                await self._name()
        except BaseException:
            self._due = min(self._due or self._scribe.settled, self._scribe.settled)
            raise
        return imported

    async def _name(self) -> None:
        """Name all series, again if the language changes meanwhile."""
        self._is_named = True
        try:
            await self._scribe.name()
        except BaseException:
            self._is_named = False
            raise


def _interrupted() -> HomeAssistantError:
    return HomeAssistantError(translation_domain=DOMAIN, translation_key="rebuild_interrupted")
