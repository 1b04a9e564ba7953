"""Regular expressions take linear time for all responses of the operator."""

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
from custom_components.odorik.api import CallRecord, CallStatistics, ExportFormat, OdorikError
from custom_components.odorik.api.decoding import One, Rows
from custom_components.odorik.api.export_formats import read_page

LENGTH = 100_000
"""Characters. A pattern with quadratic run time would not finish within a test run."""
REPEATED = (
    *("a", "0", "_", "*", " ", "\n", "-", ".", "a.", "a_", "0*", "\\", '"', "'", '"\\"', "<", "<!"),
    *("<a", "</a", "<?", "<!a ", "<!--", "<a='", "a:", "a@", "a.a@", "sip:", "+420", "00", "("),
    "[[",
    *(" (1", ",", ", ", ",{", ', { "id"', "error", "error:", "error ", "hidden", "é", "½"),
)
AROUND = (("", ""), ("", "!"), ("", "\0"), ("<", ""), ("<a", "<"), ('["', ""), ('["a', '_"'))
INPUTS = [
    f"{prefix}{piece * (LENGTH // len(piece))}{suffix}"
    for piece, (prefix, suffix) in product(REPEATED, AROUND)
]


def uses() -> Iterator[tuple[str, str, str]]:
    """Yield module, name and called method of each compiled pattern in the integration."""
    for info in pkgutil.walk_packages(odorik.__path__, f"{odorik.__name__}."):
        module = importlib.import_module(info.name)
        source = inspect.getsource(module)
        for name, value in vars(module).items():
            if isinstance(value, re.Pattern):
                for method in set(re.findall(rf"\b{name}\.(\w+)\(", source)):
                    yield module.__name__, name, method


def test_patterns_are_found() -> None:
    """The test below covers at least the patterns known to parse responses and numbers."""
    found = {name for _, name, _ in uses()}
    known = {"_CODE_IN_LIST", "_ESCAPE", "_OPENING_TAG", "_TAG", "_UNSAFE_CHARACTER", "_WITHHELD"}
    assert found >= known


@pytest.mark.parametrize(("module", "name", "method"), sorted(uses()))
def test_a_pattern_does_not_backtrack(module: str, name: str, method: str) -> None:
    """Matching a long and repetitive input takes linear time."""
    pattern: re.Pattern[Any] = getattr(importlib.import_module(module), name)
    arguments = [""] if method == "sub" else []
    for text in INPUTS:
        given = text.encode() if isinstance(pattern.pattern, bytes) else text
        getattr(pattern, method)(*arguments, given)


@pytest.mark.parametrize("piece", REPEATED)
def test_parsing_a_damaged_response_takes_linear_time(piece: str) -> None:
    """Recovering the rows of a damaged response takes linear time."""
    text = piece * (LENGTH // len(piece))
    for body in (f'[{{"id": 1{text}{{}}]', f'[{{"id": NaN}}, {{"id": "{text}"}}]', f"[{text}{{}}]"):
        with suppress(OdorikError):
            Rows(CallRecord).read(body.encode())
        with suppress(OdorikError):
            One(CallStatistics).read(body[1:-1].encode())
        for form in ExportFormat:
            with suppress(OdorikError):
                read_page(form, body.encode())
            with suppress(OdorikError):
                read_page(form, f"<calls>{text}</calls>".encode())
