"""Announcing the caller through loudspeakers."""

import pytest
from pytest_homeassistant_custom_component.common import async_mock_service

from simulator.worlds import GATE_NUMBER

from .conftest import HOME, JAN, STRANGER, Harness

pytestmark = pytest.mark.usefixtures("account")

BLUEPRINT = "announce_caller"
PLAYERS = ["media_player.kitchen", "media_player.hall"]


async def test_the_caller_is_announced(harness: Harness, subtests: pytest.Subtests) -> None:
    """A caller is announced by name, otherwise by digits in groups or the name in an address."""
    spoken = async_mock_service(harness.hass, "tts", "speak")
    await harness.add(
        BLUEPRINT,
        voice="tts.czech",
        players=PLAYERS,
        message="Volá {{ caller }} na linku {{ line }}",
        withheld="skryté číslo",
    )
    for source, caller in (
        (JAN, "Jan Novák mobil"),
        (STRANGER, "602 555 123"),
        ("004930901820", "004 930 901 820"),
        ("*300120", "*30 012 0"),
        ("sip:janinnovak@iptel.org", "janinnovak"),
        ("skype:tomas.novotny", "tomas.novotny"),
        ("domov.novakovi", "domov.novakovi"),
        ("", "skryté číslo"),
        ("unavailable", "skryté číslo"),
        ("sip:anonymous@anonymous.invalid", "skryté číslo"),
    ):
        with subtests.test(source=source):
            spoken.clear()
            harness.world.ring(source, line=HOME)
            await harness.tick(10)
            (call,) = spoken
            assert call.data == {
                "entity_id": ["tts.czech"],
                "media_player_entity_id": PLAYERS,
                "message": f"Volá {caller} na linku Domov",
            }
            harness.world.end()
            await harness.tick(10)


async def test_only_ringing_incoming_calls_are_announced(harness: Harness) -> None:
    """Nothing is announced for a ring at a gate, an answered call or an outgoing one.

    The ring does not count as ringing for the answered call; a further call is announced.
    """
    spoken = async_mock_service(harness.hass, "tts", "speak")
    await harness.add_gate("Brána", GATE_NUMBER, JAN)
    await harness.add(BLUEPRINT, voice="tts.czech", players=PLAYERS)
    harness.world.ring(STRANGER, GATE_NUMBER)
    answered = harness.world.ring(JAN, line=HOME)
    harness.world.answer(answered.id)
    harness.world.dial(STRANGER, line=HOME)
    await harness.tick(10)
    assert spoken == []
    harness.world.ring("", line=HOME)
    await harness.tick(3)
    harness.world.ring(STRANGER, GATE_NUMBER)
    await harness.tick(3)
    assert [call.data["message"] for call in spoken] == ["A withheld number is calling"]
