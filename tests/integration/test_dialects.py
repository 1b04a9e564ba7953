"""Test the main functions with all the ways in which the operator may write its responses."""

from pathlib import Path

from homeassistant import config_entries
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.exceptions import HomeAssistantError
import pytest

from custom_components.odorik.const import DOMAIN
from simulator.dialects import DIALECTS
from simulator.world import World
from tests.accounts import HOME, JAN, WORKSHOP
from tests.actions.conftest import ids_in
from tests.conftest import EventLog, Tick
from tests.exchange import RunningExchange

from .conftest import act

MINE = "00420608111222"


@pytest.fixture(params=DIALECTS, autouse=True)
def world(request: pytest.FixtureRequest, exchange: RunningExchange) -> World:
    """The world of the exchange, which responds in one of the dialects."""
    exchange.world.dialect = request.param
    return exchange.world


@pytest.mark.usefixtures("account")
async def test_a_call_is_reported_from_ring_to_end(
    world: World, tick: Tick, event_log: EventLog
) -> None:
    """The events have the data of the active call, and the last one that of its record."""
    await tick(10)
    world.ring(JAN, line=WORKSHOP)
    await tick(10)
    world.answer()
    await tick(3)
    await tick(60)
    world.end()
    for _ in range(4):
        await tick(5)
    assert event_log.kinds == ["call_started", "call_answered", "call_ended"]
    for data in (event.data for event in event_log.events):
        assert (data["direction"], data["number"]) == ("in", "+420777123456")
        assert (data["line"], data["line_name"]) == (WORKSHOP, "Dílna")
        assert data["name"] == "Jan Novák mobil"
    [last] = event_log.ends
    (record,) = world.account().records
    assert last["call_id"] == record.id
    assert last["active_call_id"] == record.active_call_id
    assert (last["duration"], last["price"], last["status"]) == (record.length, 0.0, "answered")


@pytest.mark.usefixtures("account")
async def test_a_forwarded_call_is_one_call(world: World, tick: Tick, event_log: EventLog) -> None:
    """The legs are joined by an ID that may be a number or text; missed calls are reported once."""
    await tick(10)
    world.ring(JAN, line=HOME)
    world.redirect(to="00420608999888", keep=False)
    await tick(10)
    world.answer()
    await tick(20)
    world.end()
    for _ in range(8):
        await tick(15)
    assert [call["status"] for call in event_log.ends] == ["answered"]
    assert "missed_call" not in event_log.kinds
    event_log.events.clear()
    first, second = world.miss(JAN, line=HOME), world.miss("", line=WORKSHOP)
    await tick(120)
    await tick(120)
    assert event_log.kinds == ["missed_call", "missed_call"]
    missed = {data["call_id"]: data["number"] for data in event_log.ends}
    assert missed == {first.id: "+420777123456", second.id: None}


@pytest.mark.usefixtures("account")
async def test_a_call_to_a_sip_name_is_incoming(
    world: World, tick: Tick, event_log: EventLog
) -> None:
    """A SIP name of the account is recognised as its own number."""
    await tick(10)
    world.ring(JAN, "domov.novakovi", line=HOME)
    await tick(10)
    assert event_log.kinds == ["call_started"]
    data = event_log.events[0].data
    assert (data["direction"], data["own_number"]) == ("in", "domov.novakovi")


@pytest.mark.usefixtures("account")
async def test_a_callback_is_ordered_and_hung_up(
    hass: HomeAssistant, world: World, tick: Tick, event_log: EventLog
) -> None:
    """The order is sent once and its result is recognised, as is that of hanging up."""
    await tick(10)
    order = {"recipient": "Eva", "caller": MINE, "line": HOME}
    assert await act(hass, "callback", **order) == {"status": "ordered"}
    (ordered,) = world.account().callbacks
    assert (ordered.recipient, ordered.caller) == ("00420602987654", MINE)
    await tick(10)
    (call,) = world.active
    assert await act(hass, "hangup", active_call_id=call) == {"hung_up": [call]}
    assert world.active == {}
    for _ in range(8):
        await tick(15)
    assert len(event_log.ids) == 1
    assert await act(hass, "callback", **order, delay=5) == {"status": "enqueued"}


