"""The state behind the simulated exchange: accounts, lines, calls, credit and a clock.

People and numbers are made up.
"""

from .accounts import Account, Callback, Contact, Device, Line, Message, PublicNumber
from .clock import PRAGUE
from .legs import ActiveCall
from .numbers import WITHHELD
from .pushes import Push
from .records import Direction, Record, Subtotal, Totals, compute_totals
from .switchboard import RING_SECONDS, VOICEMAIL, Switchboard
from .world import World

__all__ = [
    "PRAGUE",
    "RING_SECONDS",
    "VOICEMAIL",
    "WITHHELD",
    "Account",
    "ActiveCall",
    "Callback",
    "Contact",
    "Device",
    "Direction",
    "Line",
    "Message",
    "PublicNumber",
    "Push",
    "Record",
    "Subtotal",
    "Switchboard",
    "Totals",
    "World",
    "compute_totals",
]
