"""What a call costs: by the beginning of the number that is called."""

IN_NETWORK = "Česko v síti"
SMS_NAME = "SMS zpráva"
SMS_PRICE = 0.99

# The beginning of a number, the name of the destination, CZK a minute. The first that fits holds.
TARIFF = (
    ("*", "Česká rep. - * v síti", 0.0),
    ("00420910", IN_NETWORK, 0.0),
    ("00420800", "Česká rep. - zelená linka", 0.0),
    ("004206", "Česká rep. - mobil", 0.59),
    ("004207", "Česká rep. - mobil", 0.59),
    ("00420", "Česká rep. - pevná", 0.49),
    ("004219", "Slovensko - mobil", 2.49),
    ("00421", "Slovensko - pevná", 0.99),
    ("0049", "Německo - pevná", 0.79),
    ("0044", "Velká Británie", 0.99),
    ("00", "Zahraničí", 4.99),
    ("", IN_NETWORK, 0.0),
)


def tariff(number: str) -> tuple[str, float]:
    """Return the name of a number's destination and what a minute costs."""
    return next((name, price) for start, name, price in TARIFF if number.startswith(start))
