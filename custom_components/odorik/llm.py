"""Tools with which language models read calls, missed callers and costs.

Names and numbers come from strangers' caller IDs and from contacts. They are only in the results of
the tools, which say so, and never in a prompt.
"""

from abc import abstractmethod
import asyncio
from datetime import datetime, timedelta
from typing import Any, Final, override

from homeassistant.auth.models import User
from homeassistant.auth.permissions.const import POLICY_READ
from homeassistant.components.homeassistant import async_should_expose
from homeassistant.components.llm import LLMTools
from homeassistant.const import MATCH_ALL
from homeassistant.core import HomeAssistant, callback
from homeassistant.exceptions import HomeAssistantError, UnknownUser
from homeassistant.helpers import config_validation as cv, entity_registry as er
from homeassistant.helpers.llm import (
    LLM_API_ASSIST,
    LLMContext,
    Tool,
    ToolAnnotations,
    ToolInput,
    ToolResult,
)
from homeassistant.util import dt as dt_util, language as language_util
from homeassistant.util.json import JsonObjectType
import probatio as vol

from .api import CallStatistics, Direction, OdorikClient
from .calls import numbers
from .const import CURRENCY, DOMAIN, HISTORY_START
from .coordinator.statistics import BALANCE, PERIODS, Query
from .localize import async_localizer, error_text
from .permission import entity_of, has_permission
from .runtime import OdorikConfigEntry, loaded_entries

EXPOSED_SENSORS: Final = ("active_calls", "callers_waiting")
"""The sensors of which one must be exposed."""
MAX_ROWS: Final = 20
"""The most calls or callers in a result, unless more are requested."""
MAX_REQUESTED_ROWS: Final = 50
MAX_QUERY: Final = 100
"""The longest text to search for."""
MAX_TEXT: Final = 100
"""The longest name or number in a result."""
LANGUAGES: Final = ["en", "cs"]
DIRECTIONS: Final = [Direction.IN.value, Direction.OUT.value, Direction.REDIRECTED.value]

type Data = dict[str, Any]


@callback
def async_get_tools(hass: HomeAssistant, llm_context: LLMContext, api_id: str) -> LLMTools | None:
    """Return the tools if the user and the assistant may read an account."""
    if api_id != LLM_API_ASSIST or not loaded_entries(hass):
        return None
    # Finding a user does not block, although the method is a coroutine.
    finding = hass.async_create_task(_find_user(hass, llm_context), eager_start=True)
    if not finding.done():
        finding.cancel()
        return None
    try:
        user = finding.result()
    except UnknownUser:
        return None
    accounts = _accounts(hass, llm_context, user)
    for entry in accounts:
        # The model takes a moment to use a tool.
        entry.runtime_data.recent_calls.async_load()
    return LLMTools(tools=[tool() for tool in TOOLS]) if accounts else None


async def _find_user(hass: HomeAssistant, llm_context: LLMContext) -> User | None:
    """Return the user; None for a request without one, as from a voice satellite.

    Raises:
        UnknownUser: The user was deleted.
    """
    if llm_context.context is None or (user_id := llm_context.context.user_id) is None:
        return None
    user = await hass.auth.async_get_user(user_id)
    if user is None:
        raise UnknownUser(context=llm_context.context)
    return user


def _accounts(
    hass: HomeAssistant, llm_context: LLMContext, user: User | None
) -> list[OdorikConfigEntry]:
    """Return the accounts that the user may read and of which a sensor is exposed."""
    return [
        entry
        for entry in loaded_entries(hass)
        if (user is None or has_permission(hass, user, entry, POLICY_READ))
        and any(
            _is_exposed(hass, llm_context.assistant, entity_of(hass, entry, key))
            for key in EXPOSED_SENSORS
        )
    ]


def _is_exposed(hass: HomeAssistant, assistant: str, entity_id: str | None) -> bool:
    """Return whether an entity is enabled and exposed to an assistant."""
    known = er.async_get(hass).async_get(entity_id) if entity_id else None
    return (
        known is not None
        and not known.disabled
        and async_should_expose(hass, assistant, known.entity_id)
    )


