"""Strategies for answers of a server, similar to the documented ones and arbitrary."""

from collections.abc import Iterator
from dataclasses import dataclass, field
import gzip
from http import HTTPStatus
import json
import math
from pathlib import Path
from typing import Any
import zlib

from aiohttp import web
from hypothesis import HealthCheck, settings, strategies as st
import pytest

FIXTURES = Path(__file__).parent / "fixtures"
DOCUMENTED: dict[str, tuple[bytes, ...]] = {
    **{
        path: tuple((FIXTURES / name).read_bytes() for name in names)
        for path, names in {
            "active_calls.json": ("active_calls.json", "clients_active_calls.json"),
            "balance": ("clients_balance.txt",),
            "call_statistics.json": ("call_statistics.json",),
            "call_statistics/by_destination.json": ("by_destination.json",),
            "call_statistics/missed_calls.json": ("missed_calls.json",),
            "callback": ("callback_ordered.txt", "callback_enqueued.txt", "callback_failed.txt"),
            "calls.json": ("calls.json", "clients_calls.json", "clients_sms_in_calls.json"),
            "lines.json": ("clients_lines.json",),
            "public_numbers.json": ("clients_public_numbers.json",),
            "sms": ("sms_sent.txt", "sms_enqueued.txt", "sms_low_balance.txt"),
            "sms/allowed_sender": ("sms_allowed_sender.txt",),
            "speed_dials.json": ("clients_speed_dials.json",),
        }.items()
    },
    "active_calls/1.json": (b"{}", b"[]"),
    "calls.csv": (b"id,date,price\n1,2014-10-01T11:28:31Z,0.59\n", b'id;price\r\n1;"0,5\n9"\r\n'),
    "calls.xml": (b'<?xml version="1.0"?>\n<calls><call><id>1</id></call></calls>', b"<calls/>"),
}
"""Valid answers of each path; where none is documented, a plausible one."""

MIRROR = b"[address]"
"""Placeholder in a body for the address of the request, which some servers repeat."""
DEEP = b"[deep]"
"""Placeholder for nested lists, too deep to decode."""
DEEPEST = b"[deepest]"
"""Placeholder for nested lists, too deep to skip."""
TAB, ESCAPE = b"[tab]", b"[escape]"
"""Placeholders for a tab and an escape that JSON does not allow in a string."""
LONG = b"[long]"
"""Placeholder for a text that exceeds the field size limit of the csv module."""


@dataclass(frozen=True)
class Answer:
    """A fixed answer to any request."""

    body: bytes
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)

    def response(self, request: web.Request) -> web.Response:
        """Return the answer with its placeholders filled in."""
        body = self.body
        for mark, meant in (
            (MIRROR, str(request.url).encode()),
            (DEEP, b"[" * 50_000 + b"]" * 50_000),
            (LONG, b"a" * 131_073),
            (TAB, b"\t"),
            (ESCAPE, rb"\x"),
            (DEEPEST, b"[" * 2_000_000 + b"]" * 2_000_000),
        ):
            body = body.replace(mark, meant)
        return web.Response(body=body, status=self.status, headers=self.headers)


_times = st.datetimes().map("{:%Y-%m-%dT%H:%M:%SZ}".format) | st.sampled_from(
    (
        *("2014-10-01T11:39:59Z", "2014-10-01T11:40:00Z", "2014-10-01T13:40:01+02:00"),
        *("2014-10-01T11:45:00Z", "2014-10-02T11:40:00Z", "2014-09-01T11:40:00Z"),
        *("0001-01-01T00:00:00Z", "0001-01-01T00:00:00+14:00", "1969-12-31T23:59:59Z"),
        *("9999-12-31T23:59:59Z", "9999-12-31T23:59:59.999999-14:00", "2014-10-01T11:40:60Z"),
        *("2014-10-01 11:40:00", "2014-10-01", "0000-00-00T00:00:00Z"),
    )
)
_texts = st.text(max_size=40) | st.sampled_from(
    (
        *("", " ", "null", "0", "-1", "1,5", "12.0", "1e400", "-Infinity", "٣", "in", "answered"),
        *("\0", "\x1b[2J", "\N{RIGHT-TO-LEFT OVERRIDE}x", "\ud83d", "x\udc00", "\r\n", "🕿" * 300),
        *("<b>", "<script>alert(1)</script>", "{{ 1 }}", "%s", "../..", "9" * 400),
        *("00420533533013", "anonymous", "+420", "*100", "300100", "sip:a@b", "0" * 30),
        *(MIRROR.decode(), LONG.decode(), f"a{TAB.decode()}b", f"a{ESCAPE.decode()}"),
    )
)
_numbers = (
    st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.sampled_from((-1, 0, 10**9, 10**9 + 1, 2**53 + 1, 2**63 - 1, 2**63, 2**64, 10**400))
    | st.sampled_from((-0.0, 5e-324, 1.5e308, -1.5e308, 1e16, math.inf, math.nan))
)
_values = st.recursive(
    st.none() | st.booleans() | _numbers | _texts | _times | st.just(DEEP.decode()),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(_texts, inner, max_size=4),
    max_leaves=8,
)


