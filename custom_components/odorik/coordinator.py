"""What is polled, one coordinator a clock."""

from abc import abstractmethod
from collections import deque
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
import os
import re
from typing import TYPE_CHECKING, Any, Final, Literal, override

from homeassistant.config_entries import SOURCE_REAUTH, ConfigEntry, ConfigEntryState
from homeassistant.const import CONF_PASSWORD, CONF_USERNAME
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.aiohttp_client import async_get_clientsession
from homeassistant.helpers.debounce import Debouncer
from homeassistant.helpers.event import async_track_time_change
from homeassistant.helpers.update_coordinator import TimestampDataUpdateCoordinator
from homeassistant.util import dt as dt_util
from msgspec.structs import replace

from .api import (
    API_URL,
    ActiveCall,
    Line,
    OdorikAuthError,
    OdorikClient,
    OdorikError,
    OdorikUnauthorizedError,
    PublicNumber,
    SpeedDial,
)
from .const import (
    CONF_ACTIVE_INTERVAL,
    CONTACTS_INTERVAL,
    DEFAULT_ACTIVE_INTERVAL,
    DOMAIN,
    ENV_API_URL,
    IN_CALL_INTERVAL,
    LINES_INTERVAL,
    LOGGER,
    STATISTICS_INTERVAL,
    STATISTICS_RETRY,
)
from .directory import Directory
from .errors import update_failed

if TYPE_CHECKING:
    from .history import HistoryCoordinator


@dataclass(kw_only=True, slots=True)
class OdorikData:
    """What a set-up account runs on."""

    client: OdorikClient
    account: AccountCoordinator
    active: ActiveCallsCoordinator
    history: HistoryCoordinator
    statistics: StatisticsCoordinator
    failing: set[str] = field(default_factory=set)
    """What cannot be read now, so that the log says it once and not once for each coordinator."""
    orders: deque[datetime] = field(default_factory=deque)
    """When callbacks were ordered within the last hour, so that a loop is noticed."""


type OdorikConfigEntry = ConfigEntry[OdorikData]


def api_url() -> str:
    """Tell where the operator's API is; it holds no credentials."""
    return os.environ.get(ENV_API_URL, API_URL)


def create_client(hass: HomeAssistant, login: Mapping[str, Any]) -> OdorikClient:
    """Make the client of a login."""
    return OdorikClient(
        async_get_clientsession(hass),
        login[CONF_USERNAME],
        login[CONF_PASSWORD],
        base_url=api_url(),
    )


