"""Clocks that are wrong, and clocks that are set, in a real Home Assistant.

libfaketime deceives its process about the time of day. The clock that nobody sets goes on as it is.
"""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from .conftest import booked
from .street import street, until

DECEIVER = next(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"), None)
USER = "1000000"
HOUR = timedelta(hours=1)


@pytest.mark.long
@pytest.mark.skipif(DECEIVER is None, reason="libfaketime is missing")
@pytest.mark.usefixtures("socket_enabled")
async def test_calls_are_reported_whatever_the_clocks_say(
    tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    """A box without a battery wakes up in the past, and an hour later nobody hears who called."""
    clock = tmp_path / "clock"

    def set_clock(offset: str) -> None:
        clock.with_suffix(".new").write_text(offset, "utf-8")
        clock.with_suffix(".new").replace(clock)

    set_clock("-40d")
    async with street(
        tmp_path,
        [USER],
        LD_PRELOAD=str(DECEIVER),
        FAKETIME_TIMESTAMP_FILE=str(clock),
        FAKETIME_NO_CACHE="1",
        FAKETIME_DONT_FAKE_MONOTONIC="1",
    ) as built:
        world = built.world

        async def in_the_midst_of_a_call(act: Callable[[], object]) -> None:
            known = len(built.told(USER))
            call = world.ring("00420777123456", account=USER)
            await until(lambda: len(built.told(USER)) > known, "the telephone rang")
            act()
            world.end(call.id)

        waits = {"a box that wakes up 40 days ago": await built.telephone(USER)}
        for name, act in {
            "and is told the time": lambda: set_clock("+0"),
            "eight days ahead": lambda: set_clock("+8d"),
            "an hour behind": lambda: set_clock("-1h"),
            "right again": lambda: set_clock("+0"),
            "the exchange an hour ahead": lambda: world.advance(HOUR.total_seconds()),
            "the exchange right again": lambda: world.advance(-HOUR.total_seconds()),
        }.items():
            await in_the_midst_of_a_call(act)
            waits[name] = await built.telephone(USER)
        for name, seconds in waits.items():
            record_property("", {"clock": name, "all told": f"{seconds:.1f} s"})
        assert built.finished(USER) == sorted(booked(world, USER).items())
        assert {line["replayed"] for line in built.told(USER)} == {False}
        # What it was logged in with has been out of date for forty days.
        built.home.tokens = await built.home._log_in()
        assert await built.is_available(USER)
        assert await built.leaks() == []


def test_the_deceiver_has_to_be_there(request: pytest.FixtureRequest) -> None:
    """The result of a long run would be written down although a part of it was left out."""
    assert DECEIVER or not request.config.getoption("--long"), "libfaketime is missing"
