"""Test which calls the rules of the spending guard apply to."""

import dataclasses
from typing import Any

from hypothesis import given, strategies as st
from msgspec.structs import replace
import pytest

from custom_components.odorik.api import ActiveCall, CallRecord, CallStatus, Direction
from custom_components.odorik.calls.directory import Directory
from custom_components.odorik.calls.spending import (
    DEFAULT_PREFIXES,
    InvalidPrefixError,
    ReportedViolations,
    SpendingLimits,
    SpendingRule,
    Violation,
    find_charges,
    find_violations,
    parse_prefixes,
)

from .builders import active, dialled, outgoing, picked_up
from .call_fixtures import DIRECTORY, MINUTE, NOON, SECOND
from .phones import AT_WORKSHOP, EVA, JAN, WORKSHOP, WORKSHOP_LINE

MIDNIGHT = NOON.replace(hour=0)
AUDIOTEX, FOREIGN = "00420906123456", "0023276123456"
PREFIX, PRICE = SpendingRule.PREFIX, SpendingRule.PRICE_PER_MINUTE
COST, DURATION_RULE = SpendingRule.CALL_COST, SpendingRule.CALL_DURATION
PARALLEL = SpendingRule.PARALLEL_CALLS
HOUR, DAY = SpendingRule.HOUR_COST, SpendingRule.DAY_COST
OFF = SpendingLimits(
    prefixes=(),
    price_per_minute=0,
    call_cost=0,
    call_minutes=0,
    parallel_calls=0,
    hour_cost=0,
    day_cost=0,
)
LOWEST: dict[str, Any] = {
    "prefixes": ("+",),
    "price_per_minute": 0.0001,
    "call_cost": 0.0001,
    "call_minutes": 0.0001,
    "parallel_calls": 1,
    "hour_cost": 0.0001,
    "day_cost": 0.0001,
}
"""Limits that every call exceeds that is not exempt, in the order of the rules."""
STRICT = SpendingLimits(**LOWEST)


def limits(**changes: Any) -> SpendingLimits:
    """Return limits with all other rules off."""
    return dataclasses.replace(OFF, **changes)


ALL_RULES = [limits(**{name: limit}) for name, limit in LOWEST.items()]


def check(
    *calls: ActiveCall,
    given: SpendingLimits | None = None,
    records: list[CallRecord] | None = None,
    at: float = 0,
    directory: Directory = DIRECTORY,
) -> list[Violation]:
    """Return the violations some minutes after noon, by default of the default limits."""
    given = given or SpendingLimits()
    charges = find_charges(records or [], given, directory)
    now = NOON + at * MINUTE
    return find_violations(calls, charges, given, directory, now=now, midnight=MIDNIGHT)


def rules(*calls: ActiveCall, **options: Any) -> dict[int, SpendingRule]:
    """Return the violated rule of each call that exceeds a limit."""
    return {found.active_call_id: found.rule for found in check(*calls, **options)}


def ringing(call_id: int = 1, number: str = FOREIGN, price: float | None = 1.0) -> ActiveCall:
    """Create an outgoing call that rings since noon."""
    return dialled(call_id, number, price_per_minute=price)


def talking(call_id: int = 1, number: str = FOREIGN, price: float | None = 1.0) -> ActiveCall:
    """Create an outgoing call that was answered at noon."""
    return picked_up(ringing(call_id, number, price), 0)


def paid(price: float | None, minutes_ago: float = 1, **fields: Any) -> CallRecord:
    """Create the record of a paid call that ended some minutes before noon."""
    date = NOON - minutes_ago * MINUTE - 30 * SECOND
    fields = {"ringing_length": 0, "length": 30, **fields}
    return outgoing(1, fields.pop("number", FOREIGN), date=date, price=price, **fields)


# What users type


