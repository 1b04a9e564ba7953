"""Upper limits for the measurements, checked by `scripts/bench --check`.

Each budget is the value on the reference machine (two cores of an AMD EPYC, Python 3.14) plus 10
percent; of a row that varies, it is the highest value of several runs. Where a row has a ratio, the
ratio is checked, since it hardly depends on the machine. The budget for blocking the event loop
depends on it: on a slower machine, it is multiplied by the factor by which a fixed piece of Python
takes longer before or after the measurement. On a faster machine, it stays the same.
"""

from typing import Final

from .home import BLOCK
from .measure import Row, reference_seconds

LONGEST_BLOCK: Final = 10.0
"""Milliseconds for which a callback may block the event loop of the reference machine."""
REFERENCE_SECONDS: Final = 0.00157
"""The result of `reference_seconds` on the reference machine."""
BUDGETS: Final[dict[tuple[str, str | None], float]] = {
    ("decode a page of 2,000 records", "orjson, without validation"): 0.76,
    ("decode a page of 2,000 records", "mashumaro over orjson"): 0.16,
    ("decode a page of 2,000 records", "json of the standard library"): 0.28,
    ("decode 50 such pages", "5 pages"): 16.24,
    ("decode a page of 2,000 records with wrong types", "a documented page"): 14.03,
    ("read 100,000 records over loopback", "a bare loop of aiohttp and orjson"): 0.96,
    ("read 100,000 records over loopback", "10,000 records"): 11.13,
    ("an idle hour with push", "without push"): 0.3,
    ("set up an account with 10 lines", "1 line"): 1.69,
    ("set up an account with 100 lines", "10 lines"): 4.5,
    ("an idle poll: time on the event loop, 100 lines", "10 lines"): 1.22,
    ("an idle poll: requests, 100 lines", "10 lines"): 1.1,
    ("an idle poll: states written", None): 0.0,
    ("catch up on 10,000 records", "1,000 records"): 12.17,
    ("catch up on 10,000 records: events lost or duplicated", None): 0.0,
    ("set up 50 recipients: additional time on the event loop", None): 50.0,
    ("a poll with 50 paid calls: additional with the guard", None): 1.0,
    ("cost of the simulated fraud, with the guard", "without it"): 0.1,
    (f"send a long message: {BLOCK}", None): 5.0,
    ("a question about 100,000 records: slowest answer", None): 50.0,
    ("get_calls over 100,000 records, newest", "a bare loop of aiohttp and orjson"): 2.16,
    ("get_calls over 100,000 records, all", "a bare loop of aiohttp and orjson"): 2.84,
    ("export 100,000 records as CSV", "10,000 records"): 9.67,
    ("export 100,000 records as CSV: most memory above idle", "10,000 records"): 1.23,
    ("import a household's 20,000 calls: most memory above idle", None): 15.1,
    ("import an office's 150,000 calls: most memory above idle", None): 40.5,
}
"""Budgets by the name of a row and its reference."""


def slowness() -> float:
    """Return how many times slower this machine is than the reference machine, at least 1."""
    return max(1.0, reference_seconds() / REFERENCE_SECONDS)


def over_budget(rows: list[Row]) -> list[str]:
    """Describe the rows that exceed their budgets."""
    found = []
    for row in rows:
        value = row.value if row.ratio is None else row.ratio
        is_block = row.name.endswith(BLOCK)
        budget = BUDGETS.get((row.name, row.against), LONGEST_BLOCK if is_block else None)
        if budget is not None and is_block:
            budget *= row.slowness
        if budget is not None and value > budget:
            against = f" against {row.against}" if row.against else ""
            found.append(f"{row.name}{against}: {value:.3g}, and the budget is {budget:.3g}")
    return found
