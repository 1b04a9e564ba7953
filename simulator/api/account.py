"""The data of an account: credit, lines, public numbers, speed dials."""

from datetime import datetime

from simulator.world import PRAGUE, Device, Line, PublicNumber
from simulator.world.accounts import REGISTRATION

from .request import ApiRequest, Endpoint, Row, Rows

OPTIONAL_NUMBER_TYPES = {"sip_name": "include_sip_names", "shared": "include_shared_numbers"}
"""Types of public numbers that are listed only with a parameter."""


def balance(request: ApiRequest) -> str:
    """GET /balance."""
    return f"{request.account.credit:.2f}"


def own_lines(request: ApiRequest) -> list[Line]:
    """Return the lines that the login may read."""
    return [line for line in request.account.lines.values() if request.may_read(line.id)]


def lines_text(request: ApiRequest) -> str:
    """GET /lines."""
    return ",".join(str(line.id) for line in own_lines(request))


def lines_json(request: ApiRequest) -> Rows:
    """GET /lines.json; unlike in other responses, the times of devices have the local offset."""
    return [line_row(line, request.world.now()) for line in own_lines(request)]


def line_row(line: Line, now: datetime) -> Row:
    """Return a line in the operator's format."""
    return {
        "id": line.id,
        "name": line.name,
        "caller_id": line.caller_id,
        "public_number": line.public_number,
        "backup_number": line.backup_number,
        "sip_password": line.sip_password,
        **line.settings,
        "connected_devices": [device_row(device, now) for device in line.devices],
    }


def device_row(device: Device, now: datetime) -> Row:
    """Return a telephone in the operator's format."""
    registered = device.registered(now)
    return {
        "user_agent": device.user_agent,
        "public_socket": device.public_socket,
        "local_socket": device.local_socket,
        "last_registration_at": format_local(registered),
        "registration_expires_at": format_local(registered + REGISTRATION),
    }


def format_local(moment: datetime) -> str:
    """Format a time with the Czech offset."""
    return moment.astimezone(PRAGUE).isoformat(timespec="seconds")


def own_numbers(request: ApiRequest) -> list[PublicNumber]:
    """Return the public numbers that the login may read."""
    return [
        own for own in request.account.numbers if own.line is None or request.may_read(own.line)
    ]


def public_numbers(request: ApiRequest) -> Rows:
    """GET /public_numbers.json."""
    return [
        {"public_number": own.number, "type": own.type}
        for own in own_numbers(request)
        if own.type not in OPTIONAL_NUMBER_TYPES or request.flag(OPTIONAL_NUMBER_TYPES[own.type])
    ]


def speed_dials(request: ApiRequest) -> Rows:
    """GET /speed_dials.json."""
    return [
        {"shortcut": contact.shortcut, "number": contact.number, "name": contact.name}
        for contact in request.account.contacts
    ]


ENDPOINTS = (
    Endpoint("GET", "/balance", "balance", balance),
    Endpoint("GET", "/lines", "lines", lines_text),
    Endpoint("GET", "/lines.json", "lines", lines_json),
    Endpoint("GET", "/public_numbers.json", "public_numbers", public_numbers, account_only=True),
    Endpoint("GET", "/speed_dials.json", "speed_dials", speed_dials, account_only=True),
)
