"""The controls do what they say, and requests fail in the named way and no other."""

import asyncio
import json
import re

from aiohttp import ClientSession
import pytest

from simulator.dialects import DIALECTS
from simulator.faults import FAULTS
from simulator.world import VOICEMAIL
from tests.exchange import RunningExchange

from .conftest import Ask

ORDER = {"caller": "00420777123456", "recipient": "00420602111222"}


async def test_every_control_works_with_nothing_said(
    exchange: RunningExchange, control: Ask, ask: Ask
) -> None:
    """`curl -X POST …/_sim/ring` is all that somebody at the demo should need to know."""
    async with ClientSession() as session:
        for name in ("ring", "answer", "end", "miss", "dial", "end", "ring", "redirect", "fill"):
            async with session.post(f"{exchange.site}/_sim/{name}") as response:
                assert response.status == 200, name
    (incoming, redirected) = (await ask("GET", "/active_calls.json")).json
    assert redirected["source_number"] == incoming["source_number"]
    state = (await control("GET", "state")).json
    assert state["accounts"][0]["records"] == len(exchange.world.account().records)
    assert [call["id"] for call in state["accounts"][0]["active_calls"]] == [
        incoming["id"],
        redirected["id"],
    ]


async def test_a_call_is_made_from_the_address_bar(exchange: RunningExchange) -> None:
    """Ring, answer, end and miss need no tool."""
    async with ClientSession() as session:

        async def visit(name: str) -> int:
            async with session.get(f"{exchange.site}/_sim/{name}") as response:
                return int(json.loads(await response.text())["id"])

        number = await visit("ring?from=withheld&line=300110")
        assert exchange.world.call().source == ""
        assert await visit("answer") == await visit(f"end?id={number}") == number
        await visit("miss?from=602111222&to=00420910123456&ringing=7")
    record = exchange.world.account().records[-1]
    assert (record.source_number, record.ringing_length) == ("00420602111222", 7)


async def test_all_that_a_call_can_be_told(exchange: RunningExchange, control: Ask) -> None:
    """Who, whom, on which line, and how it goes on."""
    wishes = {"to": "00420910123456", "account": exchange.username}
    said = await control("POST", "ring", from_=777123456, answer_after=1, end_after=3, **wishes)
    call = exchange.world.call(said.json["id"])
    assert (call.source, call.destination) == ("00420777123456", "00420910123456")
    await control("POST", "advance", seconds=2)
    assert call.answered is not None
    await control("POST", "redirect", id=call.id, to="777000111", keep=False)
    await control("POST", "advance", seconds=2)
    assert call.ended is not None


async def test_a_number_that_rings_several_lines(control: Ask, ask: Ask) -> None:
    """One telephone declines, the other picks up; the lines come as a list or as text."""
    main = (await control("POST", "ring", from_="777123456", branches=[300100, 300110])).json["id"]
    rows = (await ask("GET", "/active_calls.json")).json
    assert [(row["destination_number"], row["line"]) for row in rows] == [
        ("00420910123456", 300100),
        ("*300100", 300100),
        ("*300110", 300110),
    ]
    await control("POST", "decline", id=rows[1]["id"])
    await control("POST", "answer", id=rows[2]["id"])
    await control("POST", "end")
    await control("POST", "ring", branches="300100,300110", linked="false")
    rows = (await ask("GET", "/active_calls.json")).json
    assert {row["destination_number"] for row in rows} == {"00420910123456"}
    assert [row["line"] for row in rows] == [300100, 300110]
    assert (await control("POST", "ring", branches="1")).status == 400
    await control("POST", "advance", seconds=1)
    history = (await ask("GET", "/calls.json", since_id=0)).json
    assert history[0]["active_call_id"] == main
    assert {row["redirection_parent_id"] for row in history[1:]} == {history[0]["id"]}


async def test_voicemail_takes_a_call_from_the_controls(
    exchange: RunningExchange, control: Ask, ask: Ask
) -> None:
    """Its leg has an answer date; the incoming call has one if that is wanted."""
    for counts in (False, True):
        await control("POST", "ring")
        await control("POST", "voicemail", answered=counts)
        call, leg = (await ask("GET", "/active_calls.json")).json
        assert leg["destination_number"] == VOICEMAIL
        assert leg["answer_date"]
        assert bool(call["answer_date"]) is counts
        await control("POST", "end", id=leg["id"])
    assert exchange.world.active == {}
    assert (await control("POST", "voicemail")).status == 400


async def test_a_callback_is_tried_again(exchange: RunningExchange, control: Ask, ask: Ask) -> None:
    """As often as is set, while the recipient declines."""
    await control("POST", "set", callback_attempts=3)
    await ask("POST", "/callback", **ORDER)
    await control("POST", "answer")
    for _ in range(3):
        await control("POST", "decline")
    assert exchange.world.active == {}
    await control("POST", "advance", seconds=1)
    assert [record.status for record in exchange.world.account().records].count("missed") == 3


