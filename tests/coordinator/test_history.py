"""Calls become events in a real Home Assistant, through the real client and the exchange."""

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path
import stat
from statistics import median
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.const import EVENT_HOMEASSISTANT_STARTED, EVENT_HOMEASSISTANT_STOP
from homeassistant.core import CoreState, Event, HomeAssistant, callback
from homeassistant.helpers import issue_registry as ir
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.odorik.const import DOMAIN, STARTED_AT
from custom_components.odorik.coordinator.history import HistoryCoordinator
from custom_components.odorik.coordinator.reporter import BUS_EVENTS
from simulator.world import Account, Line, Record, World
from simulator.worlds import quiet
from tests.conftest import Tick
from tests.exchange import RunningExchange, running

from .conftest import reload

JAN, EVA, MOBILE = "00420777123456", "00420602987654", "00420777000111"
WEEK = timedelta(days=7)


class Story:
    """What was told on the bus."""

    def __init__(self, hass: HomeAssistant) -> None:
        """Listen from now on."""
        self.events: list[Event[dict[str, Any]]] = []
        for kind in BUS_EVENTS.values():
            hass.bus.async_listen(kind, self._hear)

    @callback
    def _hear(self, event: Event[dict[str, Any]]) -> None:
        self.events.append(event)

    @property
    def kinds(self) -> list[str]:
        """The names of the events, without what they share."""
        return [str(event.event_type).removeprefix(f"{DOMAIN}_") for event in self.events]

    @property
    def ends(self) -> list[dict[str, Any]]:
        """The data of those that say how a call finished."""
        return [
            event.data
            for event in self.events
            if event.event_type in {"odorik_call_ended", "odorik_missed_call"}
        ]

    @property
    def ids(self) -> list[int]:
        """The calls that finished, in the order in which they were told."""
        return [data["call_id"] for data in self.ends]


@pytest.fixture
def story(hass: HomeAssistant) -> Story:
    """Everything that is told in a test."""
    return Story(hass)


@pytest.fixture(autouse=True)
def _no_patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """Do not wait fifteen seconds for an answer that will not come."""
    monkeypatch.setattr("custom_components.odorik.api.connection.TIMEOUT", 1)
    monkeypatch.setattr("custom_components.odorik.api.pages.PAGE_RETRY_DELAY", 0)


def history_of(entry: MockConfigEntry) -> HistoryCoordinator:
    """The part of an account that is under test."""
    history: HistoryCoordinator = entry.runtime_data.history
    return history


def content(store: Path) -> str | None:
    """What is stored."""
    return store.read_text("utf-8") if store.exists() else None


def mode(store: Path) -> int:
    """Who may read it."""
    return stat.S_IMODE(store.stat().st_mode)


def write(store: Path, text: str) -> None:
    """Store something else."""
    store.parent.mkdir(exist_ok=True)
    store.write_text(text, "utf-8")


def block(store: Path) -> None:
    """Put something in its place that cannot be written over, whoever one is."""
    store.unlink()
    store.mkdir()


def unblock(store: Path) -> None:
    """Let it be written again."""
    store.rmdir()


def ids(world: World) -> list[int]:
    """The records of the exchange."""
    return [record.id for record in world.account().records]


# From the ring to the end


@pytest.mark.usefixtures("account")
async def test_a_call_is_reported_from_ring_to_end(world: World, tick: Tick, story: Story) -> None:
    """Else nothing pauses the music, and nothing starts it again."""
    await tick(10)
    call = world.ring(JAN)
    await tick(10)
    world.answer()
    await tick(3)
    await tick(60)
    world.end()
    await tick(3)
    await tick(2)
    assert story.kinds == ["call_started", "call_answered", "call_ended"]
    assert {event.data["active_call_id"] for event in story.events} == {call.id}
    [ended] = story.ends
    assert ended["call_id"] == call.record_id
    assert (ended["number"], ended["name"]) == ("+420777123456", "Jan Novák mobil")
    assert (ended["line"], ended["line_name"]) == (300100, "Domov")
    assert (ended["duration"], ended["ringing_duration"]) == (63, 10)
    assert (ended["status"], ended["replayed"]) == ("answered", False)


