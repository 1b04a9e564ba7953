"""The truth behind the simulated exchange: accounts, lines, calls, money and a clock.

A stand-in for development, tests and the demo. Everything that is to happen by itself lies in one
heap and is settled in order of time whenever somebody looks. There is no background task, so the
same seed and the same acts at the same times always give the same world.
"""

from bisect import bisect_right
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from heapq import heappop, heappush
from itertools import count
from operator import attrgetter
from random import Random
from typing import Any, Literal
from zoneinfo import ZoneInfo

type Direction = Literal["in", "out", "redirected"]

PRAGUE = ZoneInfo("Europe/Prague")
WITHHELD = ""
IN_NETWORK = "Česko v síti"
SMS_NAME = "SMS zpráva"
SMS_PRICE = 0.99
RING_SECONDS = 20
# The beginning of a number, the name of the destination, CZK a minute. The first that fits holds.
TARIFF = (
    ("*", "Česká rep. - * v síti", 0.0),
    ("00420910", IN_NETWORK, 0.0),
    ("00420800", "Česká rep. - zelená linka", 0.0),
    ("004206", "Česká rep. - mobil", 0.59),
    ("004207", "Česká rep. - mobil", 0.59),
    ("00420", "Česká rep. - pevná", 0.49),
    ("004219", "Slovensko - mobil", 2.49),
    ("00421", "Slovensko - pevná", 0.99),
    ("0049", "Německo - pevná", 0.79),
    ("0044", "Velká Británie", 0.99),
    ("00", "Zahraničí", 4.99),
    ("", IN_NETWORK, 0.0),
)
STRANGERS = (
    "00420602555123",
    "00420737404808",
    "00420221990011",
    "00420548138000",
    "00421905123456",
    "004930901820",
    WITHHELD,
)
# Ids follow the clock, as in an exchange that serves others too: an exchange that is started again
# goes on above the ids that it gave out before, and a client that kept its place keeps it.
ID_EPOCH = 1_200_000_000
SECONDS_PER_ACTIVE_ID = 8
# How a plausible history is mixed: what is drawn from 0 to 1 is missed up to here, comes in up to
# OUTGOING_FROM (the last of it redirected), and goes out above.
MISSED_SHARE = 0.18
REDIRECTED_SHARE = 0.08
OUTGOING_FROM = 0.65
WAKING_HOURS = range(7, 22)
NATIONAL_DIGITS = 9
LINE_SETTINGS: dict[str, Any] = {
    "backup_number_email": None,
    "active_822": False,
    "active_anonymous": True,
    "active_cz_restriction": False,
    "active_greeting": False,
    "active_iax": False,
    "active_password": True,
    "active_pin": False,
    "active_ping": False,
    "active_rtp": False,
    "active_sip": True,
    "incoming_call_name_format": 0,
    "incoming_call_number_format": 0,
    "missed_call_email": "doma@example.net",
    "recording_email": "doma@example.net",
    "voicemail_email": "doma@example.net",
}


@dataclass(slots=True)
class Device:
    """A telephone that is registered to a line; it registers anew every half an hour."""

    user_agent: str = "Gigaset N510 IP PRO"
    public_socket: str = "198.51.100.7:5060"
    local_socket: str = "192.168.1.20:5060"
    since: datetime | None = None


@dataclass(slots=True)
class Line:
    """One line of an account; `settings` is what else its owner can switch."""

    id: int
    name: str | None = None
    public_number: str | None = None
    caller_id: str | None = None
    backup_number: str | None = None
    sip_password: str = ""
    devices: list[Device] = field(default_factory=list)
    settings: dict[str, Any] = field(default_factory=LINE_SETTINGS.copy)

    def __post_init__(self) -> None:
        """Fill in what follows from the rest."""
        self.sip_password = self.sip_password or f"sip-{self.id}"
        self.caller_id = self.caller_id or self.public_number

    @property
    def shown(self) -> str:
        """The number that is shown to those who are called from here."""
        return self.caller_id or f"*{self.id}"