@pytest.mark.parametrize(
    ("text", "prefix"),
    [
        ("+420 900", "+420900"),
        ("00420900", "+420900"),
        ("420900", "+420900"),
        ("(+420) 900", "+420900"),
        ("900", "+420900"),
        (" 90 ", "+42090"),
        ("+870", "+870"),
        ("00870", "+870"),
        ("+1", "+1"),
        ("777 123 456", "+420777123456"),
        ("+420 777 123 456", "+420777123456"),
        ("420777123456", "+420777123456"),
        ("+49 (0)30 901820", "+4930901820"),
        ("tel:+420777123456", "+420777123456"),
        ("1188", "+4201188"),
    ],
)
def test_a_prefix_is_understood_however_it_is_written(text: str, prefix: str) -> None:
    """Without a country code, it is Czech."""
    assert parse_prefixes([text]) == (prefix,)


@pytest.mark.parametrize(
    "text", ["+", "00", "000", "0", "+0420", "abc", "900x", "*100", "+420;900", "9" * 30, "٩٠٠"]
)
def test_an_invalid_prefix_is_named(text: str) -> None:
    """The error carries the text, so that a form can show it."""
    with pytest.raises(InvalidPrefixError) as raised:
        parse_prefixes(["+420 900", text])
    assert raised.value.text == text


def test_blank_and_repeated_prefixes_are_dropped() -> None:
    """An empty row of a list does not match every number."""
    assert parse_prefixes(["", "900", " ", "+420 900", "881"]) == ("+420900", "+420881")


TYPED = st.text(max_size=20) | st.text(alphabet="0123456789+* -/()", max_size=12)


@given(st.lists(TYPED, max_size=3))
def test_no_text_becomes_a_prefix_that_matches_every_number(texts: list[str]) -> None:
    """A text is either refused or has at least one digit of a country code."""
    try:
        prefixes = parse_prefixes(texts)
    except InvalidPrefixError:
        return
    assert all(prefix[:1] == "+" and prefix[1:2] in set("123456789") for prefix in prefixes)
    assert parse_prefixes(prefixes) == prefixes


def test_the_default_prefixes_are_in_the_form_of_parsed_ones() -> None:
    """They can be shown in the options and saved again."""
    assert parse_prefixes(DEFAULT_PREFIXES) == DEFAULT_PREFIXES


# The rules and their edges


@pytest.mark.parametrize(
    ("number", "prefix"),
    [
        (AUDIOTEX, "+420906"),
        ("+420900123456", "+420900"),
        ("906123456", "+420906"),
        ("90612345", "+420906"),
        ("420906123456", "+420906"),
        ("000420906123456", "+420906"),
        ("*300100*00420906123456", "+420906"),
        ("00420906123456*300100", "+420906"),
        ("00881621451000", "+881"),
        ("0087012", "+870"),
        ("+979123456789", "+979"),
        (JAN, None),
        ("00420910123457", None),
        # Another customer's line.
        ("*906123", None),
        ("906123", None),
    ],
)
@pytest.mark.parametrize("price", [None, 1.0])
def test_a_forbidden_prefix_applies_while_a_call_rings(
    number: str, prefix: str | None, price: float | None
) -> None:
    """A fee per call is due when the call is answered, and has no price per minute."""
    found = check(ringing(number=number, price=price))
    assert [(it.rule, it.limit) for it in found] == ([(PREFIX, prefix)] if prefix else [])


@pytest.mark.parametrize(
    ("number", "is_forbidden"),
    [(AUDIOTEX, True), ("00420905606123", True), ("008835100012345", False)],
)
def test_a_price_of_zero_makes_a_call_free_unless_it_is_premium_rate(
    number: str, *, is_forbidden: bool
) -> None:
    """A fee per call may be listed with a price of zero per minute."""
    assert rules(ringing(1, number, 0.0)) == ({1: PREFIX} if is_forbidden else {})


@pytest.mark.parametrize(("price", "found"), [(10, {}), (10.01, {1: PRICE})])
@pytest.mark.parametrize("call", [ringing(), talking()])
def test_the_price_per_minute_is_limited(
    call: ActiveCall, price: float, found: dict[int, SpendingRule]
) -> None:
    """A call at the limit is allowed; the rule applies while it rings."""
    assert rules(replace(call, price_per_minute=price)) == found


