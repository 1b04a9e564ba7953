"""Coordinator of the operator's statistics and the credit, as far as enabled entities need them."""

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, Literal, override

from homeassistant.config_entries import ConfigEntry
from homeassistant.const import EVENT_CORE_CONFIG_UPDATE
from homeassistant.core import Event, HomeAssistant, callback
from homeassistant.helpers.event import async_track_time_change
from homeassistant.util import dt as dt_util

from ..api import OdorikAuthError, OdorikClient, OdorikError
from ..const import STATISTICS_INTERVAL, STATISTICS_RETRY
from .base import OdorikCoordinator

type Period = Literal["today", "this_month"]
PERIODS: Final[tuple[Period, ...]] = ("today", "this_month")


@dataclass(frozen=True)
class Query[R]:
    """A request for the statistics of a period, or for the credit, which has no period."""

    method: Callable[..., Awaitable[R]]
    """A method of ``OdorikClient``."""
    period: Period | None = None
    line: int | None = None

    @property
    def what(self) -> str:
        """Description of the request, for the log."""
        name = self.method.__name__.replace("_", " ")
        return name if self.line is None else f"{name} of line {self.line}"

    def since(self) -> datetime | None:
        """Return the start of the period in Home Assistant's time zone."""
        if self.period is None:
            return None
        today = dt_util.start_of_local_day()
        first = today.replace(day=1) if self.period == "this_month" else today
        return dt_util.start_of_local_day(first)

    def send(self, client: OdorikClient, since: datetime | None) -> Awaitable[R]:
        """Send the request."""
        selection: dict[str, Any] = {}
        if since is not None:
            # An end in the future: with a slow clock, the last calls would be missing.
            end = dt_util.start_of_local_day(dt_util.now() + timedelta(days=1))
            selection |= {"start": since, "end": end}
        if self.line is not None:
            selection["line"] = self.line
        return self.method(client, **selection)


BALANCE: Final = Query(OdorikClient.balance)


@dataclass(frozen=True)
class QueryResult[R]:
    """The result of a query; ``value`` is None if the login may not read it."""

    value: R | None = None
    since: datetime | None = None
    """The start of the period."""


class StatisticsCoordinator(OdorikCoordinator[dict[Query[Any], QueryResult[Any]]]):
    """Polls the queries of all enabled entities, each once."""

    def __init__(self, hass: HomeAssistant, entry: ConfigEntry[Any], client: OdorikClient) -> None:
        super().__init__(
            hass, entry, client, name="statistics", interval=STATISTICS_INTERVAL, cooldown=2
        )
        self.data = {}
        self._prepared: set[Query[Any]] = set()
        self._read_on = dt_util.now().date()
        self._track_midnight()
        # A change of the time zone replaces the attribute.
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
        """Read the statistics of the new day."""
        self.async_refresh_soon()

    @callback
    def async_follow_clock(self) -> None:
        """Read the statistics of the day to which the clock was set, which no timer notices."""
        if self.last_update_success and dt_util.now().date() != self._read_on:
            self.async_refresh_soon()

    @callback
    def _follow_time_zone(self, event: Event) -> None:
        """Read the statistics of days in the new time zone."""
        if "time_zone" in event.data:
            # The next midnight in the old time zone is scheduled already.
            self._stop_tracking()
            self._track_midnight()
            self.async_refresh_soon()

    async def async_prepare(self, queries: Iterable[Query[Any]]) -> None:
        """Read the queries of entities that are about to be added.

        A failure leaves them unavailable, but does not prevent the setup.
        """
        self._prepared = set(queries)
        await self.async_refresh()
        self._prepared.clear()

    @override
    async def _read(self) -> dict[Query[Any], QueryResult[Any]]:
        self.update_interval = STATISTICS_RETRY  # Unless everything can be read.
        self._read_on = dt_util.now().date()
        results: dict[Query[Any], QueryResult[Any]] = {}
        failures: dict[Query[Any], OdorikError] = {}
        queries = self._prepared.union(self.async_contexts())
        for query in sorted(queries, key=lambda query: (query.what, query.period or "")):
            since = query.since()
            try:
                value = await self._read_if_authorized(
                    query.what, query.send(self.client, since), None
                )
            except OdorikAuthError:
                raise
            except OdorikError as err:
                failures[query] = err
            else:
                results[query] = QueryResult(value, since)
        if failures and not results:
            raise next(iter(failures.values()))
        succeeded = dict.fromkeys(query.what for query in results)
        for what, failure in (succeeded | {it.what: err for it, err in failures.items()}).items():
            self._log_outcome(what, failure)
        if not failures:
            self.update_interval = STATISTICS_INTERVAL
        return results | self._still_valid(failures)

    @callback
    def async_set_balance(self, balance: float) -> None:
        """Publish the credit that the operator has just stated, if any entity shows it."""
        if BALANCE in self.data:
            self.data = {**self.data, BALANCE: QueryResult(balance)}
            self.async_update_listeners()

    def _still_valid(self, failures: Iterable[Query[Any]]) -> dict[Query[Any], QueryResult[Any]]:
        """Return the last results of failed queries whose period has not changed since."""
        return {
            query: known
            for query in failures
            if (known := self.data.get(query)) is not None and known.since == query.since()
        }
