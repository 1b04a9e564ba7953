"""Text messages: their history, and sending."""

from datetime import timedelta

import pytest

from simulator.world import PublicNumber
from tests.exchange import RunningExchange
from tests.simulator.conftest import ALL_TIME, MESSAGE, Send, documented


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


async def test_the_senders_are_in_the_documented_list(exchange: RunningExchange, api: Send) -> None:
    """The list has the mobile numbers of the account, but not `smsinfo`."""
    exchange.world.account().numbers.append(PublicNumber("00420789123456", "mobile"))
    exchange.world.account().numbers.pop(2)
    assert (await api("GET", "/sms/allowed_sender")).text == documented("sms_allowed_sender.txt")


@pytest.mark.parametrize(
    ("params", "fixture"),
    [
        ({}, "sms_sent.txt"),
        ({"sender": "5517"}, "sms_sent.txt"),
        ({"sender": "smsinfo"}, "sms_sent.txt"),
        ({"sender": ""}, "sms_sent.txt"),
        ({"sender": "00420799300120"}, "sms_sent.txt"),
        ({"message": "a" * 160}, "sms_sent.txt"),
        ({"delayed": "5"}, "sms_enqueued.txt"),
        ({"delayed": "2096-07-16T08:12:14Z"}, "sms_enqueued.txt"),
        ({"sender": "xxx"}, "sms_forbidden_sender.txt"),
        ({"sender": "00420777123456"}, "sms_forbidden_sender.txt"),
        ({"message": ""}, "sms_empty_message.txt"),
        ({"recipient": None, "message": None}, "sms_missing_argument.txt"),
        ({"recipient": "00abc"}, "sms_unsupported_recipient.txt"),
        ({"recipient": "00"}, "sms_unsupported_recipient.txt"),
        ({"recipient": "777123456"}, "sms_unsupported_recipient.txt"),
        ({"recipient": "xxx", "sender": "5517"}, "sms_unsupported_recipient.txt"),
        ({"delayed": "soon"}, "sms_invalid_delay_format.txt"),
        ({"delayed": "-1"}, "sms_delayed_into_past.txt"),
        ({"delayed": "2016-07-16T08:12:14Z"}, "sms_delayed_into_past.txt"),
    ],
)
async def test_a_message_is_sent_or_refused(
    exchange: RunningExchange, api: Send, params: dict[str, str | None], fixture: str
) -> None:
    """A message that is not sent has no record and costs nothing."""
    given = {name: value for name, value in (MESSAGE | params).items() if value is not None}
    reply = await api("POST", "/sms", **given)
    assert (reply.status, reply.text) == (200, documented(fixture))
    account = exchange.world.account()
    expected = (1, 1, 499.01) if fixture == "sms_sent.txt" else (0, 0, 500.0)
    assert (len(account.records), len(account.messages), account.credit) == expected


@pytest.mark.parametrize("missing", ["recipient", "message"])
async def test_the_error_names_the_missing_argument(api: Send, missing: str) -> None:
    """Arguments that are present are not named."""
    given = {name: value for name, value in MESSAGE.items() if name != missing}
    assert (await api("POST", "/sms", **given)).text == f"error missing_argument {missing}"


async def test_a_login_can_be_denied_messages(exchange: RunningExchange, api: Send) -> None:
    """A line sends messages, too, unless that is denied."""
    line = {"user": "300110", "password": "sip-300110"}
    assert (await api("POST", "/sms", **MESSAGE, **line)).text == documented("sms_sent.txt")
    assert exchange.world.account().records[-1].line == 300110
    exchange.world.denied["300110"] = {"sms"}
    assert (await api("POST", "/sms", **MESSAGE, **line)).text == "error unauthorized"


@pytest.mark.parametrize(
    ("character", "length", "parts"), [("a", 161, 2), ("ř", 71, 2), ("a", 766, 5), ("ř", 2000, 12)]
)
async def test_each_part_is_charged(
    exchange: RunningExchange, api: Send, character: str, length: int, parts: int
) -> None:
    """A text is cut at 765 characters, and the credit has to cover all of its parts."""
    account = exchange.world.account()
    account.credit = round(0.99 * parts - 0.01, 2)
    message = MESSAGE | {"message": character * length}
    assert (await api("POST", "/sms", **message)).text == documented("sms_low_balance.txt")
    account.credit = round(0.99 * parts, 2)
    assert (await api("POST", "/sms", **message)).text == "successfully_sent 0.00"
    (sent,), (record,) = account.messages, account.records
    assert (sent.text, sent.parts) == (character * min(length, 765), parts)
    assert record.price == pytest.approx(0.99 * parts)


@pytest.mark.parametrize(
    ("recipient", "sender", "shown"),
    [
        ("00420777123456", "Odorik.cz", "Odorik.cz"),
        ("00420777123456", "smsinfo", "smsinfo"),
        ("00420777123456", "5517", "5517"),
        ("00420777123456", "00420799300120", "smsinfo"),
        ("00421905123456", "00420799300120", "00420799300120"),
        ("00420777123456", None, "smsinfo"),
    ],
)
async def test_czech_networks_do_not_show_a_number_as_the_sender(
    exchange: RunningExchange, api: Send, recipient: str, sender: str | None, shown: str
) -> None:
    """A mobile number is replaced by `smsinfo`; other senders are shown as they are."""
    chosen = {} if sender is None else {"sender": sender}
    await api("POST", "/sms", recipient=recipient, message="Ahoj", **chosen)
    (sent,) = exchange.world.account().messages
    assert (sent.recipient, sent.sender) == (recipient, shown)


async def test_a_delayed_message_is_sent_when_due(exchange: RunningExchange, api: Send) -> None:
    """It is charged and recorded then, and dropped if the credit no longer covers it."""
    world, account = exchange.world, exchange.world.account()
    world.freeze()
    for delay in (5, 10):
        await api("POST", "/sms", **MESSAGE, delayed=delay)
    due = world.now() + timedelta(minutes=5)
    world.advance(299)
    assert (account.messages, account.records, account.credit) == ([], [], 500.0)
    world.advance(1)
    assert [message.date for message in account.messages] == [due.replace(microsecond=0)]
    assert account.credit == 499.01
    account.credit = 0.5
    world.advance(300)
    assert (len(account.messages), len(account.records), account.credit) == (1, 1, 0.5)


async def test_a_login_without_permission_reads_a_history_without_messages(
    exchange: RunningExchange, api: Send
) -> None:
    """The parameter is ignored."""
    exchange.world.receive_sms()
    exchange.world.denied[exchange.username] = {"sms"}
    reply = await api("GET", "/calls.json", since_id=0, include_sms="true")
    assert (reply.status, reply.json) == (200, [])
