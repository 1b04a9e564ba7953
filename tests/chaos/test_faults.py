"""Tests with faults of the network, DNS, TLS and the login in a real Home Assistant."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
import re
from typing import Any

import pytest
import pytest_asyncio
import pytest_socket
import trustme

from .calls import expected_events
from .dns_stub import Mode
from .faulty_exchange import FAULTS, HARMLESS, Fault, respond
from .multi_account_app import (
    OTHER_PASSWORD,
    PASSWORD,
    MultiAccountApp,
    multi_account_app,
    wait_until,
)

pytestmark = pytest.mark.long

OTHER_HOST = "elsewhere.example"
REDIRECT = respond(302, Location=f"http://{OTHER_HOST}/")
NEW_PASSWORD = "a new password"
EXPIRED = datetime.now(UTC) - timedelta(days=1)

type FaultOf = Callable[[MultiAccountApp, str], AbstractAsyncContextManager[None]]
"""A fault of an account, which lasts until the block is left."""


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """The effects of a fault on an account.

    Attributes:
        messages: The messages logged, with their levels.
        forms: Number of forms opened for the account.
        recovery: Seconds from the end of the fault until the entities were available.
        reporting: Seconds from there until all calls had been reported.
        reported: The finished calls that were reported: ID and event type.
        expected: The event type that has to report each call, by its ID.
    """

    messages: list[str]
    forms: int
    recovery: float
    reporting: float
    reported: list[tuple[int, str]]
    expected: dict[int, str]


@asynccontextmanager
async def injected(app: MultiAccountApp, user: str, fault: Fault) -> AsyncIterator[None]:
    """Replace the responses to one account."""
    app.exchange.faults[user] = fault
    yield
    del app.exchange.faults[user]


@asynccontextmanager
async def refused_connection(app: MultiAccountApp, _: str) -> AsyncIterator[None]:
    """Stop the exchange."""
    await app.exchange.stop()
    yield
    await app.exchange.start()


@asynccontextmanager
async def dns_fault(app: MultiAccountApp, _: str, mode: Mode) -> AsyncIterator[None]:
    """Stop resolving the host name of the exchange."""
    app.dns.mode = mode
    yield
    app.dns.mode = "resolving"


@asynccontextmanager
async def wrong_certificate(app: MultiAccountApp, _: str, **options: Any) -> AsyncIterator[None]:
    """Give the exchange a certificate with these options."""
    await app.exchange.stop()
    await app.exchange.start(**options)
    yield
    await app.exchange.stop()
    await app.exchange.start()


@asynccontextmanager
async def new_password(app: MultiAccountApp, user: str) -> AsyncIterator[None]:
    """Change the password, and change it back and submit the form with it."""
    app.world.account(user).password = OTHER_PASSWORD
    yield
    app.world.account(user).password = PASSWORD
    forms = await app.home.command("config_entries/flow/progress")
    (form,) = (form for form in forms if form["context"]["entry_id"] == app.entries[user])
    await app.home.post(f"config/config_entries/flow/{form['flow_id']}", password=PASSWORD)


FOR_ONE: dict[str, FaultOf] = {
    **{name: partial(injected, fault=fault) for name, fault in FAULTS.items()},
    "a redirect to another host": partial(injected, fault=REDIRECT),
    NEW_PASSWORD: new_password,
}
"""Faults of one account."""
FOR_ALL: dict[str, FaultOf] = {
    "a refused connection": refused_connection,
    "an unknown host name": partial(dns_fault, mode="unknown"),
    "an unreachable DNS server": partial(dns_fault, mode="silent"),
    "an untrusted certificate": partial(wrong_certificate, authority=trustme.CA()),
    "a certificate for another host": partial(wrong_certificate, name=OTHER_HOST),
    "an expired certificate": partial(wrong_certificate, not_after=EXPIRED),
}
"""Faults of all accounts at a time."""
FOR_NONE = {name: partial(injected, fault=fault) for name, fault in HARMLESS.items()}
"""Changes of the responses to one account that have no effect."""
ALL = FOR_ONE | FOR_ALL | FOR_NONE
COORDINATORS = 4
"""Each logs the outage and the recovery once."""


async def run_fault(app: MultiAccountApp, user: str, name: str) -> Outcome:
    """Make calls before, during and after a fault, and return the outcome."""
    available = partial(app.is_available, user)

    async def is_unavailable() -> bool:
        return not await available()

    call = app.world.ring("00420603111222", account=user)
    await wait_until(lambda: bool(app.events(user)), f"{user} reported a call")
    before = len(app.log_lines(user))
    async with ALL[name](app, user):
        if name not in FOR_NONE:
            await wait_until(is_unavailable, f"{user} became unavailable")
        app.world.end(call.id)
        await app.make_calls(user)
        forms = await app.home.command("config_entries/flow/progress")
    recovery = await wait_until(available, f"{user} became available")
    reporting = await wait_until(partial(app.has_reported_all, user), f"{user} reported every call")
    await app.make_calls_and_wait(user)
    return Outcome(
        messages=app.log_lines(user)[before:],
        forms=sum(form["context"].get("entry_id") == app.entries[user] for form in forms),
        recovery=recovery,
        reporting=reporting,
        reported=app.finished(user),
        expected=expected_events(app.world, user),
    )


@dataclass(frozen=True)
class Results:
    """The outcomes of all faults, the secrets found, and the host names resolved."""

    outcomes: dict[str, Outcome]
    leaks: list[str]
    queried: set[str]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def results(tmp_path_factory: pytest.TempPathFactory) -> Results:
    """Run all faults once, with an account for each: those of one account at the same time."""
    pytest_socket.enable_socket()
    users = {name: str(1_000_000 + number) for number, name in enumerate(ALL)}
    folder = tmp_path_factory.mktemp("accounts")
    async with multi_account_app(folder, list(users.values()), push=True) as app:
        async with asyncio.TaskGroup() as group:
            tasks = {
                name: group.create_task(run_fault(app, user, name))
                for name, user in users.items()
                if name not in FOR_ALL
            }
        outcomes = {name: task.result() for name, task in tasks.items()}
        for name, user in users.items():
            if name in FOR_ALL:
                # Coordinators that poll rarely may not have recovered from an earlier fault.
                await app.reload(user)
                outcomes[name] = await run_fault(app, user, name)
        return Results(outcomes, await app.leaks(), app.dns.queried)


@pytest.fixture
def verify_cleanup() -> None:
    """Allow tasks of the module's fixture to be left after a test."""


