"""The actions, as users, scripts and automations meet them."""

from collections.abc import Callable, Container, Coroutine
from datetime import UTC, datetime
from itertools import product
import re
from typing import Any
from zoneinfo import ZoneInfo

from freezegun.api import FrozenDateTimeFactory
from homeassistant.auth.const import GROUP_ID_READ_ONLY, GROUP_ID_USER
from homeassistant.core import Context, HomeAssistant
from homeassistant.exceptions import (
    HomeAssistantError,
    ServiceValidationError,
    Unauthorized,
    UnknownUser,
)
from homeassistant.helpers import entity_registry as er, issue_registry as ir, translation
from homeassistant.helpers.service import async_get_all_descriptions
from homeassistant.setup import async_setup_component
from hypothesis import HealthCheck, given, settings, strategies as st
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, MockUser

from custom_components.odorik.actions import schemas
from custom_components.odorik.api import connection
from custom_components.odorik.const import DOMAIN
from simulator.exchange import JournalEntry
from simulator.world import Contact, Record
from tests.conftest import Tick
from tests.exchange import RunningExchange

MINE = "+420 602 555 123"
SENT = {"caller": "00420602555123", "recipient": "00420777123456"}
START = {"start": "2026-11-01"}

type Act = Callable[..., Coroutine[Any, Any, dict[str, Any]]]


@pytest.fixture
def act(hass: HomeAssistant, account: MockConfigEntry) -> Act:  # noqa: ARG001
    """Perform an action of the account and return its answer."""

    async def perform(action: str, context: Context | None = None, **data: Any) -> dict[str, Any]:
        answer = await hass.services.async_call(
            DOMAIN, action, data, blocking=True, return_response=True, context=context
        )
        assert answer is not None
        return dict(answer)

    return perform


def said(request: JournalEntry) -> dict[str, str]:
    """Return what a request asked for, without who asked."""
    return {name: value for name, value in request.params.items() if name != "user_agent"}


def orders(exchange: RunningExchange) -> int:
    """Count the orders that have reached the exchange's books."""
    return len(exchange.world.account().callbacks)


def begin(exchange: RunningExchange) -> None:
    """Begin a row of a table: nothing was asked or ordered, nobody talks, and nothing fails."""
    exchange.journal.clear()
    exchange.exchange.faults.clear()
    exchange.world.active.clear()
    exchange.world.account().callbacks.clear()


# Callback


DOCUMENTED_ORDERS: list[tuple[dict[str, Any], dict[str, str], str]] = [
    ({}, {}, "ordered"),
    ({"line": 300110}, {"line": "300110"}, "ordered"),
    ({"simple": True}, {"simple": "true"}, "ordered"),
    ({"simple": False}, {"simple": "false"}, "ordered"),
    ({"delay": 5}, {"delayed": "5"}, "enqueued"),
    ({"delay": 5.0}, {"delayed": "5"}, "enqueued"),
    ({"at": "2036-07-16T10:12:14+02:00"}, {"delayed": "2036-07-16T08:12:14Z"}, "enqueued"),
    ({"at": "2036-07-16 10:12:14"}, {"delayed": "2036-07-16T08:12:14Z"}, "enqueued"),
    ({"recipient": "*100"}, {"recipient": "*100"}, "ordered"),
    ({"recipient": "300110"}, {"recipient": "300110"}, "ordered"),
    ({"recipient": "777123456"}, {}, "ordered"),
    ({"recipient": 420777123456}, {}, "ordered"),
    ({"recipient": "00420 777 123 456"}, {}, "ordered"),
    ({"recipient": "Jan Novák"}, {}, "ordered"),
    ({"recipient": "jan novak MOBIL"}, {}, "ordered"),
    ({"recipient": " mudr. šťastný & sestra"}, {"recipient": "00420541246810"}, "ordered"),
    ({"caller": "Babička"}, {"caller": "00420733555111"}, "ordered"),
    ({"recipient": "+49 (0)30 901820"}, {"recipient": "004930901820"}, "ordered"),
    ({"recipient": "*0822*300100"}, {"recipient": "*0822*300100"}, "ordered"),
    ({"recipient": "**300100"}, {"recipient": "**300100"}, "ordered"),
    ({"recipient": "777123456*300110"}, {"recipient": "777123456*300110"}, "ordered"),
    ({"recipient": "*084*work*300100!*9"}, {"recipient": "*084*work*300100!*9"}, "ordered"),
]


async def test_an_order_goes_out_as_the_operator_documents_it(
    *,
    hass: HomeAssistant,
    act: Act,
    exchange: RunningExchange,
    freezer: FrozenDateTimeFactory,
    subtests: pytest.Subtests,
) -> None:
    """An order that says something else than was meant rings strangers, and costs money."""
    freezer.move_to("2035-07-17T00:00:00Z")
    await hass.config.async_set_time_zone("Europe/Prague")
    for fields, sent, status in DOCUMENTED_ORDERS:
        begin(exchange)
        wanted = {"caller": MINE, "recipient": "+420 777 123 456", **fields}
        with subtests.test(fields=fields):
            assert await act("callback", **wanted) == {"status": status}
            (request,) = exchange.requests("/callback")
            assert request.method == "POST"
            assert said(request) == {**SENT, **sent}
            assert orders(exchange) == 1


async def test_the_caller_may_stand_in_the_options(
    hass: HomeAssistant, account: MockConfigEntry, act: Act, exchange: RunningExchange
) -> None:
    """Whoever taps "call back" on the wall does not want to type their own number each time."""
    hass.config_entries.async_update_entry(account, options={"caller": MINE})
    await act("callback", recipient="777123456")
    assert said(exchange.requests("/callback")[0]) == SENT


