"""When the garbage collector looks: loaded before everything else, by pyproject.toml.

What is imported and collected stays, and there is much of it: to look through it again and again
takes longer than to make it. So it is set aside, and what tests leave is looked through less often.
"""

import gc
from typing import Final

YOUNG: Final = 50_000
"""So many objects more than before have it look; two thousand is Python's own."""

gc.disable()


def pytest_collection_finish() -> None:
    """Set aside what there is, and look from now on."""
    gc.freeze()
    gc.set_threshold(YOUNG)
    gc.enable()
