"""Every received message is reported once, and calls do not depend on messages."""

from datetime import timedelta
from typing import Any

from homeassistant.core import Event, HomeAssistant, callback
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, async_capture_events

from custom_components.odorik.device import find_line
from custom_components.odorik.history_reader import MAX_MESSAGES, MESSAGES_RETRY
from simulator.world import World
from tests.accounts import EVA, JAN, STRANGER, UNNAMED, set_up as set_up_entry, state_of
from tests.conftest import AccountAction, EventLog, Tick
from tests.exchange import RunningExchange

type Messages = list[Event[dict[str, Any]]]


def ids(messages: Messages) -> list[int]:
    """Return the IDs of the reported messages."""
    return [event.data["sms_id"] for event in messages]


async def test_a_message_is_reported_with_its_data(
    hass: HomeAssistant, account: MockConfigEntry, world: World, tick: Tick, messages: Messages
) -> None:
    """The event has the sender, its name, the line and the time, but no text."""
    record = world.receive_sms(JAN)
    await tick(120)
    (event,) = messages
    line = find_line(hass, account, UNNAMED)
    assert line
    assert event.data == {
        "config_entry_id": account.entry_id,
        "device_id": line.id,
        "sms_id": record.id,
        "number": "+420777123456",
        "name": "Jan Novák mobil",
        "own_number": "+420799300120",
        "line": UNNAMED,
        "received_at": record.date.isoformat(),
        "replayed": False,
    }


@pytest.mark.usefixtures("account")
async def test_a_message_is_reported_once(
    exchange: RunningExchange, world: World, tick: Tick, reload: AccountAction, messages: Messages
) -> None:
    """A message is not repeated by polls and reloads, and each poll is a single request."""
    first = world.receive_sms(JAN)
    await tick(120)
    exchange.journal.clear()
    await tick(*[120] * 5)
    assert len(exchange.requests("/calls.json")) == 5
    await reload()
    await tick(1, 120)
    second = world.receive_sms("CSOB")
    await tick(120, 120)
    assert ids(messages) == [first.id, second.id]
    assert (messages[1].data["number"], messages[1].data["name"]) == ("CSOB", None)


async def test_the_first_set_up_reports_no_old_messages(
    world: World, set_up: AccountAction, tick: Tick, messages: Messages
) -> None:
    """Only later messages are reported, even if the account has had no call yet."""
    for days in (100, 6, 0.01, 0):
        world.receive_sms(JAN, date=world.now() - timedelta(days=days))
    await set_up()
    new = world.receive_sms(EVA)
    await tick(120, 120)
    assert ids(messages) == [new.id]


@pytest.mark.usefixtures("account")
async def test_a_reload_between_messages_loses_none(
    hass: HomeAssistant, world: World, tick: Tick, reload: AccountAction, messages: Messages
) -> None:
    """The messages that a reload leaves unreported are not passed by the calls after them."""
    received = [world.receive_sms(JAN).id for _ in range(25)]
    for _ in range(50):
        world.miss(EVA)
    counts = []

    async def reload_now(_event: Event) -> None:
        await reload()
        counts.append(len(messages))

    hass.bus.async_listen_once("odorik_sms_received", reload_now)
    await tick(120)
    assert 0 < counts[0] < 25
    await tick(1, 120, 120)
    assert ids(messages) == received


async def test_messages_are_no_calls(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    world: World,
    tick: Tick,
    monkeypatch: pytest.MonkeyPatch,
    event_log: EventLog,
    messages: Messages,
) -> None:
    """Messages are not missed calls, and neither the statistics nor the guard count them."""
    assert await set_up_entry(hass, entry, spending_guard="hang_up", guard_hour_cost=1)
    await tick(1, 120)
    imported: list[object] = []
    history = entry.runtime_data.history
    monkeypatch.setattr(history, "_import_statistics", imported.append)
    charges = async_capture_events(hass, "odorik_spending_guard")
    for _ in range(3):
        world.add_sms(JAN)
        world.receive_sms(STRANGER)
    await tick(120, 120)
    assert (event_log.events, imported, charges) == ([], [], [])
    assert len(messages) == 3
    assert history.data.last_call is None
    for key in ("callers_waiting", "missed_calls_today"):
        assert state_of(hass, entry, "sensor", key) == "0"
    assert state_of(hass, entry, "sensor", "last_missed_call") == "unknown"


