"""Test who or what answers the operator's special codes."""

import pytest

from custom_components.odorik.calls.special_codes import Answerer, answerer

CODES = {
    Answerer.SUPPORT: "*100 0",
    Answerer.MACHINE: """
        *080 *081 *0811 *0071 *00799 *0081 *0091 *009999 *085120*1 *0851*1 *08550*1 *0855020*1
        *08551*1 *0855120*1 *08555*3 *085*12* *085*12*00420777123456
        sip:*085120*1@sip.odorik.cz
        *08310*085120*1 *08310**085120*1 *0855320*1**085120*2 *084*noc**085120*1!*085120*2
        *0888**085120*1**085120*2 *084*noc**085120*1!*0821
    """,
    Answerer.NOBODY: "*082 *0821 *08310*0821 *084*noc**0821!*085120*1",
    Answerer.PEOPLE: """
        *071 *0712345678 *0781 **300100 ** *0822*300100 00420777123456*300100 00420777123456*0
        *300100*00420777123456 *0612*00420777123456 *09420777123456 *09851 00000420777123456
        *08310*300100 *0831000420777123456 *0831000420777123456*0 *084*noc**085120*1!*300100
        *084*noc*00420777123456!*085120*1 *088300100 *0888*300100*300110 *0888**085120*1*300110
        *0855320*1*300100 *0855320*1**300100 *0855320*1*00420777123456 *085200112
        *0852001300100 *0852001obchod *300100 300100 00420777123456 skype:tomas 100
    """,
}
"""Numbers and codes by answerer; of two targets without people, the first one counts."""


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        *((number, who) for who, numbers in CODES.items() for number in numbers.split()),
        ("", Answerer.PEOPLE),
        (None, Answerer.PEOPLE),
    ],
)
def test_a_number_or_code_has_an_answerer(number: str | None, expected: Answerer) -> None:
    """Voicemail is a machine, wherever it is in a code; otherwise it would hide a missed call."""
    assert answerer(number) is expected


def test_nested_codes_are_followed_to_a_limit() -> None:
    """A caller may send anything, so at most eight codes are followed to a target."""
    assert answerer("*08310" * 8 + "*0821") is Answerer.NOBODY
    assert answerer("*08310" * 9 + "*0821") is Answerer.PEOPLE
    assert answerer("*08310" * 10_000 + "*0821") is Answerer.PEOPLE
    assert answerer("*0888*" * 300) is Answerer.PEOPLE
