"""The storage of an account survives restarts, crashes and updates."""

# ruff: noqa: ASYNC240 - Tests may block the event loop while they access a small file.

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

from custom_components.odorik.api import CallStatus, Direction
from custom_components.odorik.calls.event import CallEvent, CallEventType
from custom_components.odorik.calls.inbox import Caller, Inbox, MissedCall, Resolution
from custom_components.odorik.calls.log import LogState
from custom_components.odorik.const import DOMAIN
from custom_components.odorik.storage import OdorikStore, StoredData
from tests.conftest import AccountAction

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
ONE = NOON + timedelta(hours=1)


@pytest.fixture
def hass_storage() -> dict[str, Any]:
    """Use the real storage, which yields to the event loop while it writes."""
    return {}


@pytest.fixture
def inbox_file(store_file: Path) -> Path:
    """The file in which a large inbox is stored."""
    return store_file.with_name(f"{store_file.name}.inbox")


@pytest.fixture
def place(hass: HomeAssistant, entry: MockConfigEntry) -> OdorikStore:
    """The storage of an account."""
    return OdorikStore(hass, entry)


async def restored(place: OdorikStore) -> StoredData:
    """Return the data as read after a restart."""
    return await OdorikStore(place._hass, place._entry).async_load()


async def restored_inbox(place: OdorikStore) -> list[Caller]:
    """Return the callers in the inbox after a restart."""
    return Inbox((await restored(place)).inbox or ()).state


def read(file: Path) -> Any:
    """Return the data in a file of Home Assistant's storage."""
    return json.loads(file.read_text("utf-8"))["data"]


def async_save(file: Path, data: dict[str, Any]) -> None:
    """Write a file as Home Assistant's storage does."""
    file.parent.mkdir(exist_ok=True)
    document = {"version": 1, "minor_version": 1, "key": file.name, "data": data}
    file.write_text(json.dumps(document), "utf-8")


def callers(count: int, began: datetime = NOON) -> list[Caller]:
    """Return callers who were missed."""
    return [
        Caller(number=f"+4206050{number:05}", missed=[MissedCall(began=began, call_id=number + 1)])
        for number in range(count)
    ]


async def test_concurrent_writes_raise_no_repair(
    hass: HomeAssistant, place: OdorikStore, store_file: Path
) -> None:
    """Two concurrent writers do not read each other's data back and report a full disk."""
    raised: list[str] = []
    hass.bus.async_listen(
        ir.EVENT_REPAIRS_ISSUE_REGISTRY_UPDATED, lambda event: raised.append(event.data["action"])
    )
    for number in range(40):
        await asyncio.gather(
            place.async_save(log=LogState(position=number)),
            place.async_save(last_call={"call_id": number}),
        )
        assert place.is_saved
    await hass.async_block_till_done()
    assert raised == []
    assert read(store_file)["log"]["place"] == 39
    assert read(store_file)["last_call"] == {"call_id": 39}


async def test_nothing_is_written_after_close(place: OdorikStore, store_file: Path) -> None:
    """A poll that outlives its account does not overwrite a newer position."""
    writing = asyncio.create_task(place.async_save(log=LogState(position=7)))
    await asyncio.sleep(0)
    await place.async_close()
    assert read(store_file)["log"]["place"] == 7
    await writing
    await place.async_save(log=LogState(position=3))
    assert (await restored(place)).log == LogState(position=7)


async def test_a_file_of_version_0_1_0_is_read(place: OdorikStore, store_file: Path) -> None:
    """An update does not report the calls of the last week again."""
    order = {
        "caller": "00420777000111",
        "recipient": "00420602987654",
        "line": 300100,
        "due": "2026-11-23T12:00:00Z",
        "active_call_id": None,
        "legs": ["caller"],
        "is_told": True,
    }
    log = {
        "place": 41,
        "done": [42, 44],
        "told_live": [7],
        "newest": "2026-11-23T12:00:00Z",
        "orders": [order],
    }
    async_save(store_file, {"log": log, "last_call": {"call_id": 44}, "last_missed_call": None})
    data = await place.async_load()
    assert data.log is not None
    assert (data.log.position, data.log.done, data.log.reported_live) == (41, [42, 44], [7])
    assert data.log.newest == NOON
    assert data.log.orders[0].is_reported
    assert data.last_call == {"call_id": 44}
    assert data.callbacks == []


