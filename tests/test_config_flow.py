"""How an account is set up and changed by a person who makes mistakes."""

import asyncio
import re
from typing import Any

from homeassistant import config_entries
from homeassistant.const import CONF_PASSWORD, CONF_USERNAME
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.helpers.translation import async_get_translations
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.odorik.api import Line, OdorikClient
from custom_components.odorik.const import (
    CONF_ACTIVE_INTERVAL,
    CONF_CALLER,
    CONF_LOW_CREDIT,
    CONF_UNREGISTERED_LINES,
    DOMAIN,
)

from .conftest import Tick
from .exchange import RunningExchange

pytestmark = pytest.mark.usefixtures("enable_custom_integrations")

LINE = 300100


async def begin(hass: HomeAssistant, login: dict[str, str] | None = None) -> Any:
    """Open the form for a new account, and send it where a login is given."""
    result = await hass.config_entries.flow.async_init(
        DOMAIN, context={"source": config_entries.SOURCE_USER}
    )
    assert result["type"] is FlowResultType.FORM
    return result if login is None else await send(hass, result, login)


async def send(hass: HomeAssistant, form: Any, values: dict[str, Any]) -> Any:
    """Send a form, and wait for what it sets off."""
    result = await hass.config_entries.flow.async_configure(form["flow_id"], values)
    await hass.async_block_till_done(wait_background_tasks=True)
    return result


def login_of(exchange: RunningExchange, **changed: str) -> dict[str, str]:
    """Give the account's login, or a changed one."""
    return {CONF_USERNAME: exchange.username, CONF_PASSWORD: exchange.password} | changed


def line_login(exchange: RunningExchange) -> dict[str, str]:
    """Give the login of the first line."""
    line = exchange.world.account().lines[LINE]
    return {CONF_USERNAME: str(LINE), CONF_PASSWORD: line.sip_password}


def add(hass: HomeAssistant, username: str, **options: Any) -> MockConfigEntry:
    """Have an account that is not running."""
    entry = MockConfigEntry(
        domain=DOMAIN, title=f"Odorik {username}", unique_id=username, **options
    )
    entry.add_to_hass(hass)
    return entry


async def test_an_account_is_set_up_under_its_registration_number(
    hass: HomeAssistant, exchange: RunningExchange
) -> None:
    """Without a stable id an account could be added twice; pasted spaces are no part of it."""
    result = await begin(hass, login_of(exchange, username=f"  {exchange.username} "))
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert result["title"] == f"Odorik {exchange.username}"
    assert result["data"] == login_of(exchange)
    assert result["result"].unique_id == exchange.username
    assert result["result"].state is config_entries.ConfigEntryState.LOADED


PASTED = [" {} ", "{}\n", "\t{}\r\n", "\N{NO-BREAK SPACE}{}", "{}\N{ZERO WIDTH SPACE}"]
PASTED += ["\ufeff{}", "\N{WORD JOINER}{}\N{ZERO WIDTH JOINER}", "{}\N{LEFT-TO-RIGHT MARK} "]
"""What comes along when a login is copied from a web page or a message."""


@pytest.mark.parametrize("pasted", PASTED, ids=ascii)
async def test_a_login_is_taken_without_what_was_pasted_around_it(
    hass: HomeAssistant, exchange: RunningExchange, pasted: str
) -> None:
    """Blanks, line breaks and invisible characters around the user name and password are dropped.

    The right password was refused, and nothing on the screen showed why.
    """
    login = {name: pasted.format(value) for name, value in login_of(exchange).items()}
    result = await begin(hass, login)
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert result["data"] == login_of(exchange)
    entry = result["result"]
    assert entry.unique_id == exchange.username
    for source in (config_entries.SOURCE_REAUTH, config_entries.SOURCE_RECONFIGURE):
        exchange.world.account().password = changed = f"new for {source}"
        form = await hass.config_entries.flow.async_init(
            DOMAIN,
            context={"source": source, "entry_id": entry.entry_id},
            data=dict(entry.data) if source == config_entries.SOURCE_REAUTH else None,
        )
        result = await send(hass, form, {CONF_PASSWORD: pasted.format(changed)})
        assert result["type"] is FlowResultType.ABORT, result["errors"]
        assert entry.data == login_of(exchange, password=changed)


