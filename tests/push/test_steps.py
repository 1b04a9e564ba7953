"""Turning push on in the options, and repairing it."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
import json
from pathlib import Path
from typing import Any

from aiohttp.test_utils import TestClient
from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.helpers import issue_registry as ir
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.odorik import options_flow
from custom_components.odorik.const import (
    CONF_ACTIVE_INTERVAL,
    CONF_PUSH,
    CONF_PUSH_ANSWER,
    CONF_PUSH_RELAXED,
    DOMAIN,
)
from tests.conftest import Tick

from .cloud import Cloud
from .conftest import ELSEWHERE, HOME, INTERNAL, OURS, STRANGER, Operator, SetUp

TEXTS = Path(options_flow.__file__).parent / "translations"

type Client = TestClient[Any, Any]


@dataclass(frozen=True)
class Options:
    """The options of an account, and the operator that calls its webhook."""

    hass: HomeAssistant
    entry: MockConfigEntry
    client: Client

    async def open(self) -> Any:
        """Open the options."""
        return await self.hass.config_entries.options.async_init(self.entry.entry_id)

    async def open_push(self, **fields: Any) -> Any:
        """Turn push on, and return the form with the address."""
        return await self.send(await self.open(), **{CONF_PUSH: True}, **fields)

    async def send(self, form: Any, **fields: Any) -> Any:
        """Submit a form, and wait until the account is reloaded."""
        result = await self.hass.config_entries.options.async_configure(form["flow_id"], fields)
        # The step that waits for a push is a background task.
        is_waiting = result["type"] is FlowResultType.SHOW_PROGRESS
        await self.hass.async_block_till_done(wait_background_tasks=not is_waiting)
        return result

    async def proceed(self, form: Any) -> Any:
        """Wait for the background task of a form, and return the next one."""
        await self.hass.async_block_till_done(wait_background_tasks=True)
        return await self.hass.config_entries.options.async_configure(form["flow_id"])

    async def push(self, query: str = "hook=call") -> None:
        """Call the webhook as the operator does."""
        path = f"/api/webhook/{self.entry.data['webhook_id']}?{query}"
        async with self.client.get(path) as answer:
            assert answer.status == 200


@pytest.fixture(autouse=True)
async def _external_url(hass: HomeAssistant) -> None:
    """Make Home Assistant reachable from the Internet and from the local network."""
    await hass.config.async_update(external_url=OURS, internal_url=INTERNAL)


@pytest.fixture
async def options(
    hass: HomeAssistant,
    account: MockConfigEntry,
    hass_client_no_auth: Callable[[], Awaitable[Client]],
) -> Options:
    """The options of an account without push."""
    return Options(hass, account, await hass_client_no_auth())


@pytest.fixture
def push_options(operator: Operator) -> Options:
    """The options of an account with push."""
    return Options(operator.hass, operator.entry, operator.client)


def shown(form: Any) -> dict[str, str]:
    """Return the URLs that a form shows."""
    urls: dict[str, str] = form["description_placeholders"]
    return urls


# The options


async def test_turning_push_on_shows_the_address_and_confirms_the_first_push(
    options: Options,
) -> None:
    """The options show both URLs, wait for a push, and end without another reload.

    The URLs are external, since the operator cannot reach the internal one.
    """
    assert "webhook_id" not in options.entry.data
    form = await options.open()
    assert form["step_id"] == "init"
    assert CONF_PUSH_ANSWER not in form["data_schema"].schema
    form = await options.send(form, **{CONF_PUSH: True, CONF_ACTIVE_INTERVAL: 20})
    assert (form["type"], form["step_id"]) == (FlowResultType.FORM, "push")
    url = f"{OURS}/api/webhook/{options.entry.data['webhook_id']}"
    assert shown(form) == {"call_url": f"{url}?hook=call", "info_url": f"{url}?hook=info"}
    assert form["errors"] == {}
    # Push is on already, so the address stays the same if the form is closed now.
    assert options.entry.options[CONF_PUSH] is True
    assert options.entry.runtime_data.push

    waiting = await options.send(form)
    assert waiting["type"] is FlowResultType.SHOW_PROGRESS
    assert waiting["progress_action"] == "push_wait"
    await options.push()
    form = await options.proceed(waiting)
    assert (form["type"], form["step_id"]) == (FlowResultType.FORM, "push_received")
    runtime_data = options.entry.runtime_data
    result = await options.send(form)
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert options.entry.options[CONF_ACTIVE_INTERVAL] == 20
    assert options.entry.state is ConfigEntryState.LOADED
    assert options.entry.runtime_data is runtime_data


async def test_the_reply_is_kept_while_push_is_off(push_options: Options) -> None:
    """The form does not show the options of push then."""
    reply = {CONF_PUSH_ANSWER: "comment", CONF_PUSH_RELAXED: False}
    for is_on, shown_fields in ((False, reply), (False, {}), (True, {})):
        await push_options.send(await push_options.open(), **{CONF_PUSH: is_on, **shown_fields})
        assert reply.items() <= push_options.entry.options.items()


@pytest.mark.parametrize(
    ("query", "step"), [("hook=call", "push_received"), ("hook=info", "push_wait")]
)
async def test_an_announcement_while_the_address_is_shown_counts(
    options: Options, query: str, step: str
) -> None:
    """A user who has tested push does not have to wait; a push for information is not enough."""
    form = await options.open_push()
    await options.push(query)
    form = await options.send(form)
    assert form["step_id"] == step
    options.hass.config_entries.options.async_abort(form["flow_id"])


async def test_waiting_ends_with_a_menu(options: Options, monkeypatch: pytest.MonkeyPatch) -> None:
    """If no push comes, the user can wait again, see the address again, or finish."""
    monkeypatch.setattr(options_flow, "FIRST_PUSH_TIMEOUT", timedelta(0))
    form = await options.send(await options.open_push())
    for choice, step in (("push_wait", "push_wait"), ("push", "push")):
        menu = await options.proceed(form)
        assert (menu["type"], menu["step_id"]) == (FlowResultType.MENU, "push_silent")
        assert menu["menu_options"] == ["push_wait", "push", "push_later"]
        form = await options.send(menu, next_step_id=choice)
        assert form["step_id"] == step
    menu = await options.proceed(await options.send(form))
    result = await options.send(menu, next_step_id="push_later")
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert options.entry.options[CONF_PUSH] is True


async def test_the_options_of_push_can_be_changed_while_it_is_on(
    push_options: Options, operator: Operator
) -> None:
    """A change needs no further steps, and turning push off deletes the address."""
    chosen = {CONF_PUSH: True, CONF_PUSH_ANSWER: "hangup", CONF_PUSH_RELAXED: False}
    result = await push_options.send(await push_options.open(), **chosen)
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert chosen.items() <= operator.entry.options.items()
    assert "push_show_address" not in operator.entry.options
    assert await operator.call_hook() == (200, "hangup\n")
    await push_options.open_push(**{CONF_PUSH_ANSWER: "dial:*082"})
    assert operator.entry.options[CONF_PUSH_ANSWER] == "dial"
    result = await push_options.send(await push_options.open(), **{CONF_PUSH: False})
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert operator.entry.runtime_data.push is None
    assert "webhook_id" not in operator.entry.data


async def test_an_internal_address_is_an_error_that_can_be_ignored(options: Options) -> None:
    """The form shows that the operator cannot reach the address; waiting for it is optional."""
    await options.hass.config.async_update(external_url=None)
    form = await options.open_push()
    assert form["errors"] == {"base": "no_external_address"}
    assert shown(form)["call_url"].startswith(f"{INTERNAL}/api/webhook/")
    result = await options.send(form, wait=False)
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert options.entry.runtime_data.push


async def test_a_disconnected_cloud_is_an_error_until_it_is_back(
    options: Options, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No URL is shown while the cloud is disconnected."""
    cloud = Cloud.installed(options.hass, monkeypatch)
    cloud.connect(is_connected=False)
    form = await options.open_push()
    assert form["errors"] == {"base": "cloud_not_connected"}
    assert "webhook" not in str(shown(form))
    form = await options.send(form)
    assert form["errors"] == {"base": "cloud_not_connected"}
    cloud.connect()
    # The address is shown before the form waits for a push.
    form = await options.send(form)
    assert (form["step_id"], form["errors"]) == ("push", {})
    assert shown(form)["call_url"] == "https://hooks.nabu.casa/secret-1?hook=call"


