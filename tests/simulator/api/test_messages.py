"""Text messages: their history, their senders, and what is refused."""

import csv
import io
from xml.etree import ElementTree as ET

import pytest

from tests.exchange import RunningExchange
from tests.simulator.conftest import Ask
from tests.simulator.documents import ALWAYS, documented

GOOD = {"recipient": "00420777123456", "message": "Ahoj"}


async def test_the_history_of_messages_has_the_fields_that_clients_know(
    exchange: RunningExchange, ask: Ask
) -> None:
    """One came in and one went out; no text is ever shown."""
    exchange.world.receive_sms("00420602111222")
    exchange.world.add_sms("00420777123456")
    exchange.world.miss()
    received, sent = (await ask("GET", "/sms.json", **ALWAYS)).json
    known = documented("clients_sms_in_calls.json")[0]
    assert set(received) - set(known) == {"roaming_zone"}
    assert (received["direction"], received["source_number"]) == ("in", "00420602111222")
    assert (received["destination_number"], received["line"]) == ("00420799300120", 300120)
    assert received["price"] == 0.0
    assert (sent["direction"], sent["destination_number"]) == ("out", "00420777123456")
    assert (sent["status"], sent["price"], sent["balance_after"]) == ("unknown", 0.99, 499.01)
    only = (await ask("GET", "/sms.json", direction="in", line_=300120, **ALWAYS)).json
    assert only == [received]


async def test_messages_as_csv_and_xml_say_the_same_as_json(
    exchange: RunningExchange, ask: Ask
) -> None:
    """All three are documented."""
    (header,) = (await ask("GET", "/sms.csv", **ALWAYS)).text.splitlines()
    exchange.world.receive_sms("00420602111222")
    exchange.world.add_sms("00420777123456")
    rows = (await ask("GET", "/sms.json", **ALWAYS)).json
    text = [
        {name: "" if value is None else str(value) for name, value in row.items()} for row in rows
    ]
    sheet = await ask("GET", "/sms.csv", **ALWAYS)
    assert sheet.content_type == "text/csv"
    assert sheet.text.splitlines()[0] == header
    assert list(csv.DictReader(io.StringIO(sheet.text))) == text
    tree = await ask("GET", "/sms.xml", **ALWAYS)
    assert tree.content_type == "application/xml"
    root = ET.fromstring(tree.text)  # noqa: S314 - our own text
    assert [{field.tag: field.text or "" for field in message} for message in root] == text
    assert (await ask("GET", "/sms.xml", password="wrong", **ALWAYS)).text == (
        "error authentication_failed"
    )


@pytest.mark.parametrize(
    ("order", "answer"),
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
async def test_what_becomes_of_a_message(
    exchange: RunningExchange, ask: Ask, order: dict[str, str | None], answer: str
) -> None:
    """What is refused is neither written down nor paid."""
    given = {name: text for name, text in (GOOD | order).items() if text is not None}
    assert (await ask("POST", "/sms", **given)).text == answer
    account = exchange.world.account()
    is_sent = answer.startswith("successfully_sent")
    assert (len(account.records), account.credit) == ((1, 499.01) if is_sent else (0, 500.0))


async def test_a_sender_that_is_not_listed_may_be_allowed(ask: Ask) -> None:
    """`smsinfo` is allowed whatever the list says."""
    assert (await ask("GET", "/sms/allowed_sender")).text == "Odorik.cz,5517,00420799300120"


async def test_without_credit_no_message_goes_out(exchange: RunningExchange, ask: Ask) -> None:
    """The refusal has a code of its own."""
    exchange.world.account().credit = 0.5
    assert (await ask("POST", "/sms", **GOOD)).text == "error low_balance"


async def test_messages_come_and_go_from_the_controls(
    exchange: RunningExchange, control: Ask, ask: Ask
) -> None:
    """Both are in the history of calls, where it is asked for messages."""
    first = await control("POST", "message", from_="602111222", line=300110)
    second = await control("GET", "message?direction=out&to=777123456")
    rows = (await ask("GET", "/calls.json", since_id=0, include_sms="true")).json
    assert [row["id"] for row in rows] == [first.json["record_id"], second.json["record_id"]]
    assert [(row["direction"], row["line"]) for row in rows] == [("in", 300110), ("out", 300100)]
    assert [row["type"] for row in rows] == ["sms", "sms"]
    assert (await control("POST", "message", direction="up")).status == 400
    for wishes in ({}, {"direction": "out"}):
        assert (await control("POST", "message", **wishes)).status == 200
    assert len(exchange.world.account().records) == 4
