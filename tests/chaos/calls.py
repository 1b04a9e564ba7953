"""Make calls at the simulated exchange, and compute the events that have to report them."""

from simulator.world import World


def make_calls(world: World, user: str | None = None) -> None:
    """Start a missed, an answered, an outgoing and a forwarded call, which end in nine seconds."""
    world.miss("00420602555123", account=user)
    world.ring("00420777123456", account=user, answer_after=3, end_after=8)
    world.dial("00420541246810", account=user, answer_after=2, end_after=9)
    call = world.ring("00420737404808", account=user)
    world.redirect(call.id, answer_after=2, end_after=7)


def expected_events(world: World, user: str | None = None) -> dict[int, str]:
    """Return the event type that has to report each call of an account, by the call's ID."""
    records = world.account(user).records
    reached = {r.redirection_parent_id for r in records if r.status == "answered"}
    return {
        record.id: "odorik_missed_call"
        if record.direction == "in" and record.status == "missed" and record.id not in reached
        else "odorik_call_ended"
        for record in records
        if record.redirection_parent_id is None
    }