def _containers(value: Any) -> Iterator[dict[str, Any] | list[Any]]:
    """Yield the non-empty containers in a value, innermost first."""
    if isinstance(value, dict | list) and value:
        for inner in value.values() if isinstance(value, dict) else value:
            yield from _containers(inner)
        yield value


def _instead(old: Any) -> st.SearchStrategy[Any]:
    """Return replacements of a value, most of them similar to it."""
    like = _values
    if isinstance(old, str):
        like = _times if old.startswith("20") else _texts
    elif isinstance(old, int | float):
        like = _numbers
    return like | like | _values


def _change(kind: str, container: Any, key: Any, value: Any) -> None:
    """Change a value in a container, or its neighbours."""
    old = container[key]
    match kind:
        case "replace":
            container[key] = value
        case "drop":
            del container[key]
        case "retype":
            container[key] = [old] if isinstance(old, dict | list) else str(old)
        case "flood":
            for place in container if isinstance(container, dict) else range(len(container)):
                container[place] = value
        case "double" if isinstance(container, list):
            container.append(old)
        case _:
            container[f"{key}_of_tomorrow"] = value


_kinds = st.sampled_from(("replace", "replace", "replace", "drop", "retype", "flood", "double"))


@st.composite
def _near_json(draw: st.DrawFn, good: bytes) -> bytes:
    """Draw a documented answer in JSON with a few changes."""
    document = [json.loads(good)]
    for _ in range(draw(st.integers(1, 5))):
        containers = list(_containers(document)) or [document]
        # Rows are preferred, since a change around them mostly spoils the whole answer.
        rows = [it for it in containers if isinstance(it, dict)]
        container: Any = draw(st.sampled_from([*rows * 5, *containers]))
        if container:
            keys = list(container) if isinstance(container, dict) else range(len(container))
            key = draw(st.sampled_from(keys))
            _change(draw(_kinds), container, key, draw(_instead(container[key])))
    return _dumped(document[0] if document else None)


@st.composite
def _near_text(draw: st.DrawFn, good: bytes) -> bytes:
    """Draw a documented answer that is cut, doubled or has something inserted."""
    start = draw(st.integers(0, len(good)))
    end = draw(st.integers(start, len(good)))
    put = draw(st.binary(max_size=6) | _texts.map(lambda text: text.encode(errors="replace")))
    return draw(st.sampled_from((good, good[:start], good + good, b"\xef\xbb\xbf" + good))) + draw(
        st.sampled_from((b"", put, good[start:end], put + good[end:]))
    )


def _dumped(value: Any) -> bytes:
    """Return a value as JSON, invalid where it contains a placeholder for nested lists."""
    body = json.dumps(value).encode()
    return body.replace(b'"%b"' % DEEP, DEEP)


def _refusals(said: Any) -> st.SearchStrategy[bytes]:
    """Return refusals in the notations of the operator and in others."""
    return st.sampled_from(
        (
            f"error {said}".encode(errors="replace"),
            _dumped({"errors": [said]}),
            _dumped({"error": said}),
            f"<errors><error>{said}</error></errors>".encode(errors="replace"),
        )
    )


