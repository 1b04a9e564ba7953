"""The main paths through a home, in every way in which the operator may word its answers."""

from collections.abc import Callable, Generator
import csv
import json
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

from homeassistant import config_entries
from homeassistant.core import Event, HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.exceptions import HomeAssistantError
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.odorik.const import DOMAIN
from simulator.dialects import DIALECTS
from simulator.world import World

from .conftest import Tick
from .exchange import RunningExchange

JAN = "00420777123456"
MINE = "00420608111222"
EVENTS = ("call_started", "call_answered", "call_ended", "missed_call")

type Told = list[tuple[str, dict[str, Any]]]


@pytest.fixture(params=DIALECTS)
def world(request: pytest.FixtureRequest, exchange: RunningExchange) -> World:
    """The exchange's truth, told in one of the dialects."""
    exchange.world.dialect = request.param
    return exchange.world


@pytest.fixture
async def home(world: World, account: MockConfigEntry) -> MockConfigEntry:  # noqa: ARG001
    """An account that has been set up in the dialect."""
    assert account.state is config_entries.ConfigEntryState.LOADED
    return account


@pytest.fixture
def told(hass: HomeAssistant) -> Generator[Told]:
    """What automations hear."""
    heard: Told = []

    def hear(name: str) -> Callable[[Event[dict[str, Any]]], None]:
        return lambda event: heard.append((name, dict(event.data)))

    stops = [hass.bus.async_listen(f"{DOMAIN}_{name}", hear(name)) for name in EVENTS]
    yield heard
    for stop in stops:
        stop()


async def act(hass: HomeAssistant, action: str, **data: Any) -> dict[str, Any]:
    """Perform an action and return its answer."""
    answer = await hass.services.async_call(
        DOMAIN, action, data, blocking=True, return_response=True
    )
    assert answer is not None
    return dict(answer)


@pytest.mark.usefixtures("home")
async def test_a_call_is_reported_from_ring_to_end(world: World, tick: Tick, told: Told) -> None:
    """Without it nothing that hangs on calls works."""
    await tick(10)
    world.ring(JAN, line=300110)
    await tick(10)
    world.answer()
    await tick(3)
    await tick(60)
    world.end()
    for _ in range(4):
        await tick(5)
    assert [name for name, _ in told] == ["call_started", "call_answered", "call_ended"]
    for _, data in told:
        assert (data["direction"], data["number"]) == ("in", "+420777123456")
        assert (data["line"], data["line_name"]) == (300110, "Dílna")
        assert data["name"] == "Jan Novák mobil"
    _, last = told[-1]
    (record,) = world.account().records
    assert last["call_id"] == record.id
    assert last["active_call_id"] == record.active_call_id
    assert (last["duration"], last["price"], last["status"]) == (record.length, 0.0, "answered")


@pytest.mark.usefixtures("home")
async def test_a_call_that_is_sent_on_is_one_and_missed_calls_are_reported_once(
    world: World, tick: Tick, told: Told
) -> None:
    """The legs of a call are tied together by an id that comes as a number or as text."""
    await tick(10)
    world.ring(JAN, line=300100)
    world.redirect(to="00420608999888", keep=False)
    await tick(10)
    world.answer()
    await tick(20)
    world.end()
    for _ in range(8):
        await tick(15)
    assert [name for name, _ in told if name in {"call_ended", "missed_call"}] == ["call_ended"]
    told.clear()
    first, second = world.miss(JAN, line=300100), world.miss("", line=300110)
    await tick(120)
    await tick(120)
    missed = {data["call_id"]: data["number"] for name, data in told if name == "missed_call"}
    assert missed == {first.id: "+420777123456", second.id: None}
    assert len(told) == len(missed)


@pytest.mark.usefixtures("home")
async def test_a_call_to_a_sip_name_comes_in(world: World, tick: Tick, told: Told) -> None:
    """Who rings at a name would be shown as somebody whom the house has sent on."""
    await tick(10)
    world.ring(JAN, "domov.novakovi", line=300100)
    await tick(10)
    (started,) = told
    assert started[0] == "call_started"
    assert (started[1]["direction"], started[1]["own_number"]) == ("in", "domov.novakovi")


@pytest.mark.usefixtures("home")
async def test_a_callback_is_ordered_and_hung_up(
    hass: HomeAssistant, world: World, tick: Tick, told: Told
) -> None:
    """Both cost money, or end a talk."""
    await tick(10)
    order = {"recipient": "Eva", "caller": MINE, "line": 300100}
    assert await act(hass, "callback", **order) == {"status": "ordered"}
    (ordered,) = world.account().callbacks
    assert (ordered.recipient, ordered.caller) == ("00420602987654", MINE)
    await tick(10)
    (call,) = world.active
    assert await act(hass, "hangup", active_call_id=call) == {"hung_up": [call]}
    assert world.active == {}
    for _ in range(8):
        await tick(15)
    assert len([name for name, _ in told if name in {"call_ended", "missed_call"}]) == 1
    assert await act(hass, "callback", **order, delay=5) == {"status": "enqueued"}


@pytest.mark.usefixtures("home")
async def test_an_order_that_is_refused_says_why(
    hass: HomeAssistant, exchange: RunningExchange, world: World, subtests: pytest.Subtests
) -> None:
    """Nobody would know whether it may be ordered again."""
    for code in ("callback_failed", "unauthorized"):
        exchange.exchange.faults.clear()
        world.account().callbacks.clear()
        exchange.fail(code, path="POST /callback")
        with subtests.test(code=code):
            with pytest.raises(HomeAssistantError) as failure:
                await act(hass, "callback", recipient=JAN, caller=MINE)
            assert failure.value.translation_key == code
            assert world.account().callbacks == []


