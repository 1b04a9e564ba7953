"""Every weather over a real Home Assistant: what people see of it, and how soon it is forgotten."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
import ssl

import pytest
import pytest_asyncio
import pytest_socket
import trustme

from .conftest import booked, telephone
from .street import (
    INTERVAL,
    OTHER_PASSWORD,
    PASSWORD,
    TELEPHONED,
    Street,
    certificate,
    street,
    until,
)
from .weather import BAD, HARMLESS, Weather, instead

ANSWERED_WITHIN = 15
"""Seconds for which an answer is awaited."""
TWO_POLLS = 2 * (INTERVAL + ANSWERED_WITHIN)
"""Seconds; a poll that began in the last moment of a fault has its own time to wait."""
ELSEWHERE = "elsewhere.example"
CHANGED = "another password"

type Act = Callable[[Street, str], Awaitable[None]]


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What became of an account.

    Attributes:
        levels: The levels of what the log said in the meantime.
        forms: How many forms asked the user for something.
        healed: Seconds from the end of the fault until the entities were there again.
        told: Seconds from there until all calls had been told.
        lost: How many calls of the exchange's books were not told.
        doubled: How many were told more than once.
        wrong: How many were told as something else.
    """

    levels: list[str]
    forms: int
    healed: float
    told: float
    lost: int
    doubled: int
    wrong: int


async def _fine(street: Street, user: str) -> None:
    street.wire.over.pop(user)


def over(weather: Callable[[], Weather]) -> tuple[Act, Act]:
    """Spoil the answers for one login."""

    async def bad(street: Street, user: str) -> None:
        street.wire.over[user] = weather()

    return bad, _fine


def always(weather: Weather) -> Callable[[], Weather]:
    """Make the same weather each time."""
    return lambda: weather


async def _forget(street: Street, _: str, *, mood: str) -> None:
    street.names.mood = mood


async def _cut(street: Street, _: str) -> None:
    await street.wire.cut()


async def _connect(street: Street, _: str) -> None:
    await street.wire.connect()


async def _show(street: Street, _: str, *, what: Callable[[Street], ssl.SSLContext]) -> None:
    await street.show(what(street))


def showing(what: Callable[[Street], ssl.SSLContext]) -> tuple[Act, Act]:
    """Show another certificate."""
    return partial(_show, what=what), partial(_show, what=Street.certificate)


async def _change_password(street: Street, user: str) -> None:
    street.world.account(user).password = OTHER_PASSWORD


async def _type_password(street: Street, user: str) -> None:
    """Change the password back, and type it into the form."""
    street.world.account(user).password = PASSWORD
    forms = await street.home.command("config_entries/flow/progress")
    (form,) = (form for form in forms if form["context"]["entry_id"] == street.entries[user])
    path = f"config/config_entries/flow/{form['flow_id']}"
    await street.home.post(path, password=PASSWORD)


PASSED = datetime.now(UTC) - timedelta(days=1)
FOR_ONE: dict[str, tuple[Act, Act]] = {
    **{name: over(weather) for name, weather in BAD.items()},
    "a redirect to another host": over(
        lambda: instead("302 Found", b"", Location=f"http://{ELSEWHERE}/")
    ),
    CHANGED: (_change_password, _type_password),
}
"""What can happen to one account while others have a fine day: how it begins, and how it ends."""
FOR_ALL: dict[str, tuple[Act, Act]] = {
    "a connection that is refused": (_cut, _connect),
    "a name that nobody knows": (
        partial(_forget, mood="forgotten"),
        partial(_forget, mood="knows"),
    ),
    "no name server": (partial(_forget, mood="silent"), partial(_forget, mood="knows")),
    "a certificate of nobody we know": showing(lambda _: certificate(trustme.CA())),
    "a certificate of another host": showing(lambda street: street.certificate(ELSEWHERE)),
    "a certificate that has expired": showing(lambda street: street.certificate(not_after=PASSED)),
}
"""What happens to all at once."""
FOR_NOTHING = {name: over(always(weather)) for name, weather in HARMLESS.items()}
"""What happens to one account, and means nothing."""
FAULTS = FOR_ONE | FOR_ALL | FOR_NOTHING
LOGGED: dict[str, list[str]] = {**{name: [] for name in FOR_NOTHING}, CHANGED: ["ERROR"]}
"""The levels of what the log says, where it is not that the service went and that it came back.
The form sets the account up anew, and a new one has nothing to take back."""
SAMPLE = {
    *FOR_NOTHING,
    "a body that drips",
    CHANGED,
    "a redirect to another host",
    "status 503 with Retry-After",
    "200 MB",
    "a name that nobody knows",
    "a certificate of nobody we know",
}