@pytest.mark.usefixtures("account")
async def test_a_missed_call_is_reported_within_four_seconds_of_the_end(
    world: World, tick: Tick, freezer: FrozenDateTimeFactory, story: Story
) -> None:
    """Whoever runs to the telephone can still call back at once."""
    await tick(10)
    began: dict[int, datetime] = {}
    over: dict[int, datetime] = {}
    heard: dict[str, dict[int, float]] = {"odorik_call_started": {}, "odorik_missed_call": {}}

    def listen(since: dict[int, datetime], kind: str) -> None:
        for event in story.events:
            call_id = event.data["active_call_id"]
            if event.event_type == kind and call_id not in heard[kind]:
                heard[kind][call_id] = (
                    freezer().replace(tzinfo=UTC) - since[call_id]
                ).total_seconds()

    for number in range(50):
        # Every call falls elsewhere between two looks.
        await tick(7 + number * 0.37 % 10)
        call = world.ring(JAN, account=None)
        began[call.id] = world.now()
        for _ in range(20):
            await tick(1)
            listen(began, "odorik_call_started")
        world.end()
        over[call.id] = world.now()
        for _ in range(20):
            await tick(0.25)
            listen(over, "odorik_missed_call")
    assert len(heard["odorik_missed_call"]) == len(heard["odorik_call_started"]) == 50
    assert median(heard["odorik_missed_call"].values()) <= 4
    assert max(heard["odorik_missed_call"].values()) <= 6
    assert max(heard["odorik_call_started"].values()) <= 11


@pytest.mark.usefixtures("account")
async def test_a_record_that_is_late_is_looked_for_again(
    world: World, exchange: RunningExchange, tick: Tick, story: Story
) -> None:
    """The history is read at once and after 0.6, 2, 5, 15 and 60 seconds, and no more than that."""
    world.legs.record_delay = 40
    await tick(10)
    world.ring(JAN)
    await tick(10)
    world.end()
    exchange.journal.clear()
    await tick(3)
    began = world.now()
    for _ in range(70):
        await tick(1)
    asked = [
        round((entry.time - began).total_seconds()) for entry in exchange.requests("/calls.json")
    ]
    # The clock of this test moves by whole seconds.
    assert asked[:6] in ([0, 1, 2, 5, 15, 60], [1, 1, 2, 5, 15, 60])
    assert story.kinds == ["call_started", "missed_call"]


@pytest.mark.usefixtures("account")
async def test_a_call_that_no_look_has_found_is_told(
    world: World, tick: Tick, story: Story
) -> None:
    """Between two looks somebody may ring twice and give up."""
    world.miss(JAN, ringing=4)
    await tick(120)
    assert story.kinds == ["missed_call"]


@pytest.mark.usefixtures("account")
async def test_a_call_that_rings_long_before_it_is_sent_on_starts_once(
    world: World, tick: Tick, story: Story
) -> None:
    """It would be announced twice: nothing had changed while it rang, so nobody had looked."""
    await tick(10)
    call = world.ring(JAN)
    for _ in range(9):
        await tick(3)
    world.redirect(call.id, MOBILE, keep=False, answer_after=4, end_after=20)
    for _ in range(15):
        await tick(3)
    assert story.kinds == ["call_started", "call_answered", "call_ended"]


@pytest.mark.usefixtures("account")
async def test_a_call_that_is_answered_elsewhere_is_not_missed(
    world: World, tick: Tick, story: Story
) -> None:
    """It rings on the mobile while its record already says missed; and that has a record too."""
    await tick(10)
    call = world.ring(JAN)
    await tick(10)
    world.redirect(call.id, MOBILE, keep=False)
    await tick(3)
    world.answer()
    for _ in range(60):
        await tick(3)
    world.end()
    await tick(0.2)
    await tick(3)
    await tick(3)
    assert story.kinds == ["call_started", "call_answered", "call_ended"]
    [ended] = story.ends
    assert (ended["call_id"], ended["direction"]) == (call.record_id, "in")
    assert ended["price"] == pytest.approx(sum(record.price for record in world.account().records))


