"""Who is who: names by number, and where an active call goes."""

import pytest

from custom_components.odorik.api import ActiveCall, Direction, Line, PublicNumber, SpeedDial
from custom_components.odorik.calls.directory import Directory

HOME, WORKSHOP, MOBILE = "00420910123456", "00420533111222", "00420777000111"
SHARED = "00420800400100"
STRANGER, FRIEND = "00420602555123", "00420602987654"

DIRECTORY = Directory(
    lines=[
        # The owner's mobile is shown by the line, and calls to the line are sent on to it.
        Line(id=300000, name="Domov", public_number=HOME, caller_id=MOBILE, backup_number=MOBILE),
        Line(id=300110, name="Dílna", public_number=WORKSHOP, caller_id=WORKSHOP),
        Line(id=300120, name=None, public_number=None, caller_id=HOME),
    ],
    public_numbers=[
        PublicNumber(public_number=number) for number in (HOME, WORKSHOP, SHARED, "domov.novakovi")
    ],
    speed_dials=[
        SpeedDial(shortcut="1", number=FRIEND, name="Eva <b>Dvořáková</b> <i>mobil</i>"),
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
        # Redirected: the line's own number is no part of it any more.
        (STRANGER, MOBILE, 300000, Direction.REDIRECTED),
        (STRANGER, FRIEND, 300110, Direction.REDIRECTED),
        ("", MOBILE, 300000, Direction.REDIRECTED),
        # The owner's mobile calls home, and the house calls it.
        (MOBILE, HOME, 300000, Direction.IN),
        (MOBILE, SHARED, 300000, Direction.IN),
        (MOBILE, WORKSHOP, 300110, Direction.IN),
        (WORKSHOP, MOBILE, 300110, Direction.OUT),
        # Between two lines it depends on under which one the call is listed.
        (WORKSHOP, HOME, 300110, Direction.OUT),
        (WORKSHOP, HOME, 300000, Direction.IN),
        ("300110", "*300000", 300110, Direction.OUT),
        ("300110", "*300000", 300000, Direction.IN),
        # The line shows the owner's mobile, and another one the number of the house.
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
    """The telephone would ring on the dashboard when somebody in the house makes a call."""
    call = ActiveCall(id=1, source_number=source, destination_number=destination, line=line)
    assert DIRECTORY.direction(call) is direction


def test_nothing_is_guessed_where_no_number_is_known() -> None:
    """A login that may not list its lines would take every call for a redirected one."""
    call = ActiveCall(id=1, source_number=STRANGER, destination_number=HOME)
    assert Directory.empty().direction(call) is Direction.UNKNOWN


@pytest.mark.parametrize(
    ("number", "name"),
    [
        (FRIEND, "Eva Dvořáková mobil"),
        ("+420 602 987 654", "Eva Dvořáková mobil"),
        ("602987654", "Eva Dvořáková mobil"),
        ("*100", "Ústředna"),
        ("skype:tomas.prochazka", "Tomáš & syn"),
        ("300110", "Dílna"),
        ("*300110", "Dílna"),
        (WORKSHOP, "Dílna"),
        ("1", "Eva Dvořáková mobil"),
        # A shown number may be shared, so it names no line.
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
    """The family would see digits, or the name of somebody else."""
    assert DIRECTORY.name_of(number) == name


def test_a_foreign_number_does_not_get_the_name_of_a_czech_contact() -> None:
    """Numbers that end with the same nine digits are different telephones."""
    directory = Directory(speed_dials=[SpeedDial(number=FRIEND, name="Eva")])
    for number in ("+421602987654", "0049602987654", "00420602987654*300100"):
        assert directory.name_of(number) == ("Eva" if "*" in number else None)
    directory = Directory(
        speed_dials=[
            SpeedDial(number="00421602987654", name="Zuzana"),
            SpeedDial(number="602 987 654", name="Eva"),
        ]
    )
    assert directory.name_of("+421602987654") == "Zuzana"
    assert directory.name_of(FRIEND) == "Eva"
    assert directory.name_of("0043602987654") is None


def test_a_line_is_named_by_its_id() -> None:
    """A missed call would not say on which telephone."""
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
def test_the_accounts_own_numbers_are_known(number: str | None, *, is_own: bool) -> None:
    """A callback that was ordered would be told as two calls."""
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
        # A name is not withheld because of the word that it begins with.
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
def test_a_call_to_a_sip_name_comes_in(called: str, *, is_ours: bool) -> None:
    """Who rings at a name would be shown as somebody whom the house has sent on."""
    assert NAMES.is_own(called) is is_ours
    call = ActiveCall(id=1, source_number=FRIEND, destination_number=called, line=300100)
    assert (NAMES.direction(call) is Direction.IN) is is_ours
