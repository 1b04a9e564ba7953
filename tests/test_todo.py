"""Missed calls to return, as the to-do list that people tick, click and speak to."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
import logging
from typing import Any

from freezegun.api import FrozenDateTimeFactory
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

from custom_components.odorik.const import DOMAIN
from simulator.world import Contact

from .conftest import Tick
from .exchange import RunningExchange

LIST, SENSOR = "todo.odorik_1234567_missed_calls", "sensor.odorik_1234567_callers_waiting"
JAN, EVA, TRAP = "00420777123456", "00420602987654", "00420733555111"
NOON = datetime(2026, 11, 24, 11, tzinfo=UTC)

type Items = Callable[[], Awaitable[list[dict[str, Any]]]]
type Miss = Callable[..., Awaitable[None]]


@pytest.fixture(autouse=True)
async def clock(hass: HomeAssistant, freezer: FrozenDateTimeFactory) -> None:
    """Stop the clock at noon in Prague."""
    await hass.config.async_set_time_zone("Europe/Prague")
    freezer.move_to(NOON)


@pytest.fixture(autouse=True)
def contacts(exchange: RunningExchange) -> None:
    """Somebody is called as no friend is."""
    exchange.world.account().contacts.append(Contact(99, TRAP, "[x](javascript:alert(1)) *a* _b_"))


@pytest.fixture
def miss(exchange: RunningExchange, tick: Tick) -> Miss:
    """Miss a call, and let it be read."""

    async def let_ring(number: str, times: int = 1) -> None:
        for _ in range(times):
            exchange.world.miss(number, line=300100)
            await tick(120)

    return let_ring


@pytest.fixture
def items(hass: HomeAssistant) -> Items:
    """What is on the list."""

    async def read() -> list[dict[str, Any]]:
        answer: Any = await hass.services.async_call(
            "todo",
            "get_items",
            {"entity_id": LIST, "status": ["needs_action", "completed"]},
            blocking=True,
            return_response=True,
        )
        found: list[dict[str, Any]] = answer[LIST]["items"]
        return found

    return read


async def act(hass: HomeAssistant, action: str, **data: Any) -> None:
    """Do something to the list."""
    await hass.services.async_call("todo", action, {"entity_id": LIST, **data}, blocking=True)


def states(hass: HomeAssistant) -> tuple[str, str]:
    """What the list and the sensor count."""
    shown = [hass.states.get(entity_id) for entity_id in (LIST, SENSOR)]
    assert shown[0]
    assert shown[1]
    return shown[0].state, shown[1].state


@pytest.mark.usefixtures("account")
async def test_an_item_says_who_called_when_and_how_to_call_back(miss: Miss, items: Items) -> None:
    """Whoever reads it in the panel, on a telephone, has nothing else at hand."""
    await miss(JAN, 2)
    await miss("00420601222333")
    await miss("")
    assert await items() == [
        {
            "summary": "Withheld number",
            "uid": "withheld",
            "status": "needs_action",
            "due": "2026-11-24T12:05:40+01:00",
            "description": "Domov · 2026-11-24 12:05",
        },
        {
            "summary": "+420 601 222 333",
            "uid": "+420601222333",
            "status": "needs_action",
            "due": "2026-11-24T12:03:40+01:00",
            "description": "Domov · [+420 601 222 333](tel:+420601222333) · 2026-11-24 12:03",
        },
        {
            "summary": "Jan Novák mobil (2×)",  # noqa: RUF001
            "uid": "+420777123456",
            "status": "needs_action",
            "due": "2026-11-24T12:01:40+01:00",
            "description": (
                "Domov · [+420 777 123 456](tel:+420777123456) · 2026-11-24 12:01, 11:59"
            ),
        },
    ]


@pytest.mark.usefixtures("account")
async def test_many_calls_are_told_in_few_words(miss: Miss, items: Items, tick: Tick) -> None:
    """The card shows three lines."""
    await miss(JAN, 5)
    await tick(24 * 3600)
    await miss(JAN, 2)
    [item] = await items()
    assert item["description"].endswith(
        "2026-11-25 12:11, 12:09, 2026-11-24 12:07, 12:05, 12:03, …"
    )


async def test_markup_in_a_name_stays_text(
    hass: HomeAssistant,
    account: MockConfigEntry,
    exchange: RunningExchange,
    miss: Miss,
    items: Items,
) -> None:
    """Names come from strangers: a click on one would run what they wrote."""
    line = exchange.world.account().lines[300100]
    line.name = "[x](javascript:alert(1)) *_`~#1."
    assert await hass.config_entries.async_reload(account.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    await miss(TRAP)
    [item] = await items()
    assert item["summary"] == "[x](javascript:alert(1)) *a* _b_", "shown as text"
    assert item["description"].startswith(
        r"\[x\]\(javascript\:alert\(1\)\) \*\_\`\~\#1\. · [+420 733 555 111](tel:"
    )


@pytest.mark.usefixtures("account")
async def test_what_cannot_be_dialled_is_no_link(miss: Miss, items: Items) -> None:
    """A link that does nothing, or runs what a caller calls itself."""
    await miss("skype:tomas.prochazka")
    [item] = await items()
    assert item["summary"] == "Tomáš Procházka"
    assert "](" not in item["description"]


@pytest.mark.usefixtures("account")
async def test_a_card_ticks_unticks_deletes_and_clears(
    hass: HomeAssistant, hass_ws_client: WebSocketGenerator, miss: Miss, tick: Tick
) -> None:
    """As the frontend does it: with the same summary as a new name, and all done ones at once."""
    for number in (JAN, EVA, TRAP, ""):
        await miss(number)
    socket: Any = await hass_ws_client(hass)
    await socket.send_json_auto_id({"type": "todo/item/subscribe", "entity_id": LIST})
    assert (await socket.receive_json())["success"]
    shown = (await socket.receive_json())["event"]["items"]
    assert [item["uid"] for item in shown] == [
        "withheld",
        "+420733555111",
        "+420602987654",
        "+420777123456",
    ]

    async def change(action: str, **data: Any) -> list[tuple[str, str]]:
        nonlocal shown
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
        shown = pushed["event"]["items"]
        return [(item["uid"], item["status"]) for item in shown]

    eva = next(item for item in shown if item["uid"] == "+420602987654")
    as_sent = {"item": eva["uid"], "rename": eva["summary"]}
    # The dialog sends back what it has shown.
    dialog = {"description": eva["description"], "due_datetime": eva["due"]}
    ticked = await change("update_item", **as_sent, **dialog, status="completed")
    assert ticked[-1] == ("+420602987654", "completed")
    assert states(hass) == ("3", "3")
    back = await change("update_item", **as_sent, status="needs_action")
    assert ("+420602987654", "needs_action") in back
    assert states(hass) == ("4", "4")
    await change("update_item", item="withheld", status="completed")
    await change("update_item", **as_sent, status="completed")
    left = await change("remove_item", item=["+420602987654", "withheld"])
    assert [uid for uid, _ in left] == ["+420733555111", "+420777123456"]
    assert [uid for uid, _ in await change("remove_item", item=["+420733555111"])] == [
        "+420777123456"
    ]
    assert states(hass) == ("1", "1")
    await tick(120)
    assert states(hass) == ("1", "1")


@pytest.mark.usefixtures("account")
async def test_nothing_can_be_added_by_hand(hass: HomeAssistant) -> None:
    """Nobody has called; the assistant asks no feature, and has to be told so in words."""
    with pytest.raises(ServiceNotSupported):
        await act(hass, "add_item", item="Milk")
    with pytest.raises(ServiceValidationError, match="by hand"):
        await hass.data["todo"].get_entity(LIST).async_create_todo_item(None)
    assert states(hass) == ("0", "0")


@pytest.mark.usefixtures("account")
async def test_items_follow_the_language_and_the_time_zone(
    hass: HomeAssistant, miss: Miss, items: Items
) -> None:
    """Items are rewritten when Home Assistant's language or time zone changes.

    The list would stay in the old language, and the times in the old zone, until a restart.
    """
    await miss("")
    [item] = await items()
    assert item["summary"] == "Withheld number"
    await hass.config.async_update(language="cs", time_zone="Asia/Tokyo")
    await hass.async_block_till_done()
    [item] = await items()
    assert item["summary"] == "Skryté číslo"
    assert item["due"] == "2026-11-24T19:59:40+09:00"
    assert item["description"] == "Domov · 24. 11. 2026 19:59"
    await hass.config.async_update(location_name="Chalupa")
    await hass.async_block_till_done()
    assert states(hass) == ("1", "1")


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
    hass: HomeAssistant, miss: Miss, items: Items, change: dict[str, Any]
) -> None:
    """Changes of the name, the note or the date are refused as a whole.

    They were accepted and dropped, and the user noticed later that the note is gone.
    """
    await miss(JAN)
    before = await items()
    with pytest.raises(ServiceValidationError) as refused:
        await act(hass, "update_item", item="+420777123456", **change)
    assert refused.value.translation_key == "inbox_edit"
    assert "cannot be changed" in str(refused.value)
    assert await items() == before


@pytest.mark.usefixtures("account")
async def test_an_item_saved_as_it_is_shown_is_no_edit(
    hass: HomeAssistant, miss: Miss, items: Items
) -> None:
    """The item's dialog sends back every field that it shows, in UTC, also to tick the item off."""
    await miss(JAN, 2)
    [item] = await items()
    shown = {
        "rename": item["summary"],
        "description": item["description"],
        "due_datetime": "2026-11-24T11:01:40.000Z",
    }
    await act(hass, "update_item", item=item["uid"], **shown, status="completed")
    assert states(hass) == ("0", "0")
    await act(hass, "update_item", item=item["uid"], **shown, status="completed")
    await act(hass, "update_item", item=item["uid"], **shown, status="needs_action")
    assert states(hass) == ("1", "1")