async def test_a_callback_across_a_restart_is_one_call(
    hass: HomeAssistant, account: MockConfigEntry, world: World, tick: Tick, story: Story
) -> None:
    """Its legs have nothing in them that ties them together, but the order that is remembered."""
    await tick(10)
    await hass.services.async_call(
        DOMAIN, "callback", {"caller": MOBILE, "recipient": JAN}, blocking=True
    )
    await tick(3)
    world.answer()
    await tick(6)
    world.answer()
    await reload(hass, account)
    await tick(30)
    world.end()
    await tick(3)
    await tick(15)
    assert len(ids(world)) == 2
    [ended] = story.ends
    assert (ended["number"], ended["own_number"]) == ("+420777123456", "+420777000111")
    assert ended["status"] == "answered"


# Home Assistant starts, reloads, stops


async def test_what_happened_while_home_assistant_was_away_is_reported_when_it_has_started(
    *,
    hass: HomeAssistant,
    entry: MockConfigEntry,
    account: MockConfigEntry,
    world: World,
    tick: Tick,
    freezer: FrozenDateTimeFactory,
    story: Story,
) -> None:
    """Automations listen only then. The oldest is first, and nothing is older than a week."""
    world.miss(JAN)
    await tick(120)
    assert len(story.ends) == 1
    await hass.config_entries.async_unload(account.entry_id)
    for days in (1, 1, 5.5, 1):
        freezer.tick(timedelta(days=days))
        world.miss(EVA)
    world.ring(JAN)
    freezer.tick(30)
    world.end()
    freezer.tick(30)

    hass.set_state(CoreState.not_running)
    hass.data[STARTED_AT] = world.now()
    assert await hass.config_entries.async_setup(entry.entry_id)
    hass.set_state(CoreState.starting)
    freezer.tick(5)
    world.miss(JAN)
    for _ in range(20):
        await tick(10)
    assert len(story.ends) == 1
    hass.set_state(CoreState.running)
    hass.bus.async_fire(EVENT_HOMEASSISTANT_STARTED)
    await hass.async_block_till_done()
    assert len(story.ends) == 1
    await tick(3)
    await tick(0)
    told = story.ends[1:]
    assert [data["call_id"] for data in told] == ids(world)[2:]
    assert [data["replayed"] for data in told] == [True, True, True, True, False]
    moments = [data["started_at"] for data in told]
    assert moments == sorted(moments)
    await tick(120)
    assert len(story.ends) == 6


async def test_nothing_is_reported_to_a_home_that_is_shutting_down(
    hass: HomeAssistant, account: MockConfigEntry, world: World, tick: Tick, story: Story
) -> None:
    """Nobody listens any more; it is told after the start."""
    world.miss(JAN)
    hass.set_state(CoreState.stopping)
    hass.bus.async_fire(EVENT_HOMEASSISTANT_STOP)
    await history_of(account).async_refresh()
    assert story.kinds == []
    hass.set_state(CoreState.running)
    await reload(hass, account)
    await tick(0)
    assert story.kinds == ["missed_call"]


async def test_a_reload_in_the_middle_of_a_call_tells_its_end_once(
    hass: HomeAssistant, account: MockConfigEntry, world: World, tick: Tick, story: Story
) -> None:
    """Changing an option while the telephone rings must not lose the call."""
    await tick(10)
    world.ring(JAN)
    await tick(10)
    await reload(hass, account)
    await tick(3)
    world.end()
    await tick(3)
    await reload(hass, account)
    await tick(3)
    await tick(120)
    assert story.kinds == ["call_started", "missed_call"]


