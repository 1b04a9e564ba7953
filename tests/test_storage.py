"""What survives a restart, through the real store, which yields while it writes."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from copy import deepcopy
from datetime import UTC, datetime, timedelta
import json
from pathlib import Path
import re
from typing import Any, override
from unittest.mock import patch

from homeassistant.config_entries import ConfigEntryDisabler
from homeassistant.core import HomeAssistant
from homeassistant.helpers import issue_registry as ir
from homeassistant.util.file import WriteError
from hypothesis import HealthCheck, given, settings, strategies as st
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, mock_storage

from custom_components.odorik.calls.inbox import Caller, How, Inbox, MissedCall
from custom_components.odorik.calls.log import LogState
from custom_components.odorik.const import DOMAIN
from custom_components.odorik.coordinator.place import Place
from tests.calls.house import NOON
from tests.calls.test_inbox import MINUTE, missed, talked


def stored(file: Path) -> Any:
    """Read what is on the disk."""
    return json.loads(file.read_text("utf-8"))["data"]


def store(file: Path, data: dict[str, Any]) -> None:
    """Put something on the disk as Home Assistant's store does."""
    file.parent.mkdir(exist_ok=True)
    document = {"version": 1, "minor_version": 1, "key": file.name, "data": data}
    file.write_text(json.dumps(document), "utf-8")


def size(file: Path) -> int:
    """Tell how many bytes are written with each call."""
    return file.stat().st_size


def inode(file: Path) -> int:
    """Tell one writing from the next, each of which makes a file anew."""
    return file.stat().st_ino


def damaged(file: Path, data: bytes | None) -> bytes:
    """Put other data on the disk, or nothing, and return what was there."""
    before = file.read_bytes()
    if data is None:
        file.unlink()
    else:
        file.write_bytes(data)
    return before


@pytest.fixture
def file(hass: HomeAssistant, entry: MockConfigEntry) -> Path:
    """The file in which the place is kept."""
    return Path(hass.config.path(".storage", f"{DOMAIN}.{entry.entry_id}"))


async def test_two_that_store_at_once_do_not_take_the_disk_for_full(
    hass: HomeAssistant, entry: MockConfigEntry, file: Path
) -> None:
    """Half of all savings that met another one raised a repair that was not true."""
    place = Place(hass, entry)
    raised: list[str] = []
    hass.bus.async_listen(
        ir.EVENT_REPAIRS_ISSUE_REGISTRY_UPDATED, lambda event: raised.append(event.data["action"])
    )
    for number in range(40):
        await asyncio.gather(
            place.keep(log=LogState(place=number)), place.keep(last_call={"call_id": number})
        )
        assert place.is_kept
    await hass.async_block_till_done()
    assert raised == []
    assert stored(file)["log"]["place"] == 39
    assert stored(file)["last_call"] == {"call_id": 39}


async def test_nothing_is_written_behind_the_back_of_who_reads_it_next(
    hass: HomeAssistant, entry: MockConfigEntry, file: Path
) -> None:
    """A reading that outlives its account would put an old place over the new one."""
    old = Place(hass, entry)
    writing = asyncio.create_task(old.keep(log=LogState(place=7)))
    await asyncio.sleep(0)
    await old.close()
    assert stored(file)["log"]["place"] == 7
    await writing
    await old.keep(log=LogState(place=3))
    kept = await Place(hass, entry).load()
    assert kept.log is not None
    assert kept.log.place == 7


async def test_a_place_of_the_first_version_is_taken_over(
    hass: HomeAssistant, entry: MockConfigEntry, file: Path
) -> None:
    """An update would forget what was reported, and tell a week of calls again."""
    order = {
        "caller": "00420777000111",
        "recipient": "00420602987654",
        "line": 300100,
        "due": "2026-11-23T12:00:00Z",
        "active_call_id": None,
        "legs": ["caller"],
        "is_told": True,
    }
    data = {
        "log": {
            "place": 41,
            "done": [42, 44],
            "told_live": [7],
            "newest": "2026-11-23T12:00:00Z",
            "orders": [order],
        },
        "last_call": {"call_id": 44},
        "last_missed_call": None,
    }
    store(file, data)
    kept = await Place(hass, entry).load()
    log = kept.log
    assert log is not None
    assert (log.place, log.done, log.reported_live) == (41, [42, 44], [7])
    assert log.newest == datetime(2026, 11, 23, 12, tzinfo=UTC)
    assert log.orders[0].is_reported
    assert kept.last_call == {"call_id": 44}
    assert kept.callbacks == []


