"""Test an account whose operator gives random responses.

There are no tracebacks and no wrong events, and the account recovers without the user.
"""

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
from homeassistant.config_entries import SOURCE_REAUTH, ConfigEntryState
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
from custom_components.odorik.call_events import BUS_EVENTS
from custom_components.odorik.const import DOMAIN, ENV_API_URL
from tests.accounts import STRANGER, make_entry, reload, set_up
from tests.actions.conftest import READING
from tests.api.answers import DOCUMENTED, LONG, Answer, answers, try_answers
from tests.conftest import Tick
from tests.exchange import RunningExchange

from .conftest import act

NOW = "2014-10-01T11:42:00Z"
"""Shortly after the calls of the documented responses."""
pytestmark = pytest.mark.freeze_time(NOW)

EXAMPLES = 40
"""Examples of each test; with --long ten times as many."""
LAST_RECORD = 97_000_000
"""Lower than the IDs of the documented responses, and higher than random ones."""
MAX_POLL_INTERVAL = 901
"""Seconds in which every coordinator polls once, also after a refused password."""
QUERY = re.compile(r"https?://\S+\?\S*=")
PERIOD = {"start": "2014-09-30", "end": "2014-10-02"}
HANGUPS: tuple[dict[str, Any], ...] = ({"all": True}, {"active_call_id": 1}, {"number": "300100"})
ORDER = {"caller": "00420777123456", "recipient": "*100"}

