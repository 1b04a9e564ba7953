"""The operator's dialect over HTTP: what a request may say and what the exchange answers.

A stand-in for development, tests and the demo. Sources: the operator's document on calls, and what
public clients of the API send and parse; where the operator's own form is a guess, it is said so.
"""

from collections.abc import Awaitable, Callable, Iterable
import csv
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from functools import partial
import hashlib
import io
import math
import operator
import re
from typing import Any
from xml.etree import ElementTree as ET

from aiohttp import web

from .control import add_controls
from .exchange import BASE, EXCHANGE, Exchange, Params, dump, front, refused
from .world import (
    PRAGUE,
    SMS_NAME,
    SMS_PRICE,
    Account,
    ActiveCall,
    Books,
    Line,
    PublicNumber,
    Record,
    Sum,
    World,
    add_up,
)

PAGE_ROWS = 2000
HALF = 0.5
SELDOM = 0.2
REGISTRATION = timedelta(minutes=30)
SMS_LENGTH = 765
SMS_SENDERS = ("Odorik.cz", "5517")
# A dateTime of XML Schema. A raw "+" of a query arrives as a space and is thus refused.
DATE_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)?")
NUMBER = re.compile(r"-?\d{1,15}(\.\d+)?")
MINUTES = re.compile(r"[+-]?\d{1,7}")
CHOICES = {"direction": ("in", "out", "redirected"), "status": ("answered", "missed")}
BOUNDS: dict[str, tuple[str, Callable[[Any, Any], bool]]] = {
    "line": ("line", operator.eq),
    "min_length": ("length", operator.ge),
    "max_length": ("length", operator.le),
    "min_price": ("price", operator.ge),
    "max_price": ("price", operator.le),
}

type Rows = list[dict[str, Any]]


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

    def flag(self, name: str) -> bool:
        """Return whether a switch is given as `true`."""
        return self.params.get(name) == "true"

    def need(self, *names: str) -> None:
        """Refuse when a parameter is missing; that the list is parted by spaces is a guess."""
        if missing := [name for name in names if not self.params.get(name)]:
            raise Refusal(f"missing_argument {' '.join(missing)}")

    def number(self, name: str) -> float | None:
        """Return a numeric parameter; that a wrong one is refused with this code is a guess."""
        if not (text := self.params.get(name)):
            return None
        if not NUMBER.fullmatch(text):
            raise Refusal(f"invalid_argument {name}")
        return float(text)

    def moment(self, name: str) -> datetime:
        """Return a parameter that is a dateTime."""
        moment = date_time(self.params[name])
        if moment is None:
            raise Refusal(f"invalid_argument {name}")
        return moment

    def sees(self, line: int) -> bool:
        """Return whether this login may know of a line's calls."""
        return self.line is None or self.line.id == line


def date_time(text: str) -> datetime | None:
    """Return an XML Schema dateTime, or None; one without a zone is taken as Czech (a guess)."""
    if not DATE_TIME.fullmatch(text):
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=PRAGUE)


def utc(moment: datetime | None) -> str | None:
    """Write a time as the operator does."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if moment else None


# Calls


def call_row(record: Record, *, sip_ids: bool = False) -> dict[str, Any]:
    """Return a record as the operator writes it."""
    row: dict[str, Any] = {
        "id": record.id,
        "redirection_parent_id": record.redirection_parent_id,
        "date": utc(record.date),
        "direction": record.direction,
        "source_number": record.source_number,
        "destination_number": record.destination_number,
        "destination_name": record.destination_name,
        "length": record.length,
        "ringing_length": record.ringing_length,
        "status": record.status,
        "price": record.price,
        "price_per_minute": record.price_per_minute,
        "balance_after": record.balance_after,
        "line": record.line,
        "recording": record.recording,
    }
    if record.active_call_id is not None:
        row["active_call_id"] = record.active_call_id
    if record.type == "sms":
        row["type"] = "sms"
        for name in ("length", "ringing_length", "price_per_minute", "recording"):
            del row[name]
    elif sip_ids:
        mark = hashlib.sha256(str(record.active_call_id or record.id).encode()).hexdigest()[:16]
        row["sip_in_call_id"] = f"{mark}@sip.example.net"
        row["sip_out_call_id"] = f"{mark[::-1]}@sip.example.net" if record.length else None
    return row


def holds(name: str, fits: Callable[[Any, Any], bool], value: object, record: Record) -> bool:
    """Return whether a record's field fits a value; what it does not have counts as nothing."""
    return fits(getattr(record, name) or 0, value)


