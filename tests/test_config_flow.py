"""Test the config flow and the options flow."""

import asyncio
import re
from typing import Any

from homeassistant import config_entries
from homeassistant.config_entries import (
    SOURCE_REAUTH,
    SOURCE_RECONFIGURE,
    SOURCE_USER,
    ConfigFlowContext,
)
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType, InvalidData
from homeassistant.helpers.translation import async_get_translations
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.odorik.api import Line, OdorikClient
from custom_components.odorik.const import DOMAIN

from .accounts import HOME, make_entry
from .conftest import Tick
from .exchange import RunningExchange
from .forms import open_options, send_options, suggested_in

pytestmark = pytest.mark.usefixtures("enable_custom_integrations")


async def start(hass: HomeAssistant, source: str, entry: Any = None) -> Any:
    """Open the form for a new account, or for the password of an existing one."""
    context = ConfigFlowContext(source=source)
    if entry:
        context["entry_id"] = entry.entry_id
    data = dict(entry.data) if source == SOURCE_REAUTH else None
    form = await hass.config_entries.flow.async_init(DOMAIN, context=context, data=data)
    assert form["type"] is FlowResultType.FORM
    return form


async def send(hass: HomeAssistant, form: Any, values: dict[str, Any]) -> Any:
    """Submit a form; return the result once Home Assistant has processed it."""
    result = await hass.config_entries.flow.async_configure(form["flow_id"], values)
    await hass.async_block_till_done(wait_background_tasks=True)
    return result


async def add(hass: HomeAssistant, values: dict[str, str]) -> Any:
    """Add an account: open the form and submit it."""
    return await send(hass, await start(hass, SOURCE_USER), values)


def login_of(exchange: RunningExchange, **changed: str) -> dict[str, str]:
    """Return the login of the account, with changes."""
    return {"username": exchange.username, "password": exchange.password} | changed


def line_login(exchange: RunningExchange) -> dict[str, str]:
    """Return the login of the first line."""
    line = exchange.world.account().lines[HOME]
    return {"username": str(HOME), "password": line.sip_password}


PASTED = [" {} ", "{}\n", "\t{}\r\n", "\N{NO-BREAK SPACE}{}", "{}\N{ZERO WIDTH SPACE}"]
PASTED += ["\ufeff{}", "\N{WORD JOINER}{}\N{ZERO WIDTH JOINER}", "{}\N{LEFT-TO-RIGHT MARK} "]
"""Whitespace and invisible characters copied along with a login."""


@pytest.mark.parametrize("pasted", ["{}", *PASTED], ids=ascii)
async def test_whitespace_around_a_login_is_ignored(
    hass: HomeAssistant, exchange: RunningExchange, pasted: str
) -> None:
    """The login is stored, and the account identified, without surrounding characters."""
    result = await add(
        hass, {name: pasted.format(value) for name, value in login_of(exchange).items()}
    )
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert result["title"] == f"Odorik {exchange.username}"
    assert result["data"] == login_of(exchange)
    entry = result["result"]
    assert entry.unique_id == exchange.username
    assert entry.state is config_entries.ConfigEntryState.LOADED
    for source in (SOURCE_REAUTH, SOURCE_RECONFIGURE):
        exchange.world.account().password = changed = f"new for {source}"
        form = await start(hass, source, entry)
        result = await send(hass, form, {"password": pasted.format(changed)})
        assert result["type"] is FlowResultType.ABORT, result["errors"]
        assert entry.data == login_of(exchange, password=changed)


@pytest.mark.parametrize(
    ("typed", "options"),
    [
        ({"caller": " +420 777 000 111 "}, {"caller": "+420 777 000 111"}),
        ({}, {}),
        ({"caller": ""}, {}),
        ({"caller": " \u200b"}, {}),
    ],
    ids=ascii,
)
async def test_the_users_own_number_becomes_an_option(
    hass: HomeAssistant, exchange: RunningExchange, typed: dict[str, str], options: dict[str, str]
) -> None:
    """The number may be left out of the first form."""
    result = await add(hass, login_of(exchange) | typed)
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert result["title"] == f"Odorik {exchange.username}"
    assert result["data"] == login_of(exchange)
    assert result["options"] == result["result"].options == options


