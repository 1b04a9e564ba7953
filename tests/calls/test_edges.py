"""The edges of every time that decides about a call, and the order of what is told."""

from datetime import timedelta
from itertools import takewhile

import pytest

from custom_components.odorik.api import ActiveCall, CallStatus, Direction, Line, SpeedDial
from custom_components.odorik.calls.contacts import folded, named
from custom_components.odorik.calls.directory import Directory
from custom_components.odorik.calls.event import CallEvent, CallEventType, seconds_between
from custom_components.odorik.calls.log import CallLog, LogState
from custom_components.odorik.calls.numbers import canonical, keys

from .house import (
    DOMOV,
    ENDED,
    EVA,
    HOME,
    JAN,
    MISSED,
    MOBILE,
    NOON,
    SECOND,
    STARTED,
    a_callback,
    a_log,
    active,
    answered,
    leg,
    outgoing,
    record,
    seen,
    told,
    unrecorded,
)

DAY = timedelta(days=1)


# How long something is waited for


def test_a_record_is_looked_for_ninety_seconds_after_its_call_was_last_up() -> None:
    """Else the history would be read in haste for ever, or a late record be found late."""
    log = a_log()
    seen(log, active(70), at=1)
    seen(log, at=90.5)
    assert unrecorded(log)
    seen(log, at=91)
    assert not unrecorded(log)


def test_a_look_that_found_everything_as_it_was_counts() -> None:
    """A long call that was seen to be up a moment ago has its record still to come."""
    log = a_log()
    log.watch([active(70)], NOON)
    log.watch([], NOON + 200 * SECOND, looked_before=NOON + 190 * SECOND)
    assert unrecorded(log)
    log.watch([], NOON + 280 * SECOND)
    assert not unrecorded(log)


def test_a_look_that_found_everything_as_it_was_says_nothing_of_what_was_gone() -> None:
    """Else a call of which there is no record would be looked for as long as anybody talks."""
    log = a_log()
    eva = active(71, source_number=EVA)
    log.watch([active(70), eva], NOON)
    log.watch([eva], NOON + 3 * SECOND)
    log.watch([eva], NOON + 100 * SECOND, looked_before=NOON + 95 * SECOND)
    assert not unrecorded(log)


@pytest.mark.parametrize(("at", "is_told"), [(91.5, False), (92, True)])
def test_a_leg_is_waited_for_ninety_seconds_without_a_look(
    at: float,
    is_told: bool,  # noqa: FBT001
) -> None:
    """The list of active calls may be out of reach just then."""
    log = a_log()
    leg = active(71, destination_number=MOBILE, start_date=NOON + SECOND, answer_date=NOON + SECOND)
    seen(log, leg, at=2)
    seen(log, at=5)
    assert not told(log, record(7, active_call_id=70), at=21)
    assert len(told(log, at=at)) == is_told


@pytest.mark.parametrize(("at", "is_told"), [(62, False), (62.5, True)])
def test_a_look_is_believed_for_a_minute(
    at: float,
    is_told: bool,  # noqa: FBT001
) -> None:
    """After that nobody knows whether the mobile still rings."""
    log = a_log()
    seen(log, active(71, destination_number=MOBILE, start_date=NOON + SECOND), at=2)
    assert not told(log, record(7, active_call_id=70), at=21)
    assert len(told(log, at=at)) == is_told


@pytest.mark.parametrize("is_up", [True, False])
def test_after_a_clock_was_set_back_no_old_look_is_believed(
    is_up: bool,  # noqa: FBT001
) -> None:
    """Else a box that finds the right time would keep a missed call to itself for an hour."""
    log = a_log()
    mobile = active(71, destination_number=MOBILE, start_date=NOON + SECOND)
    seen(log, mobile, at=3600)
    if not is_up:
        seen(log, at=3603)
    assert [event.type for event in told(log, record(7, active_call_id=70), at=20)] == [MISSED]


def test_after_a_clock_was_set_back_no_old_call_is_waited_for() -> None:
    """Else its record would be looked for in haste until the clock is where it was."""
    log = a_log()
    seen(log, active(70), at=3600)
    seen(log, at=20)
    assert not unrecorded(log)


