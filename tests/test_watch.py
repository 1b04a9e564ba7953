"""What only the user can mend is shown while it lasts, and never longer."""

from typing import Any

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
from simulator.world import Device
from simulator.worlds import quiet

from .conftest import Tick
from .exchange import RunningExchange

POLL = 15 * 60


def issues(hass: HomeAssistant) -> list[ir.IssueEntry]:
    """List what is shown to the user."""
    return [issue for (domain, _), issue in ir.async_get(hass).issues.items() if domain == DOMAIN]


async def shown(hass: HomeAssistant, language: str = "en") -> list[str]:
    """Read the titles as the user does; whatever is missing in a text raises KeyError."""
    texts = await translation.async_get_translations(hass, language, "issues", {DOMAIN})
    titles = []
    for issue in issues(hass):
        key = f"component.{DOMAIN}.issues.{issue.translation_key}"
        placeholders = issue.translation_placeholders or {}
        assert texts[f"{key}.description"].format(**placeholders)
        titles.append(texts[f"{key}.title"].format(**placeholders))
    return sorted(titles)


async def set_up(hass: HomeAssistant, entry: MockConfigEntry, **options: Any) -> None:
    """Set an account up with options."""
    entry.add_to_hass(hass)
    hass.config_entries.async_update_entry(entry, options=options)
    assert await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)


@pytest.mark.parametrize("options", [{}, {CONF_LOW_CREDIT: 0, CONF_UNREGISTERED_LINES: False}])
async def test_nobody_is_warned_who_has_not_asked_for_it(
    hass: HomeAssistant,
    exchange: RunningExchange,
    entry: MockConfigEntry,
    tick: Tick,
    options: dict[str, Any],
) -> None:
    """A household with one unused line would see a warning for ever."""
    exchange.world.account().credit = -20
    await set_up(hass, entry, **options)
    await tick(POLL)
    assert issues(hass) == []


async def test_a_low_credit_is_shown_until_it_is_topped_up(
    hass: HomeAssistant, exchange: RunningExchange, entry: MockConfigEntry, tick: Tick
) -> None:
    """The telephone would fall silent one day, with nobody having seen it come."""
    household = exchange.world.account()
    household.credit = 100.0
    await set_up(hass, entry, **{CONF_LOW_CREDIT: 50})
    assert issues(hass) == []

    household.credit = 49.99
    await tick(POLL)
    (issue,) = issues(hass)
    assert issue.severity is ir.IssueSeverity.WARNING
    assert issue.translation_placeholders == {
        "account": entry.title,
        "credit": "49.99",
        "threshold": "50",
    }
    assert await shown(hass) == [f"The credit of {entry.title} is running out"]
    assert await shown(hass, "cs") == [f"Dochází kredit: {entry.title}"]

    household.credit = -3.5
    await tick(POLL)
    (issue,) = issues(hass)
    assert issue.translation_placeholders
    assert issue.translation_placeholders["credit"] == "-3.50"

    # What is not known solves nothing.
    exchange.fail("503", times=0)
    await tick(POLL)
    assert len(issues(hass)) == 1
    exchange.exchange.faults.clear()

    household.credit = 50.0
    await tick(POLL)
    assert issues(hass) == []


async def test_the_credit_is_watched_also_where_its_sensor_is_disabled(
    hass: HomeAssistant, exchange: RunningExchange, entry: MockConfigEntry, tick: Tick
) -> None:
    """Who hides the credit from the dashboard would lose the warning without a word."""
    er.async_get(hass).async_get_or_create(
        "sensor",
        DOMAIN,
        f"{entry.unique_id}_balance",
        disabled_by=er.RegistryEntryDisabler.USER,
    )
    exchange.world.account().credit = 10
    await set_up(hass, entry, **{CONF_LOW_CREDIT: 50})
    await tick(5)
    assert len(issues(hass)) == 1
    exchange.journal.clear()
    await tick(POLL)
    assert len(exchange.requests("/balance")) == 1


