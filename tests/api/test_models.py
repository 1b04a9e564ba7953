"""Decoding the documented responses, and variations of them, into records."""

from datetime import UTC, datetime
import json
from pathlib import Path
from typing import Any

from msgspec.structs import replace
import pytest

from custom_components.odorik.api import (
    ActiveCall,
    CallRecord,
    CallStatistics,
    CallStatus,
    CallTotals,
    DestinationStatistics,
    Direction,
    Line,
    MissedCalls,
    OdorikConnectionError,
    SpeedDial,
)
from custom_components.odorik.api.decoding import One, Rows
from custom_components.odorik.api.models import plain_text

FIXTURES = Path(__file__).parent / "fixtures"


def fixture(name: str) -> bytes:
    """Read a documented response."""
    return (FIXTURES / name).read_bytes()


def test_the_documented_history_is_read() -> None:
    """Each field of a record has its value."""
    assert Rows(CallRecord).read(fixture("calls.json")) == [
        CallRecord(
            id=98292358,
            redirection_parent_id=98292356,
            date=datetime(2014, 10, 1, 11, 28, 31, tzinfo=UTC),
            direction=Direction.REDIRECTED,
            source_number="00420555444333",
            destination_number="*300000",
            destination_name="Česká rep. - * v síti",
            length=362,
            ringing_length=8,
            status=CallStatus.ANSWERED,
            price=0.0,
            price_per_minute=0.0,
            balance_after=554.0288,
            line=403366,
            recording=None,
        )
    ]


def test_the_documented_active_call_is_read() -> None:
    """Each field of an active call has its value."""
    assert Rows(ActiveCall).read(fixture("active_calls.json")) == [
        ActiveCall(
            id=14990661,
            source_number="00420533533013",
            destination_number="00420910110006",
            destination_name="Česko v síti 910-test- přesměrováno",
            start_date=datetime(2013, 8, 15, 6, 34, 43, tzinfo=UTC),
            answer_date=datetime(2013, 8, 15, 6, 34, 46, tzinfo=UTC),
            price_per_minute=0.0,
            line=403366,
        )
    ]


def test_the_documented_statistics_are_read() -> None:
    """Totals, destinations and missed calls have their values."""
    assert One(CallStatistics).read(fixture("call_statistics.json")) == CallStatistics(
        incoming=CallTotals(count=140, length=27405, price=0.0),
        outgoing=CallTotals(count=118, length=26808, price=56.9056),
        redirected=CallTotals(count=14, length=1696, price=16.6772),
    )
    destinations = Rows(DestinationStatistics).read(fixture("by_destination.json"))
    assert len(destinations) == 10
    assert destinations[1] == DestinationStatistics(
        destination="Česká rep. - mobil",
        count=14,
        length=1696,
        price=16.6772,
        price_per_minute=0.59,
        direction=Direction.REDIRECTED,
    )
    assert Rows(MissedCalls).read(fixture("missed_calls.json")) == [
        MissedCalls(destination_number="00420533533533", count=2),
        MissedCalls(destination_number="00420533999999", count=3),
    ]


def test_variations_that_other_clients_expect_are_read() -> None:
    """Numbers may be strings, and values may be null or unknown."""
    (call,) = Rows(CallRecord).read(fixture("clients_calls.json"))
    assert (call.id, call.redirection_parent_id, call.length) == (98292360, 98292356, 61)
    assert (call.price, call.balance_after, call.ringing_length) == (0.59, 553.4388, None)
    assert call.active_call_id == 14990662
    messages = Rows(CallRecord).read(fixture("clients_sms_in_calls.json"))
    assert [message.is_sms for message in messages] == [True, True]
    assert messages[0].status is CallStatus.UNKNOWN


def test_a_damaged_message_is_no_call() -> None:
    """The fields that mark a message may both be missing, but those of a call are, too."""
    message = CallRecord(
        id=1,
        date=datetime(2026, 11, 23, tzinfo=UTC),
        status=CallStatus.UNKNOWN,
        direction=Direction.IN,
    )
    assert message.is_sms
    for fields in (
        {"status": CallStatus.MISSED},
        {"status": None},
        {"length": 0},
        {"ringing_length": 0},
        {"price_per_minute": 0.0},
        {"active_call_id": 7},
    ):
        assert not replace(message, **fields).is_sms


