"""Test which calls can be a leg of an ordered callback."""

from msgspec import convert, to_builtins
import pytest

from custom_components.odorik.calls.callback_order import CallbackOrder, CallbackOrders

from .builders import dialled, outgoing
from .call_fixtures import DIRECTORY, MINUTE, NOON, SECOND
from .phones import EVA, HOME_LINE, JAN, MOBILE


@pytest.mark.parametrize(
    ("began", "is_leg"), [(-15, True), (-15.5, False), (120, True), (120.5, False)]
)
def test_a_leg_begins_close_to_when_its_order_is_due(began: float, *, is_leg: bool) -> None:
    """A leg may begin up to 15 seconds early and two minutes late."""
    order = CallbackOrder(caller=MOBILE, recipient=JAN, due=NOON)
    legs = order.matching_legs(dialled(80, MOBILE), NOON + began * SECOND, DIRECTORY)
    assert legs == (["caller"] if is_leg else [])


def test_a_forwarded_leg_is_not_a_leg_of_an_order() -> None:
    """It belongs to the leg that was forwarded."""
    order = CallbackOrder(caller=MOBILE, recipient=JAN, due=NOON)
    row = outgoing(8, JAN, redirection_parent_id=7)
    assert order.matching_legs(row, row.date, DIRECTORY) == []


def test_an_order_is_cancelled_after_it_was_loaded_again() -> None:
    """The account may be reloaded before the operator refuses the order."""
    orders = CallbackOrders()
    first, order, _ = (orders.add(MOBILE, number, None, NOON) for number in (EVA, JAN, JAN))
    loaded = CallbackOrders(convert(to_builtins(orders.state()), list[CallbackOrder]))
    orders.cancel(order)
    loaded.cancel(order)
    for left in (orders, loaded):
        assert [it.recipient for it in left.all] == [first.recipient, JAN]


def test_reported_orders_are_considered_last() -> None:
    """The nearest order comes first, unless it has been reported and its leg is another call."""
    orders = CallbackOrders()
    first = orders.add(MOBILE, JAN, HOME_LINE, NOON)
    second = orders.add(MOBILE, EVA, HOME_LINE, NOON + MINUTE)
    assert orders.nearest(None, NOON + SECOND) == [first, second]
    first.is_reported = True
    assert orders.nearest(None, NOON + SECOND) == [second, first]
    first.active_call_id = 70
    assert orders.nearest(70, NOON + SECOND) == [first, second]