async def test_the_frontend_can_render_the_forms(
    hass: HomeAssistant, account: MockConfigEntry, hass_client: ClientSessionGenerator
) -> None:
    """The schemas of the forms can be serialized."""
    assert await async_setup_component(hass, "config", {})
    client = await hass_client()
    path = "/api/config/config_entries/options/flow"
    form = await (await client.post(path, json={"handler": account.entry_id})).json()
    answer = await client.post(f"{path}/{form['flow_id']}", json={CONF_PUSH: True})
    form = await answer.json()
    assert [field["name"] for field in form["data_schema"]] == ["wait"]
    assert shown(form)["call_url"].endswith("?hook=call")
    await hass.async_block_till_done(wait_background_tasks=True)
    form = await (await client.post(path, json={"handler": account.entry_id})).json()
    fields = {field["name"]: field for field in form["data_schema"]}
    answers = fields[CONF_PUSH_ANSWER]["selector"]["select"]
    assert answers["options"] == ["dial", "hangup", "comment"]
    assert answers["translation_key"] == "push_answer"


async def test_forms_are_aborted_when_another_one_turns_push_off(push_options: Options) -> None:
    """There is no longer an address to show or a push to wait for."""
    forms = [await push_options.open_push(push_show_address=True) for _ in range(2)]
    waiting = await push_options.send(forms[1])
    await push_options.push()
    await push_options.send(await push_options.open(), push=False)
    for form in (forms[0], waiting):
        result = await push_options.hass.config_entries.options.async_configure(form["flow_id"])
        assert (result["type"], result["reason"]) == (FlowResultType.ABORT, "push_off")
    assert push_options.entry.options[CONF_PUSH] is False
    assert "webhook_id" not in push_options.entry.data


