"""Parsing XML documents."""

from hypothesis import given, strategies as st
import pytest

from custom_components.odorik.api import OdorikConnectionError
from custom_components.odorik.api.xml import parse_document, parse_root

ENTITIES = b'<!DOCTYPE calls [<!ENTITY a "aaaaaaaaaa">%b]><calls>&j;</calls>' % b"".join(
    b'<!ENTITY %c "%b">' % (code, b"&%c;" % (code - 1) * 10) for code in range(98, 107)
)
UNSAFE = (
    ENTITIES,
    b'<!DOCTYPE calls SYSTEM "file:///etc/passwd"><calls/>',
    b'<!DOCTYPE calls [<!ENTITY a SYSTEM "file:///etc/passwd">]><calls><call>&a;</call></calls>',
    b'<!DOCTYPE calls [<!ENTITY % a SYSTEM "http://127.0.0.1:1/"> %a;]><calls/>',
    b'<?xml version="1.0" encoding="cp037"?>' + "<!DOCTYPE c><c/>".encode("cp037"),
    "<!DOCTYPE c><c/>".encode("utf-16"),
)


@pytest.mark.parametrize("body", UNSAFE)
def test_a_document_type_is_refused(body: bytes) -> None:
    """A document type is an error, since it could define entities to expand or to load."""
    with pytest.raises(OdorikConnectionError):
        parse_document(body)
    assert parse_root(body) is None


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"calls",
        b"<calls>",
        b"<calls></call>",
        b"<calls/><calls/>",
        b"<calls/>x",
        b"<calls>&nbsp;</calls>",
        b"<calls>a & b</calls>",
        b"<calls>\xe1</calls>",
        b'<?xml version="1.0" encoding="of-tomorrow"?><calls/>',
        '<calls a="á"/>'.encode("utf-16-le"),
        b"<a>" * 100_000,
    ],
)
def test_a_broken_document_is_refused(body: bytes) -> None:
    """A document that is not well-formed is an error."""
    with pytest.raises(OdorikConnectionError):
        parse_document(body)


def test_only_the_children_of_the_root_are_counted() -> None:
    """Elements inside a call, comments and text are not counted."""
    document = parse_document(b"<c><r><r/><r/></r><!-- <r/> --><r a='>'/><![CDATA[<r/>]]></c>")
    assert document.elements == 2


_name = st.sampled_from(("calls", "o:calls", "hovory-2", "é"))
_attribute = st.sampled_from(("", ' a="1"', " a='>'", ' a=">"\n b="/>"', "\n"))
_before = st.sampled_from(("", '<?xml version="1.0"?>\n', "<!-- <x> -->", "<?a <b> ?>\n"))
_inside = st.sampled_from(("", "<r/>", "\n<r></r> ", "<calls/>", "<!-- </calls> -->", "&lt;"))


@given(before=_before, name=_name, attribute=_attribute, inside=_inside, is_empty=st.booleans())
def test_a_document_is_split_around_its_content(
    *, before: str, name: str, attribute: str, inside: str, is_empty: bool
) -> None:
    """The opening tag, the content and the closing tag together are the document."""
    closing = f"</{name}>"
    end = "/>" if is_empty else f">{inside}{closing}"
    document = parse_document(f"{before}<{name}{attribute}{end}".encode())
    assert document.opening.decode() == f"{before}<{name}{attribute}>"
    assert document.content.decode() == ("" if is_empty else inside)
    assert document.closing.decode() == closing
