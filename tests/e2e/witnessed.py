"""A Home Assistant with a witness in it, and what that has seen."""

import json
from pathlib import Path
from typing import Any, Final

from scripts.home import Home, free_port

WITNESS: Final = Path(__file__).parent / "witness"
FINISHED: Final = {"odorik_call_ended", "odorik_missed_call"}
"""The events that tell how a call finished."""

type Told = dict[str, Any]
"""The data of an event, with its ``type``, the ``run`` of Home Assistant (its process), the
``state`` that was in, and ``at``: seconds of the clock that nobody sets."""


def witnessed(*, folder: Path, exchange: str, configuration: str = "", **what: Any) -> Home:
    """Furnish a Home Assistant that is to be watched, and logs everything that can be."""
    return Home(
        folder=folder,
        port=free_port(),
        exchange=exchange,
        configuration=f"witness:\n{configuration}",
        guests=(WITNESS,),
        is_verbose=True,
        **what,
    )


def statement(home: Home) -> list[Told]:
    """Read what the witness has written; a kill may have cut the last line."""
    path = home.folder / "witness.jsonl"
    if not path.exists():
        return []
    return [json.loads(line) for line in path.read_text("utf-8").splitlines() if line[-1:] == "}"]