class OdorikCoordinator[T](TimestampDataUpdateCoordinator[T]):
    """A clock: it owns the handling of errors, and its children state what they read."""

    config_entry: OdorikConfigEntry

    def __init__(
        self,
        hass: HomeAssistant,
        entry: OdorikConfigEntry,
        client: OdorikClient,
        *,
        name: str,
        interval: timedelta,
        cooldown: float = 1,
    ) -> None:
        """Read every ``interval``, and ``cooldown`` seconds after somebody asks for it."""
        super().__init__(
            hass,
            LOGGER,
            config_entry=entry,
            name=f"{entry.title} {name}",
            update_interval=interval,
            always_update=False,
            request_refresh_debouncer=Debouncer(hass, LOGGER, cooldown=cooldown, immediate=False),
        )
        self.client = client
        self.forbidden: set[str] = set()
        """What the operator says that this login may not read."""
        self._is_asked_again = False

    @cached_property
    def _failing(self) -> set[str]:
        """What fails in this running of the account; a late answer must not touch the next one."""
        return self.config_entry.runtime_data.failing

    @abstractmethod
    async def _read(self) -> T:
        """Ask the operator."""

    @override
    async def async_request_refresh(self) -> None:
        self._is_asked_again = True
        await super().async_request_refresh()

    @override
    def _async_refresh_finished(self) -> None:
        super()._async_refresh_finished()
        if self._is_asked_again:
            # The debouncer drops what comes due during a reading, even if it was asked for later.
            self._debounced_refresh.async_schedule_call()

    @override
    async def _async_update_data(self) -> T:
        self._is_asked_again = False
        try:
            data = await self._read()
        except OdorikError as err:
            is_set_up = self.config_entry.state is ConfigEntryState.LOADED
            failure = update_failed(err, is_set_up=is_set_up)
            if is_set_up and isinstance(err, OdorikAuthError):
                self.config_entry.async_start_reauth(self.hass)
        else:
            self._agree(is_failing=False)
            return data
        self._agree(is_failing=True)
        raise failure

    def _agree(self, *, is_failing: bool) -> None:
        """Leave the log to the first coordinator that fails and the last that recovers.

        That one also takes back the question for a password that turned out to be right again.
        """
        was_failing = self.name in self._failing
        self._failing.discard(self.name)
        if self._failing and is_failing is not was_failing:
            # The base class logs when this attribute turns, and only then.
            self.last_update_success = not is_failing
        if is_failing:
            self._failing.add(self.name)
        elif not self._failing:
            # Also one that an action has asked: the polls show that the password is right.
            forms = self.config_entry.async_get_active_flows(self.hass, {SOURCE_REAUTH})
            for form in list(forms):
                self.hass.config_entries.flow.async_abort(form["flow_id"])

    async def _permitted[R](self, what: str, reading: Awaitable[R], otherwise: R) -> R:
        """Read what this login may not be allowed to; that is no failure."""
        try:
            result = await reading
        except OdorikUnauthorizedError:
            if what not in self.forbidden:
                self.logger.debug("%s: this login may not read %s", self.name, what)
                self.forbidden.add(what)
            return otherwise
        self.forbidden.discard(what)
        return result


@dataclass(frozen=True, kw_only=True)
class Account:
    """What belongs to the account."""

    lines: tuple[Line, ...] = ()
    public_numbers: tuple[PublicNumber, ...] = ()
    speed_dials: tuple[SpeedDial, ...] = ()
    directory: Directory = field(default_factory=Directory.empty, compare=False)


LINE_NUMBER: Final = re.compile(r"\d{6}", re.ASCII)
"""How the operator numbers its lines, and so how the login of a line looks."""


class AccountCoordinator(OdorikCoordinator[Account]):
    """Lines, and more rarely numbers and contacts."""

    def __init__(self, hass: HomeAssistant, entry: OdorikConfigEntry, client: OdorikClient) -> None:
        """Read the lines by the clock; the rest has one of its own."""
        super().__init__(hass, entry, client, name="account", interval=LINES_INTERVAL)
        self.data = Account()
        self._contacts_read_at: datetime | None = None
        self._unread: set[str] = set()

    @property
    def lists_lines(self) -> bool:
        """Whether the lines known here are all that there are, so that any other is gone.

        Only a list of the operator's own that names at least one line says so. A refusal and an
        empty answer say nothing about what was there before, and a failure changes nothing here.
        """
        return "lines" not in self.forbidden and bool(self.data.lines)

    @override
    async def _read(self) -> Account:
        lines = await self._permitted("lines", self.client.lines(), None)
        if lines is None:
            lines = self._unlisted()
        numbers, contacts = self.data.public_numbers, self.data.speed_dials
        now = dt_util.utcnow()
        if self._contacts_read_at is None or abs(now - self._contacts_read_at) >= CONTACTS_INTERVAL:
            numbers = await self._dispensable("numbers", self.client.public_numbers(), numbers)
            contacts = await self._dispensable("contacts", self.client.speed_dials(), contacts)
            if not self._unread:
                self._contacts_read_at = now
        account = Account(
            lines=tuple(sorted(lines, key=lambda line: line.id)),
            public_numbers=numbers,
            speed_dials=contacts,
        )
        if account == self.data:
            return self.data
        return Account(
            lines=account.lines,
            public_numbers=numbers,
            speed_dials=contacts,
            directory=Directory(account.lines, numbers, contacts),
        )

    def _unlisted(self) -> list[Line]:
        """Tell the lines of a login that may not list them: the known ones, or its own."""
        if self.data.lines:
            return [replace(line, connected_devices=None) for line in self.data.lines]
        username = self.config_entry.data[CONF_USERNAME]
        return [Line(id=int(username))] if LINE_NUMBER.fullmatch(username) else []

    async def _dispensable[R](
        self, what: str, reading: Awaitable[list[R]], known: tuple[R, ...]
    ) -> tuple[R, ...]:
        """Read what the telephone works without; while it fails, what is known will do."""
        try:
            result = tuple(await self._permitted(what, reading, []))
        except OdorikAuthError:
            raise
        except OdorikError as err:
            if what not in self._unread:
                self.logger.warning("%s: the %s cannot be read now: %s", self.name, what, err)
                self._unread.add(what)
            return known
        if what in self._unread:
            self.logger.info("%s: the %s can be read again", self.name, what)
            self._unread.discard(what)
        return result


