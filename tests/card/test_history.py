"""The history that the card scrolls through, page by page."""

from datetime import timedelta

from homeassistant.components.websocket_api import ERR_HOME_ASSISTANT_ERROR
from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, MockUser

from simulator.world import World
from simulator.worlds import GATE_NUMBER
from tests.accounts import EVA, JAN, STRANGER, add_gate
from tests.conftest import Tick
from tests.exchange import RunningExchange, call_ids

from .conftest import ACTIVE_CALLS, CardClient, restrict


@pytest.mark.parametrize(
    ("count", "days", "quiet_days", "limit"),
    [(700, 90, 0, {}), (5_000, 40, 700, {"limit": 200}), (4_500, 0.04, 0, {"limit": 200})],
    ids=["some months", "behind two quiet years", "within an hour"],
)
async def test_the_pages_hold_every_call_once(
    account: MockConfigEntry,
    world: World,
    card: CardClient,
    count: int,
    days: float,
    quiet_days: int,
    limit: dict[str, int],
) -> None:
    """No call falls between two pages, and a page never continues with itself."""
    world.fill(count, days=days)
    world.advance(timedelta(days=quiet_days).total_seconds())
    # A response sets the client's clock.
    await account.runtime_data.active.async_refresh()
    calls = await card.pages(**limit)
    assert sorted(call["call_id"] for call in calls) == sorted(call_ids(world))
    moments = [call["started_at"] for call in calls]
    assert moments == sorted(moments, reverse=True)


async def test_a_page_is_full_although_the_last_year_was_quiet(
    account: MockConfigEntry, world: World, card: CardClient
) -> None:
    """A page has as many calls as requested, however long ago they were."""
    world.fill(20_000, days=900)
    world.advance(timedelta(days=492).total_seconds())
    # A response sets the client's clock.
    await account.runtime_data.active.async_refresh()
    page = await card.history(limit=200)
    assert len(page["calls"]) >= 200
    assert page["before"]


async def test_a_search_is_limited_per_page(exchange: RunningExchange, card: CardClient) -> None:
    """A search without a result reads a few thousand records, and can be continued."""
    exchange.world.fill(5000, days=60)
    exchange.journal.clear()
    page = await card.history(search="absent")
    assert page["calls"] == []
    assert page["before"] is not None
    assert len(exchange.requests("/calls.json")) <= 4


async def test_rings_at_gates_have_their_outcome(
    hass: HomeAssistant, account: MockConfigEntry, world: World, card: CardClient, tick: Tick
) -> None:
    """A ring is shown with the gate and is not a missed call; it may be older than the gate."""
    world.ring(EVA, GATE_NUMBER)
    world.end()
    await tick(10)
    add_gate(hass, account, "777 123 456", name="Zahrada")
    for caller in (JAN, STRANGER):
        world.ring(caller, GATE_NUMBER, end_after=15)
        await tick(10, 10)
    page = await card.history()
    assert [(it["number"], it["gate"], it["gate_outcome"]) for it in page["calls"]] == [
        ("+420602555123", "Zahrada", "refused"),
        ("+420777123456", "Zahrada", "opened"),
        ("+420602987654", "Zahrada", None),
    ]
    assert (await card.history(show="missed"))["calls"] == []


async def test_a_forwarded_call_is_one_row(world: World, card: CardClient) -> None:
    """The legs of a call are shown as one call."""
    call = world.ring(JAN)
    leg = world.redirect(call.id, "00420777000111")
    world.answer(leg.id)
    world.advance(30)
    world.end(call.id)
    world.advance(10)
    [row] = (await card.history())["calls"]
    assert row["redirected_to"] == "+420 777 000 111"
    assert row["status"] == "answered"


