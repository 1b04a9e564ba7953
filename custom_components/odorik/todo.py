"""The to-do list of missed callers."""

from collections.abc import Sequence
from datetime import date, datetime
from itertools import groupby
import re
from typing import Final, override

from homeassistant.components.homeassistant.const import DATA_EXPOSED_ENTITIES
from homeassistant.components.homeassistant.exposed_entities import (
    KNOWN_ASSISTANTS,
    async_set_assistant_option,
)
from homeassistant.components.todo import (
    TodoItem,
    TodoItemStatus,
    TodoListEntity,
    TodoListEntityFeature,
)
from homeassistant.const import EVENT_CORE_CONFIG_UPDATE
from homeassistant.core import Event, HomeAssistant, callback
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.entity import EntityDescription
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback
from homeassistant.helpers.translation import async_load_integrations
from homeassistant.util import dt as dt_util

from .calls.inbox import Item, MissedCall, Resolution
from .const import DOMAIN
from .coordinator.inbox import InboxCoordinator
from .entity import OdorikEntity
from .localize import Localize, date_placeholders, escape_markdown, localizer
from .runtime import OdorikConfigEntry

PARALLEL_UPDATES = 0

MISSED_CALLS: Final = EntityDescription(key="missed_calls")
MAX_TIMES: Final = 5
"""Times of calls that the description lists."""

_DIALLED: Final = re.compile(r"\+?\d+")
"""A number that can be in a ``tel:`` link."""


