"""Opening a gate by ringing, and notifying phones."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

from homeassistant.core import HomeAssistant, ServiceCall
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import device_registry as dr
from homeassistant.util import dt as dt_util
from homeassistant.util.yaml import parse_yaml
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, async_mock_service

from custom_components.odorik.const import DOMAIN
from simulator.world.numbers import FORGERIES
from simulator.worlds import GATE_NUMBER, start_storm

from .conftest import FOLDER, HOME, JAN, ROOT, STRANGER, Harness, Phone

BLUEPRINT = "open_by_ringing"
BUTTON, RELAY, ALARM = "button.gate", "switch.gate", "alarm_control_panel.home"
GUEST = "00420733555111"
NEAR = "zone.near"
ACTIONS = (
    ("cover", "open_cover"),
    ("homeassistant", "turn_off"),
    ("input_boolean", "turn_on"),
    ("input_button", "press"),
    ("lock", "open"),
    ("lock", "unlock"),
    ("script", "turn_on"),
    ("switch", "turn_on"),
)

type Ring = Callable[..., Awaitable[None]]


@pytest.fixture(name="gate")
async def gate_device(harness: Harness, account: MockConfigEntry) -> str:  # noqa: ARG001
    """The device of a gate that Jan may open, and a guest whose access has ended."""
    harness.hass.states.async_set(BUTTON, "unknown")
    harness.hass.states.async_set(ALARM, "disarmed")
    return await harness.add_gate(
        "Brána", GATE_NUMBER, "Jan Novák mobil", f"{GUEST} until 2020-02-29"
    )


@pytest.fixture
def ring(harness: Harness) -> Ring:
    """Ring at the gate, and hang up."""

    async def make_call(source: str = JAN, destination: str = GATE_NUMBER) -> None:
        call = harness.world.ring(source, destination)
        await harness.tick(10)
        await harness.tick(1)
        if call.ended is None:
            harness.world.end(call.id)
        await harness.tick(3)
        await harness.tick(3)

    return make_call


@pytest.fixture
def pressed(harness: Harness) -> list[ServiceCall]:
    """The presses of the button."""
    return async_mock_service(harness.hass, "button", "press")


async def add(harness: Harness, gate: str, **inputs: Any) -> Phone:
    """Add the automation with a button and a phone."""
    phone = harness.add_phone("Jana")
    await harness.add(
        BLUEPRINT, **{"gate": gate, "opener": BUTTON, "phones": [phone.device_id], **inputs}
    )
    return phone


def shown(phone: Phone) -> list[tuple[str, str]]:
    """Return the title and message of each notification, without the time in the message."""
    return [
        (push["title"], " · ".join(it for it in push["message"].split(" · ") if ":" not in it))
        for push in phone.shown
    ]


def check(phone: Phone, pressed: list[ServiceCall], reason: str | None) -> None:
    """Check that the gate was opened, or not opened for a reason, and that the phone says so."""
    caller = "Jan Novák mobil · +420 777 123 456"
    if reason is None:
        assert shown(phone) == [("Brána: opened", caller)]
    else:
        assert shown(phone) == [("Brána: not opened", f"{caller} · {reason}")]
    assert len(pressed) == (reason is None)


async def test_the_form_offers_the_devices_of_gates(hass: HomeAssistant, gate: str) -> None:
    """Home Assistant's interface compares the model exactly."""
    blueprint = parse_yaml((ROOT / FOLDER / f"{BLUEPRINT}.yaml").read_text("utf-8"))
    assert isinstance(blueprint, dict)
    selector = blueprint["blueprint"]["input"]["gate"]["selector"]
    device = dr.async_get(hass).async_get(gate)
    assert isinstance(device, dr.DeviceEntry)
    assert selector == {
        "device": {"filter": [{"integration": DOMAIN, "model_id": device.model_id}]}
    }


