"""Ordering callbacks."""

import asyncio
from datetime import UTC, datetime
from itertools import product
from typing import Any

from freezegun.api import FrozenDateTimeFactory
import pytest

from custom_components.odorik.api import connection
from custom_components.odorik.calls.callback_order import ORDER_LIFETIME

from .conftest import MINE, ORDER, Actions, parameters

SENT = {"caller": "00420602555123", "recipient": "00420777123456"}

SENT_ORDERS: list[tuple[dict[str, Any], dict[str, str]]] = [
    ({}, {}),
    ({"line": 300110}, {"line": "300110"}),
    ({"simple": True}, {"simple": "true"}),
    ({"simple": False}, {"simple": "false"}),
    ({"delay": 5}, {"delayed": "5"}),
    ({"delay": 5.0}, {"delayed": "5"}),
    ({"at": "2036-07-16T10:12:14+02:00"}, {"delayed": "2036-07-16T08:12:14Z"}),
    ({"at": "2036-07-16 10:12:14"}, {"delayed": "2036-07-16T08:12:14Z"}),
    ({"recipient": "*100"}, {"recipient": "*100"}),
    ({"recipient": 420777123456}, {}),
    ({"recipient": "Jan Novák"}, {}),
    ({"recipient": "jan novak MOBIL"}, {}),
    ({"recipient": " mudr. šťastný & sestra"}, {"recipient": "00420541246810"}),
    ({"caller": "Babička"}, {"caller": "00420733555111"}),
    ({"recipient": "+49 (0)30 901820"}, {"recipient": "004930901820"}),
    ({"recipient": "*084*work*300100!*9"}, {"recipient": "*084*work*300100!*9"}),
]


async def test_an_order_is_sent_as_documented(
    act: Actions, freezer: FrozenDateTimeFactory, subtests: pytest.Subtests
) -> None:
    """Each field of the action reaches the operator in the documented form."""
    freezer.move_to("2035-07-17T00:00:00Z")
    await act.hass.config.async_set_time_zone("Europe/Prague")
    for fields, sent in SENT_ORDERS:
        act.reset()
        with subtests.test(fields=fields):
            status = "enqueued" if "delayed" in sent else "ordered"
            assert await act("callback", **{**ORDER, **fields}) == {"status": status}
            (request,) = act.exchange.requests("/callback")
            assert request.method == "POST"
            assert parameters(request) == {**SENT, **sent}
            assert act.orders == 1


INVALID_ORDERS: list[tuple[dict[str, Any], str]] = [
    ({"recipient": "777123456"}, "no_caller"),
    ({"recipient": "777123456", "caller": ""}, "no_caller"),
    ({"recipient": "absent", "caller": MINE}, "invalid_number"),
    ({"recipient": "", "caller": MINE}, "invalid_number"),
    ({"recipient": "Novák", "caller": MINE}, "invalid_number"),
    ({"recipient": "skype:tomas.prochazka", "caller": MINE}, "invalid_number"),
    ({"recipient": "777123456", "caller": "absent"}, "invalid_number"),
    ({"recipient": "Eva", "caller": MINE, "at": "2020-01-01 12:00"}, "delayed_into_past"),
    ({"recipient": "Eva", "caller": MINE, "at": "2126-12-24 18:00"}, "delayed_too_far"),
]


async def test_an_invalid_order_is_not_sent(act: Actions, subtests: pytest.Subtests) -> None:
    """An order with a party or a time that makes no sense is refused without a request."""
    for fields, key in INVALID_ORDERS:
        with subtests.test(fields=fields):
            await act.rejects(key, "callback", **fields)


REFUSALS = [
    ("callback_failed", "callback_failed"),
    ("missing_argument recipient", "missing_argument"),
    ("invalid_delay_format", "invalid_delay_format"),
    ("delayed_into_past", "delayed_into_past"),
    ("invalid_line", "invalid_line"),
    ("unauthorized", "unauthorized"),
    ("over_quota today", "undocumented_refusal"),
]


