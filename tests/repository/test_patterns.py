"""No regular expression over foreign input backtracks."""

from collections.abc import Iterator
from contextlib import suppress
import importlib
import inspect
from itertools import product
import pkgutil
import re
from typing import Any

import pytest

from custom_components import odorik
from custom_components.odorik.api import Call, CallStatistics, ExportFormat, OdorikError
from custom_components.odorik.api.decoding import One, Rows
from custom_components.odorik.api.forms import read_page

LENGTH = 100_000
"""Characters. What takes as many steps for each of them does not end within a test run."""
REPEATED = (
    *("a", "0", "_", "*", " ", "\n", "-", ".", "a.", "a_", "0*", "\\", '"', "'", '"\\"', "<", "<!"),
    *(
        "<a",
        "</a",
        "<?",
        "<!a ",
        "<!--",
        "<a='",
        "a:",
        "a@",
        "a.a@",
        "sip:",
        "+420",
        "00",
        "(",
        "[[",
    ),
    *(" (1", ",", ", ", ",{", ', { "id"', "error", "error:", "error ", "hidden", "é", "½"),
)
AROUND = (("", ""), ("", "!"), ("", "\0"), ("<", ""), ("<a", "<"), ('["', ""), ('["a', '_"'))
INPUTS = [
    f"{before}{piece * (LENGTH // len(piece))}{behind}"
    for piece, (before, behind) in product(REPEATED, AROUND)
]


def uses() -> Iterator[tuple[str, str, str]]:
    """List the patterns of the integration with each method that is called on them."""
    for info in pkgutil.walk_packages(odorik.__path__, f"{odorik.__name__}."):
        module = importlib.import_module(info.name)
        source = inspect.getsource(module)
        for name, value in vars(module).items():
            if isinstance(value, re.Pattern):
                for method in set(re.findall(rf"\b{name}\.(\w+)\(", source)):
                    yield module.__name__, name, method


def test_patterns_are_found() -> None:
    """The test below covers at least what is known to read answers and numbers."""
    found = {name for _, name, _ in uses()}
    assert found >= {"_CODE_IN_LIST", "_ESCAPE", "_NO_WORD", "_OPENING_TAG", "_TAG", "_WITHHELD"}


@pytest.mark.parametrize(("module", "name", "method"), sorted(uses()))
def test_a_pattern_does_not_backtrack(module: str, name: str, method: str) -> None:
    """A pattern takes as long as its input, so no answer can hold up Home Assistant with it."""
    pattern: re.Pattern[Any] = getattr(importlib.import_module(module), name)
    arguments = [""] if method == "sub" else []
    for text in INPUTS:
        given = text.encode() if isinstance(pattern.pattern, bytes) else text
        getattr(pattern, method)(*arguments, given)


@pytest.mark.parametrize("piece", REPEATED)
def test_a_damaged_answer_takes_no_longer_than_its_length(piece: str) -> None:
    """What is in a damaged answer does not decide how long it takes to find its rows."""
    text = piece * (LENGTH // len(piece))
    for body in (f'[{{"id": 1{text}{{}}]', f'[{{"id": NaN}}, {{"id": "{text}"}}]', f"[{text}{{}}]"):
        with suppress(OdorikError):
            Rows(Call).read(body.encode())
        with suppress(OdorikError):
            One(CallStatistics).read(body[1:-1].encode())
        for form in ExportFormat:
            with suppress(OdorikError):
                read_page(form, body.encode())
            with suppress(OdorikError):
                read_page(form, f"<calls>{text}</calls>".encode())
