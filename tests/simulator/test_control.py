"""The commands of the controls and the control page."""

from datetime import datetime
import re
from typing import Any

from aiohttp import ClientSession
import pytest

from simulator.dialects import DIALECTS
from simulator.faults import FAULTS
from simulator.world.numbers import FORGERIES
from simulator.world.pushes import PushSettings
from simulator.worlds import GATE_NUMBER
from tests.exchange import RunningExchange

from .conftest import MESSAGE, ORDER, Send

JAN = "00420777123456"


async def test_every_command_works_without_parameters(
    exchange: RunningExchange, session: ClientSession, control: Send, api: Send
) -> None:
    """`curl -X POST …/_sim/ring` is enough, without a body."""
    for name in ("ring", "answer", "end", "miss", "dial", "end", "ring", "redirect", "fill"):
        async with session.post(f"{exchange.site}/_sim/{name}") as response:
            assert response.status == 200, name
    (incoming, redirected) = (await api("GET", "/active_calls.json")).json
    assert redirected["source_number"] == incoming["source_number"]
    (account,) = (await control("GET", "state")).json["accounts"]
    assert account["records"] == len(exchange.world.account().records)
    active = [call["id"] for call in account["active_calls"]]
    assert active == [incoming["id"], redirected["id"]]


async def test_calls_can_be_made_with_get(exchange: RunningExchange, control: Send) -> None:
    """Parameters in the query work from the address bar of a browser."""

    async def visit(name: str) -> int:
        return int((await control("GET", name)).json["id"])

    number = await visit("ring?from=withheld&line=300110")
    assert exchange.world.call().source == ""
    assert await visit("answer") == await visit(f"end?id={number}") == number
    await visit("miss?from=602111222&to=00420910123456&ringing=7")
    record = exchange.world.account().records[-1]
    assert (record.source_number, record.ringing_length) == ("00420602111222", 7)


async def test_the_parameters_of_a_call_are_passed_on(
    exchange: RunningExchange, control: Send
) -> None:
    """Numbers, account, and what happens to the call later can be chosen."""
    params = {"to": "00420910123456", "account": exchange.username, "answer_after": 1}
    reply = await control("POST", "ring", from_=777123456, end_after=3, **params)
    call = exchange.world.call(reply.json["id"])
    assert (call.source, call.destination) == ("00420777123456", "00420910123456")
    await control("POST", "advance", seconds=2)
    assert call.answered is not None
    await control("POST", "redirect", id=call.id, to="777000111", keep=False)
    await control("POST", "advance", seconds=2)
    assert call.ended is not None


@pytest.mark.parametrize("branches", [[300100, 300110], "300100,300110"])
@pytest.mark.parametrize("linked", [True, "false"])
async def test_branches_are_a_list_or_separated_by_commas(
    control: Send, api: Send, branches: Any, linked: Any
) -> None:
    """A number can ring several lines, as redirected or as separate incoming calls."""
    await control("POST", "ring", branches=branches, linked=linked)
    rows = (await api("GET", "/active_calls.json")).json
    if linked is True:
        main, *rows = rows
        assert [row["destination_number"] for row in rows] == ["*300100", "*300110"]
        assert (main["destination_number"], main["line"]) == ("00420910123456", 300100)
    assert [row["line"] for row in rows] == [300100, 300110]


async def test_messages_are_received_and_sent(
    exchange: RunningExchange, control: Send, api: Send
) -> None:
    """Both appear in the history of calls when messages are included."""
    first = await control("POST", "message", from_="602111222", line=300110)
    second = await control("GET", "message?direction=out&to=777123456")
    rows = (await api("GET", "/calls.json", since_id=0, include_sms="true")).json
    assert [row["id"] for row in rows] == [first.json["record_id"], second.json["record_id"]]
    assert [(row["direction"], row["line"]) for row in rows] == [("in", 300110), ("out", 300100)]
    assert [row["type"] for row in rows] == ["sms", "sms"]
    for params in ({}, {"direction": "out"}):
        assert (await control("POST", "message", **params)).status == 200
    assert len(exchange.world.account().records) == 4


