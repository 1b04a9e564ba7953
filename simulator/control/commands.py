"""The commands of the controls."""

from collections.abc import Callable
from dataclasses import dataclass
from inspect import Parameter, signature
from typing import Any, Literal

from msgspec import Struct, defstruct
from msgspec.structs import asdict

from simulator.dialects import DIALECTS
from simulator.exchange import Exchange
from simulator.faults import FAULTS, Fault
from simulator.world import (
    RING_SECONDS,
    Account,
    ActiveCall,
    Contact,
    Device,
    Line,
    PublicNumber,
    Switchboard,
    World,
)
from simulator.world.accounts import REGISTRATION
from simulator.world.numbers import FORGERIES, international
from simulator.worlds import gate_number, start_background_traffic, start_fraud, start_storm

PARAM_NAMES = {"call_id": "id", "source": "from", "destination": "to"}
"""The parameters that have a different name in a request."""
CALL_FIELDS = ("id", "direction", "source", "destination", "line", "started", "answered", "ended")
HELP = """\
control routes (POST with a JSON object, a form or a query; parameters are optional, except seconds
of advance and mode of fail; ring, dial, answer, end, decline, voicemail, miss, redirect, message,
forge and storm also accept GET):
  /_sim/           the control page
  /_sim/ring       start an incoming call: from (a number or "withheld"), to, line, account,
                   answer_after, end_after (seconds), branches (lines that the number rings, such as
                   300100,300110; each is listed as a redirected call to *<line>), linked (true;
                   false: as separate incoming calls)                      -> {"id"}
  /_sim/dial       start an outgoing call: to, from, line, account, answer_after, end_after
  /_sim/answer     answer: id (newest ringing call), end_after (0: a call of length 0)
  /_sim/end        hang up: id (newest call with all its legs), linger (seconds for which it stays
                   listed as active, although its record is written)
  /_sim/decline    decline a call on one telephone: id (newest ringing call); others ring on, and a
                   callback is retried, see callback_attempts
  /_sim/voicemail  redirect a ringing call to voicemail: id, answered (false; true: the incoming
                   record counts as answered), answer_after (0: immediately), end_after
  /_sim/miss       record a call that was missed just now: from, to, line, account, ringing
  /_sim/redirect   redirect a ringing call: id (newest), to, keep (true), answer_after, end_after
  /_sim/message    receive a text message: from, to, line, account; or send one: direction (out),
                   to, from, line, account                                 -> {"record_id"}
  /_sim/forge      ring at a gate (a number that rings no telephone, but only *0071) with a forged
                   caller ID: from (whose number, the first contact's), kind (exact), to (the first
                   gate), account, end_after -> {"id"}. Kinds:
{forgeries}
  /_sim/storm      ring at a gate many times: n (20), interval (0.5 seconds), from (random parties),
                   to (the first gate), account, end_after (5)
  /_sim/fail       make the next requests fail: mode, times (1; 0: all), path (part of
                   "METHOD /path"), parameter (that the request has), every (each n-th), after
                   (true: the request takes effect first), seconds, status, body, record and field
                   (what is damaged); DELETE clears all faults. Modes:
{modes}
  /_sim/advance    advance the clock: seconds
  /_sim/set        account, password, credit, numbers; login with deny and allow (lists of
                   endpoints); add_line, remove_line, add_contact, remove_contact, register and
                   unregister (a line), expire (a line: its telephones stay listed with an expired
                   registration); dialect, record_delay, callback_fails, callback_attempts (for each
                   declined leg of a callback that is not simple), sms_fails (true: messages are
                   refused with gateway_failed), background_traffic, freeze
  /_sim/fill       add records to the history: n (calls), days, messages (additional), account
  /_sim/fraud      make 100 expensive calls in ten minutes, from now on
  /_sim/hook       store a push URL: slot (1 to 99), url (empty: delete it); calls are announced to
                   it as *007<slot> while the telephones ring: number (all), account. Slots 98 and
                   99 are informational. Responses are applied: answer, play, play2, dial, hangup,
                   uri (with dtmf_count=<n> the next request has dtmf)
  /_sim/pushes     GET the requests to push URLs and their outcomes, DELETE to clear them;
                   /_sim/set accepts push_delay (seconds), push_copies (of each request), push_lost
                   (each n-th is lost), push_legs (true: the announcing branch is listed among the
                   calls), push_keys (DTMF keys that callers press)
  /_sim/journal    GET the requests so far, DELETE to clear them
  /_sim/state      GET accounts, credit, gates, numbers of records, active calls, callbacks, and
                   messages sent through the API: recipient, sender, text, parts, date
"""
for placeholder, values in {
    "{modes}": FAULTS,
    "{forgeries}": {kind: text for kind, (text, _) in FORGERIES.items()},
}.items():
    HELP = HELP.replace(
        placeholder, "\n".join(f"{'':21}{value:23}{text}" for value, text in values.items())
    )


