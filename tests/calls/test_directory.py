"""Test the names of numbers and the directions of calls."""

import pytest

from custom_components.odorik.api import ActiveCall, Direction, Line, PublicNumber, SpeedDial
from custom_components.odorik.calls.directory import Directory

from .phones import EVA, HOME, JAN, MOBILE, WORKSHOP

SHARED = "00420800400100"
STRANGER = "00420602555123"

DIRECTORY = Directory(
    lines=[
        # The line shows the owner's mobile, and calls to it are forwarded there.
        Line(id=300000, name="Domov", public_number=HOME, caller_id=MOBILE, backup_number=MOBILE),
        Line(id=300110, name="Dílna", public_number=WORKSHOP, caller_id=WORKSHOP),
        Line(id=300120, name=None, public_number=None, caller_id=HOME),
    ],
    public_numbers=[
        PublicNumber(public_number=number) for number in (HOME, WORKSHOP, SHARED, "domov.novakovi")
    ],
    speed_dials=[
        SpeedDial(shortcut="1", number=EVA, name="Eva <b>Dvořáková</b> <i>mobil</i>"),
        SpeedDial(shortcut="10", number="*100", name="Ústředna"),
        SpeedDial(shortcut="33", number="skype:tomas.prochazka", name="Tomáš &amp; syn"),
        SpeedDial(shortcut="100", number=STRANGER, name="  "),
    ],
)


@pytest.mark.parametrize(
    ("source", "destination", "line", "direction"),
    [
        (STRANGER, HOME, 300000, Direction.IN),
        (STRANGER, "*300000", 300000, Direction.IN),
        ("", WORKSHOP, 300110, Direction.IN),
        (STRANGER, SHARED, 300120, Direction.IN),
        (STRANGER, "domov.novakovi", 300000, Direction.IN),
        (WORKSHOP, STRANGER, 300110, Direction.OUT),
        (MOBILE, STRANGER, 300000, Direction.OUT),
        ("*300120", STRANGER, 300120, Direction.OUT),
        ("300120", "112", 300120, Direction.OUT),
        # A redirected call no longer carries the line's own number.
        (STRANGER, MOBILE, 300000, Direction.REDIRECTED),
        (STRANGER, EVA, 300110, Direction.REDIRECTED),
        ("", MOBILE, 300000, Direction.REDIRECTED),
        # The owner's mobile calls a line, and a line calls it.
        (MOBILE, HOME, 300000, Direction.IN),
        (MOBILE, SHARED, 300000, Direction.IN),
        (MOBILE, WORKSHOP, 300110, Direction.IN),
        (WORKSHOP, MOBILE, 300110, Direction.OUT),
        # Between two lines, the line under which the call is listed decides.
        (WORKSHOP, HOME, 300110, Direction.OUT),
        (WORKSHOP, HOME, 300000, Direction.IN),
        ("300110", "*300000", 300110, Direction.OUT),
        ("300110", "*300000", 300000, Direction.IN),
        # One line shows the owner's mobile, another one the home number.
        (MOBILE, "300110", 300000, Direction.OUT),
        (HOME, "*300000", 300120, Direction.OUT),
        (HOME, "*300000", 300000, Direction.IN),
        (WORKSHOP, SHARED, 300120, Direction.IN),
        (WORKSHOP, HOME, None, Direction.IN),
    ],
)
def test_the_direction_follows_from_the_numbers(
    source: str, destination: str, line: int | None, direction: Direction
) -> None:
    """A call from one of the account's lines does not count as incoming."""
    call = ActiveCall(id=1, source_number=source, destination_number=destination, line=line)
    assert DIRECTORY.direction(call) is direction


def test_the_direction_is_unknown_without_own_numbers() -> None:
    """A login that may not list its lines does not see every call as redirected."""
    call = ActiveCall(id=1, source_number=STRANGER, destination_number=HOME)
    assert Directory().direction(call) is Direction.UNKNOWN