@pytest.mark.usefixtures("home")
async def test_the_history_is_answered_newest_first(hass: HomeAssistant, world: World) -> None:
    """The last call would be missing from the list."""
    world.fill(2300)
    world.add_sms(JAN)
    rows = sorted(world.account().records, key=lambda row: (row.date, row.id), reverse=True)
    wanted = {"start": "2000-01-01", "include_sms": True}
    calls = (await act(hass, "get_calls", **wanted, limit=2301))["calls"]
    assert [call["id"] for call in calls] == [row.id for row in rows]
    assert [call["type"] for call in calls].count("sms") == 1
    parents = {row.id: row.redirection_parent_id for row in rows}
    assert {call["id"]: call["redirection_parent_id"] for call in calls} == parents
    assert sum(call["price"] for call in calls) == pytest.approx(sum(row.price for row in rows))


@pytest.mark.usefixtures("home")
async def test_the_sums_are_those_of_the_books(hass: HomeAssistant, world: World) -> None:
    """What a month cost has to be right to the haléř."""
    world.fill(300)
    books = world.totals()
    sums = await act(hass, "get_statistics", start="2000-01-01")
    for name in ("incoming", "outgoing", "redirected"):
        known = getattr(books, name)
        assert sums[name] == {
            "count": known.count,
            "length": known.length,
            "price": pytest.approx(known.price),
        }
    missed = (await act(hass, "get_missed_calls", start="2000-01-01"))["missed_calls"]
    assert {row["destination_number"]: row["count"] for row in missed} == books.missed


def ids_of(path: Path) -> set[str]:
    """Read the ids out of an export, in whatever form it is."""
    if path.suffix == ".json":
        return {str(row["id"]) for row in json.loads(path.read_bytes())}
    if path.suffix == ".xml":
        return {str(call.findtext("id")) for call in ET.parse(path).getroot()}  # noqa: S314
    text = path.read_text("utf-8-sig")
    delimiter = ";" if ";" in text.splitlines()[0] else ","
    return {row["id"] for row in csv.DictReader(text.splitlines(), delimiter=delimiter)}


@pytest.mark.usefixtures("home")
async def test_an_export_holds_every_call_and_no_refusal(
    hass: HomeAssistant, exchange: RunningExchange, world: World, subtests: pytest.Subtests
) -> None:
    """The last good file would be replaced by half of one, or by the words of a refusal."""
    paths = {form: Path(hass.config.path(f"calls.{form}")) for form in ("csv", "json", "xml")}

    async def export(form: str) -> dict[str, Any]:
        wanted = {"start": "2000-01-01", "format": form, "path": paths[form].name}
        return await act(hass, "export_calls", **wanted)

    for form, path in paths.items():
        with subtests.test("no call", form=form):
            assert (await export(form))["calls"] == 0
            assert ids_of(path) == set()
    world.fill(2100)
    for form, path in paths.items():
        exchange.exchange.faults.clear()
        with subtests.test("many calls", form=form):
            assert (await export(form))["calls"] == 2100
            assert ids_of(path) == {str(record.id) for record in world.account().records}
            good = ids_of(path)
            exchange.fail("unauthorized", path=f"/calls.{form}")
            with pytest.raises(HomeAssistantError) as failure:
                await export(form)
            assert failure.value.translation_key == "unauthorized"
            assert ids_of(path) == good


@pytest.mark.usefixtures("world", "enable_custom_integrations")
@pytest.mark.parametrize("is_line", [False, True])
async def test_an_account_and_a_line_are_set_up(
    hass: HomeAssistant, exchange: RunningExchange, *, is_line: bool
) -> None:
    """A wrong password is told from a right one, and from a fault."""
    username, password = (
        ("300110", "sip-300110") if is_line else (exchange.username, exchange.password)
    )
    form = await hass.config_entries.flow.async_init(
        DOMAIN, context={"source": config_entries.SOURCE_USER}
    )
    for wrong, fault, error in (
        ("wrong", None, "invalid_auth"),
        (password, "account_blocked", "refused"),
        (password, "503", "cannot_connect"),
    ):
        if fault:
            exchange.fail(fault)
        answer = await hass.config_entries.flow.async_configure(
            form["flow_id"], {"username": username, "password": wrong}
        )
        assert answer.get("errors") == {"base": error}
    answer = await hass.config_entries.flow.async_configure(
        form["flow_id"], {"username": username, "password": password}
    )
    await hass.async_block_till_done(wait_background_tasks=True)
    assert answer["type"] is FlowResultType.CREATE_ENTRY
    (entry,) = hass.config_entries.async_entries(DOMAIN)
    assert entry.state is config_entries.ConfigEntryState.LOADED


async def test_a_password_that_was_changed_is_asked_for(
    hass: HomeAssistant, world: World, home: MockConfigEntry, tick: Tick
) -> None:
    """Nobody would be told why the telephone is silent in Home Assistant."""
    world.account().password = "changed"
    await tick(15)
    (form,) = hass.config_entries.flow.async_progress()
    assert form["context"]["source"] == config_entries.SOURCE_REAUTH
    assert form["context"]["entry_id"] == home.entry_id
