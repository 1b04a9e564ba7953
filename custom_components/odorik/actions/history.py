"""Reading the history."""

import asyncio
from functools import cache
from typing import Any, Final

from homeassistant.core import ServiceCall
from msgspec import to_builtins

from ..api import Call, Direction
from ..calls.directory import Directory
from ..calls.newest import Newest
from ..runtime import OdorikConfigEntry
from .schemas import ATTR_LIMIT, ATTR_SIP_IDS
from .selection import selection

TURN: Final = 500
"""Records that are looked at before others get their turn."""


async def get_calls(entry: OdorikConfigEntry, call: ServiceCall) -> dict[str, Any]:
    """Read the newest calls that are wanted, the newest first."""
    data = entry.runtime_data
    directory = data.account.data.directory
    newest = Newest(call.data[ATTR_LIMIT])
    async for page in data.client.calls(**selection(entry, call, directory)):
        for start in range(0, len(page), TURN):
            newest.add(page[start : start + TURN])
            await asyncio.sleep(0)
    rows = _Rows(directory, with_sip_ids=call.data.get(ATTR_SIP_IDS, False))
    answer: list[dict[str, Any]] = []
    while newest:
        answer += rows.of(newest.pop_oldest(TURN))
        await asyncio.sleep(0)
    answer.reverse()
    return {"calls": answer}


class _Rows:
    """Makes records into rows of the answer: the API's field names, ``name`` and ``type``."""

    def __init__(self, directory: Directory, *, with_sip_ids: bool) -> None:
        """Look up names in a directory."""
        self._directory = directory
        # The same few people fill a history, so each is looked up once.
        self._name_of = cache(directory.name_of)
        self._hidden = () if with_sip_ids else ("sip_in_call_id", "sip_out_call_id")

    def of(self, records: list[Call]) -> list[dict[str, Any]]:
        """Make the rows of some records."""
        rows: list[dict[str, Any]] = to_builtins(records)
        for record, row in zip(records, rows, strict=True):
            direction = self._directory.direction(record)
            # A message whose numbers are unknown was probably sent from here.
            is_sent = direction is Direction.OUT or (
                record.is_sms and direction is not Direction.IN
            )
            other = record.destination_number if is_sent else record.source_number
            row["name"] = self._name_of(other)
            row["type"] = "sms" if record.is_sms else "call"
            for name in self._hidden:
                del row[name]
        return rows