SENSELESS_ORDERS: list[tuple[dict[str, Any], str]] = [
    ({"recipient": "777123456"}, "no_caller"),
    ({"recipient": "777123456", "caller": ""}, "no_caller"),
    ({"recipient": "nobody", "caller": MINE}, "invalid_number"),
    ({"recipient": "", "caller": MINE}, "invalid_number"),
    ({"recipient": "Ja", "caller": MINE}, "invalid_number"),
    ({"recipient": "Novák", "caller": MINE}, "invalid_number"),
    ({"recipient": "Petr 2", "caller": MINE}, "invalid_number"),
    ({"recipient": "Tomáš", "caller": MINE}, "contact_without_number"),
    ({"recipient": "skype:tomas.prochazka", "caller": MINE}, "invalid_number"),
    ({"recipient": "777123456", "caller": "nobody"}, "invalid_number"),
    ({"recipient": "Eva", "caller": MINE, "at": "2020-01-01 12:00"}, "delayed_into_past"),
    ({"recipient": "Eva", "caller": MINE, "at": "2126-12-24 18:00"}, "delayed_too_far"),
]


async def test_an_order_that_cannot_be_meant_is_not_sent(
    act: Act, exchange: RunningExchange, subtests: pytest.Subtests
) -> None:
    """A guess would ring somebody."""
    for fields, key in SENSELESS_ORDERS:
        begin(exchange)
        with subtests.test(fields=fields):
            with pytest.raises(ServiceValidationError) as failure:
                await act("callback", **fields)
            assert failure.value.translation_key == key
            assert exchange.requests("/callback") == []


type Introduce = Callable[..., Coroutine[Any, Any, None]]


@pytest.fixture
def introduce(exchange: RunningExchange, account: MockConfigEntry) -> Introduce:
    """Add contacts at the operator and let the integration read them."""

    async def add(**people: str) -> None:
        contacts = exchange.world.account().contacts
        for name, number in people.items():
            contacts.append(Contact(100 + len(contacts), number, name))
        account.runtime_data.account._contacts_read_at = None
        await account.runtime_data.account.async_refresh()

    return add


PEOPLE = {
    "Petr 2": "00420604222222",
    "Petr 3": "00420604333333",
    "24/7": "00420604247247",
    "112 Hasiči": "00420604112112",
    "777 servis": "00420604777777",
    "Sklad": "*0712345678",
    "Vyzvednout": "*0822*300100",
}

PEOPLE_MEANT: list[tuple[str, str]] = [
    ("Petr 2", PEOPLE["Petr 2"]),
    ("petr 3", PEOPLE["Petr 3"]),
    ("24/7", PEOPLE["24/7"]),
    ("24 / 7", PEOPLE["24/7"]),
    ("247", "247"),
    ("112 Hasiči", PEOPLE["112 Hasiči"]),
    ("112", "112"),
    ("777 servis", PEOPLE["777 servis"]),
    ("777", "777"),
    ("Sklad", "*0712345678"),
    ("vyzvednout", "*0822*300100"),
]


async def test_a_name_with_a_digit_is_a_contact_everywhere(
    act: Act, exchange: RunningExchange, introduce: Introduce, subtests: pytest.Subtests
) -> None:
    """Orders, hang-up and the history take the same names; digits alone are a number."""
    await introduce(**PEOPLE)
    for text, number in PEOPLE_MEANT:
        with subtests.test(text=text):
            begin(exchange)
            await act("callback", recipient=text, caller=text)
            (order,) = exchange.requests("/callback")
            assert said(order) == {"recipient": number, "caller": number}
            await act("get_calls", number=text, **START)
            (request,) = exchange.requests("/calls.json")
            assert said(request)["phone_number_filter"] == number
            begin(exchange)
            other, call = exchange.world.dial("00420604000000"), exchange.world.dial(number)
            assert await act("hangup", number=text) == {"hung_up": [call.id]}
            assert set(exchange.world.active) == {other.id}


async def test_a_contact_without_a_number_is_said_to_have_none(
    act: Act, exchange: RunningExchange
) -> None:
    """The message about a contact that holds an address is true."""
    with pytest.raises(ServiceValidationError) as failure:
        await act("callback", recipient="tomas", caller=MINE)
    assert str(failure.value).startswith("The contact Tomáš Procházka holds skype:tomas.prochazka")
    assert orders(exchange) == 0


async def test_one_number_in_two_contacts_is_one_party(
    act: Act, exchange: RunningExchange, introduce: Introduce
) -> None:
    """Two contacts of a name that hold the same number in two spellings are not ambiguous."""
    await introduce(**{"Petr práce": "604 222 222", "Petr": "00420604222222"})
    await act("callback", recipient="petr", caller=MINE)
    (order,) = exchange.requests("/callback")
    assert said(order)["recipient"] == "00420604222222"


async def test_several_contacts_of_a_name_are_named(
    act: Act, exchange: RunningExchange, account: MockConfigEntry
) -> None:
    """With two Evas in the book, the wrong one would be rung at the user's cost."""
    exchange.world.account().contacts.append(Contact(7, "00420601000111", "Eva Malá"))
    account.runtime_data.account._contacts_read_at = None
    await account.runtime_data.account.async_refresh()
    with pytest.raises(ServiceValidationError) as failure:
        await act("callback", recipient="eva", caller=MINE)
    assert "Eva Dvořáková" in str(failure.value)
    assert "Eva Malá" in str(failure.value)
    assert exchange.requests("/callback") == []
    await act("callback", recipient="eva mala", caller=MINE)
    assert orders(exchange) == 1


REFUSALS = [
    ("callback_failed", "callback_failed"),
    ("missing_argument recipient", "missing_argument"),
    ("invalid_delay_format", "invalid_delay_format"),
    ("delayed_into_past", "delayed_into_past"),
    ("invalid_line", "invalid_line"),
    ("unauthorized", "unauthorized"),
    ("over_quota today", "undocumented_refusal"),
]


async def test_each_refusal_is_said_in_its_own_words(
    act: Act, exchange: RunningExchange, account: MockConfigEntry, subtests: pytest.Subtests
) -> None:
    """That it failed does not tell anybody what to do."""
    for code, key in REFUSALS:
        begin(exchange)
        account.runtime_data.history.log.orders.all.clear()
        exchange.fail(code, path="/callback")
        with subtests.test(code=code):
            with pytest.raises(HomeAssistantError) as failure:
                await act("callback", recipient="777123456", caller=MINE)
            assert failure.value.translation_key == key
            assert key not in str(failure.value), "the text is missing"
            assert len(exchange.requests("/callback")) == 1
            # A refused order must not swallow somebody's own call to the same number.
            assert account.runtime_data.history.log.orders.all == []


