"""Tests with a full disk in a real Home Assistant."""

import asyncio
from collections.abc import Callable
from pathlib import Path
import resource

import pytest

from .calls import expected_events
from .multi_account_app import TIMEOUT, multi_account_app, wait_until

USER = "1000000"


def set_disk_full(pid: int, *, full: bool) -> None:
    """Prevent a process from writing to files, or allow it again."""
    _, hard_limit = resource.prlimit(pid, resource.RLIMIT_FSIZE)
    resource.prlimit(pid, resource.RLIMIT_FSIZE, (0 if full else hard_limit, hard_limit))


@pytest.mark.long
@pytest.mark.usefixtures("socket_enabled")
async def test_no_call_is_lost_while_the_disk_is_full(
    tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    """Calls are reported once while the disk is full, and a repair is raised until there is room.

    Afterwards the position is stored, so that a kill repeats none of them.
    """
    async with multi_account_app(tmp_path, [USER]) as app:
        store = app.home.folder / f".storage/odorik.{app.entries[USER]}"

        async def repairs() -> set[str]:
            issues = (await app.home.command("repairs/list_issues"))["issues"]
            return {issue["translation_key"] for issue in issues if issue["domain"] == "odorik"}

        async def has_no_repairs() -> bool:
            return not await repairs()

        await app.make_calls_and_wait(USER)
        before = store.read_bytes()
        async with (
            app.home.events("odorik_call_ended") as ended,
            app.home.events("odorik_missed_call") as missed,
        ):
            set_disk_full(app.home.pid, full=True)
            await app.make_calls(USER)
            reported = {
                (await asyncio.wait_for(queue.get(), TIMEOUT))["call_id"]
                for queue in (ended, ended, ended, missed)
            }
            assert len(reported) == 4
            assert await repairs() == {"place_not_kept"}
            assert store.read_bytes() == before
            set_disk_full(app.home.pid, full=False)
            seconds = await wait_until(has_no_repairs, "the position was stored")
            record_property("from free space until the position was stored", f"{seconds:.0f} s")
            assert ended.empty()
            assert missed.empty()
        assert reported < expected_events(app.world, USER).keys()
        await app.home.kill()
        await app.home.start()
        await app.make_calls(USER)
        # The event recorder could not write the events of the calls during the full disk either.
        others = expected_events(app.world, USER).keys() - reported
        await wait_until(lambda: len(app.finished(USER)) >= len(others), "calls were reported")
        assert [call_id for call_id, _ in app.finished(USER)] == sorted(others)
        assert await app.leaks() == []