async def test_a_large_inbox_is_not_written_with_every_call(
    place: OdorikStore, store_file: Path, inbox_file: Path
) -> None:
    """A call writes less than 24 kB in an account that has 1,000 callers in its inbox."""
    inbox = callers(1000)
    await place.async_save(inbox=inbox)
    size = inbox_file.stat().st_size
    # Each write replaces the file.
    sizes, inodes = [], [inbox_file.stat().st_ino]
    for number, again in enumerate(callers(200, ONE)):
        inbox[number] = inbox[number].with_missed(again.missed[0])
        await place.async_save(log=LogState(position=number), inbox=list(inbox))
        sizes.append(store_file.stat().st_size)
        if (inode := inbox_file.stat().st_ino) != inodes[-1]:
            inodes.append(inode)
    assert max(sizes) < 24 * 1024 < size
    assert 1 < len(inodes) < 5
    assert (await restored(place)).log == LogState(position=199)
    assert await restored_inbox(place) == inbox


async def test_a_small_inbox_has_no_file_of_its_own(place: OdorikStore, store_file: Path) -> None:
    """The inbox of a household is stored with the position, in one write."""
    await place.async_save(inbox=callers(50))
    assert [path.name for path in store_file.parent.glob(f"{DOMAIN}.*")] == [store_file.name]
    assert (await restored(place)).inbox == callers(50)


@pytest.mark.parametrize("content", [None, b"{}", b""], ids=["gone", "other", "empty"])
async def test_a_lost_inbox_file_is_reported(
    place: OdorikStore, inbox_file: Path, content: bytes | None, caplog: pytest.LogCaptureFixture
) -> None:
    """Without its file the inbox is filled again, and the log says so without any number."""
    await place.async_save(log=LogState(position=7), inbox=callers(110))
    await place.async_save(inbox=[*callers(110), *callers(1, ONE)])
    if content is None:
        inbox_file.unlink()
    else:
        inbox_file.write_bytes(content)
    data = await restored(place)
    assert data.log == LogState(position=7)
    assert data.inbox is None
    assert "The inbox of" in caplog.text
    assert "+420605" not in caplog.text


