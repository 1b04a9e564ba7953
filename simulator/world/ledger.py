"""The accounts, and their histories."""

from collections.abc import Iterable
from datetime import datetime
from random import Random
from typing import Any

from .accounts import Account
from .books import Books, add_up
from .clock import Clock
from .lines import Line
from .money import SMS_NAME, SMS_PRICE
from .numbers import STRANGERS, international
from .records import Record

# Ids follow the clock, as in an exchange that serves others too: an exchange that is started again
# goes on above the ids that it gave out before, and a client that kept its place keeps it.
ID_EPOCH = 1_200_000_000
SECONDS_PER_ACTIVE_ID = 8


class Ledger:
    """Accounts with their credit and their records."""

    def __init__(self, clock: Clock, accounts: Iterable[Account], seed: int) -> None:
        self.clock = clock
        self.accounts = {account.user: account for account in accounts}
        self.seed = seed
        self.random = Random(seed)  # noqa: S311 - a world that can be repeated, no secret
        self._last_record = 0
        self._last_active = 0

    def account(self, user: str | None = None) -> Account:
        """Return an account by its user, or the first; LookupError when there is none."""
        if user is None:
            return next(iter(self.accounts.values()))
        if user not in self.accounts:
            raise LookupError(f"no account {user}")
        return self.accounts[user]

    def line(self, account: Account, line: int | None) -> Line:
        """Return a line of an account, or its first; LookupError when there is none."""
        if line is None:
            return next(iter(account.lines.values()))
        if line not in account.lines:
            raise LookupError(f"account {account.user} has no line {line}")
        return account.lines[line]

    def somebody(self, account: str | None = None) -> str:
        """Return the number of a contact, a stranger or nobody."""
        known = [c.number for c in self.account(account).contacts if c.number.startswith("00")]
        return self.random.choice([*known, *known, *STRANGERS])

    def add_record(self, *, account: str | None = None, **fields: Any) -> Record:
        """Write one record: the fields of Record, of which only the numbers have to be given.

        The price is taken from the credit. An `id` of one's own has to be above those given out.
        """
        owner = self.account(account)
        now = self.clock.now()
        fields.setdefault("date", now)
        fields.setdefault("direction", "in")
        fields.setdefault("line", next(iter(owner.lines), 0))
        if "id" not in fields:
            fields["id"] = self.next_record_id(now)
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

    def add_sms(
        self,
        recipient: str | None = None,
        *,
        source: str | None = None,
        account: str | None = None,
        line: int | None = None,
        **fields: Any,
    ) -> Record:
        """Write the record of a message that was sent; None is sent to anybody."""
        home = self.line(self.account(account), line)
        return self._add_message(
            account=account,
            direction="out",
            source_number=home.shown if source is None else international(source),
            destination_number=international(recipient or self.somebody(account) or STRANGERS[0]),
            line=home.id,
            price=SMS_PRICE,
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
        """Write the record of a message that came in; without more it came to a mobile number."""
        owner = self.account(account)
        mobiles = (own for own in owner.numbers if own.type == "mobile")
        if line is None and destination is None and (own := next(mobiles, None)):
            destination, line = own.number, own.line
        elif line is None and destination is not None:
            line = owner.line_of(international(destination))
        home = self.line(owner, line)
        return self._add_message(
            account=account,
            direction="in",
            source_number=international(source or self.somebody(account) or STRANGERS[0]),
            destination_number=international(destination or home.shown),
            line=home.id,
            **fields,
        )

    def _add_message(self, **fields: Any) -> Record:
        return self.add_record(
            destination_name=SMS_NAME,
            length=None,
            ringing_length=None,
            status="unknown",
            type="sms",
            **fields,
        )

    def books(
        self,
        start: datetime | None = None,
        end: datetime | None = None,
        *,
        account: str | None = None,
        line: int | None = None,
    ) -> Books:
        """Return what the history adds up to, as the exchange itself knows it."""
        self.clock.settle()
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

    def next_record_id(self, moment: datetime) -> int:
        """Return the id of the record that is written next, of a call at a moment."""
        return max(self._last_record + 1, int(moment.timestamp()) - ID_EPOCH)

    def next_active_id(self, moment: datetime) -> int:
        """Return the id of the leg that begins next, at a moment."""
        by_clock = (int(moment.timestamp()) - ID_EPOCH) // SECONDS_PER_ACTIVE_ID
        self._last_active = max(self._last_active + 1, by_clock)
        return self._last_active
