"""Parts of text messages."""

import pytest

from simulator.world.messages import count_parts, price


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("a" * 160, 1),
        ("a" * 161, 2),
        ("a" * 306, 2),
        ("a" * 307, 3),
        ("€" * 80, 1),
        ("€" * 81, 2),
        # Neither a character of two septets nor a surrogate pair is divided.
        ("a" * 152 + "€" * 77, 3),
        ("a" * 151 + "€" * 77, 2),
        ("ř" * 66 + "😀" * 34, 3),
        ("ř" * 70, 1),
        ("ř" * 71, 2),
        ("ř" * 134, 2),
        ("😀" * 35, 1),
        ("😀" * 36, 2),
    ],
    ids=lambda value: str(value)[:8],
)
def test_parts_are_counted_in_gsm_7_or_ucs_2(text: str, parts: int) -> None:
    """Several parts have less room than a single one, and each is charged."""
    assert count_parts(text) == parts
    assert price(text) == pytest.approx(0.99 * parts)
