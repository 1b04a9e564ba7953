"""Opening a gate by ringing, and notifying phones."""

from dataclasses import dataclass
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
from simulator.worlds import GATE_NUMBER, start_storm

from .conftest import FOLDER, HOME, JAN, ROOT, STRANGER, Harness, Phone

BLUEPRINT = "open_by_ringing"
BUTTON, RELAY, ALARM = "button.gate", "switch.gate", "alarm_control_panel.home"
GUEST = "00420733555111"
NEAR = "zone.near"
OPENED, NOT_OPENED, FAILED = "Brána: opened", "Brána: not opened", "Brána: could not be opened"
ACTIONS = (
    *("cover.open_cover", "homeassistant.turn_off", "input_boolean.turn_on", "input_button.press"),
    *("lock.open", "lock.unlock", "script.turn_on", "switch.turn_on"),
)
CALLER = "Jan Novák mobil · +420 777 123 456"


@dataclass
class Gate:
    """A gate that Jan may open, a phone, and the presses of the button that opens the gate."""

    harness: Harness
    device_id: str
    phone: Phone
    pressed: list[ServiceCall]

    async def add(self, **inputs: Any) -> None:
        """Add the automation with the button and the phone."""
        defaults = {"gate": self.device_id, "opener": BUTTON, "phones": [self.phone.device_id]}
        await self.harness.add(BLUEPRINT, **defaults | inputs)

    def mock(self, action: str, error: Exception | None = None) -> list[ServiceCall]:
        """Replace an action, and return its calls."""
        domain, name = action.split(".")
        return async_mock_service(self.harness.hass, domain, name, raise_exception=error)

    def set_state(self, entity_id: str, state: str | None, **attributes: Any) -> None:
        """Set the state of an entity, or remove it."""
        if state is None:
            self.harness.hass.states.async_remove(entity_id)
        else:
            self.harness.hass.states.async_set(entity_id, state, attributes)

    async def ring(self, source: str = JAN, destination: str = GATE_NUMBER) -> None:
        """Ring at the gate, and hang up."""
        call = self.harness.world.ring(source, destination)
        await self.harness.tick(10)
        await self.harness.tick(1)
        if call.ended is None:
            self.harness.world.end(call.id)
        await self.harness.tick(3)
        await self.harness.tick(3)

    @property
    def shown(self) -> list[tuple[str, str]]:
        """The title and message of each notification, without the time in the message."""
        return [
            (push["title"], " · ".join(it for it in push["message"].split(" · ") if ":" not in it))
            for push in self.phone.shown
        ]

    async def assert_opens(self, *, unless: str | None) -> None:
        """Ring, and check that the gate was opened, or not for a reason, and the phone says so."""
        self.pressed.clear()
        self.phone.pushed.clear()
        await self.ring()
        expected = (NOT_OPENED, f"{CALLER} · {unless}") if unless else (OPENED, CALLER)
        assert self.shown == [expected]
        assert len(self.pressed) == (unless is None)


@pytest.fixture
async def gate(harness: Harness, account: MockConfigEntry) -> Gate:  # noqa: ARG001
    """A gate that Jan may open, and a guest whose access has ended."""
    harness.hass.states.async_set(BUTTON, "unknown")
    harness.hass.states.async_set(ALARM, "disarmed")
    callers = ("Jan Novák mobil", f"{GUEST} until 2020-02-29")
    device_id = await harness.add_gate("Brána", GATE_NUMBER, *callers)
    pressed = async_mock_service(harness.hass, "button", "press")
    return Gate(harness, device_id, harness.add_phone("Jana"), pressed)


async def test_the_form_offers_the_devices_of_gates(hass: HomeAssistant, gate: Gate) -> None:
    """Home Assistant's interface compares the model exactly."""
    blueprint = parse_yaml((ROOT / FOLDER / f"{BLUEPRINT}.yaml").read_text("utf-8"))
    assert isinstance(blueprint, dict)
    selector = blueprint["blueprint"]["input"]["gate"]["selector"]
    device = dr.async_get(hass).async_get(gate.device_id)
    assert isinstance(device, dr.DeviceEntry)
    assert selector == {
        "device": {"filter": [{"integration": DOMAIN, "model_id": device.model_id}]}
    }


