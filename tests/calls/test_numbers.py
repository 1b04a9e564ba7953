"""Test how telephone numbers are dialled, shown and compared."""

import subprocess
import sys

from hypothesis import example, given, strategies as st
import pytest

from custom_components.odorik.calls import numbers

ANYTHING = st.one_of(
    st.text(max_size=30),
    st.text(alphabet="0123456789+* -–/()\xa0", max_size=25),  # noqa: RUF001 - What people type.
    st.from_regex(r"(\+420|00420|0049|\+1|\+44|0054|0055)?\d{6,12}", fullmatch=True),
    st.from_regex(r"(\+420|0049 \(0\)|000|\*0?)?[\d*#!+]{1,14}", fullmatch=True),
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
        ("TEL:+420-777-123-456;ext=12", "00420777123456"),
        ("tel:777123456;phone-context=+420", "00420777123456"),
        ("tel:30-901820;isub=1;phone-context=+49", "004930901820"),
        ("tel:%2B420777123456", "00420777123456"),
        ("+49 30 901820", "004930901820"),
        ("+49 (0)30 901820", "004930901820"),
        ("+49\xa0(\xa00\xa0)\xa030\xa0901820", "004930901820"),
        ("(+49) (0) 30 / 901820", "004930901820"),
        ("00 49 (0)30 901820", "004930901820"),
        ("+49 0 30 901820", "004930901820"),
        ("+44 (0)20 7946 0958", "00442079460958"),
        ("+421 (0)2 5930 1111", "00421259301111"),
        ("+48 (0)22 621 02 00", "0048226210200"),
        ("+420 (0) 777 123 456", "00420777123456"),
        ("+39 (0)6 6982", "0039066982"),
        ("+39 06 6982", "0039066982"),
        ("+1 (212) 555-0100", "0012125550100"),
        ("*100", "*100"),
        ("*300000", "*300000"),
        ("300000", "300000"),
        ("1", "1"),
        ("112", "112"),
        ("1188", "1188"),
        ("4488", "4488"),
        ("0", "0"),
        # Spaces in a code are left out, and a plus sign is written as the operator expects it.
        ("*0822 * 300 100", "*0822*300100"),
        ("+420 777 123 456*300110", "00420777123456*300110"),
        ("777 123 456 * 0", "777123456*0"),
        ("000 777 123 456", "000777123456"),
        # A template renders a number without its plus sign.
        ("420777123456", "00420777123456"),
        ("421905123456", "00421905123456"),
        ("4915112345678", "004915112345678"),
    ],
)
def test_a_number_is_dialled_however_it_is_written(written: str, dialled: str) -> None:
    """Numbers may be pasted from a web page, an address book or a link."""
    assert numbers.to_dialable(written) == dialled


SPECIAL_CODES = """
*080 *081 *0811 *071 *0712345678 *0071 *00799 *0081 *009999 **300100 ** *0822*300100
*082*300100 *082*300100*2**0821 777123456*300110 00420777123456*300110 777123456*0 112*300110
*300100*777123456 *300100*00420777123456 *067*777123456 *0612*00420777123456 *09777123456
*0900420777123456 000777123456 00000420777123456 000000 *082 *0821 *08305777123456
*084*1*300100!*300110 *084*work_hours*300100!*085120*1 *084*po-pa*00420777123456!*100
*08700420777123456 *088300100 *0888*300100*300110 *085120*1 *0855020*12 *0855120*1
*0855320*1*777123456 *08555*1 *08520011 *0852001sales-desk *085*12*777123456 *085*12* *8223004
*8223100
"""
"""One of each kind that the operator documents as dialable."""


@pytest.mark.parametrize("code", SPECIAL_CODES.split())
def test_a_special_code_is_unchanged(code: str) -> None:
    """Codes of the operator are dialled, and shown, as they are written."""
    assert numbers.to_dialable(code) == code
    assert numbers.to_dialable(f"  {code} ") == code
    assert numbers.to_dialable_prefix(code) == code
    assert numbers.normalize(code) == code
    assert numbers.formatted(code) == code
    assert numbers.is_same_number(code, code)


