"""Decoding damaged responses."""

import json
import re
from typing import Any

from hypothesis import given, strategies as st
import pytest

from custom_components.odorik.api import (
    ActiveCall,
    CallRecord,
    CallStatistics,
    CallTotals,
    DestinationStatistics,
    Line,
    MissedCalls,
    OdorikAuthError,
    OdorikConnectionError,
    PublicNumber,
    SpeedDial,
)
from custom_components.odorik.api.decoding import One, Rows

WHEN = "2026-01-01T00:00:00Z"
DEVICE = {"user_agent": "Gigaset", "public_socket": "192.0.2.1:5060", "local_socket": None}
ROWS: dict[type[Any], dict[str, Any]] = {
    ActiveCall: {"id": 0, "source_number": "00420777123456", "start_date": WHEN, "line": 300100},
    CallRecord: {"id": 0, "date": WHEN, "direction": "in", "source_number": "00420777123456"},
    DestinationStatistics: {"destination": 'Česko, \\ { [ " mobil', "count": 3, "length": 61},
    Line: {"id": 0, "name": "Doma", "connected_devices": [DEVICE, DEVICE, DEVICE]},
    MissedCalls: {"destination_number": "00420777123456", "count": 2},
    PublicNumber: {"public_number": "00420777123456", "type": "mobile"},
    SpeedDial: {"shortcut": 0, "number": "*100", "name": 'Eva "}, {" Malá'},
}
"""A row of each list; 0 is replaced by the number of the row."""
DAMAGES = (
    *(b"NaN", b"Infinity", b"-Infinity", b"1e999", b"-1e999", b"9" * 5000, b"undefined", b""),
    *(rb'"half an emoji: \ud83d"', rb'"\udd7f"', rb'"\ud83d\ud83d"', rb'"\uZZZZ"', rb'"\x41"'),
    *(b'"a\ttab"', b'"two\nlines"', b'"\0"', b'"\x1b[2J"', b'"\xff\xfe"', b'"\xc3"', b'"\\"'),
    *(b'"no end', b'no beginning"', b"[[[[", b"{", b"}", b"[", b"]", b",", b":", b'""""'),
    *(b"[" * 200_000, b'{"a":' * 100_000, b"'single'", b"None", b"/* no */ 1", b"0x1F", b"+1"),
)


def rows_of(record: type[Any], count: int) -> list[bytes]:
    """Return a number of different rows."""
    rows = []
    for number in range(1, count + 1):
        row = {name: number if it == 0 else it for name, it in ROWS[record].items()}
        # Rows without an id differ in their first field.
        row |= {} if 0 in ROWS[record].values() else {next(iter(row)): f"{number}"}
        rows.append(json.dumps(row, ensure_ascii=False).encode())
    return rows


def page_of(rows: list[bytes]) -> bytes:
    """Return a response with the rows."""
    return b"[%b]" % b", ".join(rows)


def damaged(row: bytes, token: bytes) -> bytes:
    """Replace the value of the second field with something that is not JSON."""
    second = list(re.finditer(rb'": ', row))[1].end()
    end = re.compile(rb'(?:"(?:[^"\\]|\\.)*"|[^",}\]]*)').match(row, second)
    assert end
    return row[:second] + token + row[end.end() :]


@pytest.mark.parametrize("record", ROWS)
@pytest.mark.parametrize("token", DAMAGES)
def test_a_damaged_row_leaves_the_others_readable(record: type[Any], token: bytes) -> None:
    """The other rows are read, and a row that cannot be read is counted."""
    rows = rows_of(record, 5)
    good = Rows(record).read(page_of(rows))
    rows[2] = damaged(rows[2], token)
    read = Rows(record).read(page_of(rows))
    assert [row for row in read if row in good and row != good[2]] == [*good[:2], *good[3:]]
    assert len(read) + read.unreadable == 5
    assert read.is_whole is (read.unreadable == 0)


@pytest.mark.parametrize(
    ("token", "name"),
    [
        (rb'"Eva \ud83d"', "Eva ?"),
        (rb'"\ud83d\ude00 Eva"', "😀 Eva"),
        (b'"Eva\tMal\xc3\xa1"', "Eva Malá"),
        (rb'"Eva \x41"', r"Eva \x41"),
        (rb'"Eva \\ud83d"', r"Eva \ud83d"),
        (rb'"Eva \u12"', r"Eva \u12"),
        (b'"Mal\xe1"', "Mal\N{REPLACEMENT CHARACTER}"),
        (b"NaN", None),
        (b"-Infinity", None),
        (b"1e999", None),
    ],
)
def test_a_damaged_value_is_read_as_far_as_possible(token: bytes, name: str | None) -> None:
    """A row with a damaged value keeps its other values, and what is readable of this one."""
    body = b'[{"number": "*100", "shortcut": NaN, "name": %b}]' % token
    (contact,) = Rows(SpeedDial).read(body)
    assert (contact.number, contact.shortcut) == ("*100", None)
    assert contact.name == name


def test_a_damaged_total_leaves_the_others_readable() -> None:
    """The other totals of a period are read."""
    sums = One(CallStatistics).read(
        b'{"incoming": {"count": 3, "length": NaN, "price": 1.5}, "outgoing": {"count": 2}}'
    )
    assert sums.incoming == CallTotals(count=3, price=1.5)
    assert sums.outgoing == CallTotals(count=2)