async def test_a_caller_who_may_opens_the_gate(gate: Gate) -> None:
    """The button is pressed once for each ring, and each opening has a notification."""
    await gate.add()
    time = f"{dt_util.now():%H:%M}"
    await gate.ring()
    assert [call.data["entity_id"] for call in gate.pressed] == [[BUTTON]]
    assert gate.shown == [(OPENED, CALLER)]
    assert gate.phone.shown[0]["message"].endswith(f" · {time}")
    await gate.ring()
    assert len(gate.pressed) == len(gate.phone.shown) == len(gate.phone.pushed) == 2


@pytest.mark.parametrize(
    ("language", "title", "messages"),
    [
        (
            "en",
            NOT_OPENED,
            [
                "+420 602 555 123 · this number may not open it",
                "Withheld number · the number is withheld",
                "Babička Růžena · +420 733 555 111 · guest access has ended",
            ],
        ),
        (
            "cs",
            "Brána: neotevřeno",
            [
                "+420 602 555 123 · toto číslo otevřít nesmí",
                "Skryté číslo · číslo je skryté",
                "Babička Růžena · +420 733 555 111 · přístup hosta už skončil",
            ],
        ),
    ],
)
async def test_a_refusal_of_the_gate_is_notified_with_its_reason(
    gate: Gate, language: str, title: str, messages: list[str]
) -> None:
    """The gate stays closed. Of several refusals of a caller, only the last one is shown."""
    await gate.add(language=language)
    for source in (STRANGER, "", GUEST, STRANGER):
        await gate.ring(source)
    assert gate.pressed == []
    assert gate.shown == [(title, message) for message in messages]
    assert len(gate.phone.pushed) == 4


async def test_other_gates_and_calls_open_nothing(harness: Harness, gate: Gate) -> None:
    """The automation belongs to one gate."""
    await gate.add()
    await harness.add_gate("Závora", "00420910123456", "Jan Novák mobil")
    await gate.ring(destination="00420910123456")
    await gate.ring(STRANGER, "00420910123456")
    await gate.ring(destination="00420533111222")
    harness.world.dial(JAN, line=HOME)
    await harness.tick(10)
    assert gate.pressed == []
    assert gate.phone.pushed == []


@pytest.mark.parametrize(
    ("opener", "features", "pulse", "actions"),
    [
        ("cover.gate", 3, 0.5, ["cover.open_cover"]),
        ("input_button.gate", 0, 0.5, ["input_button.press"]),
        ("lock.gate", 1, 0.5, ["lock.open"]),
        ("lock.gate", 0, 0.5, ["lock.unlock"]),
        ("script.gate", 0, 0.5, ["script.turn_on"]),
        ("input_boolean.gate", 0, 0.5, ["input_boolean.turn_on", "homeassistant.turn_off"]),
        (RELAY, 0, 0.5, ["switch.turn_on", "homeassistant.turn_off"]),
        (RELAY, 0, 0, ["switch.turn_on"]),
    ],
)
async def test_an_entity_is_opened_by_its_own_action(
    gate: Gate, opener: str, features: int, pulse: float, actions: list[str]
) -> None:
    """A switch is turned off again after a moment, unless it does that itself."""
    calls = {action: gate.mock(action) for action in ACTIONS}
    gate.set_state(opener, "off", supported_features=features)
    await gate.add(opener=opener, pulse=pulse)
    await gate.ring()
    called = {name: [it.data["entity_id"] for it in made] for name, made in calls.items() if made}
    assert called == {action: [[opener]] for action in actions}
    assert [title for title, _ in gate.shown] == [OPENED]


@pytest.mark.parametrize("opener", ["", BUTTON])
async def test_actions_run_with_the_data_of_the_call(gate: Gate, opener: str) -> None:
    """Actions run alone or after the entity, but not for a stranger."""
    lights = gate.mock("light.turn_on")
    data = {"who": "{{ trigger.name }} {{ trigger.reason }}"}
    await gate.add(opener=opener, actions=[{"action": "light.turn_on", "data": data}])
    await gate.ring()
    await gate.ring(STRANGER)
    assert [call.data["who"] for call in lights] == ["Jan Novák mobil None"]
    assert len(gate.pressed) == (1 if opener else 0)
    assert [title for title, _ in gate.shown] == [OPENED, NOT_OPENED]


