"""A plausible past: records of calls that nobody has seen happen."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from .accounts import Account
from .clock import PRAGUE, Clock
from .ledger import Ledger
from .money import IN_NETWORK, tariff
from .numbers import STRANGERS
from .records import Direction, Record

# How a plausible history is mixed: what is drawn from 0 to 1 is missed up to here, comes in up to
# OUTGOING_FROM (the last of it redirected), and goes out above.
MISSED_SHARE = 0.18
REDIRECTED_SHARE = 0.08
OUTGOING_FROM = 0.65
RECEIVED_SHARE = 0.6
SAME_MOMENT = timedelta(seconds=3)
WAKING_HOURS = range(7, 22)


@dataclass(slots=True, eq=False)
class Past:
    """Writes what is said to have happened before."""

    clock: Clock
    ledger: Ledger

    def fill(
        self, n: int, *, days: float = 61, account: str | None = None, messages: int = 0
    ) -> None:
        """Write `n` records of plausible calls of the last days, and of so many messages.

        The credit stays as it is, and the calls are the same with messages and without.
        """
        owner = self.ledger.account(account)
        credit, first = owner.credit, len(owner.records)
        chance = Random(self.ledger.seed + 1)  # noqa: S311
        moments = [(moment, False) for moment in self._moments(n, days, Random(self.ledger.seed))]  # noqa: S311
        moments += [(moment, True) for moment in self._moments(messages, days, chance)]
        redirected: Record | None = None
        for moment, is_message in sorted(moments):
            if is_message:
                self._past_message(owner, moment, chance)
            else:
                redirected = self._past_record(owner, moment, redirected)
        shift = credit - owner.credit
        owner.credit = credit
        for record in owner.records[first:]:
            record.balance_after = round((record.balance_after or 0) + shift, 4)

    def _moments(self, n: int, days: float, times: Random) -> list[datetime]:
        """Choose moments of the last days at which people are awake."""
        now = self.clock.now()
        moments: list[datetime] = []
        while len(moments) < n:
            moment = now - timedelta(days=times.random() * days)
            # A history of less than a day cannot choose its hours.
            if days <= 1 or moment.astimezone(PRAGUE).hour in WAKING_HOURS:
                moments.append(moment)
        return moments

    def _past_message(self, owner: Account, moment: datetime, chance: Random) -> None:
        """Write the record of a message of the past."""
        write = self.ledger.receive_sms if chance.random() < RECEIVED_SHARE else self.ledger.add_sms
        other = chance.choice([number for number in STRANGERS if number])
        record_id = self.ledger.next_record_id(moment)
        write(other, account=owner.user, date=moment, id=record_id)

    def _past_record(
        self, owner: Account, moment: datetime, parent: Record | None
    ) -> Record | None:
        """Write one record of the past; return it when the next one is its redirected leg."""
        pick = self.ledger.random.random()
        home = self.ledger.random.choice(list(owner.lines.values()))
        answered = pick > MISSED_SHARE
        length = int(self.ledger.random.expovariate(1 / 150)) + 5 if answered else 0
        other, own = self.ledger.somebody(owner.user), home.public_number or f"*{home.id}"
        while other and _is_same_moment(owner.records[-9:], other, own, moment):
            other = self.ledger.somebody(owner.user)
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
            line=home.id,
            length=length,
            ringing_length=ringing,
            status="answered" if answered else "missed",
            price=round(price * length / 60, 4),
            price_per_minute=price,
            redirection_parent_id=parent and parent.id,
            active_call_id=self.ledger.next_active_id(moment),
        )
        goes_on = direction == "in" and pick > OUTGOING_FROM - REDIRECTED_SHARE
        return record if goes_on else None


def _is_same_moment(
    records: Iterable[Record], source: str, destination: str, moment: datetime
) -> bool:
    """Whether a caller has just called a number: that would be one call on two telephones."""
    return any(
        (record.source_number, record.destination_number) == (source, destination)
        and moment - record.date <= SAME_MOMENT
        for record in records
    )
