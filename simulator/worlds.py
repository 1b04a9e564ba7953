"""The named worlds: accounts, histories and background traffic; people and numbers are made up."""

from collections.abc import Callable
from functools import partial
from random import Random

from .world import Account, ActiveCall, Contact, Device, Line, PublicNumber, World

USER = "1234567"
PASSWORD = "demo-api-password"  # noqa: S105 - made up, printed by --help
HOME_NUMBER = "00420910123456"
GATE_NUMBER = "00420910246810"
OFFICE_LINES = 10
TWO_MONTHS_DAYS, FIVE_YEARS_DAYS = 61, 1826
CALLS_PER_MESSAGE = 20
FRAUD_CREDIT = 50_000.0
FRAUD_CALLS = 100
FRAUD_DELAY_SECONDS, FRAUD_INTERVAL_SECONDS = 60, 6
FRAUD_DURATION_SECONDS = (60, 600)
CHARGE_INTERVAL_SECONDS = 5
STORM_MAX = 1000

CONTACTS = (
    Contact(1, "00420777123456", "Jan <b>Novák</b> <i>mobil</i>"),
    Contact(2, "00420602987654", "Eva Dvořáková"),
    Contact(3, "00420733555111", "Babička Růžena"),
    Contact(4, "00420541246810", "MUDr. Šťastný &amp; sestra"),
    Contact(5, "00420596111222", "Škola Žižkov"),
    Contact(10, "*100", "Ústředna"),
    Contact(33, "skype:tomas.prochazka", "Tomáš Procházka"),
)
FRAUD_NUMBERS: tuple[tuple[str, float | None], ...] = (
    ("00420906123", None),
    ("00420909555", None),
    ("00420905606", None),
    ("00420908990", None),
    ("00881621451", None),
    ("00870773111", None),
    ("00232761234", None),
    ("00960312345", 9.9),
    ("00420608777", 35.0),
)
"""The beginnings of called numbers, and the price per minute once the call has been answered if it
is another one than while it rings."""


def household(user: str = USER, password: str = PASSWORD, *, seed: int = 1) -> World:
    """Three lines, 420 calls in two months, background traffic."""
    return with_history(quiet(user, password, seed=seed), 420, days=TWO_MONTHS_DAYS)


def years(user: str = USER, password: str = PASSWORD, *, seed: int = 1) -> World:
    """The household with 20,000 calls in five years."""
    return with_history(quiet(user, password, seed=seed), 20_000, days=FIVE_YEARS_DAYS)


def quiet(user: str = USER, password: str = PASSWORD, *, seed: int = 1) -> World:
    """The household without history and background traffic."""
    account = Account(
        user,
        password,
        credit=500.0,
        lines={
            line.id: line
            for line in (
                Line(
                    300100,
                    "Domov",
                    HOME_NUMBER,
                    backup_number="00420777000111",
                    devices=[Device()],
                ),
                Line(
                    300110,
                    "Dílna",
                    "00420533111222",
                    devices=[Device("Yealink T31P", "198.51.100.7:5062", "192.168.1.21:5060")],
                ),
                Line(300120, "", "00420799300120"),
            )
        },
        numbers=[
            PublicNumber(HOME_NUMBER, "nomadic", 300100),
            PublicNumber("00420533111222", "geographic", 300110),
            PublicNumber("00420799300120", "mobile", 300120),
            PublicNumber("domov.novakovi", "sip_name", 300100),
            PublicNumber(GATE_NUMBER, "nomadic", 300120, telephones=False),
        ],
        contacts=list(CONTACTS),
        ringings={GATE_NUMBER: ["*0071"]},
    )
    return World(account, seed=seed)


def office(user: str = USER, password: str = PASSWORD, *, seed: int = 1) -> World:
    """Ten lines, 5,000 calls in two months, background traffic."""
    return with_history(quiet_office(user, password, seed=seed), 5000, days=TWO_MONTHS_DAYS)


def office_years(user: str = USER, password: str = PASSWORD, *, seed: int = 1) -> World:
    """The office with 150,000 calls in five years."""
    return with_history(quiet_office(user, password, seed=seed), 150_000, days=FIVE_YEARS_DAYS)


def quiet_office(user: str, password: str, *, seed: int) -> World:
    """Ten lines without history and background traffic."""
    lines = [
        Line(
            400100 + 10 * index,
            f"Kancelář {index + 1}",
            f"004205412000{index:02}",
            backup_number="00420777000111",
            devices=[Device("Yealink T54W", f"198.51.100.9:{5060 + index}")],
        )
        for index in range(OFFICE_LINES)
    ]
    numbers = [PublicNumber(line.public_number or "", "geographic", line.id) for line in lines]
    account = Account(
        user,
        password,
        credit=5000.0,
        lines={line.id: line for line in lines},
        numbers=[
            *numbers,
            PublicNumber("00420800400100", "shared", lines[0].id),
            PublicNumber(GATE_NUMBER, "nomadic", lines[0].id, telephones=False),
        ],
        contacts=list(CONTACTS),
        ringings={GATE_NUMBER: ["*0071"]},
    )
    return World(account, seed=seed)


