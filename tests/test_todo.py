"""Test the to-do list of missed calls."""

from typing import Any

from homeassistant.components import conversation
from homeassistant.components.homeassistant.exposed_entities import (
    KNOWN_ASSISTANTS,
    async_expose_entity,
    async_should_expose,
)
from homeassistant.core import Context, Event, HomeAssistant, callback
from homeassistant.exceptions import ServiceNotSupported, ServiceValidationError
from homeassistant.helpers import entity_registry as er
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.typing import WebSocketGenerator

from simulator.world import Contact, World

from .accounts import (
    EVA,
    HOME,
    JAN,
    add_account,
    entity_id_of,
    get_state,
    make_entry,
    reload,
    set_up,
)
from .conftest import Miss, Tick
from .exchange import RunningExchange

pytestmark = pytest.mark.freeze_time("2026-11-24T11:00:00Z")

LIST, SENSOR = "todo.odorik_1234567_missed_calls", "sensor.odorik_1234567_callers_waiting"
MARKUP = "00420733555111"
"""The number of a contact whose name is full of markup."""
JAN_ITEM, EVA_ITEM, MARKUP_ITEM = "+420777123456", "+420602987654", "+420733555111"


@pytest.fixture(autouse=True)
async def household(hass: HomeAssistant, world: World) -> None:
    """Set the time zone, and add a contact whose name is full of markup."""
    await hass.config.async_set_time_zone("Europe/Prague")
    contact = Contact(99, MARKUP, "[x](javascript:alert(1)) *a* _b_")
    world.account().contacts.append(contact)


async def items(hass: HomeAssistant) -> list[dict[str, Any]]:
    """Return the items of the list."""
    request = {"entity_id": LIST, "status": ["needs_action", "completed"]}
    answer: Any = await hass.services.async_call(
        "todo", "get_items", request, blocking=True, return_response=True
    )
    found: list[dict[str, Any]] = answer[LIST]["items"]
    return found


async def act(hass: HomeAssistant, action: str, *, entity_id: str = LIST, **data: Any) -> None:
    """Perform an action of the list."""
    await hass.services.async_call("todo", action, {"entity_id": entity_id, **data}, blocking=True)


async def update(hass: HomeAssistant, item: str, **data: Any) -> None:
    """Update an item of the list."""
    await act(hass, "update_item", item=item, **data)


def waiting(hass: HomeAssistant) -> int:
    """Return the number of callers waiting, on which the list and the sensor agree."""
    state = get_state(hass, LIST).state
    assert get_state(hass, SENSOR).state == state
    return int(state)


async def expose(hass: HomeAssistant, entity_id: str, *, to_assist: bool) -> None:
    """Expose the list to the voice assistant, or hide it."""
    async_expose_entity(hass, "conversation", entity_id, to_assist)
    await hass.async_block_till_done()


async def say(hass: HomeAssistant, sentence: str, language: str) -> str:
    """Send a sentence to the voice assistant and return its answer."""
    result = await conversation.async_converse(hass, sentence, None, Context(), language=language)
    return str(result.response.speech["plain"]["speech"])


@pytest.mark.usefixtures("account")
async def test_an_item_shows_the_caller_and_the_calls(hass: HomeAssistant, miss: Miss) -> None:
    """An item has the caller, the line, a link to call back, and the times of the calls.

    The sensor lists the same callers.
    """
    await miss(JAN, times=2)
    await miss("00420601222333", "")
    found = await items(hass)
    assert {item["status"] for item in found} == {"needs_action"}
    assert [(item["uid"], item["summary"]) for item in found] == [
        ("withheld", "Withheld number"),
        ("+420601222333", "+420 601 222 333"),
        (JAN_ITEM, "Jan Novák mobil (2×)"),  # noqa: RUF001
    ]
    assert [(item["due"], item["description"]) for item in found] == [
        ("2026-11-24T12:05:40+01:00", "Domov · 2026-11-24 12:05"),
        (
            "2026-11-24T12:03:40+01:00",
            "Domov · [+420 601 222 333](tel:+420601222333) · 2026-11-24 12:03",
        ),
        (
            "2026-11-24T12:01:40+01:00",
            "Domov · [+420 777 123 456](tel:+420777123456) · 2026-11-24 12:01, 11:59",
        ),
    ]
    *_, jan = get_state(hass, SENSOR).attributes["callers"]
    assert (jan["name"], jan["formatted"]) == ("Jan Novák mobil", "+420 777 123 456")
    assert jan["count"] == 2


