"""Active calls and hanging up."""

from datetime import UTC, datetime, timedelta

from tests.exchange import RunningExchange
from tests.simulator.conftest import Send, documented, shape


async def test_an_active_call_has_the_documented_fields(
    exchange: RunningExchange, api: Send
) -> None:
    """Times are in UTC; a ringing call has no answer date."""
    exchange.world.ring()
    (ringing,) = (await api("GET", "/active_calls.json")).json
    assert ringing["answer_date"] is None
    assert ringing["start_date"].endswith("Z")
    started = datetime.fromisoformat(ringing["start_date"])
    assert abs(started - datetime.now(UTC)) < timedelta(minutes=1)
    exchange.world.answer()
    (answered,) = rows = (await api("GET", "/active_calls.json")).json
    assert shape(rows) == shape(documented("active_calls.json"))
    assert list(answered) == list(documented("active_calls.json")[0])


async def test_a_call_can_be_hung_up_once(exchange: RunningExchange, api: Send) -> None:
    """A call that has ended and an unknown call are `unauthorized`."""
    call = exchange.world.ring()
    path = f"/active_calls/{call.id}.json"
    assert (await api("DELETE", path)).json == {}
    assert (await api("GET", "/active_calls.json")).json == []
    assert (await api("DELETE", path)).json == {"errors": ["unauthorized"]}
    assert (await api("DELETE", "/active_calls/x.json")).json == {"errors": ["unauthorized"]}


async def test_a_call_can_stay_listed_after_its_end(exchange: RunningExchange, api: Send) -> None:
    """A lingering call is listed although it has a record, and cannot be hung up."""
    call = exchange.world.ring()
    exchange.world.end(linger=60)
    assert [row["id"] for row in (await api("GET", "/active_calls.json")).json] == [call.id]
    hung_up = await api("DELETE", f"/active_calls/{call.id}.json")
    assert hung_up.json == {"errors": ["unauthorized"]}
    exchange.world.advance(1)
    assert exchange.world.account().records[0].active_call_id == call.id
    exchange.world.advance(59)
    assert (await api("GET", "/active_calls.json")).json == []
