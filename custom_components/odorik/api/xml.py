"""Parse XML documents; their structure is not documented by the operator.

Document type declarations are rejected, so entities are never expanded.
"""

from contextlib import suppress
from dataclasses import dataclass
import re
from typing import Final
from xml.etree.ElementTree import Element, TreeBuilder
from xml.parsers import expat

from .exceptions import OdorikConnectionError

HEAD_BYTES: Final = 4096
"""Enough to identify a document. A page of calls is half a megabyte."""

_OPENING_TAG: Final = re.compile(rb"""<([^\s/>]++)(?:[^"'>]++|"[^"]*+"|'[^']*+')*+>""")


@dataclass(frozen=True, kw_only=True, slots=True)
class Document:
    """A complete XML document.

    Attributes:
        encoding: The declared encoding.
        opening: Everything up to the end of the root's start tag.
        content: The content of the root.
        closing: The root's end tag.
        elements: The number of child elements of the root.
    """

    encoding: str | None
    opening: bytes
    content: bytes
    closing: bytes
    elements: int


class _Outline:
    """Parser that records where the root element begins and ends."""

    def __init__(self) -> None:
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
    """Parse a complete document.

    Raises:
        OdorikConnectionError: It is not well-formed, or has a document type declaration.
    """
    outline = _Outline()
    opening = None
    # UTF-16 is not supported: such documents could not be concatenated with others.
    if b"\0" not in body:
        with suppress(expat.ExpatError, ValueError, LookupError):
            outline.parser.Parse(body, True)  # noqa: FBT003 - It is positional only.
            opening = _OPENING_TAG.match(body, outline.begin)
    if opening is None:
        raise OdorikConnectionError("the response is not a complete XML document")
    is_empty = opening[0].endswith(b"/>")
    return Document(
        encoding=outline.encoding,
        opening=body[: opening.end() - 2] + b">" if is_empty else body[: opening.end()],
        content=b"" if is_empty else body[opening.end() : outline.end],
        closing=b"</%b>" % opening[1],
        elements=outline.elements,
    )


def parse_root(body: bytes) -> Element | None:
    """Parse the root and the beginning of its content; return None if this is not XML.

    The document may be malformed after its beginning.
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
        # LookupError: unknown encoding.
        return None
    builder.close()
    return root


def _parser(namespaces: str | None = None) -> expat.XMLParserType:
    """Create a parser that rejects document type declarations."""
    parser = expat.ParserCreate(namespace_separator=namespaces)
    parser.StartDoctypeDeclHandler = _reject_document_type
    return parser


def _reject_document_type(*_: object) -> None:
    raise ValueError("document type declaration")


def local_name(element: Element) -> str:
    """Return the name of an element without its namespace."""
    return element.tag.rpartition("}")[2]
