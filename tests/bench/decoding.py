"""Speed of decoding the pages of the history."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
import json
from pathlib import Path
from typing import Any, override

from mashumaro.codecs.orjson import ORJSONDecoder
import odorik  # type: ignore[import-untyped]
import orjson

from custom_components.odorik.api import CallRecord, CallStatus, Direction
from custom_components.odorik.api.decoding import Rows

from .measure import Row, side_by_side

DOCUMENTED = Path(__file__).parent.parent / "api/fixtures/calls.json"
ROWS = 2000
PAGES = 5
ROUNDS = 40


def page(rows: int, first: int = 1, **changes: Any) -> bytes:
    """Return a page of copies of the documented record with different IDs."""
    (record,) = json.loads(DOCUMENTED.read_bytes())
    records = [record | {"id": first + number} | changes for number in range(rows)]
    return json.dumps(records, ensure_ascii=False).encode()


@dataclass
class Record:
    """The record as a mashumaro class."""

    id: int
    date: datetime
    redirection_parent_id: int | None = None
    direction: Direction | None = None
    source_number: str | None = None
    destination_number: str | None = None
    destination_name: str | None = None
    length: int | None = None
    ringing_length: int | None = None
    status: CallStatus | None = None
    price: float | None = None
    price_per_minute: float | None = None
    balance_after: float | None = None
    line: int | None = None
    recording: Any = None
    active_call_id: int | None = None
    sip_in_call_id: str | None = None
    sip_out_call_id: str | None = None
    type: str | None = None


class Published(odorik.Odorik):  # type: ignore[misc]
    """The published client with responses from memory."""

    body = b""

    @override
    def get(self, path: str, args: object = None) -> str:
        """Return the response from memory."""
        return self.body.decode()

    def decode(self, body: bytes) -> object:
        """Decode a response the way the client does."""
        self.body = body
        return self.get_json("calls.json")


DECODERS: dict[str, Callable[[bytes], object]] = {
    "odorik": Rows(CallRecord).read,
    "orjson, without validation": orjson.loads,
    "mashumaro over orjson": ORJSONDecoder(list[Record]).decode,
    "json of the standard library": json.loads,
    f"odorik {odorik.__version__} from PyPI, without validation": Published().decode,
}


async def rows() -> list[Row]:
    """Measure decoding of pages that are kept in memory, as in a full read of the history."""

    async def several(decode: Callable[[bytes], object], body: bytes, pages: int = PAGES) -> object:
        return [decode(body) for _ in range(pages)]

    documented = page(ROWS)
    ours = DECODERS["odorik"]
    ways: dict[str, Callable[[], Awaitable[object]]] = {
        name: partial(several, decode, documented) for name, decode in DECODERS.items()
    }
    ways["ten"] = partial(several, ours, documented, 10 * PAGES)
    ways["loose"] = partial(several, ours, page(ROWS, price="0,59", line="403366"))
    seconds = await side_by_side(ROUNDS, ways)
    one = seconds["odorik"]

    def row(name: str, way: str, against: str, reference: float, pages: int = PAGES) -> Row:
        value = seconds[way] / pages * 1000
        ratio = seconds[way] / reference
        return Row(name=name, value=value, unit="ms", against=against, ratio=ratio)

    return [
        *(
            row(f"decode a page of {ROWS:,} records", "odorik", name, seconds[name])
            for name in DECODERS
            if name != "odorik"
        ),
        row(f"decode {10 * PAGES} such pages", "ten", f"{PAGES} pages", one, pages=1),
        row(
            f"decode a page of {ROWS:,} records with wrong types", "loose", "a documented page", one
        ),
    ]