async def async_setup_entry(
    hass: HomeAssistant,  # noqa: ARG001
    entry: OdorikConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the to-do list of the account."""
    async_add_entities([MissedCallsEntity(entry.runtime_data.inbox)])


class MissedCallsEntity(OdorikEntity[InboxCoordinator], TodoListEntity):
    """The missed callers of an account."""

    # The frontend's dialog sends the description and the due time even if only the status has
    # changed; Home Assistant refuses them if they are not supported.
    _attr_supported_features = (
        TodoListEntityFeature.UPDATE_TODO_ITEM
        | TodoListEntityFeature.DELETE_TODO_ITEM
        | TodoListEntityFeature.SET_DESCRIPTION_ON_ITEM
        | TodoListEntityFeature.SET_DUE_DATETIME_ON_ITEM
    )

    def __init__(self, inbox: InboxCoordinator) -> None:
        super().__init__(inbox, MISSED_CALLS)
        self._converted: list[tuple[Item, TodoItem]] = []

    @override
    async def _async_listen(self) -> None:
        self._hide_from_assistants()
        self._update_items()
        self.async_on_remove(
            self.hass.bus.async_listen(EVENT_CORE_CONFIG_UPDATE, self._async_config_changed)
        )

    async def _async_config_changed(self, event: Event) -> None:
        """Update all items after a change of the language or the time zone."""
        if event.data.keys() & {"language", "time_zone"}:
            await async_load_integrations(self.hass, {DOMAIN})
            self._converted = []
            self._update_items()
            self.async_write_ha_state()

    def _hide_from_assistants(self) -> None:
        """Hide a new list from voice assistants until the user exposes it, and add an alias.

        Home Assistant exposes to-do lists by default. Names and numbers would be sent to the
        provider of the assistant.
        """
        known = self.registry_entry
        if known is None or DATA_EXPOSED_ENTITIES not in self.hass.data:
            return
        if not any("should_expose" in options for options in known.options.values()):
            for assistant in KNOWN_ASSISTANTS:
                async_set_assistant_option(
                    self.hass, assistant, self.entity_id, "should_expose", value=False
                )
            self._add_alias(known)

    def _add_alias(self, known: er.RegistryEntry) -> None:
        """Add the name without that of the account as an alias, unless another account has it."""
        registry, name = er.async_get(self.hass), str(self.name)
        if not any(
            name in er.async_get_entity_aliases(self.hass, entry)
            for entry in registry.entities.values()
            if entry.domain == known.domain and entry.platform == DOMAIN
        ):
            registry.async_update_entity(self.entity_id, aliases=[*known.aliases, name])

    @callback
    @override
    def _handle_coordinator_update(self) -> None:
        self._update_items()
        super()._handle_coordinator_update()

    def _update_items(self) -> None:
        """Update the items; unchanged ones are kept."""
        localize = localizer(self.hass, "inbox")
        known = {id(item): todo_item for item, todo_item in self._converted}
        self._converted = [
            (item, known.get(id(item)) or _to_todo_item(item, localize))
            for item in self.coordinator.data
        ]
        self._attr_todo_items = [todo_item for _, todo_item in self._converted]

    @override
    async def async_create_todo_item(self, item: TodoItem) -> None:
        raise ServiceValidationError(translation_domain=DOMAIN, translation_key="inbox_add")

    @override
    async def async_update_todo_item(self, item: TodoItem) -> None:
        """Complete or reopen an item; other changes are refused."""
        # An action passes the status as a string.
        is_done = item.status == TodoItemStatus.COMPLETED
        caller = self.coordinator.find(item.uid)
        shown = next((known for known in self.todo_items or () if known.uid == item.uid), None)
        if caller is None or shown is None:
            return
        changes_status = (caller.completed is not None) is not is_done
        if _is_edited(item, shown, changes_status=changes_status):
            raise ServiceValidationError(translation_domain=DOMAIN, translation_key="inbox_edit")
        if changes_status:
            await self.coordinator.async_resolve(
                [caller.uid], Resolution.TICKED if is_done else Resolution.REOPENED
            )

    @override
    async def async_delete_todo_items(self, uids: list[str]) -> None:
        await self.coordinator.async_resolve(uids, Resolution.DELETED)


def _is_edited(item: TodoItem, shown: TodoItem, *, changes_status: bool) -> bool:
    """Return whether the summary, the description or the due time differs from what is shown."""
    if changes_status and item.description is None and item.due is None:
        # Voice assistants omit both.
        return item.summary != shown.summary
    return (item.summary, item.description, _to_whole_second(item.due)) != (
        shown.summary,
        shown.description,
        _to_whole_second(shown.due),
    )


def _to_whole_second(due: date | None) -> date | None:
    """Return a due time cut to whole seconds, since the frontend rounds it."""
    return due.replace(microsecond=0) if isinstance(due, datetime) else due


def _to_todo_item(item: Item, localize: Localize) -> TodoItem:
    """Convert an item of the inbox to a to-do item."""
    name = item.name or item.formatted or localize("withheld")
    count, is_done = len(item.calls), item.completed is not None
    return TodoItem(
        summary=f"{name} ({count}\N{MULTIPLICATION SIGN})" if count > 1 else name,
        uid=item.uid,
        status=TodoItemStatus.COMPLETED if is_done else TodoItemStatus.NEEDS_ACTION,
        due=dt_util.as_local(item.calls[-1].began),
        description=_description(item, localize),
        completed=item.completed,
    )


def _description(item: Item, localize: Localize) -> str:
    """Return the line, a link to call back, and the times of the calls, in Markdown."""
    parts = []
    if item.line_name or item.calls[-1].line:
        parts.append(escape_markdown(item.line_name or str(item.calls[-1].line)))
    if item.number and item.formatted:
        can_dial = _DIALLED.fullmatch(item.number)
        link = f"[{item.formatted}](tel:{item.number})"
        parts.append(link if can_dial else escape_markdown(item.formatted))
    parts.append(_times(item.calls, localize))
    return " · ".join(parts)


def _times(calls: Sequence[MissedCall], localize: Localize) -> str:
    """Format the times of calls, the latest first, grouped by day."""
    latest = [dt_util.as_local(call.began) for call in reversed(calls[-MAX_TIMES:])]
    days = []
    for day, moments in groupby(latest, key=datetime.date):
        times = ", ".join(f"{moment:%H:%M}" for moment in moments)
        days.append(localize("times", times=times, **date_placeholders(day)))
    return ", ".join(days if len(calls) <= MAX_TIMES else [*days, "…"])