NO_ANSWERS: list[tuple[str, dict[str, Any]]] = [
    ("timeout", {}),
    ("reset", {}),
    ("500", {}),
    ("503", {}),
    ("html", {}),
    ("empty", {}),
    ("cut_json", {}),
    ("answer", {"body": "ok"}),
    ("answer", {"body": "", "status": 302}),
    ("answer", {"body": "busy", "status": 429}),
]


async def test_an_order_without_an_answer_is_unknown_and_never_repeated(
    *,
    act: Act,
    exchange: RunningExchange,
    account: MockConfigEntry,
    monkeypatch: pytest.MonkeyPatch,
    subtests: pytest.Subtests,
) -> None:
    """An order that is sent twice is paid twice, and one said to have failed is sent by hand."""
    monkeypatch.setattr(connection, "TIMEOUT", 0.2)
    for (mode, options), is_taken in product(NO_ANSWERS, (False, True)):
        begin(exchange)
        account.runtime_data.history.log.orders.all.clear()
        exchange.fail(mode, path="/callback", after=is_taken, **options)
        with subtests.test(mode=mode, options=options, is_taken=is_taken):
            with pytest.raises(HomeAssistantError) as failure:
                await act("callback", recipient="777123456", caller=MINE)
            assert failure.value.translation_key == "outcome_unknown"
            assert "look at the active calls" in str(failure.value)
            assert len(exchange.requests("/callback")) == 1
            # What may have been ordered stays remembered, so that its legs are one call.
            assert len(account.runtime_data.history.log.orders.all) == 1
            if mode != "cut_json":
                assert orders(exchange) == int(is_taken)


async def test_an_order_that_cannot_be_sent_is_said_to_be_so(
    hass: HomeAssistant, act: Act, exchange: RunningExchange, account: MockConfigEntry
) -> None:
    """Without a network nothing was ordered, and the user may try again at ease."""
    account.runtime_data.client._connection._base_url = "http://127.0.0.1:9"
    with pytest.raises(HomeAssistantError) as failure:
        await act("callback", recipient="777123456", caller=MINE)
    assert failure.value.translation_key == "cannot_connect"
    assert account.runtime_data.history.log.orders.all == []
    assert exchange.requests("/callback") == []
    assert exchange.password not in str(failure.value)
    await hass.async_block_till_done()


async def test_the_ordered_call_is_seen_at_once(
    hass: HomeAssistant, act: Act, tick: Tick, account: MockConfigEntry
) -> None:
    """The tablet would show nothing for ten seconds, and somebody would tap again."""
    await act("callback", recipient="777123456", caller=MINE)
    await tick(2)
    entity_id = er.async_get(hass).async_get_entity_id(
        "sensor", DOMAIN, f"{account.unique_id}_active_calls"
    )
    assert entity_id
    state = hass.states.get(entity_id)
    assert state
    assert state.state == "1"


async def test_a_delayed_order_is_known_by_when_it_is_due(
    act: Act, account: MockConfigEntry, freezer: FrozenDateTimeFactory
) -> None:
    """The legs ring later, and would not be known as the call that was ordered."""
    freezer.move_to("2026-11-23T12:00:00Z")
    await act("callback", recipient="777123456", caller=MINE, delay=10)
    at = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
    await act("callback", recipient="777123456", caller=MINE, at=at)
    first, second = account.runtime_data.history.log.orders.all
    assert first.due == datetime(2026, 11, 23, 12, 10, tzinfo=UTC)
    assert second.due == at


async def test_a_loop_is_stopped_and_explained(
    hass: HomeAssistant,
    act: Act,
    exchange: RunningExchange,
    account: MockConfigEntry,
    tick: Tick,
) -> None:
    """An automation that answers its own calls would empty the credit over night."""
    hass.config_entries.async_update_entry(account, options={"callback_limit": 3})
    order = {"recipient": "777123456", "caller": MINE}
    for _ in range(3):
        await act("callback", **order)
        await tick(600)
    for _ in range(2):
        with pytest.raises(HomeAssistantError) as failure:
            await act("callback", **order)
        assert failure.value.translation_key == "callback_limit"
        assert "(3)" in str(failure.value)
    assert orders(exchange) == 3
    issues = ir.async_get(hass)
    issue_id = f"{account.entry_id}_callback_limit"
    issue = issues.async_get_issue(DOMAIN, issue_id)
    assert issue
    assert issue.translation_placeholders == {"account": account.title, "limit": "3"}
    await tick(1790)
    assert issues.async_get_issue(DOMAIN, issue_id)
    await tick(20)
    assert issues.async_get_issue(DOMAIN, issue_id) is None
    await act("callback", **order)
    with pytest.raises(HomeAssistantError):
        await act("callback", **order)
    assert orders(exchange) == 4


async def test_thirty_callbacks_an_hour_are_enough_for_anybody(
    act: Act, exchange: RunningExchange
) -> None:
    """Without a limit in the options there has to be one all the same."""
    for _ in range(30):
        await act("callback", recipient="777123456", caller=MINE)
    with pytest.raises(HomeAssistantError):
        await act("callback", recipient="777123456", caller=MINE)
    assert orders(exchange) == 30


# Hanging up


HUNG_UP: list[tuple[dict[str, Any], list[int]]] = [
    ({"all": True}, [0, 1, 2, 3, 4, 5]),
    ({"line": 300100}, [0, 2]),
    ({"number": "+420 777 123 456"}, [0]),
    ({"number": "777123456"}, [0]),
    ({"number": "Eva Dvořáková"}, [1]),
    ({"number": "+12345"}, [2]),
    ({"number": "+49 (0)30 901820"}, [3]),
    ({"number": "tel:+49-30-901820;ext=1"}, [3]),
    ({"number": "00 49 (0)30 901820"}, [3]),
    ({"number": "jan@iptel.org"}, [4]),
    ({"number": "Tomáš"}, [5]),
]


