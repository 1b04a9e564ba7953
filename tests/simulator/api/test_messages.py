"""Text messages: their history, and sending."""

import pytest

from tests.exchange import RunningExchange
from tests.simulator.conftest import ALL_TIME, Send, documented

MESSAGE = {"recipient": "00420777123456", "message": "Ahoj"}


async def test_the_history_has_the_fields_that_clients_know(
    exchange: RunningExchange, api: Send
) -> None:
    """Received and sent messages are listed without their text, and calls are not."""
    exchange.world.receive_sms("00420602111222")
    exchange.world.add_sms("00420777123456")
    exchange.world.miss()
    received, sent = (await api("GET", "/sms.json", **ALL_TIME)).json
    known = documented("clients_sms_in_calls.json")[0]
    assert set(received) - set(known) == {"roaming_zone"}
    assert (received["direction"], received["source_number"]) == ("in", "00420602111222")
    assert (received["destination_number"], received["line"]) == ("00420799300120", 300120)
    assert received["price"] == 0.0
    assert (sent["direction"], sent["destination_number"]) == ("out", "00420777123456")
    assert (sent["status"], sent["price"], sent["balance_after"]) == ("unknown", 0.99, 499.01)
    only = (await api("GET", "/sms.json", direction="in", line_=300120, **ALL_TIME)).json
    assert only == [received]


async def test_an_empty_csv_history_has_the_header(exchange: RunningExchange, api: Send) -> None:
    """The header does not depend on the messages."""
    (header,) = (await api("GET", "/sms.csv", **ALL_TIME)).text.splitlines()
    exchange.world.add_sms("00420777123456")
    assert (await api("GET", "/sms.csv", **ALL_TIME)).text.splitlines()[0] == header


@pytest.mark.parametrize(
    ("params", "text"),
    [
        ({}, "successfully_sent 499.01"),
        ({"sender": "5517"}, "successfully_sent 499.01"),
        ({"sender": "smsinfo"}, "successfully_sent 499.01"),
        ({"sender": ""}, "successfully_sent 499.01"),
        ({"sender": "00420799300120"}, "successfully_sent 499.01"),
        ({"message": "a" * 766}, "successfully_sent 499.01"),
        ({"delayed": "5"}, "successfully_enqueued"),
        ({"sender": "xxx"}, "error forbidden_sender"),
        ({"message": ""}, "error empty_message"),
        ({"message": None}, "error missing_argument message"),
        ({"recipient": None}, "error missing_argument recipient"),
        ({"recipient": None, "message": None}, "error missing_argument recipient message"),
        ({"recipient": "00abc"}, "error unsupported_recipient"),
        ({"recipient": "00"}, "error unsupported_recipient"),
        ({"recipient": "777123456"}, "error unsupported_recipient"),
        ({"recipient": "xxx", "sender": "5517"}, "error unsupported_recipient"),
        ({"delayed": "soon"}, "error invalid_delay_format"),
        ({"delayed": "-1"}, "error delayed_into_past"),
    ],
)
async def test_a_message_is_sent_or_refused(
    exchange: RunningExchange, api: Send, params: dict[str, str | None], text: str
) -> None:
    """A message that is not sent has no record and costs nothing."""
    given = {name: value for name, value in (MESSAGE | params).items() if value is not None}
    assert (await api("POST", "/sms", **given)).text == text
    account = exchange.world.account()
    is_sent = text.startswith("successfully_sent")
    assert (len(account.records), account.credit) == ((1, 499.01) if is_sent else (0, 500.0))


async def test_without_credit_no_message_is_sent(exchange: RunningExchange, api: Send) -> None:
    """The error has a code of its own."""
    exchange.world.account().credit = 0.5
    assert (await api("POST", "/sms", **MESSAGE)).text == "error low_balance"