async def test_a_reload_in_the_middle_of_telling_repeats_nothing(
    hass: HomeAssistant, account: MockConfigEntry, world: World, tick: Tick, story: Story
) -> None:
    """The one that goes must have stored what it told before the next one reads that."""
    world.fill(1200, days=1)
    reading = hass.async_create_task(history_of(account).async_refresh())
    while len(story.ends) < 250:  # noqa: ASYNC110 - The bus has no event for that.
        await asyncio.sleep(0)
    await reload(hass, account)
    await reading
    await tick(0)
    await tick(120)
    assert len(story.ids) == len(set(story.ids))
    assert set(story.ids) == {
        record.id for record in world.account().records if record.redirection_parent_id is None
    }


async def test_two_readings_at_once_tell_a_call_once(
    account: MockConfigEntry, world: World, story: Story
) -> None:
    """The clock may tick while a call that has just ended is looked for."""
    world.fill(400, days=1)
    history = history_of(account)
    await asyncio.gather(*(history.async_refresh() for _ in range(3)))
    assert len(story.ids) == len(set(story.ids)) > 300


# The weather


@pytest.mark.usefixtures("account")
@pytest.mark.parametrize("outage", [60, 86_400])
async def test_an_outage_loses_no_call(
    exchange: RunningExchange, world: World, tick: Tick, story: Story, outage: int
) -> None:
    """Neither a minute nor a day without the service, and nothing is reported twice after it."""
    await tick(10)
    world.ring(JAN)
    await tick(10)
    exchange.fail("503", times=0)
    world.end()
    for _ in range(12):
        await tick(outage / 12)
        world.miss(EVA, ringing=3)
    exchange.exchange.faults.clear()
    for _ in range(14):
        await tick(10)
    assert story.ids == ids(world)
    assert [data["replayed"] for data in story.ends] == [False] * 13


@pytest.mark.usefixtures("account")
@pytest.mark.parametrize(
    "fault",
    [
        {"mode": "500", "every": 3},
        {"mode": "reset", "every": 3},
        {"mode": "cut_json", "every": 3},
        {"mode": "html", "every": 2},
    ],
)
async def test_bad_weather_loses_no_call(
    exchange: RunningExchange, world: World, tick: Tick, story: Story, fault: dict[str, Any]
) -> None:
    """Every third request fails."""
    exchange.fail(times=0, **fault)
    for number in range(8):
        await tick(10)
        world.ring(JAN)
        await tick(10)
        if number % 2:
            world.answer()
        await tick(3)
        world.end()
        await tick(3)
    exchange.exchange.faults.clear()
    await tick(120)
    await tick(120)
    assert story.ids == ids(world)
    assert [data["status"] for data in story.ends] == ["missed", "answered"] * 4


@pytest.mark.parametrize(
    ("fault", "looks"),
    [
        ({"mode": "slow", "times": 0, "seconds": 0.5}, {True}),
        ({"mode": "slow_body", "times": 0, "seconds": 0.5}, {True}),
        ({"mode": "timeout"}, {False, True}),
    ],
    ids=["slow head", "slow body", "time-out"],
)
async def test_a_slow_history_loses_no_call(
    *,
    account: MockConfigEntry,
    exchange: RunningExchange,
    world: World,
    story: Story,
    fault: dict[str, Any],
    looks: set[bool],
) -> None:
    """People telephone most when the operator is slow: calls are missed during its answers.

    No clock is stopped here, so that what is slow is slow and a time-out comes by itself.
    """
    history, active = history_of(account), account.runtime_data.active
    looked: list[bool] = []
    stop = history.async_add_listener(lambda: looked.append(history.last_update_success))
    call = world.ring(JAN)
    await active.async_refresh()
    exchange.fail(path="GET /calls.json", **fault)
    exchange.journal.clear()
    world.end(call.id)
    await active.async_refresh()
    async with asyncio.timeout(50):
        while not exchange.requests("/calls.json"):  # noqa: ASYNC110 - It is a journal.
            await asyncio.sleep(0.01)
        # The haste after the call's end is being answered, and the clock ticks in the midst of it.
        clock = asyncio.create_task(history.async_refresh())
        for caller in (EVA, MOBILE, EVA, JAN):
            world.miss(caller)
            await asyncio.sleep(0.1)
        await clock
        world.miss(EVA)
        await history.async_refresh()
    assert sorted(story.ids) == ids(world)
    assert [data["status"] for data in story.ends] == ["missed"] * 6
    assert set(looked) == looks
    assert history.last_update_success
    stop()


