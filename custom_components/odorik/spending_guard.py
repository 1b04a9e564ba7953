"""The spending guard: warns of expensive calls, or hangs them up."""

import asyncio
from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final

from homeassistant.config_entries import ConfigEntry
from homeassistant.const import Platform
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.dispatcher import async_dispatcher_send
from homeassistant.util import dt as dt_util
from homeassistant.util.signal_type import SignalTypeFormat

from .api import ActiveCall, CallRecord, Direction, OdorikClient, OdorikError
from .call_events import CallEventDispatcher, EventData
from .calls.numbers import formatted
from .calls.spending import (
    Charges,
    ReportedViolations,
    SpendingLimits,
    SpendingRule,
    Violation,
    comparable_number,
    find_violations,
)
from .const import (
    CONF_GUARD_ALLOWED,
    CONF_SPENDING_GUARD,
    DOMAIN,
    GUARD_HANG_UP,
    LOGGER,
)
from .coordinator.account import AccountCoordinator
from .coordinator.active_calls import ActiveCallsCoordinator
from .issues import Issue, delete_issue, is_ignored, raise_issue
from .localize import date_placeholders, escape_markdown, localize_decimal, localizer
from .storage import OdorikStore

EVENT_SPENDING_GUARD: Final = f"{DOMAIN}_spending_guard"
KEY: Final = "spending_guard"
"""The key of the switch and of the event entity."""
LIMITS: Final = {f"guard_{field.name}": field.name for field in fields(SpendingLimits)}
"""The fields of ``SpendingLimits`` by option."""
NUMBERS: Final = "numbers"
"""The field of the repair issue's data with the numbers that can be allowed."""
ALERT_DURATION: Final = timedelta(minutes=10)
"""How long the active calls are polled frequently after an expensive call: a thief dials again, and
numbers with a fee per call cost as soon as they answer."""
SETTLING_SECONDS: Final = 10.0
"""How long a call that was hung up may still be listed before it is hung up again."""
LONGEST_CALL: Final = timedelta(hours=4)
"""How long before a period records are read: calls that end in it may have begun earlier."""
MAX_CALLS_LISTED: Final = 10
"""Calls that the repair issue lists, the newest."""


class GuardEventType(StrEnum):
    """Types of the event entity."""

    WARNED = "warned"
    HUNG_UP = "hung_up"
    FAILED = "failed"


SIGNAL_GUARD: Final[SignalTypeFormat[GuardEventType, EventData]] = SignalTypeFormat(
    f"{DOMAIN}_guard_{{}}"
)
"""Sent for each report of an account's guard."""

LOGGED: Final = {
    GuardEventType.WARNED: "warns of a call",
    GuardEventType.HUNG_UP: "hung up a call",
    GuardEventType.FAILED: "could not hang up a call",
}


def limits_of(options: Mapping[str, Any]) -> SpendingLimits:
    """Return the limits in the options of an account."""
    chosen: dict[str, Any] = {
        field: tuple(value) if isinstance(value := options[option], list) else value
        for option, field in LIMITS.items()
        if option in options
    }
    return SpendingLimits(**chosen)


@callback
def async_allow(hass: HomeAssistant, entry: ConfigEntry[Any], numbers: Iterable[str]) -> None:
    """Add numbers to those that the guard ignores; this takes effect at the next poll."""
    allowed = dict.fromkeys([*entry.options.get(CONF_GUARD_ALLOWED, ()), *numbers])
    options = {**entry.options, CONF_GUARD_ALLOWED: list(allowed)}
    hass.config_entries.async_update_entry(entry, options=options)


async def async_remove_guard(
    hass: HomeAssistant, entry: ConfigEntry[Any], store: OdorikStore
) -> None:
    """Remove what the guard has left behind after it was turned off."""
    delete_issue(hass, entry, Issue.SPENDING_GUARD)
    if store.data.guard_acts or store.data.guard_is_paused:
        await store.async_save(guard_acts=[], guard_is_paused=False)
    registry = er.async_get(hass)
    for platform in (Platform.SWITCH, Platform.EVENT):
        unique_id = f"{entry.unique_id}_{KEY}"
        if entity_id := registry.async_get_entity_id(platform, DOMAIN, unique_id):
            registry.async_remove(entity_id)