async def test_a_caller_who_may_opens_the_gate(
    harness: Harness, gate: str, ring: Ring, pressed: list[ServiceCall]
) -> None:
    """The button is pressed once for each ring, and each opening has a notification."""
    phone = await add(harness, gate)
    time = f"{dt_util.now():%H:%M}"
    await ring()
    assert [call.data["entity_id"] for call in pressed] == [[BUTTON]]
    assert shown(phone) == [("Brána: opened", "Jan Novák mobil · +420 777 123 456")]
    assert phone.shown[0]["message"].endswith(f" · {time}")
    await ring()
    assert len(pressed) == len(phone.shown) == len(phone.pushed) == 2


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        (
            "en",
            [
                ("Brána: not opened", "+420 602 555 123 · this number may not open it"),
                ("Brána: not opened", "Withheld number · the number is withheld"),
                (
                    "Brána: not opened",
                    "Babička Růžena · +420 733 555 111 · guest access has ended",
                ),
            ],
        ),
        (
            "cs",
            [
                ("Brána: neotevřeno", "+420 602 555 123 · toto číslo otevřít nesmí"),
                ("Brána: neotevřeno", "Skryté číslo · číslo je skryté"),
                (
                    "Brána: neotevřeno",
                    "Babička Růžena · +420 733 555 111 · přístup hosta už skončil",
                ),
            ],
        ),
    ],
)
async def test_a_refusal_of_the_gate_is_notified_with_its_reason(
    harness: Harness,
    gate: str,
    ring: Ring,
    pressed: list[ServiceCall],
    *,
    language: str,
    expected: list[tuple[str, str]],
) -> None:
    """The gate stays closed. Of several refusals of a caller, only the last one is shown."""
    phone = await add(harness, gate, language=language)
    for source in (STRANGER, "", GUEST, STRANGER):
        await ring(source)
    assert pressed == []
    assert shown(phone) == expected
    assert len(phone.pushed) == 4


async def test_other_gates_and_calls_open_nothing(
    harness: Harness, gate: str, ring: Ring, pressed: list[ServiceCall]
) -> None:
    """The automation belongs to one gate."""
    phone = await add(harness, gate)
    await harness.add_gate("Závora", "00420910123456", "Jan Novák mobil")
    await ring(destination="00420910123456")
    await ring(STRANGER, "00420910123456")
    await ring(destination="00420533111222")
    harness.world.dial(JAN, line=HOME)
    await harness.tick(10)
    assert pressed == []
    assert phone.pushed == []


@pytest.mark.parametrize(
    ("opener", "features", "actions"),
    [
        ("cover.gate", 3, ["cover.open_cover"]),
        ("input_button.gate", None, ["input_button.press"]),
        ("lock.gate", 1, ["lock.open"]),
        ("lock.gate", 0, ["lock.unlock"]),
        ("script.gate", None, ["script.turn_on"]),
        ("input_boolean.gate", None, ["input_boolean.turn_on", "homeassistant.turn_off"]),
        (RELAY, None, ["switch.turn_on", "homeassistant.turn_off"]),
    ],
)
async def test_an_entity_is_opened_by_its_own_action(
    harness: Harness,
    gate: str,
    ring: Ring,
    *,
    opener: str,
    features: int | None,
    actions: list[str],
) -> None:
    """A switch is turned off again after a moment."""
    calls = {
        f"{domain}.{name}": async_mock_service(harness.hass, domain, name)
        for domain, name in ACTIONS
    }
    attributes = {} if features is None else {"supported_features": features}
    harness.hass.states.async_set(opener, "off", attributes)
    phone = await add(harness, gate, opener=opener, pulse=0.5)
    await ring()
    called = {name: [it.data["entity_id"] for it in made] for name, made in calls.items() if made}
    assert called == {action: [[opener]] for action in actions}
    assert [title for title, _ in shown(phone)] == ["Brána: opened"]


