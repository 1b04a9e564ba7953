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
    """DELETE /active_calls/<id>.json; `call_not_found` is a guess, as is the empty object."""
    call_id = int(ask.target) if ask.target.isdigit() else -1
    call = ask.world.active.get(call_id)
    if call is None:
        raise Refusal("call_not_found")
    if call.account != ask.account.user or not ask.sees(call.line):
        raise Refusal("unauthorized")
    ask.world.end(call_id)
    return {}


ENDPOINTS = (
    Endpoint("GET", "/active_calls.json", "active_calls", active_calls),
    Endpoint("DELETE", "/active_calls/{target}.json", "hangup", hang_up),
)
