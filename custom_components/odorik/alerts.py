"""Raise repair issues about the credit and about lines without a registered phone."""

from homeassistant.config_entries import (
    SIGNAL_CONFIG_ENTRY_CHANGED,
    ConfigEntry,
    ConfigEntryChange,
)
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.dispatcher import async_dispatcher_connect

from .const import CONF_LOW_CREDIT, CONF_UNREGISTERED_LINES, DOMAIN
from .coordinator.statistics import BALANCE
from .device import PORTAL, find_line
from .issues import Issue, delete_issue, delete_issues, issue_key, issues_of, raise_issue
from .localize import localize_decimal
from .runtime import OdorikConfigEntry


@callback
def async_setup_alerts(hass: HomeAssistant, entry: OdorikConfigEntry) -> None:
    """Watch the credit and the lines, as enabled in the options.

    Issues from an earlier run are deleted only when their cause is gone, so that issues the user
    has ignored stay ignored.
    """
    if entry.options.get(CONF_LOW_CREDIT):
        _watch_credit(hass, entry)
    else:
        delete_issue(hass, entry, Issue.LOW_CREDIT)
    if entry.options.get(CONF_UNREGISTERED_LINES):
        _watch_lines(hass, entry)
    else:
        delete_issues(hass, entry, Issue.UNREGISTERED_LINE)


@callback
def async_watch_disabled(hass: HomeAssistant) -> None:
    """Delete the issues of accounts that are disabled, whether or not they could be set up.

    They are not deleted on a reload, which would show issues that the user has ignored again.
    """

    @callback
    def entry_changed(_change: ConfigEntryChange, entry: ConfigEntry) -> None:
        if entry.domain == DOMAIN and entry.disabled_by:
            delete_issues(hass, entry)

    async_dispatcher_connect(hass, SIGNAL_CONFIG_ENTRY_CHANGED, entry_changed)


@callback
def _watch_credit(hass: HomeAssistant, entry: OdorikConfigEntry) -> None:
    """Raise an issue while the credit is below the threshold of the options."""
    statistics = entry.runtime_data.statistics
    threshold = entry.options[CONF_LOW_CREDIT]

    @callback
    def update() -> None:
        result = statistics.data.get(BALANCE)
        if result is None or result.value is None or not statistics.last_update_success:
            return
        if result.value >= threshold:
            delete_issue(hass, entry, Issue.LOW_CREDIT)
            return
        raise_issue(
            hass,
            entry,
            Issue.LOW_CREDIT,
            learn_more_url=PORTAL,
            credit=localize_decimal(hass, f"{result.value:.2f}"),
            threshold=localize_decimal(hass, f"{threshold:g}"),
        )

    # The context of the listener requests the balance, even if its sensor is disabled.
    entry.async_on_unload(statistics.async_add_listener(update, BALANCE))
    update()
    if BALANCE not in statistics.data:
        entry.async_create_task(hass, statistics.async_request_refresh())


@callback
def _watch_lines(hass: HomeAssistant, entry: OdorikConfigEntry) -> None:
    """Raise an issue for each line that has no registered phone."""
    account = entry.runtime_data.account

    @callback
    def update() -> None:
        # Home Assistant's diagnostics include issue IDs, which therefore have no line number.
        unregistered = {
            device.id: device.name_by_user or device.name
            for line in account.data.lines
            if line.connected_devices == []
            and (device := find_line(hass, entry, line.id)) is not None
            and not device.disabled
        }
        current = {issue_key(Issue.UNREGISTERED_LINE, device_id) for device_id in unregistered}
        for key in issues_of(hass, entry, Issue.UNREGISTERED_LINE) - current:
            delete_issue(hass, entry, key)
        for device_id, name in unregistered.items():
            raise_issue(hass, entry, Issue.UNREGISTERED_LINE, about=device_id, line=str(name))

    entry.async_on_unload(account.async_add_listener(update))
    update()