@dataclass(frozen=True, slots=True)
class Command:
    """A command; `params` describes the parameters that are passed to `execute`."""

    params: type[Struct]
    execute: Callable[[Exchange, Any], object]


def command(function: Callable[..., object]) -> Command:
    """Return a command from a function whose first parameter is the exchange."""
    return Command(_params(function), lambda exchange, params: function(exchange, **asdict(params)))


def call_command(method: Callable[..., ActiveCall]) -> Command:
    """Return a command from a method of the switchboard."""
    return Command(
        _params(method),
        lambda exchange, params: {"id": method(exchange.world.switchboard, **asdict(params)).id},
    )


def _params(function: Callable[..., object]) -> type[Struct]:
    """Return the parameters of a function, except the first, as a struct."""
    _, *parameters = signature(function).parameters.values()
    return defstruct(
        function.__name__,
        [
            (it.name, it.annotation)
            if it.default is Parameter.empty
            else (it.name, it.annotation, it.default)
            for it in parameters
        ],
        kw_only=True,
        forbid_unknown_fields=True,
        rename=PARAM_NAMES,
    )


class Settings(Struct, kw_only=True, forbid_unknown_fields=True):
    """Changes to a world and one of its accounts; None leaves a setting unchanged."""

    account: str | None = None
    login: str | None = None
    deny: tuple[str, ...] = ()
    allow: tuple[str, ...] = ()

    password: str | None = None
    credit: float | None = None
    numbers: list[PublicNumber] | None = None
    add_line: Line | None = None
    remove_line: int | None = None
    add_contact: Contact | None = None
    remove_contact: int | None = None
    register: int | None = None
    unregister: int | None = None
    expire: int | None = None

    dialect: str | None = None
    callback_fails: bool | None = None
    callback_attempts: int | None = None
    sms_fails: bool | None = None
    record_delay: float | None = None
    push_delay: float | None = None
    push_copies: int | None = None
    push_lost: int | None = None
    push_legs: bool | None = None
    push_keys: str | None = None
    background_traffic: bool | None = None
    freeze: bool | None = None

    def apply(self, world: World) -> None:
        """Apply the changes to a world."""
        account = world.account(self.account)
        denied = world.denied.setdefault(self.login or account.user, set())
        denied.update(self.deny)
        denied.difference_update(self.allow)
        if self.dialect is not None and self.dialect not in DIALECTS:
            raise ValueError(f"no dialect {self.dialect}")
        self._assign(account, "password", "credit", "numbers")
        self._assign(world, "dialect", "callback_fails", "sms_fails")
        self._assign(world.callbacks, "attempts", prefix="callback_")
        self._assign(world.legs, "record_delay")
        self._assign(world.push_settings, "delay", "copies", "lost", "legs", "keys", prefix="push_")
        self._apply_to_lines_and_contacts(account, world)
        if self.background_traffic is not None:
            world.background_traffic = None
            if self.background_traffic:
                start_background_traffic(world)
        if self.freeze is not None:
            world.freeze(frozen=self.freeze)

    def _assign(self, target: object, *names: str, prefix: str = "") -> None:
        """Set the attributes that have a value."""
        for name in names:
            if (value := getattr(self, prefix + name)) is not None:
                setattr(target, name, value)

    def _apply_to_lines_and_contacts(self, account: Account, world: World) -> None:
        if self.add_line is not None:
            account.lines[self.add_line.id] = self.add_line
        if self.remove_line is not None:
            del account.lines[self.remove_line]
        if self.add_contact is not None:
            account.contacts.append(self.add_contact)
        if self.remove_contact is not None:
            account.contacts = [
                known for known in account.contacts if known.shortcut != self.remove_contact
            ]
        if self.unregister is not None:
            account.lines[self.unregister].devices.clear()
        if self.register is not None:
            account.lines[self.register].devices.append(Device(since=world.now()))
        if self.expire is not None:
            for device in account.lines[self.expire].devices:
                device.last = world.now() - REGISTRATION


def miss(
    exchange: Exchange,
    *,
    source: str | None = None,
    destination: str | None = None,
    account: str | None = None,
    line: int | None = None,
    ringing: int = RING_SECONDS,
) -> object:
    """Record a missed call."""
    record = exchange.world.miss(source, destination, account=account, line=line, ringing=ringing)
    return {"id": record.active_call_id, "record_id": record.id}


def message(
    exchange: Exchange,
    *,
    direction: Literal["in", "out"] = "in",
    source: str | None = None,
    destination: str | None = None,
    account: str | None = None,
    line: int | None = None,
) -> object:
    """Record a received or sent text message."""
    world = exchange.world
    if direction == "in":
        record = world.receive_sms(source, destination, account=account, line=line)
    else:
        record = world.add_sms(destination, source=source, account=account, line=line)
    return {"record_id": record.id}


