"""The action that reads the history."""

import asyncio
from functools import cache
from itertools import batched
from typing import Any

from homeassistant.core import ServiceCall
from msgspec import to_builtins

from ..api import CallRecord, Direction
from ..calls.directory import Directory
from ..calls.newest import Newest
from ..const import RECORDS_PER_TURN
from ..runtime import OdorikConfigEntry
from .parameters import build_filter
from .schemas import ATTR_LIMIT, ATTR_SIP_IDS


async def get_calls(entry: OdorikConfigEntry, call: ServiceCall) -> dict[str, Any]:
    """Return the newest selected calls, the newest first."""
    data = entry.runtime_data
    directory = data.account.data.directory
    newest = Newest(call.data[ATTR_LIMIT])
    async for page in data.client.calls(**build_filter(entry, call, directory)):
        for batch in batched(page, RECORDS_PER_TURN, strict=False):
            newest.add(batch)
            await asyncio.sleep(0)
    rows = _Rows(directory, with_sip_ids=call.data.get(ATTR_SIP_IDS, False))
    response: list[dict[str, Any]] = []
    while newest:
        response += rows.convert(newest.pop_oldest(RECORDS_PER_TURN))
        await asyncio.sleep(0)
    response.reverse()
    return {"calls": response}


class _Rows:
    """Converts records to rows of the response: the API's fields, ``name`` and ``type``."""

    def __init__(self, directory: Directory, *, with_sip_ids: bool) -> None:
        self._directory = directory
        # Few numbers make up most of a history.
        self._name_of = cache(directory.name_of)
        self._hidden = () if with_sip_ids else ("sip_in_call_id", "sip_out_call_id")

    def convert(self, records: list[CallRecord]) -> list[dict[str, Any]]:
        """Return the rows of records."""
        rows: list[dict[str, Any]] = to_builtins(records)
        for record, row in zip(records, rows, strict=True):
            direction = self._directory.direction(record)
            # A message of unknown direction was probably sent from here.
            is_sent = direction is Direction.OUT or (
                record.is_sms and direction is not Direction.IN
            )
            other = record.destination_number if is_sent else record.source_number
            row["name"] = self._name_of(other)
            row["type"] = "sms" if record.is_sms else "call"
            for name in self._hidden:
                del row[name]
        return rows