@dataclass(frozen=True, slots=True)
class PublicNumber:
    """A number of the account; `line` is where it rings."""

    number: str
    type: str = "geographic"
    line: int | None = None


@dataclass(frozen=True, slots=True)
class Contact:
    """A speed dial; the operator lets names hold markup."""

    shortcut: str
    number: str
    name: str | None


@dataclass(slots=True, kw_only=True)
class Record:
    """A line of the history, in the operator's own field names; prices in CZK, lengths in s."""

    id: int
    date: datetime
    direction: Direction | None
    source_number: str
    destination_number: str
    line: int
    destination_name: str | None = IN_NETWORK
    length: int | None = 0
    ringing_length: int | None = 0
    status: str = "answered"
    price: float = 0.0
    price_per_minute: float = 0.0
    balance_after: float | None = None
    redirection_parent_id: int | None = None
    recording: str | None = None
    active_call_id: int | None = None
    type: Literal["call", "sms"] = "call"


@dataclass(slots=True, eq=False)
class ActiveCall:
    """One leg of a call that rings or is up. All legs of one call share the list `legs`."""

    id: int
    account: str
    line: int
    direction: Direction
    source: str
    destination: str
    destination_name: str
    price_per_minute: float
    started: datetime
    answered: datetime | None = None
    ended: datetime | None = None
    parent: ActiveCall | None = None
    legs: list[ActiveCall] = field(default_factory=list, repr=False)
    record_id: int | None = None
    order: Callback | None = field(default=None, repr=False)


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


@dataclass(slots=True)
class Account:
    """A customer of the exchange, with the whole history in rising order of id."""

    user: str
    password: str
    credit: float = 500.0
    lines: dict[int, Line] = field(default_factory=dict)
    numbers: list[PublicNumber] = field(default_factory=list)
    contacts: list[Contact] = field(default_factory=list)
    records: list[Record] = field(default_factory=list, repr=False)
    callbacks: list[Callback] = field(default_factory=list)

    def since(self, record_id: int) -> list[Record]:
        """Return the records with a higher id."""
        return self.records[bisect_right(self.records, record_id, key=attrgetter("id")) :]

    def line_of(self, number: str) -> int | None:
        """Return the line that rings when `number` is called, or None when it is not ours."""
        for line in self.lines.values():
            if number in {line.public_number, str(line.id), f"*{line.id}"}:
                return line.id
        return next((own.line for own in self.numbers if own.number == number), None)


@dataclass(slots=True)
class Sum:
    """How many calls, how many seconds, how many CZK."""

    count: int = 0
    length: int = 0
    price: float = 0.0

    def add(self, record: Record) -> None:
        """Count one record in."""
        self.count += 1
        self.length += record.length or 0
        self.price = round(self.price + record.price, 4)


@dataclass(slots=True)
class Books:
    """What an account's history adds up to; `missed` counts incoming records by called number."""

    records: int = 0
    incoming: Sum = field(default_factory=Sum)
    outgoing: Sum = field(default_factory=Sum)
    redirected: Sum = field(default_factory=Sum)
    destinations: dict[tuple[str | None, float, str], Sum] = field(default_factory=dict)
    missed: dict[str, int] = field(default_factory=dict)
    credit: float = 0.0


def international(number: str) -> str:
    """Return a number as the exchange writes it: `00…`; short codes and lines stay as they are."""
    bare = number.replace(" ", "")
    if bare.startswith("+"):
        return f"00{bare[1:]}"
    if len(bare) == NATIONAL_DIGITS and bare.isdigit():
        return f"00420{bare}"
    return bare


def tariff(number: str) -> tuple[str, float]:
    """Return the name of a number's destination and what a minute costs."""
    return next((name, price) for start, name, price in TARIFF if number.startswith(start))


def _while_up(call: ActiveCall, act: Callable[[int], object]) -> None:
    if call.ended is None:
        act(call.id)


