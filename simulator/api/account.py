"""What an account is and has: credit, lines, public numbers, contacts."""

from datetime import datetime

from simulator.world import PRAGUE, Device, Line, PublicNumber
from simulator.world.lines import REGISTRATION

from .ask import Ask, Endpoint, Row, Rows

# Public numbers of these types are listed only with the switch.
ONLY_WITH = {"sip_name": "include_sip_names", "shared": "include_shared_numbers"}


def balance(ask: Ask) -> str:
    """GET /balance."""
    return f"{ask.account.credit:.2f}"


def own_lines(ask: Ask) -> list[Line]:
    """Return the lines that this login sees."""
    return [line for line in ask.account.lines.values() if ask.sees(line.id)]


def lines_text(ask: Ask) -> str:
    """GET /lines."""
    return ",".join(str(line.id) for line in own_lines(ask))


def lines_json(ask: Ask) -> Rows:
    """GET /lines.json; the times of the devices carry the local offset."""
    return [line_row(line, ask.world.now()) for line in own_lines(ask)]


def line_row(line: Line, now: datetime) -> Row:
    """Return a line as the operator writes it."""
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
    """Return a telephone as the operator writes it."""
    registered = device.registered(now)
    return {
        "user_agent": device.user_agent,
        "public_socket": device.public_socket,
        "local_socket": device.local_socket,
        "last_registration_at": local(registered),
        "registration_expires_at": local(registered + REGISTRATION),
    }


def local(moment: datetime) -> str:
    """Write a time with the Czech offset."""
    return moment.astimezone(PRAGUE).isoformat(timespec="seconds")


def own_numbers(ask: Ask) -> list[PublicNumber]:
    """Return the public numbers that this login sees."""
    return [own for own in ask.account.numbers if own.line is None or ask.sees(own.line)]


def public_numbers(ask: Ask) -> Rows:
    """GET /public_numbers.json."""
    return [
        {"public_number": own.number, "type": own.type}
        for own in own_numbers(ask)
        if own.type not in ONLY_WITH or ask.flag(ONLY_WITH[own.type])
    ]


def speed_dials(ask: Ask) -> Rows:
    """GET /speed_dials.json."""
    return [
        {"shortcut": contact.shortcut, "number": contact.number, "name": contact.name}
        for contact in ask.account.contacts
    ]


ENDPOINTS = (
    Endpoint("GET", "/balance", "balance", balance),
    Endpoint("GET", "/lines", "lines", lines_text),
    Endpoint("GET", "/lines.json", "lines", lines_json),
    Endpoint("GET", "/public_numbers.json", "public_numbers", public_numbers, of_account=True),
    Endpoint("GET", "/speed_dials.json", "speed_dials", speed_dials, of_account=True),
)
