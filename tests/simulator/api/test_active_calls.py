"""Calls that ring or are up, and how they are hung up."""

from datetime import UTC, datetime, timedelta

from tests.exchange import RunningExchange
from tests.simulator.conftest import Ask
from tests.simulator.documents import documented, shape


async def test_an_active_call_has_the_documented_fields(
    exchange: RunningExchange, ask: Ask
) -> None:
    """While it rings, it has no answer date."""
    exchange.world.ring()
    (ringing,) = (await ask("GET", "/active_calls.json")).json
    assert ringing["answer_date"] is None
    exchange.world.answer()
    (talking,) = answer = (await ask("GET", "/active_calls.json")).json
    assert shape(answer) == shape(documented("active_calls.json"))
    assert list(talking) == list(documented("active_calls.json")[0])


async def test_times_are_utc_and_devices_carry_the_local_offset(
    exchange: RunningExchange, ask: Ask
) -> None:
    """The two forms stand side by side in the operator's answers."""
    exchange.world.ring()
    (call,) = (await ask("GET", "/active_calls.json")).json
    started = datetime.fromisoformat(call["start_date"])
    assert call["start_date"].endswith("Z")
    assert abs(started - datetime.now(UTC)) < timedelta(seconds=5)
    device = (await ask("GET", "/lines.json")).json[0]["connected_devices"][0]
    for name in ("last_registration_at", "registration_expires_at"):
        assert device[name][-6:] in {"+01:00", "+02:00"}


async def test_hanging_up_ends_the_call_and_a_second_time_is_refused(
    exchange: RunningExchange, ask: Ask
) -> None:
    """A call may have ended while somebody reached for the button."""
    call = exchange.world.ring()
    path = f"/active_calls/{call.id}.json"
    assert (await ask("DELETE", path)).json == {}
    assert (await ask("GET", "/active_calls.json")).json == []
    assert (await ask("DELETE", path)).json == {"errors": ["unauthorized"]}
    assert (await ask("DELETE", "/active_calls/x.json")).json == {"errors": ["unauthorized"]}