async def endure(street: Street, user: str, fault: tuple[Act, Act]) -> Outcome:
    """Let an account telephone before, during and after a fault."""
    begin, end = fault
    available = partial(street.is_available, user)

    async def is_gone() -> bool:
        return not await available()

    call = street.world.ring("00420603111222", account=user)
    await until(lambda: bool(street.told(user)), f"{user} heard the telephone ring")
    before = len(street.said(user))
    await begin(street, user)
    if fault not in FOR_NOTHING.values():
        await until(is_gone, f"{user} saw that something was wrong")
    street.world.end(call.id)
    telephone(street.world, user)
    await asyncio.sleep(TELEPHONED)
    street.world.run_due()
    forms = await street.home.command("config_entries/flow/progress")
    await end(street, user)
    healed = await until(available, f"{user} saw that all was well")
    told = await until(partial(street.is_all_told, user), f"{user} heard of every call")
    await street.telephone(user)
    finished, books = street.finished(user), booked(street.world, user)
    times = Counter(call_id for call_id, _ in finished)
    return Outcome(
        levels=[line.split()[2] for line in street.said(user)[before:]],
        forms=sum(form["context"].get("entry_id") == street.entries[user] for form in forms),
        healed=healed,
        told=told,
        lost=len(books.keys() - times.keys()),
        doubled=sum(times.values()) - len(times),
        wrong=len(set(finished) - set(books.items())),
    )


@dataclass(frozen=True)
class Storm:
    """What became of everybody, and what was found in the ruins."""

    outcomes: dict[str, Outcome]
    leaks: list[str]
    asked_for: set[str]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def storm(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Storm:
    """Live through all of it, once: one household a fault, and what strikes all comes in turn."""
    pytest_socket.enable_socket()
    chosen = [name for name in FAULTS if name in SAMPLE or request.config.getoption("--long")]
    users = {name: str(1_000_000 + number) for number, name in enumerate(chosen)}
    folder = tmp_path_factory.mktemp("street")
    async with street(folder, list(users.values()), push=True) as built:
        async with asyncio.TaskGroup() as together:
            struck = {
                name: together.create_task(endure(built, user, FAULTS[name]))
                for name, user in users.items()
                if name not in FOR_ALL
            }
        outcomes = {name: task.result() for name, task in struck.items()}
        for name, user in users.items():
            if name in FOR_ALL:
                # What struck all before this may not be over for all that is read rarely.
                await built.renew(user)
                outcomes[name] = await endure(built, user, FAULTS[name])
        return Storm(outcomes, await built.leaks(), built.names.asked)


@pytest.fixture
def verify_cleanup() -> None:
    """Let the storm outlive a test."""


@pytest.mark.parametrize(
    "fault",
    [pytest.param(name, marks=() if name in SAMPLE else pytest.mark.long) for name in FAULTS],
)
def test_a_fault_is_over_when_it_is_over(
    storm: Storm, fault: str, record_property: Callable[[str, object], None]
) -> None:
    """Somebody would have to start Home Assistant anew, or would never hear who called."""
    outcome = storm.outcomes[fault]
    row = {
        "fault": fault,
        "there again": "never gone" if fault in FOR_NOTHING else f"{outcome.healed:.1f} s",
        "all told": f"{outcome.healed + outcome.told:.1f} s",
        "lost": outcome.lost,
        "reported twice": outcome.doubled,
        "besides": "a form asks for the password" if outcome.forms else "",
    }
    record_property("", row)
    assert (outcome.lost, outcome.doubled, outcome.wrong) == (0, 0, 0)
    assert outcome.healed < TWO_POLLS
    assert outcome.told < TWO_POLLS
    assert outcome.levels == LOGGED.get(fault, ["ERROR", "INFO"])
    assert outcome.forms == (fault == CHANGED)


def test_a_storm_gives_no_secret_away(storm: Storm) -> None:
    """A password in a log or a backup costs more than all the calls of a year."""
    assert storm.leaks == []


def test_nobody_is_redirected(storm: Storm) -> None:
    """Whoever redirects would be given the login."""
    assert ELSEWHERE not in storm.asked_for