async def test_an_invalid_own_number_is_refused_in_the_first_form(
    hass: HomeAssistant, exchange: RunningExchange
) -> None:
    """The error is shown at the field of the number, and the form keeps its values."""
    wrong = login_of(exchange) | {"caller": "my telephone"}
    result = await add(hass, wrong)
    assert result["type"] is FlowResultType.FORM
    assert result["errors"] == {"caller": "invalid_number"}
    assert suggested_in(result) == wrong
    assert hass.config_entries.async_entries(DOMAIN) == []
    result = await send(hass, result, wrong | {"caller": "777 000 111"})
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert result["options"] == {"caller": "777 000 111"}


@pytest.mark.parametrize("language", ["en", "cs"])
async def test_the_last_page_links_to_the_next_steps(
    hass: HomeAssistant, exchange: RunningExchange, language: str
) -> None:
    """The last page links to the dashboards and to the options for push."""
    result = await add(hass, login_of(exchange))
    assert result["description"] is None, "the frontend then shows the text named default"
    texts = await async_get_translations(hass, language, "config", {DOMAIN})
    text = texts[f"component.{DOMAIN}.config.create_entry.default"]
    shown = text.format(**result["description_placeholders"])
    links = re.findall(r"\[[^]]+\]\(([^)]+)\)", shown)
    assert links == ["/config/lovelace/dashboards", "/config/integrations/integration/odorik"]


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        ("authentication_failed", "invalid_auth"),
        ("authentication_required", "invalid_auth"),
        ("account_blocked since yesterday", "refused"),
        ("401", "cannot_connect"),
        ("timeout", "cannot_connect"),
        ("bad_json", "cannot_connect"),
    ],
)
async def test_a_failed_form_can_be_submitted_again(
    hass: HomeAssistant,
    exchange: RunningExchange,
    monkeypatch: pytest.MonkeyPatch,
    fault: str,
    error: str,
) -> None:
    """A failure creates no entry, and the form keeps its values.

    A refusal that is not documented is shown in the operator's words.
    """
    monkeypatch.setattr("custom_components.odorik.api.connection.REQUEST_TIMEOUT", 0.5)
    exchange.fail(fault, times=0)
    result = await add(hass, login_of(exchange))
    assert result["type"] is FlowResultType.FORM
    assert result["errors"] == {"base": error}
    if error == "refused":
        assert result["description_placeholders"] == {"reason": fault}
    assert suggested_in(result)["username"] == exchange.username
    assert hass.config_entries.async_entries(DOMAIN) == []

    exchange.exchange.faults.clear()
    result = await send(hass, result, login_of(exchange))
    assert result["type"] is FlowResultType.CREATE_ENTRY


