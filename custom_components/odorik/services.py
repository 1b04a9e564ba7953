"""The actions that users and their automations call.

Each takes the same five steps: the schema turns the input into values, the account is found, the
user is looked at, the operator is asked once, and its answer or refusal is handed back.
"""

import asyncio
from collections.abc import AsyncIterable, Awaitable, Callable, Iterable
from contextlib import suppress
from datetime import timedelta
from functools import cache, partial
from itertools import batched
from operator import attrgetter
from typing import Any, Final

from homeassistant.auth.permissions.const import CAT_ENTITIES, POLICY_CONTROL, POLICY_READ
from homeassistant.const import ATTR_CONFIG_ENTRY_ID
from homeassistant.core import (
    HomeAssistant,
    ServiceCall,
    ServiceResponse,
    SupportsResponse,
    callback,
)
from homeassistant.exceptions import (
    HomeAssistantError,
    ServiceValidationError,
    Unauthorized,
    UnknownUser,
)
from homeassistant.helpers import service
from msgspec import to_builtins

from . import contacts, phone_number
from .action_schemas import (
    ATTR_ACTIVE_CALL_ID,
    ATTR_AT,
    ATTR_CALLER,
    ATTR_DELAY,
    ATTR_END,
    ATTR_FORMAT,
    ATTR_LIMIT,
    ATTR_LINE,
    ATTR_NUMBER,
    ATTR_PATH,
    ATTR_RECIPIENT,
    ATTR_SIMPLE,
    ATTR_SIP_IDS,
    ATTR_START,
    CALLBACK_SCHEMA,
    EXPORT_CALLS_SCHEMA,
    GET_CALLS_SCHEMA,
    GET_MISSED_CALLS_SCHEMA,
    GET_STATISTICS_SCHEMA,
    HANGUP_SCHEMA,
    MAX_MINUTES,
    SELECTING,
)
from .api import (
    ActiveCall,
    Call,
    Direction,
    OdorikApiError,
    OdorikAuthError,
    OdorikConnectionError,
    OdorikError,
    OdorikNotSentError,
)
from .callback_limit import async_count_callback
from .const import CONF_CALLER, DOMAIN
from .coordinator import OdorikConfigEntry, OdorikData
from .directory import Directory
from .errors import action_failed
from .export import async_export, export_path
from .permission import may, sensor_of

TURN: Final = 500
"""Rows that are made into an answer before others get their turn."""

type Answer = dict[str, Any]
type Action = Callable[[OdorikConfigEntry, ServiceCall], Awaitable[Answer]]


@callback
def async_setup_services(hass: HomeAssistant) -> None:
    """Register the actions; who may only read may only ask, and what asks exists to answer."""
    for name, action, schema, policy in (
        ("callback", _callback, CALLBACK_SCHEMA, POLICY_CONTROL),
        ("hangup", _hangup, HANGUP_SCHEMA, POLICY_CONTROL),
        ("get_calls", _get_calls, GET_CALLS_SCHEMA, POLICY_READ),
        ("get_statistics", _get_statistics, GET_STATISTICS_SCHEMA, POLICY_READ),
        (
            "get_statistics_by_destination",
            _get_statistics_by_destination,
            GET_STATISTICS_SCHEMA,
            POLICY_READ,
        ),
        ("get_missed_calls", _get_missed_calls, GET_MISSED_CALLS_SCHEMA, POLICY_READ),
        ("export_calls", _export_calls, EXPORT_CALLS_SCHEMA, POLICY_CONTROL),
    ):
        hass.services.async_register(
            DOMAIN,
            name,
            partial(_run, action, policy),
            schema,
            supports_response=(
                SupportsResponse.ONLY if policy == POLICY_READ else SupportsResponse.OPTIONAL
            ),
        )


async def _run(action: Action, policy: str, call: ServiceCall) -> ServiceResponse:
    """Take the steps that all actions have in common."""
    entry: OdorikConfigEntry = service.async_get_config_entry(
        call.hass, DOMAIN, call.data.get(ATTR_CONFIG_ENTRY_ID)
    )
    await _check_permission(call, entry, policy)
    try:
        answer = await action(entry, call)
    except OdorikError as err:
        raise _failed(call.hass, entry, err) from None
    return answer if call.return_response else None


async def _check_permission(call: ServiceCall, entry: OdorikConfigEntry, policy: str) -> None:
    """Let a user do to the account what they may do to its active calls; automations may all."""
    if (user_id := call.context.user_id) is None:
        return
    user = await call.hass.auth.async_get_user(user_id)
    if user is None:
        raise UnknownUser(context=call.context, permission=policy, perm_category=CAT_ENTITIES)
    if not may(call.hass, user, entry, policy):
        raise Unauthorized(
            context=call.context,
            entity_id=sensor_of(call.hass, entry),
            config_entry_id=entry.entry_id,
            permission=policy,
            perm_category=CAT_ENTITIES,
        )