async def test_a_call_that_has_ended_stays_listed(control: Ask, ask: Ask) -> None:
    """Its record is there, and nobody can hang it up."""
    call = (await control("POST", "ring")).json["id"]
    await control("POST", "answer", end_after="0")
    await control("POST", "ring")
    ended = (await control("POST", "end", linger=60)).json["id"]
    await control("POST", "advance", seconds=1)
    assert [row["id"] for row in (await ask("GET", "/active_calls.json")).json] == [ended]
    records = {
        row["active_call_id"]: row for row in (await ask("GET", "/calls.json", since_id=0)).json
    }
    assert (records[call]["status"], records[call]["length"]) == ("answered", 0)
    assert records[ended]["status"] == "missed"
    (state,) = (await control("GET", "state")).json["accounts"][0]["active_calls"]
    assert (state["id"], bool(state["ended"])) == (ended, True)
    await control("POST", "advance", seconds=60)
    assert (await ask("GET", "/active_calls.json")).json == []


@pytest.mark.parametrize(
    ("method", "name", "wishes"),
    [
        ("POST", "end", {}),
        ("POST", "answer", {"id": 1}),
        ("POST", "ring", {"line": 1}),
        ("POST", "ring", {"line": "abc"}),
        ("POST", "ring", {"colour": "red"}),
        ("POST", "set", {"colour": "red"}),
        ("POST", "fail", {}),
        ("POST", "set", {"account": "nobody", "credit": 1}),
        ("POST", "advance", {"seconds": 1e300}),
        ("POST", "advance", {"seconds": "inf"}),
        ("POST", "ring", {"end_after": 1e300}),
        ("POST", "ring", {"branches": "many"}),
        ("POST", "set", {"add_line": {"id": 300130, "settings": 5, "sip_password": 5, "x": 1}}),
        ("POST", "fail", {"mode": "nan", "record": "x"}),
    ],
)
async def test_a_mistake_is_answered_in_words(
    control: Ask, method: str, name: str, wishes: dict[str, object]
) -> None:
    """Not with a traceback, and not with silence."""
    said = await control(method, name, **wishes)
    assert said.status == 400
    assert said.json["error"]


async def test_the_world_can_be_set(exchange: RunningExchange, control: Ask, ask: Ask) -> None:
    """Passwords, permissions, lines, contacts, registrations, money and quirks."""
    said = await control(
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
        record_delay=0,
        callback_fails=True,
    )
    assert said.status == 200, said.text
    assert (await ask("GET", "/balance")).text == "7.00"
    assert (await ask("GET", "/calls.json", since_id=0)).json == {"errors": ["unauthorized"]}
    lines = {row["id"]: row for row in (await ask("GET", "/lines.json")).json}
    assert sorted(lines) == [300100, 300110, 300130]
    assert [len(lines[n]["connected_devices"]) for n in sorted(lines)] == [1, 0, 1]
    shortcuts = {row["shortcut"] for row in (await ask("GET", "/speed_dials.json")).json}
    assert 7 in shortcuts
    assert 1 not in shortcuts
    assert (await ask("POST", "/callback", **ORDER)).text == "error callback_failed"
    await control("POST", "set", allow=["calls"], quirks=True, password="new")
    assert (await ask("GET", "/balance")).text == "error authentication_failed"
    exchange.world.miss()
    (row,) = (await ask("GET", "/calls.json", since_id=0, password="new")).json
    assert "unknown_field" in row


async def test_the_life_of_a_world_starts_once_and_stops(
    exchange: RunningExchange, control: Ask
) -> None:
    """Two lives at once would ring twice as often."""
    await control("POST", "set", background_traffic=True)
    await control("POST", "set", background_traffic=True)
    await control("POST", "advance", seconds=3600)
    written = len(exchange.world.account().records)
    assert 30 < written < 90
    await control("POST", "set", background_traffic=False)
    await control("POST", "advance", seconds=600)
    settled = len(exchange.world.account().records)
    await control("POST", "advance", seconds=3600)
    assert len(exchange.world.account().records) == settled


async def test_a_frozen_clock_stands_and_can_be_moved(
    exchange: RunningExchange, control: Ask
) -> None:
    """Time stops, leaps and runs on."""
    await control("POST", "set", freeze=True)
    moment = exchange.world.now()
    await asyncio.sleep(0.01)
    assert exchange.world.now() == moment
    await control("POST", "advance", seconds=60)
    assert (exchange.world.now() - moment).total_seconds() == 60
    await control("POST", "set", freeze=False)
    await asyncio.sleep(0.01)
    assert 60 < (exchange.world.now() - moment).total_seconds() < 70


async def test_the_control_page_needs_nothing_from_elsewhere(exchange: RunningExchange) -> None:
    """It works on a machine without a network."""
    async with ClientSession() as session, session.get(f"{exchange.site}/_sim/") as response:
        text = await response.text()
        assert response.content_type == "text/html"
    assert "Incoming call" in text
    acts = set(re.findall(r'data-command="(\w+)"', text))
    assert acts == {"ring", "dial", "miss", "answer", "decline", "redirect", "voicemail", "end"} | {
        "message"
    }
    for name in (*FAULTS, *DIALECTS):
        assert f'<option value="{name}">' in text
    assert "http" not in text
    assert "src=" not in text
