"""Tests with faults of the network, DNS, TLS and the login in a real Home Assistant."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
import re
import ssl

import pytest
import pytest_asyncio
import pytest_socket
import trustme

from .calls import expected_events
from .dns_stub import Mode
from .multi_account_app import (
    OTHER_PASSWORD,
    PASSWORD,
    MultiAccountApp,
    certificate,
    multi_account_app,
    wait_until,
)
from .network_faults import FAULTS, HARMLESS, Fault, respond

pytestmark = pytest.mark.long

OTHER_HOST = "elsewhere.example"
NEW_PASSWORD = "a new password"
EXPIRED = datetime.now(UTC) - timedelta(days=1)

type Step = Callable[[MultiAccountApp, str], Awaitable[None]]
"""Begins or ends a fault of an account."""


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """The effects of a fault on an account.

    Attributes:
        messages: The messages logged, with their levels.
        forms: Number of forms opened for the account.
        recovery: Seconds from the end of the fault until the entities were available.
        reporting: Seconds from there until all calls had been reported.
        lost: Number of calls that were not reported.
        repeated: Number of calls that were reported more than once.
        wrong: Number of calls that were reported with the wrong event.
    """

    messages: list[str]
    forms: int
    recovery: float
    reporting: float
    lost: int
    repeated: int
    wrong: int


def proxy_fault(make_fault: Callable[[], Fault]) -> tuple[Step, Step]:
    """Return the steps of a fault that the proxy injects for one account."""

    async def begin(app: MultiAccountApp, user: str) -> None:
        # Compressing the gzip bomb would block the proxy for all accounts.
        app.proxy.faults[user] = await asyncio.to_thread(make_fault)

    async def end(app: MultiAccountApp, user: str) -> None:
        app.proxy.faults.pop(user)

    return begin, end


async def _stop_proxy(app: MultiAccountApp, _: str) -> None:
    await app.proxy.stop()


async def _start_proxy(app: MultiAccountApp, _: str) -> None:
    await app.proxy.start()


async def _set_dns_mode(app: MultiAccountApp, _: str, *, mode: Mode) -> None:
    app.dns.mode = mode


def dns_fault(mode: Mode) -> tuple[Step, Step]:
    """Return the steps of a fault of the DNS server."""
    return partial(_set_dns_mode, mode=mode), partial(_set_dns_mode, mode="resolving")


def tls_fault(make: Callable[[MultiAccountApp], ssl.SSLContext]) -> tuple[Step, Step]:
    """Return the steps of a fault of the server's certificate."""

    async def begin(app: MultiAccountApp, _: str) -> None:
        await app.use_certificate(make(app))

    async def end(app: MultiAccountApp, _: str) -> None:
        await app.use_certificate(app.certificate())

    return begin, end


async def _change_password(app: MultiAccountApp, user: str) -> None:
    app.world.account(user).password = OTHER_PASSWORD


async def _enter_password(app: MultiAccountApp, user: str) -> None:
    """Change the password back, and submit the form with it."""
    app.world.account(user).password = PASSWORD
    forms = await app.home.command("config_entries/flow/progress")
    (form,) = (form for form in forms if form["context"]["entry_id"] == app.entries[user])
    await app.home.post(f"config/config_entries/flow/{form['flow_id']}", password=PASSWORD)


FOR_ONE: dict[str, tuple[Step, Step]] = {
    **{name: proxy_fault(make_fault) for name, make_fault in FAULTS.items()},
    "a redirect to another host": proxy_fault(
        lambda: respond("302 Found", b"", Location=f"http://{OTHER_HOST}/")
    ),
    NEW_PASSWORD: (_change_password, _enter_password),
}
"""Faults of one account."""
FOR_ALL: dict[str, tuple[Step, Step]] = {
    "a refused connection": (_stop_proxy, _start_proxy),
    "an unknown host name": dns_fault("unknown"),
    "an unreachable DNS server": dns_fault("silent"),
    "an untrusted certificate": tls_fault(lambda _: certificate(trustme.CA())),
    "a certificate for another host": tls_fault(lambda app: app.certificate(OTHER_HOST)),
    "an expired certificate": tls_fault(lambda app: app.certificate(not_after=EXPIRED)),
}
"""Faults of all accounts at a time."""
FOR_NONE = {name: proxy_fault(make_fault) for name, make_fault in HARMLESS.items()}
"""Changes of the responses to one account that have no effect."""
ALL = FOR_ONE | FOR_ALL | FOR_NONE
COORDINATORS = 4
"""Each logs the outage and the recovery once."""


async def run_fault(app: MultiAccountApp, user: str, fault: tuple[Step, Step]) -> Outcome:
    """Make calls before, during and after a fault, and return the outcome."""
    begin, end = fault
    available = partial(app.is_available, user)

    async def is_unavailable() -> bool:
        return not await available()

    call = app.world.ring("00420603111222", account=user)
    await wait_until(lambda: bool(app.events(user)), f"{user} reported a call")
    before = len(app.log_lines(user))
    await begin(app, user)
    if fault not in FOR_NONE.values():
        await wait_until(is_unavailable, f"{user} became unavailable")
    app.world.end(call.id)
    await app.make_calls(user)
    forms = await app.home.command("config_entries/flow/progress")
    await end(app, user)
    recovery = await wait_until(available, f"{user} became available")
    reporting = await wait_until(partial(app.has_reported_all, user), f"{user} reported every call")
    await app.make_calls_and_wait(user)
    finished, expected = app.finished(user), expected_events(app.world, user)
    times = Counter(call_id for call_id, _ in finished)
    return Outcome(
        messages=app.log_lines(user)[before:],
        forms=sum(form["context"].get("entry_id") == app.entries[user] for form in forms),
        recovery=recovery,
        reporting=reporting,
        lost=len(expected.keys() - times.keys()),
        repeated=sum(times.values()) - len(times),
        wrong=len(set(finished) - set(expected.items())),
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
                name: group.create_task(run_fault(app, user, ALL[name]))
                for name, user in users.items()
                if name not in FOR_ALL
            }
        outcomes = {name: task.result() for name, task in tasks.items()}
        for name, user in users.items():
            if name in FOR_ALL:
                # Coordinators that poll rarely may not have recovered from an earlier fault.
                await app.reload(user)
                outcomes[name] = await run_fault(app, user, ALL[name])
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
    row = {
        "fault": fault,
        "available": "always" if fault in FOR_NONE else f"{outcome.recovery:.1f} s",
        "all reported": f"{outcome.recovery + outcome.reporting:.1f} s",
        "lost": outcome.lost,
        "reported twice": outcome.repeated,
        "besides": "a form asks for the password" if outcome.forms else "",
    }
    record_property("", row)
    assert (outcome.lost, outcome.repeated, outcome.wrong) == (0, 0, 0)
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
