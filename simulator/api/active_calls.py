"""GET /active_calls.json and DELETE /active_calls/<id>.json."""

from simulator.world import ActiveCall

from .request import ApiError, ApiRequest, Endpoint, Row, Rows, format_utc


def active_row(call: ActiveCall) -> Row:
    """Return an active call in the operator's format; `answer_date` is null while it rings."""
    return {
        "id": call.id,
        "source_number": call.source,
        "destination_number": call.destination,
        "destination_name": call.destination_name,
        "start_date": format_utc(call.started),
        "answer_date": format_utc(call.answered),
        "price_per_minute": call.price_per_minute,
        "line": call.line,
    }


def active_calls(request: ApiRequest) -> Rows:
    """GET /active_calls.json."""
    rows = [
        active_row(call)
        for call in request.world.listed()
        if call.account == request.account.user and request.may_read(call.line)
    ]
    return rows[::-1] if request.exchange.dialect.newest_first else rows


def hang_up(request: ApiRequest) -> Row:
    """DELETE /active_calls/<id>.json; the empty object is a guess.

    `unauthorized` is the only documented error, so it also covers unknown calls.
    """
    active = request.world.active.values()
    call = next((call for call in active if str(call.id) == request.target), None)
    if call is None or call.account != request.account.user or not request.may_read(call.line):
        raise ApiError("unauthorized")
    request.world.end(call.id)
    return {}


ENDPOINTS = (
    Endpoint("GET", "/active_calls.json", "active_calls", active_calls),
    Endpoint("DELETE", "/active_calls/{target}.json", "hangup", hang_up),
)
