"""What can be made to happen at the exchange, and what can be read of it."""

from collections.abc import Callable
from dataclasses import asdict

from simulator.exchange import Exchange
from simulator.world import ActiveCall

from .settings import change, save
from .wishes import Wishes

type Act = Callable[[Exchange, Wishes], object]


def ring(exchange: Exchange, wishes: Wishes) -> object:
    """Let somebody call in."""
    return {
        "id": exchange.world.ring(wishes.pop("from", None), wishes.pop("to", None), **wishes).id
    }


def dial(exchange: Exchange, wishes: Wishes) -> object:
    """Let the house call out."""
    source = wishes.pop("from", None)
    return {"id": exchange.world.dial(wishes.pop("to", None), source=source, **wishes).id}


def answer(exchange: Exchange, wishes: Wishes) -> object:
    """Pick up."""
    return {"id": exchange.world.answer(wishes.pop("id", None), **wishes).id}


def end(exchange: Exchange, wishes: Wishes) -> object:
    """Hang up."""
    return {"id": exchange.world.end(wishes.pop("id", None), **wishes).id}


def decline(exchange: Exchange, wishes: Wishes) -> object:
    """Refuse a call on one telephone."""
    return {"id": exchange.world.decline(wishes.pop("id", None), **wishes).id}


def voicemail(exchange: Exchange, wishes: Wishes) -> object:
    """Let voicemail take a ringing call."""
    return {"id": exchange.world.voicemail(wishes.pop("id", None), **wishes).id}


def miss(exchange: Exchange, wishes: Wishes) -> object:
    """Let a call have been missed just now."""
    record = exchange.world.miss(wishes.pop("from", None), wishes.pop("to", None), **wishes)
    return {"id": record.active_call_id, "record_id": record.id}


def redirect(exchange: Exchange, wishes: Wishes) -> object:
    """Send a ringing call on."""
    return {"id": exchange.world.redirect(wishes.pop("id", None), **wishes).id}


def message(exchange: Exchange, wishes: Wishes) -> object:
    """Let a message come in, or go out."""
    world, direction = exchange.world, wishes.pop("direction", "in")
    if direction not in {"in", "out"}:
        raise ValueError("a message goes in or out")
    if direction == "in":
        record = world.receive_sms(wishes.pop("from", None), wishes.pop("to", None), **wishes)
    else:
        record = world.add_sms(wishes.pop("to", None), source=wishes.pop("from", None), **wishes)
    return {"record_id": record.id}


def fail(exchange: Exchange, wishes: Wishes) -> object:
    """Let the next requests fail."""
    exchange.fail(**wishes)
    return {"faults": [asdict(fault) for fault in exchange.faults]}


def heal(exchange: Exchange, _: Wishes) -> object:
    """Take all faults away."""
    exchange.faults.clear()
    return {"faults": []}


def advance(exchange: Exchange, wishes: Wishes) -> object:
    """Move the clock on."""
    exchange.world.advance(**wishes)
    return {"now": exchange.world.now()}


def fill(exchange: Exchange, wishes: Wishes) -> object:
    """Write history."""
    exchange.world.fill(**{"n": 100, **wishes})
    return state(exchange, {})


def journal(exchange: Exchange, _: Wishes) -> object:
    """Return the requests so far."""
    return [asdict(entry) for entry in exchange.journal]


def forget(exchange: Exchange, _: Wishes) -> object:
    """Empty the journal."""
    exchange.journal.clear()
    return []


def state(exchange: Exchange, _: Wishes) -> object:
    """Return the books of every account."""
    world = exchange.world
    return {
        "now": world.now(),
        "dialect": world.dialect,
        "faults": [asdict(fault) for fault in exchange.faults],
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
                "callbacks": [asdict(order) for order in account.callbacks],
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


def hook(exchange: Exchange, wishes: Wishes) -> object:
    """Save a URL under a number, and let public numbers ring it; without a URL, take it away."""
    save(exchange.world, **wishes)
    account = exchange.world.account(wishes.get("account"))
    return {"slots": account.slots, "ringings": account.ringings}


def pushes(exchange: Exchange, _: Wishes) -> object:
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


def forget_pushes(exchange: Exchange, _: Wishes) -> object:
    """Empty their journal."""
    exchange.pushes.clear()
    return []


def set_world(exchange: Exchange, wishes: Wishes) -> object:
    """Change the world."""
    change(exchange.world, wishes)
    return state(exchange, {})


ROUTES: tuple[tuple[str, str, Act], ...] = (
    ("*", "ring", ring),
    ("*", "dial", dial),
    ("*", "answer", answer),
    ("*", "end", end),
    ("*", "decline", decline),
    ("*", "voicemail", voicemail),
    ("*", "miss", miss),
    ("*", "redirect", redirect),
    ("*", "message", message),
    ("POST", "fail", fail),
    ("DELETE", "fail", heal),
    ("POST", "advance", advance),
    ("POST", "fill", fill),
    ("POST", "set", set_world),
    ("POST", "hook", hook),
    ("GET", "pushes", pushes),
    ("DELETE", "pushes", forget_pushes),
    ("GET", "journal", journal),
    ("DELETE", "journal", forget),
    ("GET", "state", state),
)