@pytest.mark.usefixtures("account")
async def test_the_history_is_returned_newest_first(hass: HomeAssistant, world: World) -> None:
    """All pages are read, and all rows have their type, parent and price."""
    world.fill(2300)
    world.add_sms(JAN)
    rows = sorted(world.account().records, key=lambda row: (row.date, row.id), reverse=True)
    answer = await act(hass, "get_calls", start="2000-01-01", include_sms=True, limit=2301)
    calls = answer["calls"]
    assert [call["id"] for call in calls] == [row.id for row in rows]
    assert [call["type"] for call in calls].count("sms") == 1
    parents = {row.id: row.redirection_parent_id for row in rows}
    assert {call["id"]: call["redirection_parent_id"] for call in calls} == parents
    assert sum(call["price"] for call in calls) == pytest.approx(sum(row.price for row in rows))


@pytest.mark.usefixtures("account")
async def test_the_statistics_match_the_operators(hass: HomeAssistant, world: World) -> None:
    """Counts, lengths and prices are those of the exchange."""
    world.fill(300)
    books = world.totals()
    statistics = await act(hass, "get_statistics", start="2000-01-01")
    for name in ("incoming", "outgoing", "redirected"):
        expected = getattr(books, name)
        assert statistics[name] == {
            "count": expected.count,
            "length": expected.length,
            "price": pytest.approx(expected.price),
        }
    answer = await act(hass, "get_statistics_by_destination", start="2000-01-01", direction="out")
    rows = answer["destinations"]
    assert sum(row["count"] for row in rows) == books.outgoing.count
    assert sum(row["price"] for row in rows) == pytest.approx(books.outgoing.price)
    missed = (await act(hass, "get_missed_calls", start="2000-01-01"))["missed_calls"]
    assert {row["destination_number"]: row["count"] for row in missed} == books.missed


@pytest.mark.usefixtures("account")
@pytest.mark.parametrize("export_format", ["csv", "json", "xml"])
async def test_an_export_contains_every_call(
    hass: HomeAssistant, exchange: RunningExchange, world: World, export_format: str
) -> None:
    """An export without calls is valid, and a refused one keeps the file from before."""
    path = Path(hass.config.path(f"calls.{export_format}"))
    export = {"start": "2000-01-01", "format": export_format, "path": path.name}
    for count in (0, 2100):
        world.fill(count)
        assert (await act(hass, "export_calls", **export))["calls"] == count
        ids = {str(record.id) for record in world.account().records}
        assert set(ids_in(path)) == ids
    exchange.fail("unauthorized", path=f"/calls.{export_format}")
    with pytest.raises(HomeAssistantError) as failure:
        await act(hass, "export_calls", **export)
    assert failure.value.translation_key == "unauthorized"
    assert set(ids_in(path)) == ids


@pytest.mark.usefixtures("enable_custom_integrations")
@pytest.mark.parametrize("is_line", [False, True])
async def test_a_login_is_added(
    hass: HomeAssistant, exchange: RunningExchange, *, is_line: bool
) -> None:
    """The form distinguishes a wrong password, a refusal and an outage, for accounts and lines."""
    username, password = (
        (str(WORKSHOP), f"sip-{WORKSHOP}") if is_line else (exchange.username, exchange.password)
    )
    form = await hass.config_entries.flow.async_init(
        DOMAIN, context={"source": config_entries.SOURCE_USER}
    )
    for tried, fault, error in (
        ("wrong", None, "invalid_auth"),
        (password, "account_blocked", "refused"),
        (password, "503", "cannot_connect"),
    ):
        if fault:
            exchange.fail(fault)
        result = await hass.config_entries.flow.async_configure(
            form["flow_id"], {"username": username, "password": tried}
        )
        assert result.get("errors") == {"base": error}
    result = await hass.config_entries.flow.async_configure(
        form["flow_id"], {"username": username, "password": password}
    )
    await hass.async_block_till_done(wait_background_tasks=True)
    assert result["type"] is FlowResultType.CREATE_ENTRY
    (entry,) = hass.config_entries.async_entries(DOMAIN)
    assert entry.state is config_entries.ConfigEntryState.LOADED
