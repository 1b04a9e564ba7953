"""Whatever the operator answers: no traceback, no wrong word to an automation, and it heals."""

from collections.abc import AsyncGenerator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
import logging
from pathlib import Path
import random
import re
from typing import Annotated, Any, Literal

from aiohttp import ClientSession, web
from aiohttp.test_utils import TestClient, TestServer
from freezegun.api import FrozenDateTimeFactory
from homeassistant.components.websocket_api import ERR_HOME_ASSISTANT_ERROR
from homeassistant.config_entries import ConfigEntryState
from homeassistant.const import STATE_UNAVAILABLE
from homeassistant.core import Event, HomeAssistant, callback
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import entity_registry as er, issue_registry as ir
from homeassistant.helpers.entity import Entity
from homeassistant.helpers.json import json_bytes
from homeassistant.setup import async_setup_component
from hypothesis import Phase, given, strategies as st
from msgspec import Meta, Struct, convert
import probatio as vol
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.odorik.api import pages
from custom_components.odorik.const import DOMAIN, ENV_API_URL
from custom_components.odorik.coordinator.reporter import BUS_EVENTS

from .api.answers import DEEP, DOCUMENTED, LONG, MIRROR, Answer, answers, try_answers
from .conftest import Tick
from .exchange import RunningExchange

NOW = "2014-10-01T11:42:00Z"
"""When the calls of the documented answers have just been."""
pytestmark = pytest.mark.freeze_time(NOW)

EXAMPLES = 40
"""Ten times as many where the time does not matter."""
LAST_RECORD = 97_000_000
"""Below the ids of the documented answers, and above what is drawn for an id."""
QUARTER = 901
"""Seconds in which every clock certainly polls once, also after a refused password."""
QUERY = re.compile(r"https?://\S+\?\S*=")
PERIOD = {"start": "2014-09-30", "end": "2014-10-02"}
READING: dict[str, dict[str, Any]] = {
    "get_calls": PERIOD,
    "get_statistics": PERIOD,
    "get_statistics_by_destination": PERIOD,
    "get_missed_calls": PERIOD,
}
ENDING: tuple[dict[str, Any], ...] = ({"all": True}, {"active_call_id": 1}, {"number": "300100"})
ORDER = {"caller": "00420777123456", "recipient": "*100"}