@pytest.mark.parametrize(
    ("number", "name"),
    [
        (EVA, "Eva Dvořáková mobil"),
        ("+420 602 987 654", "Eva Dvořáková mobil"),
        ("602987654", "Eva Dvořáková mobil"),
        ("*100", "Ústředna"),
        ("skype:tomas.prochazka", "Tomáš & syn"),
        ("300110", "Dílna"),
        ("*300110", "Dílna"),
        (WORKSHOP, "Dílna"),
        ("1", "Eva Dvořáková mobil"),
        # A caller ID may be shared, so it names no line.
        (MOBILE, None),
        ("*300120", None),
        (STRANGER, None),
        ("100", None),
        ("*1", None),
        ("", None),
        (None, None),
    ],
)
def test_a_name_is_found_by_the_number(number: str | None, name: str | None) -> None:
    """Contacts and lines are found by any spelling of their numbers."""
    assert DIRECTORY.name_of(number) == name


def test_a_foreign_number_is_not_a_czech_contact() -> None:
    """Numbers that share only their last nine digits are different."""
    directory = Directory(speed_dials=[SpeedDial(number=EVA, name="Eva")])
    for number in ("+421602987654", "0049602987654", "00420602987654*300100"):
        assert directory.name_of(number) == ("Eva" if "*" in number else None)
    directory = Directory(
        speed_dials=[
            SpeedDial(number="00421602987654", name="Zuzana"),
            SpeedDial(number="602 987 654", name="Eva"),
        ]
    )
    assert directory.name_of("+421602987654") == "Zuzana"
    assert directory.name_of(EVA) == "Eva"
    assert directory.name_of("0043602987654") is None


def test_a_line_is_named_by_its_id() -> None:
    """An unknown line, or one without a name, has none."""
    assert DIRECTORY.line_name(300110) == "Dílna"
    assert DIRECTORY.line_name(300120) is None
    assert DIRECTORY.line_name(None) is None


@pytest.mark.parametrize(
    ("number", "is_own"),
    [
        (HOME, True),
        ("*300120", True),
        (MOBILE, True),
        (SHARED, True),
        (STRANGER, False),
        (None, False),
    ],
)
def test_own_numbers_are_recognized(number: str | None, *, is_own: bool) -> None:
    """Lines, public numbers and shown caller IDs are the account's own."""
    assert DIRECTORY.is_own(number) is is_own


NAMES = Directory(
    lines=[Line(id=300100, name="Domov", public_number=HOME)],
    public_numbers=[
        PublicNumber(public_number=name, type="sip_name")
        for name in ("jan.novak", "eva@sip.odorik.cz", "private.office")
    ],
)


@pytest.mark.parametrize(
    ("called", "is_ours"),
    [
        ("jan.novak", True),
        ("Jan.Novak", True),
        ("jan.novak@odorik.cz", True),
        ("sip:jan.novak@sip.odorik.cz:5060", True),
        ("sip:jan.novak", True),
        ("eva", True),
        ("eva@odorik.cz;transport=tcp", True),
        # This is a name, although it begins with a word for withheld numbers.
        ("private.office", True),
        ("300100@sip.odorik.cz", True),
        ("sip:00420910123456@sip.odorik.cz", True),
        ("jannovak", False),
        ("jan.novak@example.com", False),
        ("jan.novak@odorik.cz.example.com", False),
        ("skype:eva", False),
        ("private@anonymous.invalid", False),
    ],
)
def test_a_call_to_a_sip_name_is_incoming(called: str, *, is_ours: bool) -> None:
    """SIP names of the account are recognized with and without the operator's domain."""
    assert NAMES.is_own(called) is is_ours
    call = ActiveCall(id=1, source_number=EVA, destination_number=called, line=300100)
    assert (NAMES.direction(call) is Direction.IN) is is_ours


def test_a_line_or_contact_without_a_name_does_not_hide_another_name() -> None:
    """A number that belongs to both is shown by the name that there is."""
    directory = Directory(
        [Line(id=300100, name="Domov", public_number=HOME), Line(id=300110, public_number=HOME)],
        speed_dials=[SpeedDial(number=JAN, name="Jan"), SpeedDial(number=JAN, name=None)],
    )
    assert directory.name_of(HOME) == "Domov"
    assert directory.name_of(JAN) == "Jan"