async def test_the_calls_that_are_meant_are_hung_up(
    act: Act, exchange: RunningExchange, subtests: pytest.Subtests
) -> None:
    """A call that goes on costs money, and one cut off by mistake is an offence."""
    world = exchange.world
    for fields, ended in HUNG_UP:
        begin(exchange)
        ids = [
            world.ring("00420777123456", line=300100).id,
            world.dial("00420602987654", line=300110).id,
            world.ring("0012345", line=300100).id,
            world.ring("004930901820", line=300120).id,
            world.ring("sip:jan@iptel.org", line=300120).id,
            world.ring("skype:tomas.prochazka", line=300120).id,
        ]
        with subtests.test(fields=fields):
            answer = await act("hangup", **fields)
            assert sorted(answer["hung_up"]) == [ids[place] for place in ended]
            assert set(world.active) == set(ids) - set(answer["hung_up"])


NOTHING_HUNG_UP: list[tuple[dict[str, Any], str]] = [
    ({"number": "300110"}, "no_call_with_number"),
    ({"number": "601000000"}, "no_call_with_number"),
    ({"number": "+421 777 123 456"}, "no_call_with_number"),
    ({"number": "Eva"}, "no_call_with_number"),
    ({"number": "Tomáš"}, "no_call_with_number"),
    ({"number": "Petr 2"}, "invalid_number"),
    ({"number": "nobody"}, "invalid_number"),
    ({"line": 300110}, "no_call_on_line"),
]


async def test_nothing_to_hang_up_is_an_error(
    act: Act, exchange: RunningExchange, subtests: pytest.Subtests
) -> None:
    """Hanging up that finds no call fails and says so.

    A success would be believed while the call goes on costing.
    """
    call = exchange.world.ring("00420777123456", line=300100)
    for fields, key in NOTHING_HUNG_UP:
        with subtests.test(fields=fields):
            with pytest.raises(HomeAssistantError) as failure:
                await act("hangup", **fields)
            assert failure.value.translation_key == key
            assert str(*fields.values()) in str(failure.value)
            assert list(exchange.world.active) == [call.id]
    exchange.world.end(call.id)
    assert await act("hangup", all=True) == {"hung_up": []}


async def test_a_call_that_ends_before_it_is_hung_up_is_said_to_be_gone(
    act: Act, exchange: RunningExchange
) -> None:
    """An answer without any call is an error also where the call was up a moment before."""
    call = exchange.world.ring("00420777123456")
    exchange.fail("unauthorized", path=f"DELETE /active_calls/{call.id}", after=True)
    with pytest.raises(HomeAssistantError) as failure:
        await act("hangup", number="777123456")
    assert failure.value.translation_key == "no_call_with_number"


async def test_one_call_is_hung_up_by_its_id(act: Act, exchange: RunningExchange) -> None:
    """The card's red button must end its own call and no other."""
    first, second = exchange.world.ring().id, exchange.world.ring().id
    assert await act("hangup", active_call_id=first) == {"hung_up": [first]}
    assert list(exchange.world.active) == [second]
    requests = [request for request in exchange.journal if request.method == "DELETE"]
    assert [request.path for request in requests] == [f"/active_calls/{first}.json"]
    assert said(requests[0]) == {}


async def test_a_call_that_has_ended_is_said_to_have_ended(
    act: Act, exchange: RunningExchange, subtests: pytest.Subtests
) -> None:
    """The operator refuses with a code that would send the user looking for a wrong login."""
    for code in ("call_not_found", "unauthorized"):
        begin(exchange)
        call = exchange.world.ring()
        exchange.world.end(call.id)
        exchange.fail(code, path="DELETE")
        with subtests.test(code=code):
            with pytest.raises(HomeAssistantError) as failure:
                await act("hangup", active_call_id=call.id)
            assert failure.value.translation_key == "call_has_ended"
            assert str(call.id) in str(failure.value)


async def test_a_refusal_to_hang_up_is_told(act: Act, exchange: RunningExchange) -> None:
    """The call is up and goes on costing."""
    call = exchange.world.ring()
    exchange.fail("unauthorized", path="DELETE")
    with pytest.raises(HomeAssistantError) as failure:
        await act("hangup", active_call_id=call.id)
    assert failure.value.translation_key == "unauthorized"


async def test_who_could_not_be_hung_up_is_told(act: Act, exchange: RunningExchange) -> None:
    """The user would believe that all is quiet."""
    ids = [exchange.world.ring().id for _ in range(3)]
    exchange.fail("busy", path=f"DELETE /active_calls/{ids[1]}")
    with pytest.raises(HomeAssistantError) as failure:
        await act("hangup", all=True)
    assert failure.value.translation_key == "hangup_failed"
    assert failure.value.translation_placeholders == {
        "failed": str(ids[1]),
        "hung_up": f"{ids[0]}, {ids[2]}",
    }


async def test_a_call_that_ends_meanwhile_is_no_failure(
    act: Act, exchange: RunningExchange
) -> None:
    """The user wanted it to end, and it has."""
    first, second = exchange.world.ring(), exchange.world.ring()
    exchange.fail("unauthorized", path=f"DELETE /active_calls/{first.id}", after=True)
    assert await act("hangup", all=True) == {"hung_up": [second.id]}
    assert exchange.world.active == {}


async def test_a_call_that_was_ended_without_an_answer_counts(
    act: Act, exchange: RunningExchange
) -> None:
    """Only its answer was lost."""
    call = exchange.world.ring()
    exchange.fail("reset", path="DELETE", after=True)
    # The HTTP library itself asks again when a kept connection was closed under it.
    exchange.fail("404", path="DELETE")
    assert await act("hangup", all=True) == {"hung_up": [call.id]}


# Reading


def record(exchange: RunningExchange, **fields: Any) -> Record:
    """Write a record of an incoming call into the history."""
    return exchange.world.add_record(
        **{
            "date": datetime(2026, 11, 10, 12, tzinfo=UTC),
            "source_number": "00420777123456",
            "destination_number": "00420910123456",
            **fields,
        }
    )


EVERY_FILTER = {
    "direction": "in",
    "line": 300100,
    "min_length": 5,
    "max_length": 3600,
    "min_price": 0.00001,
    "max_price": 100,
}
EVERY_FILTER_SENT = {
    "direction": "in",
    "line": "300100",
    "min_length": "5",
    "max_length": "3600",
    "min_price": "0.00001",
    "max_price": "100.0",
}


