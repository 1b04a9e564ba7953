"""docs/messages.md, in both languages: its examples run and send messages."""

import re
from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component
from homeassistant.util.yaml import parse_yaml
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, async_mock_service

from custom_components.odorik.calls import sms
from custom_components.odorik.const import DEFAULT_SMS_LIMIT
from tests.accounts import add_recipient
from tests.conftest import Tick
from tests.exchange import RunningExchange

from .examples import pages, run_steps, texts, yaml_blocks

PAGES = pages("messages.md")
GROUPS = {"en": "Family", "cs": "Rodina"}
RECIPIENTS = {"Petr": "+420777123456", "Eva": "+420602987654"}
STEPS = [
    pytest.param(language, example, id=f"{language}-{number}")
    for language, page in PAGES.items()
    for number, example in enumerate(yaml_blocks(page))
    if example.startswith("- ")
]


@pytest.fixture
async def recipients(hass: HomeAssistant, account: MockConfigEntry) -> None:
    """Add the recipients of the examples."""
    for name, number in RECIPIENTS.items():
        add_recipient(hass, account, name, number)
    await hass.async_block_till_done(wait_background_tasks=True)


async def add_group(hass: HomeAssistant, name: str) -> None:
    """Add a notify group of the recipients."""
    options = {
        "group_type": "notify",
        "name": name,
        "entities": [f"notify.{it.lower()}_sms" for it in RECIPIENTS],
        "hide_members": False,
    }
    MockConfigEntry(domain="group", options=options, title=name).add_to_hass(hass)
    assert await async_setup_component(hass, "group", {})
    await hass.async_block_till_done()


@pytest.mark.usefixtures("recipients")
@pytest.mark.parametrize(("language", "example"), STEPS)
async def test_every_script_sends_messages(
    hass: HomeAssistant, exchange: RunningExchange, language: str, example: str
) -> None:
    """The steps run to their end, without an error message."""
    errors = async_mock_service(hass, "persistent_notification", "create")
    await add_group(hass, GROUPS[language])
    await run_steps(hass, example)
    assert exchange.requests("/sms")
    assert errors == []


@pytest.mark.usefixtures("recipients")
@pytest.mark.parametrize("language", PAGES)
async def test_a_failed_message_is_handled(
    hass: HomeAssistant, exchange: RunningExchange, language: str
) -> None:
    """The example with an alternative runs it when the message cannot be sent."""
    (example,) = (it for it in yaml_blocks(PAGES[language]) if "continue_on_error" in it)
    errors = async_mock_service(hass, "persistent_notification", "create")
    exchange.fail("low_balance", path="POST /sms")
    await run_steps(hass, example)
    assert len(exchange.requests("/sms")) == 1
    assert len(errors) == 1


@pytest.mark.usefixtures("recipients")
@pytest.mark.parametrize("language", PAGES)
async def test_an_alert_sends_messages_until_it_is_acknowledged(
    hass: HomeAssistant, exchange: RunningExchange, tick: Tick, language: str
) -> None:
    """The alert needs no notifiers; the automation sends a message, and a second one later."""
    (example,) = (it for it in yaml_blocks(PAGES[language]) if it.startswith("alert:"))
    config: Any = parse_yaml(example)
    ((name, alert),) = config["alert"].items()
    hass.states.async_set(alert["entity_id"], "off")
    for component in ("alert", "automation"):
        assert await async_setup_component(hass, component, config)
    await hass.async_block_till_done()

    async def count_messages(*steps: float, **states: str) -> int:
        exchange.journal.clear()
        for state in states.values():
            hass.states.async_set(alert["entity_id"], state)
            await hass.async_block_till_done(wait_background_tasks=True)
        await tick(*steps)
        return len(exchange.requests("/sms"))

    assert await count_messages(1, state="on") == 1
    assert await count_messages(1700, 101, 1800) == 1
    assert await count_messages(1, before="off", after="on") == 1
    target = {"entity_id": f"alert.{name}"}
    await hass.services.async_call("alert", "turn_off", target, blocking=True)
    assert await count_messages(1801, 1801) == 0
    # Ends the timer of the alert.
    assert await count_messages(1, state="off") == 0


@pytest.mark.parametrize("language", PAGES)
def test_the_page_states_the_limits(language: str) -> None:
    """The numbers and the option's name are those of the code."""
    page = PAGES[language]
    options = texts(language)["options"]["step"]["init"]["data"]
    assert f"*{options['sms_limit']}*" in page
    assert f" {DEFAULT_SMS_LIMIT} " in page
    assert f"**{sms.MAX_LENGTH} " in page
    rows = re.findall(r"\| (\d+) \w+ \| (\d+) \w+ \|", page)
    for (single, joined), letter in zip(rows, ("a", "ě"), strict=True):
        sizes = [int(single), int(single) + 1, 2 * int(joined), 2 * int(joined) + 1]
        counted = [sms.prepare(letter * size, keep_accents=True).parts for size in sizes]
        assert counted == [1, 2, 2, 3]
    (double,) = re.findall(r"`(€ [^`]+)`", page)
    for character in double.split():
        assert sms.prepare(character).length == 2
