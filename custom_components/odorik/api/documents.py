"""The beginning of an XML document; the operator does not document how its documents look."""

from typing import Any, Final
from xml.etree.ElementTree import Element, ParseError, XMLPullParser

HEAD_BYTES: Final = 4096
"""Enough to see what a document is. No more is parsed: a page of calls is half a megabyte."""


def beginning(body: bytes) -> Element | None:
    """Read the root of a document, with what of it stands at its beginning; None where it is none.

    What comes after the beginning may be broken.
    """
    parser: XMLPullParser[Any] = XMLPullParser(["start"])
    try:
        parser.feed(body[:HEAD_BYTES])
        parser.flush()
        first: Any = next(parser.read_events(), None)
    except ParseError, ValueError, LookupError:
        # The last two are what is said of an encoding that is not known.
        return None
    root: Element | None = first and first[1]
    return root


def name_of(element: Element) -> str:
    """Name an element without its namespace."""
    return element.tag.rpartition("}")[2]
