"""Ordering a callback."""

from aiohttp import ClientSession
import pytest

from tests.exchange import RunningExchange
from tests.simulator.conftest import ORDER, Send, documented, login


async def test_an_order_can_be_in_the_query(
    exchange: RunningExchange, session: ClientSession
) -> None:
    """The API accepts the parameters of a POST request in the query, too."""
    query = login(exchange) | ORDER
    async with session.post(f"{exchange.url}/callback", params=query) as response:
        assert await response.text() == "callback_ordered"
    (order,) = exchange.world.account().callbacks
    assert order.recipient == ORDER["recipient"]


@pytest.mark.parametrize(
    ("params", "fixture"),
    [
        ({}, "callback_ordered.txt"),
        ({"line": "300110", "simple": "true"}, "callback_ordered.txt"),
        ({"delayed": "5"}, "callback_enqueued.txt"),
        ({"delayed": "2096-07-16T08:12:14Z"}, "callback_enqueued.txt"),
        ({"delayed": "2096-07-16T08:12:14+02:00"}, "callback_enqueued.txt"),
        ({"caller": "", "recipient": ""}, "callback_missing_argument.txt"),
        ({"line": "999999"}, "callback_invalid_line.txt"),
        ({"line": "abc"}, "callback_invalid_line.txt"),
        ({"delayed": "soon"}, "callback_invalid_delay_format.txt"),
        ({"delayed": "2036-07-16 08:12"}, "callback_invalid_delay_format.txt"),
        ({"delayed": "2036-13-16T08:12:14Z"}, "callback_invalid_delay_format.txt"),
        ({"delayed": "-5"}, "callback_delayed_into_past.txt"),
        ({"delayed": "2016-07-16T08:12:14Z"}, "callback_delayed_into_past.txt"),
    ],
)
async def test_an_order_has_the_documented_response(
    exchange: RunningExchange, api: Send, params: dict[str, str], fixture: str
) -> None:
    """An order with an error does not ring."""
    reply = await api("POST", "/callback", **ORDER | params)
    assert (reply.status, reply.text) == (200, documented(fixture))
    assert len(exchange.world.account().callbacks) == (not reply.text.startswith("error"))


async def test_the_error_names_the_missing_argument(api: Send) -> None:
    """Arguments that are present are not named."""
    reply = await api("POST", "/callback", caller="00420777123456")
    assert reply.text == "error missing_argument recipient"