type Time = Annotated[str, Meta(pattern=r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?\+00:00$")]


class EventData(Struct, forbid_unknown_fields=True):
    """The documented data of an event."""

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
    gate: str | None
    replayed: bool


@dataclass
class Proxy:
    """A proxy of the exchange that responds to some paths itself."""

    exchange: str
    session: ClientSession
    responses: Mapping[str, Answer] = field(default_factory=dict)

    async def handle(self, request: web.Request) -> web.Response:
        """Return the configured response of a path, or that of the exchange."""
        path = request.path.removeprefix("/")
        known = "active_calls/1.json" if path.startswith("active_calls/") else path
        form = await request.read()
        if known in self.responses:
            return self.responses[known].response(request)
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
async def proxy(
    exchange: RunningExchange, monkeypatch: pytest.MonkeyPatch
) -> AsyncGenerator[Proxy]:
    """A proxy through which the account reaches the exchange."""
    monkeypatch.setattr(pages, "PAGE_RETRY_DELAY", 0)
    async with ClientSession() as session:
        proxy = Proxy(exchange.url, session)
        app = web.Application()
        app.router.add_route("*", "/{path:.*}", proxy.handle)
        server = TestServer(app, host="127.0.0.1")
        await server.start_server(access_log=None)
        monkeypatch.setenv(ENV_API_URL, str(server.make_url("")))
        yield proxy
        await server.close()


@dataclass(repr=False)
class Harness:
    """A Home Assistant in which each example sets up the account again."""

    hass: HomeAssistant
    exchange: RunningExchange
    proxy: Proxy
    tick: Tick
    freezer: FrozenDateTimeFactory
    caplog: pytest.LogCaptureFixture
    browser: TestClient[web.Request, web.Application]
    token: str
    events: list[Event[Any]] = field(default_factory=list)

    @callback
    def note(self, event: Event[Any]) -> None:
        """Store an event."""
        self.events.append(event)

    async def set_up(self, responses: Mapping[str, Answer]) -> MockConfigEntry:
        """Set up the account with these responses, after removing that of the last example."""
        # Hypothesis seeds each example, but Home Assistant needs IDs that differ.
        random.seed()
        for entry in self.hass.config_entries.async_entries(DOMAIN):
            await self.hass.config_entries.async_remove(entry.entry_id)
        self.freezer.move_to(NOW)
        self.proxy.responses = responses
        self.events.clear()
        self.caplog.clear()
        account = make_entry(self.exchange.username, self.exchange.password)
        await set_up(self.hass, account)
        return account

    async def act(self, action: str, **fields: Any) -> None:
        """Perform an action; it succeeds with a serializable response, or raises as actions do."""
        with suppress(HomeAssistantError, vol.Invalid):
            assert json_bytes(await act(self.hass, action, **fields))

    async def use(self, account: MockConfigEntry) -> None:
        """Poll, and use each action, the card and the diagnostics."""
        data = account.runtime_data
        for coordinator in (data.account, data.active, data.history, data.statistics):
            await coordinator.async_refresh()
        await self.tick(11)
        for action in READING:
            await self.act(action, **PERIOD)
        for form in ("csv", "json", "xml"):
            await self.act("export_calls", **PERIOD, format=form, path=f"calls.{form}")
        for fields in HANGUPS:
            await self.act("hangup", **fields)
        if "callback" in self.proxy.responses:
            await self.act("callback", **ORDER)
        await self.open_card(account)
        file = await self.browser.get(f"/api/diagnostics/config_entry/{account.entry_id}")
        assert file.status == 200
        await self.tick(121)

    async def open_card(self, account: MockConfigEntry) -> None:
        """Send the requests of the card."""
        async with self.browser.ws_connect("/api/websocket") as card:
            await card.send_json({"type": "auth", "access_token": self.token})
            for number, command in enumerate(("subscribe", "history"), 1):
                message = {"type": f"odorik/{command}", "config_entry_id": account.entry_id}
                await card.send_json({"id": number, **message})
                while (answer := await card.receive_json())["type"] != "result":
                    pass
                assert answer["success"] or answer["error"]["code"] == ERR_HOME_ASSISTANT_ERROR

    def entities(self, account: MockConfigEntry) -> list[str]:
        """Return the IDs of all entities of the account."""
        registry = er.async_get(self.hass)
        return [
            entity.entity_id
            for entity in er.async_entries_for_config_entry(registry, account.entry_id)
        ]

    def assert_states_are_valid(self, account: MockConfigEntry) -> None:
        """Assert that each entity has a state that can be recorded and shown."""
        for entity_id in self.entities(account):
            state = self.hass.states.get(entity_id)
            assert state, entity_id
            assert json_bytes(state.as_dict())
            assert state.state not in {"inf", "-inf", "nan"}, entity_id

    def assert_events_are_valid(self) -> None:
        """Assert that events are as documented, and that none reports a call again."""
        finished = []
        for event in self.events:
            data = convert(event.data, EventData)
            assert json_bytes(event.data)
            if data.status:
                finished.append(data.call_id)
        assert len(finished) == len(set(finished))

    def assert_log_is_clean(self) -> None:
        """Assert that the log contains neither unexpected errors nor secrets."""
        for record in self.caplog.records:
            if record.levelno >= logging.WARNING:
                assert record.name.startswith("custom_components.odorik"), record.getMessage()
                assert not record.exc_info
                assert not record.getMessage().startswith("Unexpected")
        assert self.exchange.password not in self.caplog.text
        assert not QUERY.search(self.caplog.text)


@pytest.fixture
async def harness(
    hass: HomeAssistant,
    exchange: RunningExchange,
    proxy: Proxy,
    tick: Tick,
    freezer: FrozenDateTimeFactory,
    caplog: pytest.LogCaptureFixture,
    hass_client: ClientSessionGenerator,
    hass_access_token: str,
    tmp_path: Path,
    enable_custom_integrations: None,  # noqa: ARG001
    monkeypatch: pytest.MonkeyPatch,
) -> Harness:
    """A Home Assistant with all entities enabled, and an exchange with one old record."""
    exchange.world.add_record(
        id=LAST_RECORD, source_number=STRANGER, destination_number="00420910123456"
    )
    hass.config.config_dir = str(tmp_path)
    monkeypatch.setattr(Entity, "entity_registry_enabled_default", True)
    for component in ("diagnostics", DOMAIN, "repairs", "websocket_api"):
        assert await async_setup_component(hass, component, {})
    caplog.set_level(logging.INFO)
    caplog.set_level(logging.DEBUG, "custom_components.odorik")
    # In debug mode, recording where each task was created takes longer than the test.
    hass.loop.set_debug(False)
    # The access log warns when the clock is moved.
    monkeypatch.setattr(logging.getLogger("aiohttp.access"), "disabled", True)
    harness = Harness(
        hass, exchange, proxy, tick, freezer, caplog, await hass_client(), hass_access_token
    )
    for kind in BUS_EVENTS.values():
        hass.bus.async_listen(kind, harness.note)
    return harness


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Set the number of examples."""
    # Shrinking a failing example would take many minutes.
    try_answers(metafunc, EXAMPLES, phases=[Phase.explicit, Phase.generate])


RESPONSES = st.sets(st.sampled_from(sorted(DOCUMENTED)), min_size=1).flatmap(
    lambda paths: st.fixed_dictionaries({path: answers(path) for path in sorted(paths)})
)
"""Random responses for some of the paths."""


async def _recover(harness: Harness, responses: dict[str, Answer]) -> None:
    """Miss a call during these responses; assert that it is reported when they are over."""
    account = await harness.set_up({})
    assert account.state is ConfigEntryState.LOADED
    missed = harness.exchange.world.miss(STRANGER)
    harness.proxy.responses = responses
    await harness.use(account)
    harness.assert_states_are_valid(account)

    harness.proxy.responses = {}
    for _ in range(2):
        await harness.tick(MAX_POLL_INTERVAL)
    harness.assert_states_are_valid(account)
    for entity_id in harness.entities(account):
        state = harness.hass.states.get(entity_id)
        assert state
        assert state.state != STATE_UNAVAILABLE, entity_id
    for flow in harness.hass.config_entries.flow.async_progress():
        # A response that looks like a refused login asks the user for the password.
        assert flow["context"]["source"] == SOURCE_REAUTH
        harness.hass.config_entries.flow.async_abort(flow["flow_id"])
    assert not ir.async_get(harness.hass).issues
    events = [event for event in harness.events if event.data["call_id"] == missed.id]
    assert [event.event_type for event in events] == ["odorik_missed_call"]
    harness.assert_events_are_valid()
    assert await harness.hass.config_entries.async_remove(account.entry_id)
    harness.assert_log_is_clean()


REGRESSIONS = {
    "a call in the first year": (
        "calls.json",
        b'[{"id": 98292358, "date": "0001-01-01T00:00:00Z"}]',
    ),
    "a call in the last year": (
        "calls.json",
        b'[{"id": 98292358, "date": "9999-12-31T23:59:59Z", "length": 9}]',
    ),
    "a recording with a large number": (
        "calls.json",
        b'[{"id": 98292358, "date": "2014-10-01T00:00:00Z", "recording": %d}]' % (2**64),
    ),
    "a deeply nested recording": (
        "calls.json",
        b'[{"id": 98292358, "date": "2014-10-01T00:00:00Z", "recording": %b}]'
        % (b"[" * 999 + b"]" * 999),
    ),
    "a column with a long name": ("calls.csv", b"id," + LONG + b"\n1,2\n"),
    "prices that overflow": (
        "call_statistics.json",
        b'{"incoming": {"price": 1e308}, "outgoing": {"price": 1e308}}',
    ),
    "a line that is listed twice": ("lines.json", b'[{"id": 300130}, {"id": 300130}]'),
    "counts that overflow": (
        "call_statistics/missed_calls.json",
        b"[%b]" % b",".join([b'{"destination_number": "1", "count": %d}' % (2**63 - 1)] * 3),
    ),
}
"""Responses that once caused a failure, by path."""


@given(responses=RESPONSES)
async def test_an_account_recovers_from_any_response(
    harness: Harness, responses: dict[str, Answer]
) -> None:
    """Random responses cause no reauthentication, repair, reload or lost call."""
    await _recover(harness, responses)


@pytest.mark.parametrize(("path", "body"), REGRESSIONS.values(), ids=REGRESSIONS)
async def test_an_account_recovers_from_known_bad_responses(
    harness: Harness, path: str, body: bytes
) -> None:
    """Extreme values and deeply nested documents cause no failure."""
    await _recover(harness, {path: Answer(body)})


@given(responses=RESPONSES)
async def test_an_account_recovers_from_any_response_at_set_up(
    harness: Harness, responses: dict[str, Answer]
) -> None:
    """A setup either succeeds or fails with a translated reason; a reload then succeeds."""
    account = await harness.set_up(responses)
    if account.state is ConfigEntryState.LOADED:
        await harness.use(account)
        harness.assert_states_are_valid(account)
        harness.assert_events_are_valid()
    else:
        assert account.error_reason_translation_key, account.reason
    harness.proxy.responses = {}
    assert await reload(harness.hass, account)
    harness.assert_states_are_valid(account)
    assert await harness.hass.config_entries.async_remove(account.entry_id)
    harness.assert_log_is_clean()