def test_a_price_that_rises_when_answered_is_noticed() -> None:
    """Each poll judges the price that is listed then."""
    assert rules(ringing(price=0.59)) == {}
    assert check(talking(price=35)) == [Violation(1, PRICE, 10, 35)]


@pytest.mark.parametrize(
    ("call", "at", "found"),
    [
        (talking(price=5), 10, []),
        (talking(price=5), 10.01, [Violation(1, COST, 50, 50.05)]),
        (ringing(price=5), 60, []),
    ],
)
def test_the_cost_of_a_call_is_limited(call: ActiveCall, at: float, found: list[Violation]) -> None:
    """It is the price for the time since the answer."""
    assert check(call, at=at, given=limits(call_cost=50)) == found


@pytest.mark.parametrize(
    ("call", "at", "found"),
    [
        (talking(), 120, []),
        (talking(), 120.01, [Violation(1, DURATION_RULE, 120, 120.01)]),
        (ringing(), 200, []),
        (talking(price=None), 200, []),
        (talking(price=0), 200, []),
    ],
)
def test_the_duration_of_a_paid_call_is_limited(
    call: ActiveCall, at: float, found: list[Violation]
) -> None:
    """The duration of calls without a price is not limited."""
    assert check(call, at=at, given=limits(call_minutes=120)) == found


def test_the_newest_dear_calls_exceed_the_limit_of_parallel_calls() -> None:
    """The first two stay; calls at 3 CZK per minute and less do not count."""
    calls = [
        dialled(9, FOREIGN, 0, price_per_minute=3.01),
        dialled(4, FOREIGN, 30, price_per_minute=5),
        dialled(7, FOREIGN, 20, price_per_minute=5),
        dialled(2, FOREIGN, 10, price_per_minute=5),
        dialled(1, FOREIGN, 40, price_per_minute=3),
        dialled(3, FOREIGN, 50, price_per_minute=None),
    ]
    assert check(*calls) == [Violation(4, PARALLEL, 2, 4), Violation(7, PARALLEL, 2, 4)]
    assert check(*calls[:1], *calls[3:]) == []


def test_parallel_calls_that_began_together_are_ordered_by_their_id() -> None:
    """The same calls are marked at every poll, and a call without a start is the newest."""
    calls = [talking(call_id, price=4) for call_id in (12, 10, 11)]
    assert rules(*calls) == rules(*reversed(calls)) == {12: PARALLEL}
    calls[0] = replace(calls[0], id=1, start_date=None)
    assert rules(*calls, at=1) == {1: PARALLEL}


HOURLY, DAILY = limits(hour_cost=50), limits(day_cost=200)


@pytest.mark.parametrize(
    ("given", "records", "at", "value"),
    [
        (HOURLY, [paid(50)], 0, None),
        (HOURLY, [paid(50.01)], 0, 50.01),
        (HOURLY, [paid(20), paid(30)], 0, None),
        (HOURLY, [paid(20), paid(30)], 0.5, 50.5),
        (HOURLY, [], 50, None),
        (HOURLY, [], 50.01, 50.01),
        # What has ended within the last hour counts, even if it began earlier.
        (HOURLY, [paid(60, 60)], 0, None),
        (HOURLY, [paid(60, 59.9)], 0, 60),
        (HOURLY, [paid(60, 59, length=7200)], 0, 60),
        (HOURLY, [paid(None)], 0, None),
        (DAILY, [paid(200)], 0, None),
        (DAILY, [paid(100), paid(100, 300)], 0.01, 200.01),
        (DAILY, [paid(201, 720)], 0, 201),
        (DAILY, [paid(201, 720.1)], 0, None),
        (DAILY, [], 200.01, 200.01),
    ],
)
def test_the_cost_per_hour_and_day_is_limited(
    given: SpendingLimits, records: list[CallRecord], at: float, value: float | None
) -> None:
    """Finished calls and the running one count, here at 1 CZK per minute since noon."""
    rule = HOUR if given.hour_cost else DAY
    limit = given.hour_cost or given.day_cost
    found = [] if value is None else [Violation(1, rule, limit, value)]
    assert check(talking(), given=given, records=records, at=at) == found


