"""The actions that users and their automations call.

Each takes the same five steps: the schema turns the input into values, the account is found, the
user is looked at, the operator is asked once, and its answer or refusal is handed back.
"""

from collections.abc import Awaitable, Callable
from functools import partial
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
from homeassistant.exceptions import Unauthorized, UnknownUser
from homeassistant.helpers import service
import probatio as vol

from .actions import schemas
from .actions.callback import order_callback
from .actions.export import export_calls
from .actions.hangup import hang_up
from .actions.history import get_calls
from .actions.statistics import get_missed_calls, get_statistics, get_statistics_by_destination
from .actions.years import rebuild_statistics
from .api import OdorikError
from .const import DOMAIN
from .errors import action_failed
from .permission import entity_of, may
from .runtime import OdorikConfigEntry

type Answer = dict[str, Any]
type Action = Callable[[OdorikConfigEntry, ServiceCall], Awaitable[Answer]]

ACTIONS: Final[tuple[tuple[str, Action, vol.Schema | vol.All[Any], str], ...]] = (
    ("callback", order_callback, schemas.CALLBACK, POLICY_CONTROL),
    ("hangup", hang_up, schemas.HANGUP, POLICY_CONTROL),
    ("get_calls", get_calls, schemas.GET_CALLS, POLICY_READ),
    ("get_statistics", get_statistics, schemas.GET_STATISTICS, POLICY_READ),
    (
        "get_statistics_by_destination",
        get_statistics_by_destination,
        schemas.GET_STATISTICS,
        POLICY_READ,
    ),
    ("get_missed_calls", get_missed_calls, schemas.GET_MISSED_CALLS, POLICY_READ),
    ("export_calls", export_calls, schemas.EXPORT_CALLS, POLICY_CONTROL),
)
"""Each action with what it takes, and what a user must be allowed to do to the account."""


@callback
def async_setup_services(hass: HomeAssistant) -> None:
    """Register the actions; those that need no control only ask, and exist to answer."""
    for name, action, schema, policy in ACTIONS:
        hass.services.async_register(
            DOMAIN,
            name,
            partial(_run, action, policy),
            schema,
            supports_response=(
                SupportsResponse.ONLY if policy == POLICY_READ else SupportsResponse.OPTIONAL
            ),
        )
    # The statistics belong to all users, so only administrators may rewrite them.
    service.async_register_admin_service(
        hass,
        DOMAIN,
        "rebuild_statistics",
        partial(_run, rebuild_statistics, None),
        schemas.REBUILD_STATISTICS,
        SupportsResponse.OPTIONAL,
    )


async def _run(action: Action, policy: str | None, call: ServiceCall) -> ServiceResponse:
    """Take the steps that all actions have in common; without a policy, check no permission."""
    entry: OdorikConfigEntry = service.async_get_config_entry(
        call.hass, DOMAIN, call.data.get(ATTR_CONFIG_ENTRY_ID)
    )
    if policy is not None:
        await _check_permission(call, entry, policy)
    try:
        if policy == POLICY_READ:
            answer = await _read(action, entry, call)
        else:
            answer = await action(entry, call)
    except OdorikError as err:
        raise action_failed(call.hass, entry, err) from None
    return answer if call.return_response else None


async def _read(action: Action, entry: OdorikConfigEntry, call: ServiceCall) -> Answer:
    """Answer a question, or share the answer to an equal one since the last event of a call.

    What has been reported is always in the answer.
    """
    data = entry.runtime_data
    question = (action, data.reporter.reported, frozenset(call.data.items()))
    return await data.readings.ask(call.context.user_id, question, partial(action, entry, call))


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
            entity_id=entity_of(call.hass, entry),
            config_entry_id=entry.entry_id,
            permission=policy,
            perm_category=CAT_ENTITIES,
        )