@pytest.mark.usefixtures("pressed")
async def test_a_relay_that_turns_itself_off_is_left_on(
    harness: Harness, gate: str, ring: Ring
) -> None:
    """With a pulse of 0, the switch is only turned on."""
    turned_on = async_mock_service(harness.hass, "switch", "turn_on")
    turned_off = async_mock_service(harness.hass, "homeassistant", "turn_off")
    harness.hass.states.async_set(RELAY, "off")
    await add(harness, gate, opener=RELAY, pulse=0)
    await ring()
    assert len(turned_on) == 1
    assert turned_off == []


@pytest.mark.parametrize("opener", ["", BUTTON])
async def test_actions_run_with_the_data_of_the_call(
    harness: Harness, gate: str, ring: Ring, pressed: list[ServiceCall], opener: str
) -> None:
    """Actions run alone or after the entity, but not for a stranger."""
    lights = async_mock_service(harness.hass, "light", "turn_on")
    data = {"who": "{{ trigger.name }} {{ trigger.reason }}"}
    actions = [{"action": "light.turn_on", "data": data}]
    phone = await add(harness, gate, opener=opener, actions=actions)
    await ring()
    await ring(STRANGER)
    assert [call.data["who"] for call in lights] == ["Jan Novák mobil None"]
    assert len(pressed) == (1 if opener else 0)
    titles = [title for title, _ in shown(phone)]
    assert titles == ["Brána: opened", "Brána: not opened"]


@pytest.mark.parametrize("state", ["unavailable", None])
async def test_an_unavailable_opener_is_notified(
    harness: Harness, gate: str, ring: Ring, pressed: list[ServiceCall], state: str | None
) -> None:
    """The phone does not say that the gate was opened."""
    phone = await add(harness, gate)
    if state:
        harness.hass.states.async_set(BUTTON, state)
    else:
        harness.hass.states.async_remove(BUTTON)
    await ring()
    assert pressed == []
    message = "Jan Novák mobil · +420 777 123 456 · the entity that opens it is unavailable"
    assert shown(phone) == [("Brána: could not be opened", message)]


async def test_an_action_that_fails_is_notified(harness: Harness, gate: str, ring: Ring) -> None:
    """The phone does not say that the gate was opened, and the other actions still run."""
    lights = async_mock_service(harness.hass, "light", "turn_on")
    async_mock_service(
        harness.hass, "button", "press", raise_exception=HomeAssistantError("jammed")
    )
    phone = await add(harness, gate, actions=[{"action": "light.turn_on"}])
    await ring()
    message = "Jan Novák mobil · +420 777 123 456"
    assert shown(phone) == [("Brána: could not be opened", message)]
    assert len(lights) == 1


@pytest.mark.parametrize(
    ("states", "is_open"),
    [
        ({"person.jan": ("home", [])}, True),
        ({"person.jan": ("not_home", []), "person.eva": ("home", [])}, True),
        ({"person.jan": ("not_home", []), "person.eva": ("not_home", [])}, False),
        ({"person.jan": ("Near", [])}, True),
        ({"person.jan": ("Work", [])}, False),
        ({"person.jan": ("Work", [NEAR])}, True),
        ({"person.jan": ("Work", ["zone.work"])}, False),
        ({"person.jan": ("unknown", [])}, False),
        ({"person.jan": ("unavailable", [NEAR])}, False),
        ({}, False),
    ],
)
async def test_someone_of_the_household_has_to_be_near(
    harness: Harness,
    gate: str,
    ring: Ring,
    pressed: list[ServiceCall],
    *,
    states: dict[str, tuple[str, list[str]]],
    is_open: bool,
) -> None:
    """A person is near at home and in the chosen zones; a missing person is not."""
    harness.hass.states.async_set(NEAR, "0", {"friendly_name": "Near"})
    for person, (state, zones) in states.items():
        harness.hass.states.async_set(person, state, {"in_zones": zones})
    phone = await add(harness, gate, people=["person.jan", "person.eva"], zones=[NEAR])
    await ring()
    check(phone, pressed, None if is_open else "none of the chosen people is near")


