"""A real Home Assistant with several accounts behind one faulty proxy."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic
from typing import Final

from scripts.home import Home
from simulator.world import Account, Line, World
from tests.e2e.blocking import DETECT_BLOCKING, blocking_calls
from tests.e2e.event_log import FINISHED, RecordedEvent, home_with_event_log, recorded_events
from tests.e2e.leaks import leaks, visible_data

from .calls import expected_events, make_calls
from .dns_stub import USE_DNS_STUB, DnsStub, dns_stub
from .faulty_exchange import FaultyExchange, faulty_exchange

PASSWORD: Final = "never-in-a-log"
SIP_PASSWORD: Final = "nor-may-anybody-read-that"
OTHER_PASSWORD: Final = "and-this-neither"
SECRETS: Final = (PASSWORD, SIP_PASSWORD, OTHER_PASSWORD)
INTERVAL: Final = 5
"""Seconds between two polls of the active calls, the shortest that can be chosen."""
CALL_TIME: Final = 10
"""Seconds until calls have ended and their records are written."""
TIMEOUT: Final = 150
"""Seconds, longer than the interval between two polls of the history."""
AUTOMATIONS: Final = """\
automation calls:
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
"""Automations with traces, which must not contain a secret."""


@dataclass
class MultiAccountApp:
    """A running Home Assistant with accounts of a simulated exchange.

    Attributes:
        entries: The ID of each account's config entry, by user name.
    """

    world: World
    exchange: FaultyExchange
    dns: DnsStub
    home: Home
    has_push: bool = False
    entries: dict[str, str] = field(default_factory=dict)

    async def add_account(self, user: str) -> None:
        """Add an account through the config flow, and set its options."""
        added = await self.home.add("odorik", username=user, password=PASSWORD)
        self.entries[user] = added["result"]["entry_id"]
        await self.home.change_options(
            self.entries[user],
            active_interval=INTERVAL,
            push=self.has_push,
            spending_guard="hang_up",
        )
        if self.has_push:
            path = await self.home.webhook_path(added["title"])
            self.world.save_push_url(url=f"{self.home.url}{path}?hook=call", account=user)

    async def reload(self, user: str) -> None:
        """Reload an account."""
        await self.home.reload(self.entries[user])

    def events(self, user: str) -> list[RecordedEvent]:
        """Return the events of an account."""
        entry = self.entries[user]
        return [event for event in recorded_events(self.home) if event["config_entry_id"] == entry]

    def finished(self, user: str) -> list[tuple[int, str]]:
        """Return the finished calls of an account: ID and event type."""
        events = (event for event in self.events(user) if event["type"] in FINISHED)
        return sorted((event["call_id"], event["type"]) for event in events)

    def has_reported_all(self, user: str) -> bool:
        """Return whether each call of an account has been reported."""
        return {call for call, _ in self.finished(user)} >= expected_events(self.world, user).keys()

    async def is_available(self, user: str) -> bool:
        """Return whether the entities of an account are available."""
        state = await self.home.state(f"binary_sensor.odorik_{user}_ringing")
        return state["state"] in {"on", "off"}

    async def make_calls(self, user: str) -> None:
        """Make one call of each kind, and wait until all of them have been recorded."""
        make_calls(self.world, user)
        await asyncio.sleep(CALL_TIME)
        self.world.run_due()

    async def make_calls_and_wait(self, user: str) -> float:
        """Make calls, and return the seconds from their end until all have been reported."""
        await self.make_calls(user)
        return await wait_until(lambda: self.has_reported_all(user), f"{user} reported every call")

    def log_lines(self, user: str) -> list[str]:
        """Return the log messages of an account above debug level."""
        return [
            line
            for line in self.home.log.splitlines()
            if f"Odorik {user} " in line
            if any(f" {level} " in line for level in ("INFO", "WARNING", "ERROR", "CRITICAL"))
        ]

    async def leaks(self) -> list[str]:
        """Return the places where a secret has been stored or shown."""
        return leaks(self.home.folder, SECRETS, await visible_data(self.home))


async def wait_until(condition: Callable[[], bool | Awaitable[bool]], description: str) -> float:
    """Wait until a condition is true, and return the seconds that it took."""
    began = monotonic()
    while True:
        result = condition()
        if result if isinstance(result, bool) else await result:
            return monotonic() - began
        assert monotonic() - began < TIMEOUT, f"not within {TIMEOUT} s: {description}"
        await asyncio.sleep(0.2)


def make_account(user: str) -> Account:
    """Return an account with one line."""
    number = int(user) % 1_000_000 + 100_000
    line = Line(number, "Doma", f"00420910{number}", sip_password=SIP_PASSWORD)
    return Account(user, PASSWORD, lines={number: line})


@asynccontextmanager
async def multi_account_app(
    folder: Path, users: Iterable[str], *, push: bool = False, **variables: str
) -> AsyncGenerator[MultiAccountApp]:
    """Run a Home Assistant with an account for each user and these environment variables."""
    world = World(*map(make_account, users))
    bundle = folder / "authority.pem"
    async with faulty_exchange(world) as exchange, dns_stub() as dns:
        exchange.authority.cert_pem.write_to_path(str(bundle))
        home = home_with_event_log(
            folder=folder / "home",
            exchange=exchange.url,
            configuration=AUTOMATIONS,
            prelude=DETECT_BLOCKING + USE_DNS_STUB.format(port=dns.port),
            variables={"REQUESTS_CA_BUNDLE": str(bundle), **variables},
        )
        async with home:
            app = MultiAccountApp(world, exchange, dns, home, has_push=push)
            for user in users:
                await app.add_account(user)
            yield app
            assert blocking_calls(home.folder) == []