@pytest.mark.parametrize("first", [b'{"uuid": "x", "id": 1', b'{ "line" : 300100,"id":1'])
def test_rows_may_begin_with_any_field(first: bytes) -> None:
    """Rows are separated whichever field comes first."""
    rest = b', "date": "2026-01-01T00:00:00Z"'
    rows = [re.sub(rb'"id": ?1', b'"id": %d' % n, first) + rest + b"}" for n in (1, 2, 3, 4)]
    rows[1] = rows[1].replace(b"2026", b"\\x")
    rows[1] = rows[1].replace(b'"date"', b'"date')
    read = Rows(CallRecord).read(page_of(rows))
    assert [call.id for call in read] == [1, 3, 4]
    assert read.unreadable == 1


@pytest.mark.parametrize("record", ROWS)
@pytest.mark.parametrize("is_damaged", [False, True])
def test_a_truncated_answer_is_an_error(record: type[Any], *, is_damaged: bool) -> None:
    """A truncated list is an error, since its remaining rows do exist.

    Only a cut inside the list of a row can look like damage. Then the row counts as unreadable.
    """
    rows = rows_of(record, 3)
    if is_damaged:
        rows[0] = damaged(rows[0], b"NaN")
    body = page_of(rows)
    for end in range(len(body)):
        try:
            read = Rows(record).read(body[:end])
        except OdorikConnectionError:
            continue
        assert record is Line
        assert read.unreadable


@pytest.mark.parametrize("behind", [b"x", b"[]", b",", b"<b>Warning</b>", b"]", b'"', b"\0", b"{}"])
def test_content_after_a_list_is_not_ignored(behind: bytes) -> None:
    """A list that is followed by anything may have been truncated."""
    for token in (b"1", b"NaN"):
        row = b'{"id": 1, "date": "2026-01-01T00:00:00Z", "price": %b}' % token
        body = b"[%b]%b" % (row, behind)
        if behind.endswith(b"]"):
            assert not Rows(CallRecord).read(body).is_whole
            continue
        with pytest.raises(OdorikConnectionError):
            Rows(CallRecord).read(body)


def test_the_last_row_may_be_truncated() -> None:
    """If the list is closed, an unfinished last row is the only unreadable one."""
    for end in (b"", b"1", b'"a', b", ", b"\\"):
        read = Rows(CallRecord).read(
            b'[{"id": 1, "date": "2026-01-01T00:00:00Z"}, {"id": 2%b]' % end
        )
        assert [call.id for call in read] == [1]
        assert read.unreadable == 1


@pytest.mark.parametrize("record", ROWS)
def test_an_answer_may_begin_with_a_byte_order_mark(record: type[Any]) -> None:
    """The mark is ignored, however the response is decoded."""
    body = page_of(rows_of(record, 3))
    marked = b"\xef\xbb\xbf" + body
    assert Rows(record).read_documented(marked) == Rows(record).read(body)
    assert Rows(record).salvage(marked) == Rows(record).read(body)


@pytest.mark.parametrize(
    "body",
    [
        b'{"errors": ["authentication_failed"], "at": NaN}',
        b'{"at": "\t", "errors": ["authentication_failed"]}',
        b'[{"errors": ["authentication_failed"], "error": NaN}]',
        b'[{"errors": "authentication_failed", "error": "\\x"}]',
    ],
)
def test_a_damaged_refusal_is_a_refusal(body: bytes) -> None:
    """A refusal that is not valid JSON is still a refusal."""
    for reader in (Rows(CallRecord), Rows(Line), One(CallStatistics)):
        with pytest.raises(OdorikAuthError):
            reader.read(body)


def test_the_last_of_two_equal_names_wins() -> None:
    """A repeated name is read as usual in JSON, whether or not the response is damaged."""
    row = b'{"id": 1, "id": 2, "date": "2026-01-01T00:00:00Z"}'
    for other in (b"", b", NaN, {}"):
        assert [call.id for call in Rows(CallRecord).read(b"[%b%b]" % (row, other))] == [2]


_damage = st.one_of(
    st.sampled_from(DAMAGES[:-9]),
    st.binary(max_size=20),
    st.text(alphabet='{}[]",:\\ /\t0x', max_size=12).map(str.encode),
)


@st.composite
def _damaged_row(draw: st.DrawFn, row: bytes) -> bytes:
    """Damage a row anywhere but at its last brace, which distinguishes damage from a cut."""
    start = draw(st.integers(0, len(row) - 1))
    end = draw(st.integers(start, min(start + 20, len(row) - 1)))
    return row[:start] + draw(_damage) + row[end:]


@given(data=st.data(), record=st.sampled_from(list(ROWS)))
def test_any_damage_leaves_the_other_rows_readable(data: st.DataObject, record: type[Any]) -> None:
    """The undamaged rows are read in their order."""
    count = data.draw(st.integers(1, 8))
    rows = rows_of(record, count)
    good = Rows(record).read(page_of(rows))
    bad = data.draw(st.sets(st.integers(0, count - 1), min_size=1))
    for number in bad:
        rows[number] = data.draw(_damaged_row(rows[number]))
    body = page_of(rows)
    others = [row for number, row in enumerate(good) if number not in bad]
    read = Rows(record).read(body)
    assert [row for row in read if row in others] == others
