"""The runtime data of an account."""

from collections.abc import Mapping
from dataclasses import dataclass
import os
from typing import Any, Final

from homeassistant.config_entries import ConfigEntry
from homeassistant.const import CONF_PASSWORD, CONF_USERNAME
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.aiohttp_client import async_get_clientsession

from .api import API_URL, OdorikClient
from .call_events import CallEventDispatcher
from .call_search import RecentCalls
from .const import CONF_PUSH, CONF_SPENDING_GUARD, DOMAIN, ENV_API_URL, GUARD_OFF
from .coordinator.account import AccountCoordinator
from .coordinator.active_calls import ActiveCallsCoordinator
from .coordinator.history import HistoryCoordinator
from .coordinator.inbox import InboxCoordinator
from .coordinator.statistics import StatisticsCoordinator
from .gates import Gates
from .hourly_limit import CALLBACKS, MESSAGE_PARTS, HourlyLimit
from .long_term_statistics.scheduler import StatisticsScheduler
from .messages import MessageSender
from .push.webhook import Push
from .readings import Readings
from .spending_guard import SpendingGuard
from .storage import OdorikStore

READINGS_AT_ONCE: Final = 2
"""Concurrent readings that users request. Together with an export, they leave some of the client's
concurrent requests to the coordinators."""


@dataclass(frozen=True, kw_only=True, slots=True)
class OdorikData:
    """The objects that make up a loaded account."""

    client: OdorikClient
    store: OdorikStore
    callback_limit: HourlyLimit
    sms_limit: HourlyLimit
    messages: MessageSender
    inbox: InboxCoordinator
    dispatcher: CallEventDispatcher
    account: AccountCoordinator
    active: ActiveCallsCoordinator
    statistics: StatisticsCoordinator
    statistics_scheduler: StatisticsScheduler
    history: HistoryCoordinator
    push: Push | None
    """None while push is off."""
    guard: SpendingGuard | None
    """None while the spending guard is off."""
    gates: Gates
    readings: Readings
    """Readings for the card, and for actions that only read."""
    recent_calls: RecentCalls
    exports: Readings


type OdorikConfigEntry = ConfigEntry[OdorikData]


def api_url() -> str:
    """Return the URL of the operator's API; it contains no credentials."""
    return os.environ.get(ENV_API_URL, API_URL)


def create_client(hass: HomeAssistant, login: Mapping[str, Any]) -> OdorikClient:
    """Create the client of a login."""
    return OdorikClient(
        async_get_clientsession(hass),
        login[CONF_USERNAME],
        login[CONF_PASSWORD],
        base_url=api_url(),
    )


def create_data(hass: HomeAssistant, entry: OdorikConfigEntry) -> OdorikData:
    """Create the runtime data of an account; nothing is read yet."""
    client = create_client(hass, entry.data)
    account = AccountCoordinator(hass, entry, client)
    active = ActiveCallsCoordinator(hass, entry, client, account=account)
    statistics = StatisticsCoordinator(hass, entry, client)
    store = OdorikStore(hass, entry)
    inbox = InboxCoordinator(hass, entry, client, account=account, store=store)
    dispatcher = CallEventDispatcher(
        hass,
        entry,
        get_directory=lambda: account.data.directory,
        get_gates=lambda: active.gates,
        add_to_inbox=inbox.add,
        publish_inbox=inbox.publish,
    )
    guard = None
    if entry.options.get(CONF_SPENDING_GUARD, GUARD_OFF) != GUARD_OFF:
        guard = SpendingGuard(
            hass,
            entry,
            client,
            account=account,
            active=active,
            dispatcher=dispatcher,
            store=store,
        )
    scheduler = StatisticsScheduler(hass, entry, client, account=account, store=store)
    history = HistoryCoordinator(
        hass,
        entry,
        client,
        account=account,
        active=active,
        statistics=statistics,
        import_statistics=scheduler.async_import_from,
        store=store,
        inbox=inbox,
        dispatcher=dispatcher,
        add_charges=guard.async_add_records if guard else None,
    )
    sms_limit = HourlyLimit(hass, entry, client, store, MESSAGE_PARTS)
    readings = Readings(READINGS_AT_ONCE)
    return OdorikData(
        client=client,
        store=store,
        callback_limit=HourlyLimit(hass, entry, client, store, CALLBACKS),
        sms_limit=sms_limit,
        messages=MessageSender(
            hass, entry, client, store=store, limit=sms_limit, statistics=statistics
        ),
        inbox=inbox,
        dispatcher=dispatcher,
        account=account,
        active=active,
        statistics=statistics,
        statistics_scheduler=scheduler,
        history=history,
        push=Push(hass, entry, client, active=active, store=store)
        if entry.options.get(CONF_PUSH)
        else None,
        guard=guard,
        gates=Gates(hass, entry, client, account=account, active=active, store=store),
        readings=readings,
        recent_calls=RecentCalls(hass, entry, client, account=account, readings=readings),
        exports=Readings(1),
    )


@callback
def loaded_entries(hass: HomeAssistant) -> list[OdorikConfigEntry]:
    """Return the accounts that are set up."""
    return hass.config_entries.async_loaded_entries(DOMAIN)