async def test_ones_own_number_is_stored_as_an_option(
    hass: HomeAssistant, exchange: RunningExchange
) -> None:
    """The number that is entered in the first form becomes the option for callbacks."""
    result = await begin(hass, login_of(exchange) | {CONF_CALLER: " +420 777 000 111 "})
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert result["title"] == f"Odorik {exchange.username}"
    assert result["data"] == login_of(exchange)
    assert result["options"] == {CONF_CALLER: "+420 777 000 111"}
    assert result["result"].options == {CONF_CALLER: "+420 777 000 111"}


@pytest.mark.parametrize("nothing", [{}, {CONF_CALLER: ""}, {CONF_CALLER: " \u200b"}], ids=ascii)
async def test_ones_own_number_can_be_left_out(
    hass: HomeAssistant, exchange: RunningExchange, nothing: dict[str, str]
) -> None:
    """The login alone is enough, and an empty field is no number."""
    result = await begin(hass, login_of(exchange) | nothing)
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert result["options"] == {}


async def test_a_number_that_is_none_is_refused_in_the_first_form(
    hass: HomeAssistant, exchange: RunningExchange
) -> None:
    """A wrong number is shown at its field, and what was typed is kept."""
    wrong = login_of(exchange) | {CONF_CALLER: "my telephone"}
    result = await begin(hass, wrong)
    assert result["type"] is FlowResultType.FORM
    assert result["errors"] == {CONF_CALLER: "invalid_number"}
    assert kept_in(result) == wrong
    assert hass.config_entries.async_entries(DOMAIN) == []
    result = await send(hass, result, wrong | {CONF_CALLER: "777 000 111"})
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert result["options"] == {CONF_CALLER: "777 000 111"}


@pytest.mark.parametrize("language", ["en", "cs"])
async def test_the_last_page_says_what_comes_next(
    hass: HomeAssistant, exchange: RunningExchange, language: str
) -> None:
    """The last page links to the dashboard and to push, the two things most users miss."""
    result = await begin(hass, login_of(exchange))
    assert result["description"] is None, "the frontend then shows the text named default"
    texts = await async_get_translations(hass, language, "config", {DOMAIN})
    text = texts[f"component.{DOMAIN}.config.create_entry.default"]
    shown = text.format(**result["description_placeholders"])
    links = re.findall(r"\[[^]]+\]\(([^)]+)\)", shown)
    assert links == ["/config/lovelace/dashboards", "/config/integrations/integration/odorik"]


async def test_a_line_is_set_up_with_its_sip_password(
    hass: HomeAssistant, exchange: RunningExchange
) -> None:
    """Somebody who has only one line of an office could not use the integration."""
    result = await begin(hass, line_login(exchange))
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert result["result"].unique_id == str(LINE)


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        ("authentication_failed", "invalid_auth"),
        ("authentication_required", "invalid_auth"),
        ("html", "cannot_connect"),
        ("401", "cannot_connect"),
        ("403", "cannot_connect"),
        ("500", "cannot_connect"),
        ("503", "cannot_connect"),
        ("reset", "cannot_connect"),
        ("timeout", "cannot_connect"),
        ("bad_json", "cannot_connect"),
    ],
)
async def test_a_form_that_failed_is_corrected_and_sent_again(
    hass: HomeAssistant,
    exchange: RunningExchange,
    monkeypatch: pytest.MonkeyPatch,
    fault: str,
    error: str,
) -> None:
    """Who mistypes the password, or hits a bad minute, would have to begin all over."""
    monkeypatch.setattr("custom_components.odorik.api.connection.TIMEOUT", 0.5)
    exchange.fail(fault, times=0)
    result = await begin(hass, login_of(exchange))
    assert result["type"] is FlowResultType.FORM
    assert result["errors"] == {"base": error}
    # What was typed is offered again, so that only the mistake has to be mended.
    suggested = {
        str(key): (key.description or {}).get("suggested_value")
        for key in result["data_schema"].schema
    }
    assert suggested[CONF_USERNAME] == exchange.username

    exchange.exchange.faults.clear()
    result = await send(hass, result, login_of(exchange))
    assert result["type"] is FlowResultType.CREATE_ENTRY


