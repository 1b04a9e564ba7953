"""Arrivals and departures of a person by SMS."""

from typing import Any

import pytest

from .conftest import JAN, Harness

pytestmark = pytest.mark.usefixtures("account")

PERSON = "person.jana"


async def add(harness: Harness, state: str, **inputs: Any) -> None:
    """Add the automation while the person is somewhere."""
    harness.hass.states.async_set(PERSON, state, {"friendly_name": "Jana"})
    petr = await harness.add_recipient("Petr", JAN)
    await harness.add("arrivals_by_sms", person=PERSON, recipients=[petr], **inputs)


async def texts_after(harness: Harness, *states: str) -> list[str]:
    """Return the texts of the messages that are sent while the person changes their state."""
    before = len(harness.exchange.messages)
    for state in states:
        await harness.set_state(PERSON, state)
    return [text for _, text in harness.exchange.messages[before:]]


async def test_arrivals_and_departures_are_sent(harness: Harness) -> None:
    """Only changes of being at home count, not those between other zones."""
    await add(harness, "not_home")
    assert await texts_after(harness, "Work", "not_home") == []
    assert await texts_after(harness, "home") == ["Jana has come home."]
    await harness.tick(602)
    assert await texts_after(harness, "Work") == ["Jana has left home."]
    await harness.tick(602)
    assert await texts_after(harness, "not_home", "unavailable", "home") == []


async def test_changes_during_the_pause_are_collected(harness: Harness) -> None:
    """When the pause is over, the last state is sent if it differs from the one that was sent."""
    await add(harness, "not_home", minutes=20)
    assert await texts_after(harness, "home", "not_home", "home") == ["Jana has come home."]
    await harness.tick(1202)
    assert len(harness.exchange.messages) == 1
    assert await texts_after(harness, "not_home", "home", "not_home") == ["Jana has left home."]
    await harness.set_state(PERSON, "home")
    await harness.tick(1202)
    assert [text for _, text in harness.exchange.messages] == [
        "Jana has come home.",
        "Jana has left home.",
        "Jana has come home.",
    ]


@pytest.mark.parametrize(
    ("which", "texts"), [("arrivals", ["Jana je doma."]), ("departures", ["Jana odešla."])]
)
async def test_arrivals_or_departures_can_be_left_out(
    harness: Harness, which: str, texts: list[str]
) -> None:
    """A change that is not sent does not delay one that is."""
    await add(
        harness, "home", which=[which], arrived="{{ name }} je doma.", left="{{ name }} odešla."
    )
    plain = [text.replace("š", "s") for text in texts]
    assert await texts_after(harness, "not_home", "home") == plain


async def test_an_account_that_returns_is_no_arrival(harness: Harness) -> None:
    """After a restart, the person becomes known at home."""
    await add(harness, "unknown")
    assert await texts_after(harness, "home", "unavailable", "not_home") == []