@pytest.mark.parametrize("given", [HOURLY, DAILY])
def test_an_exceeded_sum_ends_all_paid_calls(given: SpendingLimits) -> None:
    """Calls that ring are included, calls without a price are not."""
    calls = [talking(1), ringing(2), talking(3, price=0), talking(4, price=None)]
    assert set(rules(*calls, given=given, records=[paid(300)])) == {1, 2}


def test_all_running_calls_count_towards_the_sums() -> None:
    """Two calls reach together what neither reaches alone."""
    calls = [talking(1, price=3), talking(2, price=3)]
    assert rules(*calls, given=HOURLY, at=8) == {}
    assert rules(*calls, given=HOURLY, at=9) == {1: HOUR, 2: HOUR}


def test_sums_of_prices_are_compared_without_rounding_errors() -> None:
    """In floats, 0.1 + 0.2 is above 0.3."""
    records = [paid(0.1), paid(0.2)]
    assert rules(talking(), given=limits(hour_cost=0.3), records=records) == {}


def test_a_call_answered_in_the_future_does_not_lower_the_sums() -> None:
    """The clocks may differ a little."""
    calls = [talking(1), picked_up(ringing(2), 60)]
    assert rules(*calls, given=HOURLY, records=[paid(50.01)]) == {1: HOUR, 2: HOUR}


def test_a_call_with_a_record_does_not_count_twice() -> None:
    """A call may still be listed for a moment after its end, and then it has nothing to end."""
    record = paid(30, active_call_id=1)
    assert rules(talking(1), talking(2), given=HOURLY, records=[record], at=15) == {}
    assert rules(talking(1), talking(2), given=HOURLY, records=[record], at=21) == {2: HOUR}


@pytest.mark.parametrize(
    "fields",
    [
        {"direction": Direction.IN},
        {"number": EVA},
        {"number": AT_WORKSHOP},
        {"number": "112"},
        {"type": "sms", "status": CallStatus.UNKNOWN, "length": None},
    ],
)
def test_exempt_calls_and_messages_do_not_count_towards_the_sums(fields: dict[str, Any]) -> None:
    """A call that the user allows does not end the calls after it."""
    given_limits = limits(hour_cost=50, day_cost=200, allowed=parse_prefixes([EVA]))
    assert rules(talking(), given=given_limits, records=[paid(300, **fields)]) == {}


def test_a_call_is_marked_once_by_the_first_rule() -> None:
    """A call that exceeds every limit violates the first of the rules that are not off."""
    calls = [talking(1, AUDIOTEX, 99), talking(2, AUDIOTEX, 99)]
    given_limits = STRICT
    for rule, name in zip(SpendingRule, LOWEST, strict=True):
        found = check(*calls, given=given_limits, at=5)
        assert (found[-1].active_call_id, found[-1].rule) == (2, rule)
        assert len(found) == len({it.active_call_id for it in found})
        given_limits = dataclasses.replace(given_limits, **{name: getattr(OFF, name)})
    assert given_limits == OFF
    assert check(*calls, given=given_limits, records=[paid(9999)], at=600) == []


# Exemptions

EMERGENCY_NUMBERS = [
    written
    for number in ("112", "150", "155", "156", "158")
    for written in (
        number,
        f"+420{number}",
        f"00420{number}",
        f"420{number}",
        f"+420 {number}",
        f"00{number}",
        f"sip:{number}@sip.odorik.cz",
        f"tel:{number}",
        f"*300100*{number}",
        f"000{number}",
        f"#31#{number}",
        f"{number}*300100",
    )
]
ALLOWED = ("+420 608 777 000", "906 000 111", "00421 9", "1188")
EXEMPT_CALLS = {
    "incoming": active(1, price_per_minute=99),
    "incoming to a line": active(1, destination_number=AT_WORKSHOP, price_per_minute=99),
    "incoming and withheld": active(1, source_number="", price_per_minute=99),
    "free": dialled(1, JAN, price_per_minute=0.0),
    "own line": dialled(1, AT_WORKSHOP, price_per_minute=99),
    "own number": dialled(1, WORKSHOP, price_per_minute=99),
    "listed under the called line": dialled(1, WORKSHOP, line=WORKSHOP_LINE, price_per_minute=99),
    "unknown destination": dialled(1, "", price_per_minute=99),
    "allowed": dialled(1, "00420608777000", price_per_minute=99),
    "allowed prefix": dialled(1, "00421905123456", price_per_minute=99),
    "allowed short number": dialled(1, "1188", price_per_minute=99),
    "allowed premium rate": dialled(1, "00420906000111", price_per_minute=None),
}