class OdorikTool(Tool):
    """A tool that reads accounts."""

    annotations = ToolAnnotations(
        read_only=True, destructive=False, idempotent=True, open_world=False
    )
    integration = DOMAIN

    @override
    async def async_call(
        self, hass: HomeAssistant, tool_input: ToolInput, llm_context: LLMContext
    ) -> ToolResult:
        """Read the accounts that the user and the assistant may read at this time."""
        # Some models send null or an empty text for parameters that they do not want to set.
        sent = tool_input.tool_args.items()
        args = self.parameters({key: value for key, value in sent if not _is_blank(value)})
        language = _language(hass, llm_context)
        localize = await async_localizer(hass, "llm", language)
        try:
            user = await _find_user(hass, llm_context)
            accounts = _accounts(hass, llm_context, user)
        except UnknownUser:
            accounts = []
        if not accounts:
            return ToolResult(data={"error": localize("not_available")}, error=True)
        results: list[tuple[OdorikConfigEntry, Data]] = []
        errors: list[JsonObjectType] = []

        async def read(entry: OdorikConfigEntry) -> None:
            try:
                results.append((entry, await self._read(entry, args)))
            except HomeAssistantError as err:
                text = await error_text(hass, err, language)
                errors.append({"account": entry.title, "error": text})

        await asyncio.gather(*map(read, accounts))
        if not results:
            return ToolResult(data={"errors": list(errors)}, error=True)
        data = {"notice": localize("notice"), **self._merge(results, args)}
        if errors:
            data["errors"] = errors
        return ToolResult(data=data)

    @abstractmethod
    async def _read(self, entry: OdorikConfigEntry, args: Data) -> Data:
        """Return the result for an account.

        Raises:
            HomeAssistantError: The account cannot answer.
        """

    @abstractmethod
    def _merge(self, results: list[tuple[OdorikConfigEntry, Data]], args: Data) -> Data:
        """Return the result for all accounts."""


class _ListTool(OdorikTool):
    """A tool whose results are a list under ``rows_key``, and ``total``, how many there are."""

    rows_key: str
    sort_key: str
    """The key by which the rows are ordered, the latest first."""

    @override
    def _merge(self, results: list[tuple[OdorikConfigEntry, Data]], args: Data) -> Data:
        several = len(results) > 1
        rows = [
            {"account": entry.title, **row} if several else row
            for entry, data in results
            for row in data[self.rows_key]
        ]
        rows.sort(key=lambda row: _instant(row[self.sort_key]), reverse=True)
        return {
            self.rows_key: rows[: args.get("limit", MAX_ROWS)],
            "total": sum(data["total"] for _, data in results),
        }


class ActiveCallsTool(_ListTool):
    """The calls that are ringing or in progress."""

    name = f"{DOMAIN}__get_active_calls"
    title = "Get active phone calls"
    description = (
        "Get the phone calls that are ringing or in progress right now. Use this to answer "
        "questions like 'Who is calling?' or 'Is anybody on the phone?'. A call without an "
        "'answered_at' is still ringing. A call with a 'gate' is only meant to open that gate."
    )
    rows_key = "active_calls"
    sort_key = "started_at"

    @override
    async def _read(self, entry: OdorikConfigEntry, args: Data) -> Data:
        data = entry.runtime_data
        if "active calls" in data.active.unauthorized:
            raise HomeAssistantError(translation_domain=DOMAIN, translation_key="unauthorized")
        if not data.active.last_update_success:
            raise HomeAssistantError(
                translation_domain=DOMAIN, translation_key="active_calls_not_read"
            )
        rows = []
        for active in data.active.data[-MAX_ROWS:]:
            call = data.dispatcher.live_data(active)
            rows.append(
                {
                    **_party(call["number"], call["name"]),
                    "direction": call["direction"],
                    "line": _line(call["line"], call["line_name"]),
                    **_gate(call["gate"]),
                    "started_at": _local(call["started_at"]),
                    "answered_at": _local(call["answered_at"]),
                }
            )
        return {self.rows_key: rows, "total": len(data.active.data)}


