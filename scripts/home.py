"""A real Home Assistant in a folder: furnished, started, asked and stopped by a program.

The demo and the end-to-end tests stand on it. It is the newest ``hass`` in a process of its own, as
scripts/setup installed it, already onboarded, and reached as a browser reaches it: over HTTP and
the web socket.
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

from scripts.stores import HOST, owner, server
from scripts.visitor import PASSWORD, USER, HomeError, Visitor

ROOT = Path(__file__).parent.parent
PYTHON = Path(os.environ.get("HASS_PYTHON", ROOT / ".venv-hass/bin/python"))
"""``HASS_PYTHON`` selects the interpreter of another Home Assistant for the same tests."""
OLDEST = ROOT / ".cache/hass-oldest/bin/python"
"""The oldest supported Home Assistant, where ``scripts/browsers`` has installed it."""

START = """\
from homeassistant import __main__, bootstrap
bootstrap.DEFAULT_INTEGRATIONS -= {
    "analytics", "assist_satellite", "camera", "image_processing", "stt", "tts"
}
raise SystemExit(__main__.main())
"""
"""``hass`` as it is, but that it cannot see or speak: that would need a compiler and FFmpeg. Nor
does it count itself at its makers', which takes a third of its start."""

RESTART = 100
"""The exit code by which ``hass`` asks to be started again."""

STARTED_WITHIN = 120
"""Seconds. The very first start also compiles Home Assistant's bytecode."""

STOPPED_WITHIN = 30
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
"""What a telephone needs. ``default_config`` would also speak, and look around in the network."""


def free_port() -> int:
    """Return a port of this machine that nobody listens on."""
    with socket.create_server((HOST, 0)) as server:
        port: int = server.getsockname()[1]
        return port


def is_free(port: int) -> bool:
    """Tell whether this machine's port can be listened on."""
    with suppress(OSError), socket.create_server((HOST, port)):
        return True
    return False


def environment(**variables: str) -> dict[str, str]:
    """Return this environment for a child, with the variables, and so that bytecode is kept."""
    return {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"} | variables


async def end(process: asyncio.subprocess.Process) -> None:
    """Ask a child to stop, and end it when it does not."""
    if process.returncode is None:
        process.send_signal(signal.SIGTERM)
        with suppress(TimeoutError):
            await asyncio.wait_for(process.wait(), STOPPED_WITHIN)
    if process.returncode is None:
        process.kill()
        await process.wait()


@dataclass(kw_only=True)
class Home(Visitor):
    """A Home Assistant on 127.0.0.1.

    Attributes:
        folder: Its configuration folder; made at the first start, kept afterwards.
        port: Where it listens.
        exchange: Base address of the Odorik exchange that its integration talks to.
        configuration: YAML added to configuration.yaml.
        panel: The dashboard that opens first; Home Assistant's own overview if empty.
        guests: Folders of integrations that live there beside ours.
        is_verbose: Whether everything is logged that can be.
        prelude: Python that its process runs before anything else.
        variables: What else stands in its environment.
        python: The interpreter of the environment with its Home Assistant.
    """

    folder: Path
    port: int
    exchange: str
    configuration: str = ""
    panel: str = ""
    guests: tuple[Path, ...] = ()
    is_verbose: bool = False
    prelude: str = ""
    variables: dict[str, str] = field(default_factory=dict)
    python: Path = PYTHON
    _process: asyncio.subprocess.Process = field(init=False, repr=False)

    @property
    @override
    def url(self) -> str:
        """Its address, which is also the client id of the login."""
        return f"http://{HOST}:{self.port}"

    @property
    def pid(self) -> int:
        """Its process."""
        return self._process.pid

    @property
    def log(self) -> str:
        """What it has logged in this start and the one before."""
        logs = sorted(self.folder.glob("home-assistant.log*"), reverse=True)
        return "".join(log.read_text("utf-8") for log in logs)

    async def __aenter__(self) -> Self:
        """Start it."""
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        """Stop it."""
        await self.stop()

    async def start(self) -> None:
        """Start ``hass`` and return when it has set up everything.

        Raises:
            HomeError: It ended at once, or was not ready in time.
        """
        self._furnish()
        self.tokens = {}
        with (self.folder / "console.log").open("wb") as console:
            self._process = await asyncio.create_subprocess_exec(
                *(self.python, "-c", self.prelude + START),
                *("--config", self.folder, "--log-no-color"),
                env=environment(ODORIK_API_URL=self.exchange, **self.variables),
                stdin=asyncio.subprocess.DEVNULL,
                stdout=console,
                stderr=console,
                # Ctrl-C reaches the program that started it, which then stops it in good order.
                start_new_session=True,
            )
        self._session = aiohttp.ClientSession(self.url)
        try:
            async with asyncio.timeout(STARTED_WITHIN):
                while not await self._is_running():  # noqa: ASYNC110 - It is another process.
                    await asyncio.sleep(0.1)
        except BaseException as error:
            await self.stop()
            if isinstance(error, TimeoutError):
                raise self._failure(f"was not ready in {STARTED_WITHIN} seconds") from None
            raise

    async def stop(self) -> None:
        """Stop it as its own stop button does; nothing is left behind but its folder."""
        await end(self._process)
        await self._session.close()

    async def kill(self) -> None:
        """End it as a power cut does."""
        self._process.kill()
        await self.wait()
        await self._session.close()

    async def wait(self) -> int:
        """Return its exit code when it has ended by itself; ``RESTART`` asks for another start."""
        return await self._process.wait()

    async def _is_running(self) -> bool:
        """Tell whether everything is set up; the login is made on the way there."""
        if self._process.returncode is not None:
            raise self._failure("ended while it was starting")
        try:
            self.tokens = self.tokens or await self._log_in()
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
        return HomeError("\n".join([f"Home Assistant {what}. The end of its log:", *lines]))

    def _furnish(self) -> None:
        """Write the configuration, and at the first start what onboarding would have stored."""
        (self.folder / ".storage").mkdir(parents=True, exist_ok=True)
        ours = re.sub("warning|info", "debug", CONFIGURATION) if self.is_verbose else CONFIGURATION
        self._write("configuration.yaml", ours + self.configuration)
        # In YAML a port is on trial: five minutes later Home Assistant would go back to its own.
        # Version 2 is what the oldest Home Assistant stores, and newer ones migrate.
        self._store("http", server(self.port), version=2)
        if self._exists(".storage/auth"):
            return
        self._write("automations.yaml", "[]\n")
        self._write("scripts.yaml", "{}\n")
        for place in (
            "custom_components/__init__.py",
            "custom_components/odorik",
            "blueprints/automation/odorik",
        ):
            self._link(place, ROOT / place)
        for guest in self.guests:
            self._link(f"custom_components/{guest.name}", guest)
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
