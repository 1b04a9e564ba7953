"""Telephone numbers as people write them, as they are dialled, shown and compared."""

from pathlib import Path
import subprocess
import sys

from hypothesis import given, strategies as st
import pytest

from custom_components.odorik.calls import numbers

ROOT = Path(__file__).parents[2]
ANYTHING = st.one_of(
    st.text(max_size=30),
    st.text(alphabet="0123456789+* -–/()\xa0", max_size=25),  # noqa: RUF001 - What people type.
    st.from_regex(r"(\+420|00420|0049|\+1)?\d{6,12}", fullmatch=True),
)


@pytest.mark.parametrize(
    ("written", "dialled"),
    [
        ("+420 777 123 456", "00420777123456"),
        ("00420777123456", "00420777123456"),
        ("777123456", "00420777123456"),
        ("777 123–456", "00420777123456"),  # noqa: RUF001 - A dash.
        ("777\xa0123\xa0456", "00420777123456"),
        ("(+420) 777/123.456", "00420777123456"),
        ("\u202a+420 777 123 456\u202c", "00420777123456"),
        ("tel:+420777123456", "00420777123456"),
        ("420777123456", "00420777123456"),
        ("+49 30 901820", "004930901820"),
        ("+1 (212) 555-0100", "0012125550100"),
        ("*100", "*100"),
        ("*300000", "*300000"),
        ("300000", "300000"),
        ("1", "1"),
        ("112", "112"),
        ("1188", "1188"),
    ],
)
def test_a_number_goes_out_however_it_was_written(written: str, dialled: str) -> None:
    """A number that was pasted from a web page would be refused, or reach somebody else."""
    assert numbers.dialable(written) == dialled


@pytest.mark.parametrize(
    "written",
    [
        "",
        "+",
        "Jan",
        "777123456, 777654321",
        "77712345",
        "0777123456",
        "++420777123456",
        "+420 0777 123 456",
        "skype:jan.novak",
        "12345",
        "#31#777123456",
        "٧٧٧١٢٣٤٥٦",
        "1" * 300,
    ],
)
def test_what_is_no_number_is_not_dialled(written: str) -> None:
    """An order for a number that cannot exist is taken by the operator and costs the first leg."""
    assert numbers.dialable(written) is None


@pytest.mark.parametrize(
    ("written", "beginning"),
    [
        ("+420 777", "00420777"),
        ("00420 777", "00420777"),
        ("777 123 456", "00420777123456"),
        ("300000", "300000"),
        ("Jan", None),
        ("", None),
    ],
)
def test_a_list_is_searched_by_the_beginning_of_a_number(
    written: str, beginning: str | None
) -> None:
    """The calls of a whole town would be looked for, and none found."""
    assert numbers.dialable_prefix(written) == beginning


@pytest.mark.parametrize(
    ("operators", "shown"),
    [
        ("00420777123456", "+420777123456"),
        ("777123456", "+420777123456"),
        ("00421905123456", "+421905123456"),
        ("*300000", "*300000"),
        ("300000", "300000"),
        ("*100", "*100"),
        ("112", "112"),
        ("00", "00"),
        ("skype:tomas.prochazka", "skype:tomas.prochazka"),
        ("domov.novakovi", "domov.novakovi"),
        ("???", "???"),
        ("0042", "0042"),
    ],
)
def test_a_number_is_shown_as_people_know_it(operators: str, shown: str) -> None:
    """A Skype name without its dot, or a plus before a short code, could not be called back."""
    assert numbers.canonical(operators) == shown


@pytest.mark.parametrize(
    "operators",
    [None, "", "  ", "Hidden number", "Skryté číslo", "anonymous", "Anonymous@sip", "Neznámé"],
)
def test_a_withheld_number_is_none(operators: str | None) -> None:
    """Somebody would be asked to call "Hidden number" back."""
    assert numbers.canonical(operators) is None
    assert numbers.keys(operators) == ()


@pytest.mark.parametrize(
    ("number", "spaced"),
    [
        ("+420777123456", "+420 777 123 456"),
        ("+4930901820", "+49 30 901820"),
        ("*100", "*100"),
        ("300000", "300000"),
        ("+", "+"),
    ],
)
def test_a_number_is_spaced_for_the_eye(number: str, spaced: str) -> None:
    """Twelve digits in a row cannot be read from a wall tablet."""
    assert numbers.formatted(number) == spaced


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("+420 777 123 456", "00420777123456"),
        ("777123456", "+420777123456"),
        ("*300000", "300000"),
        ("00421777123456", "+420777123456"),
        ("Skype:Jan", "skype:jan"),
    ],
)
def test_the_same_telephone_is_known_in_every_writing(one: str, other: str) -> None:
    """A contact would stay a number."""
    assert numbers.same(one, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [("*100", "100"), ("*007", "007"), ("*1", "1"), ("", ""), ("300000", "300001")],
)
def test_different_telephones_are_not_confused(one: str, other: str) -> None:
    """The exchange's own ``*100`` would be shown under the name of the contact on shortcut 100."""
    assert not numbers.same(one, other)


@given(ANYTHING)
def test_no_text_is_too_strange(text: str) -> None:
    """One odd number in an answer would stop every later call from being seen."""
    shown = numbers.canonical(text)
    if shown is not None:
        assert numbers.same(text, text)
        numbers.formatted(shown)


@given(ANYTHING)
def test_writing_a_number_twice_changes_nothing(text: str) -> None:
    """A number from an event would be another one where it is looked up."""
    shown = numbers.canonical(text)
    assert numbers.canonical(shown) == shown


@given(st.from_regex(r"(\+420 ?|00420)?[2-9][0-9]{8}", fullmatch=True))
def test_a_czech_number_is_itself_in_every_form(text: str) -> None:
    """A number from an event, a card or a contact could not be called back."""
    shown, dialled = numbers.canonical(text), numbers.dialable(text)
    assert shown is not None
    assert numbers.same(text, dialled)
    assert dialled == f"00{shown[1:]}"
    assert numbers.dialable(shown) == dialled
    assert numbers.dialable(dialled) == dialled
    assert numbers.dialable(numbers.formatted(shown)) == dialled


@pytest.mark.parametrize(
    ("number", "sent"),
    [
        ("420777123456", "00420777123456"),
        ("421905123456", "00421905123456"),
        ("4915112345678", "004915112345678"),
        ("7771234567", None),
        ("6021234567", None),
        ("77712345678", None),
        ("999123456789", None),
    ],
)
def test_a_plus_sign_that_a_template_lost_is_given_back(number: str, sent: str | None) -> None:
    """``{{ trigger.number }}`` arrives without it; one digit too many must call nobody abroad."""
    assert numbers.dialable(number) == sent


def test_no_number_has_anything_read_from_the_disk() -> None:
    """The first call from each country would hold Home Assistant up until its rules are read."""
    program = """
import sys
import phonenumbers
from custom_components.odorik.calls import numbers
read = set(sys.modules)
codes = [*phonenumbers.COUNTRY_CODE_TO_REGION_CODE, 420]
for code in codes:
    for digits in ("5005550006", "800123456", "234567"):
        number = f"+{code}{digits}"
        numbers.canonical(number)
        numbers.dialable(number)
        numbers.formatted(number)
print(len(codes), *sorted(set(sys.modules) - read))
"""
    told = subprocess.check_output([sys.executable, "-c", program], cwd=ROOT, text=True)  # noqa: S603
    countries, *more = told.split()
    assert int(countries) > 200
    assert more == []