async def test_the_credit_is_asked_for_once_for_its_sensor_and_its_warning(
    hass: HomeAssistant, exchange: RunningExchange, entry: MockConfigEntry, tick: Tick
) -> None:
    """The operator would be asked the same thing twice at the same time."""
    await set_up(hass, entry, **{CONF_LOW_CREDIT: 50})
    assert len(exchange.requests("/balance")) == 1
    await tick(POLL)
    assert len(exchange.requests("/balance")) == 2


async def test_the_credit_is_not_asked_for_when_nobody_wants_it(
    hass: HomeAssistant, exchange: RunningExchange, entry: MockConfigEntry, tick: Tick
) -> None:
    """A request a quarter of an hour would go out for nothing."""
    er.async_get(hass).async_get_or_create(
        "sensor",
        DOMAIN,
        f"{entry.unique_id}_balance",
        disabled_by=er.RegistryEntryDisabler.USER,
    )
    await set_up(hass, entry)
    await tick(POLL)
    assert exchange.requests("/balance") == []


async def test_a_login_that_may_not_read_the_credit_is_not_warned_of_it(
    hass: HomeAssistant, exchange: RunningExchange, entry: MockConfigEntry, tick: Tick
) -> None:
    """Unknown is not zero."""
    exchange.world.denied[exchange.username] = {"balance"}
    await set_up(hass, entry, **{CONF_LOW_CREDIT: 50})
    await tick(POLL)
    assert issues(hass) == []


async def test_a_line_that_cannot_ring_is_shown_until_a_telephone_registers(
    hass: HomeAssistant, exchange: RunningExchange, entry: MockConfigEntry, tick: Tick
) -> None:
    """After a power cut the telephone would stay dead for days."""
    lines = exchange.world.account().lines
    await set_up(hass, entry, **{CONF_UNREGISTERED_LINES: True})
    assert await shown(hass) == ["No telephone is registered on Line 300120"]

    devices, lines[300100].devices = lines[300100].devices, []
    await tick(POLL)
    assert await shown(hass) == [
        "No telephone is registered on Domov",
        "No telephone is registered on Line 300120",
    ]
    assert await shown(hass, "cs") == [
        "Na lince Domov není registrován žádný telefon",
        "Na lince Line 300120 není registrován žádný telefon",
    ]
    for issue in issues(hass):
        assert issue.issue_id.startswith(entry.entry_id)
        assert "3001" not in issue.issue_id
        assert issue.translation_placeholders
        assert issue.translation_placeholders["account"] == entry.title

    lines[300100].devices = devices
    lines[300120].devices = [Device()]
    await tick(POLL)
    assert issues(hass) == []


async def test_a_line_that_is_gone_needs_no_telephone(
    hass: HomeAssistant, exchange: RunningExchange, entry: MockConfigEntry, tick: Tick
) -> None:
    """The warning would stay, with nothing left that could be done about it."""
    await set_up(hass, entry, **{CONF_UNREGISTERED_LINES: True})
    assert len(issues(hass)) == 1
    del exchange.world.account().lines[300120]
    await tick(POLL)
    assert issues(hass) == []


async def test_a_line_is_called_as_the_user_calls_it_and_left_alone_when_disabled(
    hass: HomeAssistant, exchange: RunningExchange, entry: MockConfigEntry, tick: Tick
) -> None:
    """Who has disabled a spare line has said enough."""
    await set_up(hass, entry)
    registry = dr.async_get(hass)
    spare = registry.async_get_device_by_identifier(
        (DOMAIN, f"{entry.unique_id}_300120"), entry.entry_id
    )
    assert spare
    registry.async_update_device(spare.id, name_by_user="Spare")
    hass.config_entries.async_update_entry(entry, options={CONF_UNREGISTERED_LINES: True})
    await hass.config_entries.async_reload(entry.entry_id)
    assert await shown(hass) == ["No telephone is registered on Spare"]
    registry.async_update_device(spare.id, disabled_by=dr.DeviceEntryDisabler.USER)
    exchange.world.account().lines[300100].name = "Kuchyně"
    await tick(POLL)
    assert issues(hass) == []


