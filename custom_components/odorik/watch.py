"""Watches over what only the user can mend, and shows it among the repairs while it lasts."""

from datetime import datetime, timedelta
from typing import Final

from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.event import async_call_later

from .api import OdorikClient
from .const import (
    CONF_CALLBACK_LIMIT,
    CONF_LOW_CREDIT,
    CONF_UNREGISTERED_LINES,
    DEFAULT_CALLBACK_LIMIT,
)
from .coordinator.statistics import Query
from .device import PORTAL, find_line
from .issues import (
    Issue,
    delete_issue,
    delete_issues,
    is_shown,
    issue_key,
    issues_of,
    raise_issue,
)
from .runtime import OdorikConfigEntry

BALANCE: Final = Query(OdorikClient.balance)
HOUR: Final = timedelta(hours=1)


@callback
def async_watch(hass: HomeAssistant, entry: OdorikConfigEntry) -> None:
    """Look after the limit of callbacks, and what the user has asked for in the options.

    What an earlier run raised stays while its cause lasts: who has ignored it is not asked again.
    """
    _watch_callbacks(hass, entry)
    if entry.options.get(CONF_LOW_CREDIT):
        _watch_credit(hass, entry)
    else:
        delete_issue(hass, entry, Issue.LOW_CREDIT)
    if entry.options.get(CONF_UNREGISTERED_LINES):
        _watch_lines(hass, entry)
    else:
        delete_issues(hass, entry, Issue.UNREGISTERED_LINE)
    entry.async_on_unload(lambda: _forget(hass, entry))


@callback
def _forget(hass: HomeAssistant, entry: OdorikConfigEntry) -> None:
    """Take everything back once the account is unloaded for good."""

    async def forget() -> None:
        # A reload holds the lock until the account runs again.
        async with entry.setup_lock:
            if entry.state is ConfigEntryState.NOT_LOADED:
                delete_issues(hass, entry)

    hass.async_create_task(forget(), f"{entry.title} - issues")


@callback
def _watch_credit(hass: HomeAssistant, entry: OdorikConfigEntry) -> None:
    """Warn when the credit falls below the user's threshold, until it no longer is."""
    statistics = entry.runtime_data.statistics
    threshold = entry.options[CONF_LOW_CREDIT]

    @callback
    def look() -> None:
        answer = statistics.data.get(BALANCE)
        if answer is None or answer.value is None or not statistics.last_update_success:
            return
        if answer.value >= threshold:
            delete_issue(hass, entry, Issue.LOW_CREDIT)
            return
        raise_issue(
            hass,
            entry,
            Issue.LOW_CREDIT,
            learn_more_url=PORTAL,
            credit=f"{answer.value:.2f}",
            threshold=f"{threshold:g}",
        )

    # As a listener it has the credit asked for, also where its sensor is disabled.
    entry.async_on_unload(statistics.async_add_listener(look, BALANCE))
    look()
    if BALANCE not in statistics.data:
        entry.async_create_task(hass, statistics.async_request_refresh())


@callback
def _watch_lines(hass: HomeAssistant, entry: OdorikConfigEntry) -> None:
    """Warn of lines on which no telephone is registered, until there is one or the line is gone."""
    account = entry.runtime_data.account

    @callback
    def look() -> None:
        # Home Assistant puts the ids of issues into the diagnostics, so they hold no line number.
        silent = {
            device.id: device.name_by_user or device.name
            for line in account.data.lines
            if line.connected_devices == []
            and (device := find_line(hass, entry, line.id)) is not None
            and not device.disabled
        }
        known = {issue_key(Issue.UNREGISTERED_LINE, device_id) for device_id in silent}
        for key in issues_of(hass, entry, Issue.UNREGISTERED_LINE) - known:
            delete_issue(hass, entry, key)
        for device_id, name in silent.items():
            raise_issue(hass, entry, Issue.UNREGISTERED_LINE, about=device_id, line=str(name))

    entry.async_on_unload(account.async_add_listener(look))
    look()


def callback_limit(entry: OdorikConfigEntry) -> int:
    """Tell how many callbacks an hour may be ordered."""
    return int(entry.options.get(CONF_CALLBACK_LIMIT, DEFAULT_CALLBACK_LIMIT))


def callbacks_counted(entry: OdorikConfigEntry) -> list[datetime]:
    """Tell when the callbacks of the last hour were ordered, by the operator's clock."""
    data = entry.runtime_data
    now = data.client.now()
    return [ordered for ordered in data.place.kept.callbacks if abs(now - ordered) < HOUR]


@callback
def async_show_callback_limit(hass: HomeAssistant, entry: OdorikConfigEntry) -> None:
    """Say that no callback may be ordered, until one may again."""
    # Whoever has shown it before also takes it back: a loop is refused thousands of times.
    if not is_shown(hass, entry, Issue.CALLBACK_LIMIT):
        raise_issue(hass, entry, Issue.CALLBACK_LIMIT, limit=str(callback_limit(entry)))
        _watch_callbacks(hass, entry)


@callback
def _watch_callbacks(hass: HomeAssistant, entry: OdorikConfigEntry) -> None:
    """Take the warning back when callbacks may be ordered again."""
    counted, limit = callbacks_counted(entry), callback_limit(entry)
    if len(counted) < limit:
        delete_issue(hass, entry, Issue.CALLBACK_LIMIT)
        return

    @callback
    def look_again(_now: datetime) -> None:
        _watch_callbacks(hass, entry)

    wait = sorted(counted)[-limit] + HOUR - entry.runtime_data.client.now()
    entry.async_on_unload(async_call_later(hass, wait, look_again))
