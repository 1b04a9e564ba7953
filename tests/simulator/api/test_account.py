"""Credit, lines, public numbers and speed dials."""

from datetime import datetime, timedelta

import pytest

from simulator.world import Contact, Line, PublicNumber
from tests.exchange import RunningExchange
from tests.simulator.conftest import Send, documented, shape


@pytest.mark.parametrize(
    ("path", "fixture"),
    [
        ("/lines.json", "clients_lines.json"),
        ("/public_numbers.json", "clients_public_numbers.json"),
        ("/speed_dials.json", "clients_speed_dials.json"),
    ],
)
async def test_account_data_has_the_fields_that_clients_know(
    api: Send, path: str, fixture: str
) -> None:
    """Lines, public numbers and speed dials have the known fields."""
    rows = (await api("GET", path)).json
    known = documented(fixture)
    assert sorted(rows[0]) == sorted(known[0])
    if path != "/lines.json":
        assert shape(rows) == shape(known)


async def test_lines_and_balance_are_plain_text(exchange: RunningExchange, api: Send) -> None:
    """They have no unit and no line break."""
    account = exchange.world.account()
    account.credit = 193.32
    account.lines = {number: Line(number) for number in (300100, 300110)}
    assert (await api("GET", "/balance")).text == documented("clients_balance.txt")
    assert (await api("GET", "/lines")).text == documented("clients_lines.txt")


async def test_names_of_contacts_keep_their_markup(exchange: RunningExchange, api: Send) -> None:
    """The operator sends names with markup, which clients have to remove."""
    exchange.world.account().contacts = [Contact(9, "*100", "<img src=x onerror=alert(1)>")]
    assert (await api("GET", "/speed_dials.json")).json == [
        {"shortcut": 9, "number": "*100", "name": "<img src=x onerror=alert(1)>"}
    ]


async def test_sip_names_and_shared_numbers_are_optional(
    exchange: RunningExchange, api: Send
) -> None:
    """They are listed only with their parameter."""
    exchange.world.account().numbers.append(PublicNumber("00420800400100", "shared", 300100))

    async def types(**flags: str) -> set[str]:
        return {row["type"] for row in (await api("GET", "/public_numbers.json", **flags)).json}

    plain = {"nomadic", "geographic", "mobile"}
    assert await types() == plain
    assert await types(include_sip_names="false") == plain
    assert await types(include_sip_names="true") == plain | {"sip_name"}
    assert await types(include_shared_numbers="true") == plain | {"shared"}


async def test_the_registration_of_a_device_has_the_local_offset(
    exchange: RunningExchange, api: Send
) -> None:
    """A device stays listed after its registration has expired."""
    now = exchange.world.now()
    exchange.world.account().lines[300100].devices[0].last = now - timedelta(hours=2)
    (device,) = (await api("GET", "/lines.json")).json[0]["connected_devices"]
    for name in ("last_registration_at", "registration_expires_at"):
        assert device[name][-6:] in {"+01:00", "+02:00"}
        assert datetime.fromisoformat(device[name]) < now