def test_a_line_never_keeps_its_sip_password() -> None:
    """The password is not in the model, so it cannot leak."""
    lines = Rows(Line).read(fixture("clients_lines.json"))
    assert [line.id for line in lines] == [300100, 300110]
    assert [line.name for line in lines] == ["Domov", None]
    assert len(lines[0].connected_devices or []) == 1
    assert lines[1].connected_devices == []
    assert "not-a-real-secret" not in repr(lines)


@pytest.mark.parametrize(
    ("markup", "plain"),
    [
        ("<img src=x onerror=alert(1)>", ""),
        ("  Jan \n Novák ", "Jan Novák"),
        ("1 < 2 > 0", "1 < 2 > 0"),
        ("&lt;b&gt;", "<b>"),
        (None, ""),
        ("x" * 300, "x" * 99 + "…"),
        ("&#" + "9" * 5000 + ";", "\N{REPLACEMENT CHARACTER}"),
    ],
)
def test_plain_text(markup: str | None, plain: str) -> None:
    """Markup is removed, white space is normalized, and long names are cut.

    An invalid character code is not an error.
    """
    assert plain_text(markup) == plain


@pytest.mark.parametrize(
    ("row", "is_read"),
    [
        ({"id": 1, "date": "2026-01-01T00:00:00"}, True),
        ({"id": 1, "date": "2026-01-01 00:00:00Z"}, True),
        ({"id": " 1 ", "date": "2026-01-01T01:00:00+01:00"}, True),
        ({"id": 1, "date": "2026-01-01T00:00:00Z", "price": "", "length": "?"}, True),
        ({"id": 1, "date": "2026-01-01T00:00:00Z", "source_number": 420777}, True),
        ({"id": 1, "date": "2026-01-01T00:00:00Z", "price": "NaN", "direction": 7}, True),
        ({"id": 1, "date": "2026-01-01T00:00:00Z", "line": -1, "length": 1e300}, True),
        ({"id": 1, "date": "2026-01-01T00:00:00Z", "price": "-Infinity", "length": "1e9"}, True),
        ({"id": 1, "date": "2026-01-01T00:00:00Z", "price": True, "length": 2**70}, True),
        ({"id": None, "date": "2026-01-01T00:00:00Z"}, False),
        ({"id": 1, "date": "yesterday"}, False),
        ({"id": 1}, False),
        (["id", 1], False),
        (None, False),
    ],
)
def test_an_invalid_row_leaves_the_others_readable(row: Any, *, is_read: bool) -> None:
    """Invalid values are None, and a row without an id or a date is skipped."""
    good = {"id": 2, "date": "2026-01-02T00:00:00Z", "price": 1.5}
    calls = Rows(CallRecord).read(json.dumps([row, good]).encode())
    assert [call.id for call in calls] == ([1, 2] if is_read else [2])
    assert calls[-1].price == 1.5
    assert calls[0].date.utcoffset() is not None
    if is_read:
        assert calls[0].date == datetime(2026, 1, 1, tzinfo=UTC)
        assert calls[0].price is None
        assert calls[0].length is None


@pytest.mark.parametrize("length", [61, 61.0, "61", "61.0", " 61 "])
def test_numbers_may_be_written_in_several_ways(length: object) -> None:
    """A duration is an integer in any notation, and a price may have a decimal comma."""
    row = {"id": 1, "date": "2026-01-01T00:00:00Z", "length": length, "price": "0,59"}
    (call,) = Rows(CallRecord).read(json.dumps([row]).encode())
    assert (call.length, type(call.length)) == (61, int)
    assert call.price == 0.59


def test_a_long_list_of_invalid_rows_is_refused() -> None:
    """A long list is only accepted in the documented form, since anything else is slow."""
    with pytest.raises(OdorikConnectionError):
        Rows(CallRecord).read(b"[" + b",".join([b"{}"] * 10_001) + b"]")