class Disk(dict[str, Any]):
    """A storage that remembers its state after each write, and can refuse to write a file.

    Attributes:
        refused: A pattern of the names of files that cannot be written.
        states: The state after each write.
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
        """Replace the state until the block is left."""
        now = dict(self)
        self.clear()
        self.update(deepcopy(state))
        yield
        self.clear()
        self.update(now)


NUMBERS = ("+420777123456", "*555555", "555555", None)
REFUSED = {"no position": r".*(?<!\.inbox)", "no inbox": r".*\.inbox", "room": ""}
"""The names of the files that a disk refuses."""
STEPS = st.lists(
    st.tuples(
        st.sampled_from(["missed"] * 3 + ["answered", *Resolution, "a day", "restart", *REFUSED]),
        st.sampled_from(NUMBERS),
    ),
    min_size=10,
    max_size=40,
)


def change(inbox: Inbox, step: str, number: str | None, now: datetime) -> None:
    """End a call, or change a caller."""
    if step not in {"missed", "answered"}:
        inbox.resolve(number or "withheld", Resolution(step), now)
        return
    is_answered = step == "answered"
    inbox.add(
        CallEvent(
            type=CallEventType.ENDED if is_answered else CallEventType.MISSED,
            call_id=int((now - NOON).total_seconds()),
            direction=Direction.IN,
            number=number,
            line=300100,
            started_at=now,
            answered_at=now + timedelta(seconds=10) if is_answered else None,
            duration=30 if is_answered else 0,
            ringing_duration=10,
            status=CallStatus.ANSWERED if is_answered else CallStatus.MISSED,
        )
    )


def remembered(inbox: Inbox, now: datetime) -> dict[str | None, Caller]:
    """Return the callers that are remembered at a time, by their number."""
    then = Inbox(inbox.state)
    then.expire(now)
    return {caller.number: caller for caller in then.state}


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
async def test_a_kill_after_any_write_leaves_the_inbox_that_was_stored_last(
    hass: HomeAssistant, entry: MockConfigEntry, steps: list[tuple[str, str | None]]
) -> None:
    """The stored inbox and position are those of the same moment, whichever file was written last.

    Otherwise completed callers wait again, or a reported call is not in the inbox.
    """
    disk, now = Disk(), NOON
    stored: tuple[int | None, Inbox] = (None, Inbox())

    async def assert_stored(state: dict[str, Any], now: datetime) -> None:
        with disk.holding(state):
            data = await OdorikStore(hass, entry).async_load()
        assert (data.log and data.log.position) == stored[0]
        assert remembered(Inbox(data.inbox or ()), now) == remembered(stored[1], now)

    with patch("custom_components.odorik.storage.MAX_INBOX_CHANGES", 2), mock_storage(disk):
        place, inbox = OdorikStore(hass, entry), Inbox()
        for position, (step, number) in enumerate(steps):
            now += timedelta(days=1) if step == "a day" else timedelta(minutes=1)
            if step == "a day":
                inbox.expire(now)
            elif step == "restart":
                place = OdorikStore(hass, entry)
                inbox = Inbox((await place.async_load()).inbox or ())
            elif step in REFUSED:
                disk.refused = REFUSED[step]
            else:
                change(inbox, step, number, now)
                disk.states.clear()
                await place.async_save(log=LogState(position=position), inbox=inbox.state)
                if place.is_saved:
                    stored = (position, Inbox(inbox.state))
                for state in disk.states:
                    await assert_stored(state, now)
        await assert_stored(dict(disk), NOON)


async def test_the_files_of_version_0_2_0_are_read(
    place: OdorikStore, store_file: Path, inbox_file: Path
) -> None:
    """The callers of both files are read, those that changed later from the second one."""
    seven = {"began": "2026-11-23T12:00:00Z", "rang": 20, "call_id": 1, "line": 300100}
    six = {"began": "2026-11-23T12:02:00Z", "rang": 20, "call_id": 121, "line": 300110}
    mark = {
        "how": "ticked",
        "until": "2026-11-23T12:02:20Z",
        "call_id": 121,
        "at": "2026-11-23T12:30:00Z",
    }
    mobile = {"number": "+420777123456", "missed": [seven]}
    colleague = {"number": "+420602987654", "missed": [six]}
    log = {"place": 211, "done": [212, 213], "told_live": [], "newest": "2026-11-23T12:00:00Z"}
    position = {
        "log": {**log, "orders": []},
        "last_call": {"call_id": 213},
        "last_missed_call": {"call_id": 212},
        "callbacks": ["2026-11-23T12:00:00Z"],
        "inbox": [
            {**colleague, "marks": [mark]},
            {"number": None, "missed": [{**six, "call_id": 181}]},
        ],
        "inbox_writing": 2,
        "years": {"until": "2026-11-23T12:00:00Z", "newest": "2026-11-23T11:00:00Z"},
        "proof": {"announced": 3, "unannounced": 1, "silent": {}},
        "address": "5d41402a",
    }
    async_save(store_file, position)
    async_save(inbox_file, {"writing": 2, "callers": [mobile, colleague]})
    data = await restored(place)
    assert data.log == LogState(position=211, done=[212, 213], newest=NOON)
    assert (data.webhook_digest, data.callbacks) == ("5d41402a", [NOON])
    assert data.statistics
    waiting = {caller.number: caller.is_waiting for caller in data.inbox or ()}
    assert waiting == {"+420777123456": True, "+420602987654": False, None: True}
    # After a kill between the writes all callers are in the second file.
    async_save(inbox_file, {"writing": 3, "callers": [mobile]})
    assert [caller.number for caller in await restored_inbox(place)] == ["+420777123456"]


async def test_removing_an_account_removes_its_files(
    hass: HomeAssistant, account: MockConfigEntry, store_file: Path, inbox_file: Path
) -> None:
    """Removing an account deletes both files, which contain numbers of callers."""
    await account.runtime_data.store.async_save(inbox=callers(110))
    assert store_file.exists()
    assert inbox_file.exists()
    await hass.config_entries.async_remove(account.entry_id)
    assert list(store_file.parent.glob(f"{DOMAIN}.*")) == []


async def test_files_without_an_account_are_removed(
    hass: HomeAssistant, store_file: Path, set_up: AccountAction
) -> None:
    """A setup removes the files of accounts that were deleted while the integration was missing.

    They contain numbers of callers, and nothing else would ever remove them.
    """
    orphans = [store_file.with_name(f"{DOMAIN}.gone{suffix}") for suffix in ("", ".inbox")]
    orphans.append(store_file.with_name(f"{DOMAIN}.01KAX0000000000000000000ZZ.corrupt.2026-11-24"))
    disabled = MockConfigEntry(domain=DOMAIN, disabled_by=ConfigEntryDisabler.USER)
    disabled.add_to_hass(hass)
    others = ["odorik", "odorik_lights.gone", "core.odorik.gone", f"{DOMAIN}.{disabled.entry_id}"]
    data = [store_file.with_name(name) for name in (*others, f"{DOMAIN}.{disabled.entry_id}.inbox")]
    for path in (*orphans, *data):
        async_save(path, {})
    await set_up()
    assert [path for path in (*orphans, *data, store_file) if path.exists()] == [*data, store_file]


async def test_a_file_that_cannot_be_removed_is_ignored(
    store_file: Path, set_up: AccountAction
) -> None:
    """The account is set up although an abandoned file stays, such as on a read-only disk."""
    orphan = store_file.with_name(f"{DOMAIN}.gone")
    orphan.mkdir(parents=True)
    await set_up()
    assert orphan.exists()
