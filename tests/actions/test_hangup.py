"""Hanging up."""

from typing import Any

import pytest

from .conftest import Actions, parameters

CASES: list[tuple[dict[str, Any], list[int]]] = [
    ({"all": True}, [0, 1, 2, 3, 4, 5]),
    ({"line": 300100}, [0, 2]),
    ({"number": "+420 777 123 456"}, [0]),
    ({"number": "Eva Dvořáková"}, [1]),
    ({"number": "+12345"}, [2]),
    ({"number": "tel:+49-30-901820;ext=1"}, [3]),
    ({"number": "jan@iptel.org"}, [4]),
    ({"number": "Tomáš"}, [5]),
]


async def test_exactly_the_selected_calls_are_hung_up(
    act: Actions, subtests: pytest.Subtests
) -> None:
    """Calls are selected by line, by number or contact on either side, or all at once."""
    for fields, positions in CASES:
        act.reset()
        ids = [
            act.world.ring("00420777123456", line=300100).id,
            act.world.dial("00420602987654", line=300110).id,
            act.world.ring("0012345", line=300100).id,
            act.world.ring("004930901820", line=300120).id,
            act.world.ring("sip:jan@iptel.org", line=300120).id,
            act.world.ring("skype:tomas.prochazka", line=300120).id,
        ]
        with subtests.test(fields=fields):
            hung_up = (await act("hangup", **fields))["hung_up"]
            assert sorted(hung_up) == [ids[position] for position in positions]
            assert set(act.world.active) == set(ids) - set(hung_up)


async def test_a_call_that_rings_on_a_line_is_hung_up(act: Actions) -> None:
    """A branch to another line is listed under the line that was called."""
    call = act.world.ring("00420777123456", line=300100)
    branch = act.world.redirect(call.id, to="*300110")
    assert branch.line == 300100
    assert (await act("hangup", line=300110))["hung_up"] == [branch.id]


NO_MATCH: list[tuple[dict[str, Any], str]] = [
    ({"number": "300110"}, "no_call_with_number"),
    ({"number": "601000000"}, "no_call_with_number"),
    ({"number": "+421 777 123 456"}, "no_call_with_number"),
    ({"number": "Eva"}, "no_call_with_number"),
    ({"number": "Tomáš"}, "no_call_with_number"),
    ({"number": "Petr 2"}, "invalid_number"),
    ({"number": "absent"}, "invalid_number"),
    ({"line": 300110}, "no_call_on_line"),
]


async def test_a_selection_without_calls_is_an_error(
    act: Actions, subtests: pytest.Subtests
) -> None:
    """The action fails if no call matches; only ``all`` succeeds without calls."""
    call = act.world.ring("00420777123456", line=300100)
    for fields, key in NO_MATCH:
        with subtests.test(fields=fields):
            assert str(*fields.values()) in str(await act.fails(key, "hangup", **fields))
            assert list(act.world.active) == [call.id]
    act.world.end(call.id)
    assert await act("hangup", all=True) == {"hung_up": []}


async def test_one_call_is_hung_up_by_its_id(act: Actions) -> None:
    """An id ends one call with one request."""
    first, second = act.world.ring().id, act.world.ring().id
    assert await act("hangup", active_call_id=first) == {"hung_up": [first]}
    assert list(act.world.active) == [second]
    (request,) = [request for request in act.exchange.journal if request.method == "DELETE"]
    assert request.path == f"/active_calls/{first}.json"
    assert parameters(request) == {}


@pytest.mark.parametrize("code", ["call_not_found", "unauthorized"])
async def test_a_call_that_has_ended_is_reported_as_ended(act: Actions, code: str) -> None:
    """A call that is no longer active has ended, regardless of the operator's error code."""
    call = act.world.ring()
    act.world.end(call.id)
    act.exchange.fail(code, path="DELETE")
    failure = await act.fails("call_has_ended", "hangup", active_call_id=call.id)
    assert str(call.id) in str(failure)


async def test_a_refusal_while_the_call_is_active_is_reported(act: Actions) -> None:
    """A refusal is the reason for the failure as long as the call is active."""
    call = act.world.ring()
    act.exchange.fail("unauthorized", path="DELETE")
    await act.fails("unauthorized", "hangup", active_call_id=call.id)


async def test_calls_that_could_not_be_hung_up_are_listed(act: Actions) -> None:
    """If only some calls could be ended, the message lists both groups."""
    ids = [act.world.ring().id for _ in range(3)]
    act.exchange.fail("busy", path=f"DELETE /active_calls/{ids[1]}")
    failure = await act.fails("hangup_failed", "hangup", all=True)
    expected = {"failed": str(ids[1]), "hung_up": f"{ids[0]}, {ids[2]}"}
    assert failure.translation_placeholders == expected


async def test_a_call_that_ends_meanwhile_is_not_a_failure(act: Actions) -> None:
    """A call that ends before its own request is neither hung up nor failed.

    If it was the only one, there was nothing to hang up.
    """
    first, second = act.world.ring("00420777123456"), act.world.ring()
    act.exchange.fail("unauthorized", path=f"DELETE /active_calls/{first.id}", after=True)
    assert await act("hangup", all=True) == {"hung_up": [second.id]}
    assert act.world.active == {}
    third = act.world.ring("00420777123456")
    act.exchange.fail("unauthorized", path=f"DELETE /active_calls/{third.id}", after=True)
    await act.fails("no_call_with_number", "hangup", number="777123456")


async def test_a_call_that_ended_with_a_lost_response_was_hung_up(act: Actions) -> None:
    """A call that is gone after its request counts as hung up, even without a response."""
    call = act.world.ring()
    act.exchange.fail("reset", path="DELETE", after=True)
    # The HTTP library repeats the request when a kept connection was closed under it.
    act.exchange.fail("404", path="DELETE")
    assert await act("hangup", all=True) == {"hung_up": [call.id]}
