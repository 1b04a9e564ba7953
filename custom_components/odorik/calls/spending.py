"""Rules of the spending guard: which active calls exceed the user's limits.

Exempt calls are neither judged nor counted: incoming calls, calls to the account's own lines and
numbers, emergency calls, and calls to numbers that the user allows. In doubt, a call is exempt:
if its direction or its destination is unknown.

A call without a price is subject to the prefix rule only. Numbers with a fee per call have no
price per minute, and the fee is due when they answer, so these calls have to end while they ring.
For the same reason, a price of zero does not make Czech numbers that begin with 90 free: all of
them have a premium rate, and those with a fee per call cost nothing per minute. For other prefixes
a price of zero means that the call is free; iNum numbers (+883), for example, often are.
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import lru_cache
import re
from typing import Final

from ..api import ActiveCall, CallRecord, Direction
from . import numbers
from .callback_order import ended_at
from .directory import Directory

DEFAULT_PREFIXES: Final = (
    "+420900",
    "+420905",
    "+420906",
    "+420908",
    "+420909",
    "+870",
    "+878",
    "+881",
    "+882",
    "+883",
    "+979",
)
"""Czech premium-rate numbers, satellite and other global networks, international premium rate."""
DEAR_PRICE: Final = 3.0
"""CZK per minute above which calls count towards the limit of parallel calls."""

_HOUR: Final = timedelta(hours=1)
_PREMIUM_RATE: Final = "+42090"
"""Czech numbers with a premium rate, per minute or per call."""
_EMERGENCY: Final = re.compile(r"(?:[*#]\d\d[*#])?\+?(?:420)?(?:112|150|155|156|158)", re.ASCII)
"""Emergency numbers, with or without a country code and the codes that show or hide the number."""
_LINE_DIGITS: Final = 6
"""The length of line numbers, including those of the operator's other customers."""
_NATIONAL: Final = re.compile(r"[1-9]\d*", re.ASCII)
_INTERNATIONAL: Final = re.compile(r"00([1-9]\d*)", re.ASCII)
_COUNTRY_CODE: Final = "420"
"""No Czech number begins with these digits."""


class SpendingRule(StrEnum):
    """The rules, in the order in which they are checked."""

    PREFIX = "prefix"
    PRICE_PER_MINUTE = "price_per_minute"
    CALL_COST = "call_cost"
    CALL_DURATION = "call_duration"
    PARALLEL_CALLS = "parallel_calls"
    HOUR_COST = "hour_cost"
    DAY_COST = "day_cost"


@dataclass(frozen=True, kw_only=True, slots=True)
class SpendingLimits:
    """The user's limits, in CZK and minutes; a rule with an empty or zero limit is off.

    Prefixes and allowed numbers are as ``parse_prefixes`` returns them.
    """

    prefixes: tuple[str, ...] = DEFAULT_PREFIXES
    price_per_minute: float = 10
    call_cost: float = 50
    call_minutes: float = 120
    parallel_calls: int = 2
    """Calls above ``DEAR_PRICE`` that may be active at the same time."""
    hour_cost: float = 50
    day_cost: float = 200
    allowed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Violation:
    """A call that exceeds a limit.

    The limit and the value of the prefix rule are the prefix and the number. Those of the other
    rules are in CZK, minutes or calls.
    """

    active_call_id: int
    rule: SpendingRule
    limit: float | str
    value: float | str


@dataclass(frozen=True, slots=True)
class Charge:
    """The price of a finished call, in CZK."""

    ended: datetime
    price: float
    active_call_id: int | None = None


class InvalidPrefixError(ValueError):
    """A text is neither a phone number nor the beginning of one."""

    def __init__(self, text: str) -> None:
        super().__init__(f"{text!r} is neither a phone number nor the beginning of one")
        self.text = text


def parse_prefixes(texts: Iterable[str]) -> tuple[str, ...]:
    """Return numbers and prefixes, as people write them, in the form ``+…`` without duplicates.

    Without a country code they are Czech. Blank texts are ignored.

    Raises:
        InvalidPrefixError: With the first text that is not valid.

    """
    return tuple(dict.fromkeys(_parse_prefix(text) for text in texts if text.strip()))


def _parse_prefix(text: str) -> str:
    """Return a number or prefix in the form ``+…``."""
    dialable = numbers.to_dialable_prefix(text) or ""
    if international := _INTERNATIONAL.fullmatch(dialable):
        return f"+{international[1]}"
    if not _NATIONAL.fullmatch(dialable):
        raise InvalidPrefixError(text)
    return f"+{_COUNTRY_CODE}{dialable.removeprefix(_COUNTRY_CODE)}"


@lru_cache(maxsize=4096)
def comparable_number(number: str | None) -> str:
    """Return a destination in the form of the prefixes, or an empty text if it is unknown.

    National numbers and short codes get the country code. Lines and addresses are unchanged.
    """
    key = numbers.match_key(number) or ""
    if international := _INTERNATIONAL.fullmatch(key):
        return f"+{international[1]}"
    is_national = _NATIONAL.fullmatch(key) and len(key) != _LINE_DIGITS
    return f"+{_COUNTRY_CODE}{key}" if is_national else key


def _is_exempt(call: ActiveCall | CallRecord, limits: SpendingLimits, directory: Directory) -> bool:
    """Return whether a call is exempt from all rules."""
    destination = comparable_number(call.destination_number)
    return (
        not destination
        or _EMERGENCY.fullmatch(destination) is not None
        or destination.startswith(limits.allowed)
        or directory.direction(call) in {Direction.IN, Direction.UNKNOWN}
        or directory.is_own(call.destination_number)
    )