def selected(ask: Ask, records: Iterable[Record]) -> list[Record]:
    """Return the records that the request's filters let through."""
    tests: list[Callable[[Record], bool]] = [lambda record: ask.sees(record.line)]
    for name, allowed in CHOICES.items():
        if choice := ask.params.get(name):
            if choice not in allowed:
                raise Refusal(f"invalid_argument {name}")
            tests.append(partial(holds, name, operator.eq, choice))
    for name, (what, fits) in BOUNDS.items():
        # The login of a line sees that line only, whichever it names.
        if (bound := ask.number(name)) is not None and not (ask.line and name == "line"):
            tests.append(partial(holds, what, fits, bound))
    if start := ask.params.get("phone_number_filter"):
        tests.append(
            lambda record: (
                record.source_number.startswith(start)
                or record.destination_number.startswith(start)
            )
        )
    return [record for record in records if all(test(record) for test in tests)]


def between(ask: Ask) -> list[Record]:
    """Return the records that began from `from` to `to`, both included (a guess)."""
    ask.need("from", "to")
    start, end = ask.moment("from"), ask.moment("to")
    return [record for record in ask.account.records if start <= record.date <= end]


def page_of_calls(ask: Ask) -> tuple[Rows, int]:
    """Return one page of the history, oldest first, and the number of pages."""
    since = ask.number("since_id")
    if since is None:
        records = between(ask)
    elif "from" in ask.params or "to" in ask.params:
        raise Refusal("invalid_argument since_id")
    else:
        records = ask.account.since(int(since))
    records = selected(ask, records)
    if not ask.flag("include_sms"):
        records = [record for record in records if record.type == "call"]
    size = ask.number("page_size")
    page = ask.number("page")
    if (size is not None and size < 1) or (page is not None and page < 1):
        raise Refusal("invalid_argument page")
    rows = int(min(size or PAGE_ROWS, PAGE_ROWS))
    first = int((page or 1) - 1) * rows
    shown = [call_row(r, sip_ids=ask.flag("sip_ids")) for r in records[first : first + rows]]
    return shown, max(1, math.ceil(len(records) / rows))


def calls_json(ask: Ask) -> web.Response:
    """GET /calls.json."""
    rows, pages = page_of_calls(ask)
    return paged(dump(quirky(ask, rows)), "application/json", pages)


