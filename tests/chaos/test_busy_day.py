"""Tests of a busy day: each call is reported, each state is correct, and memory does not grow.

The exchange is another process, so that only Home Assistant's memory is measured. Events are read
from the recorder's database for the same reason.
"""

from collections import Counter, defaultdict
from collections.abc import AsyncGenerator, Callable
from datetime import datetime, timedelta
from functools import partial
from itertools import product
import json
import logging
from operator import itemgetter
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
from custom_components.odorik.storage import _JsonFile
from simulator.world import PRAGUE
from tests.bench.exchanges import LOGIN, Exchange, serving
from tests.conftest import Tick

from .busy_day import IDLE_STEP, MINUTE, BusyDay
from .busy_day_exchange import BREAK, START_UP, draw_times
from .expected import ENDED, MISSED, Row, States, recorded_call, reported_call
from .memory import assert_no_growth, measure

MIDNIGHT: Final = datetime(2026, 11, 19, tzinfo=PRAGUE)
"""The end of a Wednesday."""
CALLER: Final = "+420 605 111 222"
OUTAGES: Final = ("reset", "503", "cut_json", "html")
STARTED, ANSWERED = "odorik_call_started", "odorik_call_answered"
RETURNED = "odorik_call_returned"
SEQUENCES: Final = {
    (ENDED,),
    (MISSED,),
    (STARTED, ENDED),
    (STARTED, MISSED),
    (STARTED, ANSWERED, ENDED),
}
"""Sequences of events that a call may have."""
AMBIGUOUS: Final = (STARTED, ANSWERED, MISSED)
"""Sequence of a call that was answered for less than a second, which counts as missed.

It may also be one whose caller, perhaps withheld, made another call meanwhile: only the records
show which of the two was answered.
"""
EVENTS: Final = """
SELECT event_types.event_type, shared_data FROM events
JOIN event_types USING (event_type_id) JOIN event_data USING (data_id)
WHERE event_types.event_type LIKE 'odorik%' ORDER BY event_id
"""


@pytest.fixture(autouse=True)
def clock(begin: datetime, freezer: FrozenDateTimeFactory) -> None:
    """Stop the clock before setup, so that timers fire at their time of the day."""
    freezer.move_to(begin)


@pytest.fixture
def hass_storage() -> dict[str, Any]:
    """Write stores to files. The fixture of the test plugin would keep them in memory."""
    return {}


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The sizes of the files that the integration has written."""
    sizes: list[int] = []
    async_save = _JsonFile.async_save

    async def count(file: _JsonFile[Any], document: Any) -> bool:
        is_written = await async_save(file, document)
        sizes.append(Path(file._store.path).stat().st_size)  # noqa: ASYNC240 - Only in this test.
        return is_written

    monkeypatch.setattr(_JsonFile, "async_save", count)
    return sizes


@pytest.fixture
async def day(
    hass: HomeAssistant,
    begin: datetime,
    calls: int,
    seed: int,
    tick: Tick,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    socket_enabled: None,  # noqa: ARG001
    enable_custom_integrations: None,  # noqa: ARG001
) -> AsyncGenerator[BusyDay]:
    """An account with all entities enabled, a recorder, and tasks for a day."""
    # Captured messages would use memory, and debug mode would report each step as a slow callback.
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
    chance = Random(seed)  # noqa: S311 - Not a secret.
    first, last = begin + START_UP, MIDNIGHT - BREAK
    callbacks = calls // 20
    arguments = (str(seed), str(calls - callbacks), begin.isoformat(), last.isoformat())
    async with (
        serving("tests.chaos.busy_day_exchange", *arguments) as url,
        aiohttp.ClientSession() as session,
    ):
        monkeypatch.setenv(ENV_API_URL, url)
        day = BusyDay(hass, Exchange(url, session), account, tick, chance)
        assert await hass.config_entries.async_setup(account.entry_id)
        await hass.async_block_till_done(wait_background_tasks=True)
        registry = er.async_get(hass)
        for entry in er.async_entries_for_config_entry(registry, account.entry_id):
            registry.async_update_entity(entry.entity_id, disabled_by=None)
        for moment in draw_times(chance, callbacks, first, last):
            day.at(moment, day.call_back)
        for moment in draw_times(chance, callbacks, first, last):
            day.at(moment, day.hang_up)
        for number, moment in enumerate(draw_times(chance, max(2, calls // 250), first, last)):
            day.at(moment, partial(day.begin_outage, OUTAGES[number % len(OUTAGES)]))
            # A reload before one outage, during the next, and so on.
            day.at(moment + (MINUTE if number % 2 else -MINUTE), day.reload)
        yield day


def states(day: BusyDay, domain: str = "sensor") -> dict[str, State]:
    """Return the states of the account's entities by the keys of their unique IDs."""
    entries = er.async_entries_for_config_entry(er.async_get(day.hass), day.account.entry_id)
    found: dict[str, State] = {}
    for entry in entries:
        if entry.domain == domain:
            state = day.hass.states.get(entry.entity_id)
            assert state is not None, entry.entity_id
            found[entry.unique_id.removeprefix(f"{day.account.unique_id}_")] = state
    return found


