"""What can be changed about a world from outside."""

from collections.abc import Callable
from typing import Any

from simulator.dialects import DIALECTS
from simulator.world import Account, Contact, Device, Line, PublicNumber, World
from simulator.world.lines import REGISTRATION
from simulator.world.numbers import international
from simulator.worlds import live

from .wishes import Wishes, truth


def _life(world: World, value: object) -> None:
    world.life = None
    if truth(value):
        live(world)


def _forget_contact(account: Account, value: Any) -> None:
    account.contacts = [known for known in account.contacts if known.shortcut != int(value)]


def _expire(world: World, line: Line) -> None:
    for device in line.devices:
        device.last = world.now() - REGISTRATION


def known_dialect(value: object) -> str:
    """Return the name of a dialect that there is."""
    if value not in DIALECTS:
        raise ValueError(f"no dialect {value}")
    return str(value)


SETTINGS: dict[str, Callable[[World, Account, set[str], Any], object]] = {
    "password": lambda _w, account, _d, value: setattr(account, "password", str(value)),
    "credit": lambda _w, account, _d, value: setattr(account, "credit", float(value)),
    "numbers": lambda _w, account, _d, value: setattr(
        account, "numbers", [PublicNumber(**row) for row in value]
    ),
    "deny": lambda _w, _a, denied, value: denied.update(value),
    "allow": lambda _w, _a, denied, value: denied.difference_update(value),
    "add_line": lambda _w, account, _d, value: account.lines.update({value["id"]: Line(**value)}),
    "remove_line": lambda _w, account, _d, value: account.lines.pop(int(value)),
    "add_contact": lambda _w, account, _d, value: account.contacts.append(
        Contact(**value | {"shortcut": int(value["shortcut"])})
    ),
    "remove_contact": lambda _w, account, _d, value: _forget_contact(account, value),
    "register": lambda world, account, _d, value: account.lines[int(value)].devices.append(
        Device(since=world.now())
    ),
    "unregister": lambda _w, account, _d, value: account.lines[int(value)].devices.clear(),
    "expire": lambda world, account, _d, value: _expire(world, account.lines[int(value)]),
    "dialect": lambda world, _a, _d, value: setattr(world, "dialect", known_dialect(value)),
    "quirks": lambda world, _a, _d, value: setattr(world, "quirks", truth(value)),
    "record_delay": lambda world, _a, _d, value: setattr(world.legs, "record_delay", float(value)),
    "callback_fails": lambda world, _a, _d, value: setattr(world, "callback_fails", truth(value)),
    "callback_attempts": lambda world, _a, _d, value: setattr(
        world.callbacks, "attempts", int(value)
    ),
    "push_delay": lambda world, _a, _d, value: setattr(world.pushing, "delay", float(value)),
    "push_copies": lambda world, _a, _d, value: setattr(world.pushing, "copies", int(value)),
    "push_lost": lambda world, _a, _d, value: setattr(world.pushing, "lost", int(value)),
    "push_legs": lambda world, _a, _d, value: setattr(world.pushing, "legs", truth(value)),
    "push_keys": lambda world, _a, _d, value: setattr(world.pushing, "keys", str(value)),
    "life": lambda world, _a, _d, value: _life(world, value),
    "freeze": lambda world, _a, _d, value: world.freeze(frozen=truth(value)),
}


def change(world: World, wishes: Wishes) -> None:
    """Change a world: every wish is a row of SETTINGS."""
    account = world.account(wishes.pop("account", None))
    denied = world.denied.setdefault(str(wishes.pop("login", account.user)), set())
    if unknown := set(wishes) - set(SETTINGS):
        raise ValueError(f"unknown: {', '.join(sorted(unknown))}")
    for name, value in wishes.items():
        SETTINGS[name](world, account, denied, value)


INFORMED = (98, 99)
"""The numbers under which a URL is called for information, and which no number has to ring."""


def save(
    world: World,
    *,
    slot: int = 1,
    url: str = "",
    number: str | None = None,
    account: str | None = None,
) -> None:
    """Save a URL under a number from 1 to 99, and let public numbers (all) ring it, or no more."""
    owner = world.account(account)
    if slot not in range(1, 100):
        raise ValueError("URLs have numbers from 1 to 99")
    owner.slots.pop(slot, None)
    if url:
        owner.slots[slot] = url
        world.pushing.wake()
    numbers = [own.number for own in owner.numbers] or [
        line.public_number for line in owner.lines.values() if line.public_number
    ]
    target = f"*007{slot}"
    for own in numbers if number is None else [international(number)]:
        others = [known for known in owner.ringings.get(own, []) if known != target]
        owner.ringings[own] = [*others, target] if url and slot not in INFORMED else others
