"""Messages and mobile data: no part of the integration, but other clients ask for them."""

import re

from aiohttp import web

from simulator.world.money import SMS_PRICE

from .account import balance, own_numbers
from .ask import Ask, Endpoint, Refusal, Rows, delay
from .rows import MESSAGE_FIELDS, message_row
from .selection import MESSAGES, between, selected

SMS_SENDERS = ("Odorik.cz", "5517")
UNLISTED_SENDER = "smsinfo"
"""Is allowed, though the list of senders does not show it."""
RECIPIENT = re.compile(r"00\d+", re.ASCII)


def sms_json(ask: Ask) -> Rows:
    """GET /sms.json."""
    records = selected(ask, between(ask), MESSAGES)
    return [message_row(record) for record in records if record.type == "sms"]


def sms_csv(ask: Ask) -> web.Response:
    """GET /sms.csv (the form is a guess, as with calls)."""
    text = ask.exchange.dialect.table(list(MESSAGE_FIELDS), sms_json(ask))
    return web.Response(text=text, content_type="text/csv", charset="utf-8")


def sms_xml(ask: Ask) -> web.Response:
    """GET /sms.xml: one element a message, one a field (the form is a guess)."""
    text = ask.exchange.dialect.document(sms_json(ask), root="messages", row="sms")
    return web.Response(text=text, content_type="application/xml", charset="utf-8")


def allowed_sender(ask: Ask) -> str:
    """GET /sms/allowed_sender."""
    mobiles = [own.number for own in own_numbers(ask) if own.type == "mobile"]
    return ",".join([*SMS_SENDERS, *mobiles])


def send_sms(ask: Ask) -> str:
    """POST /sms."""
    # An empty message is there, and is refused as empty.
    ask.need("recipient", *(("message",) if "message" not in ask.params else ()))
    if not ask.params["message"]:
        raise Refusal("empty_message")
    sender = ask.params.get("sender") or UNLISTED_SENDER
    if sender not in {UNLISTED_SENDER, *allowed_sender(ask).split(",")}:
        raise Refusal("forbidden_sender")
    if not RECIPIENT.fullmatch(ask.params["recipient"]):
        raise Refusal("unsupported_recipient")
    if ask.account.credit < SMS_PRICE:
        raise Refusal("low_balance")
    due = delay(ask)
    user, line = ask.account.user, ask.line.id if ask.line else None
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
    Endpoint("GET", "/sms.csv", "sms", sms_csv),
    Endpoint("GET", "/sms.xml", "sms", sms_xml),
    Endpoint("GET", "/sms/allowed_sender", "sms", allowed_sender),
    Endpoint("POST", "/sms", "sms", send_sms),
    Endpoint("GET", "/sim_cards/mobile_data.json", "mobile_data", mobile_data, of_account=True),
    Endpoint(
        "GET", "/sim_cards/{target}/mobile_data.json", "mobile_data", mobile_data, of_account=True
    ),
)
