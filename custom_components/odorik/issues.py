"""Repair issues of an account."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any, Final

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import issue_registry as ir

from .const import DOMAIN


class Issue(StrEnum):
    """Translation keys of the issues."""

    LOW_CREDIT = "low_credit"
    UNREGISTERED_LINE = "unregistered_line"
    CALLBACK_LIMIT = "callback_limit"
    SMS_LIMIT = "sms_limit"
    # Renaming it would show the issue again to users who have ignored it.
    STORE_NOT_SAVED = "place_not_kept"
    SPENDING_GUARD = "spending_guard"
    PUSH_MISSING = "push_missing"
    PUSH_ADDRESS_CHANGED = "push_address_changed"


FIXABLE: Final = frozenset({Issue.PUSH_MISSING, Issue.PUSH_ADDRESS_CHANGED, Issue.SPENDING_GUARD})
"""The issues with a fix flow in ``repairs.py``."""


def _issue_id(entry: ConfigEntry[Any], key: str) -> str:
    return f"{entry.entry_id}_{key}"


def issue_key(issue: Issue, about: str) -> str:
    """Return the key of an issue, which is unique within an account."""
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
    data: Mapping[str, str] | None = None,
    **placeholders: str,
) -> None:
    """Raise an issue of an account.

    Args:
        hass: Home Assistant.
        entry: The account.
        issue: The kind of the issue.
        about: Distinguishes issues of the same kind.
        severity: How serious it is.
        learn_more_url: A page about it.
        data: Data for the fix flow.
        **placeholders: Placeholders of its texts.
    """
    ir.async_create_issue(
        hass,
        DOMAIN,
        _issue_id(entry, issue_key(issue, about)),
        data={"entry_id": entry.entry_id, **(data or {})} if issue in FIXABLE else None,
        is_fixable=issue in FIXABLE,
        # The diagnostics contain the texts and data of persistent issues.
        is_persistent=False,
        severity=severity,
        translation_key=issue,
        translation_placeholders={"account": entry.title, **placeholders},
        learn_more_url=learn_more_url,
    )


@callback
def is_shown(hass: HomeAssistant, entry: ConfigEntry[Any], issue: Issue) -> bool:
    """Return whether an issue was raised since the start, even if the user has ignored it."""
    known = ir.async_get(hass).async_get_issue(DOMAIN, _issue_id(entry, issue))
    return known is not None and known.active


@callback
def is_ignored(hass: HomeAssistant, entry: ConfigEntry[Any], issue: Issue) -> bool:
    """Return whether the user has ignored an issue."""
    known = ir.async_get(hass).async_get_issue(DOMAIN, _issue_id(entry, issue))
    return known is not None and known.dismissed_version is not None


@callback
def delete_issue(hass: HomeAssistant, entry: ConfigEntry[Any], key: str) -> None:
    """Delete an issue whose cause is gone."""
    ir.async_delete_issue(hass, DOMAIN, _issue_id(entry, key))


@callback
def delete_issues(hass: HomeAssistant, entry: ConfigEntry[Any], prefix: str = "") -> None:
    """Delete the issues of an account whose keys begin with a prefix."""
    for key in issues_of(hass, entry, prefix):
        delete_issue(hass, entry, key)


@callback
def issues_of(hass: HomeAssistant, entry: ConfigEntry[Any], prefix: str = "") -> set[str]:
    """Return the keys of an account's issues that begin with a prefix, including ignored ones."""
    start = _issue_id(entry, "")
    return {
        issue_id.removeprefix(start)
        for domain, issue_id in ir.async_get(hass).issues
        if domain == DOMAIN and issue_id.startswith(start + prefix)
    }
