"""GET /active_calls.json and DELETE /active_calls/<id>.json."""

from simulator.world import ActiveCall

from .ask import Ask, Endpoint, Refusal, Row, Rows, utc


def active_row(call: ActiveCall) -> Row:
    """Return an active call as the operator writes it; a ringing one has no answer yet."""
    return {
        "id": call.id,
        "source_number": call.source,
        "destination_number": call.destination,
        "destination_name": call.destination_name,
        "start_date": utc(call.started),
        "answer_date": utc(call.answered),
        "price_per_minute": call.price_per_minute,
        "line": call.line,
    }


def active_calls(ask: Ask) -> Rows:
    """GET /active_calls.json."""
    rows = [
        active_row(call)
        for call in ask.world.listed()
        if call.account == ask.account.user and ask.sees(call.line)
    ]
    return rows[::-1] if ask.exchange.dialect.newest_first else rows


def hang_up(ask: Ask) -> Row:
    """DELETE /active_calls/<id>.json; the empty object is a guess.

    `unauthorized` is the only refusal that is documented, so it also stands for an unknown call.
    """
    call = next((up for up in ask.world.active.values() if str(up.id) == ask.target), None)
    if call is None or call.account != ask.account.user or not ask.sees(call.line):
        raise Refusal("unauthorized")
    ask.world.end(call.id)
    return {}


ENDPOINTS = (
    Endpoint("GET", "/active_calls.json", "active_calls", active_calls),
    Endpoint("DELETE", "/active_calls/{target}.json", "hangup", hang_up),
)