async def test_a_wrong_password_is_refused_by_the_exchange_itself(
    hass: HomeAssistant, exchange: RunningExchange, caplog: pytest.LogCaptureFixture
) -> None:
    """A made-up refusal in a test could differ from the operator's."""
    result = await begin(hass, login_of(exchange, password="the-one-of-the-website"))
    assert result["errors"] == {"base": "invalid_auth"}
    assert "the-one-of-the-website" not in caplog.text


async def test_a_login_that_may_not_list_its_lines_is_good(
    hass: HomeAssistant, exchange: RunningExchange
) -> None:
    """A login with few rights could never be set up; only who was let in is told that."""
    exchange.fail("unauthorized")
    result = await begin(hass, login_of(exchange))
    assert result["type"] is FlowResultType.CREATE_ENTRY


async def test_a_refusal_that_nobody_documents_is_shown_in_the_operators_words(
    hass: HomeAssistant, exchange: RunningExchange
) -> None:
    """An account that is blocked would be set up, and then never load, without a word why."""
    exchange.fail("account_blocked since yesterday", times=0)
    result = await begin(hass, login_of(exchange))
    assert result["errors"] == {"base": "refused"}
    assert result["description_placeholders"] == {"reason": "account_blocked since yesterday"}
    assert hass.config_entries.async_entries(DOMAIN) == []
    exchange.exchange.faults.clear()
    result = await send(hass, result, login_of(exchange))
    assert result["type"] is FlowResultType.CREATE_ENTRY


@pytest.mark.parametrize(
    "source", [config_entries.SOURCE_REAUTH, config_entries.SOURCE_RECONFIGURE]
)
async def test_a_new_password_that_is_refused_otherwise_is_not_taken(
    hass: HomeAssistant, exchange: RunningExchange, account: MockConfigEntry, source: str
) -> None:
    """The password that works would be replaced by one that has never been let in."""
    start = (
        account.start_reauth_flow
        if source == config_entries.SOURCE_REAUTH
        else account.start_reconfigure_flow
    )
    form = await start(hass)
    exchange.fail("account_blocked", path="/lines.json", times=0)
    result = await send(hass, form, {CONF_PASSWORD: "another"})
    assert result["type"] is FlowResultType.FORM
    assert result["errors"] == {"base": "refused"}
    words = result["description_placeholders"]
    assert (words["username"], words["reason"]) == (exchange.username, "account_blocked")
    assert account.data[CONF_PASSWORD] == exchange.password
    exchange.exchange.faults.clear()
    result = await send(hass, result, {CONF_PASSWORD: exchange.password})
    assert result["type"] is FlowResultType.ABORT


