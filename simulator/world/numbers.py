"""Telephone numbers as the exchange writes them."""

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


def international(number: str) -> str:
    """Return a number as the exchange writes it: `00…`; short codes and lines stay as they are."""
    bare = number.replace(" ", "")
    if bare.startswith("+"):
        return f"00{bare[1:]}"
    if len(bare) == NATIONAL_DIGITS and bare.isdigit():
        return f"00420{bare}"
    return bare