async def _callback(entry: OdorikConfigEntry, call: ServiceCall) -> Answer:
    """Order a call; the order goes out once, whatever becomes of it."""
    data, order = entry.runtime_data, call.data
    now = data.client.now()
    directory = data.account.data.directory
    recipient = _party(order[ATTR_RECIPIENT], directory)
    wanted = order.get(ATTR_CALLER) or entry.options.get(CONF_CALLER)
    if not wanted:
        raise ServiceValidationError(translation_domain=DOMAIN, translation_key="no_caller")
    caller = _party(wanted, directory)
    delay, at, line = (order.get(name) for name in (ATTR_DELAY, ATTR_AT, ATTR_LINE))
    if at is not None and at <= now:
        raise ServiceValidationError(translation_domain=DOMAIN, translation_key="delayed_into_past")
    if at is not None and at > now + timedelta(minutes=MAX_MINUTES):
        raise ServiceValidationError(translation_domain=DOMAIN, translation_key="delayed_too_far")
    async_count_callback(entry)
    # The log hears of the order first: its legs may be seen before the answer is here, and by a
    # log that has been started anew meanwhile.
    log = data.history.log
    remembered = log.order(caller, recipient, line, at or now + timedelta(minutes=delay or 0))
    await data.history.async_keep()
    try:
        status = await data.client.callback(
            caller,
            recipient,
            delayed=delay if at is None else at,
            line=line,
            simple=order.get(ATTR_SIMPLE),
        )
    except OdorikApiError, OdorikNotSentError:
        log.withdraw(remembered)
        raise
    finally:
        await data.active.async_request_refresh()
    return {"status": status.value}


async def _hangup(entry: OdorikConfigEntry, call: ServiceCall) -> Answer:
    """End the calls that are meant."""
    number, line = call.data.get(ATTR_NUMBER), call.data.get(ATTR_LINE)
    call_id: int | None = call.data.get(ATTR_ACTIVE_CALL_ID)
    if call_id is not None:
        return {"hung_up": await _hang_up_one(entry, call_id)}
    if number is not None and not any(char.isdecimal() for char in number):
        number = _party(number, entry.runtime_data.account.data.directory)

    def is_meant(active: ActiveCall) -> bool:
        if number is not None:
            parties = (active.source_number, active.destination_number)
            return any(phone_number.same(number, party) for party in parties)
        return line is None or active.line == line

    return {"hung_up": await async_hang_up(entry, is_meant)}


async def _hang_up_one(entry: OdorikConfigEntry, call_id: int) -> list[int]:
    """End one call, which has to be there."""
    hung_up, failed = await _end(entry.runtime_data, [call_id])
    if not hung_up and not failed:
        raise HomeAssistantError(
            translation_domain=DOMAIN,
            translation_key="call_has_ended",
            translation_placeholders={"active_call_id": str(call_id)},
        )
    for err in failed.values():
        raise err
    return hung_up


async def async_hang_up(
    entry: OdorikConfigEntry, is_meant: Callable[[ActiveCall], bool]
) -> list[int]:
    """End the active calls that are meant, and tell which ones were ended.

    A call that ended meanwhile is what was wanted, and no error.

    Raises:
        HomeAssistantError: some could not be ended, and which; or nothing could be asked.
    """
    data = entry.runtime_data
    try:
        active = await data.client.active_calls()
        hung_up, failed = await _end(data, [call.id for call in active if is_meant(call)])
    except OdorikError as err:
        raise _failed(data.active.hass, entry, err) from None
    if failed:
        raise HomeAssistantError(
            translation_domain=DOMAIN,
            translation_key="hangup_failed",
            translation_placeholders={"failed": _listed(failed), "hung_up": _listed(hung_up)},
        )
    return hung_up


async def _end(data: OdorikData, ids: list[int]) -> tuple[list[int], dict[int, OdorikError]]:
    """End calls, all at once; tell which were ended, and which are still up and why.

    A refusal may mean that the call ended meanwhile, and a missing answer that it was ended, so
    the list of active calls has the last word.
    """

    async def end(call_id: int) -> OdorikError | None:
        try:
            await data.client.hang_up(call_id)
        except OdorikError as err:
            return err
        return None

    outcomes = dict(zip(ids, await asyncio.gather(*map(end, ids)), strict=True))
    await data.active.async_request_refresh()
    errors = {call_id: err for call_id, err in outcomes.items() if err is not None}
    still_up = set(errors)
    if errors:
        for err in errors.values():
            if isinstance(err, OdorikAuthError):
                raise err
        with suppress(OdorikError):
            still_up &= {call.id for call in await data.client.active_calls()}
    hung_up = [
        call_id
        for call_id, err in outcomes.items()
        if err is None or (isinstance(err, OdorikConnectionError) and call_id not in still_up)
    ]
    return hung_up, {call_id: errors[call_id] for call_id in ids if call_id in still_up}


def _listed(ids: Iterable[int]) -> str:
    """Write ids for a person."""
    return ", ".join(map(str, ids)) or "–"  # noqa: RUF001 - a dash for none.


