"""The named worlds: who has a telephone, and whether it rings by itself.

A stand-in for development, tests and the demo; people and numbers are made up.
"""

from collections.abc import Callable
from random import Random

from .world import Account, Contact, Device, Line, PublicNumber, World

USER = "1234567"
PASSWORD = "demo-api-password"  # noqa: S105 - made up, printed by --help
HOME_NUMBER = "00420910123456"
OFFICE_LINES = 10
TWO_MONTHS, FIVE_YEARS = 61, 1826
"""Days."""
CALLS_PER_MESSAGE = 20

CONTACTS = (
    Contact(1, "00420777123456", "Jan <b>Novák</b> <i>mobil</i>"),
    Contact(2, "00420602987654", "Eva Dvořáková"),
    Contact(3, "00420733555111", "Babička Růžena"),
    Contact(4, "00420541246810", "MUDr. Šťastný &amp; sestra"),
    Contact(5, "00420596111222", "Škola Žižkov"),
    Contact(10, "*100", "Ústředna"),
    Contact(33, "skype:tomas.prochazka", "Tomáš Procházka"),
)


def household(user: str = USER, password: str = PASSWORD, *, seed: int = 1) -> World:
    """Three lines, two months of history, and a telephone that rings now and then."""
    return lived_in(quiet(user, password, seed=seed), 420, days=TWO_MONTHS)


def years(user: str = USER, password: str = PASSWORD, *, seed: int = 1) -> World:
    """The household with five years of history, 20,000 calls."""
    return lived_in(quiet(user, password, seed=seed), 20_000, days=FIVE_YEARS)


def quiet(user: str = USER, password: str = PASSWORD, *, seed: int = 1) -> World:
    """The same household with an empty history, where nothing happens by itself."""
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
        ],
        contacts=list(CONTACTS),
    )
    return World(account, seed=seed)


def office(user: str = USER, password: str = PASSWORD, *, seed: int = 1) -> World:
    """Ten lines, 5,000 calls, and more telephones that ring by themselves."""
    return lived_in(quiet_office(user, password, seed=seed), 5000, days=TWO_MONTHS)


def office_years(user: str = USER, password: str = PASSWORD, *, seed: int = 1) -> World:
    """The office with five years of history, 150,000 calls."""
    return lived_in(quiet_office(user, password, seed=seed), 150_000, days=FIVE_YEARS)


def quiet_office(user: str, password: str, *, seed: int) -> World:
    """Make ten lines on which nobody has telephoned."""
    lines = [
        Line(
            400100 + 10 * place,
            f"Kancelář {place + 1}",
            f"004205412000{place:02}",
            backup_number="00420777000111",
            devices=[Device("Yealink T54W", f"198.51.100.9:{5060 + place}")],
        )
        for place in range(OFFICE_LINES)
    ]
    numbers = [PublicNumber(line.public_number or "", "geographic", line.id) for line in lines]
    account = Account(
        user,
        password,
        credit=5000.0,
        lines={line.id: line for line in lines},
        numbers=[*numbers, PublicNumber("00420800400100", "shared", lines[0].id)],
        contacts=list(CONTACTS),
    )
    return World(account, seed=seed)


def quirks(user: str = USER, password: str = PASSWORD, *, seed: int = 1) -> World:
    """The household, answered with text for numbers, shuffled rows, unknown fields and nulls."""
    world = household(user, password, seed=seed)
    world.dialect = "quirks"
    return world


WORLDS: dict[str, Callable[..., World]] = {
    "household": household,
    "years": years,
    "quiet": quiet,
    "office": office,
    "office_years": office_years,
    "quirks": quirks,
}


def lived_in(world: World, records: int, *, days: int) -> World:
    """Give a world so many calls of the last days, some messages, and a life."""
    world.fill(records, days=days, messages=records // CALLS_PER_MESSAGE)
    live(world)
    return world


def live(world: World) -> None:
    """Let the world live by itself, a call every one to two minutes, until its life is changed."""
    life = world.life = object()
    chance = Random(world.seed)  # noqa: S311 - repeatable, and untouched by what else is asked

    def happen() -> None:
        if world.life is not life:
            return
        world.after(chance.randint(60, 120), happen)
        kind = chance.choices(("answered", "missed", "out", "redirected"), (40, 25, 20, 15))[0]
        line = chance.choice(list(world.account().lines))
        pick_up = chance.randint(5, 12)
        over = pick_up + chance.randint(15, 75)
        if kind == "out":
            world.dial(line=line, answer_after=pick_up, end_after=over)
        elif kind == "missed":
            world.ring(line=line, end_after=chance.randint(12, 28))
        elif kind == "answered":
            world.ring(line=line, answer_after=pick_up, end_after=over)
        else:
            call = world.ring(line=line)
            world.redirect(call.id, answer_after=pick_up, end_after=over)

    world.after(chance.randint(10, 20), happen)
