"""Text messages: transliteration, encoding and number of parts."""

# ruff: noqa: RUF001 - Similar characters are what the tables are about.

from collections.abc import Iterator
from random import Random
import string
from typing import Literal
import unicodedata

import pytest
import smsutil  # type: ignore[import-untyped]

from custom_components.odorik.calls.sms import (
    MAX_LENGTH,
    MessageTooLongError,
    SmsEncoding,
    SmsText,
    UnsupportedCharactersError,
    prepare,
)

CZECH = "áčďéěíňóřšťúůýžÁČĎÉĚÍŇÓŘŠŤÚŮÝŽ„“–…"
GSM = "@£$¥èéùìòÇØøÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ¤¡ÄÖÑÜ§¿äöñüà\n"
EXTENSION = "^{}\\[~]|€\f"
EMOJI = "😀🏠🚰👍🔥"
ASCII = string.ascii_letters + string.digits + " .,!?"
# No text contains an escape character, which smsutil takes for a letter of GSM-7: it has the code
# of the escape to the extension table.
ALPHABETS = (ASCII, ASCII, ASCII + EXTENSION, ASCII + GSM, ASCII + CZECH, EMOJI, EXTENSION)
LENGTHS = (69, 70, 71, 134, 135, 153, 154, 159, 160, 161, 306, 307, 765, 766)
SCALES = {"gsm0338": (SmsEncoding.GSM7, 1), "utf_16_be": (SmsEncoding.UCS2, 2)}


def shortened(value: object) -> str:
    """Return the ID of a parameter."""
    return str(value)[:8]


def independent(text: str) -> tuple[SmsEncoding, int, int]:
    """Return encoding, length and number of parts as smsutil counts them."""
    counted = smsutil.split(text)
    encoding, unit = SCALES[counted.encoding]
    return encoding, counted.total_bytes // unit, len(counted.parts)


def random_texts(count: int) -> Iterator[str]:
    """Yield texts of one alphabet, or of two; the same in every run."""
    random = Random(1)  # noqa: S311
    for _ in range(count):
        length = random.choice((random.randint(1, 400), random.choice(LENGTHS)))
        alphabet = "".join(random.sample(ALPHABETS, random.choice((1, 1, 2))))
        yield "".join(random.choices(alphabet, k=length))


def test_parts_are_those_of_another_implementation() -> None:
    """Encoding, length and parts of 2,000 random texts are those that smsutil counts."""
    seen = set()
    for text in random_texts(2000):
        counted = independent(text)
        if counted[1] > MAX_LENGTH:
            with pytest.raises(MessageTooLongError) as refused:
                prepare(text, keep_accents=True)
            assert refused.value.length == counted[1]
        else:
            assert prepare(text, keep_accents=True) == SmsText(text, *counted)
            seen.add((counted[0], min(counted[2], 3)))
    assert seen == {(encoding, parts) for encoding in SmsEncoding for parts in (1, 2, 3)}


