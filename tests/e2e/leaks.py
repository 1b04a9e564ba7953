"""Looks for secrets wherever Home Assistant keeps or shows anything."""

from collections.abc import Iterable, Mapping
import json
import os
from pathlib import Path
import re
from stat import S_IMODE
from typing import Any, Final

from scripts.home import Home

QUERY: Final = re.compile(r"https?://[^\s\"'<>]*/api/v1[^\s\"'<>]*\?")
"""An address of the operator's with what was asked, in which the login stands."""
LOGINS: Final = "core.config_entries"
"""The one file that holds the passwords, which Home Assistant keeps there."""
OURS: Final = ("odorik.", "calls.")
"""How the files begin that we write: what is stored, and what is exported."""
PRIVATE: Final = 0o600


async def shown(home: Home) -> dict[str, str]:
    """Return everything that Home Assistant shows to whoever asks, by what it was asked."""
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
    for run_id, context in found["trace/contexts"].items():
        del run_id
        found[f"trace {context['run_id']}"] = await home.command("trace/get", **context)
    for entry in await home.get("config/config_entries/entry?domain=odorik"):
        path = f"diagnostics/config_entry/{entry['entry_id']}"
        found[path] = await home.get(path)
    return {name: json.dumps(answer, ensure_ascii=False) for name, answer in found.items()}


def kept(folder: Path) -> dict[str, str]:
    """Return everything that Home Assistant has written, by the file."""
    return {
        str(path.relative_to(folder)): path.read_bytes().decode("utf-8", "replace")
        for path in files(folder)
    }


def files(folder: Path) -> list[Path]:
    """List the files of Home Assistant's folder that are its own."""
    return [
        Path(where) / name
        for where, _, names in os.walk(folder)
        for name in names
        if not (Path(where) / name).is_symlink()
    ]


def leaks(
    folder: Path, secrets: Iterable[str], shown: Mapping[str, str] | None = None
) -> list[str]:
    """Tell where a secret stands, or an address with a query, and which file is open to others."""
    places = kept(folder)
    assert places.pop(f".storage/{LOGINS}")
    found = set()
    for place, text in {**places, **(shown or {})}.items():
        found |= {f"{place}: {secret}" for secret in secrets if secret in text}
        found |= {f"{place}: {query}" for query in QUERY.findall(text)}
    found |= {
        f"{path.name}: {S_IMODE(path.stat().st_mode):o}"
        for path in files(folder)
        if path.name.startswith(OURS)
        if S_IMODE(path.stat().st_mode) != PRIVATE
    }
    return sorted(found)