@pytest.mark.parametrize("fault", ALL)
def test_an_account_recovers_from_a_fault(
    results: Results, fault: str, record_property: Callable[[str, object], None]
) -> None:
    """Each call is reported once, and the outage is logged at most once per coordinator."""
    outcome = results.outcomes[fault]
    times = Counter(call_id for call_id, _ in outcome.reported)
    row = {
        "fault": fault,
        "available": "always" if fault in FOR_NONE else f"{outcome.recovery:.1f} s",
        "all reported": f"{outcome.recovery + outcome.reporting:.1f} s",
        "lost": len(outcome.expected.keys() - times.keys()),
        "reported twice": times.total() - len(times),
        "notes": "a form asks for the password" if outcome.forms else "",
    }
    record_property("", row)
    assert outcome.reported == sorted(outcome.expected.items())
    errors = [message for message in outcome.messages if " ERROR " in message]
    if fault in FOR_NONE:
        # A request or a DNS query of any account may time out while this machine is busy.
        time_out = re.compile(r"no response within|ClientConnectorDNSError")
        assert [error for error in errors if not time_out.search(error)] == []
    # A coordinator that polls rarely may miss a fault, or notice its end during the next one.
    assert len(errors) <= COORDINATORS, errors
    assert outcome.forms == (fault == NEW_PASSWORD)


def test_no_secret_is_stored_or_shown(results: Results) -> None:
    """No fault writes a password or a query to a file, the log or the API."""
    assert results.leaks == []


def test_the_host_of_a_redirect_is_not_resolved(results: Results) -> None:
    """The client does not follow a redirect to another host, which would receive the login."""
    assert OTHER_HOST not in results.queried