async def test_what_the_operator_does_not_say_is_no_reason_to_warn(
    hass: HomeAssistant, exchange: RunningExchange, entry: MockConfigEntry
) -> None:
    """Every line would be reported as dead when the answer leaves the telephones out."""
    exchange.fail("answer", body='[{"id": 300100, "name": "Domov"}]', path="/lines.json", times=0)
    await set_up(hass, entry, **{CONF_UNREGISTERED_LINES: True})
    assert issues(hass) == []


@pytest.mark.parametrize("way", ["unload", "remove", "turn off"])
async def test_a_warning_goes_with_its_account_and_its_option(
    hass: HomeAssistant, exchange: RunningExchange, entry: MockConfigEntry, way: str
) -> None:
    """It would stay among the repairs of a house that has no Odorik any more."""
    exchange.world.account().credit = 1
    options = {CONF_LOW_CREDIT: 50, CONF_UNREGISTERED_LINES: True}
    await set_up(hass, entry, **options)
    neighbour = quiet("7654321", "another-password").account()
    neighbour.credit = 1
    exchange.world.accounts[neighbour.user] = neighbour
    other = MockConfigEntry(
        domain=DOMAIN,
        title="Odorik 7654321",
        unique_id=neighbour.user,
        data={"username": neighbour.user, "password": neighbour.password},
        entry_id=f"{entry.entry_id[:-1]}_",
    )
    await set_up(hass, other, **options)
    assert len(issues(hass)) == 4
    if way == "unload":
        await hass.config_entries.async_unload(entry.entry_id)
    elif way == "remove":
        await hass.config_entries.async_remove(entry.entry_id)
    else:
        hass.config_entries.async_update_entry(entry, options={})
        await hass.config_entries.async_reload(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert {issue.issue_id.startswith(other.entry_id) for issue in issues(hass)} == {True}
    assert len(issues(hass)) == 2


async def test_an_ignored_warning_stays_ignored_over_a_reload(
    hass: HomeAssistant, exchange: RunningExchange, entry: MockConfigEntry
) -> None:
    """Whoever has said "I know" would be reported again whenever an option is changed."""
    exchange.world.account().credit = 1
    options = {CONF_LOW_CREDIT: 50, CONF_UNREGISTERED_LINES: True}
    await set_up(hass, entry, **options)
    registry = ir.async_get(hass)
    for issue in issues(hass):
        ir.async_ignore_issue(hass, DOMAIN, issue.issue_id, ignore=True)
    ignored = {issue.issue_id for issue in issues(hass) if issue.dismissed_version}
    assert len(ignored) == 2
    removed = async_capture_events(hass, ir.EVENT_REPAIRS_ISSUE_REGISTRY_UPDATED)
    form = await hass.config_entries.options.async_init(entry.entry_id)
    await hass.config_entries.options.async_configure(
        form["flow_id"], {**options, "active_interval": 20}
    )
    await hass.async_block_till_done(wait_background_tasks=True)
    assert entry.options["active_interval"] == 20
    assert {issue.issue_id for issue in issues(hass) if issue.dismissed_version} == ignored
    assert not [event for event in removed if event.data["action"] == "remove"]

    exchange.world.account().credit = 100
    await hass.config_entries.async_reload(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert registry.async_get_issue(DOMAIN, f"{entry.entry_id}_low_credit") is None


async def test_what_an_earlier_run_left_goes_with_an_account_that_no_longer_starts(
    hass: HomeAssistant, exchange: RunningExchange, entry: MockConfigEntry
) -> None:
    """Home Assistant keeps what somebody ignored over a restart, and would keep it for ever."""
    exchange.fail("503", times=0)
    entry.add_to_hass(hass)
    assert not await hass.config_entries.async_setup(entry.entry_id)
    ir.async_create_issue(
        hass,
        DOMAIN,
        f"{entry.entry_id}_low_credit",
        is_fixable=False,
        severity=ir.IssueSeverity.WARNING,
        translation_key="low_credit",
    )
    await hass.config_entries.async_remove(entry.entry_id)
    assert issues(hass) == []