FILTERS: list[tuple[dict[str, Any], dict[str, str]]] = [
    (
        {**EVERY_FILTER, "status": "missed", "include_sms": True, "sip_ids": True},
        {
            **EVERY_FILTER_SENT,
            "status": "missed",
            "include_sms": "true",
            "sip_ids": "true",
        },
    ),
    ({"include_sms": False, "sip_ids": False, "min_length": 0}, {"min_length": "0"}),
    ({"number": "+420 533 533 533"}, {"phone_number_filter": "00420533533533"}),
    ({"number": "0049"}, {"phone_number_filter": "0049"}),
    ({"number": "+49"}, {"phone_number_filter": "0049"}),
    ({"number": "+420 777"}, {"phone_number_filter": "00420777"}),
    ({"number": "jan novak"}, {"phone_number_filter": "00420777123456"}),
    ({"number": "*300"}, {"phone_number_filter": "*300"}),
]


async def test_what_selects_calls_goes_out_as_the_operator_documents_it(
    hass: HomeAssistant, act: Act, exchange: RunningExchange, subtests: pytest.Subtests
) -> None:
    """A filter that the operator does not understand would answer with other calls."""
    await hass.config.async_set_time_zone("Europe/Prague")
    wanted = {"start": "2026-11-01 00:00:00", "end": "2026-11-02T00:00:00+01:00"}
    period = {"from": "2026-10-31T23:00:00Z", "to": "2026-11-01T23:00:00Z"}
    for fields, sent in FILTERS:
        begin(exchange)
        with subtests.test(fields=fields):
            await act("get_calls", **wanted, **fields)
            (request,) = exchange.requests("/calls.json")
            assert said(request) == {**period, **sent}


async def test_what_selects_statistics_goes_out_as_the_operator_documents_it(
    act: Act, exchange: RunningExchange, subtests: pytest.Subtests
) -> None:
    """The sums would be those of other calls."""
    wanted = {"start": "2026-11-01T00:00:00Z", "end": "2026-11-02T00:00:00Z"}
    period = {"from": "2026-11-01T00:00:00Z", "to": "2026-11-02T00:00:00Z"}
    for action, path in (
        ("get_statistics", "/call_statistics.json"),
        ("get_statistics_by_destination", "/call_statistics/by_destination.json"),
    ):
        begin(exchange)
        with subtests.test(action=action):
            await act(action, **wanted, **EVERY_FILTER)
            (request,) = exchange.requests(path)
            assert said(request) == {**period, **EVERY_FILTER_SENT}


async def test_a_period_ends_now_unless_it_is_said_otherwise(
    act: Act, exchange: RunningExchange, freezer: FrozenDateTimeFactory
) -> None:
    """Whoever asks what this month has cost so far has no end to give."""
    freezer.move_to("2026-11-23T12:00:00Z")
    exchange.journal.clear()
    for action in ("get_calls", "get_missed_calls", "get_statistics"):
        await act(action, start="2026-11-01T00:00:00Z")
    ends = [
        request.params["to"]
        for request in exchange.journal
        if request.params.get("from") == "2026-11-01T00:00:00Z"
    ]
    assert ends == ["2026-11-23T12:00:00Z"] * 3


async def test_a_call_is_answered_in_the_operators_words_with_a_name(
    act: Act, exchange: RunningExchange
) -> None:
    """Scripts read these fields, and a person reads the name."""
    row = record(exchange, status="missed", ringing_length=20)
    record(exchange, direction="out", destination_number="00420602987654", price=1.5, length=61)
    record(exchange, source_number="")
    exchange.world.add_sms("00420777123456")
    calls = (await act("get_calls", start="2026-11-01", end="2027-01-01"))["calls"]
    assert [call["name"] for call in calls] == [None, "Eva Dvořáková", "Jan Novák mobil"]
    assert calls[2] == {
        "id": row.id,
        "redirection_parent_id": None,
        "date": "2026-11-10T12:00:00Z",
        "direction": "in",
        "source_number": "00420777123456",
        "destination_number": "00420910123456",
        "destination_name": "Česko v síti",
        "length": 0,
        "ringing_length": 20,
        "status": "missed",
        "price": 0.0,
        "price_per_minute": 0.0,
        "balance_after": 500.0,
        "line": 300100,
        "recording": None,
        "active_call_id": None,
        "name": "Jan Novák mobil",
        "type": "call",
    }
    more = await act("get_calls", start="2026-11-01", include_sms=True, sip_ids=True)
    assert {call["type"] for call in more["calls"]} == {"call", "sms"}
    sms = next(call for call in more["calls"] if call["type"] == "sms")
    assert sms["name"] == "Jan Novák mobil"
    assert all("sip_in_call_id" in call for call in more["calls"])


async def test_a_message_has_the_name_of_the_other_party(
    act: Act, exchange: RunningExchange, subtests: pytest.Subtests
) -> None:
    """A message that came in is named after its sender, also where the record has no direction."""
    for has_direction in (True, False):
        with subtests.test(has_direction=has_direction):
            begin(exchange)
            for sms in (
                exchange.world.receive_sms("00420602987654", "00420910123456"),
                exchange.world.add_sms("00420777123456"),
            ):
                sms.direction = sms.direction if has_direction else None
            answer = await act("get_calls", include_sms=True, **START)
            names = [sms["name"] for sms in answer["calls"][:2]]
            assert names == ["Jan Novák mobil", "Eva Dvořáková"]


async def test_the_newest_calls_are_answered_whatever_their_order(
    act: Act, exchange: RunningExchange, subtests: pytest.Subtests
) -> None:
    """The oldest of a long month would be shown, and the last call would be missing."""
    exchange.world.fill(4500)
    newest = sorted(
        exchange.world.account().records, key=lambda row: (row.date, row.id), reverse=True
    )
    for quirks in (False, True):
        begin(exchange)
        exchange.world.dialect = "quirks" if quirks else "documented"
        with subtests.test(quirks=quirks):
            for limit in (1, 200, 3000, 4500):
                calls = (await act("get_calls", start="2000-01-01", limit=limit))["calls"]
                assert [call["id"] for call in calls] == [row.id for row in newest[:limit]]
            pages = [said(request).get("page") for request in exchange.journal[:3]]
            assert pages == [None, "2", "3"]
            assert len((await act("get_calls", start="2000-01-01"))["calls"]) == 200


