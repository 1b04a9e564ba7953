"""Test the repair issues for a low credit and for unregistered lines."""

from homeassistant.config_entries import ConfigEntryDisabler
from homeassistant.core import HomeAssistant
from homeassistant.helpers import (
    device_registry as dr,
    entity_registry as er,
    issue_registry as ir,
    translation,
)
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, async_capture_events

from custom_components.odorik.const import CONF_LOW_CREDIT, CONF_UNREGISTERED_LINES, DOMAIN
from simulator.world import World

from .accounts import HOME, UNNAMED, add_account, device_of, make_entry, reload, set_up, state_of
from .conftest import Tick
from .exchange import RunningExchange
from .forms import open_options, send_options

POLL = 15 * 60
ALL_ALERTS = {CONF_LOW_CREDIT: 50, CONF_UNREGISTERED_LINES: True}


def issues(hass: HomeAssistant) -> list[ir.IssueEntry]:
    """Return the issues of the integration."""
    return [issue for (domain, _), issue in ir.async_get(hass).issues.items() if domain == DOMAIN]


async def titles(hass: HomeAssistant, language: str = "en") -> list[str]:
    """Return the translated titles; a placeholder missing from any text raises KeyError."""
    texts = await translation.async_get_translations(hass, language, "issues", {DOMAIN})
    found = []
    for issue in issues(hass):
        key = f"component.{DOMAIN}.issues.{issue.translation_key}"
        placeholders = issue.translation_placeholders or {}
        assert texts[f"{key}.description"].format(**placeholders)
        found.append(texts[f"{key}.title"].format(**placeholders))
    return sorted(found)


@pytest.mark.parametrize("options", [{}, {CONF_LOW_CREDIT: 0, CONF_UNREGISTERED_LINES: False}])
async def test_alerts_are_off_by_default(
    hass: HomeAssistant, world: World, entry: MockConfigEntry, tick: Tick, options: dict[str, int]
) -> None:
    """A debt or an unregistered line is reported only if the user asks for it."""
    world.account().credit = -20
    await set_up(hass, entry, **options)
    await tick(POLL)
    assert issues(hass) == []


async def test_unknown_values_are_not_reported(
    hass: HomeAssistant, exchange: RunningExchange, entry: MockConfigEntry, tick: Tick
) -> None:
    """A login that may not read the credit, and lines without registrations, cause no issue."""
    exchange.world.denied[exchange.username] = {"balance"}
    exchange.fail("answer", body='[{"id": 300100, "name": "Domov"}]', path="/lines.json", times=0)
    await set_up(hass, entry, **ALL_ALERTS)
    assert issues(hass) == []
    await tick(POLL)
    assert issues(hass) == []
    assert state_of(hass, entry, "binary_sensor", "300100_registered") == "unknown"


async def test_a_low_credit_is_reported_until_it_is_topped_up(
    hass: HomeAssistant, exchange: RunningExchange, entry: MockConfigEntry, tick: Tick
) -> None:
    """The issue shows the credit and the threshold, and remains during an outage."""
    account = exchange.world.account()
    account.credit = 100.0
    await set_up(hass, entry, **{CONF_LOW_CREDIT: 50})
    assert issues(hass) == []

    account.credit = 49.99
    await tick(POLL)
    (issue,) = issues(hass)
    assert issue.severity is ir.IssueSeverity.WARNING
    assert issue.translation_placeholders == {
        "account": entry.title,
        "credit": "49.99",
        "threshold": "50",
    }
    assert await titles(hass) == [f"The credit of {entry.title} is running out"]
    assert await titles(hass, "cs") == [f"Dochází kredit: {entry.title}"]

    account.credit = -3.5
    await hass.config.async_update(language="cs")
    await tick(POLL)
    (issue,) = issues(hass)
    assert issue.translation_placeholders
    assert issue.translation_placeholders["credit"] == "-3,50"

    exchange.fail("503", times=0)
    await tick(POLL)
    assert len(issues(hass)) == 1
    exchange.exchange.faults.clear()

    account.credit = 50.0
    await tick(POLL)
    assert issues(hass) == []


@pytest.mark.parametrize(
    ("is_sensor_disabled", "threshold", "requests"), [(True, 50, 1), (False, 50, 1), (True, 0, 0)]
)
async def test_the_credit_is_requested_once_by_sensor_and_alert(
    *,
    hass: HomeAssistant,
    exchange: RunningExchange,
    entry: MockConfigEntry,
    tick: Tick,
    is_sensor_disabled: bool,
    threshold: int,
    requests: int,
) -> None:
    """Each poll requests the credit at most once, and only if the alert or the sensor needs it."""
    if is_sensor_disabled:
        er.async_get(hass).async_get_or_create(
            "sensor",
            DOMAIN,
            f"{entry.unique_id}_balance",
            disabled_by=er.RegistryEntryDisabler.USER,
        )
    exchange.world.account().credit = 10
    await set_up(hass, entry, **{CONF_LOW_CREDIT: threshold})
    await tick(5)
    assert len(issues(hass)) == len(exchange.requests("/balance")) == requests
    exchange.journal.clear()
    await tick(POLL)
    assert len(exchange.requests("/balance")) == requests