@pytest.mark.usefixtures("account")
async def test_only_the_newest_calls_of_an_item_are_listed(
    hass: HomeAssistant, miss: Miss, tick: Tick
) -> None:
    """The description fits the three lines of a card, and shows a date only where it changes."""
    await miss(JAN, times=5)
    await tick(24 * 3600)
    await miss(JAN, times=2)
    [item] = await items(hass)
    times = "2026-11-25 12:11, 12:09, 2026-11-24 12:07, 12:05, 12:03, …"
    assert item["description"].endswith(times)


async def test_markup_in_names_is_escaped(
    hass: HomeAssistant, entry: MockConfigEntry, world: World, miss: Miss
) -> None:
    """The frontend shows the summary as text, and the description as Markdown."""
    world.account().lines[HOME].name = "[x](javascript:alert(1)) *_`~#1."
    assert await set_up(hass, entry)
    await miss(MARKUP)
    [item] = await items(hass)
    assert item["summary"] == "[x](javascript:alert(1)) *a* _b_"
    assert item["description"].startswith(
        r"\[x\]\(javascript\:alert\(1\)\) \*\_\`\~\#1\. · [+420 733 555 111](tel:"
    )


@pytest.mark.usefixtures("account")
async def test_a_caller_without_a_telephone_number_has_no_link(
    hass: HomeAssistant, miss: Miss
) -> None:
    """Only numbers that can be dialled become links."""
    await miss("skype:tomas.prochazka")
    [item] = await items(hass)
    assert item["summary"] == "Tomáš Procházka"
    assert "](" not in item["description"]


@pytest.mark.usefixtures("account")
async def test_items_are_completed_reopened_and_deleted_in_the_frontend(
    hass: HomeAssistant, hass_ws_client: WebSocketGenerator, miss: Miss, tick: Tick
) -> None:
    """Each change is pushed to the frontend, which sends back fields that it has shown."""
    await miss(JAN, EVA, MARKUP, "")
    socket: Any = await hass_ws_client(hass)
    await socket.send_json_auto_id({"type": "todo/item/subscribe", "entity_id": LIST})
    assert (await socket.receive_json())["success"]
    shown = (await socket.receive_json())["event"]["items"]
    assert [item["uid"] for item in shown] == ["withheld", MARKUP_ITEM, EVA_ITEM, JAN_ITEM]

    async def change(action: str, **data: Any) -> list[tuple[str, str]]:
        await socket.send_json_auto_id(
            {
                "type": "call_service",
                "domain": "todo",
                "service": action,
                "service_data": data,
                "target": {"entity_id": LIST},
            }
        )
        messages = [await socket.receive_json(), await socket.receive_json()]
        [pushed] = [message for message in messages if message["type"] == "event"]
        return [(item["uid"], item["status"]) for item in pushed["event"]["items"]]

    eva = next(item for item in shown if item["uid"] == EVA_ITEM)
    checkbox = {"item": eva["uid"], "rename": eva["summary"]}
    dialog = {"description": eva["description"], "due_datetime": eva["due"]}
    changed = await change("update_item", **checkbox, **dialog, status="completed")
    assert changed[-1] == (EVA_ITEM, "completed")
    assert waiting(hass) == 3
    changed = await change("update_item", **checkbox, status="needs_action")
    assert (EVA_ITEM, "needs_action") in changed
    assert waiting(hass) == 4
    await change("update_item", item="withheld", status="completed")
    await change("update_item", **checkbox, status="completed")
    left = await change("remove_item", item=[EVA_ITEM, "withheld"])
    assert [uid for uid, _ in left] == [MARKUP_ITEM, JAN_ITEM]
    assert [uid for uid, _ in await change("remove_item", item=[MARKUP_ITEM])] == [JAN_ITEM]
    assert waiting(hass) == 1
    await tick(120)
    assert waiting(hass) == 1


