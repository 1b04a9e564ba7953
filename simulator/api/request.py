"""Authenticated requests and their parameters."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
import re
from typing import Any

from aiohttp import web

from simulator.exchange import Exchange, Params
from simulator.world import Account, Line, World

# A dateTime of XML Schema. An unencoded "+" arrives as a space and is thus rejected.
DATE_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)?", re.ASCII)
DECIMAL = re.compile(r"-?\d{1,15}(\.\d+)?", re.ASCII)
INTEGER = re.compile(r"\d{1,18}", re.ASCII)
MINUTES = re.compile(r"[+-]?\d{1,7}", re.ASCII)


type Row = dict[str, Any]
type Rows = list[Row]
type Content = str | Rows | Row | web.Response


class ApiError(Exception):
    """An error response of the operator; the text is its code."""


@dataclass(frozen=True, slots=True)
class ApiRequest:
    """An authenticated request; `line` is set if a line logged in rather than the account."""

    exchange: Exchange
    account: Account
    line: Line | None
    params: Params
    target: str = ""

    @property
    def world(self) -> World:
        """The world of the exchange."""
        return self.exchange.world

    def reworded[T: Content](self, content: T) -> T:
        """Return the content of a response in the dialect of the exchange."""
        reworded: T = self.exchange.dialect.reword(self.exchange.random, content)
        return reworded

    def flag(self, name: str) -> bool:
        """Return whether a parameter is `true`."""
        return self.params.get(name) == "true"

    def require(self, *names: str) -> None:
        """Raise ApiError if parameters are missing; the separator of the list is a guess."""
        if missing := [name for name in names if not self.params.get(name)]:
            raise ApiError(f"missing_argument {' '.join(missing)}")

    def integer(self, name: str) -> int | None:
        """Parse an integer parameter; the error code for an invalid one is a guess."""
        return int(text) if (text := self._matched(name, INTEGER)) else None

    def decimal(self, name: str) -> float | None:
        """Parse a decimal parameter."""
        return float(text) if (text := self._matched(name, DECIMAL)) else None

    def _matched(self, name: str, pattern: re.Pattern[str]) -> str | None:
        text = self.params.get(name)
        if text and not pattern.fullmatch(text):
            raise ApiError(f"invalid_argument {name}")
        return text

    def moment(self, name: str) -> datetime:
        """Parse a required dateTime parameter."""
        moment = parse_date_time(self.params[name], self.exchange.dialect.zone)
        if moment is None:
            raise ApiError(f"invalid_argument {name}")
        return moment

    def delayed(self) -> datetime | None:
        """Return the time of a delayed order, given in minutes or as a dateTime."""
        text = self.params.get("delayed")
        if not text:
            return None
        now = self.world.now()
        if MINUTES.fullmatch(text):
            due = now + timedelta(minutes=int(text))
        elif (exact := parse_date_time(text, self.exchange.dialect.zone)) is not None:
            due = exact
        else:
            raise ApiError("invalid_delay_format")
        if due < now:
            raise ApiError("delayed_into_past")
        return due

    def is_denied(self, name: str) -> bool:
        """Return whether the login may not use the endpoints of a name."""
        return name in self.world.denied.get(self.params["user"], ())

    def may_read(self, line: int) -> bool:
        """Return whether the login may read the calls of a line."""
        return self.line is None or self.line.id == line


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A method and path of the API.

    `name` is what a login can be denied. With `account_only` the login of a line is unauthorized.
    """

    method: str
    path: str
    name: str
    handle: Callable[[ApiRequest], Content]
    account_only: bool = False


def authenticate(exchange: Exchange, params: Params) -> tuple[Account, Line | None]:
    """Return the account of a login, and its line if a line logged in.

    Accounts may have lines with the same number and different passwords.
    """
    user, password = params.get("user"), params.get("password")
    if not user or not password:
        raise ApiError("authentication_required")
    accounts = exchange.world.accounts
    if user in accounts and accounts[user].password == password:
        return accounts[user], None
    for account in accounts.values():
        for line in account.lines.values():
            if str(line.id) == user and line.sip_password == password:
                return account, line
    raise ApiError("authentication_failed")


def parse_date_time(text: str, zone: tzinfo) -> datetime | None:
    """Parse an XML Schema dateTime, by default in `zone`; return None if it is invalid."""
    if not DATE_TIME.fullmatch(text):
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=zone)


def format_utc(moment: datetime | None) -> str | None:
    """Format a time as the operator does."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if moment else None