@pytest.mark.parametrize(
    ("search", "names"),
    [
        ("", {"Jan Novák mobil", "Eva Dvořáková", None}),
        ("novak", {"Jan Novák mobil"}),
        ("MOBIL Jan", {"Jan Novák mobil"}),
        ("777 123", {"Jan Novák mobil"}),
        ("00420 777-123", {"Jan Novák mobil"}),
        ("+420602", {"Eva Dvořáková"}),
        ("dvorakova", {"Eva Dvořáková"}),
        ("absent", set()),
    ],
)
async def test_calls_are_found_by_name_and_number(
    world: World, card: CardClient, search: str, names: set[str | None]
) -> None:
    """A search ignores case, accents, the order of words and the format of numbers."""
    for number in (JAN, EVA, ""):
        world.miss(number)
    page = await card.history(search=search)
    assert {call["name"] for call in page["calls"]} == names


@pytest.mark.parametrize("number", ["112", "skype:tomas.prochazka", "+420777123456"])
async def test_calls_are_found_by_their_whole_number(
    world: World, card: CardClient, number: str
) -> None:
    """A number within another one does not match, and a number need not have digits."""
    for called in ("112", "00420777112345", "skype:tomas.prochazka", JAN):
        world.dial(called)
        world.end()
    world.advance(10)
    [call] = (await card.history(number=number))["calls"]
    assert call["number"] == number


async def test_calls_are_filtered_by_kind(world: World, card: CardClient) -> None:
    """Missed, incoming and outgoing calls can be shown alone."""
    world.fill(200, days=10)
    found = {
        show: (await card.history(show=show, limit=200))["calls"]
        for show in ("all", "missed", "incoming", "outgoing")
    }
    assert len(found["all"]) == len(found["incoming"]) + len(found["outgoing"])
    assert found["missed"]
    assert {call["status"] for call in found["missed"]} == {"missed"}
    assert all(call["direction"] != "out" for call in found["missed"] + found["incoming"])
    assert {call["direction"] for call in found["outgoing"]} == {"out"}


async def test_extreme_dates_raise_no_error(
    hass: HomeAssistant,
    world: World,
    hass_admin_user: MockUser,
    card: CardClient,
    caplog: pytest.LogCaptureFixture,
    subtests: pytest.Subtests,
) -> None:
    """A user who may only read cannot fill the log with tracebacks."""
    await hass.config.async_set_time_zone("Europe/Prague")
    world.fill(20)
    restrict(hass_admin_user, **{ACTIVE_CALLS: {"read": True}})
    for before in (
        "0001-01-01T00:00:00",
        "0001-01-01T00:00:00+00:00",
        "0001-01-01",
        "9999-12-31T23:59:59",
        "9999-12-31T23:59:59+00:00",
        "9999-12-31T23:59:59-14:00",
        "0001-01-01T00:00:00+14:00",
        "1999-12-31T00:00:00+00:00",
    ):
        with subtests.test(before=before):
            response = await card.request("history", before=before)
            if response["success"]:
                assert bool(response["result"]["calls"]) is before.startswith("9999")
            else:
                assert response["error"]["code"] == "invalid_format"
            assert "Traceback" not in caplog.text
            assert "OverflowError" not in caplog.text


@pytest.mark.parametrize("state", ["missing", "not_loaded", "forbidden"])
async def test_an_unavailable_history_is_explained_in_the_users_language(
    hass: HomeAssistant,
    account: MockConfigEntry,
    hass_admin_user: MockUser,
    card: CardClient,
    state: str,
) -> None:
    """The error has a translation key."""
    if state == "not_loaded":
        await hass.config_entries.async_unload(account.entry_id)
    elif state == "missing":
        await hass.config_entries.async_remove(account.entry_id)
    else:
        restrict(hass_admin_user)
    error = (await card.request("history"))["error"]
    assert error["code"] == state
    assert error["translation_domain"] == "odorik"
    assert error["translation_key"] == f"account_{state}"


async def test_a_failure_is_translated_and_does_not_reveal_the_password(
    exchange: RunningExchange, card: CardClient, caplog: pytest.LogCaptureFixture
) -> None:
    """The error has a translation key, and neither it nor the log contains the password."""
    exchange.fail("503", path="/calls.json", times=0)
    response = await card.request("history")
    assert response["error"]["code"] == ERR_HOME_ASSISTANT_ERROR
    assert response["error"]["translation_key"] == "cannot_connect"
    assert exchange.password not in str(response) + caplog.text
