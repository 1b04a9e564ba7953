"""What survives a restart, through the real store, which yields while it writes."""

import asyncio
from datetime import UTC, datetime
import json
from pathlib import Path
from typing import Any

from homeassistant.config_entries import ConfigEntryDisabler
from homeassistant.core import HomeAssistant
from homeassistant.helpers import issue_registry as ir
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.odorik.calls.inbox import Caller, How, Inbox, MissedCall
from custom_components.odorik.calls.log import LogState
from custom_components.odorik.const import DOMAIN
from custom_components.odorik.coordinator.place import Place


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
    assert log.orders[0].legs == ["caller"]
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
    await place.keep(inbox=callers(111))
    assert in_the_way.is_file()
    assert stored(file)["inbox"] == []
    assert (await Place(hass, entry).load()).inbox == callers(111)


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