async def test_a_line_is_reported_until_a_telephone_registers_or_it_is_cancelled(
    hass: HomeAssistant, world: World, entry: MockConfigEntry, tick: Tick
) -> None:
    """Each unregistered line has an issue, whose ID does not contain the number of the line."""
    lines = world.account().lines
    await set_up(hass, entry, **{CONF_UNREGISTERED_LINES: True})
    assert await titles(hass) == ["No telephone is registered on Line 300120"]

    devices, lines[HOME].devices = lines[HOME].devices, []
    await tick(POLL)
    assert await titles(hass) == [
        "No telephone is registered on Domov",
        "No telephone is registered on Line 300120",
    ]
    assert await titles(hass, "cs") == [
        "Domov: není registrován žádný telefon",
        "Line 300120: není registrován žádný telefon",
    ]
    for issue in issues(hass):
        assert issue.issue_id.startswith(entry.entry_id)
        assert "3001" not in issue.issue_id
        assert issue.translation_placeholders
        assert issue.translation_placeholders["account"] == entry.title

    lines[HOME].devices = devices
    del lines[UNNAMED]
    await tick(POLL)
    assert issues(hass) == []


async def test_a_line_is_named_by_the_user_and_ignored_if_disabled(
    hass: HomeAssistant, world: World, entry: MockConfigEntry, tick: Tick
) -> None:
    """The issue uses the name of the device; a disabled device has no issue."""
    await set_up(hass, entry)
    registry, spare = dr.async_get(hass), device_of(hass, entry, UNNAMED)
    registry.async_update_device(spare.id, name_by_user="Spare")
    hass.config_entries.async_update_entry(entry, options={CONF_UNREGISTERED_LINES: True})
    await reload(hass, entry)
    assert await titles(hass) == ["No telephone is registered on Spare"]
    registry.async_update_device(spare.id, disabled_by=dr.DeviceEntryDisabler.USER)
    world.account().lines[HOME].name = "Kuchyně"
    await tick(POLL)
    assert issues(hass) == []


@pytest.mark.parametrize(
    "change", ["disable", "disable in an outage", "remove", "remove in an outage", "turn off"]
)
async def test_issues_are_deleted_with_their_account_or_option(
    hass: HomeAssistant, exchange: RunningExchange, entry: MockConfigEntry, change: str
) -> None:
    """Issues are deleted with their account, when it is disabled, or its alerts are turned off.

    Those of another account remain, even if its entry ID begins in the same way.
    """
    other_account = add_account(exchange)
    exchange.world.account().credit = other_account.credit = 1
    other = make_entry(
        other_account.user, other_account.password, entry_id=f"{entry.entry_id[:-1]}_"
    )
    for added in (entry, other):
        await set_up(hass, added, **ALL_ALERTS)
    assert len(issues(hass)) == 4
    if change.endswith("in an outage"):
        exchange.fail("500", times=0)
        assert not await reload(hass, entry)
    if change.startswith("disable"):
        await hass.config_entries.async_set_disabled_by(entry.entry_id, ConfigEntryDisabler.USER)
    elif change.startswith("remove"):
        await hass.config_entries.async_remove(entry.entry_id)
    else:
        hass.config_entries.async_update_entry(entry, options={})
        await hass.config_entries.async_reload(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert {issue.issue_id.startswith(other.entry_id) for issue in issues(hass)} == {True}
    assert len(issues(hass)) == 2


async def test_an_ignored_issue_remains_ignored_after_a_reload(
    hass: HomeAssistant, world: World, entry: MockConfigEntry
) -> None:
    """A changed option does not report ignored issues again; a solved issue is deleted."""
    world.account().credit = 1
    await set_up(hass, entry, **ALL_ALERTS)
    for issue in issues(hass):
        ir.async_ignore_issue(hass, DOMAIN, issue.issue_id, ignore=True)
    ignored = {issue.issue_id for issue in issues(hass) if issue.dismissed_version}
    assert len(ignored) == 2
    events = async_capture_events(hass, ir.EVENT_REPAIRS_ISSUE_REGISTRY_UPDATED)
    form = await open_options(hass, entry)
    await send_options(hass, form, {**ALL_ALERTS, "active_interval": 20})
    assert entry.options["active_interval"] == 20
    assert {issue.issue_id for issue in issues(hass) if issue.dismissed_version} == ignored
    assert not [event for event in events if event.data["action"] == "remove"]

    world.account().credit = 100
    await reload(hass, entry)
    assert ir.async_get(hass).async_get_issue(DOMAIN, f"{entry.entry_id}_low_credit") is None