def quirks(user: str = USER, password: str = PASSWORD, *, seed: int = 1) -> World:
    """The household in the dialect `quirks`."""
    world = household(user, password, seed=seed)
    world.dialect = "quirks"
    return world


def fraud(user: str = USER, password: str = PASSWORD, *, seed: int = 1) -> World:
    """The household with 50,000 CZK, from which 100 dear calls are made in ten minutes."""
    world = quiet(user, password, seed=seed)
    world.account().credit = FRAUD_CREDIT
    world.fill(420, days=TWO_MONTHS_DAYS, messages=420 // CALLS_PER_MESSAGE)
    start_fraud(world)
    return world


WORLDS: dict[str, Callable[..., World]] = {
    "household": household,
    "years": years,
    "quiet": quiet,
    "office": office,
    "office_years": office_years,
    "quirks": quirks,
    "fraud": fraud,
}


def with_history(world: World, records: int, *, days: int) -> World:
    """Add a history of calls and messages, and background traffic, to a world."""
    world.fill(records, days=days, messages=records // CALLS_PER_MESSAGE)
    start_background_traffic(world)
    return world


def start_background_traffic(world: World) -> None:
    """Make a random call every one to two minutes, until `background_traffic` is changed."""
    traffic = world.background_traffic = object()
    rng = Random(world.seed)  # noqa: S311 - reproducible, and independent of other random choices

    def make_call() -> None:
        if world.background_traffic is not traffic:
            return
        world.after(rng.randint(60, 120), make_call)
        kind = rng.choices(("answered", "missed", "out", "redirected"), (40, 25, 20, 15))[0]
        line = rng.choice(list(world.account().lines))
        answer_after = rng.randint(5, 12)
        end_after = answer_after + rng.randint(15, 75)
        if kind == "out":
            world.dial(line=line, answer_after=answer_after, end_after=end_after)
        elif kind == "missed":
            world.ring(line=line, end_after=rng.randint(12, 28))
        elif kind == "answered":
            world.ring(line=line, answer_after=answer_after, end_after=end_after)
        else:
            call = world.ring(line=line)
            world.redirect(call.id, answer_after=answer_after, end_after=end_after)

    world.after(rng.randint(10, 20), make_call)


def start_storm(
    world: World,
    source: str | None = None,
    destination: str | None = None,
    *,
    account: str | None = None,
    n: int = 20,
    interval: float = 0.5,
    end_after: float = 5.0,
) -> None:
    """Ring `n` times, every `interval` seconds, by default from random parties at the gate."""
    if not 0 < n <= STORM_MAX:
        raise ValueError(f"a storm has between 1 and {STORM_MAX} rings")
    to = destination or gate_number(world, account)
    for index in range(n):
        ring = partial(world.ring, source, to, account=account, end_after=end_after)
        world.after(index * interval, ring)
    world.run_due()


def gate_number(world: World, account: str | None = None) -> str:
    """Return the first number of an account that rings no telephone."""
    owner = world.account(account)
    if not owner.gates:
        raise LookupError(f"account {owner.user} has no gate")
    return owner.gates[0]


def start_fraud(world: World, *, delay: float = FRAUD_DELAY_SECONDS) -> None:
    """Make 100 dear calls in ten minutes on all lines, until `background_traffic` is changed.

    The credit falls while the calls last.
    """
    traffic = world.background_traffic = object()
    rng = Random(world.seed)  # noqa: S311 - reproducible, and independent of other random choices
    lines = list(world.account().lines)

    def make_call(
        number: str, line: int, answer_after: int, duration: int, price: float | None
    ) -> None:
        if world.background_traffic is traffic:
            end_after = answer_after + duration
            call = world.dial(number, line=line, answer_after=answer_after, end_after=end_after)
            call.on_answer = partial(answer, price=price)

    def answer(call: ActiveCall, *, price: float | None) -> None:
        call.price_per_minute = call.price_per_minute if price is None else price
        charge(call)

    def charge(call: ActiveCall) -> None:
        if call.ended is None:
            world.legs.charge(call)
            world.after(CHARGE_INTERVAL_SECONDS, partial(charge, call))

    for index in range(FRAUD_CALLS):
        start, price = rng.choice(FRAUD_NUMBERS)
        number, line = f"{start}{rng.randrange(1000):03}", lines[index % len(lines)]
        answer_after, duration = rng.randint(3, 9), rng.randint(*FRAUD_DURATION_SECONDS)
        call = partial(make_call, number, line, answer_after, duration, price)
        world.after(delay + index * FRAUD_INTERVAL_SECONDS, call)
