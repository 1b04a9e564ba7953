"""Generated histories."""

from datetime import UTC, datetime, timedelta

from simulator.worlds import household, quiet


def test_a_history_is_plausible() -> None:
    """Calls of two months have all directions, and redirected legs match their parents."""
    records = household().account().records
    now = datetime.now(UTC)
    assert all(now - timedelta(days=62) < r.date <= now for r in records)
    messages = [r for r in records if r.type == "sms"]
    assert {(r.direction, r.price > 0) for r in messages} == {("in", False), ("out", True)}
    assert {r.direction for r in records} == {"in", "out", "redirected"}
    assert any(r.source_number == "" for r in records)
    parents = {r.id: r for r in records}
    for leg in (r for r in records if r.direction == "redirected"):
        parent = parents[leg.redirection_parent_id or 0]
        assert (parent.direction, parent.date, parent.line) == ("in", leg.date, leg.line)


def test_messages_do_not_change_the_calls() -> None:
    """The same seed produces the same calls with and without messages, and costs nothing."""
    plain, mixed = quiet(), quiet()
    for world, messages in ((plain, 0), (mixed, 7)):
        world.freeze()
        world.fill(50, messages=messages)
    account = mixed.account()
    calls = [r for r in account.records if r.type == "call"]
    assert len(account.records) == 57
    assert [(r.source_number, r.length, r.price) for r in calls] == [
        (r.source_number, r.length, r.price) for r in plain.account().records
    ]
    assert account.credit == account.records[-1].balance_after == 500.0


def test_a_newer_record_does_not_delay_generated_messages() -> None:
    """Messages of the past keep their times in a history that already has a record."""
    world = quiet()
    world.freeze()
    newer = world.miss("00420777123456")
    world.fill(1, days=5, messages=30)
    messages = [r for r in world.account().records if r.type == "sms"]
    assert len({message.date for message in messages}) == 30
    assert all(message.date < newer.date for message in messages)