def callers(count: int, began: datetime = datetime(2026, 11, 23, 12, tzinfo=UTC)) -> list[Caller]:
    """Callers who were missed."""
    return [
        Caller(number=f"+4206050{number:05}", missed=[MissedCall(began=began, call_id=number + 1)])
        for number in range(count)
    ]


async def test_the_inbox_of_an_office_is_not_written_anew_with_every_call(
    hass: HomeAssistant, entry: MockConfigEntry, file: Path
) -> None:
    """A small box's card would wear out: 2,000 calls a day, of 200 kB each."""
    inbox_file = file.with_name(f"{file.name}.inbox")
    place, everybody = Place(hass, entry), callers(1000)
    await place.keep(inbox=everybody)
    written, whole = inode(inbox_file), size(inbox_file)
    sizes, writings = [], 0
    for number, again in enumerate(callers(200, datetime(2026, 11, 23, 13, tzinfo=UTC))):
        everybody[number] = everybody[number].with_missed(again.missed[0])
        await place.keep(log=LogState(place=number), inbox=list(everybody))
        sizes.append(size(file))
        writings += inode(inbox_file) != written
        written = inode(inbox_file)
    assert max(sizes) < 24 * 1024 < whole
    assert 0 < writings < 4
    kept = await Place(hass, entry).load()
    assert kept.log == LogState(place=199)
    assert Inbox(kept.inbox or ()).state == everybody


async def test_a_household_has_one_file(
    hass: HomeAssistant, entry: MockConfigEntry, file: Path
) -> None:
    """Two would be written one after the other for a handful of callers."""
    await Place(hass, entry).keep(inbox=callers(50))
    assert [found.name for found in file.parent.glob(f"{DOMAIN}.*")] == [file.name]
    assert (await Place(hass, entry).load()).inbox == callers(50)


async def test_a_crash_between_the_files_loses_nobody(
    hass: HomeAssistant, entry: MockConfigEntry, file: Path
) -> None:
    """The callers of an older place would take back whom somebody has ticked off since."""
    place, everybody = Place(hass, entry), callers(110)
    await place.keep(inbox=everybody)
    changed = [caller.acted_on(How.TICKED, datetime.now(UTC)) for caller in everybody]
    await place.keep(inbox=[*changed[:5], *everybody[5:]])
    before = damaged(file, b"")
    await place.keep(inbox=changed)
    damaged(file, before)
    after = Place(hass, entry)
    assert Inbox((await after.load()).inbox or ()).state == changed
    # It goes on from there.
    await after.keep(inbox=everybody)
    assert Inbox((await Place(hass, entry).load()).inbox or ()).state == everybody