REFUSED = (
    "+|*|***|*Petr|*0852*Petr|*300100*Petr|Petr*300100|Petr 2|112 Hasiči|77712345*300100|"
    "777123456*1234567|00012|sip:jan@iptel.org|+420 777 123 456 ext. 12|+1 800 FLOWERS|Jan|"
    "777123456, 777654321|77712345|0777123456|++420777123456|+420 0777 123 456|skype:jan.novak|"
    "7771234567|6021234567|77712345678|999123456789|12345|#31#777123456|٧٧٧١٢٣٤٥٦"
)


@pytest.mark.parametrize("written", [*REFUSED.split("|"), "", "1" * 300])
def test_other_text_is_not_dialled(written: str) -> None:
    """An order for an impossible number would be accepted, and its first leg charged."""
    assert numbers.to_dialable(written) is None


@pytest.mark.parametrize(
    ("written", "beginning"),
    [
        ("+420 777", "00420777"),
        ("00420 777", "00420777"),
        ("777 123 456", "00420777123456"),
        ("300000", "300000"),
        ("+49 (0)30", "004930"),
        ("Petr 2", None),
        ("Jan", None),
        ("", None),
    ],
)
def test_the_beginning_of_a_number_is_a_filter(written: str, beginning: str | None) -> None:
    """It is written as the operator's lists have it."""
    assert numbers.to_dialable_prefix(written) == beginning


@pytest.mark.parametrize(
    ("operators", "shown"),
    [
        ("00420777123456", "+420777123456"),
        ("777123456", "+420777123456"),
        ("00421905123456", "+421905123456"),
        ("*300000", "*300000"),
        ("300000", "300000"),
        ("*100", "*100"),
        ("*084*noc*300 100!*300110", "*084*noc*300100!*300110"),
        ("112", "112"),
        ("00", "00"),
        ("skype:tomas.prochazka", "skype:tomas.prochazka"),
        ("domov.novakovi", "domov.novakovi"),
        ("???", "???"),
        ("0042", "0042"),
        ("0012345", "+12345"),
        ("00420112", "+420112"),
        ("004930901820", "+4930901820"),
        ("0049030901820", "+4930901820"),
        ("+49 (0)30 901820", "+4930901820"),
        ("0039066982", "+39066982"),
        (" skype:jan.novak ", "skype:jan.novak"),
        ("sip:janinnovak@iptel.org", "sip:janinnovak@iptel.org"),
        ("private.office", "private.office"),
        ("0", "0"),
        ("1", "1"),
    ],
)
def test_a_number_is_shown_in_international_form(operators: str, shown: str) -> None:
    """Short codes, lines and addresses stay as they are."""
    assert numbers.normalize(operators) == shown


WITHHELD = (
    "Hidden number|Skryté číslo|anonymous|Anonymous@sip|Neznámé|unavailable|Unavailable|"
    "restricted|Restricted number|blocked|No caller ID|not available|Utajené číslo|utajeno|"
    "nedostupné|sip:anonymous@anonymous.invalid|sips:Anonymous@sip.odorik.cz:5061|"
    "sip:unavailable@unknown.invalid|sip:restricted@10.0.0.1;user=phone|"
    '<sip:anonymous@odorik.cz>|"Anonymous" <sip:anonymous@anonymous.invalid>|'
    "sip:c8oqz84zk7z@anonymous.invalid|tel:anonymous|-1| -1 |-2|-|N/A|null"
)