def forge(
    exchange: Exchange,
    *,
    source: str | None = None,
    destination: str | None = None,
    kind: str = "exact",
    account: str | None = None,
    end_after: float | None = None,
) -> object:
    """Start an incoming call with a forged caller ID."""
    world = exchange.world
    if kind not in FORGERIES:
        raise ValueError(f"no kind {kind}")
    _, imitate = FORGERIES[kind]
    number = imitate(international(source or world.account(account).contacts[0].number))
    to = destination or gate_number(world, account)
    return {"id": world.ring(number, to, account=account, end_after=end_after).id}


def storm(
    exchange: Exchange,
    *,
    source: str | None = None,
    destination: str | None = None,
    account: str | None = None,
    n: int = 20,
    interval: float = 0.5,
    end_after: float = 5.0,
) -> object:
    """Start many incoming calls."""
    start_storm(
        exchange.world,
        source,
        destination,
        account=account,
        n=n,
        interval=interval,
        end_after=end_after,
    )
    return state(exchange)


def fail(exchange: Exchange, fault: Fault) -> object:
    """Inject a fault."""
    exchange.faults.append(fault)
    return {"faults": exchange.faults}


def clear_faults(exchange: Exchange) -> object:
    """Clear all faults."""
    exchange.faults.clear()
    return {"faults": exchange.faults}


def advance(exchange: Exchange, seconds: float) -> object:
    """Advance the clock."""
    exchange.world.advance(seconds)
    return {"now": exchange.world.now()}


def fill(
    exchange: Exchange,
    *,
    n: int = 100,
    days: float = 61,
    messages: int = 0,
    account: str | None = None,
) -> object:
    """Add records to the history."""
    exchange.world.fill(n, days=days, account=account, messages=messages)
    return state(exchange)


def fraud(exchange: Exchange) -> object:
    """Start the calls of the world fraud."""
    start_fraud(exchange.world, delay=0)
    return state(exchange)


def change_settings(exchange: Exchange, settings: Settings) -> object:
    """Change settings of the world."""
    settings.apply(exchange.world)
    return state(exchange)


def hook(
    exchange: Exchange,
    *,
    slot: int = 1,
    url: str = "",
    number: str | None = None,
    account: str | None = None,
) -> object:
    """Store or delete a push URL."""
    exchange.world.save_push_url(slot=slot, url=url, number=number, account=account)
    owner = exchange.world.account(account)
    return {"slots": owner.slots, "ringings": owner.ringings}


def journal(exchange: Exchange) -> object:
    """Return the requests so far."""
    return exchange.journal


def clear_journal(exchange: Exchange) -> object:
    """Clear the journal of requests."""
    exchange.journal.clear()
    return exchange.journal


def pushes(exchange: Exchange) -> object:
    """Return the pushes so far, without their URLs."""
    names = ("slot", "params", "sent", "status", "answer", "seconds", "outcome")
    return [_fields(push, *names) | {"call_id": push.call.id} for push in exchange.pushes]


def clear_pushes(exchange: Exchange) -> object:
    """Clear the journal of pushes."""
    exchange.pushes.clear()
    return exchange.pushes


def state(exchange: Exchange) -> object:
    """Return the state of every account."""
    world = exchange.world
    return {
        "now": world.now(),
        "dialect": world.dialect,
        "faults": exchange.faults,
        "accounts": [
            {
                "user": account.user,
                "credit": account.credit,
                "lines": list(account.lines),
                "gates": account.gates,
                "records": len(account.records),
                "last_record_id": account.records[-1].id if account.records else None,
                "active_calls": [
                    _fields(call, *CALL_FIELDS) for call in world.listed() if call.account == user
                ],
                "callbacks": account.callbacks,
                "messages": account.messages,
            }
            for user, account in world.accounts.items()
        ],
    }


def _fields(source: object, *names: str) -> dict[str, object]:
    return {name: getattr(source, name) for name in names}


ROUTES: tuple[tuple[str, str, Command], ...] = (
    ("*", "ring", call_command(Switchboard.ring)),
    ("*", "dial", call_command(Switchboard.dial)),
    ("*", "answer", call_command(Switchboard.answer)),
    ("*", "end", call_command(Switchboard.end)),
    ("*", "decline", call_command(Switchboard.decline)),
    ("*", "voicemail", call_command(Switchboard.voicemail)),
    ("*", "redirect", call_command(Switchboard.redirect)),
    ("*", "miss", command(miss)),
    ("*", "message", command(message)),
    ("*", "forge", command(forge)),
    ("*", "storm", command(storm)),
    ("POST", "fail", Command(Fault, fail)),
    ("DELETE", "fail", command(clear_faults)),
    ("POST", "advance", command(advance)),
    ("POST", "fill", command(fill)),
    ("POST", "fraud", command(fraud)),
    ("POST", "set", Command(Settings, change_settings)),
    ("POST", "hook", command(hook)),
    ("GET", "pushes", command(pushes)),
    ("DELETE", "pushes", command(clear_pushes)),
    ("GET", "journal", command(journal)),
    ("DELETE", "journal", command(clear_journal)),
    ("GET", "state", command(state)),
)
