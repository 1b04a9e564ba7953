"""Pushes to the URLs of customers, and the responses to them."""

import asyncio
from collections.abc import AsyncGenerator
from dataclasses import dataclass, field

from aiohttp import web
from aiohttp.test_utils import TestServer
import pytest

from simulator.world import Push, World
from simulator.worlds import GATE_NUMBER
from tests.exchange import RunningExchange

from .conftest import Send

CALLER = "00420777123456"
HOME, WORKSHOP = "00420910123456", "00420533111222"


@dataclass
class Customer:
    """A customer of the exchange with a server, which records the requests to it.

    Attributes:
        answers: The first responses, in order; `answer` follows.
    """

    exchange: RunningExchange
    server: TestServer
    answer: str = "dial:*082"
    answers: list[str] = field(default_factory=list)
    status: int = 200
    responding: asyncio.Event = field(default_factory=asyncio.Event)
    requests: list[dict[str, str]] = field(default_factory=list)

    @property
    def world(self) -> World:
        """The world of the exchange."""
        return self.exchange.world

    def url(self, query: str = "") -> str:
        """Return the URL of the server."""
        return f"{self.server.make_url('/hook')}{query}"

    async def outcomes(self, count: int = 1) -> list[Push]:
        """Wait until some pushes have an outcome, and return all pushes."""
        pushes = self.exchange.exchange.pushes
        async with asyncio.timeout(60):
            while sum(bool(push.outcome) for push in pushes) < count:  # noqa: ASYNC110
                await asyncio.sleep(0.01)
        return pushes


@pytest.fixture
async def customer(exchange: RunningExchange) -> AsyncGenerator[Customer]:
    """Run a customer's server, which lets calls ring by default, and store its URL."""

    async def handle(request: web.Request) -> web.Response:
        made.requests.append(dict(request.query))
        await made.responding.wait()
        answer = made.answers.pop(0) if made.answers else made.answer
        return web.Response(text=answer, status=made.status)

    app = web.Application()
    app.router.add_get("/hook", handle)
    server = TestServer(app, host="127.0.0.1")
    await server.start_server()
    made = Customer(exchange, server)
    made.responding.set()
    made.world.save_push_url(url=made.url())
    yield made
    made.responding.set()
    await server.close()


async def test_a_call_is_announced_with_the_documented_parameters(customer: Customer) -> None:
    """Only incoming calls to a number that rings the slot are announced."""
    customer.world.save_push_url()
    customer.world.save_push_url(url=customer.url("?hook=call"), number=HOME)
    customer.world.ring(CALLER, WORKSHOP)
    customer.world.dial(CALLER)
    call = customer.world.ring(CALLER, HOME)
    (push,) = await customer.outcomes()
    (params,) = customer.requests
    assert list(params.items()) == [
        ("hook", "call"),
        ("from", CALLER),
        ("to", HOME),
        ("line", "300100"),
        ("sip_in_callid", f"sim-{call.id}"),
    ]
    assert (push.status, push.outcome) == (200, "rings silently")


@pytest.mark.parametrize(
    ("answer", "outcome", "is_answered"),
    [
        ("dial:*082\n", "rings silently", False),
        ("# nothing\n\n", "branch waits", False),
        ("", "branch waits", False),
        ("hangup # at once", "branch ends", False),
        ("play:https://example.net/a.sln\nhangup", "branch ends", False),
        ("answer\nplay:5", "caller hears 5", True),
        ("answer\nplay2:https://a.example/a.sln", "caller hears https://a.example/a.sln", True),
        ("answer\nhangup", "call ends", True),
        ("<html>", "unknown command: <html>", False),
    ],
)
async def test_the_response_is_applied(
    *, customer: Customer, answer: str, outcome: str, is_answered: bool
) -> None:
    """The response can answer and end the call; otherwise the telephones ring on."""
    customer.answer = answer
    call = customer.world.ring(CALLER, HOME)
    (push,) = await customer.outcomes()
    assert push.outcome == outcome
    assert bool(call.answered) is is_answered
    assert bool(call.ended) is (outcome == "call ends")
    if not is_answered:
        assert customer.world.answer().id == call.id


@pytest.mark.parametrize("answer", ["dial:*082", "hangup"])
async def test_a_gate_rings_only_the_url(customer: Customer, answer: str) -> None:
    """No telephone can answer the call, and `hangup` ends it, because nothing else rings."""
    customer.answer = answer
    world = customer.world
    assert world.account().ringings[GATE_NUMBER] == ["*0071"]
    call = world.ring(CALLER, GATE_NUMBER)
    (push,) = await customer.outcomes()
    assert (push.params["to"], push.params["line"]) == (GATE_NUMBER, str(call.line))
    assert bool(call.ended) is (answer == "hangup")
    with pytest.raises(LookupError):
        world.answer()
    assert call.answered is None