@pytest.mark.parametrize("number", [*WITHHELD.split("|"), "", "  ", None])
def test_a_withheld_number_is_none(number: str | None) -> None:
    """A text that denotes a withheld number is not a number, in any language or address."""
    assert numbers.normalize(number) is None
    assert numbers.match_key(number) is None


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
def test_a_public_number_is_formatted_with_spaces(number: str, spaced: str) -> None:
    """Codes and lines are not."""
    assert numbers.formatted(number) == spaced


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("+420 777 123 456", "00420777123456"),
        ("777123456", "+420777123456"),
        ("0777 123 456", "00420777123456"),
        ("123456789", "+420123456789"),
        ("*300000", "300000"),
        ("Skype:Jan", "skype:jan"),
        ("sip:Jan@iptel.org", "jan@iptel.org"),
        ("+49 (0)30 901820", "004930901820"),
        ("00 49 (0)30/901820", "+49 30 901820"),
        ("tel:+49-30-901820;ext=1", "004930901820"),
        # The operator may list a call to a code that selects a route under the number alone.
        ("777123456*300110", "+420777123456"),
        ("00420777123456*0", "777123456"),
        ("*300100*777123456", "+420777123456"),
        ("*067*00420777123456", "+420777123456"),
        ("*09777123456", "+420777123456"),
        ("000777123456", "+420777123456"),
        ("**300100", "*300100"),
        ("000112", "112"),
        ("112*300100", "112"),
    ],
)
def test_spellings_of_one_number_are_the_same(one: str, other: str) -> None:
    """A caller is recognized as a contact, however either is written."""
    assert numbers.is_same_number(one, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("*100", "100"),
        ("*007", "007"),
        ("*1", "1"),
        ("", ""),
        ("300000", "300001"),
        ("00421777123456", "+420777123456"),
        ("+421777123456", "777123456"),
        ("004930777123456", "00420777123456"),
        ("+1 777 123 4567", "771234567"),
        ("0012777123456", "777123456"),
        ("12345678", "+42012345678"),
        ("+42160298765", "60298765"),
        ("-1", "1"),
    ],
)
def test_different_numbers_are_not_the_same(one: str, other: str) -> None:
    """The code ``*100`` is not speed dial 100, and other countries have numbers of their own."""
    assert not numbers.is_same_number(one, other)


@given(ANYTHING)
@example("-0")
def test_any_text_can_be_shown_compared_and_dialled(text: str) -> None:
    """The written, the shown and the dialled number are the same.

    One odd number in a response must not stop the integration.
    """
    shown = numbers.normalize(text)
    assert numbers.normalize(shown) == shown
    if shown is not None:
        assert numbers.is_same_number(text, text)
        numbers.formatted(shown)
    if (dialled := numbers.to_dialable(text)) is not None:
        assert numbers.is_same_number(text, dialled)
        assert numbers.to_dialable(dialled) == dialled
        assert numbers.is_same_number(shown, dialled)


@given(st.from_regex(r"(\+420 ?|00420)?[2-9][0-9]{8}", fullmatch=True))
def test_every_form_of_a_czech_number_can_be_dialled(text: str) -> None:
    """Events, cards and contacts each have a form of their own."""
    shown, dialled = numbers.normalize(text), numbers.to_dialable(text)
    assert shown is not None
    assert numbers.is_same_number(text, dialled)
    assert dialled == f"00{shown[1:]}"
    assert numbers.to_dialable(shown) == dialled
    assert numbers.to_dialable(dialled) == dialled
    assert numbers.to_dialable(numbers.formatted(shown)) == dialled


def test_no_number_causes_an_import() -> None:
    """The metadata of all countries is loaded in advance, outside the event loop."""
    program = """
import importlib.util
import sys
import phonenumbers
spec = importlib.util.spec_from_file_location("module", sys.argv[1])
numbers = importlib.util.module_from_spec(spec)
spec.loader.exec_module(numbers)
read = set(sys.modules)
codes = [*phonenumbers.COUNTRY_CODE_TO_REGION_CODE, 420]
for code in codes:
    for digits in ("5005550006", "800123456", "234567"):
        number = f"+{code}{digits}"
        numbers.normalize(number)
        numbers.to_dialable(number)
        numbers.formatted(number)
print(len(codes), *sorted(set(sys.modules) - read))
"""
    command = [sys.executable, "-c", program, numbers.__file__]
    countries, *imported = subprocess.check_output(command, text=True).split()  # noqa: S603
    assert int(countries) > 200
    assert imported == []


@pytest.mark.parametrize(
    ("number", "is_mobile"),
    [
        ("+420777123456", True),
        ("00420602111222", True),
        ("777 123 456", True),
        ("+4915112345678", True),
        # North American numbers do not show what they belong to.
        ("+12025550123", True),
        ("+420541246810", False),
        ("+420910123456", False),
        ("+420800123456", False),
        ("+9990000000", False),
        ("*300100", False),
        ("*100", False),
        ("112", False),
        ("skype:jan", False),
        ("anonymous", False),
        ("", False),
        (None, False),
    ],
)
def test_a_mobile_number_is_recognized(number: str | None, *, is_mobile: bool) -> None:
    """Fixed lines, services, codes, names and withheld numbers are not mobile numbers."""
    assert numbers.is_mobile(number) is is_mobile