class SpendingGuard:
    """Judges the active calls of one account after each poll."""

    def __init__(
        self,
        hass: HomeAssistant,
        entry: ConfigEntry[Any],
        client: OdorikClient,
        *,
        account: AccountCoordinator,
        active: ActiveCallsCoordinator,
        dispatcher: CallEventDispatcher,
        store: OdorikStore,
    ) -> None:
        self._hass = hass
        self._entry = entry
        self._client = client
        self._account = account
        self._active = active
        self._dispatcher = dispatcher
        self._store = store
        self._has_read_records = False
        self._charges = Charges()
        self._reported = ReportedViolations()
        self._handled: dict[int, tuple[GuardEventType, float]] = {}
        """How the calls that are still listed were handled, and when, by the event loop's clock."""
        self._ending: set[int] = set()
        self._hang_ups: set[asyncio.Task[None]] = set()
        self._is_blind = False
        self._listed: deque[dict[str, Any]] = deque(maxlen=MAX_CALLS_LISTED)

    @callback
    def async_start(self) -> None:
        """Judge the calls from now on."""
        if "active calls" in self._active.unauthorized:
            LOGGER.warning(
                "The spending guard of %s has no effect: the login may not read the active calls",
                self._entry.title,
            )
        self._active.async_set_guarded(is_guarded=not self.is_paused)
        self._entry.async_on_unload(self._active.async_add_poll_listener(self._judge))
        self._read_records_soon()
        self._listed.extend(self._store.data.guard_acts)
        # A call that goes on is not reported again after a reload.
        self._reported = ReportedViolations(
            (act["active_call_id"], SpendingRule(act["rule"])) for act in self._listed
        )
        self._handled = {
            act["active_call_id"]: (GuardEventType(act["outcome"]), self._hass.loop.time())
            for act in self._listed
        }
        if self._listed:
            self._raise_issue()

    async def async_stop(self) -> None:
        """Wait for the calls that are being hung up, while their outcome can still be reported."""
        while self._hang_ups:
            await asyncio.wait(self._hang_ups)

    @property
    def is_paused(self) -> bool:
        """True while the user has paused the guard, also over restarts."""
        return bool(self._store.data.guard_is_paused)

    @callback
    def async_pause(self, *, is_paused: bool) -> None:
        """Pause or resume the guard."""
        self._save(guard_is_paused=is_paused)
        self._active.async_set_guarded(is_guarded=not is_paused)
        if not is_paused:
            self._active.async_request_immediate_refresh()

    # What finished calls cost.

    @callback
    def async_add_records(self, records: Sequence[CallRecord]) -> None:
        """Add records that were just read from the history."""
        self._charges.add(records)
        if not self._has_read_records:
            self._read_records_soon()

    @callback
    def _read_records_soon(self) -> None:
        self._has_read_records = True
        self._entry.async_create_background_task(
            self._hass, self._read_records(), f"{self._entry.title} - spending guard"
        )

    async def _read_records(self) -> None:
        """Read the records of today and of the last hour.

        If that fails, it is tried again when the history has been read next.
        """
        now = self._client.now()
        since = min(_midnight(now), now - timedelta(hours=1))
        try:
            # Records are selected by their start, and charges count by their end.
            pages = self._client.calls(start=since - LONGEST_CALL, end=now + timedelta(days=1))
            records = [record async for page in pages for record in page]
        except OdorikError:
            self._has_read_records = False
            return
        self.async_add_records(records)

    # The active calls.

    @callback
    def _judge(self) -> None:
        """Judge the calls of the last poll; if it failed, hang up nothing."""
        if self.is_paused:
            return
        if not self._active.last_update_success:
            if not self._is_blind:
                LOGGER.warning(
                    "The spending guard of %s cannot see the active calls, so it does not hang up",
                    self._entry.title,
                )
            self._is_blind = True
            return
        self._is_blind = False
        calls = {call.id: call for call in self._active.data}
        self._handled = {call: how for call, how in self._handled.items() if call in calls}
        now, limits = self._client.now(), limits_of(self._entry.options)
        directory, midnight = self._account.data.directory, _midnight(now)
        charges = self._charges.find(limits, directory, now=now, midnight=midnight) if calls else []
        violations = find_violations(
            calls.values(), charges, limits, directory, now=now, midnight=midnight
        )
        new = self._reported.add(violations, calls.values())
        if violations:
            self._active.async_poll_frequently(ALERT_DURATION)
        if self._entry.options[CONF_SPENDING_GUARD] != GUARD_HANG_UP:
            for violation in new:
                self._report(GuardEventType.WARNED, violation, calls[violation.active_call_id])
            return
        to_end = [it for it in violations if self._has_to_end(it.active_call_id)]
        if to_end:
            self._ending.update(it.active_call_id for it in to_end)
            # Not a background task: a reload waits for it, so that each outcome is reported.
            task = self._entry.async_create_task(
                self._hass, self._hang_up(to_end, calls), f"{self._entry.title} - spending guard"
            )
            self._hang_ups.add(task)
            task.add_done_callback(self._hang_ups.discard)

    def _has_to_end(self, call_id: int) -> bool:
        """Return whether to hang up a call now.

        A hang-up that failed is tried again at each poll. After one that succeeded, the operator
        may go on listing the call until its record is written.
        """
        outcome, at = self._handled.get(call_id, (None, 0.0))
        is_settling = self._hass.loop.time() - at < SETTLING_SECONDS
        return call_id not in self._ending and not (
            outcome is GuardEventType.HUNG_UP and is_settling
        )

    async def _hang_up(self, violations: list[Violation], calls: dict[int, ActiveCall]) -> None:
        """Hang up calls, and report each outcome once."""
        by_call = {it.active_call_id: it for it in violations}
        try:
            result = await self._active.async_end_calls(list(by_call))
            outcomes = dict.fromkeys(result.hung_up, GuardEventType.HUNG_UP)
            outcomes |= dict.fromkeys(result.failed, GuardEventType.FAILED)
        except OdorikError:
            outcomes = dict.fromkeys(by_call, GuardEventType.FAILED)
        finally:
            self._ending -= by_call.keys()
        for call_id, outcome in outcomes.items():
            before, _ = self._handled.get(call_id, (None, 0.0))
            self._handled[call_id] = outcome, self._hass.loop.time()
            if before is not outcome:
                self._report(outcome, by_call[call_id], calls[call_id])

    @callback
    def _report(self, outcome: GuardEventType, violation: Violation, call: ActiveCall) -> None:
        """Report what was done about a call: on the event bus, by the entity and in a repair."""
        data: EventData = self._dispatcher.call_data(call) | {
            "rule": violation.rule.value,
            "limit": violation.limit,
            "value": violation.value,
            "outcome": outcome.value,
            # The ``number`` of a forwarded call is its caller.
            "destination": comparable_number(call.destination_number),
        }
        # A forbidden prefix may be a whole number, which is not logged.
        LOGGER.warning(
            "The spending guard of %s %s (rule %s, limit %s)",
            self._entry.title,
            LOGGED[outcome],
            violation.rule,
            violation.limit if violation.rule is not SpendingRule.PREFIX else "a forbidden prefix",
        )
        async_dispatcher_send(self._hass, SIGNAL_GUARD.format(self._entry.entry_id), outcome, data)
        self._hass.bus.async_fire(EVENT_SPENDING_GUARD, data)
        others = [it for it in self._listed if it["active_call_id"] != data["active_call_id"]]
        act = data | {"at": dt_util.as_local(self._client.now()).isoformat()}
        self._listed = deque([*others, act], MAX_CALLS_LISTED)
        if is_ignored(self._hass, self._entry, Issue.SPENDING_GUARD):
            # Ignoring earlier calls must not hide this one.
            delete_issue(self._hass, self._entry, Issue.SPENDING_GUARD)
        self._raise_issue()
        self._save(guard_acts=list(self._listed))

    def _raise_issue(self) -> None:
        """Raise the repair issue, which lists the last calls and allows their numbers."""
        raise_issue(
            self._hass,
            self._entry,
            Issue.SPENDING_GUARD,
            data={
                "numbers": " ".join(
                    dict.fromkeys(
                        # Lines and addresses cannot be allowed.
                        it["destination"]
                        for it in self._listed
                        if it["destination"][0] == "+"
                    )
                )
            },
            calls="\n".join(self._list_item(it) for it in self._listed),
        )

    def _list_item(self, act: dict[str, Any]) -> str:
        """Describe a call in Markdown."""
        escaped = act | {"name": escape_markdown(act["name"] or "")}
        return f"- **{_time(self._hass, act['at'])}** {describe_act(self._hass, escaped)}"

    @callback
    def async_forget(self) -> None:
        """Forget the listed calls when the user has closed the repair issue."""
        self._listed.clear()
        self._save(guard_acts=[])

    def _save(self, **changes: Any) -> None:
        """Store changes: the repair issue itself does not survive a restart."""
        self._entry.async_create_task(self._hass, self._store.async_save(**changes))


