"""docs/gate.md, in both languages: its names, times and example are correct."""

from datetime import date
import re

from homeassistant.core import HomeAssistant
from homeassistant.util.yaml import parse_yaml
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, async_mock_service

from custom_components.odorik.calls.gates import (
    MAX_RING_AGE,
    OPENING_TIME,
    GateOutcome,
    RefusalReason,
)
from custom_components.odorik.localize import date_placeholders
from simulator.worlds import GATE_NUMBER
from tests.accounts import JAN, STRANGER, add_gate
from tests.conftest import Tick
from tests.exchange import RunningExchange

from .examples import chapters, pages, set_up_automations, texts, yaml_blocks

PAGES = pages("gate.md")
NAMES = {"en": "Garden gate", "cs": "Zahradní brána"}
ALARMS = {"en": "alarm_control_panel.home", "cs": "alarm_control_panel.domov"}


@pytest.mark.parametrize("language", PAGES)
def test_the_page_uses_the_names_of_the_form(language: str) -> None:
    """The fields are those of the form, and the reply to a push is that of the options."""
    names = texts(language)
    form = names["config_subentries"]["gate"]
    assert f"*{form['initiate_flow']['user']}*" in PAGES[language]
    table = re.findall(
        r"^\| ([^|]+) \| [^|]+ \|$", list(chapters(PAGES[language]).values())[2], re.MULTILINE
    )
    assert table[1:] == list(form["step"]["user"]["data"].values())
    reply = names["selector"]["push_answer"]["options"]["dial"].split(" (")[0]
    assert f"*{reply}* (`dial:*082`)" in PAGES[language]


@pytest.mark.parametrize("language", PAGES)
def test_the_page_lists_every_outcome_and_reason(language: str) -> None:
    """The outcomes have their triggers."""
    rows = re.findall(r"^\| `(\w+)` `(\w+)` \| (.+) \|$", PAGES[language], re.MULTILINE)
    outcomes = [(name, value) for name, value, _ in rows]
    expected = [("outcome", it) for it in GateOutcome] + [("reason", it) for it in RefusalReason]
    assert outcomes == expected
    for name, value, text in rows:
        assert (f"`odorik.gate_{value}`" in text) is (name == "outcome")


@pytest.mark.parametrize("language", PAGES)
def test_the_page_has_the_times_and_texts_of_the_code(language: str) -> None:
    """The entry of the logbook and that of a guest are what the integration writes."""
    page = PAGES[language]
    assert (OPENING_TIME.total_seconds(), MAX_RING_AGE.total_seconds()) == (10, 90)
    assert len(re.findall(r"\*\*10 (?:seconds|sekund)\*\*|\b90 (?:seconds|sekund\w*)", page)) == 3
    common = texts(language)["common"]
    until = date_placeholders(date(2026, 12, 24))
    assert f"*{common['gate_guest'].format(caller='+420 777 123 456', **until)}*" in page
    message = common["logbook_gate_opened"].format(party="Jan Novák (+420 777 123 456)")
    assert f"*{NAMES[language]} {message}*" in page


@pytest.mark.parametrize("language", PAGES)
async def test_the_example_opens_the_gate(
    hass: HomeAssistant,
    exchange: RunningExchange,
    account: MockConfigEntry,
    tick: Tick,
    language: str,
) -> None:
    """The button is pressed for a caller who may open, while the alarm is disarmed."""
    presses = async_mock_service(hass, "button", "press")
    await set_up_automations(hass, *map(parse_yaml, yaml_blocks(PAGES[language])))
    add_gate(hass, account, JAN, name=NAMES[language])
    await hass.async_block_till_done(wait_background_tasks=True)
    for alarm, source, count in (
        ("disarmed", STRANGER, 0),
        ("armed_away", JAN, 0),
        ("disarmed", JAN, 1),
    ):
        hass.states.async_set(ALARMS[language], alarm)
        # Five seconds after the next poll, the call ends.
        exchange.world.ring(source, GATE_NUMBER, end_after=15)
        await tick(10, 3)
        await tick(20, 3)
        assert len(presses) == count
