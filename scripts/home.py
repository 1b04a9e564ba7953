"""A real Home Assistant in a process of its own, for the demo and the end-to-end tests.

It is the newest Home Assistant, which scripts/setup installs, and is already onboarded.
"""

import asyncio
from contextlib import suppress
from dataclasses import dataclass, field
import json
import os
from pathlib import Path
import re
import signal
import socket
from typing import Any, Self, override

import aiohttp

from scripts.client import PASSWORD, USER, HomeClient, HomeError
from scripts.stores import HOST, owner, server

ROOT = Path(__file__).parent.parent
PYTHON = Path(os.environ.get("HASS_PYTHON", ROOT / ".venv-hass/bin/python"))
"""``HASS_PYTHON`` runs the tests with another installation of Home Assistant."""
OLDEST = ROOT / ".cache/hass-oldest/bin/python"
"""The oldest supported Home Assistant, which ``scripts/browsers`` installs."""

START = """\
from homeassistant import __main__, bootstrap
bootstrap.DEFAULT_INTEGRATIONS -= {
    "analytics", "assist_satellite", "camera", "image_processing", "stt", "tts"
}
raise SystemExit(__main__.main())
"""
"""Start ``hass`` without the integrations that need a compiler or FFmpeg, and without analytics,
which takes a third of the start-up time."""

RESTART = 100
"""Exit code of ``hass`` that requests a restart."""

START_TIMEOUT = 120
"""Seconds. The first start also compiles Home Assistant's bytecode."""

STOP_TIMEOUT = 30
"""Seconds."""

CONFIGURATION = """\
homeassistant:
  name: Home
  time_zone: Europe/Prague
  country: CZ
  currency: CZK
  unit_system: metric
  latitude: 50.0874
  longitude: 14.4213
  elevation: 200
logger:
  default: warning
  logs:
    custom_components.odorik: info
    homeassistant.util.package: info
config:
history:
logbook:
automation: !include automations.yaml
script: !include scripts.yaml
"""
"""Without ``default_config``, which sets up voice assistants and network discovery."""


def free_port() -> int:
    """Return a free port on this machine."""
    with socket.create_server((HOST, 0)) as server:
        port: int = server.getsockname()[1]
        return port


def is_free(port: int) -> bool:
    """Return whether a port on this machine is free."""
    with suppress(OSError), socket.create_server((HOST, port)):
        return True
    return False