async def test_each_refusal_has_its_own_message(act: Actions, subtests: pytest.Subtests) -> None:
    """A refused order fails with a message of its own, and is not remembered.

    Otherwise a call that the user makes to the same number would be taken for the order.
    """
    for code, key in REFUSALS:
        act.reset()
        act.exchange.fail(code, path="/callback")
        with subtests.test(code=code):
            await act.fails(key, "callback", **ORDER)
            assert len(act.exchange.requests("/callback")) == 1
            assert act.remembered == []
    await act.reload()
    assert act.remembered == []


async def test_an_order_without_a_usable_response_is_unknown_and_sent_once(
    act: Actions, monkeypatch: pytest.MonkeyPatch, subtests: pytest.Subtests
) -> None:
    """The outcome is reported as unknown, whether or not the operator accepted the order.

    The order stays remembered, so that its legs are seen as one call.
    """
    monkeypatch.setattr(connection, "REQUEST_TIMEOUT", 0.2)
    for mode, is_accepted in product(("timeout", "reset", "500", "html"), (False, True)):
        act.reset()
        act.exchange.fail(mode, path="/callback", after=is_accepted)
        with subtests.test(mode=mode, is_accepted=is_accepted):
            failure = await act.fails("outcome_unknown", "callback", **ORDER)
            assert "check the active calls" in str(failure)
            assert len(act.exchange.requests("/callback")) == 1
            assert len(act.remembered) == 1
            assert act.orders == int(is_accepted)


async def test_an_order_that_cannot_be_sent_is_not_remembered(act: Actions) -> None:
    """Without a connection the action fails as not connected, since nothing was ordered."""
    act.entry.runtime_data.client._connection._base_url = "http://127.0.0.1:9"
    await act.fails("cannot_connect", "callback", **ORDER)
    assert act.remembered == []
    assert act.exchange.requests("/callback") == []
    await act.hass.async_block_till_done()


async def test_a_delayed_order_is_expected_when_it_is_due(
    act: Actions, freezer: FrozenDateTimeFactory
) -> None:
    """The legs of a delayed order are recognized at the time for which it was ordered."""
    freezer.move_to("2026-11-23T12:00:00Z")
    at = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
    await act("callback", **ORDER, delay=10)
    await act("callback", **ORDER, at=at)
    due = [order.due for order in act.remembered]
    assert due == [datetime(2026, 11, 23, 12, 10, tzinfo=UTC), at]


async def test_an_order_expires_if_the_login_may_not_read_the_active_calls(
    act: Actions, freezer: FrozenDateTimeFactory
) -> None:
    """Old orders are not kept, as they would be compared with each record."""
    act.world.denied[act.exchange.username] = {"active_calls"}
    await act("callback", **ORDER)
    freezer.tick(ORDER_LIFETIME)
    await act.entry.runtime_data.history.async_refresh()
    assert act.remembered == []


@pytest.mark.parametrize("is_reloaded", [True, False])
async def test_the_account_may_be_unloaded_before_a_refusal(
    act: Actions, *, is_reloaded: bool
) -> None:
    """The reason is reported all the same, and a reloaded account does not expect the order."""
    act.world.callback_fails = True
    act.exchange.fail("slow", path="/callback", seconds=0.3)
    order = asyncio.create_task(act.fails("callback_failed", "callback", **ORDER))
    while not act.exchange.requests("/callback"):  # noqa: ASYNC110
        await asyncio.sleep(0.01)
    if is_reloaded:
        await act.reload()
    else:
        assert await act.hass.config_entries.async_unload(act.entry.entry_id)
    await order
    if is_reloaded:
        assert act.remembered == []


async def test_the_account_may_be_reloaded_during_an_order(act: Actions) -> None:
    """An order in progress succeeds even if the account is reloaded or unloaded."""
    act.exchange.fail("slow", path="/callback", seconds=0.3)
    order = act.hass.async_create_task(act("callback", **ORDER))
    while not act.exchange.requests("/callback"):
        await act.hass.config_entries.async_reload(act.entry.entry_id)
    await act.hass.config_entries.async_unload(act.entry.entry_id)
    assert await order == {"status": "ordered"}
    assert act.orders == 1
