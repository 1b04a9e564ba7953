"""Gates of an account: decide on rings, report the decisions and hang up."""

from datetime import datetime
from typing import Any, Final

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.dispatcher import async_dispatcher_connect, async_dispatcher_send
from homeassistant.util import dt as dt_util
from homeassistant.util.signal_type import SignalTypeFormat

from .api import Direction, OdorikClient, OdorikError
from .call_events import SIGNAL_CALL, CallUpdate, EventData
from .calls.event import CallEventType
from .calls.gates import MAX_CALL_LENGTH, Gate, GateDecision, GateKeeper, GateOutcome, GateRing
from .const import DOMAIN, LOGGER
from .coordinator.account import AccountCoordinator
from .coordinator.active_calls import ActiveCallsCoordinator
from .device import find_subentry
from .storage import OdorikStore

EVENT_GATE: Final = f"{DOMAIN}_gate"
SIGNAL_GATE: Final[SignalTypeFormat[str, GateOutcome, EventData]] = SignalTypeFormat(
    f"{DOMAIN}_gate_{{}}"
)
"""Sent for each ring at a gate of an account, with the ID of the gate."""
MAX_RINGS_STORED: Final = 200
"""Newest decisions that are stored, to be shown with past calls."""


class Gates:
    """Decides on the rings at the gates of one account.

    A ring is the ``started`` event of a call, which is derived from the operator's list of active
    calls. Each call has only one such event, and calls that are listed at the first poll have none,
    so a ring from before a restart opens nothing.
    """

    def __init__(
        self,
        hass: HomeAssistant,
        entry: ConfigEntry[Any],
        client: OdorikClient,
        *,
        account: AccountCoordinator,
        active: ActiveCallsCoordinator,
        store: OdorikStore,
    ) -> None:
        self._hass = hass
        self._entry = entry
        self._client = client
        self._account = account
        self._active = active
        self._store = store
        self._keeper = GateKeeper()

    @callback
    def async_start(self) -> None:
        """Start deciding on rings."""
        entry = self._entry
        self._keeper = GateKeeper(self._store.data.gate_rings)
        entry.async_on_unload(
            async_dispatcher_connect(
                self._hass, SIGNAL_CALL.format(entry.entry_id), self._handle_call
            )
        )
        entry.async_on_unload(
            self._account.async_add_listener(self._active.async_update_idle_interval)
        )

    @callback
    def _handle_call(self, update: CallUpdate) -> None:
        """Decide on a call that has started to ring at a gate."""
        call = update.event
        if call.gate is None or call.type is not CallEventType.STARTED or call.is_of_branch:
            return
        if call.active_call_id is None:
            return
        now = self._client.now()
        decision = self._keeper.decide(
            call.gate,
            call_id=call.active_call_id,
            caller=call.own_number if call.direction is Direction.OUT else call.number,
            started_at=call.started_at,
            contacts=self._account.data.speed_dials,
            now=now,
            today=dt_util.as_local(now).date(),
        )
        if decision:
            self._report(call.gate, call.active_call_id, decision, update.data, now)
            if decision.outcome is GateOutcome.OPENED and call.gate.hang_up:
                self._entry.async_create_task(
                    self._hass,
                    self._hang_up(call.gate, call.active_call_id),
                    f"{self._entry.title} - hang up at a gate",
                )

    @callback
    def _report(
        self, gate: Gate, call_id: int, decision: GateDecision, call: EventData, now: datetime
    ) -> None:
        """Report a decision through the entity and on the event bus."""
        device = find_subentry(self._hass, self._entry, gate.id)
        data: EventData = call | {
            "device_id": device.id if device else call["device_id"],
            "outcome": decision.outcome.value,
            "reason": decision.reason and decision.reason.value,
        }
        async_dispatcher_send(
            self._hass, SIGNAL_GATE.format(self._entry.entry_id), gate.id, decision.outcome, data
        )
        self._hass.bus.async_fire(EVENT_GATE, data)
        ring = GateRing(gate=gate.id, active_call_id=call_id, at=now, outcome=decision.outcome)
        rings = [*self._store.data.gate_rings, ring][-MAX_RINGS_STORED:]
        self._entry.async_create_task(self._hass, self._store.async_save(gate_rings=rings))

    async def _hang_up(self, gate: Gate, call_id: int) -> None:
        """Hang up a call for which the gate was opened."""
        failure: OdorikError | None
        try:
            failure = (await self._active.async_end_calls([call_id])).failed.get(call_id)
        except OdorikError as err:
            failure = err
        if failure:
            LOGGER.warning(
                "%s: a call at the gate %s was not hung up: %s",
                self._entry.title,
                gate.name,
                failure,
            )

    def outcome_of(self, call: EventData) -> GateOutcome | None:
        """Return the outcome of a past ring at a gate; None if it is not known."""
        if call["gate"] is None:
            return None
        began = dt_util.parse_datetime(call["started_at"] or "")
        if began is None:
            return None
        return next(
            (
                ring.outcome
                for ring in reversed(self._store.data.gate_rings)
                if ring.active_call_id == call["active_call_id"]
                and abs(ring.at - began) < MAX_CALL_LENGTH
            ),
            None,
        )
