"""Tests with wrong and changing clocks in a real Home Assistant.

libfaketime changes the time of day of its process, but not its monotonic clock.
"""

from collections.abc import Callable
from pathlib import Path

import pytest

from .calls import expected_events
from .multi_account_app import multi_account_app, wait_until

LIBFAKETIME = next(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"), None)
USER = "1000000"
HOUR = 3600.0


@pytest.mark.long
@pytest.mark.usefixtures("socket_enabled")
async def test_calls_are_reported_while_clocks_change(
    tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    """Each call is reported once, and none as older than the start of Home Assistant.

    A computer without a battery-backed clock starts in the past, and is set during operation.
    """
    assert LIBFAKETIME, "libfaketime is missing"
    clock = tmp_path / "clock"

    def set_clock(offset: str) -> None:
        clock.with_suffix(".new").write_text(offset, "utf-8")
        clock.with_suffix(".new").replace(clock)

    set_clock("-40d")
    async with multi_account_app(
        tmp_path,
        [USER],
        LD_PRELOAD=str(LIBFAKETIME),
        FAKETIME_TIMESTAMP_FILE=str(clock),
        FAKETIME_NO_CACHE="1",
        FAKETIME_DONT_FAKE_MONOTONIC="1",
    ) as app:
        changes: dict[str, Callable[[], object]] = {
            "the clock corrected": lambda: set_clock("+0"),
            "eight days ahead": lambda: set_clock("+8d"),
            "an hour behind": lambda: set_clock("-1h"),
            "corrected again": lambda: set_clock("+0"),
            "the exchange an hour ahead": lambda: app.world.advance(HOUR),
            "the exchange corrected": lambda: app.world.advance(-HOUR),
        }
        waits = {"a start 40 days in the past": await app.make_calls_and_wait(USER)}
        for name, change in changes.items():
            known = len(app.events(USER))
            # Another caller than below: two calls that begin within a second would be one.
            call = app.world.ring("00420602987654", account=USER)
            await wait_until(lambda: len(app.events(USER)) > known, "the call started")  # noqa: B023
            change()
            app.world.end(call.id)
            waits[name] = await app.make_calls_and_wait(USER)
        for name, seconds in waits.items():
            record_property("", {"clock": name, "all reported": f"{seconds:.1f} s"})
        assert app.finished(USER) == sorted(expected_events(app.world, USER).items())
        assert {event["replayed"] for event in app.events(USER)} == {False}
        # The access token was issued 40 days in the past and has expired.
        await app.home.log_in()
        assert await app.is_available(USER)
        assert await app.leaks() == []
