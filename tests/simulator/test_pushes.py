"""The exchange calls its customers' URLs, and does what they answer."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web
from aiohttp.test_utils import TestServer
import pytest

from simulator import push_sender
from simulator.world import Push
from tests.exchange import RunningExchange

from .conftest import Ask

CALLER = "00420777123456"
HOME, WORKSHOP = "00420910123456", "00420533111222"


@dataclass
class Customer:
    """A customer's server: it answers with a text, and notes what it is asked.

    Attributes:
        answers: What it answers first, in turn.
        slow: Seconds before it answers.
    """

    server: TestServer
    answer: str = "dial:*082"
    answers: list[str] = field(default_factory=list)
    status: int = 200
    slow: float = 0
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)

    def url(self, query: str = "") -> str:
        """Return its address."""
        return f"{self.server.make_url('/hook')}{query}"


@pytest.fixture
async def customer(exchange: RunningExchange) -> AsyncGenerator[Customer]:  # noqa: ARG001
    """A customer that lets calls ring on."""

    async def handle(request: web.Request) -> web.Response:
        made.asked.append((request.method, dict(request.query)))
        await asyncio.sleep(made.slow)
        answer = made.answers.pop(0) if made.answers else made.answer
        return web.Response(text=answer, status=made.status)

    app = web.Application()
    app.router.add_route("*", "/hook", handle)
    server = TestServer(app, host="127.0.0.1")
    await server.start_server()
    made = Customer(server)
    yield made
    await server.close()


@pytest.fixture
def outcome(exchange: RunningExchange) -> Callable[..., Any]:
    """Wait until so many pushes have been answered, and tell what came of them."""

    async def wait(many: int = 1) -> list[Push]:
        async with asyncio.timeout(10):
            while sum(bool(push.outcome) for push in exchange.exchange.pushes) < many:  # noqa: ASYNC110
                await asyncio.sleep(0.01)
        return exchange.exchange.pushes

    return wait


type Outcome = Callable[..., Any]


async def test_a_call_is_announced_with_the_documented_parameters_in_their_order(
    exchange: RunningExchange, customer: Customer, control: Ask, outcome: Outcome
) -> None:
    """A hook would be built for an operator that there is not."""
    await control("POST", "hook", url=customer.url("?hook=call"), number=HOME)
    call = exchange.world.ring(CALLER, HOME)
    (push,) = await outcome()
    ((method, asked),) = customer.asked
    assert method == "GET"
    assert list(asked.items()) == [
        ("hook", "call"),
        ("from", CALLER),
        ("to", HOME),
        ("line", "300100"),
        ("sip_in_callid", f"sim-{call.id}"),
    ]
    assert (push.status, push.outcome) == (200, "rings silently")
    exchange.world.ring(CALLER, WORKSHOP)
    exchange.world.dial(CALLER)
    await asyncio.sleep(0.1)
    assert len(customer.asked) == 1


@pytest.mark.parametrize(
    ("answer", "what", "is_answered"),
    [
        ("dial:*082\n", "rings silently", False),
        ("# nothing\n\n", "branch waits", False),
        ("", "branch waits", False),
        ("hangup # at once", "branch ends", False),
        ("play:https://example.net/a.sln\nhangup", "branch ends", False),
        ("answer\nplay:5", "caller hears 5", True),
        (
            "answer\nplay2:https://example.net/a.sln",
            "caller hears https://example.net/a.sln",
            True,
        ),
        ("answer\nhangup", "call ends", True),
        ("<html>", "unknown command: <html>", False),
    ],
)
async def test_the_answer_is_carried_out(
    *,
    exchange: RunningExchange,
    customer: Customer,
    control: Ask,
    outcome: Outcome,
    answer: str,
    what: str,
    is_answered: bool,
) -> None:
    """A wrong answer that disturbs nothing here would disturb every call at home."""
    customer.answer = answer
    await control("POST", "hook", url=customer.url())
    call = exchange.world.ring(CALLER, HOME)
    (push,) = await outcome()
    assert push.outcome == what
    assert bool(call.answered) is is_answered
    assert bool(call.ended) is (what == "call ends")
    if not is_answered:
        assert exchange.world.answer().id == call.id


async def test_dial_rings_somebody_else_and_uri_asks_somebody_else(
    exchange: RunningExchange, customer: Customer, control: Ask, outcome: Outcome
) -> None:
    """They are documented, so a customer may answer so."""
    customer.answer = "dial:533533619"
    await control("POST", "hook", url=customer.url())
    exchange.world.ring(CALLER, HOME)
    await outcome()
    legs = [leg.destination for leg in exchange.world.active.values()]
    assert legs == [HOME, "533533619"]
    exchange.world.end(next(iter(exchange.world.active)))
    customer.answer = f"uri:{customer.url('?second=1')}"
    exchange.world.ring(CALLER, HOME)
    await outcome(3)
    assert customer.asked[2][1]["second"] == "1"
    customer.answer = "hangup"


async def test_the_next_url_hears_the_keys_that_were_pressed(
    exchange: RunningExchange, customer: Customer, control: Ask, outcome: Outcome
) -> None:
    """As many as it waits for, and only where it waits; the call is the same one."""
    await control("POST", "set", push_keys="602")
    await control("POST", "hook", url=customer.url("?first=1"))
    customer.answers = [
        f"play2:1\nuri:{customer.url('?second=1&dtmf_count=2&code=7')}",
        f"uri:{customer.url('?third=1')}",
        "hangup",
    ]
    call = exchange.world.ring(CALLER, HOME)
    await outcome(3)
    first, second, third = (asked for _, asked in customer.asked)
    assert "dtmf" not in first
    assert list(second.items()) == [
        ("second", "1"),
        ("dtmf_count", "2"),
        ("code", "7"),
        ("from", CALLER),
        ("to", HOME),
        ("line", "300100"),
        ("sip_in_callid", f"sim-{call.id}"),
        ("dtmf", "60"),
    ]
    assert "dtmf" not in third
    assert third["sip_in_callid"] == second["sip_in_callid"]


@pytest.mark.parametrize(
    ("count", "keys", "dtmf"),
    [("1", "", ""), ("9", "602", "602"), ("x", "602", None), ("0", "6", None)],
)
async def test_a_caller_may_press_too_few_keys(
    *,
    exchange: RunningExchange,
    customer: Customer,
    control: Ask,
    outcome: Outcome,
    count: str,
    keys: str,
    dtmf: str | None,
) -> None:
    """What there is comes, and a number of keys that is none waits for none."""
    await control("POST", "set", push_keys=keys)
    await control("POST", "hook", url=customer.url())
    customer.answers = [f"uri:{customer.url(f'?dtmf_count={count}')}", "hangup"]
    exchange.world.ring(CALLER, HOME)
    await outcome(2)
    assert customer.asked[1][1].get("dtmf") == dtmf


@pytest.mark.parametrize("trouble", ["slow", "status", "closed"])
async def test_a_customer_who_does_not_answer_loses_the_branch_only(
    *,
    exchange: RunningExchange,
    customer: Customer,
    control: Ask,
    outcome: Outcome,
    monkeypatch: pytest.MonkeyPatch,
    trouble: str,
) -> None:
    """The telephones ring on, and no other customer waits."""
    monkeypatch.setattr(push_sender, "PUSH_TIMEOUT", 0.2)
    await control("POST", "set", push_legs=True)
    await control("POST", "hook", url=customer.url())
    if trouble == "slow":
        customer.slow = 5
    elif trouble == "status":
        customer.status = 404
    else:
        await customer.server.close()
    call = exchange.world.ring(CALLER, HOME)
    (push,) = await outcome()
    assert push.outcome.startswith(("no response", "rejected"))
    assert list(exchange.world.active) == [call.id]


async def test_pushes_are_late_doubled_and_lost_as_it_is_wished(
    exchange: RunningExchange, customer: Customer, control: Ask, outcome: Outcome
) -> None:
    """What a push may do has to be done to those who rely on it."""
    await control("POST", "hook", url=customer.url())
    await control("POST", "set", push_copies=3, push_lost=2)
    exchange.world.ring(CALLER, HOME)
    await outcome(3)
    exchange.world.ring(CALLER, HOME)
    await asyncio.sleep(0.1)
    assert len(customer.asked) == 3
    await control("POST", "set", push_copies=1, push_lost=0, push_delay=0.3)
    exchange.world.ring(CALLER, HOME)
    exchange.world.end(exchange.world.ring(CALLER, HOME).id)
    assert len(customer.asked) == 3
    await outcome(4)
    assert len(customer.asked) == 4


async def test_a_branch_that_is_listed_is_a_leg_of_its_call(
    exchange: RunningExchange, customer: Customer, control: Ask, ask: Ask, outcome: Outcome
) -> None:
    """Nobody knows whether the operator lists it, so both have to be borne."""
    await control("POST", "hook", url=customer.url())
    await control("POST", "set", push_legs=True, record_delay=0)
    call = exchange.world.ring(CALLER, HOME)
    await outcome()
    listed = (await ask("GET", "/active_calls.json")).json
    assert [row["destination_number"] for row in listed] == [HOME, "*0071"]
    assert exchange.world.end().id == call.id
    records = (await ask("GET", "/calls.json", since_id=0)).json
    assert [row["redirection_parent_id"] for row in records] == [None, records[0]["id"]]
    assert [row["status"] for row in records] == ["missed", "missed"]


async def test_the_slots_for_information_are_called_as_it_goes_on(
    exchange: RunningExchange, customer: Customer, control: Ask, outcome: Outcome
) -> None:
    """They tell of both directions, and nothing is done with what they answer."""
    customer.answer = "hangup"
    for slot in (98, 99):
        await control("POST", "hook", slot=slot, url=customer.url(f"?slot={slot}"))
    call = exchange.world.ring(CALLER, HOME)
    exchange.world.answer(call.id)
    exchange.world.end(call.id)
    exchange.world.end(exchange.world.dial(CALLER).id)
    await outcome(5)
    told = sorted((asked["slot"], asked["status"]) for _, asked in customer.asked)
    assert told == [
        ("98", "ANSWER"),
        ("98", "NOANSWER"),
        ("99", "answered"),
        ("99", "ringing"),
        ("99", "ringing"),
    ]
    assert exchange.world.account().ringings[HOME] == []


async def test_a_url_is_taken_away_and_the_journal_names_none(
    exchange: RunningExchange, customer: Customer, control: Ask, outcome: Outcome
) -> None:
    """The address is the customer's secret."""
    said = await control("POST", "hook", url=customer.url("?key=secret"), number="910123456")
    assert said.json["ringings"][HOME] == ["*0071"]
    exchange.world.ring(CALLER, HOME)
    await outcome()
    journal = await control("GET", "pushes")
    assert "secret" not in journal.text
    assert journal.json[0]["outcome"] == "rings silently"
    await control("DELETE", "pushes")
    said = await control("POST", "hook", slot=1)
    assert said.json == {"slots": {}, "ringings": {HOME: [], WORKSHOP: [], **_others(exchange)}}
    exchange.world.ring(CALLER, HOME)
    await asyncio.sleep(0.1)
    assert (await control("GET", "pushes")).json == []
    assert (await control("POST", "hook", slot=100, url="http://127.0.0.1/")).status == 400


def _others(exchange: RunningExchange) -> dict[str, list[str]]:
    numbers = (own.number for own in exchange.world.account().numbers)
    return {number: [] for number in numbers if number not in {HOME, WORKSHOP}}