@pytest.mark.parametrize(("at", "events"), [(16, []), (16.5, [STARTED])])
def test_a_leg_may_be_seen_fifteen_seconds_after_its_call(
    at: float, events: list[CallEventType]
) -> None:
    """Looks fail now and then; what is found later may be anything."""
    log = a_log()
    seen(log, at=0)
    seen(log, active(70), at=1)
    seen(log, at=3)
    assert seen(log, active(71, destination_number=MOBILE), at=at) == events


def test_after_a_clock_was_set_back_no_old_call_is_sent_on() -> None:
    """It may have ended an hour ago."""
    log = a_log()
    seen(log, at=60)
    seen(log, active(70), at=70)
    assert seen(log, active(71, destination_number=MOBILE), at=20) == [STARTED]


@pytest.mark.parametrize(("at", "is_told"), [(29.5, False), (30, True)])
def test_a_record_waits_ten_seconds_for_the_other_one(
    at: float,
    is_told: bool,  # noqa: FBT001
) -> None:
    """The exchange writes the two one by one; they are read at 20 s."""
    for rows in ((outgoing(7, MOBILE),), (leg(8, 7), leg(9, 7))):
        log = a_log()
        a_callback(log)
        told(log, rows[0], at=20)
        told(log, *rows[1:], at=25)
        assert len(told(log, at=at)) == is_told


@pytest.mark.parametrize("ahead", [timedelta(0), timedelta(hours=1), timedelta(hours=-1)])
def test_a_call_of_seven_days_ago_is_told_and_an_older_one_is_not(ahead: timedelta) -> None:
    """By the operator's clock, which dates the calls."""
    log = a_log()
    log.ahead = ahead
    week_ago = NOON + ahead - 7 * DAY
    rows = [record(7, date=week_ago), record(8, date=week_ago - SECOND)]
    assert [event.call_id for event in told(log, *rows, at=0)] == [7]


@pytest.mark.parametrize("ahead", [timedelta(0), timedelta(hours=1), timedelta(hours=-1)])
def test_an_order_is_remembered_for_a_day(ahead: timedelta) -> None:
    """By the operator's clock, by which it is due."""
    log = a_log()
    log.ahead = ahead
    log.orders.add(MOBILE, JAN, DOMOV, NOON + ahead)
    log.watch([], NOON + DAY - SECOND)
    assert log.state
    assert len(log.state.orders) == 1
    log.watch([], NOON + DAY)
    assert log.state
    assert not log.state.orders


# What is told, and in which order


def test_joined_calls_are_told_in_the_order_in_which_they_began() -> None:
    """A call begins with its first leg, and of two in one second the lower number came first."""
    rows = [
        leg(9, 7, date=NOON + 10 * SECOND),
        record(8, date=NOON + 5 * SECOND),
        record(7),
        leg(12, 11, date=NOON + 20 * SECOND),
        record(11, date=NOON + 20 * SECOND),
        record(10, date=NOON + 20 * SECOND),
    ]
    assert [event.call_id for event in told(a_log(), *rows)] == [7, 8, 10, 11]
    # Of two in one second the lower number may show itself last.
    log = a_log()
    log.read([record(8)], NOON + 20 * SECOND)
    assert [event.call_id for event in told(log, record(7))] == [7, 8]
    # The second of the two has the highest number of all, in a leg.
    rows = [record(8), leg(20, 7), record(7)]
    assert [event.call_id for event in told(a_log(), *rows)] == [7, 8]


def test_a_long_reading_lets_others_have_their_turn() -> None:
    """While many calls are decided, the generator pauses after every 300 of them."""
    for records, turns in ((299, 0), (300, 3), (750, 6)):
        log = a_log()
        log.read([record(number) for number in range(1, records + 1)], NOON + 20 * SECOND)
        deciding = log.decide(NOON + 20 * SECOND)
        assert len(list(takewhile(lambda event: event is None, deciding))) == turns


