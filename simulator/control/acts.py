"""What can be made to happen at the exchange, and what can be read of it."""

from collections.abc import Callable
from dataclasses import dataclass
from inspect import Parameter, signature
from typing import Any, Literal

from msgspec import Struct, defstruct
from msgspec.structs import asdict

from simulator.exchange import Exchange, Fault
from simulator.world import RING_SECONDS, ActiveCall, Switchboard

from .settings import Settings, save

RENAMED = {"call_id": "id", "source": "from", "destination": "to"}
"""The parameters that a request names differently."""


@dataclass(frozen=True, slots=True)
class Control:
    """One control: `parameters` is the form of a request, which is given to `act`."""

    parameters: type[Struct]
    act: Callable[[Exchange, Any], object]


def control(act: Callable[..., object]) -> Control:
    """Return a control whose requests give what a function takes besides the exchange."""
    return Control(_parameters(act), lambda exchange, given: act(exchange, **asdict(given)))


def call(act: Callable[..., ActiveCall]) -> Control:
    """Return a control whose requests give what a method of the switchboard takes."""
    return Control(
        _parameters(act),
        lambda exchange, given: {"id": act(exchange.world.switchboard, **asdict(given)).id},
    )


def _parameters(function: Callable[..., object]) -> type[Struct]:
    """Return the parameters of a function, without the first, as a struct."""
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
        rename=RENAMED,
    )


def miss(
    exchange: Exchange,
    *,
    source: str | None = None,
    destination: str | None = None,
    account: str | None = None,
    line: int | None = None,
    ringing: int = RING_SECONDS,
) -> object:
    """Let a call have been missed just now."""
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
    """Let a message come in, or go out."""
    world = exchange.world
    if direction == "in":
        record = world.receive_sms(source, destination, account=account, line=line)
    else:
        record = world.add_sms(destination, source=source, account=account, line=line)
    return {"record_id": record.id}


def fail(exchange: Exchange, fault: Fault) -> object:
    """Let the next requests fail."""
    exchange.faults.append(fault)
    return {"faults": exchange.faults}


def heal(exchange: Exchange) -> object:
    """Take all faults away."""
    exchange.faults.clear()
    return {"faults": exchange.faults}


def advance(exchange: Exchange, seconds: float) -> object:
    """Move the clock on."""
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
    """Write history."""
    exchange.world.fill(n, days=days, account=account, messages=messages)
    return state(exchange)


def change(exchange: Exchange, settings: Settings) -> object:
    """Change the world."""
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
    """Save a URL under a number, and let public numbers ring it; without a URL, take it away."""
    save(exchange.world, slot=slot, url=url, number=number, account=account)
    owner = exchange.world.account(account)
    return {"slots": owner.slots, "ringings": owner.ringings}


def journal(exchange: Exchange) -> object:
    """Return the requests so far."""
    return exchange.journal


def forget(exchange: Exchange) -> object:
    """Empty the journal of requests."""
    exchange.journal.clear()
    return exchange.journal


def forget_pushes(exchange: Exchange) -> object:
    """Empty the journal of pushes."""
    exchange.pushes.clear()
    return exchange.pushes


def pushes(exchange: Exchange) -> object:
    """Return the requests to the customers' URLs so far, without the URLs."""
    return [
        {
            "slot": push.slot,
            "params": push.params,
            "call_id": push.call.id,
            "sent": push.sent,
            "status": push.status,
            "answer": push.answer,
            "seconds": push.seconds,
            "outcome": push.outcome,
        }
        for push in exchange.pushes
    ]


def state(exchange: Exchange) -> object:
    """Return the books of every account."""
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
                "records": len(account.records),
                "last_record_id": account.records[-1].id if account.records else None,
                "active_calls": [
                    call_state(call) for call in world.listed() if call.account == user
                ],
                "callbacks": account.callbacks,
            }
            for user, account in world.accounts.items()
        ],
    }


def call_state(call: ActiveCall) -> dict[str, object]:
    """Return what there is to say about a call that is up."""
    return {
        "id": call.id,
        "direction": call.direction,
        "source": call.source,
        "destination": call.destination,
        "line": call.line,
        "started": call.started,
        "answered": call.answered,
        "ended": call.ended,
    }


ROUTES: tuple[tuple[str, str, Control], ...] = (
    ("*", "ring", call(Switchboard.ring)),
    ("*", "dial", call(Switchboard.dial)),
    ("*", "answer", call(Switchboard.answer)),
    ("*", "end", call(Switchboard.end)),
    ("*", "decline", call(Switchboard.decline)),
    ("*", "voicemail", call(Switchboard.voicemail)),
    ("*", "redirect", call(Switchboard.redirect)),
    ("*", "miss", control(miss)),
    ("*", "message", control(message)),
    ("POST", "fail", Control(Fault, fail)),
    ("DELETE", "fail", control(heal)),
    ("POST", "advance", control(advance)),
    ("POST", "fill", control(fill)),
    ("POST", "set", Control(Settings, change)),
    ("POST", "hook", control(hook)),
    ("GET", "pushes", control(pushes)),
    ("DELETE", "pushes", control(forget_pushes)),
    ("GET", "journal", control(journal)),
    ("DELETE", "journal", control(forget)),
    ("GET", "state", control(state)),
)