async def test_dial_rings_another_number(customer: Customer) -> None:
    """The new leg belongs to the call."""
    customer.answer = "dial:533533619"
    call = customer.world.ring(CALLER, HOME)
    await customer.outcomes()
    assert [leg.destination for leg in call.legs] == [HOME, "533533619"]


@pytest.mark.parametrize(
    ("count", "keys", "dtmf"),
    [
        ("2", "602", "60"),
        ("1", "", ""),
        ("9", "602", "602"),
        ("x", "602", None),
        ("0", "6", None),
    ],
)
async def test_uri_requests_another_url_with_the_pressed_keys(
    customer: Customer, count: str, keys: str, dtmf: str | None
) -> None:
    """As many keys are sent as the URL expects; the other parameters stay the same."""
    customer.world.push_settings.keys = keys
    customer.answers = [
        f"play2:1\nuri:{customer.url(f'?dtmf_count={count}&code=7')}",
        f"uri:{customer.url('?third=1')}",
        "hangup",
    ]
    customer.world.ring(CALLER, HOME)
    await customer.outcomes(3)
    first, second, third = customer.requests
    added = {} if dtmf is None else {"dtmf": dtmf}
    expected = {"dtmf_count": count, "code": "7", **first, **added}
    assert list(second.items()) == list(expected.items())
    assert third == {"third": "1", **first}


@pytest.mark.parametrize("fault", ["slow", "status", "closed"])
async def test_a_failed_push_ends_its_branch_only(
    customer: Customer, monkeypatch: pytest.MonkeyPatch, fault: str
) -> None:
    """The telephones ring on after a timeout, an error status or a refused connection."""
    customer.world.push_settings.legs = True
    if fault == "slow":
        monkeypatch.setattr("simulator.push_sender.PUSH_TIMEOUT", 0.2)
        customer.responding.clear()
    elif fault == "status":
        customer.status = 404
    else:
        await customer.server.close()
    call = customer.world.ring(CALLER, HOME)
    (push,) = await customer.outcomes()
    assert push.outcome.startswith("rejected" if fault == "status" else "no response")
    assert list(customer.world.active) == [call.id]


async def test_pushes_can_be_copied_lost_and_delayed(customer: Customer) -> None:
    """A delayed call that has ended by then is not announced."""
    world, settings = customer.world, customer.world.push_settings
    world.freeze()
    settings.copies, settings.lost = 3, 2
    world.ring(CALLER, HOME)
    world.ring(CALLER, HOME)
    assert len(world.pushes.due) == 3
    await customer.outcomes(3)
    settings.copies, settings.lost, settings.delay = 1, 0, 5
    call = world.ring(CALLER, HOME)
    world.end(world.ring(CALLER, HOME).id)
    world.advance(4)
    assert world.pushes.due == []
    world.advance(1)
    assert [push.call for push in world.pushes.due] == [call]


async def test_a_branch_can_be_listed_as_a_leg(customer: Customer) -> None:
    """The branch is an active call and has a record."""
    world = customer.world
    world.push_settings.legs = True
    call = world.ring(CALLER, HOME)
    await customer.outcomes()
    assert [leg.destination for leg in world.listed()] == [HOME, "*0071"]
    assert world.end().id == call.id
    world.advance(1)
    first, second = world.account().records
    assert (first.redirection_parent_id, second.redirection_parent_id) == (None, first.id)
    assert first.status == second.status == "missed"


async def test_informational_slots_report_every_call(customer: Customer) -> None:
    """They report calls in both directions, and their responses are ignored."""
    world = customer.world
    customer.answer = "hangup"
    world.save_push_url()
    for slot in (98, 99):
        world.save_push_url(slot=slot, url=customer.url(f"?slot={slot}"))
    call = world.ring(CALLER, HOME)
    world.answer(call.id)
    world.end(call.id)
    world.end(world.dial(CALLER).id)
    await customer.outcomes(5)
    assert sorted((params["slot"], params["status"]) for params in customer.requests) == [
        ("98", "ANSWER"),
        ("98", "NOANSWER"),
        ("99", "answered"),
        ("99", "ringing"),
        ("99", "ringing"),
    ]
    assert world.account().ringings[HOME] == []


async def test_a_url_can_be_deleted_and_is_not_in_the_journal(
    customer: Customer, control: Send
) -> None:
    """The journal omits URLs, because they contain a secret."""
    reply = await control("POST", "hook", url=customer.url("?key=secret"), number="910123456")
    assert reply.json["ringings"][HOME] == ["*0071"]
    customer.world.ring(CALLER, HOME)
    await customer.outcomes()
    journal = await control("GET", "pushes")
    assert "secret" not in journal.text
    assert journal.json[0]["outcome"] == "rings silently"
    await control("DELETE", "pushes")
    reply = await control("POST", "hook", slot=1)
    assert reply.json["slots"] == {}
    assert not any(reply.json["ringings"].values())
    customer.world.ring(CALLER, HOME)
    assert customer.world.pushes.due == customer.exchange.exchange.pushes == []