def test_news_is_what_has_not_been_read_in_the_order_of_its_numbers() -> None:
    """It is read in portions; what waits is no news, nor what was told."""
    log = a_log()
    told(log, record(6), leg(9, 8))
    rows = [record(7), leg(9, 8), record(5), record(6), record(7)]
    assert [row.id for row in log.news(rows)] == [5, 7]


def test_the_place_stays_before_the_first_record_that_waits() -> None:
    """Else a restart would lose all but the last one."""
    log = a_log()
    seen(log, active(71, destination_number=MOBILE, start_date=NOON + SECOND), at=20)
    others = [record(number, source_number=EVA) for number in range(6, 106)]
    told(log, record(5, active_call_id=70), *others, record(200, active_call_id=72))
    log.read([], NOON + 21 * SECOND)
    assert log.waiting == 2
    assert log.place == 4
    assert log.cursor.since == 0


def test_an_empty_history_ends_at_nought() -> None:
    """The next reading asks for what comes after it."""
    log = CallLog()
    log.cursor.take_bearings([])
    assert log.place == 0


def test_what_waits_when_a_history_begins_anew_is_told_by_its_new_number() -> None:
    """Else it would be told twice."""
    log = a_log(LogState(place=4000, done=[5000], newest=NOON))
    assert not told(log, leg(5002, 5001, date=NOON + SECOND))
    rows = [record(3), record(4, date=NOON + SECOND), leg(5, 4, date=NOON + SECOND)]
    assert log.start_over(rows)
    assert [event.call_id for event in told(log, *rows, at=40)] == [4]
    assert not log.waiting


def test_a_thousand_ends_without_a_record_are_remembered() -> None:
    """The newest ones: else the store would grow for ever, or their records be told again."""
    log = a_log()
    seen(log, at=0)
    seen(log, *(active(number) for number in range(1, 1002)), at=3)
    seen(log, at=12)
    assert len(log.end_unrecorded()) == 1001
    assert log.state
    assert log.state.reported_live == list(range(2, 1002))


# What an event says


def test_a_call_that_was_talked_in_and_has_no_record_says_when() -> None:
    """Else a login without the right to the history would not know how long it rang."""
    log = a_log(None)
    seen(log, at=0)
    seen(log, active(70, answer_date=NOON + 2 * SECOND), at=3)
    seen(log, at=12)
    (event,) = log.end_unrecorded()
    assert event.answered_at == NOON + 2 * SECOND
    assert (event.ringing_duration, event.duration) == (2, 10)


def test_a_call_of_our_own_that_nobody_took_is_not_missed() -> None:
    """Else one would be asked to call oneself back."""
    log = a_log(None)
    seen(log, at=0)
    seen(log, active(70, source_number=HOME, destination_number=JAN), at=3)
    seen(log, at=12)
    (event,) = log.end_unrecorded()
    assert (event.type, event.status) == (ENDED, CallStatus.MISSED)


def test_a_gap_in_a_record_is_not_nought() -> None:
    """A call whose price is not known is not free, and one that did not ring was taken at once."""
    (event,) = told(a_log(), answered(7, price=None, ringing_length=None))
    assert event.price is None
    assert (event.answered_at, event.ringing_duration) == (NOON, 0)
    (event,) = told(a_log(), record(7, price=None), leg(8, 7, price=0.0))
    assert event.price == 0


def test_prices_are_added_to_a_hundredth_of_a_heller() -> None:
    """Else a dashboard would show 0.30000000000000004 CZK, or lose what a message costs."""
    (event,) = told(a_log(), record(7, price=0.1), leg(8, 7, price=0.2))
    assert event.price == 0.3
    (event,) = told(a_log(), record(7, price=0.1234), leg(8, 7, price=0.0001))
    assert event.price == 0.1235