def environment(**variables: str) -> dict[str, str]:
    """Return the environment of a child process, with bytecode caching enabled."""
    return {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"} | variables


async def end(process: asyncio.subprocess.Process) -> None:
    """Terminate a child process, and kill it if it does not stop in time."""
    if process.returncode is None:
        process.send_signal(signal.SIGTERM)
        with suppress(TimeoutError):
            await asyncio.wait_for(process.wait(), STOP_TIMEOUT)
    if process.returncode is None:
        process.kill()
        await process.wait()


@dataclass(kw_only=True)
class Home(HomeClient):
    """A Home Assistant on 127.0.0.1.

    Attributes:
        folder: Configuration folder, created at the first start and kept afterwards.
        port: Port of the web server.
        exchange: Base address of the Odorik exchange.
        configuration: YAML appended to configuration.yaml.
        panel: Default dashboard; Home Assistant's overview if empty.
        integrations: Folders of further custom integrations.
        is_verbose: True if everything is logged at debug level.
        prelude: Python code that the process runs first.
        variables: Additional environment variables.
        python: Interpreter of the environment with Home Assistant.
    """

    folder: Path
    port: int
    exchange: str
    configuration: str = ""
    panel: str = ""
    integrations: tuple[Path, ...] = ()
    is_verbose: bool = False
    prelude: str = ""
    variables: dict[str, str] = field(default_factory=dict)
    python: Path = PYTHON
    _process: asyncio.subprocess.Process = field(init=False, repr=False)

    @property
    @override
    def url(self) -> str:
        """The address of Home Assistant, which is also the client ID of the login."""
        return f"http://{HOST}:{self.port}"

    @property
    def pid(self) -> int:
        """The process ID."""
        return self._process.pid

    @property
    def log(self) -> str:
        """The log since the start before the last one."""
        logs = sorted(self.folder.glob("home-assistant.log*"), reverse=True)
        return "".join(log.read_text("utf-8") for log in logs)

    async def __aenter__(self) -> Self:
        """Start Home Assistant."""
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        """Stop Home Assistant."""
        await self.stop()

    async def start(self) -> None:
        """Start ``hass`` and return when setup is complete.

        Raises:
            HomeError: The process ended, or was not ready in time.
        """
        self._write_configuration()
        self.tokens = {}
        with (self.folder / "console.log").open("wb") as console:
            self._process = await asyncio.create_subprocess_exec(
                *(self.python, "-c", self.prelude + START),
                *("--config", self.folder, "--log-no-color"),
                env=environment(ODORIK_API_URL=self.exchange, **self.variables),
                stdin=asyncio.subprocess.DEVNULL,
                stdout=console,
                stderr=console,
                # Ctrl-C must reach only the parent process, which then stops this one.
                start_new_session=True,
            )
        self._session = aiohttp.ClientSession(self.url)
        try:
            async with asyncio.timeout(START_TIMEOUT):
                while not await self._is_running():  # noqa: ASYNC110 - Another process starts.
                    await asyncio.sleep(0.1)
        except BaseException as error:
            await self.stop()
            if isinstance(error, TimeoutError):
                raise self._failure(f"was not ready in {START_TIMEOUT} seconds") from None
            raise

    async def stop(self) -> None:
        """Shut Home Assistant down."""
        await end(self._process)
        await self._session.close()

    async def kill(self) -> None:
        """Kill the process, as a power failure does."""
        self._process.kill()
        await self.wait()
        await self._session.close()

    async def wait(self) -> int:
        """Wait until the process ends, and return its exit code."""
        return await self._process.wait()

    async def wait_for_log(self, text: str, *, within: float = 120) -> None:
        """Wait until a text has been logged since the last start.

        Raises:
            TimeoutError: The text was not logged within the given number of seconds.
        """
        async with asyncio.timeout(within):
            while not self.has_logged(text):  # noqa: ASYNC110 - Another process logs it.
                await asyncio.sleep(0.02)

    def has_logged(self, text: str) -> bool:
        """Return whether a text has been logged since the last start."""
        return text in (self.folder / "home-assistant.log").read_text("utf-8")

    async def wait_for_statistics(self) -> None:
        """Wait until the long-term statistics of the account are complete."""
        await self.wait_for_log("are complete")

    async def _is_running(self) -> bool:
        """Log in, and return whether setup is complete."""
        if self._process.returncode is not None:
            raise self._failure("ended while it was starting")
        try:
            if not self.tokens:
                await self.log_in()
            return bool((await self.get("config"))["state"] == "RUNNING")
        except aiohttp.ClientError, HomeError:
            return False

    def _failure(self, what: str) -> HomeError:
        lines = [
            line
            for name in ("home-assistant.log", "console.log")
            if self._exists(name)
            for line in (self.folder / name).read_text("utf-8").splitlines()[-10:]
        ]
        return HomeError("\n".join([f"Home Assistant {what}. The last lines of its log:", *lines]))

    def _write_configuration(self) -> None:
        """Write the configuration and, at the first start, the result of onboarding."""
        (self.folder / ".storage").mkdir(parents=True, exist_ok=True)
        ours = re.sub("warning|info", "debug", CONFIGURATION) if self.is_verbose else CONFIGURATION
        self._write("configuration.yaml", ours + self.configuration)
        # Not in YAML: Home Assistant would revert a port from there after five minutes.
        # Version 2 is that of the oldest supported Home Assistant; newer ones migrate it.
        self._store("http", server(self.port), version=2)
        if self._exists(".storage/auth"):
            return
        self._write("automations.yaml", "[]\n")
        self._write("scripts.yaml", "{}\n")
        for name in (
            "custom_components/__init__.py",
            "custom_components/odorik",
            "blueprints/automation/odorik",
        ):
            self._link(name, ROOT / name)
        for folder in self.integrations:
            self._link(f"custom_components/{folder.name}", folder)
        for key, data in owner(USER, PASSWORD).items():
            self._store(key, data)
        done = ["user", "core_config", "analytics", "integration"]
        self._store("onboarding", {"done": done}, version=4)
        if self.panel:
            self._store("frontend.system_data", {"core": {"default_panel": self.panel}})

    def _link(self, name: str, target: Path) -> None:
        (self.folder / name).parent.mkdir(parents=True, exist_ok=True)
        (self.folder / name).symlink_to(target)

    def _exists(self, name: str) -> bool:
        return (self.folder / name).exists()

    def _write(self, name: str, text: str) -> None:
        (self.folder / name).write_text(text, "utf-8")

    def _store(self, key: str, data: dict[str, Any], *, version: int = 1) -> None:
        document = {"version": version, "minor_version": 1, "key": key, "data": data}
        self._write(f".storage/{key}", json.dumps(document))