def find_charges(
    records: Iterable[CallRecord], limits: SpendingLimits, directory: Directory
) -> list[Charge]:
    """Return the charges of the finished calls that are not exempt; text messages do not count."""
    return [
        Charge(ended_at(record), record.price, record.active_call_id)
        for record in records
        if record.price and not record.is_sms and not _is_exempt(record, limits, directory)
    ]


class Charges:
    """The charges of the finished calls that are not exempt."""

    def __init__(self) -> None:
        self._records: dict[int, CallRecord] = {}
        self._charges: list[Charge] = []
        self._uncharged: list[CallRecord] = []
        """The records that are not among the charges yet."""
        self._charges_are_of: tuple[object, ...] = ()

    def add(self, records: Iterable[CallRecord]) -> None:
        """Add records; known ones are added once."""
        new = {record.id: record for record in records if record.price}
        self._uncharged += [it for it in new.values() if it.id not in self._records]
        self._records |= new

    def find(
        self, limits: SpendingLimits, directory: Directory, *, now: datetime, midnight: datetime
    ) -> list[Charge]:
        """Return the charges since midnight and of the last hour.

        The charges of earlier records are kept until the rules, the directory or the day change,
        because a busy account has thousands of records a day.
        """
        current = (limits, directory, midnight)
        if self._charges_are_of != current:
            since = min(midnight, now - _HOUR)
            self._records = {
                record_id: record
                for record_id, record in self._records.items()
                if ended_at(record) >= since
            }
            self._charges, self._uncharged = [], list(self._records.values())
            self._charges_are_of = current
        self._charges += find_charges(self._uncharged, limits, directory)
        self._uncharged = []
        return self._charges


def find_violations(
    calls: Iterable[ActiveCall],
    charges: Collection[Charge],
    limits: SpendingLimits,
    directory: Directory,
    *,
    now: datetime,
    midnight: datetime,
) -> list[Violation]:
    """Return the active calls that exceed a limit, each with the first rule that applies.

    Args:
        calls: All active calls of the account.
        charges: The charges of finished calls, at least since midnight and within the last hour.
            Each counts in full from the end of its call; active calls count with their cost so far.
        limits: The user's limits.
        directory: The account's own lines and numbers.
        now: The current time of the operator's clock.
        midnight: The start of the day.

    """
    # A call may still be listed for a moment when its record has been written.
    recorded = {charge.active_call_id for charge in charges}
    judged = [
        call
        for call in calls
        if call.id not in recorded and not _is_exempt(call, limits, directory)
    ]
    if not judged:
        return []
    costs = {call.id: _price(call) * _minutes(call, now) for call in judged}
    running, hour_ago = sum(costs.values()), now - _HOUR
    hour = running + sum(charge.price for charge in charges if charge.ended > hour_ago)
    day = running + sum(charge.price for charge in charges if charge.ended >= midnight)
    dear = sorted(
        (call for call in judged if _price(call) > DEAR_PRICE),
        key=lambda call: (call.start_date or now, call.id),
    )
    newest = {call.id for call in dear[limits.parallel_calls :]}

    def exceeded(call: ActiveCall) -> Iterator[Violation]:
        if prefix := _forbidden_prefix(call, limits):
            number = comparable_number(call.destination_number)
            yield Violation(call.id, SpendingRule.PREFIX, prefix, number)
        if _price(call) <= 0:
            return
        for rule, limit, value in (
            (SpendingRule.PRICE_PER_MINUTE, limits.price_per_minute, _price(call)),
            (SpendingRule.CALL_COST, limits.call_cost, costs[call.id]),
            (SpendingRule.CALL_DURATION, limits.call_minutes, _minutes(call, now)),
            (
                SpendingRule.PARALLEL_CALLS,
                limits.parallel_calls,
                len(dear) if call.id in newest else 0,
            ),
            (SpendingRule.HOUR_COST, limits.hour_cost, hour),
            (SpendingRule.DAY_COST, limits.day_cost, day),
        ):
            if limit and value > limit and (rounded := round(value, 4)) > limit:
                yield Violation(call.id, rule, limit, rounded)

    first = (next(exceeded(call), None) for call in judged)
    return [violation for violation in first if violation]


def _forbidden_prefix(call: ActiveCall, limits: SpendingLimits) -> str | None:
    """Return the forbidden prefix of a call, unless the call is known to be free."""
    number = comparable_number(call.destination_number)
    has_no_price = call.price_per_minute is not None and call.price_per_minute <= 0
    if has_no_price and not number.startswith(_PREMIUM_RATE):
        return None
    return next((prefix for prefix in limits.prefixes if number.startswith(prefix)), None)


def _price(call: ActiveCall) -> float:
    """Return the price per minute of a call, 0 if it is unknown."""
    return call.price_per_minute or 0


def _minutes(call: ActiveCall, now: datetime) -> float:
    """Return how long a call has been answered."""
    if call.answer_date is None:
        return 0
    return max(timedelta(), now - call.answer_date) / timedelta(minutes=1)


class ReportedViolations:
    """The violations that have been reported, as long as their calls are active."""

    def __init__(self, reported: Iterable[tuple[int, SpendingRule]] = ()) -> None:
        """Initialize with the calls and rules that were reported before."""
        self._reported = set(reported)

    def add(self, violations: Iterable[Violation], calls: Iterable[ActiveCall]) -> list[Violation]:
        """Add the violations of a poll, and return those that are new.

        A call is reported once for each rule.
        """
        active = {call.id for call in calls}
        self._reported = {key for key in self._reported if key[0] in active}
        new = [
            violation
            for violation in violations
            if (violation.active_call_id, violation.rule) not in self._reported
        ]
        self._reported.update((violation.active_call_id, violation.rule) for violation in new)
        return new
