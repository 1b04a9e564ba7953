"""An alarm that is not confirmed on a phone is sent by SMS."""

import asyncio
from typing import Any

from homeassistant.core import ServiceCall
import pytest

from .conftest import JAN, STRANGER, Harness, Phone

pytestmark = pytest.mark.usefixtures("account")

PANEL, SMOKE = "alarm_control_panel.home", "binary_sensor.smoke"


async def add(harness: Harness, *names: str, **inputs: Any) -> list[Phone]:
    """Add the automation for an alarm panel and a smoke sensor, with phones and two recipients."""
    for entity_id, state, name in ((PANEL, "armed_away", "Panel"), (SMOKE, "off", "Smoke")):
        harness.hass.states.async_set(entity_id, state, {"friendly_name": name})
    contacts = (("Petr", JAN), ("Eva", STRANGER))
    recipients = [await harness.add_recipient(*contact) for contact in contacts]
    return await harness.add_phones(
        "alarm_by_sms", *names, alarms=[PANEL, SMOKE], recipients=recipients, **inputs
    )


def sent(harness: Harness) -> list[str]:
    """Return the texts of the messages; each has been sent to both recipients once."""
    messages = harness.exchange.messages
    texts = [[text for number, text in messages if number == it] for it in (JAN, STRANGER)]
    assert texts[0] == texts[1]
    return texts[0]


async def test_an_alarm_that_is_not_confirmed_is_sent_once(harness: Harness) -> None:
    """The phones are notified at once, and the recipients after three minutes."""
    phones = await add(harness, "Jana", "Petr 2")
    await harness.set_state(PANEL, "triggered")
    for phone in phones:
        (push,) = phone.shown
        assert (push["title"], push["message"]) == ("Alarm", "Panel")
        assert [button["title"] for button in push["data"]["actions"]] == ["Confirm"]
    await harness.tick(178)
    assert harness.exchange.messages == []
    await harness.tick(4)
    assert sent(harness) == ["Alarm: Panel"]
    await harness.tick(600)
    assert len(sent(harness)) == 1


async def test_an_alarm_that_is_confirmed_is_not_sent(harness: Harness) -> None:
    """One phone is enough; the notification disappears from the others, and alarms go on."""
    phones = await add(harness, "Jana", "Petr 2")
    await harness.set_state(PANEL, "triggered")
    old = phones[1].shown[0]
    await phones[1].press(old)
    assert [phone.shown for phone in phones] == [[], []]
    await harness.tick(600)
    assert harness.exchange.messages == []
    await harness.set_state(SMOKE, "on")
    # A late confirmation of the earlier alarm does not confirm this one.
    late = {"action": old["data"]["actions"][0]["action"]}
    harness.hass.bus.async_fire("mobile_app_notification_action", late)
    await harness.tick(182)
    assert sent(harness) == ["Alarm: Smoke"]


async def test_the_message_lists_all_alarms(harness: Harness) -> None:
    """A further alarm is notified, an alarm that repeats is not, and neither delays the message."""
    (phone,) = await add(harness, title="Poplach", message="Doma: {{ names }}", minutes=5)
    await harness.set_state(SMOKE, "on")
    await harness.tick(100)
    for state in ("off", "on"):
        await harness.set_state(SMOKE, state)
    assert len(phone.pushed) == 1
    await harness.set_state(PANEL, "triggered")
    assert len(phone.pushed) == 2
    (push,) = phone.shown
    assert push["message"] == "Doma: Smoke, Panel"
    await harness.tick(198)
    assert harness.exchange.messages == []
    await harness.tick(4)
    assert sent(harness) == ["Poplach: Doma: Smoke, Panel"]


async def test_a_further_alarm_can_be_confirmed(harness: Harness) -> None:
    """The button of the latest notification confirms all alarms."""
    (phone,) = await add(harness)
    await harness.set_state(SMOKE, "on")
    await harness.tick(60)
    await harness.set_state(PANEL, "triggered")
    await phone.press(phone.shown[0])
    await harness.tick(600)
    assert harness.exchange.messages == []
    assert phone.shown == []


@pytest.mark.parametrize(
    ("only_if_it_lasts", "state", "count"),
    [
        (False, "disarmed", 1),
        (True, "disarmed", 0),
        (True, "triggered", 1),
        (True, "unavailable", 1),
    ],
)
async def test_an_alarm_that_is_over_is_sent_unless_excluded(
    harness: Harness, *, only_if_it_lasts: bool, state: str, count: int
) -> None:
    """A panel that has become unavailable still counts as an alarm."""
    (phone,) = await add(harness, only_if_it_lasts=only_if_it_lasts)
    await harness.set_state(PANEL, "triggered")
    await harness.set_state(PANEL, state)
    await harness.tick(182)
    assert len(sent(harness)) == count
    assert bool(phone.shown) is bool(count)


async def test_a_phone_without_an_action_does_not_prevent_the_message(harness: Harness) -> None:
    """Home Assistant has no action for a phone whose app does not accept notifications."""
    phones = await add(harness, "Jana", "Gone")
    harness.hass.services.async_remove("notify", "mobile_app_gone")
    await harness.set_state(PANEL, "triggered")
    assert len(phones[0].shown) == 1
    await harness.set_state(SMOKE, "on")
    await harness.tick(182)
    assert sent(harness) == ["Alarm: Panel, Smoke"]


async def test_a_confirmation_counts_before_all_phones_are_notified(harness: Harness) -> None:
    """The push service of one phone may take long."""
    phones = await add(harness, "Jana", "Slow")
    is_called, is_delivered = asyncio.Event(), asyncio.Event()

    async def notify(call: ServiceCall) -> None:
        is_called.set()
        await is_delivered.wait()
        phones[1].pushed.append(call)

    harness.hass.services.async_register("notify", "mobile_app_slow", notify)
    harness.hass.states.async_set(PANEL, "triggered")
    await is_called.wait()
    action = phones[0].shown[0]["data"]["actions"][0]["action"]
    harness.hass.bus.async_fire("mobile_app_notification_action", {"action": action})
    is_delivered.set()
    await harness.hass.async_block_till_done(wait_background_tasks=True)
    assert [phone.shown for phone in phones] == [[], []]
    await harness.tick(182)
    assert harness.exchange.messages == []
