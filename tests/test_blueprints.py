"""The blueprints, imported by their links and at work in a real Home Assistant."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
import json
from pathlib import Path
import re
import shutil
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.components.automation.helpers import async_get_blueprints
from homeassistant.components.blueprint.importer import fetch_blueprint_from_github_url
from homeassistant.components.light import ColorMode, LightEntity
from homeassistant.components.media_player import (
    MediaPlayerEntity,
    MediaPlayerEntityFeature,
    MediaPlayerState,
)
from homeassistant.core import CoreState, HomeAssistant, ServiceCall
from homeassistant.helpers import device_registry as dr, entity_registry as er
from homeassistant.setup import async_setup_component
from homeassistant.util import dt as dt_util, slugify
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_fire_time_changed,
    async_mock_service,
    setup_test_component_platform,
)

from custom_components.odorik.const import CONF_PUSH, DOMAIN
from simulator.worlds import HOME_NUMBER

from .conftest import Tick
from .exchange import RunningExchange

ROOT = Path(__file__).parent.parent
FOLDER = Path("blueprints/automation") / DOMAIN
NAMES = sorted(path.stem for path in (ROOT / FOLDER).glob("*.yaml"))
REPOSITORY = json.loads((ROOT / "custom_components" / DOMAIN / "manifest.json").read_text("utf-8"))[
    "documentation"
]

JAN, STRANGER = "00420777123456", "00420602555123"
MINE = "+420 603 111 222"
HOME, WORKSHOP = 300100, 300110

AUTOMATION = re.compile("coro=<(AutomationEntity|Script)")
"""What runs of automations are called among the tasks."""

type Use = Callable[..., Awaitable[None]]


@pytest.fixture(autouse=True)
def clock(freezer: FrozenDateTimeFactory) -> None:
    """Stop the clock before anything is set up: what is due later is then due in its time."""


@pytest.fixture
def hass_config_dir(hass_tmp_config_dir: str) -> str:
    """A configuration folder into which the blueprints were imported."""
    shutil.copytree(ROOT / FOLDER, Path(hass_tmp_config_dir) / FOLDER)
    return hass_tmp_config_dir


@pytest.fixture
async def use(hass: HomeAssistant) -> AsyncGenerator[Use]:
    """Make automations of blueprints."""

    async def make(name: str, *, aliases: tuple[str, ...] = ("ours",), **inputs: Any) -> None:
        automations = [
            {
                "alias": alias,
                "use_blueprint": {"path": f"{DOMAIN}/{name}.yaml", "input": inputs},
            }
            for alias in aliases
        ]
        assert await async_setup_component(hass, "automation", {"automation": automations})
        await hass.async_block_till_done()
        for alias in aliases:
            assert is_state(hass, f"automation.{alias}", "on")

    yield make
    if hass.services.has_service("automation", "turn_off"):
        # With the clock stopped, what waits would wait for ever.
        await hass.services.async_call(
            "automation", "turn_off", {"entity_id": "all"}, blocking=True
        )


@pytest.fixture
def tick(hass: HomeAssistant, freezer: FrozenDateTimeFactory) -> Tick:
    """Let seconds pass, and all happen that is due; an automation may go on waiting."""

    async def let_pass(seconds: float) -> None:
        freezer.tick(seconds)
        async_fire_time_changed(hass)
        idle = 0
        while idle < 200:
            await asyncio.sleep(0)
            tasks = {*hass._tasks, *hass._background_tasks}
            is_busy = any(not AUTOMATION.search(repr(task)) for task in tasks)
            idle = 0 if is_busy else idle + 1

    return let_pass


def is_state(hass: HomeAssistant, entity_id: str, state: str) -> bool:
    """Whether an entity is in a state."""
    found = hass.states.get(entity_id)
    return found is not None and found.state == state


async def start(hass: HomeAssistant, tick: Tick) -> None:
    """Let Home Assistant come up, as it does when everything is set up."""
    starting = asyncio.create_task(hass.async_start())
    while not starting.done():
        await tick(1)
    await tick(1)


async def found(tick: Tick) -> None:
    """Wait until the record of a call has been read."""
    await tick(120)
    await tick(2)


# That they can be imported.


async def test_a_blueprint_is_imported_by_its_link(
    hass: HomeAssistant, aioclient_mock: Any, subtests: pytest.Subtests
) -> None:
    """The link in the README would end in an error, or import another blueprint."""
    repository = REPOSITORY.removeprefix("https://github.com/")
    for name in NAMES:
        text = (ROOT / FOLDER / f"{name}.yaml").read_text("utf-8")
        raw = f"https://raw.githubusercontent.com/{repository}/main/{FOLDER}/{name}.yaml"
        aioclient_mock.get(raw, text=text)
        link = f"{REPOSITORY}/blob/main/{FOLDER}/{name}.yaml"
        with subtests.test(name=name):
            imported = await fetch_blueprint_from_github_url(hass, link)
            blueprint = imported.blueprint
            assert blueprint.validate() is None
            assert blueprint.domain == "automation"
            assert blueprint.metadata["source_url"] == link
            assert blueprint.metadata["homeassistant"]["min_version"] == "2026.10.0"
            assert all(
                value and value.get("name") and value.get("selector")
                for value in blueprint.inputs.values()
            )


@pytest.mark.usefixtures("enable_custom_integrations")
async def test_each_blueprint_is_read_from_the_configuration(
    hass: HomeAssistant,
) -> None:
    """One that is refused would not be offered when an automation is made."""
    assert await async_setup_component(hass, "automation", {})
    blueprints = await async_get_blueprints(hass).async_get_blueprints()
    ours = {path: found for path, found in blueprints.items() if path.startswith(DOMAIN)}
    assert sorted(ours) == [f"{DOMAIN}/{name}.yaml" for name in NAMES]
    assert not [found for found in ours.values() if isinstance(found, Exception)]
    assert len(ours) == 6


# The missed call.


@dataclass
class Phone:
    """A phone with the app: what was pushed to it, and its buttons."""

    hass: HomeAssistant
    device_id: str
    pushed: list[ServiceCall]

    @property
    def shown(self) -> list[dict[str, Any]]:
        """The notifications that are on its screen."""
        shown: dict[str, dict[str, Any]] = {}
        for number, push in enumerate(self.pushed):
            tag = push.data.get("data", {}).get("tag", str(number))
            if push.data["message"] == "clear_notification":
                shown.pop(tag, None)
            else:
                shown[tag] = push.data
        return list(shown.values())

    async def press(self, push: dict[str, Any], title: str | None = None) -> None:
        """Press a button of a notification, as the app tells it to Home Assistant."""
        (button,) = [it for it in push["data"]["actions"] if title in {None, it["title"]}]
        data = {"action": button["action"], "tag": push["data"]["tag"]}
        self.hass.bus.async_fire("mobile_app_notification_action", data)
        await self.hass.async_block_till_done(wait_background_tasks=True)


type AddPhone = Callable[[str], Phone]


@pytest.fixture
def add_phone(hass: HomeAssistant) -> AddPhone:
    """Register phones as the mobile app does: a device, and an action named after it."""

    def add(name: str) -> Phone:
        entry = MockConfigEntry(domain="mobile_app", title=name)
        entry.add_to_hass(hass)
        device = dr.async_get(hass).async_get_or_create(
            config_entry_id=entry.entry_id, identifiers={("mobile_app", name)}, name=name
        )
        dr.async_get(hass).async_update_device(device.id, name_by_user="Mobil v kuchyni")
        action = slugify(f"mobile_app_{name}")
        return Phone(hass, device.id, async_mock_service(hass, "notify", action))

    return add


@pytest.mark.usefixtures("account")
async def test_a_missed_call_is_called_back_from_the_phone(
    exchange: RunningExchange, add_phone: AddPhone, use: Use, tick: Tick
) -> None:
    """A button that does nothing, or rings the wrong person, is worse than none."""
    phone = add_phone("Jana's phone")
    await use("missed_call_notification", phones=[phone.device_id], caller=MINE)
    exchange.world.miss(JAN, line=HOME)
    exchange.world.miss(STRANGER, line=WORKSHOP)
    await found(tick)
    first, second = phone.shown
    assert [push["title"] for push in phone.shown] == ["Missed call"] * 2
    assert first["message"].startswith("Jan Novák mobil · +420 777 123 456 · Domov · ")
    assert second["message"].startswith("+420 602 555 123 · Dílna · ")
    assert [action["title"] for action in second["data"]["actions"]] == ["Call back"]
    await phone.press(first)
    (order,) = exchange.requests("/callback")
    assert order.params["recipient"] == JAN
    assert order.params["caller"] == "00420603111222"
    assert order.params["line"] == str(HOME)
    assert phone.shown == [second]
    await phone.press(second)
    assert [order.params["recipient"] for order in exchange.requests("/callback")] == [
        JAN,
        STRANGER,
    ]
    assert phone.shown == []


async def test_a_button_works_once_on_any_phone_and_for_one_automation(
    account: MockConfigEntry, exchange: RunningExchange, add_phone: AddPhone, use: Use, tick: Tick
) -> None:
    """Two orders for one press cost twice, and so does the button that stayed on another phone."""
    phones = [add_phone("Jana"), add_phone("Petr 2")]
    await use(
        "missed_call_notification",
        aliases=("ours", "theirs"),
        phones=[phone.device_id for phone in phones],
        caller=MINE,
        account=account.entry_id,
        line=str(HOME),
        button="Zavolat zpět",
    )
    exchange.world.miss(JAN, line=HOME)
    await found(tick)
    assert [len(phone.shown) for phone in phones] == [2, 2]
    await phones[1].press(phones[1].shown[0])
    assert len(exchange.requests("/callback")) == 1
    # What is left is of the other automation.
    assert [len(phone.shown) for phone in phones] == [1, 1]


async def test_a_button_outlives_a_restart(
    account: MockConfigEntry, exchange: RunningExchange, add_phone: AddPhone, use: Use, tick: Tick
) -> None:
    """Whoever looks at the phone an hour later would press in vain."""
    phone = add_phone("Jana")
    hass = phone.hass
    await use("missed_call_notification", phones=[phone.device_id], caller=MINE)
    exchange.world.miss(STRANGER, line=HOME)
    await found(tick)
    await hass.services.async_call("automation", "turn_off", {"entity_id": "automation.ours"})
    await hass.config_entries.async_reload(account.entry_id)
    await hass.services.async_call("automation", "turn_on", {"entity_id": "automation.ours"})
    await hass.async_block_till_done(wait_background_tasks=True)
    await phone.press(phone.shown[0])
    (order,) = exchange.requests("/callback")
    assert order.params["recipient"] == STRANGER


@pytest.mark.usefixtures("account")
async def test_a_withheld_number_has_no_button(
    exchange: RunningExchange, add_phone: AddPhone, use: Use, tick: Tick
) -> None:
    """There is nobody to call back, but the call was missed all the same."""
    phone = add_phone("Jana")
    await use("missed_call_notification", phones=[phone.device_id], withheld="Skryté číslo")
    exchange.world.miss("", line=HOME)
    await found(tick)
    (push,) = phone.shown
    assert push["message"].startswith("Skryté číslo · Domov · ")
    assert "actions" not in push["data"]


@pytest.mark.usefixtures("account")
async def test_a_callback_that_fails_is_said(
    exchange: RunningExchange, add_phone: AddPhone, use: Use, tick: Tick
) -> None:
    """Somebody would wait for the phone to ring, or press again and pay twice."""
    phone = add_phone("Jana")
    await use("missed_call_notification", phones=[phone.device_id], caller=MINE)
    exchange.world.miss(JAN, line=HOME)
    await found(tick)
    exchange.fail("callback_failed", path="/callback")
    await phone.press(phone.shown[0])
    assert len(exchange.requests("/callback")) == 1
    (push,) = phone.shown
    assert push["message"].startswith("The callback may not have been ordered.")


async def reach(exchange: RunningExchange, tick: Tick, number: str) -> None:
    """Call somebody from another line, and talk with them."""
    exchange.world.dial(number, line=WORKSHOP, answer_after=5, end_after=20)
    await tick(25)
    await found(tick)


@pytest.mark.usefixtures("account")
async def test_a_notification_goes_when_the_caller_was_reached(
    exchange: RunningExchange, add_phone: AddPhone, use: Use, tick: Tick
) -> None:
    """Somebody would call a second time, because the telephone in the pocket still says so."""
    phones = [add_phone("Jana"), add_phone("Petr 2")]
    await use("missed_call_notification", phones=[phone.device_id for phone in phones])
    for number in (JAN, STRANGER, "", JAN):
        exchange.world.miss(number, line=HOME)
    await found(tick)
    assert [len(phone.shown) for phone in phones] == [3, 3]
    await reach(exchange, tick, JAN)
    messages = [[push["message"][:16] for push in phone.shown] for phone in phones]
    assert messages == [["+420 602 555 123", "Withheld number "]] * 2
    assert exchange.requests("/callback") == []


# Who still waits.


LIST = "todo.odorik_1234567_missed_calls"


@pytest.fixture
async def reminded(
    *,
    hass: HomeAssistant,
    account: MockConfigEntry,  # noqa: ARG001
    exchange: RunningExchange,
    add_phone: AddPhone,
    use: Use,
    tick: Tick,
    freezer: FrozenDateTimeFactory,
) -> Phone:
    """A phone that was reminded at six of two callers and a withheld number."""
    phone = add_phone("Jana")
    hass.states.async_set("person.jana", "not_home")
    await use(
        "waiting_callers_reminder",
        list=LIST,
        phones=[phone.device_id],
        caller=MINE,
        people=["person.jana"],
    )
    for number in (JAN, JAN, STRANGER, ""):
        exchange.world.miss(number, line=HOME)
    await found(tick)
    assert phone.shown == []
    now = dt_util.now()
    six = now.replace(hour=18, minute=0, second=0, microsecond=0)
    freezer.move_to(six + timedelta(days=1, seconds=-1))
    await tick(2)
    return phone


async def test_who_waits_is_told_in_the_evening(reminded: Phone) -> None:
    """Each has a notification of their own, since each has other buttons."""
    assert [push["title"] for push in reminded.shown] == ["Waits to be called back"] * 3
    assert [push["message"].split(" · ")[0] for push in reminded.shown] == [
        "Withheld number",
        "+420 602 555 123",
        "Jan Novák mobil (2\N{MULTIPLICATION SIGN})",
    ]
    assert [[button["title"] for button in push["data"]["actions"]] for push in reminded.shown] == [
        ["Done"],
        ["Call back", "Done"],
        ["Call back", "Done"],
    ]


async def test_a_reminder_calls_back_and_ticks_off(
    hass: HomeAssistant, reminded: Phone, exchange: RunningExchange, tick: Tick
) -> None:
    """A button that does nothing, or to another caller, is worse than none."""
    withheld, stranger, jan = reminded.shown
    await reminded.press(withheld, "Done")
    await reminded.press(stranger, "Done")
    assert is_state(hass, LIST, "1")
    assert reminded.shown == [jan]
    await reminded.press(jan, "Call back")
    (order,) = exchange.requests("/callback")
    assert (order.params["recipient"], order.params["caller"]) == (JAN, "00420603111222")
    assert reminded.shown == []
    assert is_state(hass, LIST, "1"), "ordered is not talked with"
    for _ in ("mine", "theirs"):
        await tick(5)
        exchange.world.answer()
    await tick(20)
    exchange.world.end()
    await found(tick)
    assert is_state(hass, LIST, "0")


async def test_a_reminder_goes_when_it_is_done_elsewhere(
    hass: HomeAssistant, reminded: Phone, exchange: RunningExchange, tick: Tick
) -> None:
    """Called from the desk, ticked in the kitchen, deleted in the panel."""
    await reach(exchange, tick, JAN)
    assert len(reminded.shown) == 2
    await hass.services.async_call(
        "todo", "update_item", {"entity_id": LIST, "item": "withheld", "status": "completed"}
    )
    await hass.services.async_call(
        "todo", "remove_item", {"entity_id": LIST, "item": ["+420602555123"]}
    )
    await hass.async_block_till_done()
    assert reminded.shown == []


async def test_who_comes_home_is_reminded(
    hass: HomeAssistant, reminded: Phone, exchange: RunningExchange, tick: Tick
) -> None:
    """And not when the telephone in the pocket has merely found its network again."""
    await reach(exchange, tick, JAN)
    before = len(reminded.pushed)
    for state in ("home", "unavailable", "home"):
        hass.states.async_set("person.jana", state)
        await hass.async_block_till_done()
    assert len(reminded.pushed) == before + 2
    for uid in ("withheld", "+420602555123"):
        await hass.services.async_call(
            "todo", "remove_item", {"entity_id": LIST, "item": [uid]}, blocking=True
        )
    hass.states.async_set("person.jana", "not_home")
    hass.states.async_set("person.jana", "home")
    await hass.async_block_till_done()
    assert reminded.shown == []


async def test_a_reminder_says_when_calling_back_failed(
    reminded: Phone, exchange: RunningExchange
) -> None:
    """Somebody would wait for the phone to ring, or press again and pay twice."""
    exchange.fail("callback_failed", path="/callback")
    await reminded.press(reminded.shown[-1], "Call back")
    assert len(exchange.requests("/callback")) == 1
    assert reminded.shown[-1]["message"].startswith("The callback may not have been ordered.")


# The light and the music.

BED, KITCHEN = "light.bed", "light.kitchen"
RADIO, LOUNGE = "media_player.radio", "media_player.lounge"


class Lamp(LightEntity):
    """A lamp that can be dimmed."""

    _attr_color_mode = ColorMode.BRIGHTNESS
    _attr_supported_color_modes = {ColorMode.BRIGHTNESS}  # noqa: RUF012

    def __init__(self, name: str, brightness: int | None) -> None:
        self._attr_name = name
        self._attr_is_on = brightness is not None
        self._attr_brightness = brightness

    async def async_turn_on(self, brightness: int = 255, **_: Any) -> None:
        """Shine, at full brightness where nothing is said."""
        self._attr_is_on = True
        self._attr_brightness = brightness
        self.async_write_ha_state()

    async def async_turn_off(self, **_: Any) -> None:
        """Go dark."""
        self._attr_is_on = False
        self.async_write_ha_state()


class Player(MediaPlayerEntity):
    """A media player that can be paused."""

    _attr_supported_features = (
        MediaPlayerEntityFeature.PAUSE
        | MediaPlayerEntityFeature.PLAY
        | MediaPlayerEntityFeature.TURN_OFF
    )

    def __init__(self, name: str, state: MediaPlayerState) -> None:
        self._attr_name = name
        self._attr_state = state

    async def async_media_pause(self) -> None:
        """Pause."""
        self._turn(MediaPlayerState.PAUSED)

    async def async_media_play(self) -> None:
        """Play."""
        self._turn(MediaPlayerState.PLAYING)

    async def async_turn_off(self) -> None:
        """Go silent."""
        self._turn(MediaPlayerState.OFF)

    def _turn(self, state: MediaPlayerState) -> None:
        self._attr_state = state
        self.async_write_ha_state()


@pytest.fixture
async def rooms(hass: HomeAssistant) -> None:
    """Two lamps, one of them on, and two media players, one of them paused already."""
    setup_test_component_platform(hass, "light", [Lamp("Bed", None), Lamp("Kitchen", 77)])
    players = [
        Player("Radio", MediaPlayerState.PLAYING),
        Player("Lounge", MediaPlayerState.PAUSED),
    ]
    setup_test_component_platform(hass, "media_player", players)
    for component in ("homeassistant", "scene", "light", "media_player"):
        assert await async_setup_component(hass, component, {component: {"platform": "test"}})
    await hass.async_block_till_done()


async def flash(hass: HomeAssistant, tick: Tick) -> set[str]:
    """Watch the bed light for four seconds."""
    seen = set()
    for _ in range(4):
        await tick(1)
        state = hass.states.get(BED)
        assert state
        seen.add(state.state)
    return seen


def is_as_before(hass: HomeAssistant) -> bool:
    """Whether the lights are as they were."""
    kitchen = hass.states.get(KITCHEN)
    return (
        is_state(hass, BED, "off")
        and kitchen is not None
        and kitchen.state == "on"
        and kitchen.attributes["brightness"] == 77
        and not hass.states.async_entity_ids("scene")
    )


RINGING = {"lights": [BED, KITCHEN], "players": [RADIO, LOUNGE]}


@pytest.mark.usefixtures("account", "rooms")
async def test_a_missed_call_leaves_the_rooms_as_they_were(
    hass: HomeAssistant, exchange: RunningExchange, use: Use, tick: Tick
) -> None:
    """The light would flash on, or the music stay off, until somebody came home."""
    await use("ringing_pause_and_flash", **RINGING)
    exchange.world.ring(JAN, line=HOME)
    await tick(10)
    assert is_state(hass, RADIO, "paused")
    assert await flash(hass, tick) == {"on", "off"}
    exchange.world.end()
    await tick(3)
    await tick(1)
    assert is_as_before(hass)
    assert is_state(hass, RADIO, "playing")
    assert is_state(hass, LOUNGE, "paused")


@pytest.mark.usefixtures("account", "rooms")
@pytest.mark.parametrize("quiet_in_call", [True, False])
async def test_an_answered_call_is_left_in_peace(
    hass: HomeAssistant, exchange: RunningExchange, use: Use, tick: Tick, *, quiet_in_call: bool
) -> None:
    """Who has picked up would talk in a flashing room, against the music."""
    await use("ringing_pause_and_flash", **RINGING, quiet_in_call=quiet_in_call)
    exchange.world.ring(JAN, line=HOME)
    await tick(10)
    exchange.world.answer()
    await tick(3)
    await tick(1)
    assert is_as_before(hass)
    assert is_state(hass, RADIO, "paused" if quiet_in_call else "playing")
    exchange.world.end()
    await tick(3)
    await tick(5)
    assert is_state(hass, RADIO, "playing")
    assert await flash(hass, tick) == {"off"}


@pytest.mark.usefixtures("account", "rooms")
async def test_ringing_without_end_stops_in_time(
    hass: HomeAssistant, exchange: RunningExchange, use: Use, tick: Tick
) -> None:
    """A call that hangs at the operator would flash all night."""
    await use("ringing_pause_and_flash", **RINGING, longest_ringing=20)
    exchange.world.ring(JAN, line=HOME)
    await tick(10)
    for _ in range(21):
        await tick(1)
    assert is_as_before(hass)
    assert is_state(hass, RADIO, "playing")


@pytest.mark.usefixtures("rooms")
@pytest.mark.parametrize("how", ["away", "unloaded"])
async def test_an_end_that_was_missed_restores_the_rooms_too(
    hass: HomeAssistant,
    account: MockConfigEntry,
    exchange: RunningExchange,
    use: Use,
    tick: Tick,
    *,
    how: str,
) -> None:
    """The connection breaks while it rings, and nobody ever hears how the call ended."""
    await use("ringing_pause_and_flash", **RINGING)
    exchange.world.ring(JAN, line=HOME)
    await tick(10)
    assert await flash(hass, tick) == {"on", "off"}
    if how == "away":
        exchange.fail("503", times=0)
        await tick(3)
    else:
        await hass.config_entries.async_unload(account.entry_id)
    await tick(1)
    assert is_as_before(hass)
    assert is_state(hass, RADIO, "playing")


@pytest.mark.usefixtures("account", "rooms")
async def test_what_was_turned_off_meanwhile_stays_off(
    hass: HomeAssistant, exchange: RunningExchange, use: Use, tick: Tick
) -> None:
    """The music would start by itself in an empty house; and another line's call is no matter."""
    await use("ringing_pause_and_flash", **RINGING, line=str(HOME))
    exchange.world.ring(JAN, line=WORKSHOP)
    await tick(10)
    assert is_state(hass, RADIO, "playing")
    exchange.world.end()
    await tick(10)
    await tick(1)
    exchange.world.ring(JAN, line=HOME)
    await tick(10)
    assert is_state(hass, RADIO, "paused")
    await hass.services.async_call("media_player", "turn_off", {"entity_id": RADIO}, blocking=True)
    exchange.world.end()
    await tick(3)
    await tick(1)
    assert is_as_before(hass)
    assert is_state(hass, RADIO, "off")