class WaitingCallersTool(_ListTool):
    """The missed callers who have not been spoken to since."""

    name = f"{DOMAIN}__get_waiting_callers"
    title = "Get callers to call back"
    description = (
        "Get the callers whose phone calls were missed and who have not been spoken to since, the "
        "latest first. Use this to answer questions like 'Who should I call back?' or "
        "'Did I miss a call?'."
    )
    rows_key = "waiting_callers"
    sort_key = "last_call"

    @override
    async def _read(self, entry: OdorikConfigEntry, args: Data) -> Data:
        waiting = entry.runtime_data.inbox.waiting
        if not waiting and not entry.runtime_data.history.last_update_success:
            # There may be callers who are not known yet.
            raise HomeAssistantError(translation_domain=DOMAIN, translation_key="calls_not_read")
        rows = [
            {
                **_party(item.number, item.name),
                "line": _line(item.calls[-1].line, item.line_name),
                "missed_calls": len(item.calls),
                "first_call": _local(item.calls[0].began),
                "last_call": _local(item.calls[-1].began),
            }
            for item in waiting[:MAX_ROWS]
        ]
        return {self.rows_key: rows, "total": len(waiting)}


def _moment(value: Any) -> datetime:
    """Validate a date or a time, which is local if it has no offset."""
    try:
        return max(dt_util.as_utc(cv.datetime(value)), HISTORY_START)
    except ValueError, OverflowError:
        raise vol.Invalid("expected a date or a time in ISO 8601 format") from None


class SearchCallsTool(_ListTool):
    """The calls with a name or number, in a direction, or since a time."""

    name = f"{DOMAIN}__search_calls"
    title = "Search phone calls"
    description = (
        "Search the phone calls that have ended, the latest first. Use this to answer questions "
        "like 'Who called today?', 'Did the doctor call?' or 'When did I last talk to Eva, and for "
        "how long?'. 'total', 'total_duration' and 'total_price' cover all calls that were found, "
        "including those that are not listed. Calls before 'searched_since' were not searched. "
        "A call with a 'gate' was only meant to open that gate, so it was not missed."
    )
    parameters = vol.Schema(
        {
            vol.Optional(
                "query",
                description="A part of the name of a contact, or digits of a phone number.",
            ): vol.All(str, vol.Length(max=MAX_QUERY)),
            vol.Optional(
                "direction",
                description=(
                    "in: incoming, out: outgoing, redirected: forwarded to another number. "
                    "By default, all calls."
                ),
            ): vol.In(DIRECTIONS),
            vol.Optional(
                "since",
                description=(
                    "Only calls that began at or after this date or time, in ISO 8601 format. "
                    "Local time is used if there is no UTC offset."
                ),
            ): vol.All(str, _moment),
            vol.Optional(
                "limit", description="The maximum number of calls to list.", default=MAX_ROWS
            ): vol.All(vol.Coerce(int), vol.Range(min=1, max=MAX_REQUESTED_ROWS)),
        }
    )
    rows_key = "calls"
    sort_key = "started_at"

    @override
    async def _read(self, entry: OdorikConfigEntry, args: Data) -> Data:
        found = await entry.runtime_data.recent_calls.search(
            args.get("query", ""),
            direction=Direction(args["direction"]) if "direction" in args else None,
            since=args.get("since"),
            limit=args["limit"],
        )
        rows = [
            {
                **_party(call.number, call.name),
                "direction": call.direction.value,
                "status": call.status and call.status.value,
                "line": _line(call.line, call.line_name),
                **_gate(call.gate.name if call.gate else None),
                "started_at": _local(call.started_at),
                "duration": call.duration,
                "price": call.price,
            }
            for call in found.calls
        ]
        return {
            self.rows_key: rows,
            "total": found.total,
            "total_duration": found.duration,
            "total_price": found.price,
            "searched_since": _local(found.since),
        }

    @override
    def _merge(self, results: list[tuple[OdorikConfigEntry, Data]], args: Data) -> Data:
        answers = [data for _, data in results]
        return {
            **super()._merge(results, args),
            "total_duration": sum(data["total_duration"] for data in answers),
            "total_price": round(sum(data["total_price"] for data in answers), 4),
            "duration_unit": "s",
            "currency": CURRENCY,
            "searched_since": max((data["searched_since"] for data in answers), key=_instant),
        }


