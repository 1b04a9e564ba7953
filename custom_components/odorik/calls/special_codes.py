"""Determine who answers a number: people, a machine, the operator's support or no one.

This follows from the operator's special codes, which can be dialled, stored as contacts and used as
ringing targets.
"""

from enum import StrEnum
from functools import lru_cache
import re
from typing import Final

from . import numbers


class Answerer(StrEnum):
    """The kind of party that answers."""

    PEOPLE = "people"
    MACHINE = "machine"
    SUPPORT = "support"
    NOBODY = "nobody"


_ANSWERERS: Final = (
    (Answerer.SUPPORT, re.compile(r"\*100|0", re.ASCII)),
    (Answerer.NOBODY, re.compile(r"\*0821?", re.ASCII)),
    (
        Answerer.MACHINE,
        re.compile(
            r"""\*08(?:0|11?)          # tests of keys, echo and recording
            |\*00[78]\d{1,2}           # remote-controlled IVR, internal IVR
            |\*009\d{1,3}              # announcement
            |\*0851.*                  # voicemail
            |\*0855[0-24-9].*          # greeting only, voicemail for mobiles only, SMS answer
            |\*085\*.*                 # reads or stores a contact
            """,
            re.ASCII | re.VERBOSE | re.DOTALL,
        ),
    ),
)
"""Codes with a known answerer; all other numbers are answered by people."""
_FORWARDS: Final = (
    # A delay and the target, with an optional star in between.
    re.compile(r"\*083\d\d(?:\*(?=\*))?(?P<target>.+)", re.ASCII),
    # A greeting and the target.
    re.compile(r"\*08553\d*\*\d*\*(?P<target>.+)", re.ASCII),
)
"""Codes that are answered by their target."""
_CHOICE: Final = re.compile(r"\*084\*[\w-]*\*(?P<one>[^!]+)!(?P<other>.+)", re.ASCII)
"""A time rule, which has two targets."""
_RANDOM: Final = "*0888*"
"""Random choice between two targets, separated by a star."""
_MAX_DEPTH: Final = 8
"""Maximum number of nested codes."""


@lru_cache(maxsize=4096)
def answerer(number: str | None) -> Answerer:
    """Return who or what answers a call to a number.

    If a code chooses between two targets, people may answer if they answer either of them.
    """
    return _answerer(numbers.match_key(number) or "", _MAX_DEPTH)


def _answerer(code: str, depth: int) -> Answerer:
    """Return who answers a code, following at most ``depth`` nested codes."""
    found = next((kind for kind, codes in _ANSWERERS if codes.fullmatch(code)), Answerer.PEOPLE)
    if found is not Answerer.PEOPLE or not depth:
        return found
    for forward in _FORWARDS:
        if match := forward.fullmatch(code):
            return _answerer(match["target"], depth - 1)
    targets: list[tuple[str, str]] = []
    if choice := _CHOICE.fullmatch(code):
        targets = [(choice["one"], choice["other"])]
    elif code.startswith(_RANDOM):
        pair = code.removeprefix(_RANDOM)
        stars = (star.start() for star in re.finditer(r"\*", pair))
        targets = [(pair[:star], pair[star + 1 :]) for star in stars]
        # It is not known which star is the separator, so the targets' own targets are not examined.
        depth = 1
    for one, other in targets:
        answerers = _answerer(one, depth - 1), _answerer(other, depth - 1)
        if Answerer.PEOPLE not in answerers:
            return answerers[0]
    return Answerer.PEOPLE
