"""The truth behind the simulated exchange, all of it."""

from .accounts import Account
from .callbacks import Callbacks
from .past import Past
from .pushes import Pushing


class World(Callbacks, Past):
    """Accounts on one exchange, and the time in which they telephone.

    The same seed and the same acts at the same times always give the same world. `denied` is what
    a login may not do, by the names of the endpoints; `dialect` is how the exchange words its
    answers, a name of simulator.dialects. `pushing` is how well it calls the URLs of its customers.
    """

    def __init__(self, *accounts: Account, seed: int = 1, record_delay: float = 0.5) -> None:
        super().__init__(*accounts, seed=seed, record_delay=record_delay)
        self.denied: dict[str, set[str]] = {}
        self.dialect = "documented"
        self.callback_fails = False
        self.pushing = Pushing()

    @property
    def quirks(self) -> bool:
        """Whether the dialect is the one that is loose in every way."""
        return self.dialect == "quirks"

    @quirks.setter
    def quirks(self, wanted: bool) -> None:
        self.dialect = "quirks" if wanted else "documented"