@pytest.mark.parametrize("state", ["unavailable", None])
async def test_an_unavailable_opener_is_notified(gate: Gate, state: str | None) -> None:
    """The phone does not say that the gate was opened."""
    await gate.add()
    gate.set_state(BUTTON, state)
    await gate.ring()
    assert gate.pressed == []
    assert gate.shown == [(FAILED, f"{CALLER} · the entity that opens it is unavailable")]


async def test_an_action_that_fails_is_notified(gate: Gate) -> None:
    """The phone does not say that the gate was opened, and the other actions still run."""
    lights = gate.mock("light.turn_on")
    gate.mock("button.press", HomeAssistantError("jammed"))
    await gate.add(actions=[{"action": "light.turn_on"}])
    await gate.ring()
    assert gate.shown == [(FAILED, CALLER)]
    assert len(lights) == 1


async def test_someone_of_the_household_has_to_be_near(
    gate: Gate, subtests: pytest.Subtests
) -> None:
    """A person is near at home and in the chosen zones; a missing person is not."""
    gate.set_state(NEAR, "0", friendly_name="Near")
    await gate.add(people=["person.jan", "person.eva"], zones=[NEAR])
    for jan, eva, zones, is_open in (
        ("home", None, [], True),
        ("not_home", "home", [], True),
        ("not_home", "not_home", [], False),
        ("Near", None, [], True),
        ("Work", None, [], False),
        ("Work", None, [NEAR], True),
        ("Work", None, ["zone.work"], False),
        ("unknown", None, [], False),
        ("unavailable", None, [NEAR], False),
        (None, None, [], False),
    ):
        with subtests.test(jan=jan, eva=eva, zones=zones):
            gate.set_state("person.jan", jan, in_zones=zones)
            gate.set_state("person.eva", eva)
            await gate.assert_opens(unless=None if is_open else "none of the chosen people is near")


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
    gate: Gate, start: Any, end: str, hour: int, *, is_open: bool
) -> None:
    """The hours are those of Home Assistant's time zone and may include midnight."""
    await gate.add(start=start, end=end)
    tomorrow = dt_util.now().replace(hour=hour, minute=30, second=0) + timedelta(days=1)
    gate.harness.freezer.move_to(tomorrow)
    await gate.harness.tick(1)
    await gate.assert_opens(unless=None if is_open else "outside the chosen hours")


async def test_the_alarm_has_to_be_disarmed(gate: Gate, subtests: pytest.Subtests) -> None:
    """A state that is not known keeps the gate closed."""
    await gate.add(alarm=ALARM)
    for state in ("disarmed", "armed_home", "unknown", "unavailable", None):
        with subtests.test(state=state):
            gate.set_state(ALARM, state)
            reason = None if state == "disarmed" else "the alarm is not disarmed"
            await gate.assert_opens(unless=reason)


async def test_every_ring_of_a_storm_is_notified(gate: Gate) -> None:
    """Each ring has a notification, although all are seen in the same poll."""
    await gate.add()
    rings = 60
    start_storm(gate.harness.world, STRANGER, n=rings, interval=0, end_after=30)
    await gate.harness.tick(10)
    await gate.harness.tick(1)
    assert len(gate.phone.pushed) == rings
    assert len(gate.phone.shown) == 1
    assert gate.pressed == []


async def test_a_ring_during_the_actions_of_another_opens(gate: Gate) -> None:
    """The second run neither stops the first nor waits for it."""
    done = gate.mock("test.done")
    await gate.add(actions=[{"delay": 60}, {"action": "test.done"}])
    for _ in range(2):
        await gate.ring()
    assert len(gate.pressed) == 2
    assert done == []
    await gate.harness.tick(60)
    await gate.harness.tick(1)
    assert len(done) == 2