# The voice.


ANNOUNCED: list[tuple[str, str]] = [
    (JAN, "Volá Jan Novák mobil na linku Domov"),
    (STRANGER, "Volá 602 555 123 na linku Domov"),
    ("004930901820", "Volá 004 930 901 820 na linku Domov"),
    ("*300120", "Volá *30 012 0 na linku Domov"),
    ("sip:janinnovak@iptel.org", "Volá janinnovak na linku Domov"),
    ("skype:tomas.novotny", "Volá tomas.novotny na linku Domov"),
    ("domov.novakovi", "Volá domov.novakovi na linku Domov"),
    ("", "Volá skryté číslo na linku Domov"),
    ("unavailable", "Volá skryté číslo na linku Domov"),
    ("sip:anonymous@anonymous.invalid", "Volá skryté číslo na linku Domov"),
]


@pytest.mark.usefixtures("account")
async def test_the_caller_is_said(
    hass: HomeAssistant,
    exchange: RunningExchange,
    use: Use,
    tick: Tick,
    *,
    subtests: pytest.Subtests,
) -> None:
    """The kitchen would hear a code, a wrong number, or nothing."""
    spoken = async_mock_service(hass, "tts", "speak")
    await use(
        "announce_caller",
        voice="tts.czech",
        players=["media_player.kitchen", "media_player.hall"],
        message="Volá {{ caller }} na linku {{ line }}",
        withheld="skryté číslo",
    )
    for source, said in ANNOUNCED:
        spoken.clear()
        exchange.world.ring(source, line=HOME)
        with subtests.test(source=source):
            await tick(10)
            (call,) = spoken
            assert call.data == {
                "entity_id": ["tts.czech"],
                "media_player_entity_id": ["media_player.kitchen", "media_player.hall"],
                "message": said,
            }
        exchange.world.end()
        await tick(60)


