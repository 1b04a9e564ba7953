"""Setting push up: the options lead through it, and so do the repairs."""

import asyncio
from collections.abc import Awaitable, Callable
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
from pytest_homeassistant_custom_component.common import MockConfigEntry, MockUser
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.odorik import options_flow
from custom_components.odorik.const import (
    CONF_ACTIVE_INTERVAL,
    CONF_PUSH,
    CONF_PUSH_ANSWER,
    CONF_PUSH_RELAXED,
    DOMAIN,
)
from custom_components.odorik.push.address import async_address
from tests.conftest import Tick

from .cloud import Cloud
from .conftest import Operator, SetUp

OURS = "https://home.example.org"
TEXTS = Path(options_flow.__file__).parent / "translations"


@pytest.fixture(autouse=True)
async def address(hass: HomeAssistant) -> None:
    """A Home Assistant that the Internet reaches."""
    await hass.config.async_update(external_url=OURS)


def shown(form: Any) -> dict[str, str]:
    """Tell which addresses a form shows."""
    urls: dict[str, str] = form["description_placeholders"]
    return urls


async def open_options(hass: HomeAssistant, entry: MockConfigEntry) -> Any:
    """Open the options."""
    return await hass.config_entries.options.async_init(entry.entry_id)


async def send(hass: HomeAssistant, form: Any, **fields: Any) -> Any:
    """Send a form of the options, and let the account be set up anew."""
    result = await hass.config_entries.options.async_configure(form["flow_id"], fields)
    # What waits for a push does so beside everything else.
    is_waiting = result["type"] is FlowResultType.SHOW_PROGRESS
    await hass.async_block_till_done(wait_background_tasks=not is_waiting)
    return result


async def heard(
    client: TestClient[Any, Any], entry: MockConfigEntry, query: str = "hook=call"
) -> None:
    """Call the hook as the operator does."""
    async with client.get(f"/api/webhook/{entry.data['webhook_id']}?{query}") as answer:
        assert answer.status == 200


async def test_turning_push_on_shows_the_address_and_says_that_it_works(
    hass: HomeAssistant,
    account: MockConfigEntry,
    hass_client_no_auth: Callable[[], Awaitable[TestClient[Any, Any]]],
) -> None:
    """Somebody would stand before two web sites, and not know what belongs where."""
    form = await open_options(hass, account)
    assert form["step_id"] == "init"
    assert CONF_PUSH_ANSWER not in form["data_schema"].schema
    form = await send(hass, form, **{CONF_PUSH: True, CONF_ACTIVE_INTERVAL: 20})
    assert (form["type"], form["step_id"]) == (FlowResultType.FORM, "push")
    url = f"{OURS}/api/webhook/{account.data['webhook_id']}"
    assert shown(form) == {
        "call_url": f"{url}?hook=call",
        "info_url": f"{url}?hook=info",
    }
    assert form["errors"] == {}
    # It is on already: nobody who closes the form now has to begin anew with another address.
    assert account.options[CONF_PUSH] is True
    assert account.runtime_data.push
    client = await hass_client_no_auth()

    waiting = await send(hass, form)
    assert waiting["type"] is FlowResultType.SHOW_PROGRESS
    assert waiting["progress_action"] == "push_wait"
    await heard(client, account)
    await hass.async_block_till_done(wait_background_tasks=True)
    form = await hass.config_entries.options.async_configure(waiting["flow_id"])
    assert (form["type"], form["step_id"]) == (FlowResultType.FORM, "push_received")
    runtime_data = account.runtime_data
    result = await send(hass, form)
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert account.options[CONF_ACTIVE_INTERVAL] == 20
    assert account.state is ConfigEntryState.LOADED
    assert account.runtime_data is runtime_data, "nothing has changed since"


async def test_a_push_that_came_while_the_address_was_shown_counts(
    hass: HomeAssistant,
    account: MockConfigEntry,
    hass_client_no_auth: Callable[[], Awaitable[TestClient[Any, Any]]],
) -> None:
    """Who tries it at once would be asked to try it again."""
    form = await send(hass, await open_options(hass, account), **{CONF_PUSH: True})
    await heard(await hass_client_no_auth(), account)
    form = await send(hass, form)
    assert form["step_id"] == "push_received"