async def test_a_call_that_slips_to_the_next_page_is_answered_once(
    act: Act, exchange: RunningExchange
) -> None:
    """A call that ends while the pages are read moves the others by one."""
    exchange.world.fill(3)
    rows = exchange.world.account().records
    rows[2:2] = [rows[1]] * 2000
    calls = (await act("get_calls", start="2000-01-01"))["calls"]
    assert len({call["id"] for call in calls}) == len(calls) == 3


async def test_reading_goes_on_after_a_call(act: Act, exchange: RunningExchange) -> None:
    """An automation that copies the history somewhere wants only what is new."""
    old, new = record(exchange), record(exchange)
    exchange.journal.clear()
    calls = (await act("get_calls", since_id=old.id))["calls"]
    assert [call["id"] for call in calls] == [new.id]
    assert said(exchange.requests("/calls.json")[0]) == {"since_id": str(old.id)}


async def test_statistics_are_those_of_the_books(act: Act, exchange: RunningExchange) -> None:
    """What a month cost has to be right to the haléř."""
    exchange.world.fill(300)
    books = exchange.world.totals()
    period = {"start": "2000-01-01"}
    sums = await act("get_statistics", **period)
    assert sums["outgoing"] == {
        "count": books.outgoing.count,
        "length": books.outgoing.length,
        "price": pytest.approx(books.outgoing.price),
    }
    assert set(sums) == {"incoming", "outgoing", "redirected"}
    rows = (await act("get_statistics_by_destination", **period, direction="out"))["destinations"]
    assert sum(row["price"] for row in rows) == pytest.approx(books.outgoing.price)
    assert set(rows[0]) == {
        "destination",
        "count",
        "length",
        "price",
        "price_per_minute",
        "direction",
    }
    missed = (await act("get_missed_calls", **period))["missed_calls"]
    assert {row["destination_number"]: row["count"] for row in missed} == books.missed


# Who may


ORDERING: dict[str, dict[str, Any]] = {
    "callback": {"recipient": "777123456", "caller": MINE},
    "hangup": {"all": True},
    "export_calls": {**START, "path": "calls.csv"},
}
ASKING: dict[str, dict[str, Any]] = {
    "get_calls": START,
    "get_statistics": START,
    "get_statistics_by_destination": START,
    "get_missed_calls": START,
}
EVERY_ACTION: list[tuple[str, dict[str, Any]]] = list((ORDERING | ASKING).items())


@pytest.fixture(autouse=True)
def _allowed(hass: HomeAssistant) -> None:
    """What is written to is allowed, or only administrators might write to it."""
    hass.config.allowlist_external_dirs.add(hass.config.config_dir)


async def user_of(hass: HomeAssistant, group: str) -> Context:
    """Return the context of a user of a group."""
    found = await hass.auth.async_get_group(group)
    assert found
    return Context(user_id=MockUser(groups=[found]).add_to_hass(hass).id)


async def test_administrators_users_and_automations_may(
    hass: HomeAssistant, hass_admin_user: MockUser, act: Act, subtests: pytest.Subtests
) -> None:
    """The wall tablet's user could not call back."""
    contexts = {
        "automation": Context(),
        "administrator": Context(user_id=hass_admin_user.id),
        "user": await user_of(hass, GROUP_ID_USER),
    }
    for (action, data), (who, context) in product(EVERY_ACTION, contexts.items()):
        with subtests.test(action=action, who=who):
            assert await act(action, context, **data)


async def test_who_may_only_look_may_only_ask(
    hass: HomeAssistant, act: Act, exchange: RunningExchange, subtests: pytest.Subtests
) -> None:
    """A guest who may look at the tablet could telephone at the house's cost."""
    context = await user_of(hass, GROUP_ID_READ_ONLY)
    for action, data in EVERY_ACTION:
        begin(exchange)
        with subtests.test(action=action):
            if action in ASKING:
                assert await act(action, context, **data)
            else:
                with pytest.raises(Unauthorized):
                    await act(action, context, **data)
                assert exchange.journal == []


async def test_a_right_to_one_entity_is_enough(
    hass: HomeAssistant, account: MockConfigEntry, act: Act, subtests: pytest.Subtests
) -> None:
    """The account's active calls stand for the account; a right to a lamp does not."""
    registry = er.async_get(hass)
    entity_id = registry.async_get_entity_id("sensor", DOMAIN, f"{account.unique_id}_active_calls")
    assert entity_id
    user = MockUser().add_to_hass(hass)

    async def check(what: str, entities: Any, may: Container[str]) -> None:
        user.mock_policy({"entities": entities})
        for action, data in EVERY_ACTION:
            with subtests.test(what, action=action):
                if action in may:
                    assert await act(action, Context(user_id=user.id), **data)
                else:
                    with pytest.raises(Unauthorized):
                        await act(action, Context(user_id=user.id), **data)

    everything = {*ORDERING, *ASKING}
    ours = {"entity_ids": {entity_id: True}}
    await check("a lamp", {"entity_ids": {"light.hall": True}}, ())
    await check("to look", {"entity_ids": {entity_id: {"read": True}}}, ASKING)
    await check("to ours", ours, everything)
    # A disabled entity still says who may; without one, only who may do it to everything.
    registry.async_update_entity(entity_id, disabled_by=er.RegistryEntryDisabler.USER)
    await check("to ours, disabled", ours, everything)
    registry.async_remove(entity_id)
    await check("to ours, removed", ours, ())
    await check("to everything", True, everything)  # noqa: FBT003 - so Home Assistant writes it.


async def test_a_user_who_is_gone_may_nothing(act: Act, subtests: pytest.Subtests) -> None:
    """A script that somebody ran who has been deleted since."""
    for action, data in EVERY_ACTION:
        with subtests.test(action=action), pytest.raises(UnknownUser):
            await act(action, Context(user_id="gone"), **data)


# Which account, and whether it answers


