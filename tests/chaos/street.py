"""A street of households on one wire: a real Home Assistant process, and an exchange behind it."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
import ssl
from time import monotonic
from typing import Any, Final

import trustme

from scripts.home import Home
from simulator.world import Account, Line, World
from tests.e2e.blocking import WATCH, blocked
from tests.e2e.leaks import leaks, shown
from tests.e2e.witnessed import FINISHED, Told, statement, witnessed
from tests.exchange import running

from .conftest import booked, telephone
from .names import ASK_HERE, EXCHANGE, Names, names
from .weather import Wire, wire

PASSWORD: Final = "nobody-may-read-this"
SIP_PASSWORD: Final = "nor-may-anybody-read-that"
OTHER_PASSWORD: Final = "and-this-neither"
SECRETS: Final = (PASSWORD, SIP_PASSWORD, OTHER_PASSWORD)
"""Made up, and looked for everywhere."""
INTERVAL: Final = 5
"""Seconds between two looks at the active calls, the least that can be chosen."""
TELEPHONED: Final = 10
"""Seconds within which all are done telephoning, and their records are written."""
PATIENCE: Final = 150
"""Seconds after which something will not happen any more: the clock of the history, and some."""
AUTOMATIONS: Final = """\
automation told:
  - alias: Missed call
    mode: parallel
    triggers:
      - trigger: odorik.call_missed
    actions:
      - action: odorik.get_calls
        data:
          config_entry_id: "{{ trigger.config_entry_id }}"
          start: "{{ now() - timedelta(hours=1) }}"
        response_variable: history
        continue_on_error: true
      - action: odorik.export_calls
        data:
          config_entry_id: "{{ trigger.config_entry_id }}"
          start: "{{ now() - timedelta(hours=1) }}"
          path: "calls.{{ trigger.config_entry_id }}.csv"
        continue_on_error: true
"""
"""What people have their Home Assistant do; each run leaves a trace."""


@dataclass
class Street:
    """What stands on it.

    Attributes:
        entries: The id of each account's config entry, by its user.
    """

    world: World
    wire: Wire
    names: Names
    home: Home
    authority: trustme.CA
    is_pushed: bool = False
    entries: dict[str, str] = field(default_factory=dict)

    async def move_in(self, user: str) -> None:
        """Add an account as a person would, and have it looked at often."""
        added = await self.home.add("odorik", username=user, password=PASSWORD)
        self.entries[user] = added["result"]["entry_id"]
        await self.home.change(self.entries[user], active_interval=INTERVAL, push=self.is_pushed)
        if self.is_pushed:
            url = f"{self.home.url}{await self.home.hook(added['title'])}?hook=call"
            self.world.save_push_url(url=url, account=user)

    async def renew(self, user: str) -> None:
        """Set an account up anew."""
        await self.home.post(f"config/config_entries/entry/{self.entries[user]}/reload")

    def told(self, user: str) -> list[Told]:
        """Return what was told of an account's calls."""
        entry = self.entries[user]
        return [line for line in statement(self.home) if line["config_entry_id"] == entry]

    def finished(self, user: str) -> list[tuple[int, str]]:
        """Return how its calls finished, as it was told."""
        lines = [line for line in self.told(user) if line["type"] in FINISHED]
        return sorted((line["call_id"], line["type"]) for line in lines)

    def is_all_told(self, user: str) -> bool:
        """Whether the books of the exchange hold nothing of an account that was not told."""
        return {call for call, _ in self.finished(user)} >= booked(self.world, user).keys()

    async def is_available(self, user: str) -> bool:
        """Whether it is known if an account's telephone rings."""
        state = await self.home.state(f"binary_sensor.odorik_{user}_ringing")
        return state["state"] in {"on", "off"}

    async def telephone(self, user: str) -> float:
        """Let an account's people telephone, and return the seconds until all has been told."""
        telephone(self.world, user)
        await asyncio.sleep(TELEPHONED)
        self.world.run_due()
        return await until(lambda: self.is_all_told(user), f"{user} heard of every call")

    def said(self, user: str) -> list[str]:
        """Return what the log says of an account to somebody who has turned no debugging on."""
        return [
            line
            for line in self.home.log.splitlines()
            if f"Odorik {user} " in line
            if any(f" {level} " in line for level in ("INFO", "WARNING", "ERROR", "CRITICAL"))
        ]

    async def leaks(self) -> list[str]:
        """Tell where a secret has come to light."""
        return leaks(self.home.folder, SECRETS, await shown(self.home))

    def certificate(self, name: str = EXCHANGE, **issue: Any) -> ssl.SSLContext:
        """Return a certificate for a name."""
        return certificate(self.authority, name, **issue)

    async def show(self, shown: ssl.SSLContext) -> None:
        """Show another certificate on the wire."""
        await self.wire.cut()
        self.wire.certificate = shown
        await self.wire.connect()


def certificate(authority: trustme.CA, name: str = EXCHANGE, **issue: Any) -> ssl.SSLContext:
    """Return a server's settings with a certificate for a name."""
    settings = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(name, **issue).configure_cert(settings)
    return settings


async def until(is_so: Callable[[], bool | Awaitable[bool]], what: str) -> float:
    """Wait until something is so, and return the seconds that it took."""
    began = monotonic()
    while True:
        answer = is_so()
        if answer if isinstance(answer, bool) else await answer:
            return monotonic() - began
        assert monotonic() - began < PATIENCE, f"not within {PATIENCE} s: {what}"
        await asyncio.sleep(0.2)


def household(user: str) -> Account:
    """Return an account with one line."""
    number = int(user) % 1_000_000 + 100_000
    line = Line(number, "Doma", f"00420910{number}", sip_password=SIP_PASSWORD)
    return Account(user, PASSWORD, lines={number: line})


@asynccontextmanager
async def street(
    folder: Path, users: Iterable[str], *, push: bool = False, **variables: str
) -> AsyncGenerator[Street]:
    """Build a street whose people log everything that can be logged.

    With ``push`` the exchange announces their calls. ``variables`` stand in the environment of
    their Home Assistant.
    """
    world = World(*map(household, users))
    authority = trustme.CA()
    bundle = folder / "authority.pem"
    authority.cert_pem.write_to_path(str(bundle))
    async with (
        running(world) as exchange,
        wire(exchange.url, certificate=certificate(authority), host=EXCHANGE) as laid,
        names() as known,
        witnessed(
            folder=folder / "home",
            exchange=laid.url,
            configuration=AUTOMATIONS,
            prelude=WATCH + ASK_HERE.format(port=known.port),
            variables={"REQUESTS_CA_BUNDLE": str(bundle), **variables},
        ) as home,
    ):
        built = Street(world, laid, known, home, authority, is_pushed=push)
        for user in users:
            await built.move_in(user)
        yield built
        assert blocked(home.folder) == []
