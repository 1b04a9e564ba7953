"""The operator's answers, documented and otherwise, become records or a refusal."""

from datetime import UTC, datetime
import json
from pathlib import Path
from typing import Any

from hypothesis import given, strategies as st
import pytest

from custom_components.odorik.api import (
    ActiveCall,
    Call,
    CallStatistics,
    CallStatus,
    CallTotals,
    DestinationStatistics,
    Direction,
    Line,
    MissedCalls,
    OdorikApiError,
    OdorikAuthError,
    OdorikConnectionError,
    OdorikError,
    OdorikUnauthorizedError,
    PublicNumber,
    SpeedDial,
)
from custom_components.odorik.api.decoding import One, Rows
from custom_components.odorik.api.models import plain_text, utc

FIXTURES = Path(__file__).parent / "fixtures"
RECORDS: tuple[type[Any], ...] = (
    ActiveCall,
    Call,
    DestinationStatistics,
    Line,
    MissedCalls,
    PublicNumber,
    SpeedDial,
)


def fixture(name: str) -> bytes:
    """Read what the operator answered."""
    return (FIXTURES / name).read_bytes()


def test_the_documented_history_is_read_field_by_field() -> None:
    """A figure read into the wrong field would show a wrong price for years."""
    assert Rows(Call).read(fixture("calls.json")) == [
        Call(
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
    """Who is calling is the first thing that people want to know."""
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
    """The three sums are what the cost sensors show."""
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


def test_the_looser_forms_that_public_clients_allow_for_are_read() -> None:
    """Numbers as strings, nulls and fields of tomorrow must not stop the telephone."""
    (call,) = Rows(Call).read(fixture("clients_calls.json"))
    assert (call.id, call.redirection_parent_id, call.length) == (98292360, 98292356, 61)
    assert (call.price, call.balance_after, call.ringing_length) == (0.59, 553.4388, None)
    assert call.active_call_id == 14990662
    messages = Rows(Call).read(fixture("clients_sms_in_calls.json"))
    assert [message.is_sms for message in messages] == [True, True]
    assert messages[0].status is CallStatus.UNKNOWN


def test_a_line_never_keeps_its_sip_password() -> None:
    """Whoever has it telephones at the owner's cost."""
    lines = Rows(Line).read(fixture("clients_lines.json"))
    assert [line.id for line in lines] == [300100, 300110]
    assert [line.name for line in lines] == ["Domov", None]
    assert len(lines[0].connected_devices or []) == 1
    assert lines[1].connected_devices == []
    assert "not-a-real-secret" not in repr(lines)


def test_names_lose_their_markup() -> None:
    """A contact's name stands on the wall as text, whatever the operator puts around it."""
    contacts = Rows(SpeedDial).read(fixture("clients_speed_dials.json"))
    assert [contact.name for contact in contacts] == [
        "Jan Novák mobil",
        "Ústředna",
        "Jana Dvořáková & syn",
        None,
    ]


@pytest.mark.parametrize(
    ("markup", "plain"),
    [
        ("<img src=x onerror=alert(1)>", ""),
        ("  Jan \n Novák ", "Jan Novák"),
        ("1 < 2 > 0", "1 < 2 > 0"),
        ("&lt;b&gt;", "<b>"),
        (None, ""),
        ("x" * 300, "x" * 99 + "…"),
    ],
)
def test_plain_text(markup: str | None, plain: str) -> None:
    """What is left of a name is what a person would read."""
    assert plain_text(markup) == plain


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("authentication_failed.json", OdorikAuthError),
        ("authentication_required.json", OdorikAuthError),
        ("unauthorized.json", OdorikUnauthorizedError),
    ],
)
def test_a_refusal_in_place_of_rows_is_raised(name: str, kind: type[OdorikApiError]) -> None:
    """A refusal taken for an empty list would look like a quiet telephone."""
    for record in RECORDS:
        with pytest.raises(kind):
            Rows(record).read(fixture(name))
    with pytest.raises(kind):
        One(CallStatistics).read(fixture(name))