async def test_a_wrong_login_asks_for_a_new_one(
    hass: HomeAssistant, act: Act, exchange: RunningExchange, subtests: pytest.Subtests
) -> None:
    """The user would read of a wrong password and not find where to change it."""
    flows = hass.config_entries.flow
    for action, data in EVERY_ACTION:
        begin(exchange)
        for flow in flows.async_progress():
            flows.async_abort(flow["flow_id"])
        exchange.fail("authentication_failed", times=0)
        with subtests.test(action=action):
            with pytest.raises(HomeAssistantError) as failure:
                await act(action, **data)
            assert failure.value.translation_key == "authentication_failed"
            (flow,) = flows.async_progress_by_handler(DOMAIN)
            assert flow["context"]["source"] == "reauth"


KEYS = {
    "unauthorized": "unauthorized",
    "strange": "undocumented_refusal",
    "500": "cannot_connect",
}
"""What each failure is called, except that of an order."""


async def test_every_action_says_why_it_failed(
    act: Act, exchange: RunningExchange, subtests: pytest.Subtests
) -> None:
    """A traceback tells nobody what to do."""
    for (action, data), (mode, key) in product(EVERY_ACTION, KEYS.items()):
        begin(exchange)
        exchange.world.ring()
        exchange.fail(mode, times=0)
        is_unknown = action == "callback" and mode == "500"
        with subtests.test(action=action, mode=mode):
            with pytest.raises(HomeAssistantError) as failure:
                await act(action, **data)
            assert failure.value.translation_key == ("outcome_unknown" if is_unknown else key)
            assert exchange.password not in str(failure.value)


async def test_the_account_has_to_be_clear_and_running(
    *,
    hass: HomeAssistant,
    account: MockConfigEntry,
    act: Act,
    exchange: RunningExchange,
    subtests: pytest.Subtests,
) -> None:
    """The call would be made, and billed, on another account than was meant."""

    async def check(key: str, **fields: Any) -> None:
        for action, data in EVERY_ACTION:
            begin(exchange)
            with subtests.test(key, action=action, **fields):
                with pytest.raises(ServiceValidationError) as failure:
                    await act(action, **data, **fields)
                assert failure.value.translation_domain == "homeassistant"
                assert failure.value.translation_key == key
                assert exchange.journal == []

    await check("service_config_entry_not_found", config_entry_id="none")
    other = MockConfigEntry(domain=DOMAIN, unique_id="2", data=account.data)
    other.add_to_hass(hass)
    await check("service_found_multiple_config_entry_for_domain")
    await check("service_config_entry_not_loaded", config_entry_id=other.entry_id)
    for action, data in EVERY_ACTION:
        with subtests.test("this one", action=action):
            assert await act(action, **data, config_entry_id=account.entry_id)
    await hass.config_entries.async_unload(account.entry_id)
    await check("service_config_entry_not_loaded", config_entry_id=account.entry_id)


async def test_the_actions_are_there_before_any_account(
    hass: HomeAssistant,
    enable_custom_integrations: None,  # noqa: ARG001
) -> None:
    """An automation would be called broken while the account is still connecting."""
    assert await async_setup_component(hass, DOMAIN, {})
    assert set(hass.services.async_services()[DOMAIN]) == {*ORDERING, *ASKING, "rebuild_statistics"}


async def test_an_answer_is_given_only_where_it_is_asked_for(
    hass: HomeAssistant, act: Act, exchange: RunningExchange
) -> None:
    """A tap on a dashboard wants no answer, and a question without one makes no sense."""
    for action, data in ORDERING.items():
        assert await hass.services.async_call(DOMAIN, action, data, blocking=True) is None
    for action, data in ASKING.items():
        with pytest.raises(ServiceValidationError):
            await hass.services.async_call(DOMAIN, action, data, blocking=True)
    assert orders(exchange) == 1
    del act


async def test_an_account_may_be_reloaded_while_it_orders(
    hass: HomeAssistant, account: MockConfigEntry, act: Act, exchange: RunningExchange
) -> None:
    """Whoever changes an option meanwhile must not be told that an order failed that did not."""
    exchange.fail("slow", path="/callback", seconds=0.3)
    order = hass.async_create_task(act("callback", recipient="777123456", caller=MINE))
    while not exchange.requests("/callback"):
        await hass.config_entries.async_reload(account.entry_id)
    await hass.config_entries.async_unload(account.entry_id)
    assert await order == {"status": "ordered"}
    assert orders(exchange) == 1


# Input


FORM_ERRORS: list[tuple[str, dict[str, Any], str]] = [
    ("callback", {"caller": MINE}, "recipient"),
    ("callback", {**ORDERING["callback"], "delay": 5, "at": "2036-01-01"}, "at"),
    ("callback", {**ORDERING["callback"], "delay": 0}, "delay"),
    ("callback", {**ORDERING["callback"], "delay": 1.5}, "delay"),
    ("callback", {**ORDERING["callback"], "delay": True}, "delay"),
    ("callback", {**ORDERING["callback"], "delay": float("inf")}, "delay"),
    ("callback", {**ORDERING["callback"], "at": "soon"}, "at"),
    ("callback", {**ORDERING["callback"], "at": "0001-01-01T00:00:00+14:00"}, "at"),
    ("callback", {**ORDERING["callback"], "line": "Domov"}, "line"),
    ("callback", {**ORDERING["callback"], "simple": "perhaps"}, "simple"),
    ("hangup", {}, "active_call_id"),
    ("hangup", {"all": True, "line": 300100}, "all"),
    ("hangup", {"all": False}, "all"),
    ("hangup", {"active_call_id": -1}, "active_call_id"),
    ("get_calls", {}, "start"),
    ("get_calls", {"start": "2026-01-01", "since_id": 1}, "since_id"),
    ("get_calls", {"end": "2026-01-01", "since_id": 1}, "end"),
    ("get_calls", {"start": "2026-01-02", "end": "2026-01-01"}, "end"),
    ("get_calls", {**START, "direction": "up"}, "direction"),
    ("get_calls", {**START, "direction": "unknown"}, "direction"),
    ("get_calls", {**START, "status": "unknown"}, "status"),
    ("get_calls", {**START, "limit": 0}, "limit"),
    ("get_calls", {**START, "limit": 100_001}, "limit"),
    ("get_calls", {**START, "min_price": -1}, "min_price"),
    ("get_calls", {**START, "min_price": "nan"}, "min_price"),
    ("get_calls", {**START, "min_length": 2, "max_length": 1}, "max_length"),
    ("get_calls", {**START, "anything": 1}, "anything"),
    ("get_statistics", {"end": "2026-01-01"}, "start"),
    ("get_statistics", {**START, "status": "missed"}, "status"),
    ("get_missed_calls", {**START, "line": 300100}, "line"),
    ("export_calls", START, "path"),
    ("export_calls", {**START, "path": "a.csv", "format": "xls"}, "format"),
    ("export_calls", {**START, "path": "a.csv", "limit": 5}, "limit"),
]


