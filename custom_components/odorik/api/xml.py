"""XML documents; the operator does not document how its documents look.

A document with a document type is refused, so that no entity is ever expanded.
"""

from contextlib import suppress
from dataclasses import dataclass
import re
from typing import Final
from xml.etree.ElementTree import Element, TreeBuilder
from xml.parsers import expat

from .exceptions import OdorikConnectionError

HEAD_BYTES: Final = 4096
"""Enough to see what a document is. A page of calls is half a megabyte."""

_OPENING_TAG: Final = re.compile(rb"""<([^\s/>]++)(?:[^"'>]++|"[^"]*+"|'[^']*+')*+>""")


@dataclass(frozen=True, kw_only=True, slots=True)
class Document:
    """A whole XML document.

    Attributes:
        encoding: What the document declares as its encoding.
        opening: Everything up to the end of the root's opening tag.
        content: What is in the root.
        closing: The root's closing tag.
        elements: How many elements are directly in the root.
    """

    encoding: str | None
    opening: bytes
    content: bytes
    closing: bytes
    elements: int


class _Outline:
    """Handlers of a parser, which note where the root of a document begins and ends."""

    def __init__(self) -> None:
        """Create the parser."""
        self.encoding: str | None = None
        self.elements = 0
        self.begin = self.end = 0
        self._depth = 0
        self.parser = _parser()
        self.parser.XmlDeclHandler = self._declare
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end

    def _declare(self, _version: str, encoding: str | None, _standalone: int) -> None:
        self.encoding = encoding

    def _start(self, _name: str, _attributes: dict[str, str]) -> None:
        if self._depth == 0:
            self.begin = self.parser.CurrentByteIndex
        elif self._depth == 1:
            self.elements += 1
        self._depth += 1

    def _end(self, _name: str) -> None:
        self._depth -= 1
        if self._depth == 0:
            self.end = self.parser.CurrentByteIndex


def parse_document(body: bytes) -> Document:
    """Parse a document to its end.

    Raises:
        OdorikConnectionError: it is not well-formed, or has a document type.
    """
    outline = _Outline()
    opening = None
    # A document in UTF-16 could not be joined with others.
    if b"\0" not in body:
        with suppress(expat.ExpatError, ValueError, LookupError):
            outline.parser.Parse(body, True)  # noqa: FBT003 - It has no name.
            opening = _OPENING_TAG.match(body, outline.begin)
    if opening is None:
        raise OdorikConnectionError("the answer is not a whole XML document")
    is_empty = opening[0].endswith(b"/>")
    return Document(
        encoding=outline.encoding,
        opening=body[: opening.end() - 2] + b">" if is_empty else body[: opening.end()],
        content=b"" if is_empty else body[opening.end() : outline.end],
        closing=b"</%b>" % opening[1],
        elements=outline.elements,
    )


def parse_root(body: bytes) -> Element | None:
    """Parse the root of a document, with what is at its beginning; None where it is no document.

    What comes after the beginning may be broken.
    """
    builder = TreeBuilder()
    root: Element | None = None

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal root
        element = builder.start(name, attributes)
        root = element if root is None else root

    parser = _parser(namespaces="}")
    parser.StartElementHandler = start
    parser.EndElementHandler = builder.end
    parser.CharacterDataHandler = builder.data
    try:
        parser.Parse(body[:HEAD_BYTES])
    except expat.ExpatError, ValueError, LookupError:
        # The last is what is raised for an unknown encoding.
        return None
    builder.close()
    return root


def _parser(namespaces: str | None = None) -> expat.XMLParserType:
    """Create a parser that stops at a document type."""
    parser = expat.ParserCreate(namespace_separator=namespaces)
    parser.StartDoctypeDeclHandler = _reject_document_type
    return parser


def _reject_document_type(*_: object) -> None:
    raise ValueError("a document type")


def local_name(element: Element) -> str:
    """Name an element without its namespace."""
    return element.tag.rpartition("}")[2]