@pytest.mark.parametrize(
    "body",
    [
        b'{"errors": "authentication_failed"}',
        b'{"error": "authentication_failed"}',
        b' {"errors":["authentication_failed","more"]}',
        b"error authentication_failed",
        b"error authentication_failed\n",
    ],
)
def test_a_refusal_is_known_in_every_plausible_form(body: bytes) -> None:
    """A guess at the form must not decide whether the user is asked to log in."""
    with pytest.raises(OdorikAuthError) as refused:
        Rows(Call).read(body)
    assert refused.value.code == "authentication_failed"


def test_an_undocumented_refusal_keeps_its_code() -> None:
    """The user gets the operator's own word where we know no better one."""
    with pytest.raises(OdorikApiError) as refused:
        Rows(Call).read(b'{"errors":["too_many_requests"]}')
    assert type(refused.value) is OdorikApiError
    assert refused.value.code == "too_many_requests"


@pytest.mark.parametrize(
    ("row", "read"),
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
def test_a_bad_record_costs_only_itself(row: Any, read: bool) -> None:  # noqa: FBT001
    """One broken row must not hide the missed call beside it."""
    good = {"id": 2, "date": "2026-01-02T00:00:00Z", "price": 1.5}
    calls = Rows(Call).read(json.dumps([row, good]).encode())
    assert [call.id for call in calls] == ([1, 2] if read else [2])
    assert calls[-1].price == 1.5
    assert calls[0].date.utcoffset() is not None
    if read:
        assert calls[0].date == datetime(2026, 1, 1, tzinfo=UTC)
        assert calls[0].price is None
        assert calls[0].length is None


def test_a_price_with_a_comma_is_a_price() -> None:
    """Czech software writes prices so."""
    (call,) = Rows(Call).read(b'[{"id": 1, "date": "2026-01-01T00:00:00Z", "price": "0,59"}]')
    assert call.price == 0.59


@pytest.mark.parametrize("length", [61, 61.0, "61", "61.0", " 61 "])
def test_whole_seconds_are_read_however_they_are_written(length: object) -> None:
    """Durations go into sums and sensors, which know whole seconds only."""
    row = {"id": 1, "date": "2026-01-01T00:00:00Z", "length": length}
    (call,) = Rows(Call).read(json.dumps([row]).encode())
    assert (call.length, type(call.length)) == (61, int)


def test_a_long_list_in_a_form_of_its_own_is_refused() -> None:
    """A server gone mad could hold up the whole house for minutes."""
    with pytest.raises(OdorikConnectionError):
        Rows(Call).read(b"[" + b",".join([b"{}"] * 10_001) + b"]")


@pytest.mark.parametrize(
    ("body", "count"), [(b"[]", 0), (b"null", 0), (b'{"id": 300100, "name": "Doma"}', 1)]
)
def test_a_list_is_a_list_even_when_it_is_none(body: bytes, count: int) -> None:
    """An account with one line may answer with the line itself."""
    assert len(Rows(Line).read(body)) == count


@pytest.mark.parametrize(
    "body",
    [b"", b"42", b'"x"', b"[1, 2", b"true", b"\xff\xfe", b"[" * 9999, b"{}", b'{"surprise": [1]}'],
)
def test_what_is_no_list_of_rows_means_not_now(body: bytes) -> None:
    """Broken JSON never asks anybody to log in again."""
    with pytest.raises(OdorikConnectionError):
        Rows(Call).read(body)


def test_a_statistics_answer_without_a_direction_is_read() -> None:
    """What is missing is unknown; the rest stands."""
    statistics = One(CallStatistics).read(
        b'{"incoming": {"count": "3", "length": null, "price": "1.5"}, "outgoing": null}'
    )
    assert statistics == CallStatistics(incoming=CallTotals(count=3, length=0, price=1.5))


def test_times_go_out_in_utc() -> None:
    """A plus sign that somebody forgets to encode arrives as a space."""
    assert utc(datetime.fromisoformat("2013-06-05T11:15:00+02:00")) == "2013-06-05T09:15:00Z"


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


def _near(record: type[Any]) -> st.SearchStrategy[Any]:
    """Rows that have the record's fields, with anything in them."""
    names = record.__struct_fields__
    values = _JSON | st.sampled_from(
        ["2026-01-01T00:00:00Z", "0.59", "1,5", "", "null", "12", 12, -1, 2**70, 1e400, "in"]
    )
    return st.lists(st.dictionaries(st.sampled_from(names), values), max_size=5)


@given(data=st.data(), record=st.sampled_from([*RECORDS, CallStatistics]))
def test_any_json_is_read_or_refused_in_our_own_words(data: st.DataObject, record: Any) -> None:
    """Whatever the operator sends one day, Home Assistant sees no error but ours."""
    value = data.draw(_JSON | _near(record))
    body = json.dumps(value).encode()
    for reader in (Rows(record), One(record)):
        try:
            read = reader.read(body)
        except OdorikError:
            continue
        assert isinstance(read, list | record)


@given(body=st.binary(max_size=60))
def test_any_bytes_are_read_or_refused_in_our_own_words(body: bytes) -> None:
    """The same for what is not even JSON."""
    for reader in (Rows(Call), One(CallStatistics)):
        try:
            reader.read(body)
        except OdorikError:
            continue


@pytest.mark.parametrize(
    ("device", "is_there"),
    [
        ({"registration_expires_at": "2026-01-01T12:30:00+01:00"}, True),
        ({"registration_expires_at": "2026-01-01T12:29:59+01:00"}, False),
        ({"registration_expires_at": "2026-01-01T11:29:59Z"}, False),
        # What cannot be read, or is of no zone, tells of no end.
        ({"registration_expires_at": "2026-01-01 at noon"}, True),
        ({"registration_expires_at": "2020-01-01T12:00:00"}, True),
        ({"registration_expires_at": None}, True),
        ({"registration_expires_at": 1}, True),
        ({"registration_expires_at": {}}, True),
        ({}, True),
        (None, True),
        ("Gigaset", True),
        (["Gigaset"], True),
    ],
)
def test_a_registration_that_is_over_is_none(device: object, *, is_there: bool) -> None:
    """Nobody would notice for days that the telephone is dead; or be told that a live one is."""
    (line,) = Rows(Line).read(json.dumps([{"id": 1, "connected_devices": [device]}]).encode())
    now = datetime(2026, 1, 1, 11, 30, tzinfo=UTC)
    assert line.at(now).connected_devices == [device] * is_there
    assert line.connected_devices == [device]


def test_a_line_of_which_nothing_is_said_stays_so() -> None:
    """A field that the operator leaves out would be taken for a telephone that is gone."""
    line = Line(id=1, name="a &amp;amp; b")
    assert line.at(datetime.now(UTC)) == line
    assert Line(id=1, name="a &amp;amp; b", connected_devices=[]).at(datetime.now(UTC)).name == (
        "a &amp; b"
    )


@pytest.mark.parametrize("written", ["9", '"9"'])
def test_a_shortcut_is_a_number_and_read_as_what_is_dialled(written: str) -> None:
    """Whoever dials 9 would be shown as a stranger; and a long book would hold the house up."""
    row = f'{{"shortcut": {written}, "number": "*100", "name": "Eva"}}'
    (contact,) = Rows(SpeedDial).read(f"[{row}]".encode())
    assert (contact.shortcut, contact.number, contact.name) == ("9", "*100", "Eva")
    assert Rows(SpeedDial).read(b'[{"number": "*100"}]')[0].shortcut is None
    # More rows than these are read in no form but the documented one.
    assert len(Rows(SpeedDial).read(f"[{', '.join([row] * 20_000)}]".encode())) == 20_000
