"""Raises issues among Home Assistant's repairs, and takes them back."""

from enum import StrEnum
from typing import Any, Final

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import issue_registry as ir

from .const import DOMAIN


class Issue(StrEnum):
    """What the user is told of; the texts are called so."""

    LOW_CREDIT = "low_credit"
    UNREGISTERED_LINE = "unregistered_line"
    CALLBACK_LIMIT = "callback_limit"
    PLACE_NOT_KEPT = "place_not_kept"
    PUSH_MISSING = "push_missing"
    PUSH_ADDRESS_CHANGED = "push_address_changed"


FIXABLE: Final = frozenset({Issue.PUSH_MISSING, Issue.PUSH_ADDRESS_CHANGED})
"""Those that Home Assistant leads the user through, see ``repairs.py``."""


def _issue_id(entry: ConfigEntry[Any], key: str) -> str:
    """Tell an account's issue from those of others."""
    return f"{entry.entry_id}_{key}"


def issue_key(issue: Issue, about: str) -> str:
    """Tell an issue that is about one thing from those about others."""
    return f"{issue}_{about}" if about else issue


@callback
def raise_issue(
    hass: HomeAssistant,
    entry: ConfigEntry[Any],
    issue: Issue,
    *,
    about: str = "",
    severity: ir.IssueSeverity = ir.IssueSeverity.WARNING,
    learn_more_url: str | None = None,
    **placeholders: str,
) -> None:
    """Raise an issue of an account, or of one of several things that it is about."""
    ir.async_create_issue(
        hass,
        DOMAIN,
        _issue_id(entry, issue_key(issue, about)),
        data={"entry_id": entry.entry_id} if issue in FIXABLE else None,
        is_fixable=issue in FIXABLE,
        severity=severity,
        translation_key=issue,
        translation_placeholders={"account": entry.title, **placeholders},
        learn_more_url=learn_more_url,
    )


@callback
def is_shown(hass: HomeAssistant, entry: ConfigEntry[Any], issue: Issue) -> bool:
    """Whether an issue has been raised in this run of Home Assistant, ignored or not."""
    known = ir.async_get(hass).async_get_issue(DOMAIN, _issue_id(entry, issue))
    return known is not None and known.active


@callback
def delete_issue(hass: HomeAssistant, entry: ConfigEntry[Any], key: str) -> None:
    """Take an issue back, because its cause is gone."""
    ir.async_delete_issue(hass, DOMAIN, _issue_id(entry, key))


@callback
def delete_issues(hass: HomeAssistant, entry: ConfigEntry[Any], beginning: str = "") -> None:
    """Take back all issues of an account, or those whose keys begin so."""
    for key in issues_of(hass, entry, beginning):
        delete_issue(hass, entry, key)


@callback
def issues_of(hass: HomeAssistant, entry: ConfigEntry[Any], beginning: str = "") -> set[str]:
    """List the keys of an account's issues that begin so; those that were ignored count."""
    prefix = _issue_id(entry, "")
    return {
        issue_id.removeprefix(prefix)
        for domain, issue_id in ir.async_get(hass).issues
        if domain == DOMAIN and issue_id.startswith(prefix + beginning)
    }