async def test_a_push_for_information_does_not_say_that_push_works(
    hass: HomeAssistant,
    account: MockConfigEntry,
    hass_client_no_auth: Callable[[], Awaitable[TestClient[Any, Any]]],
) -> None:
    """It does not show that a ring is announced, so the form goes on waiting."""
    form = await send(hass, await open_options(hass, account), **{CONF_PUSH: True})
    await heard(await hass_client_no_auth(), account, "hook=info")
    form = await send(hass, form)
    assert form["type"] is FlowResultType.SHOW_PROGRESS
    hass.config_entries.options.async_abort(form["flow_id"])


async def test_waiting_has_an_end_and_ways_out(
    hass: HomeAssistant, account: MockConfigEntry, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody would look at a turning wheel for ever."""
    monkeypatch.setattr(options_flow, "PATIENCE", timedelta(seconds=0.01))
    form = await send(hass, await open_options(hass, account), **{CONF_PUSH: True})
    for choice in ("push_wait", "push"):
        waiting = await send(hass, form, wait=True) if form["step_id"] == "push" else form
        await asyncio.sleep(0.05)
        await hass.async_block_till_done(wait_background_tasks=True)
        menu = await hass.config_entries.options.async_configure(waiting["flow_id"])
        assert (menu["type"], menu["step_id"]) == (FlowResultType.MENU, "push_silent")
        assert menu["menu_options"] == ["push_wait", "push", "push_later"]
        form = await send(hass, menu, next_step_id=choice)
    assert form["step_id"] == "push"
    waiting = await send(hass, form)
    await asyncio.sleep(0.05)
    await hass.async_block_till_done(wait_background_tasks=True)
    menu = await hass.config_entries.options.async_configure(waiting["flow_id"])
    result = await send(hass, menu, next_step_id="push_later")
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert account.options[CONF_PUSH] is True


async def test_nobody_has_to_wait(hass: HomeAssistant, account: MockConfigEntry) -> None:
    """Who has nobody to call them now would be kept from the rest."""
    form = await send(hass, await open_options(hass, account), **{CONF_PUSH: True})
    result = await send(hass, form, wait=False)
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert account.runtime_data.push


async def test_a_form_that_is_closed_leaves_push_on_with_the_same_address(
    hass: HomeAssistant, account: MockConfigEntry
) -> None:
    """The address that was given to the operator a minute ago would lead nowhere."""
    form = await send(hass, await open_options(hass, account), **{CONF_PUSH: True})
    url = shown(form)["call_url"]
    waiting = await send(hass, form)
    hass.config_entries.options.async_abort(waiting["flow_id"])
    await hass.async_block_till_done(wait_background_tasks=True)
    form = await open_options(hass, account)
    assert form["step_id"] == "init"
    form = await send(hass, form, **{CONF_PUSH: True, "push_show_address": True})
    assert shown(form)["call_url"] == url


async def test_the_options_of_push_are_there_once_it_is_on(
    hass: HomeAssistant, operator: Operator
) -> None:
    """Whoever changes another option would be led through all of it again, or lose these."""
    form = await open_options(hass, operator.entry)
    chosen = {CONF_PUSH: True, CONF_PUSH_ANSWER: "hangup", CONF_PUSH_RELAXED: False}
    result = await send(hass, form, **chosen)
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert chosen.items() <= operator.entry.options.items()
    assert "push_show_address" not in operator.entry.options
    assert await operator.call_hook() == (200, "hangup\n")
    form = await open_options(hass, operator.entry)
    await send(hass, form, **{CONF_PUSH: True, CONF_PUSH_ANSWER: "dial:*082"})
    assert operator.entry.options[CONF_PUSH_ANSWER] == "dial"
    result = await send(hass, await open_options(hass, operator.entry), **{CONF_PUSH: False})
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert operator.entry.runtime_data.push is None
    assert "webhook_id" not in operator.entry.data


async def test_a_home_that_nobody_reaches_is_told_so(
    hass: HomeAssistant, account: MockConfigEntry
) -> None:
    """Somebody would set everything up at the operator, and wait for a call that cannot come."""
    await hass.config.async_update(external_url=None, internal_url="http://192.168.1.2:8123")
    form = await send(hass, await open_options(hass, account), **{CONF_PUSH: True})
    assert form["errors"] == {"base": "no_external_address"}
    assert shown(form)["call_url"].startswith("http://192.168.1.2:8123/api/webhook/")
    result = await send(hass, form, wait=False)
    assert result["type"] is FlowResultType.CREATE_ENTRY


async def test_a_cloud_that_is_away_can_be_waited_for(
    hass: HomeAssistant, account: MockConfigEntry, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An empty field would be copied to the operator."""
    cloud = Cloud.installed(hass, monkeypatch)
    cloud.connect(is_connected=False)
    form = await send(hass, await open_options(hass, account), **{CONF_PUSH: True})
    assert form["errors"] == {"base": "cloud_not_connected"}
    assert "webhook" not in str(shown(form))
    form = await send(hass, form)
    assert form["errors"] == {"base": "cloud_not_connected"}
    cloud.connect()
    # What is shown now has not been seen yet, so it is shown before anything is waited for.
    form = await send(hass, form)
    assert (form["step_id"], form["errors"]) == ("push", {})
    assert shown(form)["call_url"] == "https://hooks.nabu.casa/secret-1?hook=call"


async def test_every_form_of_it_can_be_drawn(
    hass: HomeAssistant, account: MockConfigEntry, hass_client: ClientSessionGenerator
) -> None:
    """A schema that the frontend cannot read shows an empty page."""
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


async def test_a_form_is_closed_when_another_one_has_turned_push_off(
    hass: HomeAssistant, operator: Operator
) -> None:
    """There is no address left to show, nor any push to wait for."""
    shown_to = [
        await send(
            hass, await open_options(hass, operator.entry), push=True, push_show_address=True
        )
        for _ in range(2)
    ]
    waiting = await send(hass, shown_to[1])
    await heard(operator.client, operator.entry)
    await send(hass, await open_options(hass, operator.entry), push=False)
    for form in (shown_to[0], waiting):
        result = await hass.config_entries.options.async_configure(form["flow_id"])
        assert (result["type"], result["reason"]) == (FlowResultType.ABORT, "push_off")
    assert operator.entry.options[CONF_PUSH] is False
    assert "webhook_id" not in operator.entry.data


async def test_two_forms_that_turn_push_on_show_the_same_address(
    hass: HomeAssistant, account: MockConfigEntry
) -> None:
    """The account is set up again while both of them wait for it."""
    forms = [await open_options(hass, account) for _ in range(2)]
    forms = [
        *await asyncio.gather(
            send(hass, forms[0], push=True),
            send(hass, forms[1], **{CONF_PUSH: True, CONF_ACTIVE_INTERVAL: 20}),
        )
    ]
    assert [form["step_id"] for form in forms] == ["push", "push"]
    assert len({shown(form)["call_url"] for form in forms}) == 1
    assert shown(forms[0])["call_url"].endswith(f"{account.data['webhook_id']}?hook=call")
    for form in forms:
        result = await send(hass, form, wait=False)
        assert result["type"] is FlowResultType.CREATE_ENTRY
    assert account.state is ConfigEntryState.LOADED


@pytest.mark.parametrize("step", ["init", "push", "push_wait", "push_received", "push_silent"])
async def test_a_form_of_an_account_that_was_removed_says_so(
    hass: HomeAssistant, operator: Operator, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    """Whatever step was open, the form ends with a message instead of an error."""
    if step == "push_silent":
        monkeypatch.setattr(options_flow, "PATIENCE", timedelta(0))
    form = await open_options(hass, operator.entry)
    if step != "init":
        form = await send(hass, form, push=True, push_show_address=True)
    if step == "push_received":
        await heard(operator.client, operator.entry)
        form = await send(hass, form)
    elif step in {"push_wait", "push_silent"}:
        form = await send(hass, form)
    if step == "push_silent":
        await hass.async_block_till_done(wait_background_tasks=True)
        form = await hass.config_entries.options.async_configure(form["flow_id"])
    assert form["step_id"] == step
    if step == "push_wait":
        await heard(operator.client, operator.entry)
    assert await hass.config_entries.async_remove(operator.entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    fields = {
        "init": {CONF_PUSH: True},
        "push_wait": None,
        "push_silent": {"next_step_id": "push_later"},
    }
    result = await hass.config_entries.options.async_configure(
        form["flow_id"], fields.get(step, {})
    )
    assert (result["type"], result["reason"]) == (FlowResultType.ABORT, "account_removed")


async def test_push_is_turned_on_for_an_account_that_cannot_be_set_up_again(
    hass: HomeAssistant, account: MockConfigEntry
) -> None:
    """Until Home Assistant is restarted it does not answer, but the address is known."""
    form = await open_options(hass, account)
    running = account.state
    account.mock_state(hass, ConfigEntryState.FAILED_UNLOAD)
    form = await send(hass, form, push=True)
    assert form["step_id"] == "push"
    assert shown(form)["call_url"].endswith(f"{account.data['webhook_id']}?hook=call")
    account.mock_state(hass, running)


# The repairs.


async def unannounced(operator: Operator, tick: Tick) -> None:
    """Let calls come in that nobody announces."""
    for _ in range(3):
        await tick(130)
        operator.exchange.world.miss("00420602555123", "00420910123456")
    await tick(130)
    assert operator.issues == {"push_missing"}


async def fix(client: TestClient[Any, Any], issue_id: str) -> Any:
    """Begin to mend an issue."""
    answer = await client.post(
        "/api/repairs/issues/fix", json={"handler": DOMAIN, "issue_id": issue_id}
    )
    return answer.status, await answer.json() if answer.ok else None


async def test_a_missing_push_is_mended_with_the_address_at_hand(
    hass: HomeAssistant, set_up: SetUp, tick: Tick, hass_client: ClientSessionGenerator
) -> None:
    """Nobody remembers after a year where all of that was set."""
    assert await async_setup_component(hass, "repairs", {})
    operator = await set_up()
    await unannounced(operator, tick)
    client = await hass_client()
    _, form = await fix(client, f"{operator.entry.entry_id}_push_missing")
    assert (form["type"], form["step_id"]) == ("form", "address")
    assert shown(form)["call_url"] == f"{OURS}{operator.path}?hook=call"
    async with client.post(f"/api/repairs/issues/fix/{form['flow_id']}", json={}) as answer:
        assert (await answer.json())["type"] == "create_entry"
    assert operator.issues == set()
    await operator.settle()
    operator.exchange.world.miss("00420602555123", "00420910123456")
    await tick(130)
    assert operator.issues == set()


async def test_a_moved_address_is_shown_where_it_is_mended(
    hass: HomeAssistant, set_up: SetUp, hass_client: ClientSessionGenerator
) -> None:
    """The repair itself may not say it."""
    assert await async_setup_component(hass, "repairs", {})
    operator = await set_up()
    moving = operator.entry.runtime_data.push.moving
    await moving.async_note(await async_address(hass, operator.entry))
    await hass.config.async_update(external_url="https://elsewhere.example.org")
    await operator.settle()
    client = await hass_client()
    _, form = await fix(client, f"{operator.entry.entry_id}_push_address_changed")
    assert shown(form)["call_url"].startswith("https://elsewhere.example.org/")
    async with client.post(f"/api/repairs/issues/fix/{form['flow_id']}", json={}) as answer:
        assert (await answer.json())["type"] == "create_entry"
    assert operator.issues == set()
    await hass.config_entries.async_reload(operator.entry.entry_id)
    await operator.settle()
    assert operator.issues == set()


async def test_only_an_administrator_is_shown_the_address(
    hass: HomeAssistant,
    set_up: SetUp,
    tick: Tick,
    hass_client: ClientSessionGenerator,
    hass_admin_user: MockUser,
) -> None:
    """Everybody in the house can see the repairs."""
    assert await async_setup_component(hass, "repairs", {})
    operator = await set_up()
    await unannounced(operator, tick)
    hass_admin_user.groups = []
    status, _ = await fix(await hass_client(), f"{operator.entry.entry_id}_push_missing")
    assert status == 401


async def test_an_account_that_does_not_run_is_not_mended(
    hass: HomeAssistant, set_up: SetUp, tick: Tick, hass_client: ClientSessionGenerator
) -> None:
    """The form would fail with nothing but an error."""
    assert await async_setup_component(hass, "repairs", {})
    operator = await set_up()
    await unannounced(operator, tick)
    operator.exchange.fail("reset", times=0)
    await hass.config_entries.async_reload(operator.entry.entry_id)
    assert operator.entry.state is ConfigEntryState.SETUP_RETRY
    issue_id = f"{operator.entry.entry_id}_push_missing"
    ir.async_create_issue(
        hass,
        DOMAIN,
        issue_id,
        data={"entry_id": operator.entry.entry_id},
        is_fixable=True,
        severity=ir.IssueSeverity.WARNING,
        translation_key="push_missing",
    )
    _, result = await fix(await hass_client(), issue_id)
    assert (result["type"], result["reason"]) == ("abort", "not_running")


@pytest.mark.parametrize("language", ["en", "cs"])
def test_the_steps_name_the_operators_own_menus(language: str) -> None:
    """The operator's pages are in Czech, also for who reads English."""
    texts = json.loads((TEXTS / f"{language}.json").read_text("utf-8"))
    steps = texts["options"]["step"]["push"]["description"]
    for words in ("Nastavení účtu", "IVR", "vzdálené řízení přes web", "0071", "DTMF"):
        assert words in steps
