"""Orders to connect two numbers."""

from dataclasses import dataclass, field
from datetime import datetime


@dataclass(slots=True)
class Callback:
    """An order to connect two numbers; `call_ids` are the active calls that it has made."""

    account: str
    line: int
    caller: str
    recipient: str
    simple: bool
    ordered: datetime
    due: datetime
    call_ids: list[int] = field(default_factory=list)
