"""Text messages and mobile data, which other clients use."""

import re

from aiohttp import web

from simulator.world import Record
from simulator.world.messages import price
from simulator.world.numbers import SMSINFO

from .account import balance, own_numbers
from .filters import MESSAGES, apply_filters, in_period
from .request import ApiError, ApiRequest, Endpoint, Row, Rows, format_utc

SMS_SENDERS = ("Odorik.cz", "5517")
RECIPIENT = re.compile(r"00\d+", re.ASCII)
FIELDS = (
    *("id", "type", "date", "direction", "source_number", "destination_number", "roaming_zone"),
    *("status", "price", "balance_after", "line"),
)
"""The fields of a message that clients know; the roaming zone is null in every sample."""


def message_row(record: Record) -> Row:
    """Return a message in the operator's format."""
    known = {"date": format_utc(record.date), "roaming_zone": None}
    return {name: known[name] if name in known else getattr(record, name) for name in FIELDS}


def sms_json(request: ApiRequest) -> Rows:
    """GET /sms.json."""
    records = apply_filters(request, in_period(request), MESSAGES)
    return [message_row(record) for record in records if record.type == "sms"]


def sms_csv(request: ApiRequest) -> web.Response:
    """GET /sms.csv (the format is a guess)."""
    text = request.exchange.dialect.to_csv(list(FIELDS), sms_json(request))
    return web.Response(text=text, content_type="text/csv", charset="utf-8")


def sms_xml(request: ApiRequest) -> web.Response:
    """GET /sms.xml: an element for each message and each field (a guess)."""
    text = request.exchange.dialect.to_xml(sms_json(request), root="messages", row="sms")
    return web.Response(text=text, content_type="application/xml", charset="utf-8")


def allowed_sender(request: ApiRequest) -> str:
    """GET /sms/allowed_sender; the list lacks `smsinfo`, which is accepted, too."""
    mobiles = [own.number for own in own_numbers(request) if own.type == "mobile"]
    return ",".join([*SMS_SENDERS, *mobiles])


def send_sms(request: ApiRequest) -> str:
    """POST /sms; the order of the checks and the default sender are guesses."""
    # An empty message has an error of its own.
    request.require("recipient", *(("message",) if "message" not in request.params else ()))
    recipient, text = request.params["recipient"], request.params["message"]
    if not text:
        raise ApiError("empty_message")
    sender = request.params.get("sender") or SMSINFO
    if sender not in {SMSINFO, *allowed_sender(request).split(",")}:
        raise ApiError("forbidden_sender")
    if not RECIPIENT.fullmatch(recipient):
        raise ApiError("unsupported_recipient")
    if request.account.credit < price(text):
        raise ApiError("low_balance")
    due = request.delayed()
    if request.world.sms_fails:
        raise ApiError("gateway_failed")
    request.world.send_sms(
        recipient,
        text,
        sender=sender,
        account=request.account.user,
        line=request.line.id if request.line else None,
        due=due,
    )
    return "successfully_enqueued" if due else f"successfully_sent {balance(request)}"


def mobile_data(request: ApiRequest) -> Rows:
    """GET /sim_cards/mobile_data.json: always empty."""
    request.require("from", "to")
    if request.target and request.target not in {own.number for own in own_numbers(request)}:
        raise ApiError("nonexisting_public_number")
    return []


ENDPOINTS = (
    Endpoint("GET", "/sms.json", "sms", sms_json),
    Endpoint("GET", "/sms.csv", "sms", sms_csv),
    Endpoint("GET", "/sms.xml", "sms", sms_xml),
    Endpoint("GET", "/sms/allowed_sender", "sms", allowed_sender),
    Endpoint("POST", "/sms", "sms", send_sms),
    Endpoint("GET", "/sim_cards/mobile_data.json", "mobile_data", mobile_data, account_only=True),
    Endpoint(
        "GET", "/sim_cards/{target}/mobile_data.json", "mobile_data", mobile_data, account_only=True
    ),
)