@pytest.mark.parametrize(
    ("body", "count"), [(b"[]", 0), (b"null", 0), (b'{"id": 300100, "name": "Doma"}', 1)]
)
def test_a_list_may_be_null_or_a_single_row(body: bytes, count: int) -> None:
    """Null is an empty list, and an object is a list of one row."""
    assert len(Rows(Line).read(body)) == count


@pytest.mark.parametrize(
    "body",
    [b"", b"42", b'"x"', b"[1, 2", b"true", b"\xff\xfe", b"[" * 9999, b"{}", b'{"surprise": [1]}'],
)
def test_anything_but_a_list_of_rows_is_a_connection_error(body: bytes) -> None:
    """Invalid JSON is never taken for a wrong login."""
    with pytest.raises(OdorikConnectionError):
        Rows(CallRecord).read(body)


IMPOSSIBLE_DATES = (
    *("0001-01-01T00:00:00Z", "0001-01-01T00:00:00+14:00", "0001-01-01T00:00:00"),
    *("9999-12-31T23:59:59Z", "9999-12-31T23:59:59-14:00", "9999-12-31T23:59:59.999999"),
)


@pytest.mark.parametrize("date", IMPOSSIBLE_DATES)
def test_an_impossible_date_is_read_as_none(date: str) -> None:
    """The years 1 and 9999 mean no date; calculations with them would overflow."""
    row = {"id": 1, "start_date": date, "answer_date": date}
    assert Rows(ActiveCall).read(json.dumps([row]).encode()) == [ActiveCall(id=1)]


@pytest.mark.parametrize(
    ("device", "is_connected"),
    [
        ({"registration_expires_at": "2026-01-01T12:30:00+01:00"}, True),
        ({"registration_expires_at": "2026-01-01T12:29:59+01:00"}, False),
        ({"registration_expires_at": "2026-01-01T11:29:59Z"}, False),
        # An invalid time, or one without a zone, is no known end.
        ({"registration_expires_at": "2026-01-01 at noon"}, True),
        ({"registration_expires_at": "2020-01-01T12:00:00"}, True),
        *(({"registration_expires_at": date}, True) for date in IMPOSSIBLE_DATES),
        ({"registration_expires_at": None}, True),
        ({"registration_expires_at": 1}, True),
        ({"registration_expires_at": {}}, True),
        ({}, True),
        (None, True),
        ("Gigaset", True),
        (["Gigaset"], True),
    ],
)
def test_an_expired_registration_is_left_out(device: object, *, is_connected: bool) -> None:
    """A telephone is connected until its registration is known to have expired."""
    (line,) = Rows(Line).read(json.dumps([{"id": 1, "connected_devices": [device]}]).encode())
    now = datetime(2026, 1, 1, 11, 30, tzinfo=UTC)
    assert line.at(now).connected_devices == [device] * is_connected
    assert line.connected_devices == [device]


def test_a_line_without_registrations_is_unchanged() -> None:
    """Unknown registrations stay unknown, and the name is not decoded twice."""
    now = datetime.now(UTC)
    line = Line(id=1, name="a &amp;amp; b")
    assert line.at(now) == line
    assert Line(id=1, name="a &amp;amp; b", connected_devices=[]).at(now).name == "a &amp; b"


@pytest.mark.parametrize("shortcut", ["9", '"9"'])
def test_a_shortcut_is_text_that_can_be_dialled(shortcut: str) -> None:
    """A shortcut is documented as a number and read as text, without slowing a long list down."""
    row = f'{{"shortcut": {shortcut}, "number": "*100", "name": "Eva"}}'
    (contact,) = Rows(SpeedDial).read(f"[{row}]".encode())
    assert (contact.shortcut, contact.number, contact.name) == ("9", "*100", "Eva")
    assert Rows(SpeedDial).read(b'[{"number": "*100"}]')[0].shortcut is None
    # This number of rows is only accepted in the documented form.
    assert len(Rows(SpeedDial).read(f"[{', '.join([row] * 20_000)}]".encode())) == 20_000