def calls_csv(ask: Ask) -> web.Response:
    """GET /calls.csv: fields parted by commas under their API names (the form is a guess)."""
    rows, pages = page_of_calls(ask)
    names = list(dict.fromkeys(name for row in rows for name in row))
    text = io.StringIO()
    writer = csv.DictWriter(text, names, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return paged(text.getvalue(), "text/csv", pages)


def calls_xml(ask: Ask) -> web.Response:
    """GET /calls.xml: one element a call, one a field (the form is a guess)."""
    rows, pages = page_of_calls(ask)
    root = ET.Element("calls")
    for row in rows:
        call = ET.SubElement(root, "call")
        for name, value in row.items():
            ET.SubElement(call, name).text = None if value is None else str(value)
    text = ET.tostring(root, encoding="unicode")
    return paged(f'<?xml version="1.0" encoding="UTF-8"?>\n{text}\n', "application/xml", pages)


def paged(text: str, content_type: str, pages: int) -> web.Response:
    """Return an answer that says how many pages there are."""
    return web.Response(
        text=text,
        content_type=content_type,
        charset="utf-8",
        headers={"Odorik-Pages": str(pages)},
    )


def active_row(call: ActiveCall) -> dict[str, Any]:
    """Return an active call as the operator writes it; a ringing one has no answer yet."""
    return {
        "id": call.id,
        "source_number": call.source,
        "destination_number": call.destination,
        "destination_name": call.destination_name,
        "start_date": utc(call.started),
        "answer_date": utc(call.answered),
        "price_per_minute": call.price_per_minute,
        "line": call.line,
    }


def active_calls(ask: Ask) -> Rows:
    """GET /active_calls.json."""
    return [
        active_row(call)
        for call in ask.world.active.values()
        if call.account == ask.account.user and ask.sees(call.line)
    ]


def hang_up(ask: Ask) -> dict[str, Any]:
    """DELETE /active_calls/<id>.json; `call_not_found` is a guess, as is the empty object."""
    call_id = int(ask.target) if ask.target.isdigit() else -1
    call = ask.world.active.get(call_id)
    if call is None:
        raise Refusal("call_not_found")
    if call.account != ask.account.user or not ask.sees(call.line):
        raise Refusal("unauthorized")
    ask.world.end(call_id)
    return {}


def callback(ask: Ask) -> str:
    """POST /callback."""
    ask.need("caller", "recipient")
    line = ask.line.id if ask.line else None
    if ask.line is None and (wanted := ask.params.get("line")):
        if not wanted.isdigit() or int(wanted) not in ask.account.lines:
            raise Refusal("invalid_line")
        line = int(wanted)
    due = delay(ask)
    if ask.world.callback_fails:
        raise Refusal("callback_failed")
    ask.world.order_callback(
        ask.params["caller"],
        ask.params["recipient"],
        account=ask.account.user,
        line=line,
        due=due,
        simple=ask.flag("simple"),
    )
    return "successfully_enqueued" if due else "callback_ordered"


def delay(ask: Ask) -> datetime | None:
    """Return when a delayed order is due: minutes from now, or an exact time."""
    text = ask.params.get("delayed")
    if not text:
        return None
    now = ask.world.now()
    if MINUTES.fullmatch(text):
        due = now + timedelta(minutes=int(text))
    elif (exact := date_time(text)) is not None:
        due = exact
    else:
        raise Refusal("invalid_delay_format")
    if due < now:
        raise Refusal("delayed_into_past")
    return due


# Statistics


def statistics_of(ask: Ask) -> Books:
    """Return the sums over what the request selects."""
    return add_up(selected(ask, between(ask)))


def sum_row(total: Sum) -> dict[str, Any]:
    """Return a sum as the operator writes it."""
    return {"count": total.count, "length": total.length, "price": total.price}


def call_statistics(ask: Ask) -> dict[str, Any]:
    """GET /call_statistics.json."""
    books = statistics_of(ask)
    return {
        "incoming": sum_row(books.incoming),
        "outgoing": sum_row(books.outgoing),
        "redirected": sum_row(books.redirected),
    }


def by_destination(ask: Ask) -> Rows:
    """GET /call_statistics/by_destination.json."""
    return [
        {
            "destination": name,
            **sum_row(total),
            "price_per_minute": price,
            "direction": direction,
        }
        for (name, price, direction), total in sorted(
            statistics_of(ask).destinations.items(), key=lambda item: str(item[0])
        )
    ]


def missed_calls(ask: Ask) -> Rows:
    """GET /call_statistics/missed_calls.json."""
    missed = statistics_of(ask).missed
    return [
        {"destination_number": number, "count": times} for number, times in sorted(missed.items())
    ]


# The account


def balance(ask: Ask) -> str:
    """GET /balance."""
    return f"{ask.account.credit:.2f}"


def own_lines(ask: Ask) -> list[Line]:
    """Return the lines that this login sees."""
    return [line for line in ask.account.lines.values() if ask.sees(line.id)]


def lines_text(ask: Ask) -> str:
    """GET /lines."""
    return ",".join(str(line.id) for line in own_lines(ask))


def lines_json(ask: Ask) -> Rows:
    """GET /lines.json; the times of the devices carry the local offset."""
    return [line_row(line, ask.world.now()) for line in own_lines(ask)]


def line_row(line: Line, now: datetime) -> dict[str, Any]:
    """Return a line as the operator writes it."""
    devices = []
    for device in line.devices:
        last = now - (now - (device.since or now)) % REGISTRATION
        devices.append(
            {
                "user_agent": device.user_agent,
                "public_socket": device.public_socket,
                "local_socket": device.local_socket,
                "last_registration_at": local(last),
                "registration_expires_at": local(last + REGISTRATION),
            }
        )
    return {
        "id": line.id,
        "name": line.name,
        "caller_id": line.caller_id,
        "public_number": line.public_number,
        "backup_number": line.backup_number,
        "sip_password": line.sip_password,
        **line.settings,
        "connected_devices": devices,
    }


def local(moment: datetime) -> str:
    """Write a time with the Czech offset."""
    return moment.astimezone(PRAGUE).isoformat(timespec="seconds")


def own_numbers(ask: Ask) -> list[PublicNumber]:
    """Return the public numbers that this login sees."""
    return [own for own in ask.account.numbers if own.line is None or ask.sees(own.line)]


def public_numbers(ask: Ask) -> Rows:
    """GET /public_numbers.json."""
    return [{"public_number": own.number, "type": own.type} for own in own_numbers(ask)]


def speed_dials(ask: Ask) -> Rows:
    """GET /speed_dials.json."""
    return [
        {"shortcut": contact.shortcut, "number": contact.number, "name": contact.name}
        for contact in ask.account.contacts
    ]


# Messages and data: no part of the integration, but other clients ask for them.


def sms_json(ask: Ask) -> Rows:
    """GET /sms.json."""
    return [call_row(record) for record in selected(ask, between(ask)) if record.type == "sms"]


def allowed_sender(ask: Ask) -> str:
    """GET /sms/allowed_sender."""
    mobiles = [own.number for own in own_numbers(ask) if own.type == "mobile"]
    return ",".join([*SMS_SENDERS, *mobiles])


def send_sms(ask: Ask) -> str:
    """POST /sms."""
    ask.need("recipient")
    if not ask.params.get("message", "")[:SMS_LENGTH]:
        raise Refusal("empty_message")
    if ask.params.get("sender", SMS_SENDERS[0]) not in allowed_sender(ask).split(","):
        raise Refusal("forbidden_sender")
    if not ask.params["recipient"].startswith("00"):
        raise Refusal("unsupported_recipient")
    if ask.account.credit < SMS_PRICE:
        raise Refusal("low_balance")
    due = delay(ask)
    user, line = ask.account.user, ask.line.id if ask.line else 0
    if due is None:
        ask.world.add_sms(ask.params["recipient"], account=user, line=line)
        return f"successfully_sent {balance(ask)}"
    ask.world.at(due, lambda: ask.world.add_sms(ask.params["recipient"], account=user, line=line))
    return "successfully_enqueued"


def mobile_data(ask: Ask) -> Rows:
    """GET /sim_cards/mobile_data.json: nobody here uses data."""
    ask.need("from", "to")
    if ask.target and ask.target not in {own.number for own in own_numbers(ask)}:
        raise Refusal("nonexisting_public_number")
    return []


# Answering


type Answer = str | Rows | dict[str, Any] | web.Response


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One path of the API; `name` is what a login can be denied."""

    method: str
    path: str
    name: str
    answer: Callable[[Ask], Answer]


ENDPOINTS = (
    Endpoint("GET", "/balance", "balance", balance),
    Endpoint("GET", "/lines", "lines", lines_text),
    Endpoint("GET", "/lines.json", "lines", lines_json),
    Endpoint("GET", "/public_numbers.json", "public_numbers", public_numbers),
    Endpoint("GET", "/speed_dials.json", "speed_dials", speed_dials),
    Endpoint("POST", "/callback", "callback", callback),
    Endpoint("GET", "/calls.json", "calls", calls_json),
    Endpoint("GET", "/calls.csv", "calls", calls_csv),
    Endpoint("GET", "/calls.xml", "calls", calls_xml),
    Endpoint("GET", "/active_calls.json", "active_calls", active_calls),
    Endpoint("DELETE", "/active_calls/{target}.json", "hangup", hang_up),
    Endpoint("GET", "/call_statistics.json", "call_statistics", call_statistics),
    Endpoint("GET", "/call_statistics/by_destination.json", "by_destination", by_destination),
    Endpoint("GET", "/call_statistics/missed_calls.json", "missed_calls", missed_calls),
    Endpoint("GET", "/sms.json", "sms", sms_json),
    Endpoint("GET", "/sms/allowed_sender", "sms", allowed_sender),
    Endpoint("POST", "/sms", "sms", send_sms),
    Endpoint("GET", "/sim_cards/mobile_data.json", "mobile_data", mobile_data),
    Endpoint("GET", "/sim_cards/{target}/mobile_data.json", "mobile_data", mobile_data),
)


def login(exchange: Exchange, params: Params) -> tuple[Account, Line | None]:
    """Return whose login it is; several accounts may have a line of the same number."""
    user, password = params.get("user"), params.get("password")
    if not user or not password:
        raise Refusal("authentication_required")
    accounts = exchange.world.accounts
    if user in accounts and accounts[user].password == password:
        return accounts[user], None
    for account in accounts.values():
        for line in account.lines.values():
            if str(line.id) == user and line.sip_password == password:
                return account, line
    raise Refusal("authentication_failed")


def quirky[T: Answer](ask: Ask, answer: T) -> T:
    """Return what a less tidy exchange would say: shuffled, numbers as text, gaps, new fields."""
    if not ask.world.quirks:
        return answer
    chance = ask.exchange.random

    def loosen(value: Any, name: str = "") -> Any:
        if isinstance(value, dict):
            row = {key: loosen(inner, key) for key, inner in value.items()}
            if chance.random() < HALF:
                if row.get("answer_date", "") is None:
                    del row["answer_date"]
                if row.get("destination_name") == SMS_NAME:
                    row = {**row, "direction": None}
                    row.pop("type")
            return {**row, "field_of_tomorrow": {"any": ["thing"]}} if row else row
        if isinstance(value, list):
            return chance.sample([loosen(inner) for inner in value], len(value))
        if name in {"destination_name", "ringing_length"} and chance.random() < SELDOM:
            return None if value != SMS_NAME else value
        numeric = isinstance(value, int | float) and not isinstance(value, bool)
        return str(value) if numeric else value

    loose: T = loosen(answer)
    return loose


def asked(request: web.Request, endpoint: Endpoint) -> Ask:
    """Return what is asked, once it is known who asks and that they may."""
    exchange = request.app[EXCHANGE]
    exchange.world.settle()
    params: Params = request["params"]
    account, line = login(exchange, params)
    if endpoint.name in exchange.world.denied.get(params["user"], ()):
        raise Refusal("unauthorized")
    return Ask(exchange, account, line, params, request.match_info.get("target", ""))


def door(endpoint: Endpoint) -> Callable[[web.Request], Awaitable[web.Response]]:
    """Return the handler of one endpoint."""

    async def handle(request: web.Request) -> web.Response:
        try:
            ask = asked(request, endpoint)
            answer = endpoint.answer(ask)
        except Refusal as refusal:
            return refused(endpoint.path, str(refusal))
        if isinstance(answer, web.Response):
            return answer
        if isinstance(answer, str):
            return web.Response(text=answer, content_type="text/plain")
        return web.Response(text=dump(quirky(ask, answer)), content_type="application/json")

    return handle


async def date(request: web.Request, answer: web.StreamResponse) -> None:
    """Say what time it is here, in the header in which every server says it."""
    answer.headers["Date"] = format_datetime(request.app[EXCHANGE].world.now(), usegmt=True)


async def close(app: web.Application) -> None:
    """Let nobody wait for an answer that will not come."""
    app[EXCHANGE].closing.set()


def make_app(world: World) -> web.Application:
    """Return the exchange as a web application; `app[EXCHANGE]` has its journal and its faults."""
    app = web.Application(middlewares=[front])
    app[EXCHANGE] = Exchange(world)
    app.on_response_prepare.append(date)
    app.on_shutdown.append(close)
    for endpoint in ENDPOINTS:
        app.router.add_route(endpoint.method, BASE + endpoint.path, door(endpoint))
    add_controls(app)
    return app
