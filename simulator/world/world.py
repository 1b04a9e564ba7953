"""The truth behind the simulated exchange, all of it."""

from .accounts import Account
from .callbacks import Callbacks
from .clock import Clock
from .commands import Commands
from .ledger import Ledger
from .legs import Legs
from .past import Past
from .pushes import Pushes
from .switchboard import Switchboard


class World:
    """Accounts on one exchange, and the time in which they telephone.

    A part uses only the parts that are made before it. What tests and controls use of the parts is
    an attribute of the world itself.

    The same seed and the same acts at the same times always give the same world. `denied` is what
    a login may not do, by the names of the endpoints; `dialect` is how the exchange words its
    answers, a name of simulator.dialects. `pushing` is how well it calls the URLs of its customers.
    While there is a `life` the telephones ring, and are picked up, by themselves.
    """

    def __init__(self, *accounts: Account, seed: int = 1, record_delay: float = 0.5) -> None:
        self.denied: dict[str, set[str]] = {}
        self.dialect = "documented"
        self.callback_fails = False
        self.life: object | None = None

        self.clock = clock = Clock()
        self.ledger = ledger = Ledger(clock, accounts, seed)
        self.past = Past(clock, ledger)
        self.legs = legs = Legs(clock, ledger, record_delay)
        self.pushes = Pushes(clock, ledger, legs)
        self.switchboard = people = Switchboard(clock, ledger, legs, self.pushes)
        self.commands = Commands(ledger, legs, self.pushes, people)
        self.callbacks = Callbacks(
            clock, ledger, legs, people, picks_up=lambda: self.life is not None
        )

        self.now, self.at, self.after = clock.now, clock.at, clock.after
        self.advance, self.freeze, self.settle = clock.advance, clock.freeze, clock.settle
        self.seed, self.accounts, self.account = seed, ledger.accounts, ledger.account
        self.add_record, self.books = ledger.add_record, ledger.books
        self.add_sms, self.receive_sms = ledger.add_sms, ledger.receive_sms
        self.active, self.listed, self.call = legs.active, legs.listed, legs.call
        self.ring, self.dial, self.miss = people.ring, people.dial, people.miss
        self.redirect, self.voicemail = people.redirect, people.voicemail
        self.answer, self.decline, self.end = people.answer, people.decline, people.end
        self.pushing = self.pushes.pushing
        self.order_callback = self.callbacks.order
        self.fill = self.past.fill

    @property
    def quirks(self) -> bool:
        """Whether the dialect is the one that is loose in every way."""
        return self.dialect == "quirks"

    @quirks.setter
    def quirks(self, wanted: bool) -> None:
        self.dialect = "quirks" if wanted else "documented"