class SpendingTool(OdorikTool):
    """Credit, and the totals of calls by period."""

    name = f"{DOMAIN}__get_spending"
    title = "Get phone costs"
    description = (
        "Get the credit of the phone account, and the number, duration and cost of the calls "
        "today, this month, last month and this year. Use this to answer questions like 'How much "
        "did we spend on calls this month?', 'How long did we talk this year?' or 'How much credit "
        "is left?'. Values that are null are not known."
    )

    @override
    async def _read(self, entry: OdorikConfigEntry, args: Data) -> Data:
        data = entry.runtime_data
        is_reachable = data.statistics.last_update_success and data.history.last_update_success
        known = data.statistics.data if is_reachable else {}
        totals: dict[str, CallStatistics] = {}
        for period in PERIODS:
            query = Query(OdorikClient.call_statistics, period)
            result = known.get(query)
            # A result from before midnight belongs to another period.
            if result and result.value and result.since == query.since():
                totals[period] = result.value
        spans = _spans()
        missing = [
            span
            for period, span in spans.items()
            # The other periods have not ended.
            if period not in totals and (is_reachable or period == "last_month")
        ]
        stored = await data.statistics_scheduler.async_totals(missing)
        totals |= {period: stored[span] for period, span in spans.items() if span in stored}
        balance = known.get(BALANCE)
        return {
            "credit": balance.value if balance else None,
            **{period: _totals(totals[period]) if period in totals else None for period in spans},
        }

    @override
    def _merge(self, results: list[tuple[OdorikConfigEntry, Data]], args: Data) -> Data:
        return {
            "currency": CURRENCY,
            "duration_unit": "s",
            "accounts": [{"account": entry.title, **data} for entry, data in results],
        }


def _is_blank(value: Any) -> bool:
    """Return whether the value of a parameter means that it is not set."""
    return value is None or value == ""


def _spans() -> dict[str, tuple[datetime, datetime]]:
    """Return the start and the end of the periods of ``SpendingTool``."""
    today = dt_util.start_of_local_day()
    tomorrow = dt_util.start_of_local_day(today + timedelta(days=1))
    month = dt_util.start_of_local_day(today.replace(day=1))
    last_month = dt_util.start_of_local_day((month - timedelta(days=1)).replace(day=1))
    year = dt_util.start_of_local_day(today.replace(month=1, day=1))
    return {
        "today": (today, tomorrow),
        "this_month": (month, tomorrow),
        "last_month": (last_month, month),
        "this_year": (year, tomorrow),
    }


def _totals(statistics: CallStatistics) -> Data:
    """Return the totals of a period by direction, and the cost of all."""
    return {
        "cost": round(sum(totals.price for totals in statistics.by_direction.values()), 2),
        **{
            name: {
                "calls": totals.count,
                "duration": totals.length,
                "cost": round(totals.price, 2),
            }
            for name, totals in statistics.by_direction.items()
        },
    }


def _party(number: str | None, name: str | None) -> Data:
    """Return the other party of a call."""
    if number is None:
        return {"number": None, "name": None, "withheld": True}
    return {"number": _text(numbers.formatted(number)), "name": _text(name)}


def _line(line: int | None, name: str | None) -> str | None:
    """Return the name of a line, or its number if it has none."""
    return _text(name) or (None if line is None else str(line))


def _gate(name: str | None) -> Data:
    """Return the gate that a call rang; empty for other calls."""
    return {"gate": _text(name)} if name is not None else {}


def _text(text: str | None) -> str | None:
    """Return an untrusted text on one line, shortened and without invisible characters."""
    if text is None:
        return None
    visible = "".join(char if char.isprintable() else " " for char in text[: 4 * MAX_TEXT])
    return " ".join(visible.split())[:MAX_TEXT]


def _local(moment: datetime | str | None) -> str | None:
    """Return a time in Home Assistant's time zone."""
    if isinstance(moment, str):
        moment = dt_util.parse_datetime(moment)
    return dt_util.as_local(moment).isoformat(timespec="seconds") if moment else None


def _instant(text: str | None) -> float:
    """Return a key that sorts times; unknown times come first."""
    return datetime.fromisoformat(text).timestamp() if text else 0.0


def _language(hass: HomeAssistant, llm_context: LLMContext) -> str:
    """Return the language of the texts for a user; ``*`` stands for any language."""
    asked = llm_context.language
    if not asked or asked == MATCH_ALL:
        asked = hass.config.language
    return next(iter(language_util.matches(asked, LANGUAGES)), LANGUAGES[0])


TOOLS: Final = (ActiveCallsTool, WaitingCallersTool, SearchCallsTool, SpendingTool)
