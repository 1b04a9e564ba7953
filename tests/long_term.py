"""Years of calls, and what Home Assistant's own reader says of them."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

from homeassistant.components.recorder import get_instance
from homeassistant.components.recorder.statistics import get_metadata, statistics_during_period
from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.odorik.const import DOMAIN
from simulator.world import Totals, World

type Period = Literal["hour", "day", "month"]
EVER = dt_util.utc_from_timestamp(0)
JAN = "00420777123456"
HOME = "00420910123456"
EDGES = (
    datetime(2025, 10, 25, 22, tzinfo=UTC),
    datetime(2025, 10, 26, 0, tzinfo=UTC),
    datetime(2025, 10, 26, 1, tzinfo=UTC),
    datetime(2025, 12, 31, 23, tzinfo=UTC),
    datetime(2026, 3, 29, 1, tzinfo=UTC),
    datetime(2026, 3, 31, 22, tzinfo=UTC),
)
"""Where days, months and a year begin in Prague, and where its clocks are changed."""


def write(world: World, date: datetime, **fields: Any) -> Any:
    """Write a record into the history: by default a minute that somebody talked to us."""
    talked = {"length": 60, "status": "answered", "direction": "in"}
    numbers = {"source_number": JAN, "destination_number": HOME}
    return world.add_record(**{**talked, **numbers, "date": date, **fields})


def five_hundred_days(world: World) -> None:
    """Telephone for long, and at each moment where a period ends or a clock is changed."""
    for edge in EDGES:
        for second in (-1, 0):
            moment = edge + timedelta(seconds=second)
            write(world, moment, price=0.7)
            write(world, moment, direction="out", price=1.1234, length=59, line=300110)
            parent = write(world, moment, status="missed", length=0)
            leg = {"direction": "redirected", "redirection_parent_id": parent.id, "line": 300120}
            later = moment + timedelta(seconds=2)
            write(world, later, **leg, **({} if second else {"status": "missed", "length": 0}))
    world.add_sms(JAN)
    world.fill(150, days=500)


async def set_up(hass: HomeAssistant, entry: MockConfigEntry) -> MockConfigEntry:
    """Add an account, and wait until its years are written."""
    if hass.config_entries.async_get_entry(entry.entry_id) is None:
        entry.add_to_hass(hass)
    assert await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done()
    await at_rest(entry)
    return entry


async def tell(account: MockConfigEntry) -> None:
    """Have what is new in the history told, and written."""
    await account.runtime_data.history.async_refresh()
    await at_rest(account)


async def at_rest(account: MockConfigEntry, within: float = 30) -> None:
    """Wait until an account has nothing more to write, and what it wrote is in the database."""
    years = account.runtime_data.years
    async with asyncio.timeout(within):
        while years._appointment is not None or (years._task and not years._task.done()):  # noqa: ASYNC110
            await asyncio.sleep(0.01)
        await years._scribe.archive.wait()


async def names(hass: HomeAssistant) -> dict[str, str | None]:
    """List our series, each with its name."""

    def read() -> dict[str, str | None]:
        held = get_metadata(hass, statistic_source=DOMAIN)
        return {statistic_id: metadata["name"] for statistic_id, (_, metadata) in held.items()}

    return await get_instance(hass).async_add_executor_job(read)


async def read(
    hass: HomeAssistant, period: Period, start: datetime = EVER, end: datetime | None = None
) -> dict[str, list[Any]]:
    """Read all our series by the hour, the day or the month of Home Assistant's zone."""
    known = set(await names(hass))
    if not known:
        return {}

    def read_them() -> dict[str, list[Any]]:
        return {
            statistic_id: list(rows)
            for statistic_id, rows in statistics_during_period(
                hass, start, end, known, period, None, {"state", "sum", "change"}
            ).items()
        }

    return await get_instance(hass).async_add_executor_job(read_them)


def changes(rows: dict[str, list[Any]], user: str) -> dict[float, dict[str, float]]:
    """Tell what each period of an account has brought, by its start and by the kind of series."""
    found: dict[float, dict[str, float]] = {}
    for statistic_id, of_series in rows.items():
        key = statistic_id.removeprefix(f"{DOMAIN}:{user}_")
        for row in of_series:
            if row["change"]:
                found.setdefault(row["start"], {})[key] = round(row["change"], 4)
    return found


def in_rows(books: Totals) -> dict[str, float]:
    """Say what the exchange has counted as the series of an account say it."""
    sums = {
        "incoming": books.incoming,
        "outgoing": books.outgoing,
        "redirected": books.redirected,
    }
    found = {}
    for name, total in sums.items():
        found[f"{name}_calls"] = float(total.count)
        found[f"{name}_duration"] = round(total.length / 60, 4)
        found[f"{name}_cost"] = round(total.price, 4)
    return {key: value for key, value in found.items() if value}


def missed(world: World, start: datetime, end: datetime, user: str | None = None) -> int:
    """Count the calls of a period that nobody answered on any leg."""
    records = world.account(user).records
    reached = {row.redirection_parent_id for row in records if row.status == "answered"}
    return sum(
        start <= row.date <= end
        and (row.direction, row.status) == ("in", "missed")
        and row.id not in reached
        for row in records
    )


async def assert_as_booked(hass: HomeAssistant, world: World, user: str | None = None) -> None:
    """Hold the months, days and hours of an account against the books of the exchange."""
    account = world.account(user)
    for period in ("month", "day", "hour"):
        found = changes(await read(hass, period), account.user)
        expected: dict[float, dict[str, float]] = {}
        for start, end in periods(period, [row.date for row in account.records]):
            in_this = in_rows(world.totals(start, end, account=account.user))
            if number := missed(world, start, end, account.user):
                in_this["missed_calls"] = number
            for line in account.lines:
                books = world.totals(start, end, account=account.user, line=line)
                of_line = {"calls": 0.0, "duration": 0.0, "cost": 0.0}
                for total in (books.incoming, books.outgoing, books.redirected):
                    of_line["calls"] += total.count
                    of_line["duration"] += total.length / 60
                    of_line["cost"] += total.price
                in_this |= {f"{line}_{key}": round(v, 4) for key, v in of_line.items() if v}
            if in_this:
                expected[start.timestamp()] = in_this
        assert found == expected, period


def periods(period: str, dates: list[datetime]) -> list[tuple[datetime, datetime]]:
    """List the periods that some moments are in, in Home Assistant's zone; the last second too."""
    found = {}
    for date in dates:
        local = dt_util.as_local(date)
        if period == "hour":
            start = date.replace(minute=0, second=0, microsecond=0)
            end = start + timedelta(hours=1)
        else:
            start = dt_util.start_of_local_day(local.replace(day=1) if period == "month" else local)
            later = start + timedelta(days=32 if period == "month" else 1)
            end = dt_util.start_of_local_day(later.replace(day=1) if period == "month" else later)
        found[start.timestamp()] = (start, end - timedelta(seconds=1))
    return list(found.values())