type Time = Annotated[str, Meta(pattern=r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?\+00:00$")]


class Told(Struct, forbid_unknown_fields=True):
    """What an event is promised to hold."""

    config_entry_id: str
    device_id: str
    call_id: int | None
    active_call_id: int | None
    direction: Literal["in", "out", "redirected", "unknown"]
    number: str | None
    name: str | None
    own_number: str | None
    line: int | None
    line_name: str | None
    started_at: Time | None
    answered_at: Time | None
    duration: Annotated[int, Meta(ge=0)] | None
    ringing_duration: Annotated[int, Meta(ge=0)] | None
    price: float | None
    status: Literal["answered", "missed"] | None
    replayed: bool


@dataclass
class Between:
    """A server before the exchange that answers some paths itself."""

    exchange: str
    session: ClientSession
    spoilt: Mapping[str, Answer] = field(default_factory=dict)

    async def answer(self, request: web.Request) -> web.Response:
        """Answer as it is told to, or as the exchange does."""
        path = request.path.removeprefix("/")
        known = "active_calls/1.json" if path.startswith("active_calls/") else path
        form = await request.read()
        if known in self.spoilt:
            return self.spoilt[known].response(request)
        async with self.session.request(
            request.method,
            f"{self.exchange}/{path}",
            params=request.query,
            data=form or None,
            headers={"Content-Type": request.content_type},
        ) as good:
            kept = ("Content-Type", "Date", "Odorik-Pages")
            headers = {name: good.headers[name] for name in kept if name in good.headers}
            return web.Response(body=await good.read(), headers=headers)


@pytest.fixture
async def between(
    exchange: RunningExchange, monkeypatch: pytest.MonkeyPatch
) -> AsyncGenerator[Between]:
    """What the account is reached over."""
    monkeypatch.setattr(pages, "PAGE_RETRY_DELAY", 0)
    async with ClientSession() as session:
        between = Between(exchange.url, session)
        app = web.Application()
        app.router.add_route("*", "/{path:.*}", between.answer)
        server = TestServer(app, host="127.0.0.1")
        await server.start_server(access_log=None)
        monkeypatch.setenv(ENV_API_URL, str(server.make_url("")))
        yield between
        await server.close()


@dataclass(repr=False)
class House:
    """A home whose account is set up anew for each example."""

    hass: HomeAssistant
    exchange: RunningExchange
    between: Between
    tick: Tick
    freezer: FrozenDateTimeFactory
    caplog: pytest.LogCaptureFixture
    browser: TestClient[web.Request, web.Application]
    token: str
    told: list[Event[Any]] = field(default_factory=list)

    @callback
    def hear(self, event: Event[Any]) -> None:
        """Hear as an automation does."""
        self.told.append(event)

    async def set_up(self, spoilt: Mapping[str, Answer]) -> MockConfigEntry:
        """Add the account, and forget whatever an example before has left."""
        # Each example begins with the same chance, by which Home Assistant makes its ids.
        random.seed()
        for entry in self.hass.config_entries.async_entries(DOMAIN):
            await self.hass.config_entries.async_remove(entry.entry_id)
        self.freezer.move_to(NOW)
        self.between.spoilt = spoilt
        self.told.clear()
        self.caplog.clear()
        account = MockConfigEntry(
            domain=DOMAIN,
            title=f"Odorik {self.exchange.username}",
            unique_id=self.exchange.username,
            data={"username": self.exchange.username, "password": self.exchange.password},
        )
        account.add_to_hass(self.hass)
        await self.hass.config_entries.async_setup(account.entry_id)
        await self.hass.async_block_till_done(wait_background_tasks=True)
        return account

    async def do(self, action: str, **fields: Any) -> None:
        """Perform an action, which may fail only as actions do, and answer what can be written."""
        with suppress(HomeAssistantError, vol.Invalid):
            answer = await self.hass.services.async_call(
                DOMAIN, action, fields, blocking=True, return_response=True
            )
            assert json_bytes(answer)

    async def use(self, account: MockConfigEntry) -> None:
        """Use everything that asks the operator, or shows what it has answered."""
        data = account.runtime_data
        for coordinator in (data.account, data.active, data.history, data.statistics):
            await coordinator.async_refresh()
        await self.tick(11)
        for action, fields in READING.items():
            await self.do(action, **fields)
        for form in ("csv", "json", "xml"):
            await self.do("export_calls", **PERIOD, format=form, path=f"calls.{form}")
        for fields in ENDING:
            await self.do("hangup", **fields)
        if "callback" in self.between.spoilt:
            await self.do("callback", **ORDER)
        await self.look(account)
        file = await self.browser.get(f"/api/diagnostics/config_entry/{account.entry_id}")
        assert file.status == 200
        await self.tick(121)

    async def look(self, account: MockConfigEntry) -> None:
        """Look at the card."""
        async with self.browser.ws_connect("/api/websocket") as card:
            await card.send_json({"type": "auth", "access_token": self.token})
            for number, command in enumerate(("subscribe", "history"), 1):
                await card.send_json(
                    {
                        "id": number,
                        "type": f"odorik/{command}",
                        "config_entry_id": account.entry_id,
                    }
                )
                while (answer := await card.receive_json())["type"] != "result":
                    pass
                assert answer["success"] or answer["error"]["code"] == ERR_HOME_ASSISTANT_ERROR

    def entities(self, account: MockConfigEntry) -> list[str]:
        """List the entities of the account and of its lines."""
        registry = er.async_get(self.hass)
        return [
            entity.entity_id
            for entity in er.async_entries_for_config_entry(registry, account.entry_id)
        ]

    def assert_all_is_written(self, account: MockConfigEntry) -> None:
        """Look for what could not be shown, recorded or sent to a browser."""
        for entity_id in self.entities(account):
            state = self.hass.states.get(entity_id)
            assert state, entity_id
            assert json_bytes(state.as_dict())
            assert state.state not in {"inf", "-inf", "nan"}, entity_id

    def assert_the_events_are_as_promised(self) -> None:
        """Look for what would stop an automation, or start it twice."""
        finished = []
        for event in self.told:
            told = convert(event.data, Told)
            assert json_bytes(event.data)
            if told.status:
                finished.append(told.call_id)
        assert len(finished) == len(set(finished))

    def assert_the_log_is_calm(self) -> None:
        """Look for mistakes and for secrets in what people post."""
        for record in self.caplog.records:
            if record.levelno >= logging.WARNING:
                assert record.name.startswith("custom_components.odorik"), record.getMessage()
                assert not record.exc_info
                assert not record.getMessage().startswith("Unexpected")
        assert self.exchange.password not in self.caplog.text
        assert not QUERY.search(self.caplog.text)


@pytest.fixture
async def house(  # noqa: PLR0917 - Everything in it is a fixture of its own.
    hass: HomeAssistant,
    exchange: RunningExchange,
    between: Between,
    tick: Tick,
    freezer: FrozenDateTimeFactory,
    caplog: pytest.LogCaptureFixture,
    hass_client: ClientSessionGenerator,
    hass_access_token: str,
    tmp_path: Path,
    enable_custom_integrations: None,  # noqa: ARG001
    monkeypatch: pytest.MonkeyPatch,
) -> House:
    """A home with a telephone of which all is shown."""
    exchange.world.add_record(
        id=LAST_RECORD, source_number="00420602555123", destination_number="00420910123456"
    )
    hass.config.config_dir = str(tmp_path)
    monkeypatch.setattr(Entity, "entity_registry_enabled_default", True)
    assert await async_setup_component(hass, "diagnostics", {})
    assert await async_setup_component(hass, DOMAIN, {})
    assert await async_setup_component(hass, "websocket_api", {})
    caplog.set_level(logging.INFO)
    caplog.set_level(logging.DEBUG, "custom_components.odorik")
    # It would note where each task comes from, which takes longer than all the rest.
    hass.loop.set_debug(False)
    # The clock jumps.
    monkeypatch.setattr(logging.getLogger("aiohttp.access"), "disabled", True)
    house = House(
        hass, exchange, between, tick, freezer, caplog, await hass_client(), hass_access_token
    )
    for kind in BUS_EVENTS.values():
        hass.bus.async_listen(kind, house.hear)
    return house


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Say how much is tried."""
    # Making a failing night smaller would take many minutes.
    try_answers(metafunc, EXAMPLES, phases=[Phase.explicit, Phase.generate])


SPOILT = st.sets(st.sampled_from(sorted(DOCUMENTED)), min_size=1).flatmap(
    lambda paths: st.fixed_dictionaries({path: answers(path) for path in sorted(paths)})
)


async def _live_through(house: House, spoilt: dict[str, Answer]) -> None:
    """Miss a call while some answers are spoilt, and hear of it when they are good again."""
    account = await house.set_up({})
    assert account.state is ConfigEntryState.LOADED
    missed = house.exchange.world.miss("00420602555123")
    house.between.spoilt = spoilt
    await house.use(account)
    house.assert_all_is_written(account)

    house.between.spoilt = {}
    for _ in range(2):
        await house.tick(QUARTER)
    house.assert_all_is_written(account)
    for entity_id in house.entities(account):
        state = house.hass.states.get(entity_id)
        assert state
        assert state.state != STATE_UNAVAILABLE, entity_id
    assert not house.hass.config_entries.flow.async_progress()
    assert not ir.async_get(house.hass).issues
    told = [str(event.event_type) for event in house.told if event.data["call_id"] == missed.id]
    assert told == ["odorik_missed_call"]
    house.assert_the_events_are_as_promised()
    assert await house.hass.config_entries.async_remove(account.entry_id)
    house.assert_the_log_is_calm()


TOO_MUCH = {
    "a call of the first year": (
        "calls.json",
        b'[{"id": 98292358, "date": "0001-01-01T00:00:00Z"}]',
    ),
    "a call of the last year": (
        "calls.json",
        b'[{"id": 98292358, "date": "9999-12-31T23:59:59Z", "length": 9}]',
    ),
    "a recording with a large number": (
        "calls.json",
        b'[{"id": 98292358, "date": "2014-10-01T00:00:00Z", "recording": %d}]' % (2**64),
    ),
    "a recording nested deep": (
        "calls.json",
        b'[{"id": 98292358, "date": "2014-10-01T00:00:00Z", "recording": %b}]'
        % (b"[" * 999 + b"]" * 999),
    ),
    "a refusal nested deep": ("calls.json", b'{"errors": %b}' % DEEP),
    "a refusal with the address": ("calls.json", b"error no such page: " + MIRROR),
    "a column with a long name": ("calls.csv", b"id," + LONG + b"\n1,2\n"),
    "prices beyond all numbers": (
        "call_statistics.json",
        b'{"incoming": {"price": 1e308}, "outgoing": {"price": 1e308}}',
    ),
    "calls beyond all numbers": (
        "call_statistics/missed_calls.json",
        b"[%b]" % b",".join([b'{"destination_number": "1", "count": %d}' % (2**63 - 1)] * 3),
    ),
}
"""What has been found by trying very much, and would come back unseen."""


@given(spoilt=SPOILT)
async def test_whatever_is_answered_costs_nothing_but_time(
    house: House, spoilt: dict[str, Answer]
) -> None:
    """A night's mistake at the operator would ring at the door, or be over only at a restart."""
    await _live_through(house, spoilt)


@pytest.mark.parametrize(("path", "body"), TOO_MUCH.values(), ids=TOO_MUCH)
async def test_what_was_once_too_much_costs_nothing_but_time(
    house: House, path: str, body: bytes
) -> None:
    """One row that cannot be meant would silence the telephone until it has left the history."""
    await _live_through(house, {path: Answer(body)})


@given(spoilt=SPOILT)
async def test_whatever_is_answered_at_the_start_can_be_got_over(
    house: House, spoilt: dict[str, Answer]
) -> None:
    """Who restarts Home Assistant on such a night would have to add the account anew."""
    account = await house.set_up(spoilt)
    if account.state is ConfigEntryState.LOADED:
        await house.use(account)
        house.assert_all_is_written(account)
        house.assert_the_events_are_as_promised()
    else:
        assert account.error_reason_translation_key, account.reason
    house.between.spoilt = {}
    assert await house.hass.config_entries.async_reload(account.entry_id)
    await house.hass.async_block_till_done(wait_background_tasks=True)
    house.assert_all_is_written(account)
    assert await house.hass.config_entries.async_remove(account.entry_id)
    house.assert_the_log_is_calm()