@pytest.mark.usefixtures("account")
async def test_nothing_is_written_when_nothing_has_changed(
    hass: HomeAssistant, exchange: RunningExchange, miss: Miss, tick: Tick
) -> None:
    """Each state is a line in the database, and a word to every open page."""
    await miss(JAN)
    await act(hass, "update_item", item="+420777123456", status="completed")
    written: list[str] = []

    @callback
    def note(event: Event[Any]) -> None:
        if event.data["entity_id"] in {LIST, SENSOR}:
            written.append(event.data["entity_id"])

    for kind in ("state_changed", "state_reported"):
        hass.bus.async_listen(kind, note, event_filter=callback(lambda _: True))
    for _ in range(10):
        await tick(120)
    await act(hass, "update_item", item="+420777123456", status="completed")
    exchange.world.dial(EVA, answer_after=1, end_after=5)
    for _ in range(5):
        await tick(60)
    assert written == []
    # What is done and gone again is no business of the sensor's.
    await act(hass, "remove_item", item="+420777123456")
    assert SENSOR not in written


@pytest.mark.usefixtures("account")
async def test_who_waits_is_known_while_the_operator_is_not_reached(
    hass: HomeAssistant, exchange: RunningExchange, miss: Miss, tick: Tick
) -> None:
    """That is when somebody looks whom to call by mobile."""
    await miss(JAN)
    exchange.fail("503", times=0)
    for _ in range(5):
        await tick(120)
    assert states(hass) == ("1", "1")
    await act(hass, "update_item", item="Jan Novák mobil", status="completed")
    assert states(hass) == ("0", "0")


