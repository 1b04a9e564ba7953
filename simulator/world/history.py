"""Plausible histories: records of calls and messages before the simulation started."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from .accounts import Account
from .clock import PRAGUE, Clock
from .ledger import Ledger
from .numbers import IN_NETWORK, STRANGERS, tariff
from .records import Direction, Record

# A call draws a number from 0 to 1. Up to MISSED_SHARE it is missed, up to OUTGOING_FROM it is
# incoming (the last REDIRECTED_SHARE of these are redirected), above that it is outgoing.
MISSED_SHARE = 0.18
REDIRECTED_SHARE = 0.08
OUTGOING_FROM = 0.65
RECEIVED_MESSAGE_SHARE = 0.6
SAME_CALL_TOLERANCE = timedelta(seconds=3)
WAKING_HOURS = range(7, 22)


@dataclass(slots=True, eq=False)
class HistoryGenerator:
    """Generates records of the past."""

    clock: Clock
    ledger: Ledger

    def fill(
        self, n: int, *, days: float = 61, account: str | None = None, messages: int = 0
    ) -> None:
        """Add `n` records of calls within the last days, and of `messages` text messages.

        The credit stays unchanged, and the calls do not depend on the number of messages.
        """
        owner = self.ledger.account(account)
        credit, first = owner.credit, len(owner.records)
        rng = Random(self.ledger.seed + 1)  # noqa: S311
        moments = [(moment, False) for moment in self._moments(n, days, Random(self.ledger.seed))]  # noqa: S311
        moments += [(moment, True) for moment in self._moments(messages, days, rng)]
        redirected: Record | None = None
        for moment, is_message in sorted(moments):
            if is_message:
                # During a call, the message would need an ID lower than that of the call's record.
                ended = _end(owner.records[-1]) if len(owner.records) > first else moment
                self._add_message(owner, max(moment, ended), rng)
            else:
                redirected = self._add_call(owner, moment, redirected)
        shift = credit - owner.credit
        owner.credit = credit
        for record in owner.records[first:]:
            record.balance_after = round((record.balance_after or 0) + shift, 4)

    def _moments(self, n: int, days: float, rng: Random) -> list[datetime]:
        """Return random moments of the last days, at waking hours."""
        now = self.clock.now()
        moments: list[datetime] = []
        while len(moments) < n:
            moment = now - timedelta(days=rng.random() * days)
            # A period of up to one day may contain no waking hours.
            if days <= 1 or moment.astimezone(PRAGUE).hour in WAKING_HOURS:
                moments.append(moment)
        return moments

    def _add_message(self, owner: Account, moment: datetime, rng: Random) -> None:
        is_received = rng.random() < RECEIVED_MESSAGE_SHARE
        add = self.ledger.receive_sms if is_received else self.ledger.add_sms
        party = rng.choice([number for number in STRANGERS if number])
        record_id = self.ledger.next_record_id(moment)
        add(party, account=owner.user, date=moment, id=record_id)

    def _add_call(self, owner: Account, moment: datetime, parent: Record | None) -> Record | None:
        """Add one record; return it if the next record is to be its redirected leg."""
        pick = self.ledger.random.random()
        line = self.ledger.random.choice(list(owner.lines.values()))
        answered = pick > MISSED_SHARE
        length = int(self.ledger.random.expovariate(1 / 150)) + 5 if answered else 0
        party, own = self.ledger.random_party(owner.user), line.public_number or f"*{line.id}"
        while party and _is_same_call(owner.records[-9:], party, own, moment):
            party = self.ledger.random_party(owner.user)
        if parent:
            answered, length = parent.status == "answered", parent.length or 0
            line = owner.lines[parent.line]
            direction: Direction = "redirected"
            source, destination = parent.source_number, line.backup_number or "00420777000111"
        elif pick < OUTGOING_FROM:
            direction, source, destination = "in", party, own
        else:
            direction, source, destination = "out", line.source_number, party or STRANGERS[0]
        name, price = (IN_NETWORK, 0.0) if direction == "in" else tariff(destination)
        ringing = (
            self.ledger.random.randint(3, 12) if answered else self.ledger.random.randint(8, 40)
        )
        record = self.ledger.add_record(
            account=owner.user,
            id=self.ledger.next_record_id(moment + timedelta(seconds=ringing + length)),
            date=parent.date if parent else moment,
            direction=direction,
            source_number=source,
            destination_number=destination,
            destination_name=name,
            line=line.id,
            length=length,
            ringing_length=ringing,
            status="answered" if answered else "missed",
            price=round(price * length / 60, 4),
            price_per_minute=price,
            redirection_parent_id=parent and parent.id,
            active_call_id=self.ledger.next_active_id(moment),
        )
        is_redirected = direction == "in" and pick > OUTGOING_FROM - REDIRECTED_SHARE
        return record if is_redirected else None


def _end(record: Record) -> datetime:
    return record.date + timedelta(seconds=(record.ringing_length or 0) + (record.length or 0))


def _is_same_call(
    records: Iterable[Record], source: str, destination: str, moment: datetime
) -> bool:
    """Return whether a client would take a call for another leg of a previous one."""
    return any(
        (record.source_number, record.destination_number) == (source, destination)
        and moment - record.date <= SAME_CALL_TOLERANCE
        for record in records
    )
