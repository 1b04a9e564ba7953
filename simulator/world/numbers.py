"""Telephone numbers in the exchange's format, forged ones, and prices."""

from collections.abc import Callable

WITHHELD = ""
STRANGERS = (
    "00420602555123",
    "00420737404808",
    "00420221990011",
    "00420548138000",
    "00421905123456",
    "004930901820",
    WITHHELD,
)
NATIONAL_DIGITS = 9
ARABIC_DIGITS = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")
FORGERIES: dict[str, tuple[str, Callable[[str], str]]] = {
    "exact": ("the number itself, which cannot be recognised as forged", str),
    "country": (
        "its last nine digits with another country code",
        lambda number: f"00421{number[-NATIONAL_DIGITS:]}",
    ),
    "longer": ("with one more digit", lambda number: f"{number}0"),
    "shorter": ("without the last digit", lambda number: number[:-1]),
    "zeros": ("with one more zero in front", lambda number: f"0{number}"),
    "line": ("as the short number of a line", lambda number: f"*{number[-NATIONAL_DIGITS:]}"),
    "sip": ("as the user of a SIP address", lambda number: f"sip:{number}@example.net"),
    "digits": ("in Arabic digits", lambda number: number.translate(ARABIC_DIGITS)),
}
"""Forged caller IDs: what they look like, and how to make them from an international number."""

IN_NETWORK = "Česko v síti"
PREMIUM_RATE = "Česká rep. - audiotex"
SMS_NAME = "SMS zpráva"
SMS_PRICE = 0.99
SMSINFO = "smsinfo"
"""The sender of a text message that has no other."""
TARIFF = (
    ("*", "Česká rep. - * v síti", 0.0),
    ("00420910", IN_NETWORK, 0.0),
    ("00420800", "Česká rep. - zelená linka", 0.0),
    ("0042090", PREMIUM_RATE, 55.0),
    ("004206", "Česká rep. - mobil", 0.59),
    ("004207", "Česká rep. - mobil", 0.59),
    ("00420", "Česká rep. - pevná", 0.49),
    ("004219", "Slovensko - mobil", 2.49),
    ("00421", "Slovensko - pevná", 0.99),
    ("0049", "Německo - pevná", 0.79),
    ("0044", "Velká Británie", 0.99),
    ("008835", "iNum", 0.0),
    ("0087", "Satelitní sítě", 150.0),
    ("0088", "Satelitní sítě", 150.0),
    ("00", "Zahraničí", 4.99),
    ("", IN_NETWORK, 0.0),
)
"""Prefix, destination name and CZK per minute; the first match wins."""
FEES = (("00420905", 60.0), ("00420908", 99.0))
"""Prefix and CZK per answered call; these calls have no price per minute."""


def international(number: str) -> str:
    """Return a number in the form `00…`; short codes and line numbers stay unchanged."""
    bare = number.replace(" ", "")
    if bare.startswith("+"):
        return f"00{bare[1:]}"
    if len(bare) == NATIONAL_DIGITS and bare.isdigit():
        return f"00420{bare}"
    return bare


def tariff(number: str) -> tuple[str, float]:
    """Return the destination name of a number and its price per minute."""
    return next((name, price) for start, name, price in TARIFF if number.startswith(start))


def fee_per_call(number: str) -> float | None:
    """Return the fee for an answered call to a number, or None if it is charged by the minute."""
    return next((fee for start, fee in FEES if number.startswith(start)), None)