@pytest.mark.parametrize("damage", [None, b"{}", b""], ids=["gone", "other", "empty"])
async def test_an_inbox_that_is_lost_is_filled_anew(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    file: Path,
    damage: bytes | None,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Nine of ten callers would be missing without a word."""
    place = Place(hass, entry)
    await place.keep(log=LogState(place=7), inbox=callers(110))
    await place.keep(inbox=[*callers(110), *callers(1, datetime(2026, 11, 23, 13, tzinfo=UTC))])
    damaged(file.with_name(f"{file.name}.inbox"), damage)
    kept = await Place(hass, entry).load()
    assert kept.log == LogState(place=7)
    assert kept.inbox is None
    assert "The inbox of" in caplog.text
    assert "+420605" not in caplog.text


async def test_a_disk_that_takes_no_inbox_may_take_the_place(
    hass: HomeAssistant, entry: MockConfigEntry, file: Path
) -> None:
    """A full disk would lose the callers who have changed, with the place that counts them."""
    in_the_way = file.with_name(f"{file.name}.inbox")
    in_the_way.mkdir(parents=True)
    place = Place(hass, entry)
    await place.keep(inbox=callers(110))
    assert place.is_kept
    assert (await Place(hass, entry).load()).inbox == callers(110)
    in_the_way.rmdir()
    everybody = callers(111)
    await place.keep(inbox=everybody)
    assert in_the_way.is_file()
    await place.keep(log=LogState(place=1))
    assert stored(file)["inbox"] == []
    assert (await Place(hass, entry).load()).inbox == everybody


class Disk(dict[str, Any]):
    """A storage that remembers what it held after each write, and can refuse to write a file.

    Attributes:
        refused: A pattern of the names of files that cannot be written.
        states: What it held after each write.
    """

    def __init__(self) -> None:
        super().__init__()
        self.refused = ""
        self.states: list[dict[str, Any]] = []

    @override
    def __setitem__(self, key: str, value: Any) -> None:
        if re.fullmatch(self.refused, key):
            raise WriteError
        super().__setitem__(key, value)
        self.states.append(deepcopy(dict(self)))

    @contextmanager
    def holding(self, state: dict[str, Any]) -> Iterator[None]:
        """Hold another state until the block is left."""
        now = dict(self)
        self.clear()
        self.update(deepcopy(state))
        yield
        self.clear()
        self.update(now)


NUMBERS = ("+420777123456", "*555555", "555555", None)
REFUSED = {"no place": r".*(?<!\.inbox)", "no inbox": r".*\.inbox", "room": ""}
"""The names of the files that a disk does not take."""
STEPS = st.lists(
    st.tuples(
        st.sampled_from(["missed"] * 3 + ["talked", *How, "a day", "restart", *REFUSED]),
        st.sampled_from(NUMBERS),
    ),
    min_size=10,
    max_size=40,
)


def do(inbox: Inbox, act: str, who: str | None, minute: int) -> None:
    """Let something happen to a caller, so many minutes after noon."""
    if act == "missed":
        inbox.take(missed(minute, who))
    elif act == "talked":
        inbox.take(talked(minute, who))
    else:
        inbox.act(who or "withheld", How(act), NOON + minute * MINUTE)


def remembered(inbox: Inbox, now: datetime) -> dict[str | None, Caller]:
    """Return what is remembered of each caller at a time."""
    then = Inbox(inbox.state)
    then.forget(now)
    return {caller.number: caller for caller in then.state}


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
async def test_a_kill_after_any_write_leaves_the_inbox_that_was_stored_last(
    hass: HomeAssistant, entry: MockConfigEntry, steps: list[tuple[str, str | None]]
) -> None:
    """The stored inbox and position are those of one moment, whichever file was written last.

    Otherwise callers who were ticked off wait again, or a reported call is not in the inbox.
    """
    disk, minute = Disk(), 0
    stored: tuple[int | None, Inbox] = (None, Inbox())

    async def assert_stored(state: dict[str, Any], now: datetime) -> None:
        with disk.holding(state):
            kept = await Place(hass, entry).load()
        assert (kept.log and kept.log.place) == stored[0]
        assert remembered(Inbox(kept.inbox or ()), now) == remembered(stored[1], now)

    with patch("custom_components.odorik.coordinator.place.CHANGED", 2), mock_storage(disk):
        place, inbox = Place(hass, entry), Inbox()
        for act, who in steps:
            minute += 24 * 60 if act == "a day" else 1
            now = NOON + minute * MINUTE
            if act == "a day":
                inbox.forget(now)
            elif act == "restart":
                place = Place(hass, entry)
                inbox = Inbox((await place.load()).inbox or ())
            elif act in REFUSED:
                disk.refused = REFUSED[act]
            else:
                do(inbox, act, who, minute)
                disk.states.clear()
                await place.keep(log=LogState(place=minute), inbox=inbox.state)
                if place.is_kept:
                    stored = (minute, Inbox(inbox.state))
                for state in disk.states:
                    await assert_stored(state, now)
        await assert_stored(dict(disk), NOON)


async def test_callers_who_were_ticked_off_and_forgotten_stay_away_after_a_restart(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    """A caller who is no longer in the inbox does not come back from an older file."""
    place, inbox = Place(hass, entry), Inbox(callers(130))
    await place.keep(inbox=inbox.state)
    noon = datetime(2026, 11, 23, 12, tzinfo=UTC)
    for caller in callers(40):
        inbox.act(str(caller.number), How.TICKED, noon)
        await place.keep(inbox=inbox.state)
    inbox.forget(noon + timedelta(days=2))
    await place.keep(inbox=inbox.state)
    again = Inbox((await Place(hass, entry).load()).inbox or ())
    assert len(again.items) == 90


async def test_an_inbox_of_version_0_2_0_is_taken_over(
    hass: HomeAssistant, entry: MockConfigEntry, file: Path
) -> None:
    """The callers of both files are read, those that changed later from the second one."""
    seven = {"began": "2026-11-23T12:00:00Z", "rang": 20, "call_id": 1, "line": 300100}
    six = {"began": "2026-11-23T12:02:00Z", "rang": 20, "call_id": 121, "line": 300110}
    tick = {
        "how": "ticked",
        "until": "2026-11-23T12:02:20Z",
        "call_id": 121,
        "at": "2026-11-23T12:30:00Z",
    }
    mobile = {"number": "+420777123456", "missed": [seven]}
    colleague = {"number": "+420602987654", "missed": [six]}
    ticked = {**colleague, "marks": [tick]}
    withheld = {"number": None, "missed": [{**six, "call_id": 181}]}
    place = {
        "log": {
            "place": 211,
            "done": [212, 213],
            "told_live": [],
            "newest": "2026-11-23T12:00:00Z",
            "orders": [],
        },
        "last_call": {"call_id": 213},
        "last_missed_call": {"call_id": 212},
        "callbacks": ["2026-11-23T12:00:00Z"],
        "inbox": [ticked, withheld],
        "inbox_writing": 2,
        "years": {"until": "2026-11-23T12:00:00Z", "newest": "2026-11-23T11:00:00Z"},
        "proof": {"announced": 3, "unannounced": 1, "silent": {}},
        "address": "5d41402a",
    }
    store(file, place)
    inbox_file = file.with_name(f"{file.name}.inbox")
    store(inbox_file, {"writing": 2, "callers": [mobile, colleague]})
    kept = await Place(hass, entry).load()
    assert kept.log == LogState(
        place=211, done=[212, 213], newest=datetime(2026, 11, 23, 12, tzinfo=UTC)
    )
    assert (kept.address, kept.callbacks) == ("5d41402a", [datetime(2026, 11, 23, 12, tzinfo=UTC)])
    assert kept.years
    waiting = {caller.number: caller.waits for caller in kept.inbox or ()}
    assert waiting == {"+420777123456": True, "+420602987654": False, None: True}
    # A kill came between the files: the first is older, and all callers are in the second.
    store(inbox_file, {"writing": 3, "callers": [mobile]})
    assert [caller.number for caller in (await Place(hass, entry).load()).inbox or ()] == [
        "+420777123456"
    ]


async def test_both_files_go_with_the_account(
    hass: HomeAssistant, entry: MockConfigEntry, file: Path
) -> None:
    """Numbers of callers would lie about in an account that is no longer there."""
    await Place(hass, entry).keep(inbox=callers(110))
    assert file.with_name(f"{file.name}.inbox").exists()
    await Place(hass, entry).remove()
    assert list(file.parent.glob(f"{DOMAIN}.*")) == []


async def test_files_that_no_account_owns_are_removed(
    hass: HomeAssistant, entry: MockConfigEntry, file: Path
) -> None:
    """A set-up removes the files of accounts that were deleted while the integration was missing.

    They hold the numbers of callers, and nothing else would ever remove them.
    """
    orphans = [file.with_name(f"{DOMAIN}.gone{suffix}") for suffix in ("", ".inbox")]
    orphans.append(file.with_name(f"{DOMAIN}.01KAX0000000000000000000ZZ.corrupt.2026-11-24"))
    disabled = MockConfigEntry(domain=DOMAIN, disabled_by=ConfigEntryDisabler.USER)
    disabled.add_to_hass(hass)
    others = ["odorik", "odorik_lights.gone", "core.odorik.gone", f"{DOMAIN}.{disabled.entry_id}"]
    kept = [file.with_name(name) for name in (*others, f"{DOMAIN}.{disabled.entry_id}.inbox")]
    for path in (*orphans, *kept):
        store(path, {})
    entry.add_to_hass(hass)
    assert await hass.config_entries.async_setup(entry.entry_id)
    there = [path for path in (*orphans, *kept, file) if path.exists()]
    assert there == [*kept, file]


async def test_a_file_that_cannot_be_removed_stops_no_account(
    hass: HomeAssistant, entry: MockConfigEntry, file: Path
) -> None:
    """The account is set up although an abandoned file stays, such as on a read-only disk."""
    orphan = file.with_name(f"{DOMAIN}.gone")
    orphan.mkdir(parents=True)
    entry.add_to_hass(hass)
    assert await hass.config_entries.async_setup(entry.entry_id)
    assert orphan.exists()