async def test_an_unexpected_error_is_shown_in_the_form(
    hass: HomeAssistant, exchange: RunningExchange, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The form can be submitted again after a bug in the integration."""

    async def broken(_: OdorikClient) -> None:
        raise RuntimeError

    with monkeypatch.context() as patch:
        patch.setattr(OdorikClient, "lines", broken)
        result = await add(hass, login_of(exchange))
    assert result["errors"] == {"base": "unknown"}
    result = await send(hass, result, login_of(exchange))
    assert result["type"] is FlowResultType.CREATE_ENTRY


async def test_open_forms_do_not_block_another_one(
    hass: HomeAssistant, exchange: RunningExchange
) -> None:
    """An account can be added while forms for it are open elsewhere; those then abort.

    A second entry would report each call twice.
    """
    failed = await add(hass, login_of(exchange, password="wrong"))
    untouched = await start(hass, SOURCE_USER)
    result = await add(hass, login_of(exchange))
    assert result["type"] is FlowResultType.CREATE_ENTRY
    for form in (failed, untouched, await start(hass, SOURCE_USER)):
        result = await send(hass, form, login_of(exchange))
        assert result["reason"] == "already_configured"
    assert len(hass.config_entries.async_entries(DOMAIN)) == 1


async def test_two_forms_submitted_at_once_add_one_account(
    hass: HomeAssistant, exchange: RunningExchange
) -> None:
    """Only one of two concurrent forms creates an entry; the other one aborts."""
    forms = [await start(hass, SOURCE_USER) for _ in range(2)]
    results = await asyncio.gather(
        *(send(hass, form, login_of(exchange)) for form in forms), return_exceptions=True
    )
    assert len(hass.config_entries.async_entries(DOMAIN)) == 1
    kinds = [result["type"] for result in results if isinstance(result, dict)]
    assert sorted(kinds) == [FlowResultType.ABORT, FlowResultType.CREATE_ENTRY]


@pytest.mark.parametrize("is_disabled", [True, False])
async def test_a_line_of_a_configured_account_is_refused(
    hass: HomeAssistant, exchange: RunningExchange, account: MockConfigEntry, *, is_disabled: bool
) -> None:
    """The line can be added once its account is disabled or removed, not when it is unloaded.

    This also ends the refused form.
    """
    result = await add(hass, line_login(exchange))
    assert result["type"] is FlowResultType.FORM
    assert result["errors"] == {"base": "line_of_account"}
    assert result["description_placeholders"] == {"line": str(HOME), "account": account.title}
    assert await hass.config_entries.async_unload(account.entry_id)
    result = await send(hass, result, line_login(exchange))
    assert result["errors"] == {"base": "line_of_account"}
    if is_disabled:
        by_user = config_entries.ConfigEntryDisabler.USER
        await hass.config_entries.async_set_disabled_by(account.entry_id, by_user)
    else:
        await hass.config_entries.async_remove(account.entry_id)
    other = await add(hass, line_login(exchange))
    assert other["type"] is FlowResultType.CREATE_ENTRY
    assert result["flow_id"] not in [
        flow["flow_id"] for flow in hass.config_entries.flow.async_progress()
    ]


async def test_the_account_of_a_configured_line_is_refused(
    hass: HomeAssistant, exchange: RunningExchange
) -> None:
    """A line can be added with its SIP password; its account only once the line is removed."""
    result = await add(hass, line_login(exchange))
    assert result["type"] is FlowResultType.CREATE_ENTRY
    line = result["result"]
    assert line.unique_id == str(HOME)
    result = await add(hass, login_of(exchange))
    assert result["errors"] == {"base": "account_of_line"}
    assert result["description_placeholders"] == {"line": str(HOME)}
    await hass.config_entries.async_remove(line.entry_id)
    result = await send(hass, result, login_of(exchange))
    assert result["type"] is FlowResultType.CREATE_ENTRY


@pytest.mark.parametrize("fault", [None, "unauthorized"])
async def test_an_account_is_added_beside_another_one(
    hass: HomeAssistant, exchange: RunningExchange, fault: str | None
) -> None:
    """Only accounts that share a line exclude each other.

    An account that may not list its lines can be added as well: the operator reports a missing
    permission only to a valid login.
    """
    make_entry("7654321", "another-password").add_to_hass(hass)
    if fault:
        exchange.fail(fault)
    result = await add(hass, login_of(exchange))
    assert result["type"] is FlowResultType.CREATE_ENTRY


@pytest.mark.parametrize(
    ("source", "step", "reason"),
    [
        (SOURCE_REAUTH, "reauth_confirm", "reauth_successful"),
        (SOURCE_RECONFIGURE, "reconfigure", "reconfigure_successful"),
    ],
)
async def test_a_new_password_is_stored_once_it_works(
    hass: HomeAssistant,
    exchange: RunningExchange,
    account: MockConfigEntry,
    tick: Tick,
    source: str,
    step: str,
    reason: str,
) -> None:
    """Only the password is asked for and changed, and only when the operator accepts it.

    A failed poll opens the form; the user can also open it before that.
    """
    exchange.world.account().password = "changed"
    if source == SOURCE_REAUTH:
        await tick(15)
        (form,) = hass.config_entries.flow.async_progress()
        assert form["context"]["source"] == source
    else:
        form = await account.start_reconfigure_flow(hass)
        assert form["data_schema"]
        assert [str(key) for key in form["data_schema"].schema] == ["password"]
    assert form["step_id"] == step
    for fault, password, error in (
        (None, "mistyped", "invalid_auth"),
        ("503", "changed", "cannot_connect"),
        ("account_blocked", "changed", "refused"),
    ):
        if fault:
            exchange.fail(fault, path="/lines.json", times=0)
        form = await send(hass, form, {"password": password})
        assert form["type"] is FlowResultType.FORM
        assert form["errors"] == {"base": error}
        assert form["description_placeholders"]["username"] == exchange.username
        if error == "refused":
            assert form["description_placeholders"]["reason"] == fault
        assert account.data == login_of(exchange)
        exchange.exchange.faults.clear()

    result = await send(hass, form, {"password": "changed"})
    assert result["type"] is FlowResultType.ABORT
    assert result["reason"] == reason
    assert account.data == login_of(exchange, password="changed")
    assert account.unique_id == exchange.username
    assert account.state is config_entries.ConfigEntryState.LOADED
    assert account.runtime_data.active.last_update_success


async def test_the_form_of_a_removed_account_aborts(
    hass: HomeAssistant, account: MockConfigEntry
) -> None:
    """The form says that the account is gone, whether it is submitted or shown again."""
    forms = [await account.start_reconfigure_flow(hass) for _ in range(2)]
    assert await hass.config_entries.async_remove(account.entry_id)
    for form, values in zip(forms, ({"password": "new"}, None), strict=True):
        result = await hass.config_entries.flow.async_configure(form["flow_id"], values)
        assert (result["type"], result["reason"]) == (FlowResultType.ABORT, "account_removed")


async def test_an_account_can_be_removed_during_the_login(
    hass: HomeAssistant, account: MockConfigEntry, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The form aborts if its account is removed while the new password is checked."""
    form = await account.start_reconfigure_flow(hass)
    lines = OdorikClient.lines

    async def remove_and_ask(client: OdorikClient) -> list[Line]:
        await hass.config_entries.async_remove(account.entry_id)
        return await lines(client)

    monkeypatch.setattr(OdorikClient, "lines", remove_and_ask)
    result = await send(hass, form, {"password": account.data["password"]})
    assert (result["type"], result["reason"]) == (FlowResultType.ABORT, "account_removed")


async def test_options_keep_their_values(hass: HomeAssistant, account: MockConfigEntry) -> None:
    """The options form shows the stored values, and the own number can be deleted in it."""
    options = {
        "caller": "+420 777 123 456",
        "active_interval": 30,
        "low_credit": 50,
        "unregistered_lines": True,
    }
    form = await open_options(hass, account)
    assert form["step_id"] == "init"
    assert suggested_in(form) == {}
    result = await send_options(hass, form, options)
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert options.items() <= account.options.items()
    assert account.runtime_data.active.update_interval.total_seconds() == 30

    form = await open_options(hass, account)
    assert options.items() <= suggested_in(form).items()
    emptied = {name: value for name, value in suggested_in(form).items() if name != "caller"}
    await send_options(hass, form, emptied)
    assert "caller" not in account.options
    assert account.options["active_interval"] == 30


async def test_an_invalid_own_number_is_refused_in_the_options(
    hass: HomeAssistant, account: MockConfigEntry
) -> None:
    """The form keeps its values, and a blank number counts as none."""
    form = await open_options(hass, account)
    options = {"active_interval": 20, "low_credit": 0, "unregistered_lines": False}
    wrong = options | {"caller": "my telephone"}
    result = await send_options(hass, form, wrong)
    assert result["type"] is FlowResultType.FORM
    assert result["errors"] == {"caller": "invalid_number"}
    assert wrong.items() <= suggested_in(result).items()
    result = await send_options(hass, form, options | {"caller": "  "})
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert "caller" not in account.options


@pytest.mark.parametrize("interval", [4, 301, -10, "often"])
async def test_an_interval_out_of_range_is_refused(
    hass: HomeAssistant, account: MockConfigEntry, interval: Any
) -> None:
    """Active calls are polled every 5 to 300 seconds."""
    form = await open_options(hass, account)
    with pytest.raises(InvalidData):
        await send_options(hass, form, {"active_interval": interval})
    assert "active_interval" not in account.options


async def test_numbers_are_stored_as_integers(
    hass: HomeAssistant, account: MockConfigEntry
) -> None:
    """The frontend sends 5.0, the shortest interval, for 5."""
    form = await open_options(hass, account)
    await send_options(hass, form, {"active_interval": 5.0, "low_credit": 50.0})
    assert repr(account.options["active_interval"]) == "5"
    assert repr(account.options["low_credit"]) == "50"
    assert account.options["unregistered_lines"] is False
