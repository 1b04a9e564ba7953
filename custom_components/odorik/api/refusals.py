"""Detect errors in response bodies: as text, JSON, XML or a table.

Text and JSON are documented; tables and XML are known from public clients. Errors have the HTTP
status 200, and any endpoint may use any of these formats.
"""

from codecs import BOM_UTF8
import re
from typing import Any, Final
from xml.etree.ElementTree import Element

from msgspec import Raw, Struct, json

from .exceptions import OdorikApiError, refusal
from .xml import local_name, parse_root

_ERROR_NAMES: Final = frozenset({"error", "errors"})
_TEXT_REFUSAL: Final = re.compile(rb"""["']?errors?(?:[\s:]+|$)([^"'\r\n]*)""", re.IGNORECASE)
_CODE_IN_LIST: Final = re.compile(
    rb'\[\s*+"([a-z]++(?:_[a-z]++)++|unauthorized)(?: [^"]*+)?+"\s*+[\],]'
)
_HEADER_BYTES: Final = 1000
_DELIMITERS: Final = re.compile(r"[,;|\t]")


class _Refused(Struct):
    """An error in JSON."""

    errors: Any = None
    error: Any = None


_refusal_decoder: Final = json.Decoder(_Refused)
_list_decoder: Final = json.Decoder(list[dict[str, Raw]])


def raise_for_refusal(body: bytes) -> None:
    """Raise the error that the body reports, if any.

    Raises:
        OdorikApiError: The error; documented ones have their own classes.
    """
    text = body.removeprefix(BOM_UTF8).lstrip()
    found: OdorikApiError | None
    match text[:1]:
        case b"{" | b"[":
            found = _parse_json(text)
        case b"<":
            found = _parse_xml(text)
        case _:
            found = _parse_table(text) or _parse_text(text)
    if found is not None:
        raise found


def _parse_text(text: bytes) -> OdorikApiError | None:
    """Parse ``error <code>``."""
    found = _TEXT_REFUSAL.match(text)
    return refusal(found[1].decode(errors="replace")) if found else None


def _parse_json(text: bytes) -> OdorikApiError | None:
    """Parse ``{"errors": [<code>]}``, alone or as the only item of a list, and ``[<code>]``."""
    if found := _CODE_IN_LIST.match(text):
        return refusal(found[1].decode())
    if b'"error' not in (text[:300] if text.startswith(b"[") else text):
        return None
    try:
        if text.startswith(b"["):
            rows = _list_decoder.decode(text)
            if len(rows) != 1 or not rows[0].keys() <= _ERROR_NAMES:
                return None
            text = text.strip()[1:-1]
        refused = _refusal_decoder.decode(text)
    except ValueError, RecursionError:
        return None
    value = refused.errors or refused.error
    codes = value if isinstance(value, list) else [value] if value else []
    return refusal(str(codes[0])) if codes else None


def _parse_xml(text: bytes) -> OdorikApiError | None:
    """Find an ``errors`` element: the root, or one of its children before the first call."""
    root = parse_root(text)
    if root is None:
        return None
    for element in (root, *root):
        if local_name(element).lower() in _ERROR_NAMES:
            texts = (stripped for part in element.itertext() if (stripped := part.strip()))
            return refusal(next(texts, ""))
        if element is not root and _has_id(element):
            break
    return None


def _has_id(element: Element) -> bool:
    """Return whether an element is a call; its other fields may have any name."""
    return "id" in element.attrib or any(local_name(field) == "id" for field in element)


def _parse_table(text: bytes) -> OdorikApiError | None:
    """Find a column ``errors``, with the code in the next row or the next column."""
    lines = text[:_HEADER_BYTES].decode(errors="replace").splitlines()
    rows = [[cell.strip(" \"'") for cell in _DELIMITERS.split(line)] for line in lines[:2]]
    names = [name.lower() for name in rows[0]] if rows else []
    if "id" in names:
        return None
    for column, name in enumerate(names):
        if name in _ERROR_NAMES:
            next_row = rows[1] if len(rows) > 1 else []
            # A code may be followed by a list with the same delimiter as the columns.
            cells = next_row[column:] or rows[0][column + 1 :]
            return refusal(" ".join(cells))
    return None
