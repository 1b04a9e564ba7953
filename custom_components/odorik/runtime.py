"""What a running account consists of."""

from collections.abc import Mapping
from dataclasses import dataclass
import os
from typing import Any, Final

from homeassistant.config_entries import ConfigEntry
from homeassistant.const import CONF_PASSWORD, CONF_USERNAME
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.aiohttp_client import async_get_clientsession

from .api import API_URL, OdorikClient
from .const import CONF_PUSH, DOMAIN, ENV_API_URL
from .coordinator.account import AccountCoordinator
from .coordinator.active_calls import ActiveCallsCoordinator
from .coordinator.history import HistoryCoordinator
from .coordinator.inbox import InboxCoordinator
from .coordinator.place import Place
from .coordinator.reporter import Reporter
from .coordinator.statistics import StatisticsCoordinator
from .coordinator.years import Years
from .push.service import Push
from .readings import Readings

READINGS_AT_ONCE: Final = 2
"""Readings of an account that users have asked for. With an export they leave the client room for
what the coordinators read."""


@dataclass(frozen=True, kw_only=True, slots=True)
class OdorikData:
    """What a set-up account runs on."""

    client: OdorikClient
    place: Place
    inbox: InboxCoordinator
    reporter: Reporter
    account: AccountCoordinator
    active: ActiveCallsCoordinator
    statistics: StatisticsCoordinator
    years: Years
    history: HistoryCoordinator
    push: Push | None
    """None while the user has not turned it on."""
    readings: Readings
    """What users ask: the pages of the card, and the actions that only read."""
    exports: Readings


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


def create_data(hass: HomeAssistant, entry: OdorikConfigEntry) -> OdorikData:
    """Make what an account runs on; nothing is read yet."""
    client = create_client(hass, entry.data)
    failing: set[str] = set()
    account = AccountCoordinator(hass, entry, client, failing=failing)
    active = ActiveCallsCoordinator(hass, entry, client, failing=failing)
    statistics = StatisticsCoordinator(hass, entry, client, failing=failing)
    place = Place(hass, entry)
    inbox = InboxCoordinator(hass, entry, client, account=account, place=place)
    reporter = Reporter(hass, entry, account=account, inbox=inbox)
    years = Years(hass, entry, client, account=account, place=place)
    history = HistoryCoordinator(
        hass,
        entry,
        client,
        failing=failing,
        account=account,
        active=active,
        statistics=statistics,
        years=years,
        place=place,
        inbox=inbox,
        reporter=reporter,
    )
    return OdorikData(
        client=client,
        place=place,
        inbox=inbox,
        reporter=reporter,
        account=account,
        active=active,
        statistics=statistics,
        years=years,
        history=history,
        push=Push(hass, entry, client, active=active, place=place)
        if entry.options.get(CONF_PUSH)
        else None,
        readings=Readings(READINGS_AT_ONCE),
        exports=Readings(1),
    )


@callback
def loaded_entries(hass: HomeAssistant) -> list[OdorikConfigEntry]:
    """List the accounts that are running."""
    return hass.config_entries.async_loaded_entries(DOMAIN)
