"""Parties of a call given as a number or as the name of a contact."""

import pytest

from .conftest import MINE, START, Actions, parameters

CONTACTS = {
    "Petr 2": "00420604222222",
    "Petr 3": "00420604333333",
    "24/7": "00420604247247",
    "112 Hasiči": "00420604112112",
    "777 servis": "00420604777777",
    "Sklad": "*0712345678",
    "Vyzvednout": "*0822*300100",
}

PARTIES = {
    "Petr 2": CONTACTS["Petr 2"],
    "petr 3": CONTACTS["Petr 3"],
    "24/7": CONTACTS["24/7"],
    "24 / 7": CONTACTS["24/7"],
    "247": "247",
    "112 Hasiči": CONTACTS["112 Hasiči"],
    "112": "112",
    "777 servis": CONTACTS["777 servis"],
    "777": "777",
    "Sklad": CONTACTS["Sklad"],
    "vyzvednout": CONTACTS["Vyzvednout"],
}


async def test_a_name_with_a_digit_is_a_contact_in_every_action(
    act: Actions, subtests: pytest.Subtests
) -> None:
    """Callbacks, hang-up and history accept the same names; digits alone are a number."""
    await act.add_contacts(**CONTACTS)
    for text, number in PARTIES.items():
        with subtests.test(text=text):
            act.reset()
            await act("callback", recipient=text, caller=text)
            (order,) = act.exchange.requests("/callback")
            assert parameters(order) == {"recipient": number, "caller": number}
            await act("get_calls", number=text, **START)
            (request,) = act.readings
            assert request["phone_number_filter"] == number
            act.reset()
            other, call = act.world.dial("00420604000000"), act.world.dial(number)
            assert await act("hangup", number=text) == {"hung_up": [call.id]}
            assert set(act.world.active) == {other.id}


async def test_a_contact_without_a_number_is_reported(act: Actions) -> None:
    """The message names the contact and the address that cannot be dialled."""
    failure = await act.rejects(
        "contact_without_number", "callback", recipient="tomas", caller=MINE
    )
    assert str(failure).startswith("The contact Tomáš Procházka has skype:tomas.prochazka")


async def test_contacts_with_the_same_number_are_one_party(act: Actions) -> None:
    """A name is not ambiguous if its contacts have one number in two spellings."""
    await act.add_contacts(**{"Petr práce": "604 222 222", "Petr": "00420604222222"})
    await act("callback", recipient="petr", caller=MINE)
    (order,) = act.exchange.requests("/callback")
    assert parameters(order)["recipient"] == "00420604222222"


async def test_an_ambiguous_name_is_refused_with_the_contacts(act: Actions) -> None:
    """The message lists the contacts, and a longer name selects one of them."""
    await act.add_contacts(**{"Eva Malá": "00420601000111"})
    failure = await act.rejects("several_contacts", "callback", recipient="eva", caller=MINE)
    assert "Eva Dvořáková" in str(failure)
    assert "Eva Malá" in str(failure)
    await act("callback", recipient="eva mala", caller=MINE)
    assert act.orders == 1