async def test_the_state_lists_the_messages_that_were_sent(
    exchange: RunningExchange, control: Send, api: Send
) -> None:
    """A message is listed with its text, but not before it has been sent."""
    exchange.world.freeze()
    await api("POST", "/sms", **MESSAGE, sender="Odorik.cz")
    await api("POST", "/sms", **MESSAGE, delayed=5)
    sent = {"account": exchange.username, **MESSAGE, "sender": "Odorik.cz", "parts": 1}
    sent["text"] = sent.pop("message")

    async def listed() -> list[dict[str, object]]:
        (account,) = (await control("GET", "state")).json["accounts"]
        messages: list[dict[str, object]] = account["messages"]
        dates = [datetime.fromisoformat(str(message.pop("date"))) for message in messages]
        records = exchange.world.account().records
        assert dates == [record.date for record in records]
        return messages

    assert await listed() == [sent]
    await control("POST", "advance", seconds=300)
    assert await listed() == [sent, sent | {"sender": "smsinfo"}]


async def test_the_fraud_starts_at_once(exchange: RunningExchange, control: Send) -> None:
    """The command does not wait like the world `fraud`."""
    exchange.world.freeze()
    await control("POST", "fraud")
    exchange.world.advance(1)
    assert exchange.world.call().direction == "out"


@pytest.mark.parametrize("kind", FORGERIES)
async def test_a_forged_caller_rings_at_the_gate(
    exchange: RunningExchange, control: Send, api: Send, kind: str
) -> None:
    """The caller ID contains the digits of the imitated number but is not that number."""
    reply = await control("GET", f"forge?from=777123456&kind={kind}")
    (row,) = (await api("GET", "/active_calls.json")).json
    assert (row["id"], row["destination_number"]) == (reply.json["id"], GATE_NUMBER)
    assert (row["source_number"] == JAN) is (kind == "exact")
    digits = "".join(str(int(it)) for it in row["source_number"] if it.isdigit())
    assert digits[-9:] in f"{JAN}0"
    exchange.world.end()
    default = await control("POST", "forge", kind=kind, to="00420533111222", end_after=5)
    call = exchange.world.call(default.json["id"])
    assert (call.source, call.destination) == (row["source_number"], "00420533111222")
    await control("POST", "advance", seconds=5)
    assert call.ended


async def test_a_storm_rings_at_the_gate(exchange: RunningExchange, control: Send) -> None:
    """The rings begin at regular intervals and end by themselves."""
    exchange.world.freeze()
    (account,) = (await control("GET", "storm?n=4&interval=2&end_after=3")).json["accounts"]
    assert account["gates"] == [GATE_NUMBER]
    assert [call["destination"] for call in account["active_calls"]] == [GATE_NUMBER]
    await control("POST", "advance", seconds=2)
    assert len(exchange.world.active) == 2
    await control("POST", "storm", n=2, interval=0, from_=JAN)
    assert [call.source for call in exchange.world.active.values()][-2:] == [JAN] * 2
    await control("POST", "advance", seconds=60)
    assert exchange.world.active == {}
    records = exchange.world.account().records
    assert [record.status for record in records] == ["missed"] * 6


async def test_an_account_without_a_gate_has_no_storm(control: Send) -> None:
    """The number has to be given, or be one that rings no telephone."""
    await control("POST", "set", numbers=[{"number": "00420910123456", "line": 300100}])
    for name in ("storm", "forge"):
        reply = await control("POST", name)
        assert (reply.status, reply.json["error"]) == (400, "account 1234567 has no gate")
    assert (await control("POST", "storm", to="910123456")).status == 200