_codes = st.sampled_from(
    (
        *("authentication_failed", "unauthorized", "callback_failed", "missing_argument caller"),
        *("forbidden_sender", "gateway_failed"),
    )
)
_far = st.one_of(
    st.binary(max_size=60),
    _values.map(_dumped),
    _values.flatmap(_refusals),
    st.builds(
        lambda text, charset: text.encode(charset, "replace"),
        _texts,
        st.sampled_from(("utf-8", "utf-8-sig", "utf-16", "latin-1", "cp1250")),
    ),
    st.sampled_from(
        (
            *(DEEP, DEEPEST, b"[" * 999, b'[{"id":' * 999, b"<a>" * 999),
            b'{"errors": %b}' % DEEP,
            b"<!DOCTYPE html><html><body>Back soon</body></html>",
            b"error",
            b"error ",
            b"\n\nerror  authentication_failed",
            b"error no such page: " + MIRROR,
            b"\0" * 9,
        )
    ),
)


def bodies(path: str) -> st.SearchStrategy[bytes]:
    """Return bodies for a path, similar to the documented ones or arbitrary."""
    good = st.sampled_from(DOCUMENTED[path])
    changed = good.flatmap(
        lambda body: _near_json(body) if body.lstrip()[:1] in b"[{" else _near_text(body)
    )
    others = good.flatmap(_near_text) | _codes.flatmap(_refusals) | _far
    return changed | changed | changed | changed | others


_header_texts = st.text(st.characters(exclude_categories=("Cc", "Cs")), max_size=20)
_headers: dict[str, st.SearchStrategy[str]] = {
    "Content-Encoding": st.sampled_from(
        ("gzip", "deflate", "br", "zstd", "identity", "gzip, gzip", "of-tomorrow", "")
    ),
    "Date": st.sampled_from(
        (
            *(
                "Wed, 01 Oct 2014 11:42:00 GMT",
                "Sat, 01 Jan 2050 00:00:00 GMT",
                "Wed, 01 Oct 2014 11:40:00 +9999",
                "now",
                "",
            ),
            *("Mon, 01 Jan 0001 00:00:00 GMT", "Fri, 31 Dec 9999 23:59:59 GMT", "0"),
            *("Fri, 31 Dec 9999 23:59:59 -1400", "Thu, 01 Jan 99999 00:00:00 GMT"),
            *("Wed, 32 Feb 2014 25:61:61 GMT", "Wed, 01 Oct 14 11:40 GMT", "9" * 5000),
            "Wed, 01 Oct 2014 11:40:00 " + "(" * 500,
        )
    )
    | _header_texts,
    "Odorik-Pages": st.integers().map(str)
    | st.sampled_from(("3", "3", "99", "٣", "²", "1, 2", "9" * 400, "0x3"))
    | _header_texts,
    "Set-Cookie": st.sampled_from(("a=b", "a=b; Expires=never; Max-Age=x", "=;=;", ";a"))
    | _header_texts,
}
_statuses = st.sampled_from((*(status.value for status in HTTPStatus if status >= 200), 999))
"""Informational statuses are left out, since no answer follows them here."""


@st.composite
def answers(draw: st.DrawFn, path: str) -> Answer:
    """Draw an answer to a request of a path."""
    body = draw(bodies(path))
    if draw(st.integers(0, 2)):
        return Answer(body)
    return Answer(
        draw(st.sampled_from((body, body, zlib.compress(body), gzip.compress(body, mtime=0)))),
        draw(st.just(200) | _statuses),
        draw(st.fixed_dictionaries({}, optional=_headers)),
    )


def try_answers(metafunc: pytest.Metafunc, examples: int, **how: Any) -> None:
    """Set the number of examples of a test; they are the same in every run without ``--long``.

    Args:
        metafunc: The test that is being collected; one without examples is left unchanged.
        examples: The number of examples; with ``--long`` ten times as many, drawn at random.
        how: Further settings of Hypothesis.
    """
    if hasattr(metafunc.function, "hypothesis"):
        is_long = metafunc.config.getoption("--long")
        settings(
            max_examples=examples * 10 if is_long else examples,
            derandomize=not is_long,
            database=None,
            deadline=None,
            # Each example replaces the answers, and drawing large answers is slow.
            suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
            **how,
        )(metafunc.function)
