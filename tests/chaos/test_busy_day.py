"""A whole day of a busy account: each call is reported, each figure is right, nothing piles up.

The exchange is a process of its own, so that what this one holds is held by Home Assistant. For the
same reason what is stored goes to real files, and what was told is read from the recorder's.
"""

from collections import Counter, defaultdict
from collections.abc import AsyncGenerator, Callable
from datetime import datetime, timedelta
from functools import partial
import json
import logging
from pathlib import Path
from random import Random
from typing import Any, Final

import aiohttp
from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant, State
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.recorder import async_initialize_recorder
from homeassistant.setup import async_setup_component
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.odorik.const import CONF_CALLER, DOMAIN, ENV_API_URL
from custom_components.odorik.coordinator.file import File
from simulator.world import PRAGUE
from tests.bench.exchanges import LOGIN, Exchange, serving
from tests.conftest import Tick

from .day import SETTLED, SILENCE, moments
from .ledger import ENDED, MISSED, Figures, finished, is_known, said
from .office import IDLE, MINUTE, Day
from .weight import assert_flat, weigh

MIDNIGHT: Final = datetime(2026, 11, 19, tzinfo=PRAGUE)
"""The end of a Wednesday like any other."""
CALLER: Final = "+420 605 111 222"
OUTAGES: Final = ("reset", "503", "cut_json", "html")
STARTED, ANSWERED = "odorik_call_started", "odorik_call_answered"
RETURNED = "odorik_call_returned"
STORIES: Final = {
    (ENDED,),
    (MISSED,),
    (STARTED, ENDED),
    (STARTED, MISSED),
    (STARTED, ANSWERED, ENDED),
}
"""What may be told of a call, in this order."""
MISTAKEN: Final = (STARTED, ANSWERED, MISSED)
"""What may be told of one that withholds its number, since another such call may ring on its line
at the same time: which of the two is sent on to where it is answered, the records tell at last."""
TOLD: Final = """
SELECT event_types.event_type, shared_data FROM events
JOIN event_types USING (event_type_id) JOIN event_data USING (data_id)
WHERE event_types.event_type LIKE 'odorik%' ORDER BY event_id
"""


@pytest.fixture(autouse=True)
def clock(begin: datetime, freezer: FrozenDateTimeFactory) -> None:
    """Stop the clock before anything is set up: what is due later is then due in its time."""
    freezer.move_to(begin)