@pytest.mark.parametrize(
    ("name", "params"),
    [
        ("end", {}),
        ("answer", {}),
        ("answer", {"id": 1}),
        ("ring", {"line": 1}),
        ("ring", {"account": "absent"}),
        ("ring", {"line": "abc"}),
        ("ring", {"colour": "red"}),
        ("ring", {"end_after": 1e300}),
        ("ring", {"branches": "many"}),
        ("ring", {"branches": "1"}),
        ("message", {"direction": "up"}),
        ("forge", {"kind": "perfect"}),
        ("storm", {"n": 0}),
        ("storm", {"n": 1001}),
        ("storm", {"interval": "nan"}),
        ("set", {"colour": "red"}),
        ("set", {"account": "absent", "credit": 1}),
        ("set", {"add_line": {"id": 300130, "settings": 5, "sip_password": 5, "x": 1}}),
        ("set", {"dialect": "klingon"}),
        ("advance", {"seconds": 1e300}),
        ("advance", {"seconds": "inf"}),
        ("fail", {}),
        ("fail", {"mode": "nan", "record": "x"}),
        ("hook", {"slot": 100, "url": "http://127.0.0.1/"}),
    ],
)
async def test_an_invalid_command_is_an_error(
    control: Send, name: str, params: dict[str, object]
) -> None:
    """The response has status 400 and a message."""
    reply = await control("POST", name, **params)
    assert reply.status == 400
    assert reply.json["error"]


async def test_settings_change_the_world(
    exchange: RunningExchange, control: Send, api: Send
) -> None:
    """Credit, permissions, lines, contacts, registrations, delays and dialect can be set."""
    reply = await control(
        "POST",
        "set",
        credit=7,
        deny=["calls"],
        add_line={"id": 300130, "name": "Chata"},
        remove_line=300120,
        add_contact={"shortcut": "7", "number": "*100", "name": "Nový"},
        remove_contact="1",
        unregister=300110,
        register=300130,
        expire=300100,
        record_delay=0,
        callback_fails=True,
        callback_attempts=3,
        sms_fails=True,
        push_delay=1,
        push_copies=2,
        push_lost=3,
        push_legs=True,
        push_keys="4",
        freeze=True,
    )
    assert reply.status == 200, reply.text
    assert exchange.world.callbacks.attempts == 3
    assert exchange.world.push_settings == PushSettings(1, 2, 3, legs=True, keys="4")
    assert exchange.world.now() == exchange.world.now()
    assert (await api("GET", "/balance")).text == "7.00"
    assert (await api("GET", "/calls.json", since_id=0)).json == {"errors": ["unauthorized"]}
    lines = {row["id"]: row for row in (await api("GET", "/lines.json")).json}
    assert sorted(lines) == [300100, 300110, 300130]
    assert [len(lines[n]["connected_devices"]) for n in sorted(lines)] == [1, 0, 1]
    shortcuts = {row["shortcut"] for row in (await api("GET", "/speed_dials.json")).json}
    assert 7 in shortcuts
    assert 1 not in shortcuts
    assert (await api("POST", "/callback", **ORDER)).text == "error callback_failed"
    assert (await api("POST", "/sms", **MESSAGE)).text == "error gateway_failed"
    assert not exchange.world.account().callbacks
    assert not exchange.world.account().messages
    await control("POST", "set", allow=["calls"], dialect="quirks", password="new")
    assert (await api("GET", "/balance")).text == "error authentication_failed"
    exchange.world.miss()
    (row,) = (await api("GET", "/calls.json", since_id=0, password="new")).json
    assert "unknown_field" in row


async def test_background_traffic_can_be_started_and_stopped(
    exchange: RunningExchange, control: Send
) -> None:
    """Starting it twice does not double the traffic."""
    await control("POST", "set", background_traffic=True)
    await control("POST", "set", background_traffic=True)
    await control("POST", "advance", seconds=3600)
    assert 30 < len(exchange.world.account().records) < 90
    await control("POST", "set", background_traffic=False)
    await control("POST", "advance", seconds=600)
    written = len(exchange.world.account().records)
    await control("POST", "advance", seconds=3600)
    assert len(exchange.world.account().records) == written


async def test_the_control_page_is_self_contained(control: Send) -> None:
    """The page offers all commands, faults and dialects, and loads nothing from other hosts."""
    page = await control("GET", "")
    assert page.content_type == "text/html"
    assert set(re.findall(r'data-command="(\w+)"', page.text)) == {
        *("ring", "dial", "miss", "answer", "decline", "redirect", "voicemail", "end"),
        *("message", "fraud", "forge", "storm"),
    }
    for name in (*FAULTS, *DIALECTS, *FORGERIES):
        assert f'<option value="{name}">' in page.text
    assert "http" not in page.text
    assert "src=" not in page.text
