"""Compare the long-term statistics of Home Assistant with the totals of the exchange."""

from datetime import UTC, datetime

import pytest

from scripts.exchange import LOGIN, Exchange
from scripts.home import Home

SERIES = {
    f"odorik:{LOGIN['username']}_{direction}_{metric}": (direction, metric)
    for direction in ("incoming", "outgoing", "redirected")
    for metric in ("calls", "duration", "cost")
}
FIELDS = {"calls": ("count", 1), "duration": ("length", 60), "cost": ("price", 1)}
"""The operator's field of a metric, and its unit."""


def format_time(milliseconds: float) -> str:
    """Format a time as the operator expects it."""
    return datetime.fromtimestamp(milliseconds / 1000, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


async def assert_totals_match(home: Home, exchange: Exchange, *, months: int) -> None:
    """Compare the totals of each month, and require at least this number of months."""
    rows = await home.command(
        "recorder/statistics_during_period",
        start_time="2000-01-01T00:00:00Z",
        statistic_ids=list(SERIES),
        period="month",
        types=["change"],
    )
    periods = {(row["start"], row["end"]) for found in rows.values() for row in found}
    assert len(periods) >= months
    for start, end in periods:
        period = {"from": format_time(start), "to": format_time(end - 1000)}
        totals = await exchange.query("call_statistics.json", **period)
        for series, (direction, metric) in SERIES.items():
            field, unit = FIELDS[metric]
            changes = [row["change"] for row in rows[series] if row["start"] == start]
            assert sum(changes) == pytest.approx(totals[direction][field] / unit), series