async def test_two_forms_that_turn_push_on_show_the_same_address(options: Options) -> None:
    """Both of them wait for the reload of the account."""
    first, second = await options.open(), await options.open()
    forms = await asyncio.gather(
        options.send(first, push=True),
        options.send(second, **{CONF_PUSH: True, CONF_ACTIVE_INTERVAL: 20}),
    )
    assert [form["step_id"] for form in forms] == ["push", "push"]
    webhook_id = options.entry.data["webhook_id"]
    for form in forms:
        assert shown(form)["call_url"].endswith(f"{webhook_id}?hook=call")
        result = await options.send(form, wait=False)
        assert result["type"] is FlowResultType.CREATE_ENTRY
    assert options.entry.state is ConfigEntryState.LOADED


@pytest.mark.parametrize("step", ["init", "push", "push_wait", "push_received", "push_silent"])
async def test_a_form_of_a_removed_account_is_aborted(
    push_options: Options, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    """Every step ends with a message instead of an error."""
    hass, entry = push_options.hass, push_options.entry
    if step == "push_silent":
        monkeypatch.setattr(options_flow, "FIRST_PUSH_TIMEOUT", timedelta(0))
    form = await push_options.open()
    if step != "init":
        form = await push_options.send(form, push=True, push_show_address=True)
    if step == "push_received":
        await push_options.push()
    if step not in {"init", "push"}:
        form = await push_options.send(form)
    if step == "push_silent":
        form = await push_options.proceed(form)
    assert form["step_id"] == step
    if step == "push_wait":
        await push_options.push()
    assert await hass.config_entries.async_remove(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    fields = {
        "init": {CONF_PUSH: True},
        "push_wait": None,
        "push_silent": {"next_step_id": "push_later"},
    }.get(step, {})
    result = await hass.config_entries.options.async_configure(form["flow_id"], fields)
    assert (result["type"], result["reason"]) == (FlowResultType.ABORT, "account_removed")


async def test_push_can_be_turned_on_for_an_account_that_failed_to_unload(options: Options) -> None:
    """The address is known, although it only works after a restart of Home Assistant."""
    form = await options.open()
    state = options.entry.state
    options.entry.mock_state(options.hass, ConfigEntryState.FAILED_UNLOAD)
    form = await options.send(form, push=True)
    assert form["step_id"] == "push"
    assert shown(form)["call_url"].endswith(f"{options.entry.data['webhook_id']}?hook=call")
    options.entry.mock_state(options.hass, state)


@pytest.mark.parametrize("language", ["en", "cs"])
def test_the_instructions_contain_the_operators_menu_items(language: str) -> None:
    """The operator's pages are in Czech, so the English text quotes them, too."""
    texts = json.loads((TEXTS / f"{language}.json").read_text("utf-8"))
    instructions = texts["options"]["step"]["push"]["description"]
    for words in ("Nastavení účtu", "IVR", "vzdálené řízení přes web", "0071", "DTMF"):
        assert words in instructions


# The repairs


@pytest.fixture
async def repairable(hass: HomeAssistant, set_up: SetUp) -> Operator:
    """An operator of a Home Assistant with repairs."""
    assert await async_setup_component(hass, "repairs", {})
    return await set_up()


@pytest.fixture
async def missing(repairable: Operator, tick: Tick) -> Operator:
    """An operator whose pushes are missing."""
    operator = repairable
    for _ in range(3):
        await tick(130)
        operator.world.miss(STRANGER, HOME)
    await tick(130)
    assert operator.issues == {"push_missing"}
    return operator


async def open_repair(client: Client, operator: Operator, key: str = "push_missing") -> Any:
    """Open a repair, and return the status and the form."""
    issue = {"handler": DOMAIN, "issue_id": f"{operator.entry.entry_id}_{key}"}
    answer = await client.post("/api/repairs/issues/fix", json=issue)
    return answer.status, await answer.json() if answer.ok else None


async def finish_repair(client: Client, form: Any) -> None:
    """Submit the form of a repair."""
    async with client.post(f"/api/repairs/issues/fix/{form['flow_id']}", json={}) as answer:
        assert (await answer.json())["type"] == "create_entry"


async def test_the_repair_of_missing_pushes_shows_the_address(
    missing: Operator, tick: Tick, hass_client: ClientSessionGenerator
) -> None:
    """The repair shows the address to enter at the operator, and resets the count."""
    client = await hass_client()
    _, form = await open_repair(client, missing)
    assert (form["type"], form["step_id"]) == ("form", "address")
    assert shown(form)["call_url"] == f"{OURS}{missing.path}?hook=call"
    await finish_repair(client, form)
    assert missing.issues == set()
    assert not missing.health.is_proven
    await missing.settle()
    missing.world.miss(STRANGER, HOME)
    await tick(130)
    assert missing.issues == set()


async def test_the_repair_of_a_changed_address_shows_the_new_one(
    repairable: Operator, hass_client: ClientSessionGenerator
) -> None:
    """Once the new address has been shown, the repair is gone for good."""
    operator = repairable
    await operator.show_address()
    await operator.move(external_url=ELSEWHERE)
    client = await hass_client()
    _, form = await open_repair(client, operator, "push_address_changed")
    assert shown(form)["call_url"].startswith(f"{ELSEWHERE}/")
    await finish_repair(client, form)
    assert operator.issues == set()
    await operator.reload()
    assert operator.issues == set()


async def test_the_repair_of_an_account_that_is_not_loaded_is_aborted(
    missing: Operator, hass_client: ClientSessionGenerator
) -> None:
    """The form ends with a message instead of an error."""
    missing.exchange.fail("reset", times=0)
    await missing.hass.config_entries.async_reload(missing.entry.entry_id)
    assert missing.entry.state is ConfigEntryState.SETUP_RETRY
    ir.async_create_issue(
        missing.hass,
        DOMAIN,
        f"{missing.entry.entry_id}_push_missing",
        data={"entry_id": missing.entry.entry_id},
        is_fixable=True,
        severity=ir.IssueSeverity.WARNING,
        translation_key="push_missing",
    )
    _, result = await open_repair(await hass_client(), missing)
    assert (result["type"], result["reason"]) == ("abort", "not_running")
