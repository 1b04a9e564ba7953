"""Search everything that Home Assistant stores or shows for secrets."""

from collections.abc import Iterable, Mapping
import json
from pathlib import Path
import re
from stat import S_IMODE
from typing import Any, Final

from scripts.home import Home

URL_WITH_QUERY: Final = re.compile(r"https?://\S*\?")
API_QUERY: Final = re.compile(r"https?://[^\s\"'<>]*/api/v1[^\s\"'<>]*\?")
"""A URL of the operator's API with a query, which contains the login."""
LOGINS: Final = "core.config_entries"
"""The only file in which Home Assistant stores passwords."""
OWN_PREFIXES: Final = ("odorik.", "calls.")
"""Prefixes of the files that the integration writes: stores and exports."""
PRIVATE: Final = 0o600


async def visible_data(home: Home) -> dict[str, str]:
    """Return the data that Home Assistant shows in its API, by request."""
    found: dict[str, Any] = {"states": await home.get("states")}
    for kind in (
        "config/device_registry/list",
        "config/entity_registry/list",
        "config_entries/flow/progress",
        "config_entries/get",
        "persistent_notification/get",
        "repairs/list_issues",
        "system_log/list",
        "trace/contexts",
    ):
        found[kind] = await home.command(kind)
    for context in found["trace/contexts"].values():
        found[f"trace {context['run_id']}"] = await home.command("trace/get", **context)
    for entry in await home.get("config/config_entries/entry?domain=odorik"):
        path = f"diagnostics/config_entry/{entry['entry_id']}"
        found[path] = await home.get(path)
    return {name: json.dumps(answer, ensure_ascii=False) for name, answer in found.items()}


def leaks(
    folder: Path, secrets: Iterable[str], visible: Mapping[str, str] | None = None
) -> list[str]:
    """Return the places with a secret or a query, and the own files that others may read."""
    paths = (where / name for where, _, names in folder.walk() for name in names)
    # Folders and files of the repository are linked.
    files = {str(path.relative_to(folder)): path for path in paths if not path.is_symlink()}
    texts = {name: path.read_bytes().decode("utf-8", "replace") for name, path in files.items()}
    assert texts.pop(f".storage/{LOGINS}")
    found = set()
    for name, text in {**texts, **(visible or {})}.items():
        found |= {f"{name}: {secret}" for secret in secrets if secret in text}
        found |= {f"{name}: {query}" for query in API_QUERY.findall(text)}
    for name, path in files.items():
        mode = S_IMODE(path.stat().st_mode)
        if path.name.startswith(OWN_PREFIXES) and mode != PRIVATE:
            found.add(f"{name}: {mode:o}")
    return sorted(found)
