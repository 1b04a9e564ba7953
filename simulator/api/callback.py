"""POST /callback."""

from .ask import Ask, Endpoint, Refusal, delay


def callback(ask: Ask) -> str:
    """POST /callback."""
    ask.need("caller", "recipient")
    line = ask.line.id if ask.line else None
    if ask.line is None and (wanted := ask.params.get("line")):
        line = next((own for own in ask.account.lines if str(own) == wanted), None)
        if line is None:
            raise Refusal("invalid_line")
    due = delay(ask)
    if ask.world.callback_fails:
        raise Refusal("callback_failed")
    ask.world.order_callback(
        ask.params["caller"],
        ask.params["recipient"],
        account=ask.account.user,
        line=line,
        due=due,
        simple=ask.flag("simple"),
    )
    return "successfully_enqueued" if due else "callback_ordered"


ENDPOINTS = (Endpoint("POST", "/callback", "callback", callback),)
