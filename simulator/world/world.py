"""The complete state of the simulated exchange."""

from .accounts import Account
from .callbacks import Callbacks
from .clock import Clock
from .history import HistoryGenerator
from .ledger import Ledger
from .legs import Legs
from .messages import Messages
from .push_responses import PushResponses
from .pushes import PushQueue
from .switchboard import Switchboard


class World:
    """The accounts of one exchange and everything that happens on it.

    Each component uses only those created before it. The methods that tests and controls need are
    attributes of the world. The same seed and the same commands at the same times always produce
    the same world.

    Attributes:
        denied: The endpoints that a login may not use, by name.
        dialect: How responses are worded; a key of `simulator.dialects.DIALECTS`.
        background_traffic: The running generator of random calls, or None. While there is one,
            callbacks are answered automatically.
    """

    def __init__(self, *accounts: Account, seed: int = 1, record_delay: float = 0.5) -> None:
        self.denied: dict[str, set[str]] = {}
        self.dialect = "documented"
        self.callback_fails = False
        self.sms_fails = False
        self.background_traffic: object | None = None

        self.clock = clock = Clock()
        self.ledger = ledger = Ledger(clock, accounts, seed)
        self.history = HistoryGenerator(clock, ledger)
        self.legs = legs = Legs(clock, ledger, record_delay)
        self.pushes = pushes = PushQueue(clock, ledger, legs)
        self.switchboard = switchboard = Switchboard(clock, ledger, legs, pushes)
        self.push_responses = PushResponses(ledger, legs, pushes, switchboard)
        self.callbacks = Callbacks(
            clock,
            ledger,
            legs,
            switchboard,
            answers_itself=lambda: self.background_traffic is not None,
        )

        self.messages = Messages(clock, ledger)

        self.now, self.at, self.after = clock.now, clock.at, clock.after
        self.advance, self.freeze, self.run_due = clock.advance, clock.freeze, clock.run_due
        self.seed, self.accounts, self.account = seed, ledger.accounts, ledger.account
        self.add_record, self.totals = ledger.add_record, ledger.totals
        self.add_sms, self.receive_sms = ledger.add_sms, ledger.receive_sms
        self.active, self.listed, self.call = legs.active, legs.listed, legs.call
        self.ring, self.dial, self.miss = switchboard.ring, switchboard.dial, switchboard.miss
        self.redirect, self.voicemail = switchboard.redirect, switchboard.voicemail
        self.answer, self.decline = switchboard.answer, switchboard.decline
        self.end = switchboard.end
        self.push_settings, self.save_push_url = pushes.settings, pushes.save_url
        self.order_callback, self.send_sms = self.callbacks.order, self.messages.send
        self.fill = self.history.fill
