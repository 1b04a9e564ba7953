"""The account that a card shows, as far as its user may read it."""

from typing import Any, Final, Literal

from homeassistant.auth.models import User
from homeassistant.auth.permissions.const import POLICY_CONTROL, POLICY_READ
from homeassistant.components.websocket_api import ActiveConnection
from homeassistant.config_entries import ConfigEntryState
from homeassistant.const import Platform
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er

from ..call_events import EventData
from ..calls import numbers
from ..const import CONF_CALLER, DOMAIN
from ..gates import Gates
from ..permission import entity_of, has_permission
from ..recipients import recipients
from ..runtime import OdorikConfigEntry

FIGURES: Final = ("balance", "missed_calls_today", "cost_this_month")
"""Keys of the sensors in the header of the card."""
INBOX: Final = "missed_calls"
"""The key of the to-do list of missed callers."""

STATE_ERRORS: Final = {
    "not_loaded": "account_not_loaded",
    "forbidden": "account_forbidden",
    "missing": "account_missing",
}
"""Translation keys of the errors, by state."""

type State = Literal["loaded", "not_loaded", "forbidden", "missing"]


def find(
    hass: HomeAssistant, user: User, entry_id: str | None
) -> tuple[State, OdorikConfigEntry | None]:
    """Return the account with an ID, or the first that the user may read, and its state.

    Disabled accounts come last.
    """
    entries: list[OdorikConfigEntry] = [
        entry
        for entry in hass.config_entries.async_entries(DOMAIN, include_ignore=False)
        if entry_id in {None, entry.entry_id}
    ]
    readable = sorted(
        (entry for entry in entries if has_permission(hass, user, entry, POLICY_READ)),
        key=lambda entry: entry.disabled_by is not None,
    )
    if not readable:
        return ("forbidden", None) if entries else ("missing", None)
    is_loaded = readable[0].state is ConfigEntryState.LOADED
    return ("loaded" if is_loaded else "not_loaded"), readable[0]


def send_state_error(connection: ActiveConnection, msg_id: int, state: State) -> None:
    """Respond to a request for an account that cannot be shown."""
    connection.send_error(
        msg_id,
        state,
        f"The account is {state}",
        translation_domain=DOMAIN,
        translation_key=STATE_ERRORS[state],
    )


def describe(hass: HomeAssistant, user: User, entry: OdorikConfigEntry) -> dict[str, Any]:
    """Return what the card needs of an account that is loaded."""
    data = entry.runtime_data
    directory = data.account.data.directory
    figures = {key: entity_of(hass, entry, key) for key in FIGURES}
    caller: str | None = entry.options.get(CONF_CALLER)
    return {
        "may_control": has_permission(hass, user, entry, POLICY_CONTROL),
        "place": data.history.log.position,
        "inbox": _inbox(hass, user, entry),
        "caller": caller
        and {
            "number": caller,
            "name": directory.name_of(caller),
            "formatted": formatted(numbers.normalize(caller)) or caller,
        },
        "figures": {
            key: entity_id
            for key, entity_id in figures.items()
            if entity_id and user.permissions.check_entity(entity_id, POLICY_READ)
        },
        "lines": [{"line": line.id, "name": line.name} for line in data.account.data.lines],
        "contacts": [
            {"number": number, "name": contact.name, "formatted": numbers.formatted(number)}
            for contact in directory.speed_dials
            if (number := numbers.normalize(contact.number)) and numbers.to_dialable(contact.number)
        ],
        "recipients": [
            {"number": it.number, "name": it.name, "formatted": numbers.formatted(it.number)}
            for it in recipients(entry)
        ],
    }


def _inbox(hass: HomeAssistant, user: User, entry: OdorikConfigEntry) -> str | None:
    """Return the to-do list of missed callers, if the user may edit it."""
    entity_id = entity_of(hass, entry, INBOX, Platform.TODO)
    known = er.async_get(hass).async_get(entity_id) if entity_id else None
    if known is None or known.disabled:
        return None
    return (
        known.entity_id if user.permissions.check_entity(known.entity_id, POLICY_CONTROL) else None
    )


def writable_numbers(account: dict[str, Any]) -> set[str]:
    """Return the mobile numbers in a description that the user may send messages to."""
    if not account["may_control"]:
        return set()
    known = {it["number"] for it in (*account["recipients"], *account["contacts"])}
    return {number for number in known if numbers.is_mobile(number)}


def row(gates: Gates, call: EventData) -> EventData:
    """Add formatted numbers, and the outcome of a ring at a gate, to the data of a call."""
    return call | {
        "formatted": formatted(call["number"]),
        "own_formatted": formatted(call["own_number"]),
        "gate_outcome": gates.outcome_of(call),
    }


def formatted(number: str | None) -> str | None:
    """Format a number for display; None if it is withheld."""
    return numbers.formatted(number) if number else None