def value(state: State) -> object:
    """Return a numeric state as a number."""
    try:
        return round(float(state.state), 4)
    except ValueError:
        return state.state


def overlaps(one: Row, other: Row) -> bool:
    """Return whether two records are of simultaneous calls from the same caller."""
    first, last = sorted((one, other), key=itemgetter("date"))
    seconds = first["ringing_length"] + first["length"]
    return bool(
        first["source_number"] == last["source_number"]
        and "out" not in {first["direction"], last["direction"]}
        and last["date"] <= first["date"] + timedelta(seconds=seconds)
    )


def assert_states(day: BusyDay, expected: States) -> None:
    """Compare the states of all sensors, and their periods, with the expected ones."""
    sensors = states(day)
    assert {key: value(state) for key, state in sensors.items()} == expected
    today = dt_util.start_of_local_day()
    for period, begin in {"today": today, "this_month": today.replace(day=1)}.items():
        resets = {
            state.attributes.get("last_reset")
            for key, state in sensors.items()
            if key.endswith(f"_{period}")
        }
        # The most expensive destination is no total.
        assert resets - {None} == {begin.isoformat()}
    is_on = {key for key, state in states(day, "binary_sensor").items() if state.state != "off"}
    assert is_on == {"300100_registered", "300110_registered"}


@pytest.mark.parametrize(
    ("begin", "calls", "seed"),
    [
        pytest.param(MIDNIGHT - timedelta(hours=1), 60, 20, id="an evening"),
        pytest.param(MIDNIGHT - timedelta(days=1), 2000, 1, id="a whole day"),
    ],
)
@pytest.mark.long
async def test_a_busy_day(
    day: BusyDay,
    begin: datetime,
    calls: int,
    written: list[int],
    record_property: Callable[[str, object], None],
) -> None:
    """All events and states match the records of the exchange, and memory does not grow."""
    await day.advance(begin + 3 * MINUTE)
    written.clear()
    rows_before = await day.count_rows()
    footprints = [await measure(day)]
    for hours in (18, 12, 6, 0):
        part = MIDNIGHT - timedelta(hours=hours, minutes=2)
        if part > begin:
            await day.advance(part)
            footprints.append(await measure(day))
    rows = await day.count_rows() - rows_before

    records = await day.records()
    by_call = records.calls(begin)
    expected = Counter(recorded_call(*call) for call in by_call.items())
    # Some callbacks fail during the outages.
    assert 0.95 * calls < len(expected) <= calls
    events = [(kind, json.loads(data)) for kind, data in await day.query(EVENTS)]
    finished = Counter(reported_call(*event) for event in events if event[0] in {ENDED, MISSED})
    assert (finished - expected, expected - finished) == (Counter(), Counter())
    call_ids = {leg["active_call_id"]: call_id for call_id, legs in by_call.items() for leg in legs}
    sequences: defaultdict[int, tuple[str, ...]] = defaultdict(tuple)
    returned = [data["number"] for kind, data in events if kind == RETURNED]
    assert returned, "no missed caller was reached later"
    assert None not in returned
    for kind, data in events:
        call_id = call_ids[data["active_call_id"]]
        if kind == RETURNED:
            # The call that has reached the caller is reported first.
            assert sequences[call_id][-1] == ENDED
        else:
            sequences[call_id] += (kind,)
    unusual = {
        call_id: sequence for call_id, sequence in sequences.items() if sequence not in SEQUENCES
    }
    assert set(unusual.values()) <= {AMBIGUOUS}
    for call_id in unusual:
        legs = by_call[call_id]
        others = [row for row in records.rows if row not in legs]
        assert any((leg["status"], leg["length"]) == ("answered", 0) for leg in legs) or any(
            overlaps(leg, other) for leg, other in product(legs, others)
        ), call_id
    assert_states(day, records.states(expected, begin))

    written_per_call = sum(written) / len(expected)
    growth = footprints[-1].database - footprints[0].database
    assert_no_growth(footprints)
    for name, found in {
        "calls": len(expected),
        "records of the exchange": footprints[-1].records - footprints[0].records,
        "database per call": f"{growth / len(expected) / 1000:.1f} kB",
        "rows of states per call": f"{rows['states'] / len(expected):.1f}",
        "rows of events per call": f"{rows['events'] / len(expected):.1f}",
        "rows of statistics": rows["statistics"] + rows["statistics_short_term"],
        "written to the disk per call": f"{written_per_call / 1000:.0f} kB",
        "files written per call": f"{len(written) / len(expected):.1f}",
        "additional tasks and listeners": 0,
        "objects of the integration over the day": " · ".join(
            f"{footprint.objects.total():,}" for footprint in footprints
        ),
        "memory blocks of the whole process": " · ".join(
            f"{footprint.blocks:,}" for footprint in footprints
        ),
    }.items():
        record_property(name, found)
    assert growth < 9_000 * len(expected)
    assert rows["states"] < 28 * len(expected)
    assert rows["events"] < 3.5 * len(expected)
    assert written_per_call < 64 * 1024

    await day.advance(MIDNIGHT + timedelta(seconds=IDLE_STEP))
    assert_states(day, records.states(expected, begin))
