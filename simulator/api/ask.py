"""A request of somebody who has logged in, and what its parameters mean."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
import re
from typing import Any

from aiohttp import web

from simulator.exchange import Exchange, Params
from simulator.world import Account, Line, World

# A dateTime of XML Schema. A raw "+" of a query arrives as a space and is thus refused.
DATE_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)?", re.ASCII)
DECIMAL = re.compile(r"-?\d{1,15}(\.\d+)?", re.ASCII)
WHOLE = re.compile(r"\d{1,18}", re.ASCII)
MINUTES = re.compile(r"[+-]?\d{1,7}", re.ASCII)


type Row = dict[str, Any]
type Rows = list[Row]
type Answer = str | Rows | Row | web.Response


class Refusal(Exception):  # noqa: N818 - the operator refuses, nothing broke
    """What the operator answers instead of what was asked for; the text is the code."""


@dataclass(frozen=True, slots=True)
class Ask:
    """A request of somebody who has logged in; `line` is set for the login of a line."""

    exchange: Exchange
    account: Account
    line: Line | None
    params: Params
    target: str = ""

    @property
    def world(self) -> World:
        """The world that is asked about."""
        return self.exchange.world

    def reworded[T: Answer](self, answer: T) -> T:
        """Return an answer in the dialect of the exchange."""
        reworded: T = self.exchange.dialect.reword(self.exchange.random, answer)
        return reworded

    def flag(self, name: str) -> bool:
        """Return whether a switch is given as `true`."""
        return self.params.get(name) == "true"

    def need(self, *names: str) -> None:
        """Refuse when a parameter is missing; that the list is parted by spaces is a guess."""
        if missing := [name for name in names if not self.params.get(name)]:
            raise Refusal(f"missing_argument {' '.join(missing)}")

    def whole(self, name: str) -> int | None:
        """Return a whole number; that a wrong one is refused with this code is a guess."""
        return int(text) if (text := self._written(name, WHOLE)) else None

    def decimal(self, name: str) -> float | None:
        """Return a price."""
        return float(text) if (text := self._written(name, DECIMAL)) else None

    def _written(self, name: str, form: re.Pattern[str]) -> str | None:
        text = self.params.get(name)
        if text and not form.fullmatch(text):
            raise Refusal(f"invalid_argument {name}")
        return text

    def moment(self, name: str) -> datetime:
        """Return a parameter that is a dateTime."""
        moment = date_time(self.params[name], self.exchange.dialect.zone)
        if moment is None:
            raise Refusal(f"invalid_argument {name}")
        return moment

    def sees(self, line: int) -> bool:
        """Return whether this login may know of a line's calls."""
        return self.line is None or self.line.id == line


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One path of the API; `name` is what a login can be denied.

    What is `of_account` the login of a line may not read.
    """

    method: str
    path: str
    name: str
    answer: Callable[[Ask], Answer]
    of_account: bool = False


def date_time(text: str, zone: tzinfo) -> datetime | None:
    """Return an XML Schema dateTime, or None; one without a zone is taken to be of `zone`."""
    if not DATE_TIME.fullmatch(text):
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=zone)


def utc(moment: datetime | None) -> str | None:
    """Write a time as the operator does."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if moment else None


def delay(ask: Ask) -> datetime | None:
    """Return when a delayed order is due: minutes from now, or an exact time."""
    text = ask.params.get("delayed")
    if not text:
        return None
    now = ask.world.now()
    if MINUTES.fullmatch(text):
        due = now + timedelta(minutes=int(text))
    elif (exact := date_time(text, ask.exchange.dialect.zone)) is not None:
        due = exact
    else:
        raise Refusal("invalid_delay_format")
    if due < now:
        raise Refusal("delayed_into_past")
    return due