@pytest.mark.usefixtures("account")
async def test_nothing_is_said_when_nobody_has_to_be_called_to_the_phone(
    hass: HomeAssistant, exchange: RunningExchange, use: Use, tick: Tick
) -> None:
    """The voice would talk into a call that was answered at once, or announce one's own."""
    spoken = async_mock_service(hass, "tts", "speak")
    await use("announce_caller", voice="tts.czech", players=["media_player.kitchen"])
    call = exchange.world.ring(JAN, line=HOME)
    exchange.world.answer(call.id)
    exchange.world.dial(STRANGER, line=HOME)
    await tick(10)
    assert spoken == []
    exchange.world.ring("", line=HOME)
    await tick(3)
    assert [call.data["message"] for call in spoken] == ["A withheld number is calling"]


# The credit.


@pytest.fixture
def warn(hass: HomeAssistant, use: Use) -> Callable[[str], Awaitable[list[Any]]]:
    """Warn of the credit of an account."""

    async def make(sensor: str) -> list[Any]:
        warnings = async_mock_service(hass, "persistent_notification", "create")
        await use("low_credit", credit=sensor, threshold=50, margin=20)
        return warnings

    return make


def sensor_of(hass: HomeAssistant, exchange: RunningExchange, key: str) -> str:
    """Find a sensor of the account."""
    entity_id = er.async_get(hass).async_get_entity_id(
        "sensor", DOMAIN, f"{exchange.username}_{key}"
    )
    assert entity_id
    return entity_id