@pytest.mark.parametrize("given_limits", [*ALL_RULES, STRICT])
@pytest.mark.parametrize("name", EXEMPT_CALLS)
def test_an_exempt_call_is_never_marked(name: str, given_limits: SpendingLimits) -> None:
    """A paid call beside it, which exceeds the limit, does not change that."""
    exempt = picked_up(EXEMPT_CALLS[name], 0)
    others = [talking(2, price=99), talking(3, price=99)]
    records = [paid(500, minutes_ago=2)]
    given_limits = dataclasses.replace(given_limits, allowed=parse_prefixes(ALLOWED))
    found = rules(exempt, *others, given=given_limits, records=records, at=10)
    assert 1 not in found
    assert 3 in found


@pytest.mark.parametrize("number", EMERGENCY_NUMBERS)
def test_an_emergency_call_is_never_marked(number: str) -> None:
    """It does not matter how the number is written, or what the call costs."""
    call = talking(1, number, 99)
    assert rules(call, given=STRICT, records=[paid(500, minutes_ago=2)], at=10) == {}


@pytest.mark.parametrize(
    "number",
    [
        "1120",
        "00420112000111",
        "00420906112158",
        "0023276112",
        # Anyone can add a code that selects the caller ID.
        f"{AUDIOTEX}*112",
    ],
)
def test_a_number_that_contains_an_emergency_number_is_not_exempt(number: str) -> None:
    """Numbers are compared whole."""
    assert rules(talking(1, number, 99), given=STRICT) == {1: PREFIX}


def test_a_call_without_a_price_is_subject_to_the_prefix_rule_only() -> None:
    """Whether the price is missing or zero, it exceeds no other limit."""
    for price in (None, 0.0, -1.0):
        for given_limits in ALL_RULES[1:]:
            call = talking(1, AUDIOTEX, price)
            assert rules(call, given=given_limits, records=[paid(500)], at=10) == {}


def test_a_call_with_an_unknown_direction_is_exempt() -> None:
    """A login that cannot list its lines does not know which calls are incoming."""
    call = talking(1, AUDIOTEX, 99)
    assert rules(call, given=STRICT, directory=Directory()) == {}


def test_a_forwarded_call_is_not_exempt() -> None:
    """Forwarding to a premium-rate number is a common kind of abuse."""
    leg = active(1, destination_number=AUDIOTEX, price_per_minute=99)
    assert rules(leg) == {1: PREFIX}
    withheld = active(1, source_number="", destination_number=FOREIGN, price_per_minute=99)
    assert rules(withheld) == {1: PRICE}


# Reporting


def test_a_violation_is_reported_once_while_its_call_lasts() -> None:
    """A hang-up that fails is repeated at every poll, but not its report."""
    reported = ReportedViolations()
    call = talking(1, price=11)
    found = check(call)
    assert reported.add(found, [call]) == found
    assert reported.add(found, [call]) == []
    assert reported.add([], [call]) == []
    assert reported.add(found, [call]) == []
    other = Violation(1, COST, 50, 55)
    assert reported.add([other], [call]) == [other]


def test_a_call_that_is_gone_is_forgotten() -> None:
    """The memory does not grow with the number of calls."""
    reported = ReportedViolations()
    for call_id in range(1, 100):
        call = talking(call_id, price=11)
        assert len(reported.add(check(call), [call])) == 1
        assert len(reported._reported) == 1
    reported.add([], [])
    assert not reported._reported