def test_gsm_7_has_the_characters_of_another_implementation() -> None:
    """The alphabets are equal, except for the escape character and the carriage return."""
    for code in range(0x3000):
        character = unicodedata.normalize("NFC", chr(code))
        if character not in "\r\x1b":
            prepared = prepare(character, keep_accents=True)
            assert (prepared.encoding, prepared.length) == independent(character)[:2], hex(code)


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("příliš žluťoučký kůň úpěl ďábelské tóny", "prilis zlutoucky kun upel dabelske tony"),
        ("PŘÍLIŠ ŽLUŤOUČKÝ KŮŇ ÚPĚL ĎÁBELSKÉ TÓNY", "PRILIS ZLUTOUCKY KUN UPEL DABELSKE TONY"),
        ("áčďéěíňóřšťúůýž ÁČĎÉĚÍŇÓŘŠŤÚŮÝŽ", "acdeeinorstuuyz ACDEEINORSTUUYZ"),
        ("áäčďéíĺľňóôŕšťúýž ÁÄČĎÉÍĹĽŇÓÔŔŠŤÚÝŽ", "aacdeillnoorstuyz AACDEILLNOORSTUYZ"),
        ("äöüß ÄÖÜẞ", "aouss AOUSS"),
        ("ąćęłńóśźż ĄĆĘŁŃÓŚŹŻ", "acelnoszz ACELNOSZZ"),
        ("èéùìòÇØøÅåÆæÑñà œŒđĐıþ", "eeuioCOoAaAEaeNna oeOEdDith"),
        ("„ahoj“ “ahoj” »ahoj« «ahoj»", '"ahoj" "ahoj" "ahoj" "ahoj"'),
        ("‚ahoj‘ ‘ahoj’ ›ahoj‹ `ahoj´", "'ahoj' 'ahoj' 'ahoj' 'ahoj'"),
        ("a‐b‑c‒d–e—f―g−h", "a-b-c-d-e-f-g-h"),
        ("počkej…", "pockej..."),
        ("5\u00a0km,\u202f6\u2009km\tb", "5 km, 6 km b"),
        ("a\u200bb\u00adc\ufeffd\x00e", "abcde"),
        ("21,5 °C • 30 µg/m³ ± ½ ™", "21,5 C - 30 ug/m3 +/- 1/2 TM"),
        ("1\ufe0f\u20e3", "1"),
        ("a\r\nb\rc\u2028d", "a\nb\nc\nd"),
        ("€{}[]~\\|^ £$¥ΔΩ¿¡§¤@_", "€{}[]~\\|^ £$¥ΔΩ¿¡§¤@_"),
    ],
)
@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_accents_are_removed(text: str, plain: str, form: Literal["NFC", "NFD"]) -> None:
    """Letters lose their accents and typographic characters become ASCII, however composed."""
    prepared = prepare(unicodedata.normalize(form, text))
    assert prepared.text == plain
    assert prepared.encoding is SmsEncoding.GSM7


@pytest.mark.parametrize(
    ("text", "kept", "encoding"),
    [
        ("Kůň „řehtá“…\u00a0😀", "Kůň „řehtá“…\u00a0😀", SmsEncoding.UCS2),
        ("ku\u030an\u030c", "kůň", SmsEncoding.UCS2),
        ("e\u0301\r\na\u0308", "é\nä", SmsEncoding.GSM7),
        ("\ud83d\ude00", "😀", SmsEncoding.UCS2),
        ("a\ud83d", "a\ufffd", SmsEncoding.UCS2),
    ],
)
def test_accents_are_kept_on_request(text: str, kept: str, encoding: SmsEncoding) -> None:
    """Only the composition of characters and the line ends change; UCS-2 is used if required."""
    prepared = prepare(text, keep_accents=True)
    assert (prepared.text, prepared.encoding) == (kept, encoding)


@pytest.mark.parametrize(
    ("text", "characters"),
    [
        ("Ahoj 😀, jak je? 😀", "😀"),
        ("Привет", "Привет"),
        ("мама й", "май"),
        ("❤️ a 👍🏽", "❤️👍🏽"),
        ("👨‍👩‍👧 je doma 👨", "👨‍👩‍👧👨"),
        ("🇨🇿🇸🇰🇨🇿", "🇨🇿🇸🇰"),
        ("🏴󠁧󠁢󠁥󠁮󠁧󠁿", "🏴󠁧󠁢󠁥󠁮󠁧󠁿"),
        ("kůň 马", "马"),
        ("a\ud83d", "\ufffd"),
    ],
)
def test_characters_without_a_replacement_are_refused(text: str, characters: str) -> None:
    """The error has each character once, as the reader sees it; no question mark is sent."""
    with pytest.raises(UnsupportedCharactersError) as refused:
        prepare(text)
    assert refused.value.characters == characters
    assert text not in str(refused.value)


@pytest.mark.parametrize(
    ("text", "keep_accents", "length"),
    [
        ("a" * 766, False, 766),
        ("€" * 383, False, 766),
        ("ß" * 383, False, 766),
        ("ř" * 766, True, 766),
        ("😀" * 383, True, 766),
        ("a" * 10**6, False, 10**6),
    ],
    ids=shortened,
)
def test_a_longer_text_is_refused(text: str, length: int, *, keep_accents: bool) -> None:
    """A text is never cut, and its length is that of the text to be sent."""
    with pytest.raises(MessageTooLongError) as refused:
        prepare(text, keep_accents=keep_accents)
    assert refused.value.length == length