@pytest.mark.usefixtures("account")
async def test_low_credit_is_said_once_until_it_was_topped_up(
    hass: HomeAssistant,
    exchange: RunningExchange,
    warn: Callable[[str], Awaitable[list[Any]]],
    tick: Tick,
) -> None:
    """A warning at every call would be switched off, and none would leave the phone dead."""
    warnings = await warn(sensor_of(hass, exchange, "balance"))

    async def credit(amount: float) -> int:
        exchange.world.account().credit = amount
        await tick(900)
        return len(warnings)

    assert await credit(50) == 0
    assert await credit(49.5) == 1
    assert warnings[0].data["message"] == "Only 49.5 CZK are left. Zbývá jen 49.5 Kč."
    assert await credit(51) == 1
    assert await credit(48) == 1
    exchange.fail("503", times=0)
    await tick(900)
    exchange.exchange.faults.clear()
    assert await credit(47) == 1
    assert await credit(250) == 1
    assert await credit(40) == 2


async def test_credit_that_fell_while_nobody_looked_is_said_at_the_start(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    exchange: RunningExchange,
    warn: Callable[[str], Awaitable[list[Any]]],
    tick: Tick,
) -> None:
    """It would never be said, since it never falls again."""
    hass.set_state(CoreState.not_running)
    exchange.world.account().credit = 30
    entry.add_to_hass(hass)
    assert await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done()
    warnings = await warn(sensor_of(hass, exchange, "balance"))
    await start(hass, tick)
    assert len(warnings) == 1


