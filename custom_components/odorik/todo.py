"""Missed calls to return, as a to-do list with one item a caller."""

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

from .calls.inbox import How, Item, MissedCall
from .const import DOMAIN
from .coordinator.inbox import InboxCoordinator
from .entity import OdorikEntity
from .runtime import OdorikConfigEntry
from .words import Say, words

PARALLEL_UPDATES = 0

MISSED_CALLS: Final = EntityDescription(key="missed_calls")
TIMES: Final = 5
"""So many times are listed, the latest."""

_COUNT: Final = re.compile(r" \(\d+\N{MULTIPLICATION SIGN}\)$")
_MARKDOWN: Final = re.compile(r"([\\`*_{}\[\]()<>#+\-.!|~&:$@])")
_DIALLED: Final = re.compile(r"\+?\d+")
"""What a telephone dials when its link is touched."""


async def async_setup_entry(
    hass: HomeAssistant,  # noqa: ARG001
    entry: OdorikConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the list of the account."""
    async_add_entities([MissedCallsEntity(entry.runtime_data.inbox)])


class MissedCallsEntity(OdorikEntity[InboxCoordinator], TodoListEntity):
    """The callers who were missed."""

    # The frontend's dialog sends back the description and the time of an item also when only its
    # box was ticked, and Home Assistant would refuse that if they could not be set.
    _attr_supported_features = (
        TodoListEntityFeature.UPDATE_TODO_ITEM
        | TodoListEntityFeature.DELETE_TODO_ITEM
        | TodoListEntityFeature.SET_DESCRIPTION_ON_ITEM
        | TodoListEntityFeature.SET_DUE_DATETIME_ON_ITEM
    )

    def __init__(self, inbox: InboxCoordinator) -> None:
        """Show an inbox."""
        super().__init__(inbox, MISSED_CALLS)
        self._written: list[tuple[Item, TodoItem]] = []

    @override
    async def _async_listen(self) -> None:
        self._introduce()
        self._write()
        self.async_on_remove(
            self.hass.bus.async_listen(EVENT_CORE_CONFIG_UPDATE, self._async_rewrite)
        )

    async def _async_rewrite(self, event: Event) -> None:
        """Write all items again when the language or the time zone has changed."""
        if event.data.keys() & {"language", "time_zone"}:
            await async_load_integrations(self.hass, {DOMAIN})
            self._written = []
            self._write()
            self.async_write_ha_state()

    def _introduce(self) -> None:
        """Leave it to the user to let voice assistants know it, and see that they can say its name.

        By itself a to-do list would be exposed, and its names and numbers read to whoever runs the
        assistant. This is done when it is first seen; what the user has chosen since, stands.
        """
        known = self.registry_entry
        if known is None or DATA_EXPOSED_ENTITIES not in self.hass.data:
            return
        if not any("should_expose" in options for options in known.options.values()):
            for assistant in KNOWN_ASSISTANTS:
                async_set_assistant_option(
                    self.hass, assistant, self.entity_id, "should_expose", value=False
                )
            self._take_short_name(known)

    def _take_short_name(self, known: er.RegistryEntry) -> None:
        """Be called by the name without the account's, unless another account is."""
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
        self._write()
        super()._handle_coordinator_update()

    def _write(self) -> None:
        """Write the items; those that stayed the same stay what they are."""
        say = words(self.hass, "inbox")
        known = {id(item): written for item, written in self._written}
        self._written = [
            (item, known.get(id(item)) or _written(item, say)) for item in self.coordinator.data
        ]
        self._attr_todo_items = [written for _, written in self._written]

    @override
    async def async_create_todo_item(self, item: TodoItem) -> None:
        raise ServiceValidationError(translation_domain=DOMAIN, translation_key="inbox_add")

    @override
    async def async_update_todo_item(self, item: TodoItem) -> None:
        """Tick a caller off, or take that back; refuse any other change of an item."""
        # An action gives the status as the text that it was called with.
        is_done = item.status == TodoItemStatus.COMPLETED
        caller = self.coordinator.find(item.uid)
        shown = next((known for known in self.todo_items or () if known.uid == item.uid), None)
        if caller is None or shown is None:
            return
        is_other = (caller.completed is not None) is not is_done
        if _is_edited(item, shown, is_other=is_other):
            raise ServiceValidationError(translation_domain=DOMAIN, translation_key="inbox_edit")
        if is_other:
            await self.coordinator.async_act([caller.uid], How.TICKED if is_done else How.REOPENED)

    @override
    async def async_delete_todo_items(self, uids: list[str]) -> None:
        await self.coordinator.async_act(uids, How.DELETED)


class _Summary(str):
    """A name with a count, which voice assistants find without the count: nobody says that."""

    __slots__ = ()

    @override
    def casefold(self) -> str:
        return _COUNT.sub("", self).casefold()


def _is_edited(item: TodoItem, shown: TodoItem, *, is_other: bool) -> bool:
    """Check whether the name, the note or the date of an item differs from what is shown."""
    if is_other and item.description is None and item.due is None:
        # Voice assistants leave them out.
        return item.summary != shown.summary
    return (item.summary, item.description, _second(item.due)) != (
        shown.summary,
        shown.description,
        _second(shown.due),
    )


def _second(due: date | None) -> date | None:
    """Drop the fraction of a second, which the frontend rounds to milliseconds."""
    return due.replace(microsecond=0) if isinstance(due, datetime) else due


def _written(item: Item, say: Say) -> TodoItem:
    """Write a caller as an item of the list."""
    name = item.name or item.formatted or say("withheld")
    count, is_done = len(item.calls), item.completed is not None
    return TodoItem(
        summary=_Summary(f"{name} ({count}\N{MULTIPLICATION SIGN})" if count > 1 else name),
        uid=item.uid,
        status=TodoItemStatus.COMPLETED if is_done else TodoItemStatus.NEEDS_ACTION,
        due=dt_util.as_local(item.calls[-1].began),
        description=_description(item, say),
        completed=item.completed,
    )


def _description(item: Item, say: Say) -> str:
    """Say on which line, how to call back and when it was, in Markdown."""
    parts = []
    if item.line_name or item.calls[-1].line:
        parts.append(_escaped(item.line_name or str(item.calls[-1].line)))
    if item.number and item.formatted:
        can_dial = _DIALLED.fullmatch(item.number)
        link = f"[{item.formatted}](tel:{item.number})"
        parts.append(link if can_dial else _escaped(item.formatted))
    return " · ".join([*parts, _times(item.calls, say)])


def _times(calls: Sequence[MissedCall], say: Say) -> str:
    """Say when somebody called, the latest first, each day once."""
    latest = [dt_util.as_local(call.began) for call in reversed(calls[-TIMES:])]
    days = []
    for day, moments in groupby(latest, key=datetime.date):
        times = ", ".join(f"{moment:%H:%M}" for moment in moments)
        year, month, number = f"{day:%Y %m %d}".split()
        days.append(say("times", year=year, month=month, day=number, times=times))
    return ", ".join(days if len(calls) <= TIMES else [*days, "…"])


def _escaped(text: str) -> str:
    """Write a text so that Markdown leaves it as it is: names come from strangers."""
    return _MARKDOWN.sub(r"\\\1", text)
