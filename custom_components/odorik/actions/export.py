"""Export the history to a file, page by page, in the operator's format.

The pages are written to a temporary file, which replaces the target when it is complete. It
contains private numbers, so only the user that runs Home Assistant may read it.
"""

from collections.abc import AsyncGenerator
from contextlib import aclosing, suppress
import csv
from functools import partial
import io
import os
from pathlib import Path
import tempfile
from typing import Any, BinaryIO, Final

from homeassistant.core import HomeAssistant, ServiceCall
from homeassistant.core_config import Config
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError

from ..api import ExportFormat, OdorikConnectionError, create_joiner
from ..const import DOMAIN, LOGGER
from ..runtime import OdorikConfigEntry
from .parameters import build_filter
from .schemas import ATTR_FORMAT, ATTR_PATH

SUFFIXES: Final = frozenset({".csv", ".json", ".txt", ".xml"})
"""File name suffixes that are allowed; a configuration or a database cannot be overwritten."""
FORBIDDEN_FOLDERS: Final = frozenset({"custom_components", "www"})
"""Folders below the configuration with code, or with files that are served without a login."""
LOG_EVERY: Final = 10_000
"""Calls after which the progress is logged."""


async def export_calls(entry: OdorikConfigEntry, call: ServiceCall) -> dict[str, Any]:
    """Export the selected calls to a file."""
    data, hass, export_format = entry.runtime_data, call.hass, call.data[ATTR_FORMAT]
    selected = build_filter(entry, call, data.account.data.directory)
    is_trusted = await _is_trusted(call)
    path = await hass.async_add_executor_job(
        partial(export_path, hass.config, call.data[ATTR_PATH], is_trusted=is_trusted)
    )
    pages = data.client.export_calls(export_format, **selected)
    export = partial(async_export, hass, path, export_format, pages)
    # Exports take long, so they have a queue of their own.
    calls = await data.exports.ask(call.context.user_id, object(), export)
    return {"path": str(path), "calls": calls}


async def _is_trusted(call: ServiceCall) -> bool:
    """Return whether the caller is an administrator or an automation."""
    if call.context.user_id is None:
        return True
    user = await call.hass.auth.async_get_user(call.context.user_id)
    return user is not None and user.is_admin


def export_path(config: Config, text: str, *, is_trusted: bool) -> Path:
    """Return the path of the file; blocks on the disk.

    The path is checked after links and dots have been resolved.

    Args:
        config: The configuration of Home Assistant.
        text: An absolute path, or one relative to the configuration folder.
        is_trusted: True if any file below the configuration folder is allowed. Otherwise, the
            folder has to be in ``allowlist_external_dirs``, even if the path is relative.

    Raises:
        ServiceValidationError: The file must not be written.
    """
    refused = ServiceValidationError(
        translation_domain=DOMAIN,
        translation_key="path_not_allowed" if is_trusted else "path_not_allowed_for_users",
        translation_placeholders={"path": text},
    )
    try:
        home = Path(config.config_dir).resolve()
        path = (home / text).resolve()
        is_inside = path.is_relative_to(home)
        needs_permission = not is_trusted or Path(text).is_absolute()
        is_allowed = (
            config.is_allowed_path(str(path)) if needs_permission else is_inside
        ) and not any(path.is_relative_to((home / name).resolve()) for name in FORBIDDEN_FOLDERS)
        is_no_file = path.exists() and not path.is_file()
    except OSError, ValueError:
        raise refused from None
    is_hidden = is_inside and any(part.startswith(".") for part in path.relative_to(home).parts)
    if not is_allowed or is_hidden or is_no_file:
        raise refused
    if path.suffix.lower() not in SUFFIXES:
        raise ServiceValidationError(
            translation_domain=DOMAIN,
            translation_key="path_without_suffix",
            translation_placeholders={"path": text, "suffixes": ", ".join(sorted(SUFFIXES))},
        )
    return path


async def async_export(
    hass: HomeAssistant,
    path: Path,
    export_format: ExportFormat,
    pages: AsyncGenerator[tuple[bytes, int]],
) -> int:
    """Write the pages to a file, and return the number of calls.

    Raises:
        HomeAssistantError: The file could not be written.
        OdorikError: The pages could not be read.
    """
    file = ExportFile(path, export_format)
    calls = logged = 0
    try:
        await hass.async_add_executor_job(file.open)
        async with aclosing(pages):
            async for page, count in pages:
                await hass.async_add_executor_job(file.add, page)
                calls += count
                if calls - logged >= LOG_EVERY:
                    logged = calls
                    LOGGER.info("Export to %s: %d calls so far", path, calls)
        await hass.async_add_executor_job(file.finish)
    except csv.Error:
        raise OdorikConnectionError(f"the response is not {export_format.upper()}") from None
    except OSError as err:
        raise HomeAssistantError(
            translation_domain=DOMAIN,
            translation_key="export_failed",
            translation_placeholders={
                "path": str(path),
                "error": err.strerror or type(err).__name__,
            },
        ) from None
    finally:
        await hass.async_add_executor_job(file.discard)
    if logged:
        LOGGER.info("Export to %s: all %d calls", path, calls)
    return calls


class ExportFile:
    """A file that replaces another when it is complete; all methods block on the disk."""

    def __init__(self, path: Path, export_format: ExportFormat) -> None:
        self._path = path
        self._joiner = create_joiner(export_format)
        self._temporary: Path | None = None
        self._file: BinaryIO = io.BytesIO()

    def open(self) -> None:
        """Create the temporary file, which concurrent exports to the same path do not share."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(
            dir=self._path.parent, prefix=f".{self._path.stem[:100]}.", suffix=".part"
        )
        self._temporary = Path(name)
        self._file = os.fdopen(handle, "w+b")

    def add(self, page: bytes) -> None:
        """Append a page."""
        self._joiner.add(self._file, page)

    def finish(self) -> None:
        """Replace the target, so that it survives a power cut."""
        self._joiner.finish(self._file)
        self._file.flush()
        os.fsync(self._file.fileno())
        if self._temporary is not None:
            self._temporary.replace(self._path)

    def discard(self) -> None:
        """Delete the temporary file."""
        with suppress(OSError):
            self._file.close()
        if self._temporary is not None:
            self._temporary.unlink(missing_ok=True)
