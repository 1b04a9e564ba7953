"""A callback is ordered, or refused in the words of the operator's document."""

from aiohttp import ClientSession
import pytest

from tests.exchange import RunningExchange
from tests.simulator.conftest import Ask
from tests.simulator.documents import documented


async def test_a_callback_is_taken_in_the_form_body_and_in_the_query(
    exchange: RunningExchange, ask: Ask
) -> None:
    """The operator's framework does not tell the two apart."""
    order = {"caller": "00420777123456", "recipient": "800123456"}
    assert (await ask("POST", "/callback", **order)).text == documented("callback_ordered.txt")
    query = {"user": exchange.username, "password": exchange.password, **order}
    async with (
        ClientSession() as session,
        session.post(f"{exchange.url}/callback", params=query) as response,
    ):
        assert await response.text() == "callback_ordered"
    orders = exchange.world.account().callbacks
    assert [order.recipient for order in orders] == ["00420800123456"] * 2


@pytest.mark.parametrize(
    ("params", "fixture"),
    [
        ({"caller": "", "recipient": ""}, "callback_missing_argument.txt"),
        ({"line": "999999"}, "callback_invalid_line.txt"),
        ({"line": "abc"}, "callback_invalid_line.txt"),
        ({"delayed": "soon"}, "callback_invalid_delay_format.txt"),
        ({"delayed": "2036-07-16 08:12"}, "callback_invalid_delay_format.txt"),
        ({"delayed": "2036-13-16T08:12:14Z"}, "callback_invalid_delay_format.txt"),
        ({"delayed": "-5"}, "callback_delayed_into_past.txt"),
        ({"delayed": "2016-07-16T08:12:14Z"}, "callback_delayed_into_past.txt"),
        ({"delayed": "5"}, "callback_enqueued.txt"),
        ({"delayed": "2096-07-16T08:12:14Z"}, "callback_enqueued.txt"),
        ({"delayed": "2096-07-16T08:12:14+02:00"}, "callback_enqueued.txt"),
        ({"line": "300110", "simple": "true"}, "callback_ordered.txt"),
    ],
)
async def test_each_documented_answer_to_a_callback(
    exchange: RunningExchange, ask: Ask, params: dict[str, str], fixture: str
) -> None:
    """A refused order makes nobody's telephone ring."""
    order = {"caller": "00420777123456", "recipient": "00420602111222", **params}
    said = await ask("POST", "/callback", **order)
    assert (said.status, said.text) == (200, documented(fixture))
    assert len(exchange.world.account().callbacks) == (not said.text.startswith("error"))


async def test_a_callback_that_the_exchange_does_not_take(
    exchange: RunningExchange, ask: Ask
) -> None:
    """The last documented refusal comes from the exchange behind the API."""
    exchange.world.callback_fails = True
    said = await ask("POST", "/callback", caller="00420777123456", recipient="800123456")
    assert said.text == documented("callback_failed.txt")


async def test_one_missing_argument_is_named(ask: Ask) -> None:
    """The list holds what is missing and nothing else."""
    said = await ask("POST", "/callback", caller="00420777123456")
    assert said.text == "error missing_argument recipient"
