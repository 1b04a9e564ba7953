"""What only the user can mend, shown among Home Assistant's repairs while it lasts."""

from typing import Final

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import issue_registry as ir

from .api import OdorikClient
from .const import CONF_LOW_CREDIT, CONF_UNREGISTERED_LINES, DOMAIN
from .coordinator import OdorikConfigEntry, Query
from .entity import PORTAL, find_line

BALANCE: Final = Query(OdorikClient.balance)


@callback
def async_watch_issues(hass: HomeAssistant, entry: OdorikConfigEntry) -> None:
    """Look after what the user has asked for in the options."""
    entry.async_on_unload(lambda: async_delete_issues(hass, entry))
    if entry.options.get(CONF_LOW_CREDIT):
        _watch_credit(hass, entry)
    if entry.options.get(CONF_UNREGISTERED_LINES):
        _watch_lines(hass, entry)


@callback
def async_delete_issues(hass: HomeAssistant, entry: ConfigEntry) -> None:
    """Take back whatever was raised for an account."""
    for domain, issue_id in list(ir.async_get(hass).issues):
        if domain == DOMAIN and issue_id.startswith(f"{entry.entry_id}_"):
            ir.async_delete_issue(hass, domain, issue_id)


@callback
def _watch_credit(hass: HomeAssistant, entry: OdorikConfigEntry) -> None:
    """Tell when the credit falls below the user's threshold, until it no longer is."""
    statistics = entry.runtime_data.statistics
    threshold = entry.options[CONF_LOW_CREDIT]
    issue_id = f"{entry.entry_id}_low_credit"

    @callback
    def look() -> None:
        answer = statistics.data.get(BALANCE)
        if answer is None or answer.value is None or not statistics.last_update_success:
            return
        if answer.value >= threshold:
            ir.async_delete_issue(hass, DOMAIN, issue_id)
            return
        ir.async_create_issue(
            hass,
            DOMAIN,
            issue_id,
            is_fixable=False,
            severity=ir.IssueSeverity.WARNING,
            translation_key="low_credit",
            translation_placeholders={
                "account": entry.title,
                "credit": f"{answer.value:.2f}",
                "threshold": f"{threshold:g}",
            },
            learn_more_url=PORTAL,
        )

    # As a listener it has the credit asked for, also where its sensor is disabled.
    entry.async_on_unload(statistics.async_add_listener(look, BALANCE))
    look()
    if BALANCE not in statistics.data:
        entry.async_create_task(hass, statistics.async_request_refresh())


@callback
def _watch_lines(hass: HomeAssistant, entry: OdorikConfigEntry) -> None:
    """Tell of lines on which no telephone is registered, until there is one or the line is gone."""
    account = entry.runtime_data.account
    # Home Assistant puts the ids of issues into the diagnostics, so they hold no line number.
    raised: set[str] = set()

    @callback
    def look() -> None:
        silent = {
            f"{entry.entry_id}_unregistered_line_{device.id}": device.name_by_user or device.name
            for line in account.data.lines
            if line.connected_devices == []
            and (device := find_line(entry, line.id)) is not None
            and not device.disabled
        }
        for issue_id in raised - silent.keys():
            ir.async_delete_issue(hass, DOMAIN, issue_id)
        for issue_id, name in silent.items():
            ir.async_create_issue(
                hass,
                DOMAIN,
                issue_id,
                is_fixable=False,
                severity=ir.IssueSeverity.WARNING,
                translation_key="unregistered_line",
                translation_placeholders={"line": str(name), "account": entry.title},
            )
        raised.clear()
        raised.update(silent)

    entry.async_on_unload(account.async_add_listener(look))
    look()
