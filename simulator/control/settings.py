"""What can be changed about a world from outside."""

from msgspec import Struct

from simulator.dialects import DIALECTS
from simulator.world import Account, Contact, Device, Line, PublicNumber, World
from simulator.world.lines import REGISTRATION
from simulator.world.numbers import international
from simulator.worlds import live

INFORMED = (98, 99)
"""The numbers under which a URL is called for information, and which no number has to ring."""


class Settings(Struct, kw_only=True, forbid_unknown_fields=True):
    """Changes to a world and to one of its accounts; what is not given stays as it is."""

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
    quirks: bool | None = None
    callback_fails: bool | None = None
    callback_attempts: int | None = None
    record_delay: float | None = None
    push_delay: float | None = None
    push_copies: int | None = None
    push_lost: int | None = None
    push_legs: bool | None = None
    push_keys: str | None = None
    life: bool | None = None
    freeze: bool | None = None

    def apply(self, world: World) -> None:
        """Change a world."""
        account = world.account(self.account)
        denied = world.denied.setdefault(self.login or account.user, set())
        denied.update(self.deny)
        denied.difference_update(self.allow)
        if self.dialect is not None and self.dialect not in DIALECTS:
            raise ValueError(f"no dialect {self.dialect}")
        self._assign(account, "password", "credit", "numbers")
        self._assign(world, "dialect", "quirks", "callback_fails")
        self._assign(world.callbacks, "attempts", prefix="callback_")
        self._assign(world.legs, "record_delay")
        self._assign(world.pushing, "delay", "copies", "lost", "legs", "keys", prefix="push_")
        self._change_belongings(account, world)
        if self.life is not None:
            world.life = None
            if self.life:
                live(world)
        if self.freeze is not None:
            world.freeze(frozen=self.freeze)

    def _assign(self, target: object, *names: str, prefix: str = "") -> None:
        """Set the attributes for which a value is given."""
        for name in names:
            if (value := getattr(self, prefix + name)) is not None:
                setattr(target, name, value)

    def _change_belongings(self, account: Account, world: World) -> None:
        """Add and remove lines, contacts and the registrations of telephones."""
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
