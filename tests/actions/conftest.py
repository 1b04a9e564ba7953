"""The actions of an account that is set up."""

import csv
from dataclasses import dataclass
import io
import json
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

from homeassistant.core import Context, HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.helpers import issue_registry as ir
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.odorik.const import DOMAIN
from simulator.exchange import JournalEntry
from simulator.world import Contact, World
from tests import accounts
from tests.exchange import RunningExchange

MINE = "+420 602 555 123"
ORDER: dict[str, Any] = {"recipient": "777123456", "caller": MINE}
START: dict[str, Any] = {"start": "2026-11-01"}
EVER: dict[str, Any] = {"start": "2000-01-01"}

CONTROLLING: dict[str, dict[str, Any]] = {
    "callback": ORDER,
    "send_sms": {"recipient": MINE, "message": "Test"},
    "hangup": {"all": True},
    "export_calls": {**START, "path": "calls.csv"},
}
READING: dict[str, dict[str, Any]] = {
    "get_calls": START,
    "get_statistics": START,
    "get_statistics_by_destination": START,
    "get_missed_calls": START,
}
EVERY_ACTION = CONTROLLING | READING
"""The actions that users without administrator rights can call, with valid data."""


def parameters(request: JournalEntry) -> dict[str, str]:
    """Return the parameters of a request."""
    return {name: value for name, value in request.params.items() if name != "user_agent"}


def ids_in(path: Path) -> list[str]:
    """Return the IDs of the calls in an exported file."""
    match path.suffix:
        case ".json":
            return [str(row["id"]) for row in json.loads(path.read_bytes())]
        case ".xml":
            return [str(call.findtext("id")) for call in ET.parse(path).getroot()]  # noqa: S314
    text = path.read_bytes().decode("utf-8-sig")
    delimiter = ";" if ";" in text.splitlines()[0] else ","
    rows = csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter)
    return [row["id"] for row in rows]


@dataclass(frozen=True)
class Actions:
    """The actions of one account, and the exchange that they reach."""

    hass: HomeAssistant
    exchange: RunningExchange
    entry: MockConfigEntry

    async def __call__(
        self, action: str, context: Context | None = None, **data: Any
    ) -> dict[str, Any]:
        """Call an action and return its response."""
        response = await self.hass.services.async_call(
            DOMAIN, action, data, blocking=True, return_response=True, context=context
        )
        assert response is not None
        return dict(response)

    async def fails(self, translation_key: str, action: str, **data: Any) -> HomeAssistantError:
        """Call an action that must fail, and return the error."""
        with pytest.raises(HomeAssistantError) as failure:
            await self(action, **data)
        assert failure.value.translation_key == translation_key
        assert translation_key not in str(failure.value), "the text is missing"
        assert self.exchange.password not in str(failure.value)
        return failure.value

    async def rejects(
        self, translation_key: str, action: str, context: Context | None = None, **data: Any
    ) -> ServiceValidationError:
        """Call an action that must refuse its input without any request, and return the error."""
        self.exchange.journal.clear()
        with pytest.raises(ServiceValidationError) as failure:
            await self(action, context, **data)
        assert failure.value.translation_key == translation_key
        assert self.exchange.journal == []
        return failure.value

    def reset(self) -> None:
        """Clear requests, faults, calls and orders before the next row of a table."""
        self.exchange.journal.clear()
        self.exchange.exchange.faults.clear()
        self.world.active.clear()
        self.world.account().callbacks.clear()
        self.remembered.clear()

    @property
    def world(self) -> World:
        """The calls and records of the exchange."""
        return self.exchange.world

    @property
    def orders(self) -> int:
        """The number of callbacks that the exchange has accepted."""
        return len(self.world.account().callbacks)

    @property
    def readings(self) -> list[dict[str, str]]:
        """The parameters of the requests for a period of the history, unlike those of polls."""
        requests = map(parameters, self.exchange.requests("/calls.json"))
        return [request for request in requests if "from" in request]

    @property
    def remembered(self) -> list[Any]:
        """The orders whose legs the call log expects."""
        orders: list[Any] = self.entry.runtime_data.history.log.orders.all
        return orders

    def find_issue(self, limit: str = "callback_limit") -> ir.IssueEntry | None:
        """Return the repair about an hourly limit."""
        return ir.async_get(self.hass).async_get_issue(DOMAIN, f"{self.entry.entry_id}_{limit}")

    def set_options(self, **options: Any) -> None:
        """Replace the options of the account."""
        self.hass.config_entries.async_update_entry(self.entry, options=options)

    async def reload(self) -> None:
        """Reload the account."""
        await accounts.reload(self.hass, self.entry)

    async def add_contacts(self, **contacts: str) -> None:
        """Add contacts at the operator, and read them."""
        known = self.world.account().contacts
        for name, number in contacts.items():
            known.append(Contact(100 + len(known), number, name))
        coordinator = self.entry.runtime_data.account
        coordinator._contacts_read_at = None
        await coordinator.async_refresh()


@pytest.fixture
def act(hass: HomeAssistant, exchange: RunningExchange, account: MockConfigEntry) -> Actions:
    """The actions of an account that is set up."""
    return Actions(hass, exchange, account)