@pytest.mark.usefixtures("account")
async def test_items_follow_the_language_and_the_time_zone(hass: HomeAssistant, miss: Miss) -> None:
    """Items are rewritten when Home Assistant's language or time zone changes."""
    await miss("")
    [item] = await items(hass)
    assert item["summary"] == "Withheld number"
    await hass.config.async_update(language="cs", time_zone="Asia/Tokyo")
    await hass.async_block_till_done()
    [item] = await items(hass)
    assert item["summary"] == "Skryté číslo"
    assert item["due"] == "2026-11-24T19:59:40+09:00"
    assert item["description"] == "Domov · 24.11.2026 19:59"
    await hass.config.async_update(location_name="Chalupa")
    await hass.async_block_till_done()
    assert waiting(hass) == 1


CHANGES: tuple[dict[str, Any], ...] = (
    {"rename": "Jan"},
    {"description": "Call him after work"},
    {"description": None},
    {"due_datetime": "2026-11-25T12:00:00+01:00"},
    {"due_datetime": None},
    {"status": "completed", "rename": "Jan"},
    {"description": None, "due_datetime": None},
)


@pytest.mark.parametrize("change", CHANGES, ids=str)
@pytest.mark.usefixtures("account")
async def test_an_item_cannot_be_edited(
    hass: HomeAssistant, miss: Miss, change: dict[str, Any]
) -> None:
    """A change that could not be kept is refused as a whole."""
    await miss(JAN)
    before = await items(hass)
    with pytest.raises(ServiceValidationError) as refused:
        await update(hass, JAN_ITEM, **change)
    assert refused.value.translation_key == "inbox_edit"
    assert "cannot be changed" in str(refused.value)
    assert await items(hass) == before


@pytest.mark.usefixtures("account")
async def test_saving_an_item_unchanged_is_not_an_edit(hass: HomeAssistant, miss: Miss) -> None:
    """The dialog sends every field that it shows, in UTC, also to complete the item."""
    await miss(JAN, times=2)
    [item] = await items(hass)
    shown = {
        "rename": item["summary"],
        "description": item["description"],
        "due_datetime": "2026-11-24T11:01:40.000Z",
    }
    await update(hass, JAN_ITEM, **shown, status="completed")
    assert waiting(hass) == 0
    await update(hass, JAN_ITEM, **shown, status="completed")
    await update(hass, JAN_ITEM, **shown, status="needs_action")
    assert waiting(hass) == 1


@pytest.mark.usefixtures("account")
async def test_states_are_written_only_if_they_change(
    hass: HomeAssistant, world: World, miss: Miss, tick: Tick
) -> None:
    """Polls, repeated actions, other calls and deleted completed items write no state."""
    await miss(JAN)
    await update(hass, JAN_ITEM, status="completed")
    written: list[str] = []

    @callback
    def note(event: Event[Any]) -> None:
        if event.data["entity_id"] in {LIST, SENSOR}:
            written.append(event.data["entity_id"])

    for kind in ("state_changed", "state_reported"):
        hass.bus.async_listen(kind, note, event_filter=callback(lambda _: True))
    await tick(*[120] * 10)
    await update(hass, JAN_ITEM, status="completed")
    world.dial(EVA, answer_after=1, end_after=5)
    await tick(*[60] * 5)
    assert written == []
    await act(hass, "remove_item", item=JAN_ITEM)
    assert SENSOR not in written


@pytest.mark.usefixtures("account")
async def test_the_list_works_during_an_outage(
    hass: HomeAssistant, exchange: RunningExchange, miss: Miss, tick: Tick
) -> None:
    """Callers are shown, and can be completed, while the operator cannot be reached."""
    await miss(JAN)
    exchange.fail("503", times=0)
    await tick(*[120] * 5)
    assert waiting(hass) == 1
    await update(hass, "Jan Novák mobil", status="completed")
    assert waiting(hass) == 0


