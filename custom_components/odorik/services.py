"""Register the actions.

All actions take the same steps: validate the fields by a schema, find the account, check the user's
permission, send the request once, and return the response or raise the error.
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
from .actions.calls import allow_number, hang_up, order_callback
from .actions.export import export_calls
from .actions.history import get_calls
from .actions.messages import send_sms
from .actions.statistics import (
    get_missed_calls,
    get_statistics,
    get_statistics_by_destination,
    rebuild_statistics,
)
from .api import OdorikError
from .const import DOMAIN
from .errors import action_failed
from .permission import entity_of, has_permission
from .runtime import OdorikConfigEntry

type Response = dict[str, Any]
type Action = Callable[[OdorikConfigEntry, ServiceCall], Awaitable[Response]]

ACTIONS: Final[tuple[tuple[str, Action, vol.Schema | vol.All[Any], str], ...]] = (
    ("callback", order_callback, schemas.CALLBACK, POLICY_CONTROL),
    ("send_sms", send_sms, schemas.SEND_SMS, POLICY_CONTROL),
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
"""Name, function, schema, and the permission that the user needs for the account."""


@callback
def async_setup_services(hass: HomeAssistant) -> None:
    """Register the actions. Those that only read always return a response."""
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
    # The statistics are shared by all users, and only administrators may change the options.
    for name, action, schema in (
        ("rebuild_statistics", rebuild_statistics, schemas.REBUILD_STATISTICS),
        ("allow_number", allow_number, schemas.ALLOW_NUMBER),
    ):
        service.async_register_admin_service(
            hass, DOMAIN, name, partial(_run, action, None), schema, SupportsResponse.OPTIONAL
        )


async def _run(action: Action, policy: str | None, call: ServiceCall) -> ServiceResponse:
    """Run an action; without a policy, no permission is checked."""
    entry: OdorikConfigEntry = service.async_get_config_entry(
        call.hass, DOMAIN, call.data.get(ATTR_CONFIG_ENTRY_ID)
    )
    if policy is not None:
        await _check_permission(call, entry, policy)
    try:
        if policy == POLICY_READ:
            response = await _read(action, entry, call)
        else:
            response = await action(entry, call)
    except OdorikError as err:
        raise action_failed(call.hass, entry, err) from None
    return response if call.return_response else None


async def _read(action: Action, entry: OdorikConfigEntry, call: ServiceCall) -> Response:
    """Run an action that reads, or share the response of an equal call.

    A response is shared until the next call event, so it always contains the calls of past events.
    """
    data = entry.runtime_data
    question = (action, data.dispatcher.dispatched, frozenset(call.data.items()))
    return await data.readings.ask(call.context.user_id, question, partial(action, entry, call))


async def _check_permission(call: ServiceCall, entry: OdorikConfigEntry, policy: str) -> None:
    """Check the permission of the user; automations have no user and may do everything."""
    if (user_id := call.context.user_id) is None:
        return
    user = await call.hass.auth.async_get_user(user_id)
    if user is None:
        raise UnknownUser(context=call.context, permission=policy, perm_category=CAT_ENTITIES)
    if not has_permission(call.hass, user, entry, policy):
        raise Unauthorized(
            context=call.context,
            entity_id=entity_of(call.hass, entry),
            config_entry_id=entry.entry_id,
            permission=policy,
            perm_category=CAT_ENTITIES,
        )