@pytest.mark.usefixtures("account")
async def test_records_that_are_written_crosswise_are_all_reported(
    world: World, tick: Tick, story: Story
) -> None:
    """The lower id of two may show itself last."""
    numbers = [world.miss(JAN).id for _ in range(6)]
    records = world.account().records
    late = [records.pop(1), records.pop(2)]
    await tick(120)
    assert story.ids == [numbers[0], numbers[2], *numbers[4:]]
    records[1:1] = late[:1]
    records[3:3] = late[1:]
    await tick(120)
    await tick(120)
    assert sorted(story.ids) == numbers


async def test_a_record_that_cannot_be_read_costs_only_itself(
    *,
    account: MockConfigEntry,
    exchange: RunningExchange,
    tick: Tick,
    story: Story,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """The calls around an unreadable record are reported, and in time it is not read any more."""
    world = exchange.world
    numbers = [world.miss(JAN).id for _ in range(3)]
    exchange.fail("cut_record", path="/calls.json", times=0, record=numbers[1])
    await tick(120)
    assert story.ids == [numbers[0], numbers[2]]
    await tick(120)
    numbers += [world.miss(JAN).id for _ in range(40)]
    await tick(120)
    assert story.ids == [number for number in numbers if number != numbers[1]]
    # The place moves on with the next reading, and is asked for by the one after it.
    await tick(120)
    await tick(120)
    assert int(exchange.requests("/calls.json")[-1].params["since_id"]) >= numbers[1]
    assert history_of(account).last_update_success
    assert caplog.text.count("cannot be read and are skipped") == 1


async def test_a_history_that_begins_anew_is_followed(
    *,
    hass: HomeAssistant,
    entry: MockConfigEntry,
    world: World,
    tick: Tick,
    story: Story,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Else every call after it would be lost."""
    world.fill(50)
    entry.add_to_hass(hass)
    assert await hass.config_entries.async_setup(entry.entry_id)
    world.miss(JAN)
    await tick(120)
    world.account().records.clear()
    await tick(120)
    await tick(120)
    world.ledger._last_record = 0
    old = world.now() - timedelta(days=1)
    world.account().records = [
        Record(
            id=number, date=date, direction="in", source_number=JAN, destination_number="", line=0
        )
        for number, date in ((1, old), (2, world.now()), (3, world.now()))
    ]
    await tick(120)
    world.account().records.append(
        Record(
            id=4, date=world.now(), direction="in", source_number=EVA, destination_number="", line=0
        )
    )
    await tick(120)
    assert story.ids[1:] == [2, 3, 4]
    assert f"The call history of {entry.title} begins anew" in caplog.text


# Very many


@pytest.mark.usefixtures("account")
async def test_five_thousand_calls_after_an_outage_are_reported_once(
    exchange: RunningExchange, world: World, tick: Tick, story: Story
) -> None:
    """Over three pages, one of which fails at first."""
    world.fill(5000, days=2)
    exchange.fail("500", path="GET /calls.json", every=2, times=1)
    await tick(120)
    await tick(120)
    calls = [
        record.id for record in world.account().records if record.redirection_parent_id is None
    ]
    assert sorted(story.ids) == calls
    # Afterwards a reading fetches a handful.
    exchange.journal.clear()
    await tick(120)
    [request] = exchange.requests("/calls.json")
    assert calls[-60] < int(request.params["since_id"]) < calls[-1]


# Several accounts, several rights


async def test_two_accounts_are_told_apart(
    *,
    hass: HomeAssistant,
    socket_enabled: None,
    enable_custom_integrations: None,
    monkeypatch: pytest.MonkeyPatch,
    tick: Tick,
    story: Story,
) -> None:
    """Each call once, on the account to which it belongs."""
    del socket_enabled, enable_custom_integrations
    first = quiet().account()
    second = Account("7654321", "secret", lines={300200: Line(300200, "Chata", "00420311222333")})
    async with running(World(first, second)) as exchange:
        monkeypatch.setenv("ODORIK_API_URL", exchange.url)
        entries = {
            account.user: MockConfigEntry(
                domain=DOMAIN,
                title=account.user,
                unique_id=account.user,
                data={"username": account.user, "password": account.password},
            )
            for account in (first, second)
        }
        for entry in entries.values():
            entry.add_to_hass(hass)
        assert await hass.config_entries.async_setup(entries[first.user].entry_id)
        await hass.async_block_till_done()
        for _ in range(3):
            exchange.world.miss(JAN, account=first.user)
            exchange.world.miss(JAN, account=second.user)
        await tick(120)
        expected = {
            entries[account.user].entry_id: [record.id for record in account.records]
            for account in (first, second)
        }
        heard: dict[str, list[int]] = {entry_id: [] for entry_id in expected}
        for data in story.ends:
            heard[data["config_entry_id"]].append(data["call_id"])
        assert heard == expected
        for entry in entries.values():
            await hass.config_entries.async_unload(entry.entry_id)


async def test_a_login_that_may_not_read_the_history_is_reported_by_the_active_calls(
    *,
    hass: HomeAssistant,
    entry: MockConfigEntry,
    exchange: RunningExchange,
    world: World,
    tick: Tick,
    story: Story,
) -> None:
    """Without an id; and when the permission comes back, nothing is reported twice or missing."""
    world.denied[exchange.username] = {"calls"}
    entry.add_to_hass(hass)
    assert await hass.config_entries.async_setup(entry.entry_id)
    await tick(10)
    world.ring(JAN)
    await tick(10)
    world.end()
    await tick(3)
    world.ring(EVA)
    await tick(10)
    world.answer()
    await tick(3)
    world.end()
    await tick(3)
    assert story.kinds == [
        "call_started",
        "missed_call",
        "call_started",
        "call_answered",
        "call_ended",
    ]
    assert story.ids == [None, None]
    world.denied.clear()
    await tick(120)
    world.miss(EVA)
    await tick(120)
    assert story.ids == [None, None, ids(world)[-1]]


async def test_a_permission_that_is_taken_and_given_back_repeats_nothing(
    *,
    hass: HomeAssistant,
    account: MockConfigEntry,
    exchange: RunningExchange,
    world: World,
    tick: Tick,
    story: Story,
) -> None:
    """What was told by the active calls is not told by the records, not even after a restart."""
    world.miss(EVA)
    await tick(120)
    world.denied[exchange.username] = {"calls"}
    await tick(120)
    world.ring(JAN)
    await tick(10)
    world.end()
    await tick(3)
    world.miss(EVA)
    await tick(120)
    assert len(story.ends) == 2
    await reload(hass, account)
    world.denied.clear()
    await tick(120)
    await tick(120)
    assert story.ids == [ids(world)[0], None, ids(world)[2]]


# What is stored


async def test_the_place_is_stored_with_the_event_and_nobody_else_reads_it(
    account: MockConfigEntry, world: World, store: Path, tick: Tick, story: Story
) -> None:
    """It holds who called whom; and a power cut a second later must repeat nothing."""
    world.miss(JAN)
    before = content(store)
    await tick(120)
    assert story.kinds == ["missed_call"]
    assert content(store) != before
    assert mode(store) == 0o600
    assert account.data["password"] not in (content(store) or "")


async def test_a_disk_that_cannot_be_written_is_said_and_written_again_by_itself(
    *,
    hass: HomeAssistant,
    account: MockConfigEntry,
    world: World,
    store: Path,
    tick: Tick,
    story: Story,
) -> None:
    """A full disk would have the calls of a week reported again, and nobody would know why."""
    issue = (DOMAIN, f"{account.entry_id}_place_not_kept")
    issues = ir.async_get(hass).issues
    block(store)
    world.miss(JAN)
    await tick(120)
    assert story.kinds == ["missed_call"]
    assert issues[issue].severity == ir.IssueSeverity.ERROR
    assert issues[issue].translation_placeholders == {"account": account.title}
    await tick(120)
    assert issue in issues
    unblock(store)
    await tick(120)
    assert issue not in issues
    await reload(hass, account)
    await tick(120)
    assert story.kinds == ["missed_call"]


async def test_removing_an_account_removes_what_was_stored(
    hass: HomeAssistant, account: MockConfigEntry, store: Path
) -> None:
    """Else who called whom would lie about for ever."""
    assert content(store)
    await hass.config_entries.async_remove(account.entry_id)
    assert content(store) is None


@pytest.mark.parametrize(
    "damage",
    [
        "",
        "[]",
        "{}",
        '{"version": 1',
        '{"a": 1}',
        '{"version": 1, "data": {"log": {"place": "many"}}}',
        '{"version": 1, "data": {"log": null}}',
        '{"version": 9, "data": {"log": {"place": 1}}}',
    ],
)
async def test_a_damaged_store_means_new_bearings_and_no_flood(
    *,
    hass: HomeAssistant,
    entry: MockConfigEntry,
    world: World,
    store: Path,
    tick: Tick,
    story: Story,
    caplog: pytest.LogCaptureFixture,
    damage: str,
) -> None:
    """A power cut may leave anything behind; the account has to run all the same."""
    world.fill(300, days=3)
    write(store, damage)
    entry.add_to_hass(hass)
    assert await hass.config_entries.async_setup(entry.entry_id)
    await tick(120)
    assert story.kinds == []
    assert f"Calls of {entry.title} are reported from now on" in caplog.text
    world.miss(JAN)
    await tick(120)
    assert story.kinds == ["missed_call"]
    await reload(hass, entry)
    await tick(120)
    assert story.kinds == ["missed_call"]


async def test_a_full_disk_repeats_nothing_while_home_assistant_runs(
    *,
    hass: HomeAssistant,
    account: MockConfigEntry,
    world: World,
    store: Path,
    tick: Tick,
    story: Story,
) -> None:
    """After a restart it may, with the same id, so that an automation can tell."""
    block(store)
    world.miss(JAN)
    await tick(120)
    await tick(120)
    assert story.kinds == ["missed_call"]
    unblock(store)
    world.miss(JAN)
    await tick(120)
    await reload(hass, account)
    await tick(120)
    assert story.ids == ids(world)


@pytest.mark.parametrize("days", [0.5, 20, 200, 1000])
async def test_bearings_are_taken_in_any_history(
    *,
    hass: HomeAssistant,
    entry: MockConfigEntry,
    world: World,
    tick: Tick,
    story: Story,
    days: float,
) -> None:
    """A quiet account must not be taken for an empty one, whose whole history would be news."""
    date = (world.now() - timedelta(days=days)).replace(microsecond=0)
    world.add_record(
        source_number=JAN, destination_number="00420910123456", date=date, status="missed"
    )
    world.add_record(source_number=EVA, destination_number="00420910123456", date=date)
    entry.add_to_hass(hass)
    assert await hass.config_entries.async_setup(entry.entry_id)
    await tick(120)
    assert story.kinds == []
    history = history_of(entry).data
    assert history.last_call
    assert history.last_missed_call
    assert history.last_call["number"] == "+420602987654"
    assert history.last_missed_call["started_at"] == date.isoformat()


@pytest.mark.usefixtures("account")
async def test_the_first_call_of_a_new_customer_is_told(
    world: World, tick: Tick, story: Story
) -> None:
    """An empty history has bearings too."""
    assert ids(world) == []
    world.miss(JAN)
    await tick(120)
    assert story.kinds == ["missed_call"]
