"""docs/guard.md, in both languages: its defaults, options, events and examples are correct."""

import re

from homeassistant.core import HomeAssistant
from homeassistant.util.yaml import parse_yaml
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_capture_events,
    async_mock_service,
)

from custom_components.odorik.calls.spending import SpendingLimits, SpendingRule, parse_prefixes
from custom_components.odorik.spending_guard import ALERT_DURATION, LIMITS, GuardEventType
from tests.accounts import set_up
from tests.conftest import Tick
from tests.exchange import RunningExchange

from .examples import pages, set_up_automations, texts, yaml_blocks

PAGES = pages("guard.md")
FIELDS = {
    "prefixes": SpendingRule.PREFIX,
    "price_per_minute": SpendingRule.PRICE_PER_MINUTE,
    "call_cost": SpendingRule.CALL_COST,
    "call_minutes": SpendingRule.CALL_DURATION,
    "parallel_calls": SpendingRule.PARALLEL_CALLS,
    "hour_cost": SpendingRule.HOUR_COST,
    "day_cost": SpendingRule.DAY_COST,
}
"""The rules by the fields of their limits."""


@pytest.mark.parametrize("language", PAGES)
def test_the_page_lists_every_rule_in_order_with_its_option_and_default(language: str) -> None:
    """The names of the options are those of the form, and the defaults are those of the code."""
    table = re.findall(r"^\| `(\w+)` \| (.+?) \| (.+?) \| .+\|$", PAGES[language], re.MULTILINE)
    rows = {rule: (option, default) for rule, option, default in table if rule in set(SpendingRule)}
    assert list(rows) == list(SpendingRule)
    labels = texts(language)["options"]["step"]["init"]["sections"]["guard"]["data"]
    options = {field: option for option, field in LIMITS.items()}
    defaults = SpendingLimits()
    for field, rule in FIELDS.items():
        option, default = rows[rule]
        assert option == labels[options[field]]
        if rule is SpendingRule.PREFIX:
            written = [
                it if it.startswith("+") else f"+420 {it}" for it in re.findall(r"`(.+?)`", default)
            ]
            assert parse_prefixes(written) == defaults.prefixes
        else:
            assert float(default.split()[0]) == getattr(defaults, field)
    assert f"*{labels['guard_allowed']}*" in PAGES[language]


@pytest.mark.parametrize("language", PAGES)
def test_the_page_uses_the_names_of_the_interface(language: str) -> None:
    """Modes, entities, outcomes and the field of the repair are those of the translations."""
    page, names = PAGES[language], texts(language)
    for mode in names["selector"]["spending_guard"]["options"].values():
        assert f"| {mode} |" in page
    assert f"*{names['entity']['switch']['spending_guard']['name']}*" in page
    step = names["issues"]["spending_guard"]["fix_flow"]["step"]["allow"]
    assert f"**{step['data']['allowed']}**" in page
    for outcome in GuardEventType:
        assert f"`{outcome}`" in page
    assert ALERT_DURATION.total_seconds() == 600


@pytest.mark.parametrize("language", PAGES)
async def test_the_example_works(
    hass: HomeAssistant,
    exchange: RunningExchange,
    entry: MockConfigEntry,
    tick: Tick,
    language: str,
) -> None:
    """The automation reports a call that could not be hung up, once."""
    phone = async_mock_service(hass, "notify", "phone")
    await set_up_automations(hass, *map(parse_yaml, yaml_blocks(PAGES[language])))
    assert await set_up(hass, entry, spending_guard="hang_up")
    events = async_capture_events(hass, "odorik_spending_guard")
    exchange.fail("500", path="DELETE", times=0)
    exchange.world.dial("00420906123456", line=300100)
    await tick(10, 3)
    assert [call.data["message"] for call in phone] == ["+420906123456: prefix"]
    exchange.exchange.faults.clear()
    await tick(3, 3)
    assert [event.data["outcome"] for event in events] == ["failed", "hung_up"]
    assert len(phone) == 1