async def _get_calls(entry: OdorikConfigEntry, call: ServiceCall) -> Answer:
    """Read the newest calls that are wanted."""
    data = entry.runtime_data
    directory = data.account.data.directory
    pages = data.client.calls(**_selection(entry, call, directory))
    newest = await _newest(pages, call.data[ATTR_LIMIT])
    # The same few people fill a history, so each is looked up once.
    name_of = cache(directory.name_of)
    hidden = () if call.data.get(ATTR_SIP_IDS) else ("sip_in_call_id", "sip_out_call_id")
    answer: list[Answer] = []
    for some in batched(newest, TURN, strict=False):
        rows: list[Answer] = to_builtins(some)
        for record, row in zip(some, rows, strict=True):
            is_sms = record.is_sms
            is_ours = is_sms or record.direction is Direction.OUT
            row["name"] = name_of(record.destination_number if is_ours else record.source_number)
            row["type"] = "sms" if is_sms else "call"
            for name in hidden:
                del row[name]
        answer += rows
        await asyncio.sleep(0)
    return {"calls": answer}


async def _newest(pages: AsyncIterable[list[Call]], limit: int) -> list[Call]:
    """Pick the newest calls of all pages, the newest first.

    Neither the order of the pages nor that of their rows is relied upon, and a call that has
    slipped from one page to the next while they were read is taken once. Not much more than twice
    ``limit`` calls and one page are held.
    """
    kept: dict[int, Call] = {}

    def newest() -> list[Call]:
        return sorted(kept.values(), key=attrgetter("date", "id"), reverse=True)[:limit]

    async for page in pages:
        kept |= {call.id: call for call in page}
        if len(kept) > 2 * limit:
            kept = {call.id: call for call in newest()}
    return newest()


async def _get_statistics(entry: OdorikConfigEntry, call: ServiceCall) -> Answer:
    """Sum up a period by direction."""
    answer: Answer = to_builtins(
        await entry.runtime_data.client.call_statistics(**_selection(entry, call))
    )
    return answer


async def _get_statistics_by_destination(entry: OdorikConfigEntry, call: ServiceCall) -> Answer:
    """Sum up a period by destination."""
    rows = await entry.runtime_data.client.statistics_by_destination(**_selection(entry, call))
    return {"destinations": to_builtins(rows)}


async def _get_missed_calls(entry: OdorikConfigEntry, call: ServiceCall) -> Answer:
    """Count the missed calls of a period by the number that was called."""
    rows = await entry.runtime_data.client.missed_calls(**_selection(entry, call))
    return {"missed_calls": to_builtins(rows)}


async def _export_calls(entry: OdorikConfigEntry, call: ServiceCall) -> Answer:
    """Write the calls that are wanted to a file."""
    data, form = entry.runtime_data, call.data[ATTR_FORMAT]
    selection = _selection(entry, call, data.account.data.directory)
    path = await call.hass.async_add_executor_job(
        export_path, call.hass.config, call.data[ATTR_PATH]
    )
    pages = data.client.export_calls(form, **selection)
    return {"path": str(path), "calls": await async_export(call.hass, path, form, pages)}


def _selection(
    entry: OdorikConfigEntry, call: ServiceCall, directory: Directory | None = None
) -> dict[str, Any]:
    """Put what selects calls into the client's words; a period without an end lasts until now."""
    # A switch that is off goes out as if it had not been touched.
    selection = {
        name: value
        for name in SELECTING
        if (value := call.data.get(name)) is not None and value is not False
    }
    if ATTR_START in selection:
        selection.setdefault(ATTR_END, entry.runtime_data.client.now())
    if directory is not None and (number := call.data.get(ATTR_NUMBER)) is not None:
        selection["phone_number_filter"] = phone_number.dialable_prefix(number) or _party(
            number, directory
        )
    return selection


def _party(text: str, directory: Directory) -> str:
    """Take a number as people write it, or the name of a contact."""
    if number := phone_number.dialable(text):
        return number
    meant = {contact.number: contact for contact in contacts.named(text, directory.speed_dials)}
    if len(meant) > 1:
        raise ServiceValidationError(
            translation_domain=DOMAIN,
            translation_key="several_contacts",
            translation_placeholders={
                "name": text,
                "contacts": ", ".join(f"{it.name} ({it.number})" for it in meant.values()),
            },
        )
    for contact_number in meant:
        if number := phone_number.dialable(contact_number):
            return number
    raise ServiceValidationError(
        translation_domain=DOMAIN,
        translation_key="invalid_number",
        translation_placeholders={"number": text},
    )


@callback
def _failed(hass: HomeAssistant, entry: OdorikConfigEntry, err: OdorikError) -> HomeAssistantError:
    """Say what went wrong; a wrong login starts a new one."""
    if isinstance(err, OdorikAuthError):
        entry.async_start_reauth(hass)
    return action_failed(err)
