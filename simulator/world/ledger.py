"""Accounts with their credit and their history."""

from collections.abc import Iterable
from datetime import datetime
from random import Random
from typing import Any

from .accounts import Account, Line
from .clock import Clock
from .numbers import SMS_NAME, SMS_PRICE, STRANGERS, international
from .records import Record, Totals, compute_totals

# IDs follow the clock, so that a restarted exchange continues above the IDs it has issued, and a
# client can continue from the position it stored.
ID_EPOCH = 1_200_000_000
SECONDS_PER_ACTIVE_ID = 8


class Ledger:
    """The accounts of the exchange, their credit and their records."""

    def __init__(self, clock: Clock, accounts: Iterable[Account], seed: int) -> None:
        self.clock = clock
        self.accounts = {account.user: account for account in accounts}
        self.seed = seed
        self.random = Random(seed)  # noqa: S311 - reproducible, not a secret
        self._last_record = 0
        self._last_active = 0

    def account(self, user: str | None = None) -> Account:
        """Return the account of a user, by default the first; raise LookupError if unknown."""
        if user is None:
            return next(iter(self.accounts.values()))
        if user not in self.accounts:
            raise LookupError(f"no account {user}")
        return self.accounts[user]

    def line(self, account: Account, line: int | None) -> Line:
        """Return a line of an account, by default the first; raise LookupError if unknown."""
        if line is None:
            return next(iter(account.lines.values()))
        if line not in account.lines:
            raise LookupError(f"account {account.user} has no line {line}")
        return account.lines[line]

    def random_party(self, account: str | None = None) -> str:
        """Return the number of a random contact or stranger, possibly withheld."""
        known = [c.number for c in self.account(account).contacts if c.number.startswith("00")]
        return self.random.choice([*known, *known, *STRANGERS])

    def add_record(self, *, account: str | None = None, **fields: Any) -> Record:
        """Append a record and charge its price; only the two numbers are required fields.

        An explicit `id` has to be higher than all previous ones.
        """
        owner = self.account(account)
        now = self.clock.now()
        fields.setdefault("date", now)
        fields.setdefault("direction", "in")
        fields.setdefault("line", next(iter(owner.lines), 0))
        if "id" not in fields:
            fields["id"] = self.next_record_id(now)
        elif fields["id"] <= self._last_record:
            raise ValueError("record IDs must ascend")
        record = Record(**fields)
        record.date = record.date.replace(microsecond=0)  # The operator sends whole seconds.
        self._last_record = record.id
        owner.credit = round(owner.credit - record.price, 4)
        if record.balance_after is None:
            record.balance_after = owner.credit
        owner.records.append(record)
        return record

    def add_sms(
        self,
        recipient: str | None = None,
        *,
        source: str | None = None,
        account: str | None = None,
        line: int | None = None,
        parts: int = 1,
        **fields: Any,
    ) -> Record:
        """Record a sent message, by default to a random party."""
        sender = self.line(self.account(account), line)
        return self._add_message(
            account=account,
            direction="out",
            source_number=sender.source_number if source is None else international(source),
            destination_number=self._party(recipient, account),
            line=sender.id,
            price=round(SMS_PRICE * parts, 4),
            **fields,
        )

    def receive_sms(
        self,
        source: str | None = None,
        destination: str | None = None,
        *,
        account: str | None = None,
        line: int | None = None,
        **fields: Any,
    ) -> Record:
        """Record a received message, by default to the account's mobile number."""
        owner = self.account(account)
        mobiles = (own for own in owner.numbers if own.type == "mobile")
        if line is None and destination is None and (own := next(mobiles, None)):
            destination, line = own.number, own.line
        elif line is None and destination is not None:
            line = owner.line_of(international(destination))
        receiver = self.line(owner, line)
        return self._add_message(
            account=account,
            direction="in",
            source_number=self._party(source, account),
            destination_number=international(destination or receiver.source_number),
            line=receiver.id,
            **fields,
        )

    def _party(self, number: str | None, account: str | None) -> str:
        """Return a number in the exchange's format, or that of a random party."""
        return international(number or self.random_party(account) or STRANGERS[0])

    def _add_message(self, **fields: Any) -> Record:
        return self.add_record(
            destination_name=SMS_NAME,
            length=None,
            ringing_length=None,
            status="unknown",
            type="sms",
            **fields,
        )

    def totals(
        self,
        start: datetime | None = None,
        end: datetime | None = None,
        *,
        account: str | None = None,
        line: int | None = None,
    ) -> Totals:
        """Return the totals of an account's history."""
        self.clock.run_due()
        owner = self.account(account)
        totals = compute_totals(
            record
            for record in owner.records
            if (start is None or record.date >= start)
            and (end is None or record.date <= end)
            and line in {None, record.line}
        )
        totals.credit = owner.credit
        return totals

    def next_record_id(self, moment: datetime) -> int:
        """Return the ID of the next record, for a call at `moment`."""
        return max(self._last_record + 1, int(moment.timestamp()) - ID_EPOCH)

    def next_active_id(self, moment: datetime) -> int:
        """Return the ID of the next leg, which starts at `moment`."""
        by_clock = (int(moment.timestamp()) - ID_EPOCH) // SECONDS_PER_ACTIVE_ID
        self._last_active = max(self._last_active + 1, by_clock)
        return self._last_active
