"""Arbitrary requests never cause an internal server error."""

import asyncio
from collections.abc import Iterator
from http import HTTPStatus
import json
from typing import Any

from aiohttp import ClientSession
from hypothesis import given, strategies as st
from msgspec.structs import fields
import pytest

from simulator.api import ENDPOINTS
from simulator.control.commands import ROUTES
from simulator.worlds import PASSWORD, USER, quiet
from tests.api.answers import try_answers
from tests.exchange import running

EXAMPLES = 300
TEXTS = st.text(max_size=20) | st.sampled_from(
    (
        *("", "0", "-1", "1", "\u00b2", "\u0663", "9" * 5000, "1e400", "NaN", "inf", "\0", "%00"),
        *("true", "300100", "*300110", "00420777123456", "+420 777 123 456", "00abc", "x" * 5000),
        *("0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "2026-02-30T00:00:00Z"),
        *("2026-07-01T10:00:00", "0001-01-01T00:00:00", "9999-12-31T23:59:59", "9999999"),
    )
)
NAMES = st.sampled_from(
    (
        *("from", "to", "since_id", "page", "page_size", "line", "direction", "status", "delayed"),
        *("min_length", "max_length", "min_price", "max_price", "phone_number_filter", "sip_ids"),
        *("include_sms", "caller", "recipient", "simple", "message", "sender", "user", "password"),
    )
)
CONTENT_TYPES = st.sampled_from(
    (
        *("application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "text/plain"),
        *("application/x-www-form-urlencoded; charset=unknown", "multipart/form-data", ""),
        *('multipart/form-data; boundary="', "application/json", "multipart/mixed; boundary=x"),
    )
)
PARTS = st.lists(
    st.sampled_from(
        (
            *(b"--x\r\n", b"--x--\r\n", b"\r\n", b"\r\n\r\n", b"--x", b"--", b"caller=1&x=2"),
            *(b'Content-Disposition: form-data; name="caller"', b"Content-Type: multipart/mixed"),
            *(b"Content-Type: text/plain; charset=unknown", b"Content-Length: 9", b"\xff", b"a"),
            *(b"Content-Transfer-Encoding: base64", b"Content-Encoding: gzip", b": ", b"\0"),
            b'Content-Disposition: form-data; name="message"; filename="a"',
        )
    ),
    max_size=9,
).map(b"".join)
BODIES = st.binary(max_size=60) | PARTS
PARAM_NAMES = st.sampled_from(
    sorted({it.encode_name for *_, command in ROUTES for it in fields(command.params)} | {"colour"})
)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | TEXTS,
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(TEXTS, inner, max_size=2),
    max_leaves=4,
)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Set the number of examples."""
    try_answers(metafunc, EXAMPLES)


@pytest.fixture
def runner(socket_enabled: None) -> Iterator[asyncio.Runner]:  # noqa: ARG001
    """Return an event loop that is shared by all examples."""
    with asyncio.Runner() as made:
        yield made


async def send(method: str, path: str, body: bytes | None, **options: Any) -> int:
    """Send a request to a new exchange with a ringing call, and return the response's status."""
    world = quiet()
    world.ring()
    world.miss()
    world.add_sms()
    async with (
        running(world) as exchange,
        ClientSession(skip_auto_headers=["Content-Type"]) as session,
        session.request(method, exchange.site + path, data=body, **options) as response,
    ):
        await response.read()
        return response.status


@given(
    endpoint=st.sampled_from(ENDPOINTS),
    target=TEXTS,
    params=st.dictionaries(NAMES, TEXTS, max_size=6),
    login=st.booleans(),
    content_type=CONTENT_TYPES,
    body=st.none() | BODIES,
)
def test_no_request_breaks_the_api(
    *,
    runner: asyncio.Runner,
    endpoint: Any,
    target: str,
    params: dict[str, str],
    login: bool,
    content_type: str,
    body: bytes | None,
) -> None:
    """Every request to the API has a response."""
    good = {"user": USER, "password": PASSWORD} if login else {}
    path = endpoint.path.replace("{target}", target.replace("/", "") or "1")
    headers = {"Content-Type": content_type} if content_type else {}
    status = runner.run(
        send(endpoint.method, f"/api/v1{path}", body, params=params | good, headers=headers)
    )
    assert status < HTTPStatus.INTERNAL_SERVER_ERROR


@given(
    route=st.sampled_from(ROUTES),
    params=st.dictionaries(PARAM_NAMES, VALUES, max_size=4) | VALUES,
    content_type=CONTENT_TYPES,
    body=st.none() | BODIES,
)
def test_no_command_breaks_the_controls(
    *,
    runner: asyncio.Runner,
    route: tuple[str, str, Any],
    params: Any,
    content_type: str,
    body: bytes | None,
) -> None:
    """Every command has a response."""
    method, name, _ = route
    sent = json.dumps(params).encode() if body is None else body
    headers = {"Content-Type": content_type} if content_type else {}
    status = runner.run(
        send("POST" if method == "*" else method, f"/_sim/{name}", sent, headers=headers)
    )
    assert status < HTTPStatus.INTERNAL_SERVER_ERROR