def add_up(records: Iterable[Record]) -> Books:
    """Return the sums over records; messages are no calls and count as records only."""
    books = Books()
    by_direction = {"in": books.incoming, "out": books.outgoing, "redirected": books.redirected}
    for record in records:
        books.records += 1
        if record.type == "sms" or record.direction is None:
            continue
        by_direction[record.direction].add(record)
        key = (record.destination_name, record.price_per_minute, record.direction)
        books.destinations.setdefault(key, Sum()).add(record)
        if record.direction == "in" and record.status == "missed":
            number = record.destination_number
            books.missed[number] = books.missed.get(number, 0) + 1
    return books


class World:
    """Accounts on one exchange, and the time in which they telephone.

    Every act settles first what was due before it. Where an account is not named the first one is
    meant, where a line is not named its first line.
    """

    def __init__(self, *accounts: Account, seed: int = 1, record_delay: float = 0.5) -> None:
        self.accounts = {account.user: account for account in accounts}
        self.seed = seed
        self.record_delay = record_delay
        self.active: dict[int, ActiveCall] = {}
        self.denied: dict[str, set[str]] = {}
        self.quirks = False
        self.callback_fails = False
        # The life that the world leads by itself, see worlds.live; None is none.
        self.life: object | None = None
        self.random = Random(seed)  # noqa: S311 - a world that can be repeated, no secret
        self._offset = timedelta()
        self._frozen: datetime | None = None
        self._moment: datetime | None = None
        self._due: list[tuple[datetime, int, Callable[[], object]]] = []
        self._tick = count()
        self._last_record = 0
        self._last_active = 0

    # Time

    def now(self) -> datetime:
        """Return the world's time; inside a scheduled happening, the time it was due."""
        return self._moment or self._frozen or datetime.now(UTC) + self._offset

    def advance(self, seconds: float) -> None:
        """Move the clock on and let everything happen that falls due."""
        if self._frozen:
            self._frozen += timedelta(seconds=seconds)
        else:
            self._offset += timedelta(seconds=seconds)
        self.settle()

    def freeze(self, *, frozen: bool = True) -> None:
        """Stop the clock where it is, or let it run on from there."""
        now = self.now()
        self._frozen = now if frozen else None
        self._offset = now - datetime.now(UTC)

    def at(self, moment: datetime, happening: Callable[[], object]) -> None:
        """Let something happen when the world's clock reaches `moment`."""
        heappush(self._due, (moment, next(self._tick), happening))

    def after(self, seconds: float, happening: Callable[[], object]) -> None:
        """Let something happen some seconds from now."""
        self.at(self.now() + timedelta(seconds=seconds), happening)

    def settle(self) -> None:
        """Let everything happen that has fallen due, in order of time."""
        if self._moment:  # A happening acts on the world itself; the loop below goes on with it.
            return
        now = self.now()
        while self._due and self._due[0][0] <= now:
            self._moment, _, happening = heappop(self._due)
            try:
                happening()
            finally:
                self._moment = None

    # Who

    def account(self, user: str | None = None) -> Account:
        """Return an account by its user, or the first; LookupError when there is none."""
        if user is None:
            return next(iter(self.accounts.values()))
        if user not in self.accounts:
            raise LookupError(f"no account {user}")
        return self.accounts[user]

    def call(self, call_id: int | None = None) -> ActiveCall:
        """Return an active call by its id, or the newest; LookupError when it is not up."""
        if call_id is None and self.active:
            return next(reversed(self.active.values()))
        if call_id not in self.active:
            raise LookupError("no call is up" if call_id is None else f"no call {call_id} is up")
        return self.active[call_id]

    def _line(self, account: Account, line: int | None) -> Line:
        if line is None:
            return next(iter(account.lines.values()))
        if line not in account.lines:
            raise LookupError(f"account {account.user} has no line {line}")
        return account.lines[line]

    def somebody(self, account: str | None = None) -> str:
        """Return the number of a contact, a stranger or nobody."""
        known = [c.number for c in self.account(account).contacts if c.number.startswith("00")]
        return self.random.choice([*known, *known, *STRANGERS])

    # Calls

    def ring(
        self,
        source: str | None = None,
        destination: str | None = None,
        *,
        account: str | None = None,
        line: int | None = None,
        answer_after: float | None = None,
        end_after: float | None = None,
    ) -> ActiveCall:
        """Let somebody call in; source `""` withholds the number, None is anybody.

        The seconds `answer_after` and `end_after`, both from now, let the call go on by itself.
        """
        self.settle()
        if destination is not None:
            destination = international(destination)
            owners = [a.user for a in self.accounts.values() if a.line_of(destination) is not None]
            account = account or next(iter(owners), None)
        owner = self.account(account)
        if line is None and destination is not None:
            line = owner.line_of(destination)
        home = self._line(owner, line)
        return self._start(
            owner,
            home.id,
            "in",
            self.somebody(owner.user) if source is None else international(source),
            destination or home.public_number or f"*{home.id}",
            answer_after=answer_after,
            end_after=end_after,
        )

    def dial(
        self,
        destination: str | None = None,
        *,
        source: str | None = None,
        account: str | None = None,
        line: int | None = None,
        answer_after: float | None = None,
        end_after: float | None = None,
    ) -> ActiveCall:
        """Let somebody in the house call out; None calls any contact."""
        self.settle()
        owner = self.account(account)
        home = self._line(owner, line)
        return self._start(
            owner,
            home.id,
            "out",
            home.shown if source is None else international(source),
            international(destination or self.somebody(owner.user) or STRANGERS[0]),
            answer_after=answer_after,
            end_after=end_after,
        )

    def redirect(
        self,
        call_id: int | None = None,
        to: str | None = None,
        *,
        keep: bool = True,
        answer_after: float | None = None,
        end_after: float | None = None,
    ) -> ActiveCall:
        """Send a ringing incoming call on to another number and return the new leg.

        With `keep` both legs stay up, the incoming one counts as answered when the other is, and
        their records are written together. Without it the incoming leg ends at once as missed, and
        its record is there while the redirected leg still rings.
        """
        self.settle()
        parent = self.call(call_id)
        if parent.direction != "in":
            raise ValueError("only an incoming call can be redirected")
        owner = self.account(parent.account)
        home = owner.lines.get(parent.line)
        to = to or (home and home.backup_number) or "00420777000111"
        leg = self._start(
            owner,
            parent.line,
            "redirected",
            parent.source,
            international(to),
            parent=parent,
            answer_after=answer_after,
            end_after=end_after,
        )
        if not keep:
            self._finish(parent)
        return leg

    def answer(self, call_id: int | None = None) -> ActiveCall:
        """Pick a call up; None is the newest that rings."""
        self.settle()
        if call_id is None:
            ringing = [leg.id for leg in self.active.values() if leg.answered is None]
            if not ringing:
                raise LookupError("no call rings")
            call_id = ringing[-1]
        call = self.call(call_id)
        if call.answered is None:
            call.answered = self.now()
            self._connect(call)
        return call

    def _connect(self, call: ActiveCall) -> None:
        if call.order is not None and len(call.legs) == 1:
            self._second_leg(call, call.order)
        elif call.order is None:
            # Telephones that rang for the same call fall silent.
            for other in list(call.legs):
                if other is call.parent and other.ended is None:
                    other.answered = other.answered or call.answered
                elif other is not call and other.answered is None:
                    self._finish(other)

    def end(self, call_id: int | None = None) -> ActiveCall:
        """Hang a call up, whoever does it; None is the newest. What was not answered is missed."""
        self.settle()
        call = self.call(call_id)
        first, *others = call.legs
        alone = all(leg is call or leg.ended for leg in others)
        for leg in list(call.legs) if call is first or alone else [call]:
            self._finish(leg)
        return call

    def miss(
        self,
        source: str | None = None,
        destination: str | None = None,
        *,
        account: str | None = None,
        line: int | None = None,
        ringing: int = RING_SECONDS,
    ) -> Record:
        """Let a call have rung `ringing` seconds until just now; its record is there at once."""
        call = self.ring(source, destination, account=account, line=line)
        call.started = self.now() - timedelta(seconds=ringing)
        self._finish(call, write=False)
        return self._write(call)

    def order_callback(
        self,
        caller: str,
        recipient: str,
        *,
        account: str | None = None,
        line: int | None = None,
        due: datetime | None = None,
        simple: bool = False,
    ) -> Callback:
        """Call `caller` and, when that is picked up, `recipient`; now, or when `due` has come."""
        self.settle()
        owner = self.account(account)
        home = self._line(owner, line)
        now = self.now()
        order = Callback(
            owner.user,
            home.id,
            international(caller),
            international(recipient),
            simple,
            ordered=now,
            due=due or now,
        )
        owner.callbacks.append(order)
        if due is None:
            self._first_leg(order)
        else:
            self.at(due, lambda: self._first_leg(order))
        return order

    def _first_leg(self, order: Callback) -> None:
        # That both legs go out from the line's own number is a guess.
        owner = self.account(order.account)
        home = owner.lines.get(order.line) or Line(order.line)
        pick_up = self.random.randint(4, 8) if self.life else None
        leg = self._start(
            owner, home.id, "out", home.shown, order.caller, order=order, answer_after=pick_up
        )
        order.call_ids.append(leg.id)

    def _second_leg(self, first: ActiveCall, order: Callback) -> None:
        pick_up = self.random.randint(5, 12) if self.life else None
        leg = self._start(
            self.account(order.account),
            order.line,
            "out",
            first.source,
            order.recipient,
            order=order,
            beside=first,
            answer_after=pick_up,
            end_after=pick_up and pick_up + self.random.randint(20, 90),
        )
        order.call_ids.append(leg.id)

    def _start(
        self,
        account: Account,
        line: int,
        direction: Direction,
        source: str,
        destination: str,
        *,
        parent: ActiveCall | None = None,
        beside: ActiveCall | None = None,
        order: Callback | None = None,
        answer_after: float | None = None,
        end_after: float | None = None,
    ) -> ActiveCall:
        own = direction == "in" or account.line_of(destination) is not None
        name, price = (IN_NETWORK, 0.0) if own else tariff(destination)
        first = parent or beside
        leg = ActiveCall(
            self._next_active_id(self.now()),
            account.user,
            line,
            direction,
            source,
            destination,
            name,
            price,
            self.now(),
            parent=parent,
            legs=first.legs if first else [],
            order=order,
        )
        leg.legs.append(leg)
        self.active[leg.id] = leg
        for seconds, act in ((answer_after, self.answer), (end_after, self.end)):
            if seconds is not None:
                self.after(seconds, partial(_while_up, leg, act))
        return leg

    def _finish(self, call: ActiveCall, *, write: bool = True) -> None:
        if call.ended is None:
            call.ended = self.now()
            del self.active[call.id]
            if write:
                self.after(self.record_delay, lambda: self._write(call))

    def _write(self, call: ActiveCall) -> Record:
        ended = call.ended or self.now()
        length = round((ended - call.answered).total_seconds()) if call.answered else 0
        record = self.add_record(
            account=call.account,
            date=call.started,
            direction=call.direction,
            source_number=call.source,
            destination_number=call.destination,
            destination_name=call.destination_name,
            line=call.line,
            length=length,
            ringing_length=round(((call.answered or ended) - call.started).total_seconds()),
            status="answered" if call.answered else "missed",
            price=round(call.price_per_minute * length / 60, 4),
            price_per_minute=call.price_per_minute,
            redirection_parent_id=call.parent and call.parent.record_id,
            active_call_id=call.id,
        )
        call.record_id = record.id
        return record

    # History

    def add_record(self, *, account: str | None = None, **fields: Any) -> Record:
        """Write one record: the fields of Record, of which only the numbers have to be given.

        The price is taken from the credit. An `id` of one's own has to be above those given out.
        """
        owner = self.account(account)
        now = self.now()
        fields.setdefault("date", now)
        fields.setdefault("direction", "in")
        fields.setdefault("line", next(iter(owner.lines), 0))
        if "id" not in fields:
            fields["id"] = self._next_record_id(now)
        elif fields["id"] <= self._last_record:
            raise ValueError("ids rise in the order in which records are written")
        record = Record(**fields)
        record.date = record.date.replace(microsecond=0)  # The exchange counts in whole seconds.
        self._last_record = record.id
        owner.credit = round(owner.credit - record.price, 4)
        if record.balance_after is None:
            record.balance_after = owner.credit
        owner.records.append(record)
        return record

    def add_sms(self, recipient: str, *, account: str | None = None, line: int = 0) -> Record:
        """Write the record of a message that was sent."""
        home = self._line(self.account(account), line or None)
        return self.add_record(
            account=account,
            direction="out",
            source_number=home.shown,
            destination_number=international(recipient),
            destination_name=SMS_NAME,
            line=home.id,
            length=None,
            ringing_length=None,
            status="unknown",
            price=SMS_PRICE,
            type="sms",
        )

    def fill(self, n: int, *, days: float = 61, account: str | None = None) -> None:
        """Write `n` records of plausible calls of the last days; the credit stays as it is."""
        owner = self.account(account)
        credit = owner.credit
        times = Random(self.seed)  # noqa: S311
        now = self.now()
        moments: list[datetime] = []
        while len(moments) < n:
            moment = now - timedelta(days=times.random() * days)
            # A history of less than a day cannot choose its hours.
            if days <= 1 or moment.astimezone(PRAGUE).hour in WAKING_HOURS:
                moments.append(moment)
        redirected: Record | None = None
        for moment in sorted(moments):
            redirected = self._past_record(owner, moment, redirected)
        shift = credit - owner.credit
        owner.credit = credit
        for record in owner.records[-n:]:
            record.balance_after = round((record.balance_after or 0) + shift, 4)

    def _past_record(
        self, owner: Account, moment: datetime, parent: Record | None
    ) -> Record | None:
        """Write one record of the past; return it when the next one is its redirected leg."""
        pick = self.random.random()
        home = self.random.choice(list(owner.lines.values()))
        answered = pick > MISSED_SHARE
        length = int(self.random.expovariate(1 / 150)) + 5 if answered else 0
        other, own = self.somebody(owner.user), home.public_number or f"*{home.id}"
        if parent:
            answered, length = parent.status == "answered", parent.length or 0
            home = owner.lines[parent.line]
            direction: Direction = "redirected"
            source, destination = parent.source_number, home.backup_number or "00420777000111"
        elif pick < OUTGOING_FROM:
            direction, source, destination = "in", other, own
        else:
            direction, source, destination = "out", home.shown, other or STRANGERS[0]
        name, price = (IN_NETWORK, 0.0) if direction == "in" else tariff(destination)
        ringing = self.random.randint(3, 12) if answered else self.random.randint(8, 40)
        record = self.add_record(
            account=owner.user,
            id=self._next_record_id(moment + timedelta(seconds=ringing + length)),
            date=parent.date if parent else moment,
            direction=direction,
            source_number=source,
            destination_number=destination,
            destination_name=name,
            line=home.id,
            length=length,
            ringing_length=ringing,
            status="answered" if answered else "missed",
            price=round(price * length / 60, 4),
            price_per_minute=price,
            redirection_parent_id=parent and parent.id,
            active_call_id=self._next_active_id(moment),
        )
        goes_on = direction == "in" and pick > OUTGOING_FROM - REDIRECTED_SHARE
        return record if goes_on else None

    def books(
        self,
        start: datetime | None = None,
        end: datetime | None = None,
        *,
        account: str | None = None,
        line: int | None = None,
    ) -> Books:
        """Return what the history adds up to, as the exchange itself knows it."""
        self.settle()
        owner = self.account(account)
        books = add_up(
            record
            for record in owner.records
            if (start is None or record.date >= start)
            and (end is None or record.date <= end)
            and line in {None, record.line}
        )
        books.credit = owner.credit
        return books

    def _next_record_id(self, moment: datetime) -> int:
        return max(self._last_record + 1, int(moment.timestamp()) - ID_EPOCH)

    def _next_active_id(self, moment: datetime) -> int:
        by_clock = (int(moment.timestamp()) - ID_EPOCH) // SECONDS_PER_ACTIVE_ID
        self._last_active = max(self._last_active + 1, by_clock)
        return self._last_active