@pytest.mark.usefixtures("account")
async def test_the_sensor_tells_an_automation_who_waits(hass: HomeAssistant, miss: Miss) -> None:
    """A template has no other way to name them."""
    await miss(JAN, 2)
    state = hass.states.get(SENSOR)
    assert state
    assert state.attributes["callers"] == [
        {
            "uid": "+420777123456",
            "number": "+420777123456",
            "formatted": "+420 777 123 456",
            "name": "Jan Novák mobil",
            "line": 300100,
            "line_name": "Domov",
            "count": 2,
            "first_at": "2026-11-24T10:59:40+00:00",
            "started_at": "2026-11-24T11:01:40+00:00",
        }
    ]


async def set_up(hass: HomeAssistant, entry: MockConfigEntry, language: str = "en") -> str:
    """Set an account up in a home that can be spoken to; return its list."""
    hass.config.language = language
    assert await async_setup_component(hass, "homeassistant", {})
    entry.add_to_hass(hass)
    assert await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    for component in ("conversation", "intent"):
        assert await async_setup_component(hass, component, {})
    found = er.async_get(hass).async_get_entity_id(
        "todo", DOMAIN, f"{entry.unique_id}_missed_calls"
    )
    assert found
    return found


async def test_no_assistant_knows_it_until_the_user_says_so(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    """Names and numbers would be read to whoever runs the language model, unasked."""
    entity_id = await set_up(hass, entry)
    exposed = [async_should_expose(hass, name, entity_id) for name in KNOWN_ASSISTANTS]
    assert exposed == [False] * len(KNOWN_ASSISTANTS)
    async_expose_entity(hass, "conversation", entity_id, True)  # noqa: FBT003
    er.async_get(hass).async_update_entity(entity_id, aliases=["Telefon"])
    assert await hass.config_entries.async_reload(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert async_should_expose(hass, "conversation", entity_id)
    assert er.async_get_entity_aliases(hass, er.async_get(hass).async_get(entity_id)) == ["Telefon"]  # type: ignore[arg-type]


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
async def test_it_is_ticked_by_voice(
    *,
    hass: HomeAssistant,
    entry: MockConfigEntry,
    miss: Miss,
    subtests: pytest.Subtests,
    language: str,
) -> None:
    """With flour on the hands; and nobody says how often somebody has called."""
    entity_id = await set_up(hass, entry, language)
    await miss(JAN, 2)
    await miss("")

    async def say(sentence: str) -> str:
        result = await conversation.async_converse(
            hass, sentence, None, Context(), language=language
        )
        return str(result.response.speech["plain"]["speech"])

    async def begin() -> None:
        async_expose_entity(hass, "conversation", entity_id, False)  # noqa: FBT003
        for item in ("+420777123456", "withheld"):
            again = {"entity_id": entity_id, "item": item, "status": "needs_action"}
            await hass.services.async_call("todo", "update_item", again, blocking=True)
        await hass.async_block_till_done()

    for place, (sentence, answer) in enumerate(SPOKEN[language].items()):
        if place:
            await begin()
        with subtests.test(sentence=sentence):
            assert answer not in await say(sentence)
            assert hass.states.get(entity_id).state == "2"  # type: ignore[union-attr]
            async_expose_entity(hass, "conversation", entity_id, True)  # noqa: FBT003
            await hass.async_block_till_done()
            assert (await say(sentence)).casefold().startswith(answer.casefold())
            assert hass.states.get(entity_id).state == "1"  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("language", "sentence", "why"),
    [
        ("cs", "přidej mléko na seznam Zmeškané hovory", "nic přidat ručně"),
        ("en", "add milk to my missed calls list", "by hand"),
    ],
)
async def test_adding_by_voice_is_refused_in_words(
    *,
    hass: HomeAssistant,
    entry: MockConfigEntry,
    caplog: pytest.LogCaptureFixture,
    language: str,
    sentence: str,
    why: str,
) -> None:
    """The assistant asks for no feature; the log says why it did not do it."""
    entity_id = await set_up(hass, entry, language)
    async_expose_entity(hass, "conversation", entity_id, True)  # noqa: FBT003
    await hass.async_block_till_done()
    with caplog.at_level(logging.ERROR):
        await conversation.async_converse(hass, sentence, None, Context(), language=language)
    assert hass.states.get(entity_id).state == "0"  # type: ignore[union-attr]
    assert "ServiceValidationError" in caplog.text
    assert "by hand" in caplog.text or why in caplog.text


async def test_two_accounts_do_not_share_a_spoken_name(
    hass: HomeAssistant, entry: MockConfigEntry, exchange: RunningExchange
) -> None:
    """The assistant would ask which one, and neither could be said."""
    first = await set_up(hass, entry)
    line = MockConfigEntry(
        domain=DOMAIN,
        title="Odorik 300110",
        unique_id="7654321",
        data={"username": exchange.username, "password": exchange.password},
    )
    second = await set_up(hass, line)
    registry = er.async_get(hass)
    names = [
        er.async_get_entity_aliases(hass, known)
        for entity_id in (first, second)
        if (known := registry.async_get(entity_id))
    ]
    assert names == [
        ["Odorik 1234567 Missed calls", "Missed calls"],
        ["Odorik 300110 Missed calls"],
    ]


@pytest.mark.usefixtures("account")
async def test_triggers_of_the_list_hear_of_a_tick(hass: HomeAssistant, miss: Miss) -> None:
    """Home Assistant's own triggers are what somebody builds an automation of."""
    assert await async_setup_component(
        hass,
        "automation",
        {
            "automation": {
                "triggers": {"trigger": "todo.item_completed", "target": {"entity_id": LIST}},
                "actions": {"event": "heard", "event_data": {"items": "{{ trigger.item_ids }}"}},
            }
        },
    )
    await hass.async_block_till_done()
    heard: list[Any] = []
    hass.bus.async_listen("heard", callback(lambda event: heard.append(event.data["items"])))
    await miss(JAN)
    await act(hass, "update_item", item="+420777123456", status="completed")
    await hass.async_block_till_done()
    assert heard == [["+420777123456"]]