@pytest.mark.parametrize(
    ("event", "seconds"),
    [
        (CallEvent(type=ENDED, started_at=NOON), None),
        (CallEvent(type=ENDED, status=CallStatus.MISSED), None),
        (CallEvent(type=ENDED, status=CallStatus.MISSED, started_at=NOON), 0),
        (CallEvent(type=ENDED, status=CallStatus.MISSED, started_at=NOON, ringing_duration=20), 20),
        (CallEvent(type=ENDED, status=CallStatus.ANSWERED, started_at=NOON, duration=30), 30),
        (
            CallEvent(
                type=ENDED,
                status=CallStatus.ANSWERED,
                started_at=NOON,
                ringing_duration=20,
                duration=30,
            ),
            50,
        ),
    ],
)
def test_a_call_is_over_when_it_has_rung_and_been_talked_in(
    event: CallEvent, seconds: int | None
) -> None:
    """Else a call of this morning would count as one from before the restart, or the reverse."""
    assert event.ended_at == (None if seconds is None else NOON + seconds * SECOND)


def test_seconds_are_counted_between_two_moments_that_are_known() -> None:
    """The operator's clocks may put the answer before the ring."""
    assert seconds_between(NOON, NOON) == 0
    assert seconds_between(NOON, NOON + 0.9 * SECOND) == 0
    assert seconds_between(NOON, NOON + 1.9 * SECOND) == 1
    assert seconds_between(NOON, NOON - 5 * SECOND) == 0
    assert seconds_between(None, NOON) is None
    assert seconds_between(NOON, None) is None


# Who is who


def test_a_line_without_a_name_leaves_the_contact_its_own() -> None:
    """A number that is both would be shown as digits."""
    directory = Directory(
        [Line(id=300100, name="Domov", public_number=HOME), Line(id=300110, public_number=HOME)]
    )
    assert directory.name_of(HOME) == "Domov"
    directory = Directory(
        speed_dials=[SpeedDial(number=JAN, name="Jan"), SpeedDial(number=JAN, name=None)]
    )
    assert directory.name_of(JAN) == "Jan"


def test_a_call_of_no_line_is_judged_by_its_numbers() -> None:
    """A list that leaves the line out must not stop the look."""
    call = ActiveCall(id=1, source_number=JAN, destination_number=HOME)
    assert a_log().directory.direction(call) is Direction.IN


@pytest.mark.parametrize(
    ("number", "compared_by"),
    [
        ("12345678", ("12345678",)),
        ("123456789", ("+420123456789",)),
        ("0602987654", ("+420602987654",)),
        ("+421602987654", ("+421602987654",)),
        ("+42160298765", ("+42160298765",)),
        ("+49301234", ("+49301234",)),
        ("*100", ("*100",)),
        ("**300100", ("300100",)),
        ("602987654*300100", ("+420602987654",)),
    ],
)
def test_a_number_is_compared_with_its_country_code(
    number: str, compared_by: tuple[str, ...]
) -> None:
    """A number is compared whole; one without a country code is Czech.

    Otherwise a foreigner would get the name of a Czech contact with the same ending.
    """
    assert keys(number) == compared_by


def test_an_address_is_shown_without_the_spaces_around_it() -> None:
    """It would not be known as the contact that it is."""
    assert canonical(" skype:jan.novak ") == "skype:jan.novak"


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        ("jan", ["Jan Novák", "Jan"]),
        ("jan novak", ["Jan Novák"]),
        ("JAN NOVÁK", ["Jan Novák"]),
        ("Novák", []),
        ("jan novák mobil", []),
        ("jana", ["Jana"]),
        ("", []),
        ("–", []),  # noqa: RUF001
    ],
)
def test_a_contact_is_meant_by_the_words_that_its_name_begins_with(
    words: str, meant: list[str]
) -> None:
    """A callback would go to somebody else, and costs money."""
    book = ["Jan Novák", "Janata", "Jan", "Jana", None, ""]
    contacts = [SpeedDial(number=JAN, name=name) for name in book]
    assert [contact.name for contact in named(words, contacts)] == meant


def test_a_text_is_folded_as_people_type_it() -> None:
    """A search for "priserne" would not find "Příšerně"."""
    assert folded("Příšerně ŽLUŤOUČKÝ Straße") == "priserne zlutoucky strasse"