class ActiveCallsCoordinator(OdorikCoordinator[tuple[ActiveCall, ...]]):
    """The calls that are ringing or up."""

    def __init__(self, hass: HomeAssistant, entry: OdorikConfigEntry, client: OdorikClient) -> None:
        """Look as often as the user chose."""
        self._idle = timedelta(
            seconds=entry.options.get(CONF_ACTIVE_INTERVAL, DEFAULT_ACTIVE_INTERVAL)
        )
        super().__init__(hass, entry, client, name="active calls", interval=self._idle)
        self.looked_at = dt_util.utc_from_timestamp(0)
        self.looked_before = self.looked_at
        """When the look before was. One that finds everything as it was is passed on to nobody."""

    @override
    async def _read(self) -> tuple[ActiveCall, ...]:
        asked_at = dt_util.utcnow()
        calls = await self._permitted("active calls", self.client.active_calls(), [])
        self.looked_before, self.looked_at = self.looked_at, asked_at
        self.update_interval = IN_CALL_INTERVAL if calls else self._idle
        if "active calls" in self.forbidden:
            self.update_interval = LINES_INTERVAL
        return tuple(sorted(calls, key=lambda call: call.id))

    def calls_of(self, line: int | None) -> tuple[ActiveCall, ...]:
        """List the calls of a line, or of the account."""
        if line is None:
            return self.data
        return tuple(call for call in self.data if call.line == line)


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
    """Sums and the credit: what enabled entities show is asked for, and nothing else."""

    def __init__(self, hass: HomeAssistant, entry: OdorikConfigEntry, client: OdorikClient) -> None:
        """Read by the clock, at local midnight, and shortly after a call."""
        super().__init__(
            hass, entry, client, name="statistics", interval=STATISTICS_INTERVAL, cooldown=2
        )
        self.data = {}
        self._prepared: set[Query[Any]] = set()
        entry.async_on_unload(
            async_track_time_change(hass, self._midnight, hour=0, minute=0, second=0)
        )

    async def _midnight(self, _now: datetime) -> None:
        """Begin the new day, and with it perhaps the new month."""
        await self.async_refresh()

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
        failure: OdorikError | None = None
        asked = self._prepared.union(self.async_contexts())
        for query in sorted(asked, key=lambda query: (query.what, query.period or "")):
            since = query.since()
            try:
                value = await self._permitted(query.what, query.put_to(self.client, since), None)
            except OdorikAuthError:
                raise
            except OdorikError as err:
                # An answer that cannot be used costs only what it would have shown.
                self.logger.debug("%s: no %s: %s", self.name, query.what, err)
                failure = err
            else:
                answers[query] = Answer(value, since)
        if failure and not answers:
            raise failure
        self.update_interval = STATISTICS_INTERVAL
        return answers


@callback
def loaded_entries(hass: HomeAssistant) -> list[OdorikConfigEntry]:
    """List the accounts that are running."""
    return hass.config_entries.async_loaded_entries(DOMAIN)
