"""Sums of a period, and the credit: what enabled entities show, and nothing else."""

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal, override

from homeassistant.config_entries import ConfigEntry
from homeassistant.const import EVENT_CORE_CONFIG_UPDATE
from homeassistant.core import Event, HomeAssistant, callback
from homeassistant.helpers.event import async_track_time_change
from homeassistant.util import dt as dt_util

from ..api import OdorikAuthError, OdorikClient, OdorikError
from ..const import STATISTICS_INTERVAL, STATISTICS_RETRY
from .base import OdorikCoordinator

type Period = Literal["today", "this_month"]


@dataclass(frozen=True)
class Query[R]:
    """One question about sums, or about the credit, which is of no period."""

    ask: Callable[..., Awaitable[R]]
    """A method of the client."""
    period: Period | None = None
    line: int | None = None

    @property
    def what(self) -> str:
        """Name what is asked for."""
        name = self.ask.__name__.replace("_", " ")
        return name if self.line is None else f"{name} of line {self.line}"

    def since(self) -> datetime | None:
        """Tell when its period began in Home Assistant's time zone."""
        if self.period is None:
            return None
        today = dt_util.start_of_local_day()
        first = today.replace(day=1) if self.period == "this_month" else today
        return dt_util.start_of_local_day(first)

    def put_to(self, client: OdorikClient, since: datetime | None) -> Awaitable[R]:
        """Ask the operator."""
        selection: dict[str, Any] = {}
        if since is not None:
            # The end lies ahead of the clock, so that one that is a little slow loses nothing.
            end = dt_util.start_of_local_day(dt_util.now() + timedelta(days=1))
            selection |= {"start": since, "end": end}
        if self.line is not None:
            selection["line"] = self.line
        return self.ask(client, **selection)


@dataclass(frozen=True)
class Answer[R]:
    """What a query gave; ``value`` is None where there was no usable answer."""

    value: R | None = None
    since: datetime | None = None
    """The start of the period."""


class StatisticsCoordinator(OdorikCoordinator[dict[Query[Any], Answer[Any]]]):
    """Asks each question of the enabled entities once."""

    def __init__(
        self,
        hass: HomeAssistant,
        entry: ConfigEntry[Any],
        client: OdorikClient,
        *,
        failing: set[str],
    ) -> None:
        """Read by the clock, at local midnight, and shortly after a call."""
        super().__init__(
            hass,
            entry,
            client,
            failing=failing,
            name="statistics",
            interval=STATISTICS_INTERVAL,
            cooldown=2,
        )
        self.data = {}
        self._prepared: set[Query[Any]] = set()
        self._unread: set[str] = set()
        self._track_midnight()
        # Looked up late: another time zone replaces it.
        entry.async_on_unload(lambda: self._stop_tracking())  # noqa: PLW0108
        entry.async_on_unload(
            hass.bus.async_listen(EVENT_CORE_CONFIG_UPDATE, self._follow_time_zone)
        )

    def _track_midnight(self) -> None:
        self._stop_tracking = async_track_time_change(
            self.hass, self._midnight, hour=0, minute=0, second=0
        )

    @callback
    def _midnight(self, _now: datetime) -> None:
        """Begin the new day, and with it perhaps the new month."""
        self.async_refresh_soon()

    @callback
    def _follow_time_zone(self, event: Event) -> None:
        """Read the sums of the days of another time zone, and begin new ones at its midnight."""
        if "time_zone" in event.data:
            # The next midnight of the old zone has been scheduled already.
            self._stop_tracking()
            self._track_midnight()
            self.async_refresh_soon()

    async def async_prepare(self, queries: Iterable[Query[Any]]) -> None:
        """Read what entities are about to show, so that they begin with a value.

        A failure leaves them unavailable for a while; it is no reason not to watch the telephone.
        """
        self._prepared = set(queries)
        await self.async_refresh()
        self._prepared.clear()

    @override
    async def _read(self) -> dict[Query[Any], Answer[Any]]:
        self.update_interval = STATISTICS_RETRY  # Holds unless this reading gets to its end.
        answers: dict[Query[Any], Answer[Any]] = {}
        failures: dict[Query[Any], OdorikError] = {}
        asked = self._prepared.union(self.async_contexts())
        for query in sorted(asked, key=lambda query: (query.what, query.period or "")):
            since = query.since()
            try:
                value = await self._permitted(query.what, query.put_to(self.client, since), None)
            except OdorikAuthError:
                raise
            except OdorikError as err:
                failures[query] = err
            else:
                answers[query] = Answer(value, since)
        if failures and not answers:
            raise next(iter(failures.values()))
        self._note(
            {query.what: err for query, err in failures.items()}, {query.what for query in answers}
        )
        if not failures:
            self.update_interval = STATISTICS_INTERVAL
        return answers | self._still_true(failures)

    def _still_true(self, failures: Iterable[Query[Any]]) -> dict[Query[Any], Answer[Any]]:
        """Keep what was answered last to questions of which the period has not changed since."""
        return {
            query: known
            for query in failures
            if (known := self.data.get(query)) is not None and known.since == query.since()
        }

    def _note(self, failures: dict[str, OdorikError], answered: set[str]) -> None:
        """Say once which figures cannot be read, and once that they can be again."""
        for what in (self._unread & answered) - failures.keys():
            self.logger.info("%s: the %s can be read again", self.name, what)
        self._unread &= failures.keys()
        if self._failing:
            # The log has said that the service is away.
            return
        for what in failures.keys() - self._unread:
            self.logger.warning(
                "%s: the %s cannot be read now: %s", self.name, what, failures[what]
            )
        self._unread.update(failures)