@pytest.fixture
def hass_storage() -> dict[str, Any]:
    """Store to files. The test plugin's stand-in would hold everything that is ever stored."""
    return {}


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The sizes of the files that the integration has written, in their order."""
    sizes: list[int] = []
    write = File.write

    async def count(file: File[Any], document: Any) -> bool:
        is_written = await write(file, document)
        sizes.append(Path(file._store.path).stat().st_size)  # noqa: ASYNC240 - Only in this test.
        return is_written

    monkeypatch.setattr(File, "write", count)
    return sizes


@pytest.fixture
async def day(  # noqa: PLR0917 - Everything in it is a fixture of its own.
    hass: HomeAssistant,
    begin: datetime,
    calls: int,
    seed: int,
    tick: Tick,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    socket_enabled: None,  # noqa: ARG001
    enable_custom_integrations: None,  # noqa: ARG001
) -> AsyncGenerator[Day]:
    """A home that records, with every entity enabled, on the morning of a busy day."""
    # What tests log and debug is held, too; and each step of the clock would be a slow callback.
    caplog.set_level(logging.CRITICAL)
    caplog.set_level(logging.CRITICAL, "sqlalchemy.engine")
    hass.loop.set_debug(enabled=False)
    await hass.config.async_set_time_zone("Europe/Prague")
    async_initialize_recorder(hass)
    assert await async_setup_component(hass, "recorder", {"recorder": {}})
    account = MockConfigEntry(
        domain=DOMAIN, unique_id=LOGIN["username"], data=LOGIN, options={CONF_CALLER: CALLER}
    )
    account.add_to_hass(hass)
    chance = Random(seed)  # noqa: S311 - a day that can be repeated, no secret
    first, last = begin + SETTLED, MIDNIGHT - SILENCE
    called_back = calls // 20
    plan = (str(seed), str(calls - called_back), begin.isoformat(), last.isoformat())
    async with (
        serving("tests.chaos.day", *plan) as url,
        aiohttp.ClientSession() as session,
    ):
        monkeypatch.setenv(ENV_API_URL, url)
        day = Day(hass, Exchange(url, session), account, tick, chance)
        assert await hass.config_entries.async_setup(account.entry_id)
        await hass.async_block_till_done(wait_background_tasks=True)
        registry = er.async_get(hass)
        for entry in er.async_entries_for_config_entry(registry, account.entry_id):
            registry.async_update_entity(entry.entity_id, disabled_by=None)
        for moment in moments(chance, called_back, first, last):
            day.at(moment, day.call_back)
        for moment in moments(chance, called_back, first, last):
            day.at(moment, day.hang_up)
        for number, moment in enumerate(moments(chance, max(2, calls // 250), first, last)):
            day.at(moment, partial(day.break_down, OUTAGES[number % len(OUTAGES)]))
            # Every other time somebody thinks that reloading helps, and else it is done in vain.
            day.at(moment + (MINUTE if number % 2 else -MINUTE), day.reload)
        yield day


def shown(day: Day, domain: str = "sensor") -> dict[str, State]:
    """Return what entities show, by what follows the account in their ids."""
    entries = er.async_entries_for_config_entry(er.async_get(day.hass), day.account.entry_id)
    found: dict[str, State] = {}
    for entry in entries:
        if entry.domain == domain:
            state = day.hass.states.get(entry.entity_id)
            assert state is not None, entry.entity_id
            found[entry.unique_id.removeprefix(f"{day.account.unique_id}_")] = state
    return found


def value(state: State) -> object:
    """Return a state as a number, where it is one."""
    try:
        return round(float(state.state), 4)
    except ValueError:
        return state.state


def assert_figures(day: Day, wanted: Figures) -> None:
    """Hold what is shown against the books: the sums, their periods, and that all is quiet."""
    sensors = shown(day)
    assert {key: value(state) for key, state in sensors.items()} == wanted
    begins = {"today": dt_util.start_of_local_day()}
    begins["this_month"] = begins["today"].replace(day=1)
    for period, begin in begins.items():
        sums_of_it = [state for key, state in sensors.items() if key.endswith(f"_{period}")]
        resets = {state.attributes.get("last_reset") for state in sums_of_it}
        # Which destination is the dearest is no sum.
        assert resets - {None} == {begin.isoformat()}
    is_on = {key for key, state in shown(day, "binary_sensor").items() if state.state != "off"}
    assert is_on == {"300100_registered", "300110_registered"}


@pytest.mark.parametrize(
    ("begin", "calls", "seed"),
    [
        pytest.param(MIDNIGHT - timedelta(hours=1), 60, 20, id="an evening"),
        pytest.param(
            MIDNIGHT - timedelta(days=1), 2000, 1, marks=pytest.mark.long, id="a whole day"
        ),
    ],
)
async def test_a_busy_day(
    *,
    day: Day,
    begin: datetime,
    calls: int,
    written: list[int],
    record_property: Callable[[str, object], None],
) -> None:
    """An office would lose calls and money in its figures, or have to restart by the evening."""
    await day.live(begin + 3 * MINUTE)
    written.clear()
    rows_before = await day.count_rows()
    weighed = [await weigh(day)]
    for hours in (18, 12, 6, 0):
        part = MIDNIGHT - timedelta(hours=hours, minutes=2)
        if part > begin:
            await day.live(part)
            weighed.append(await weigh(day))
    rows = await day.count_rows() - rows_before

    books = await day.books()
    joined = books.calls(begin)
    booked = Counter(finished(call_id, legs) for call_id, legs in joined.items())
    # Some callbacks are ordered in vain, while the exchange is out of reach.
    assert 0.95 * calls < len(booked) <= calls
    heard = [(kind, json.loads(data)) for kind, data in await day.recorded(TOLD)]
    told = Counter(said(kind, data) for kind, data in heard if kind in {ENDED, MISSED})
    assert (told - booked, booked - told) == (Counter(), Counter())
    whose = {leg["active_call_id"]: call_id for call_id, legs in joined.items() for leg in legs}
    stories: defaultdict[int, tuple[str, ...]] = defaultdict(tuple)
    reached = [data["number"] for kind, data in heard if kind == RETURNED]
    assert reached, "somebody who was missed was talked with later"
    assert None not in reached
    for kind, data in heard:
        if kind == RETURNED:
            # It comes right after the call that has reached somebody.
            assert stories[whose[data["active_call_id"]]][-1] == ENDED
            continue
        stories[whose[data["active_call_id"]]] += (kind,)
    odd = {call_id: story for call_id, story in stories.items() if story not in STORIES}
    assert {story for call_id, story in odd.items() if is_known(joined[call_id])} == set()
    assert set(odd.values()) <= {MISTAKEN}
    assert_figures(day, books.figures(booked) | {"callers_waiting": books.waiting(begin)})

    written_per_call = sum(written) / len(booked)
    growth = weighed[-1].database - weighed[0].database
    assert_flat(weighed)
    for name, found in {
        "calls": len(booked),
        "records of the exchange": weighed[-1].records - weighed[0].records,
        "database per call": f"{growth / len(booked) / 1000:.1f} kB",
        "rows of states per call": f"{rows['states'] / len(booked):.1f}",
        "rows of events per call": f"{rows['events'] / len(booked):.1f}",
        "rows of statistics": rows["statistics"] + rows["statistics_short_term"],
        "written to the disk per call": f"{written_per_call / 1000:.0f} kB",
        "files written per call": f"{len(written) / len(booked):.1f}",
        "tasks, listeners, sockets and files more": 0,
        "things of ours, as the day goes on": " · ".join(f"{then.things:,}" for then in weighed),
        "MiB of the whole process": " · ".join(f"{then.resident:.0f}" for then in weighed),
    }.items():
        record_property(name, found)
    assert growth < 9_000 * len(booked)
    assert rows["states"] < 28 * len(booked)
    assert rows["events"] < 3.5 * len(booked)
    assert written_per_call < 64 * 1024

    await day.live(MIDNIGHT + timedelta(seconds=IDLE))
    assert_figures(day, books.figures(booked) | {"callers_waiting": books.waiting(begin)})
