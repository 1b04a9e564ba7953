"""What an account is and has, as clients know it."""

from datetime import datetime, timedelta

import pytest

from simulator.world import Contact, Device, Line, PublicNumber
from tests.exchange import RunningExchange
from tests.simulator.conftest import Ask
from tests.simulator.documents import documented, shape


@pytest.mark.parametrize(
    ("path", "fixture"),
    [
        ("/lines.json", "clients_lines.json"),
        ("/public_numbers.json", "clients_public_numbers.json"),
        ("/speed_dials.json", "clients_speed_dials.json"),
    ],
)
async def test_the_directories_have_the_fields_that_clients_know(
    ask: Ask, path: str, fixture: str
) -> None:
    """Lines, own numbers and contacts are read by name."""
    answer = (await ask("GET", path)).json
    known = documented(fixture)
    assert sorted(answer[0]) == sorted(known[0])
    if path != "/lines.json":
        assert shape(answer) == shape(known)


async def test_lines_and_balance_are_the_texts_that_clients_know(
    exchange: RunningExchange, ask: Ask
) -> None:
    """No JSON, no unit, no line end."""
    account = exchange.world.account()
    account.credit = 193.32
    account.lines = {number: Line(number) for number in (300100, 300110)}
    assert (await ask("GET", "/balance")).text == documented("clients_balance.txt")
    assert (await ask("GET", "/lines")).text == documented("clients_lines.txt")


async def test_contacts_keep_their_markup(exchange: RunningExchange, ask: Ask) -> None:
    """The operator sends it, so the client has to take it off."""
    account = exchange.world.account()
    account.contacts = [Contact(9, "*100", "<img src=x onerror=alert(1)>")]
    account.numbers = [PublicNumber("00420910123456", "nomadic")]
    account.lines[300110].devices = [Device()]
    assert (await ask("GET", "/speed_dials.json")).json == [
        {"shortcut": 9, "number": "*100", "name": "<img src=x onerror=alert(1)>"}
    ]


async def test_names_and_shared_numbers_are_listed_only_when_asked_for(
    exchange: RunningExchange, ask: Ask
) -> None:
    """A client that does not ask would take calls to them for calls of others."""
    exchange.world.account().numbers.append(PublicNumber("00420800400100", "shared", 300100))

    async def types(**flags: str) -> set[str]:
        return {row["type"] for row in (await ask("GET", "/public_numbers.json", **flags)).json}

    plain = {"nomadic", "geographic", "mobile"}
    assert await types() == plain
    assert await types(include_sip_names="false") == plain
    assert await types(include_sip_names="true") == plain | {"sip_name"}
    assert await types(include_shared_numbers="true") == plain | {"shared"}


async def test_a_registration_can_be_over_and_still_be_listed(
    exchange: RunningExchange, ask: Ask
) -> None:
    """An exchange may list a telephone whose plug has been pulled."""

    async def expires(line: int) -> datetime:
        lines = {row["id"]: row for row in (await ask("GET", "/lines.json")).json}
        (device,) = lines[line]["connected_devices"]
        return datetime.fromisoformat(device["registration_expires_at"])

    device = exchange.world.account().lines[300110].devices[0]
    device.last = exchange.world.now() - timedelta(hours=2)
    assert await expires(300110) < exchange.world.now() < await expires(300100)
