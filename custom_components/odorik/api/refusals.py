"""How the operator refuses: in text, in JSON, and as public clients know it, in a table or in XML.

A refusal is never data. It comes with HTTP 200, in any of these forms on any endpoint.
"""

from codecs import BOM_UTF8
import re
from typing import Any, Final
from xml.etree.ElementTree import Element

from msgspec import Raw, Struct, json

from .documents import name_of, parse_root
from .exceptions import OdorikApiError, refusal

_WORDS: Final = frozenset({"error", "errors"})
_TEXT: Final = re.compile(rb"""["']?errors?(?:[\s:]+|$)([^"'\r\n]*)""", re.IGNORECASE)
_CODE_IN_LIST: Final = re.compile(
    rb'\[\s*+"([a-z]++(?:_[a-z]++)++|unauthorized)(?: [^"]*+)?+"\s*+[\],]'
)
_HEADER_BYTES: Final = 1000
_DELIMITERS: Final = re.compile(r"[,;|\t]")


class _Refused(Struct):
    """The JSON form of a refusal."""

    errors: Any = None
    error: Any = None


_one: Final = json.Decoder(_Refused)
_few: Final = json.Decoder(list[dict[str, Raw]])


def raise_for_refusal(body: bytes) -> None:
    """Raise what the operator refused.

    Raises:
        OdorikApiError: the refusal, as its own class where it is documented.
    """
    text = body.removeprefix(BOM_UTF8).lstrip()
    found: OdorikApiError | None
    match text[:1]:
        case b"{" | b"[":
            found = _in_json(text)
        case b"<":
            found = _in_xml(text)
        case _:
            found = _in_table(text) or _in_text(text)
    if found is not None:
        raise found


def _in_text(text: bytes) -> OdorikApiError | None:
    """Find ``error <code>``."""
    said = _TEXT.match(text)
    return refusal(said[1].decode(errors="replace")) if said else None


def _in_json(text: bytes) -> OdorikApiError | None:
    """Find ``{"errors": [<code>]}``, alone or as the only thing in a list, and ``[<code>]``."""
    if code := _CODE_IN_LIST.match(text):
        return refusal(code[1].decode())
    if b'"error' not in (text[:300] if text.startswith(b"[") else text):
        return None
    try:
        if text.startswith(b"["):
            rows = _few.decode(text)
            if len(rows) != 1 or not rows[0].keys() <= _WORDS:
                return None
            text = text.strip()[1:-1]
        refused = _one.decode(text)
    except ValueError, RecursionError:
        return None
    said = refused.errors or refused.error
    codes = said if isinstance(said, list) else [said] if said else []
    return refusal(str(codes[0])) if codes else None


def _in_xml(text: bytes) -> OdorikApiError | None:
    """Find an element ``errors`` as the root, or in it before the first call."""
    root = parse_root(text)
    if root is None:
        return None
    for element in (root, *root):
        if name_of(element).lower() in _WORDS:
            said = (words for part in element.itertext() if (words := part.strip()))
            return refusal(next(said, ""))
        if element is not root and _has_id(element):
            break
    return None


def _has_id(element: Element) -> bool:
    """Tell a call, which may have a field of any other name."""
    return "id" in element.attrib or any(name_of(field) == "id" for field in element)


def _in_table(text: bytes) -> OdorikApiError | None:
    """Find a column ``errors``, with the code in the next row or beside it."""
    lines = text[:_HEADER_BYTES].decode(errors="replace").splitlines()
    rows = [[cell.strip(" \"'") for cell in _DELIMITERS.split(line)] for line in lines[:2]]
    names = [name.lower() for name in rows[0]] if rows else []
    if "id" in names:
        return None
    for place, name in enumerate(names):
        if name in _WORDS:
            below = rows[1] if len(rows) > 1 else []
            # A code may be followed by a list, which some part as they part columns.
            said = below[place:] or rows[0][place + 1 :]
            return refusal(" ".join(said))
    return None