def _midnight(now: datetime) -> datetime:
    """Return the start of the day of a time by the operator's clock."""
    return dt_util.start_of_local_day(dt_util.as_local(now))


def _time(hass: HomeAssistant, at: str) -> str:
    """Return the date and the time of an act: the repair issue may list it for days."""
    moment = dt_util.as_local(datetime.fromisoformat(at))
    return localizer(hass, "inbox")("times", times=f"{moment:%H:%M}", **date_placeholders(moment))


def describe_act(hass: HomeAssistant, data: Mapping[str, Any]) -> str:
    """Describe what the guard did, in Home Assistant's language."""
    localize = localizer(hass, "guard")
    # A user may have fired the event with only some of the data, or with an integer as number.
    rule = data["rule"] if data.get("rule") in SpendingRule else SpendingRule.PREFIX
    outcome = data["outcome"] if data.get("outcome") in GuardEventType else GuardEventType.WARNED
    number, name = data.get("number") or "", data.get("name")
    if data.get("direction") == Direction.REDIRECTED:
        number, name = data.get("destination") or "", None
    number = formatted(str(number))
    limit, value = (_number(hass, data.get(key, "")) for key in ("limit", "value"))
    reason = localize(rule, limit=limit, value=value)
    return localize(outcome, party=f"{name} ({number})" if name else number, reason=reason)


def _number(hass: HomeAssistant, value: object) -> str:
    """Format a limit or a value, which may be a phone number."""
    if not isinstance(value, float):
        return str(value)
    return localize_decimal(hass, f"{value:.2f}".rstrip("0").rstrip("."))
