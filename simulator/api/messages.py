"""Messages and mobile data: no part of the integration, but other clients ask for them."""

from simulator.world.money import SMS_PRICE

from .account import balance, own_numbers
from .ask import Ask, Endpoint, Refusal, Rows, delay
from .rows import call_row
from .selection import MESSAGES, between, selected

SMS_LENGTH = 765
SMS_SENDERS = ("Odorik.cz", "5517")


def sms_json(ask: Ask) -> Rows:
    """GET /sms.json."""
    records = selected(ask, between(ask), MESSAGES)
    return [call_row(record) for record in records if record.type == "sms"]


def allowed_sender(ask: Ask) -> str:
    """GET /sms/allowed_sender."""
    mobiles = [own.number for own in own_numbers(ask) if own.type == "mobile"]
    return ",".join([*SMS_SENDERS, *mobiles])


def send_sms(ask: Ask) -> str:
    """POST /sms."""
    ask.need("recipient")
    if not ask.params.get("message", "")[:SMS_LENGTH]:
        raise Refusal("empty_message")
    if ask.params.get("sender", SMS_SENDERS[0]) not in allowed_sender(ask).split(","):
        raise Refusal("forbidden_sender")
    if not ask.params["recipient"].startswith("00"):
        raise Refusal("unsupported_recipient")
    if ask.account.credit < SMS_PRICE:
        raise Refusal("low_balance")
    due = delay(ask)
    user, line = ask.account.user, ask.line.id if ask.line else 0
    if due is None:
        ask.world.add_sms(ask.params["recipient"], account=user, line=line)
        return f"successfully_sent {balance(ask)}"
    ask.world.at(due, lambda: ask.world.add_sms(ask.params["recipient"], account=user, line=line))
    return "successfully_enqueued"


def mobile_data(ask: Ask) -> Rows:
    """GET /sim_cards/mobile_data.json: nobody here uses data."""
    ask.need("from", "to")
    if ask.target and ask.target not in {own.number for own in own_numbers(ask)}:
        raise Refusal("nonexisting_public_number")
    return []


ENDPOINTS = (
    Endpoint("GET", "/sms.json", "sms", sms_json),
    Endpoint("GET", "/sms/allowed_sender", "sms", allowed_sender),
    Endpoint("POST", "/sms", "sms", send_sms),
    Endpoint("GET", "/sim_cards/mobile_data.json", "mobile_data", mobile_data, of_account=True),
    Endpoint(
        "GET", "/sim_cards/{target}/mobile_data.json", "mobile_data", mobile_data, of_account=True
    ),
)