async def set_up_voice(hass: HomeAssistant, entry: MockConfigEntry, language: str = "en") -> str:
    """Set up an account and the voice assistant; return the entity ID of the list."""
    hass.config.language = language
    assert await async_setup_component(hass, "homeassistant", {})
    assert await set_up(hass, entry)
    for component in ("conversation", "intent"):
        assert await async_setup_component(hass, component, {})
    found = entity_id_of(hass, entry, "todo", "missed_calls")
    assert found
    return found


async def test_the_list_is_exposed_by_the_user_only(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    """No assistant receives names and numbers by default; a reload keeps the user's settings."""
    entity_id = await set_up_voice(hass, entry)
    exposed = [async_should_expose(hass, name, entity_id) for name in KNOWN_ASSISTANTS]
    assert exposed == [False] * len(KNOWN_ASSISTANTS)
    await expose(hass, entity_id, to_assist=True)
    er.async_get(hass).async_update_entity(entity_id, aliases=["Telefon"])
    assert await reload(hass, entry)
    assert async_should_expose(hass, "conversation", entity_id)
    assert aliases(hass, entity_id) == ["Telefon"]


def aliases(hass: HomeAssistant, entity_id: str) -> list[str]:
    """Return the names by which an entity can be addressed."""
    entity = er.async_get(hass).async_get(entity_id)
    assert entity
    return er.async_get_entity_aliases(hass, entity)


SPOKEN = {
    "cs": {
        "Odškrtni Jan Novák mobil ze seznamu zmeškané hovory": "Odškrtnuto: jan novák mobil",
        "odškrtni Skryté číslo ze seznamu Odorik 1234567 Zmeškané hovory": "Odškrtnuto: ",
    },
    "en": {
        "Check off Jan Novák mobil on my missed calls list": "Checked off jan novák mobil",
        "check withheld number off Odorik 1234567 missed calls": "Checked off ",
    },
}


@pytest.mark.parametrize("language", SPOKEN)
async def test_items_are_completed_by_voice(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    miss: Miss,
    subtests: pytest.Subtests,
    language: str,
) -> None:
    """An exposed list is found by its name, and a caller with one call by theirs."""
    entity_id = await set_up_voice(hass, entry, language)
    await miss(JAN, "")
    for sentence, answer in SPOKEN[language].items():
        await expose(hass, entity_id, to_assist=False)
        for item in (JAN_ITEM, "withheld"):
            await act(hass, "update_item", entity_id=entity_id, item=item, status="needs_action")
        await hass.async_block_till_done()
        with subtests.test(sentence=sentence):
            assert answer not in await say(hass, sentence, language)
            assert get_state(hass, entity_id).state == "2"
            await expose(hass, entity_id, to_assist=True)
            spoken = await say(hass, sentence, language)
            assert spoken.casefold().startswith(answer.casefold())
            assert get_state(hass, entity_id).state == "1"


@pytest.mark.parametrize(
    ("language", "sentence"),
    [("cs", "přidej mléko na seznam Zmeškané hovory"), ("en", "add milk to my missed calls list")],
)
async def test_items_cannot_be_added(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    caplog: pytest.LogCaptureFixture,
    language: str,
    sentence: str,
) -> None:
    """The voice assistant does not check the features, so the entity refuses new items itself."""
    entity_id = await set_up_voice(hass, entry, language)
    with pytest.raises(ServiceNotSupported):
        await act(hass, "add_item", entity_id=entity_id, item="Milk")
    await expose(hass, entity_id, to_assist=True)
    await say(hass, sentence, language)
    assert get_state(hass, entity_id).state == "0"
    assert "ServiceValidationError" in caplog.text
    assert "added manually" in caplog.text


async def test_only_one_account_has_the_short_spoken_name(
    hass: HomeAssistant, entry: MockConfigEntry, exchange: RunningExchange
) -> None:
    """The lists of two accounts have different names, so the assistant need not ask which one."""
    first = await set_up_voice(hass, entry)
    other = add_account(exchange)
    second = await set_up_voice(hass, make_entry(other.user, other.password))
    assert aliases(hass, first) == ["Odorik 1234567 Missed calls", "Missed calls"]
    assert aliases(hass, second) == ["Odorik 7654321 Missed calls"]