@pytest.mark.usefixtures("account")
@pytest.mark.parametrize("field", ["type", "destination_name", "status", "source_number", "date"])
@pytest.mark.parametrize("mode", ["nan", "half_emoji", "cut_record"])
async def test_a_damaged_message_is_no_call(
    exchange: RunningExchange,
    world: World,
    tick: Tick,
    event_log: EventLog,
    messages: Messages,
    field: str,
    mode: str,
) -> None:
    """The message is reported once it can be read, and other records are not affected."""
    first, damaged, last = (world.receive_sms(number) for number in (JAN, EVA, STRANGER))
    if field == "type":
        # Nothing else marks the message.
        damaged.destination_name = None
    call = world.miss(JAN)
    exchange.fail(
        mode, times=0, path="GET /calls.json", record=damaged.id, field=field, parameter="since_id"
    )
    await tick(120, 120)
    assert {first.id, last.id} <= set(ids(messages))
    exchange.exchange.faults.clear()
    await tick(120)
    assert sorted(ids(messages)) == [first.id, damaged.id, last.id]
    assert event_log.ids == [call.id]


@pytest.mark.usefixtures("account")
@pytest.mark.parametrize("offset", [-(10**8), 0, 10**9])
async def test_messages_may_have_a_sequence_of_ids_of_their_own(
    world: World, tick: Tick, event_log: EventLog, messages: Messages, offset: int
) -> None:
    """No call is skipped or repeated, whether the messages have lower, the same or higher IDs.

    Messages with lower IDs than the position cannot be found.
    """
    for _ in range(60):
        await tick(120)
        call = world.miss(JAN)
        world.receive_sms(JAN).id = call.id + offset
        world.account().records.sort(key=lambda record: record.id)
    await tick(120, 120)
    calls = [record.id for record in world.account().records if record.type != "sms"]
    assert event_log.ids == calls
    sent = [call + offset for call in calls]
    assert ids(messages) == (sent if offset >= 0 else sent[: len(messages)])


async def test_the_position_passes_messages_among_calls(
    *,
    exchange: RunningExchange,
    world: World,
    set_up: AccountAction,
    tick: Tick,
    event_log: EventLog,
    messages: Messages,
) -> None:
    """An account with many messages and few calls does not read all of them at each poll.

    A call that follows them is reported.
    """
    world.fill(20, days=5, messages=20)
    await set_up()
    received = []
    for _ in range(100):
        received.append(world.receive_sms(JAN).id)
        await tick(120)
    await tick(3600, 120, 120)
    exchange.journal.clear()
    await tick(120)
    (request,) = exchange.requests("/calls.json")
    assert received[-40] < int(request.params["since_id"]) < received[-1]
    assert ids(messages) == received
    call = world.miss(JAN)
    await tick(120)
    assert event_log.ids == [call.id]


@pytest.mark.usefixtures("account")
async def test_too_many_messages_are_left_out(
    exchange: RunningExchange, world: World, tick: Tick, event_log: EventLog, messages: Messages
) -> None:
    """An account that has had no calls does not read thousands of messages at each poll."""
    for _ in range(MAX_MESSAGES + 1):
        world.receive_sms(JAN)
    await tick(120)
    assert len(messages) == MAX_MESSAGES + 1
    exchange.journal.clear()
    await tick(120)
    call = world.miss(JAN)
    await tick(120)
    requests = exchange.requests("/calls.json")
    assert ["include_sms" in request.params for request in requests] == [False, False]
    assert event_log.ids == [call.id]
    new = world.receive_sms(EVA)
    await tick(MESSAGES_RETRY.total_seconds(), 120)
    assert ids(messages)[MAX_MESSAGES + 1 :] == [new.id]


@pytest.mark.parametrize("mode", ["unauthorized", "invalid_argument", "500", "bad_json"])
@pytest.mark.parametrize("is_refused_at_first", [True, False])
async def test_calls_are_read_if_messages_cannot_be(
    *,
    exchange: RunningExchange,
    world: World,
    set_up: AccountAction,
    tick: Tick,
    event_log: EventLog,
    messages: Messages,
    mode: str,
    is_refused_at_first: bool,
) -> None:
    """The messages are requested again later; until then, a poll is a single request."""
    fault = {"times": 0, "path": "GET /calls.json", "parameter": "include_sms"}
    if is_refused_at_first:
        exchange.fail(mode, **fault)
    await set_up()
    await tick(1)
    if not is_refused_at_first:
        exchange.fail(mode, **fault)
    first = world.miss(JAN)
    await tick(*[120] * 8)
    assert event_log.ids == [first.id]
    exchange.journal.clear()
    second = world.miss(JAN)
    await tick(*[120] * 4)
    assert event_log.ids == [first.id, second.id]
    assert len(exchange.requests("/calls.json")) == 4
    exchange.exchange.faults.clear()
    await tick(MESSAGES_RETRY.total_seconds(), 120)
    new = world.receive_sms(JAN)
    await tick(120)
    assert ids(messages) == [new.id]