@pytest.mark.parametrize(
    ("start", "end", "hour", "is_open"),
    [
        ("08:00:00", "20:00:00", 12, True),
        ("08:00:00", "20:00:00", 7, False),
        ("08:00:00", "20:00:00", 20, False),
        ("22:00:00", "06:00:00", 23, True),
        ("22:00:00", "06:00:00", 1, True),
        ("22:00:00", "06:00:00", 12, False),
        ("12:00:00", "", 23, True),
        ("12:00:00", "", 11, False),
        ("", "12:00:00", 0, True),
        ("", "12:00:00", 12, False),
        ("08:00", "20:00", 12, True),
        ("08:00:00", "08:00:00", 12, True),
        # YAML reads a time without quotes as a number of seconds.
        (28800, "20:00:00", 12, False),
        ("morning", "", 12, False),
    ],
)
async def test_the_gate_opens_at_the_chosen_hours(
    harness: Harness,
    gate: str,
    ring: Ring,
    pressed: list[ServiceCall],
    *,
    start: Any,
    end: str,
    hour: int,
    is_open: bool,
) -> None:
    """The hours are those of Home Assistant's time zone and may include midnight."""
    phone = await add(harness, gate, start=start, end=end)
    tomorrow = dt_util.now().replace(hour=hour, minute=30, second=0) + timedelta(days=1)
    harness.freezer.move_to(tomorrow)
    await harness.tick(1)
    await ring()
    check(phone, pressed, None if is_open else "outside the chosen hours")


@pytest.mark.parametrize("state", ["disarmed", "armed_home", "unknown", "unavailable", None])
async def test_the_alarm_has_to_be_disarmed(
    harness: Harness, gate: str, ring: Ring, pressed: list[ServiceCall], state: str | None
) -> None:
    """A state that is not known keeps the gate closed."""
    phone = await add(harness, gate, alarm=ALARM)
    if state:
        harness.hass.states.async_set(ALARM, state)
    else:
        harness.hass.states.async_remove(ALARM)
    await ring()
    check(phone, pressed, None if state == "disarmed" else "the alarm is not disarmed")


async def test_a_forged_number_opens_only_if_it_is_exact(
    harness: Harness,
    gate: str,
    ring: Ring,
    pressed: list[ServiceCall],
    subtests: pytest.Subtests,
) -> None:
    """A number that only looks like that of a caller is refused."""
    phone = await add(harness, gate)
    for kind, (_, imitate) in FORGERIES.items():
        with subtests.test(kind=kind):
            pressed.clear()
            phone.pushed.clear()
            await ring(imitate(JAN))
            assert len(pressed) == (kind == "exact")
            (title,) = [title for title, _ in shown(phone)]
            assert title == ("Brána: opened" if kind == "exact" else "Brána: not opened")


async def test_every_ring_of_a_storm_is_notified(
    harness: Harness, gate: str, pressed: list[ServiceCall]
) -> None:
    """Each ring has a notification, although all are seen in the same poll."""
    phone = await add(harness, gate)
    rings = 60
    start_storm(harness.world, STRANGER, n=rings, interval=0, end_after=30)
    await harness.tick(10)
    await harness.tick(1)
    assert len(phone.pushed) == rings
    assert len(phone.shown) == 1
    assert pressed == []


async def test_a_ring_during_the_actions_of_another_opens(
    harness: Harness, gate: str, ring: Ring, pressed: list[ServiceCall]
) -> None:
    """The second run neither stops the first nor waits for it."""
    done = async_mock_service(harness.hass, "test", "done")
    await add(harness, gate, actions=[{"delay": 60}, {"action": "test.done"}])
    for _ in range(2):
        await ring()
    assert len(pressed) == 2
    assert done == []
    await harness.tick(60)
    await harness.tick(1)
    assert len(done) == 2
