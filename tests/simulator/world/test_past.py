"""A past that nobody has seen happen."""

from datetime import UTC, datetime, timedelta

from simulator.worlds import household, quiet


def test_history_is_plausible_and_near_now() -> None:
    """Two months, nobody calls at night, some calls are redirected, missed or withheld."""
    account = household().account()
    now = datetime.now(UTC)
    assert all(now - timedelta(days=62) < r.date <= now for r in account.records)
    messages = [r for r in account.records if r.type == "sms"]
    assert {(r.direction, r.price > 0) for r in messages} == {("in", False), ("out", True)}
    assert {r.direction for r in account.records} == {"in", "out", "redirected"}
    assert any(r.source_number == "" for r in account.records)
    parents = {r.id: r for r in account.records}
    legs = [r for r in account.records if r.direction == "redirected"]
    assert legs
    for leg in legs:
        parent = parents[leg.redirection_parent_id or 0]
        assert (parent.direction, parent.date, parent.line) == ("in", leg.date, leg.line)


def test_messages_of_the_past_change_no_call() -> None:
    """The same seed gives the same calls, whether messages lie between them or not."""
    plain, mixed = quiet(), quiet()
    for world, messages in ((plain, 0), (mixed, 7)):
        world.freeze()
        world.fill(50, messages=messages)
    calls = [r for r in mixed.account().records if r.type == "call"]
    assert len(mixed.account().records) == 57
    assert [(r.source_number, r.length, r.price) for r in calls] == [
        (r.source_number, r.length, r.price) for r in plain.account().records
    ]
    assert mixed.account().credit == 500.0
    assert mixed.account().records[-1].balance_after == 500.0