@pytest.mark.usefixtures("account")
@pytest.mark.parametrize("is_denied", [True, False], ids=["permission", "outage"])
async def test_an_interruption_loses_no_message(
    exchange: RunningExchange, world: World, tick: Tick, messages: Messages, *, is_denied: bool
) -> None:
    """Messages are reported after an outage, or when a permission is granted again.

    The first reading may have none, and more calls may follow than are read again.
    """
    await tick(120)
    for _ in range(5):
        if is_denied:
            world.denied[exchange.username] = {"calls"}
        else:
            exchange.fail("503", times=0)
        received = [world.receive_sms(JAN).id for _ in range(2)]
        for _ in range(40):
            world.miss(EVA)
        await tick(*[120] * 4)
        world.denied.clear()
        exchange.exchange.faults.clear()
        await tick(*[120] * 3)
        assert ids(messages)[-2:] == received
    assert len(messages) == 10


@pytest.mark.usefixtures("account")
@pytest.mark.parametrize("is_reloaded", [True, False])
async def test_messages_that_were_left_out_are_reported_later(
    exchange: RunningExchange,
    world: World,
    tick: Tick,
    reload: AccountAction,
    messages: Messages,
    *,
    is_reloaded: bool,
) -> None:
    """They are read from where they were left out, although the position of the calls has moved."""
    await tick(120)
    fault = {"path": "GET /calls.json", "parameter": "include_sms"}
    exchange.fail("unauthorized", times=1, **fault)
    await tick(120)
    received = world.receive_sms(JAN)
    for calls in (40, 1):
        for _ in range(calls):
            world.miss(EVA)
        await tick(120, 120)
    assert messages == []
    if is_reloaded:
        await reload()
        await tick(1, 120)
    else:
        await tick(MESSAGES_RETRY.total_seconds(), 120)
    await tick(120)
    assert ids(messages) == [received.id]


async def test_a_reload_while_messages_are_reported_loses_none(
    hass: HomeAssistant,
    account: MockConfigEntry,
    exchange: RunningExchange,
    world: World,
    tick: Tick,
    messages: Messages,
) -> None:
    """The messages were left out before, so the position of the calls is behind them."""
    await tick(120)
    exchange.fail("unauthorized", times=1, path="GET /calls.json", parameter="include_sms")
    await tick(120)
    received = [world.receive_sms(JAN).id for _ in range(30)]
    for calls in (40, 1):
        for _ in range(calls):
            world.miss(EVA)
        await tick(120, 120)

    @callback
    def interrupt(_event: Event[Any]) -> None:
        if len(messages) == 5:
            hass.config_entries.async_schedule_reload(account.entry_id)

    hass.bus.async_listen("odorik_sms_received", interrupt)
    await tick(MESSAGES_RETRY.total_seconds(), 120, 120)
    assert ids(messages) == received


async def test_a_login_that_may_not_read_messages_reports_calls(
    world: World, set_up: AccountAction, tick: Tick, event_log: EventLog, messages: Messages
) -> None:
    """Calls are reported even if the operator ignores the request for messages."""
    world.denied[world.account().user] = {"sms"}
    await set_up()
    world.receive_sms(JAN)
    call = world.miss(JAN)
    await tick(120, 120)
    assert event_log.ids == [call.id]
    assert messages == []


async def test_a_login_without_history_sends_one_request_per_poll(
    exchange: RunningExchange, world: World, set_up: AccountAction, tick: Tick
) -> None:
    """A history that is refused with messages is not requested again without them."""
    world.denied[exchange.username] = {"calls"}
    await set_up()
    await tick(120)
    exchange.journal.clear()
    await tick(*[120] * 3)
    assert len(exchange.requests("/calls.json")) <= 3
