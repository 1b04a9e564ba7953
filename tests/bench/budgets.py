"""What the measurements may cost at most: `scripts/bench --check`.

Each budget is the figure of the reference machine (two cores of a 2.1 GHz Xeon, Python 3.14) and a
tenth more. Where a row has a ratio, the ratio is held, since it hardly depends on the machine.
"""

from typing import Final

from .home import HOLD
from .measure import Row

LONGEST_HOLD: Final = 10.0
"""Milliseconds that nothing may block the event loop for."""
BUDGETS: Final[dict[tuple[str, str | None], float]] = {}
"""By the name of a row and what it is measured against."""


def over_budget(rows: list[Row]) -> list[str]:
    """Describe the rows that exceed their budgets."""
    found = []
    for row in rows:
        value = row.value if row.ratio is None else row.ratio
        is_hold = row.name.endswith(HOLD)
        budget = LONGEST_HOLD if is_hold else BUDGETS.get((row.name, row.against))
        if budget is not None and value > budget:
            against = f" against {row.against}" if row.against else ""
            found.append(f"{row.name}{against}: {value:.3g}, and the budget is {budget:.3g}")
    return found
