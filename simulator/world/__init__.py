"""The truth behind the simulated exchange: accounts, lines, calls, money and a clock.

A stand-in for development, tests and the demo; people and numbers are made up.
"""

from .accounts import Account, Callback
from .books import Books, Sum, add_up
from .clock import PRAGUE
from .legs import ActiveCall
from .lines import Contact, Device, Line, PublicNumber
from .numbers import WITHHELD
from .pushes import Push, Pushing
from .records import Direction, Record
from .switchboard import RING_SECONDS, VOICEMAIL, Switchboard
from .world import World

__all__ = [
    "PRAGUE",
    "RING_SECONDS",
    "VOICEMAIL",
    "WITHHELD",
    "Account",
    "ActiveCall",
    "Books",
    "Callback",
    "Contact",
    "Device",
    "Direction",
    "Line",
    "PublicNumber",
    "Push",
    "Pushing",
    "Record",
    "Sum",
    "Switchboard",
    "World",
    "add_up",
]
