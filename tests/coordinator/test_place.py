"""What survives a restart, through the real store, which yields while it writes."""

import asyncio
from datetime import UTC, datetime
import json
from pathlib import Path
from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.helpers import issue_registry as ir
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

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