async def test_a_form_error_names_its_field_in_every_language(
    hass: HomeAssistant, act: Act, exchange: RunningExchange, subtests: pytest.Subtests
) -> None:
    """The user would have to try one field after the other, or to know English."""
    texts = await translation.async_get_translations(hass, "cs", "exceptions", {DOMAIN})
    for action, data, field in FORM_ERRORS:
        begin(exchange)
        with subtests.test(action=action, data=data):
            with pytest.raises(ServiceValidationError) as failure:
                await act(action, **data)
            told = failure.value
            assert re.search(rf"\b{field}\b", str(told))
            assert told.translation_key
            czech = texts[f"component.{DOMAIN}.exceptions.{told.translation_key}.message"]
            assert re.search(rf"\b{field}\b", czech.format(**told.translation_placeholders or {}))
            assert exchange.journal == []


SCHEMAS = {
    "callback": schemas.CALLBACK,
    "hangup": schemas.HANGUP,
    "get_calls": schemas.GET_CALLS,
    "get_statistics": schemas.GET_STATISTICS,
    "get_statistics_by_destination": schemas.GET_STATISTICS,
    "get_missed_calls": schemas.GET_MISSED_CALLS,
    "export_calls": schemas.EXPORT_CALLS,
}
NEEDED: dict[str, dict[str, Any]] = {
    "callback": {"recipient": "Eva"},
    "hangup": {"all": True},
    "export_calls": {**START, "path": "calls.csv"},
    **ASKING,
}


INSTEAD = {
    "since_id": ("start",),
    **dict.fromkeys(("active_call_id", "line", "number"), ("all",)),
}
"""The fields that a field stands instead of."""


async def test_the_form_offers_what_the_action_takes(
    hass: HomeAssistant,
    act: Act,  # noqa: ARG001
    subtests: pytest.Subtests,
) -> None:
    """A field that the form offers and the action refuses, or an example that is none."""
    forms = (await async_get_all_descriptions(hass))[DOMAIN]
    for action in SCHEMAS:
        with subtests.test(action=action):
            _check_form(action, forms[action]["fields"])


def _check_form(action: str, described: dict[str, Any]) -> None:
    """Hold what a form offers to what its action takes."""
    sections = [field["fields"] for field in described.values() if "fields" in field]
    fields = {
        name: field
        for part in (described, *sections)
        for name, field in part.items()
        if "fields" not in field
    }
    others = {
        name
        for name in FIELDS
        if name not in fields and _takes(action, {**NEEDED[action], name: ACCOUNT_OR_ONE[name]})
    }
    assert others == set()
    for name, field in fields.items():
        value = field.get("example", ACCOUNT_OR_ONE.get(name))
        value = field["selector"].get("constant", {"value": value})["value"]
        # An earlier start than any example, and nothing that the field stands instead of.
        least = {**NEEDED[action], **({"start": "2020-01-01"} if "start" in fields else {})}
        for instead in INSTEAD.get(name, ()):
            least.pop(instead, None)
        assert _takes(action, {**least, name: value}), name


def _takes(action: str, data: dict[str, Any]) -> bool:
    """Tell whether an action's schema takes the data."""
    try:
        SCHEMAS[action](data)
    except ServiceValidationError:
        return False
    return True


ANYTHING = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(),
    st.datetimes(timezones=st.none() | st.just(UTC) | st.just(ZoneInfo("Europe/Prague"))),
    st.dates(),
    st.lists(st.integers(), max_size=2),
    st.sampled_from(
        ["777123456", "Eva", "in", "csv", "1e999999", "9999-12-31T23:59:59-12:00", "*1", "a.csv"]
    ),
)
FIELDS = sorted(
    {value for name, value in vars(schemas).items() if name.startswith("ATTR_")} | {"other"}
)


ACCOUNT_OR_ONE: dict[str, Any] = dict.fromkeys(FIELDS, 1) | {
    "config_entry_id": "01ABC",
    "direction": "in",
    "format": "csv",
    "include_sms": True,
    "simple": True,
    "sip_ids": True,
    "status": "missed",
}
"""A value that fits each field which has no example."""


@settings(
    max_examples=200,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(data=st.data())
async def test_whatever_is_put_in_is_taken_or_refused(
    *,
    hass: HomeAssistant,
    account: MockConfigEntry,
    act: Act,
    exchange: RunningExchange,
    data: st.DataObject,
) -> None:
    """A template gone wrong must neither break the action nor send out half of what it made."""
    action, good = data.draw(st.sampled_from(EVERY_ACTION))
    wild = data.draw(st.dictionaries(st.sampled_from(FIELDS), ANYTHING, max_size=4))
    fields = {**good, **wild} if data.draw(st.booleans()) else wild
    hass.config_entries.async_update_entry(account, options={"callback_limit": 1000})
    exchange.journal.clear()
    failure: Exception | None = None
    try:
        await act(action, **fields)
    except HomeAssistantError as err:
        failure = err
    if isinstance(failure, ServiceValidationError):
        assert exchange.journal == []
    elif isinstance(failure, HomeAssistantError):
        assert failure.translation_key in {
            "call_has_ended",
            "delayed_into_past",
            "invalid_line",
            "invalid_number",
            "no_call_on_line",
            "no_call_with_number",
        }
    for request in exchange.requests("/callback"):
        assert all(
            re.fullmatch(r"\*?\d+", request.params[name], re.ASCII)
            for name in ("caller", "recipient")
        )