async def test_a_fault_of_ours_is_shown_as_such_and_can_be_tried_again(
    hass: HomeAssistant, exchange: RunningExchange, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The form would break off with nothing but an error number."""

    async def broken(_: OdorikClient) -> None:
        raise RuntimeError

    with monkeypatch.context() as patch:
        patch.setattr(OdorikClient, "lines", broken)
        result = await begin(hass, login_of(exchange))
    assert result["errors"] == {"base": "unknown"}
    result = await send(hass, result, login_of(exchange))
    assert result["type"] is FlowResultType.CREATE_ENTRY


async def test_an_account_is_not_set_up_twice(
    hass: HomeAssistant, exchange: RunningExchange, account: MockConfigEntry
) -> None:
    """Each call would be reported twice."""
    result = await begin(hass, login_of(exchange))
    assert result["type"] is FlowResultType.ABORT
    assert result["reason"] == "already_configured"
    assert hass.config_entries.async_entries(DOMAIN) == [account]


async def test_a_form_left_open_elsewhere_blocks_nobody(
    hass: HomeAssistant, exchange: RunningExchange
) -> None:
    """A forgotten tab on the wall tablet would keep the account from being set up at the desk."""
    forgotten = await begin(hass, login_of(exchange, password="wrong"))
    untouched = await begin(hass)
    result = await begin(hass, login_of(exchange))
    assert result["type"] is FlowResultType.CREATE_ENTRY
    # Whoever comes back to them is told, and nothing is set up a second time.
    for form in (forgotten, untouched):
        result = await send(hass, form, login_of(exchange))
        assert result["reason"] == "already_configured"


@pytest.mark.parametrize("is_running", [True, False])
async def test_a_line_of_an_account_that_is_set_up_is_refused_with_the_reason(
    hass: HomeAssistant,
    exchange: RunningExchange,
    account: MockConfigEntry,
    *,
    is_running: bool,
) -> None:
    """Its calls would be reported twice, whether or not the account is running just now."""
    if not is_running:
        assert await hass.config_entries.async_unload(account.entry_id)
    result = await begin(hass, line_login(exchange))
    assert result["type"] is FlowResultType.FORM
    assert result["errors"] == {"base": "line_of_account"}
    assert result["description_placeholders"] == {"line": str(LINE), "account": account.title}
    # Once the account is gone the line may be set up, and this form is in nobody's way meanwhile.
    await hass.config_entries.async_remove(account.entry_id)
    other = await begin(hass, line_login(exchange))
    assert other["type"] is FlowResultType.CREATE_ENTRY
    assert result["flow_id"] not in [
        flow["flow_id"] for flow in hass.config_entries.flow.async_progress()
    ]


async def test_an_account_is_refused_while_a_line_of_it_is_set_up_on_its_own(
    hass: HomeAssistant, exchange: RunningExchange
) -> None:
    """The same, with the line first and its account afterwards."""
    line = (await begin(hass, line_login(exchange)))["result"]
    result = await begin(hass, login_of(exchange))
    assert result["errors"] == {"base": "account_of_line"}
    assert result["description_placeholders"] == {"line": str(LINE)}
    await hass.config_entries.async_remove(line.entry_id)
    result = await send(hass, result, login_of(exchange))
    assert result["type"] is FlowResultType.CREATE_ENTRY


async def test_an_account_that_was_disabled_stands_in_no_lines_way(
    hass: HomeAssistant, exchange: RunningExchange, account: MockConfigEntry
) -> None:
    """Who disabled the account to use one line instead could not."""
    await hass.config_entries.async_set_disabled_by(
        account.entry_id, config_entries.ConfigEntryDisabler.USER
    )
    result = await begin(hass, line_login(exchange))
    assert result["type"] is FlowResultType.CREATE_ENTRY


async def test_another_account_with_other_lines_is_set_up_beside_the_first(
    hass: HomeAssistant, exchange: RunningExchange
) -> None:
    """The guard against double events would keep the office out of the house."""
    add(hass, "7654321")
    result = await begin(hass, login_of(exchange))
    assert result["type"] is FlowResultType.CREATE_ENTRY


async def test_a_changed_password_is_asked_for_and_only_it_is_changed(
    hass: HomeAssistant, exchange: RunningExchange, account: MockConfigEntry, tick: Tick
) -> None:
    """After the password is changed at the operator, the account would be lost for good."""
    exchange.world.account().password = "changed"
    await tick(15)
    (form,) = hass.config_entries.flow.async_progress()
    assert form["context"]["source"] == config_entries.SOURCE_REAUTH
    assert form["step_id"] == "reauth_confirm"

    result = await send(hass, form, {CONF_PASSWORD: "mistyped"})
    assert result["type"] is FlowResultType.FORM
    assert result["errors"] == {"base": "invalid_auth"}
    assert result["description_placeholders"]["username"] == exchange.username
    exchange.fail("503")
    result = await send(hass, result, {CONF_PASSWORD: "changed"})
    assert result["errors"] == {"base": "cannot_connect"}

    result = await send(hass, result, {CONF_PASSWORD: "changed"})
    assert result["type"] is FlowResultType.ABORT
    assert result["reason"] == "reauth_successful"
    assert account.data == login_of(exchange, password="changed")
    assert account.unique_id == exchange.username
    assert account.state is config_entries.ConfigEntryState.LOADED
    assert account.runtime_data.active.last_update_success


async def test_a_form_that_somebody_fills_in_is_not_taken_away(
    hass: HomeAssistant, exchange: RunningExchange, account: MockConfigEntry, tick: Tick
) -> None:
    """The form vanished under the hands of who had mistyped the password and began again."""
    exchange.world.account().password = "changed"
    await tick(15)
    (form,) = hass.config_entries.flow.async_progress()
    result = await send(hass, form, {CONF_PASSWORD: "mistyped"})
    assert result["errors"] == {"base": "invalid_auth"}
    # The old password is right again: the polls succeed, and nothing has to be asked.
    exchange.world.account().password = account.data[CONF_PASSWORD]
    data = account.runtime_data
    for reading in (data.account, data.active, data.history, data.statistics):
        await reading.async_refresh()
    assert hass.config_entries.flow.async_progress()
    await tick(200)
    await send(hass, result, {CONF_PASSWORD: "mistyped again"})
    await tick(200)
    assert hass.config_entries.flow.async_progress()
    await tick(300)
    await tick(15 * 60)
    assert not hass.config_entries.flow.async_progress()


async def test_the_password_can_be_changed_before_anything_fails(
    hass: HomeAssistant, exchange: RunningExchange, account: MockConfigEntry
) -> None:
    """Who has changed the password would have to wait for the failure to be asked for it."""
    exchange.world.account().password = "changed"
    form = await account.start_reconfigure_flow(hass)
    assert form["step_id"] == "reconfigure"
    assert form["data_schema"]
    assert [str(key) for key in form["data_schema"].schema] == [CONF_PASSWORD]
    result = await send(hass, form, {CONF_PASSWORD: "mistyped"})
    assert result["errors"] == {"base": "invalid_auth"}
    assert account.data == login_of(exchange)

    result = await send(hass, result, {CONF_PASSWORD: "changed"})
    assert result["type"] is FlowResultType.ABORT
    assert result["reason"] == "reconfigure_successful"
    assert account.data == login_of(exchange, password="changed")
    assert account.state is config_entries.ConfigEntryState.LOADED


def kept_in(form: Any) -> dict[str, Any]:
    """Tell what an options form shows when it is opened."""
    return {
        str(key): value
        for key in form["data_schema"].schema
        if (value := (key.description or {}).get("suggested_value")) is not None
    }


async def test_options_keep_their_values_and_the_number_can_be_taken_out(
    hass: HomeAssistant, account: MockConfigEntry
) -> None:
    """Who changes one option would lose the others, or could never get rid of a number."""
    options = {
        CONF_CALLER: "+420 777 123 456",
        CONF_ACTIVE_INTERVAL: 30,
        CONF_LOW_CREDIT: 50,
        CONF_UNREGISTERED_LINES: True,
    }
    form = await hass.config_entries.options.async_init(account.entry_id)
    assert form["step_id"] == "init"
    assert kept_in(form) == {}
    result = await hass.config_entries.options.async_configure(form["flow_id"], options)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert options.items() <= account.options.items()
    assert account.runtime_data.active.update_interval.total_seconds() == 30

    form = await hass.config_entries.options.async_init(account.entry_id)
    assert options.items() <= kept_in(form).items()
    emptied = {name: value for name, value in kept_in(form).items() if name != CONF_CALLER}
    await hass.config_entries.options.async_configure(form["flow_id"], emptied)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert CONF_CALLER not in account.options
    assert account.options[CONF_ACTIVE_INTERVAL] == 30


async def test_a_number_that_is_none_is_refused_and_can_be_corrected(
    hass: HomeAssistant, account: MockConfigEntry
) -> None:
    """A callback would be ordered to nowhere, and fail only when it is wanted."""
    form = await hass.config_entries.options.async_init(account.entry_id)
    options = {CONF_ACTIVE_INTERVAL: 20, CONF_LOW_CREDIT: 0, CONF_UNREGISTERED_LINES: False}
    wrong = options | {CONF_CALLER: "my telephone"}
    result = await hass.config_entries.options.async_configure(form["flow_id"], wrong)
    assert result["type"] is FlowResultType.FORM
    assert result["errors"] == {CONF_CALLER: "invalid_number"}
    assert wrong.items() <= kept_in(result).items()
    blank = options | {CONF_CALLER: "  "}
    result = await hass.config_entries.options.async_configure(form["flow_id"], blank)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert CONF_CALLER not in account.options


async def test_an_interval_out_of_bounds_is_refused(
    hass: HomeAssistant, account: MockConfigEntry, subtests: pytest.Subtests
) -> None:
    """A second would trouble the operator, and an hour would show no call at all."""
    for interval in (4, 301, -10, "often"):
        hass.config_entries.async_update_entry(account, options={})
        await hass.async_block_till_done(wait_background_tasks=True)
        form = await hass.config_entries.options.async_init(account.entry_id)
        with subtests.test(interval=interval):
            with pytest.raises(Exception, match=r"(?i)schema|interval"):
                await hass.config_entries.options.async_configure(
                    form["flow_id"], {CONF_ACTIVE_INTERVAL: interval}
                )
            assert CONF_ACTIVE_INTERVAL not in account.options


async def test_an_interval_is_stored_as_a_whole_number(
    hass: HomeAssistant, account: MockConfigEntry
) -> None:
    """The form sends 30.0, and whoever reads the options would meet a fraction."""
    form = await hass.config_entries.options.async_init(account.entry_id)
    await hass.config_entries.options.async_configure(
        form["flow_id"], {CONF_ACTIVE_INTERVAL: 30.0, CONF_LOW_CREDIT: 50.0}
    )
    await hass.async_block_till_done(wait_background_tasks=True)
    assert repr(account.options[CONF_ACTIVE_INTERVAL]) == "30"
    assert repr(account.options[CONF_LOW_CREDIT]) == "50"
    assert account.options[CONF_UNREGISTERED_LINES] is False


async def test_the_forms_can_be_drawn(
    hass: HomeAssistant, account: MockConfigEntry, hass_client: Any
) -> None:
    """A schema that the frontend cannot read shows an empty page."""
    assert await async_setup_component(hass, "config", {})
    client = await hass_client()
    answer = await client.post(
        "/api/config/config_entries/options/flow", json={"handler": account.entry_id}
    )
    fields = {field["name"]: field for field in (await answer.json())["data_schema"]}
    assert "number" in fields[CONF_ACTIVE_INTERVAL]["selector"]
    assert fields[CONF_CALLER]["optional"]
    assert not fields[CONF_CALLER].get("required")


async def test_a_password_for_an_account_that_was_removed_says_so(
    hass: HomeAssistant, account: MockConfigEntry
) -> None:
    """The form ends with a message, whether it is sent or only shown again."""
    forms = [await account.start_reconfigure_flow(hass) for _ in range(2)]
    assert await hass.config_entries.async_remove(account.entry_id)
    for form, values in zip(forms, ({CONF_PASSWORD: "new"}, None), strict=True):
        result = await hass.config_entries.flow.async_configure(form["flow_id"], values)
        assert (result["type"], result["reason"]) == (FlowResultType.ABORT, "account_removed")


async def test_an_account_may_be_removed_while_its_new_password_is_tried(
    hass: HomeAssistant, account: MockConfigEntry, monkeypatch: pytest.MonkeyPatch
) -> None:
    """There is nothing left that the password belongs to."""
    form = await account.start_reconfigure_flow(hass)
    ask = OdorikClient.lines

    async def remove_and_ask(client: OdorikClient) -> list[Line]:
        await hass.config_entries.async_remove(account.entry_id)
        return await ask(client)

    monkeypatch.setattr(OdorikClient, "lines", remove_and_ask)
    password = account.data[CONF_PASSWORD]
    result = await send(hass, form, {CONF_PASSWORD: password})
    assert (result["type"], result["reason"]) == (FlowResultType.ABORT, "account_removed")


async def test_an_account_is_added_once_by_two_forms(
    hass: HomeAssistant, exchange: RunningExchange
) -> None:
    """Two forms that are sent at once try the login side by side."""
    forms = [await begin(hass) for _ in range(2)]
    results = await asyncio.gather(
        *(send(hass, form, login_of(exchange)) for form in forms), return_exceptions=True
    )
    assert len(hass.config_entries.async_entries(DOMAIN)) == 1
    kinds = [result["type"] for result in results if isinstance(result, dict)]
    assert sorted(kinds) == [FlowResultType.ABORT, FlowResultType.CREATE_ENTRY]