@pytest.mark.usefixtures("account")
async def test_credit_that_stays_low_is_said_at_most_once_a_day(
    hass: HomeAssistant,
    exchange: RunningExchange,
    warn: Callable[[str], Awaitable[list[Any]]],
    tick: Tick,
) -> None:
    """Every restart on one evening, and every failure of the operator, would warn again."""
    warnings = await warn(sensor_of(hass, exchange, "balance"))
    exchange.world.account().credit = 30
    await tick(900)
    assert len(warnings) == 1
    for hours, count in ((1, 1), (24, 2)):
        # The run that waits for the credit to rise is lost, as in a restart.
        for action in ("turn_off", "turn_on"):
            await hass.services.async_call(
                "automation", action, {"entity_id": "automation.ours"}, blocking=True
            )
        exchange.fail("503", times=0)
        await tick(900)
        exchange.exchange.faults.clear()
        await tick(hours * 3600)
        assert len(warnings) == count


# The limit.


async def look(tick: Tick, seconds: int) -> None:
    """Let time pass in the steps of the sensor and the automation."""
    for _ in range(seconds // 5):
        await tick(5)


@pytest.mark.usefixtures("account")
async def test_a_call_that_lasts_too_long_is_hung_up(
    hass: HomeAssistant, exchange: RunningExchange, use: Use, tick: Tick
) -> None:
    """A receiver that lies beside its telephone would talk all night; others must go on."""
    ended = async_mock_service(hass, "test", "ended")
    afterwards = [{"action": "test.ended", "data": {"who": "{{ call.number }} {{ call.line }}"}}]
    await use(
        "call_limit",
        active_calls=sensor_of(hass, exchange, "active_calls"),
        minutes=2,
        price=0,
        afterwards=afterwards,
    )
    incoming = exchange.world.ring(JAN, line=HOME)
    outgoing = exchange.world.dial(STRANGER, line=HOME)
    unanswered = exchange.world.dial(JAN, line=WORKSHOP)
    await look(tick, 10)
    exchange.world.answer(incoming.id)
    exchange.world.answer(outgoing.id)
    await look(tick, 110)
    assert set(exchange.world.active) == {incoming.id, outgoing.id, unanswered.id}
    await look(tick, 20)
    assert set(exchange.world.active) == {incoming.id, unanswered.id}
    assert [call.data["who"] for call in ended] == [f"+420602555123 {HOME}"]
    assert len([entry for entry in exchange.journal if entry.method == "DELETE"]) == 1


@pytest.mark.usefixtures("account")
async def test_a_call_that_costs_too_much_is_hung_up(
    hass: HomeAssistant, exchange: RunningExchange, use: Use, tick: Tick
) -> None:
    """Abroad an hour eats the credit of a year; at home it costs nothing to speak of."""
    await use(
        "call_limit",
        active_calls=sensor_of(hass, exchange, "active_calls"),
        minutes=0,
        price=5,
    )
    abroad = exchange.world.dial("00421905123456", line=HOME)
    at_home = exchange.world.dial(STRANGER, line=WORKSHOP)
    exchange.world.answer(abroad.id)
    exchange.world.answer(at_home.id)
    await tick(10)
    assert abroad.price_per_minute == 2.49
    await look(tick, 100)
    assert set(exchange.world.active) == {abroad.id, at_home.id}
    await look(tick, 20)
    assert set(exchange.world.active) == {at_home.id}


async def test_a_call_from_before_the_start_is_limited_too(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    exchange: RunningExchange,
    use: Use,
    tick: Tick,
) -> None:
    """A restart of Home Assistant in the middle of a call would lift the limit."""
    call = exchange.world.dial(STRANGER, line=HOME)
    exchange.world.answer(call.id)
    hass.set_state(CoreState.not_running)
    entry.add_to_hass(hass)
    assert await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done()
    await use("call_limit", active_calls=sensor_of(hass, exchange, "active_calls"), minutes=1)
    await start(hass, tick)
    await look(tick, 70)
    assert exchange.world.active == {}


@pytest.mark.usefixtures("account")
async def test_a_call_that_cannot_be_hung_up_is_tried_again(
    hass: HomeAssistant, exchange: RunningExchange, use: Use, tick: Tick
) -> None:
    """One error of the operator would let the call go on for ever."""
    await use("call_limit", active_calls=sensor_of(hass, exchange, "active_calls"), minutes=1)
    call = exchange.world.dial(STRANGER, line=HOME)
    exchange.world.answer(call.id)
    exchange.fail("503", path="DELETE", times=1)
    await tick(10)
    await look(tick, 80)
    assert exchange.world.active == {}


EMERGENCIES = [
    "112",
    "150",
    "155",
    "156",
    "158",
    "00420112",
    "155*300100",
    "158*0",
    "*300110*156",
    "000150",
    "*09112",
]


@pytest.mark.usefixtures("account")
async def test_an_emergency_call_is_never_hung_up(
    *,
    hass: HomeAssistant,
    exchange: RunningExchange,
    use: Use,
    tick: Tick,
    subtests: pytest.Subtests,
) -> None:
    """Emergency numbers in every spelling and numbers of the user's choice are spared.

    All others are hung up, also where a number only contains one of them.
    """
    await use(
        "call_limit",
        active_calls=sensor_of(hass, exchange, "active_calls"),
        minutes=0.1,
        never=["777 123 456", "00 49 30/901820", "Eva Dvořáková", "*0712345678", ""],
    )
    chosen = [JAN, "004930901820", "00420602987654", "*0712345678"]
    others = [STRANGER, "0049112", "00421777123456", "300158", "*07112", "1188", "00420777112158"]
    for number in (*EMERGENCIES, *chosen, *others):
        with subtests.test(number=number):
            call = exchange.world.dial(number, line=HOME)
            exchange.world.answer(call.id)
            await look(tick, 30)
            assert (call.id in exchange.world.active) is (number not in others)
        if call.id in exchange.world.active:
            exchange.world.end(call.id)
        await look(tick, 20)


async def test_a_call_is_limited_in_time_while_looks_are_rare(
    hass: HomeAssistant, exchange: RunningExchange, entry: MockConfigEntry, use: Use, tick: Tick
) -> None:
    """The limit has the integration look for calls while it looks once a minute of its own.

    Calls that are made are not announced, so they would be seen a minute late.
    """
    entry.add_to_hass(hass)
    hass.config_entries.async_update_entry(entry, options={CONF_PUSH: True})
    assert await async_setup_component(hass, "homeassistant", {})
    assert await hass.config_entries.async_setup(entry.entry_id)
    await tick(1)
    exchange.world.ring(STRANGER, HOME_NUMBER)
    entry.runtime_data.push.announcements.async_receive(is_for_call=True)
    await tick(3)
    exchange.world.end()
    for _ in range(24):
        await tick(10)
    exchange.journal.clear()
    await look(tick, 60)
    assert len(exchange.requests("/active_calls.json")) == 1, "looks are rare"
    await use("call_limit", active_calls=sensor_of(hass, exchange, "active_calls"), minutes=0.1)
    await look(tick, 60)
    for _ in range(5):
        call = exchange.world.dial(STRANGER, line=HOME)
        exchange.world.answer(call.id)
        await look(tick, 40)
        assert exchange.world.active == {}
        await look(tick, 45)
