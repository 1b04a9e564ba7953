"""POST /callback."""

from .request import ApiError, ApiRequest, Endpoint


def callback(request: ApiRequest) -> str:
    """POST /callback."""
    request.require("caller", "recipient")
    line = request.line.id if request.line else None
    if request.line is None and (wanted := request.params.get("line")):
        line = next((own for own in request.account.lines if str(own) == wanted), None)
        if line is None:
            raise ApiError("invalid_line")
    due = request.delayed()
    if request.world.callback_fails:
        raise ApiError("callback_failed")
    request.world.order_callback(
        request.params["caller"],
        request.params["recipient"],
        account=request.account.user,
        line=line,
        due=due,
        simple=request.flag("simple"),
    )
    return "successfully_enqueued" if due else "callback_ordered"


ENDPOINTS = (Endpoint("POST", "/callback", "callback", callback),)
