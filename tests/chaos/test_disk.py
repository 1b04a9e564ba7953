"""A disk that is full when the place is to be stored, in a real Home Assistant."""

import asyncio
from collections.abc import Callable
from pathlib import Path
import resource

import pytest

from .conftest import booked, telephone
from .street import TELEPHONED, street, until

USER = "1000000"
TWO_POLLS = 2 * 120
"""Seconds, of the history's clock."""


def fill(pid: int, *, full: bool) -> None:
    """Let no file of a process grow, as if there were no room for a single byte, or let them."""
    _, most = resource.prlimit(pid, resource.RLIMIT_FSIZE)
    resource.prlimit(pid, resource.RLIMIT_FSIZE, (0 if full else most, most))


@pytest.mark.long
@pytest.mark.usefixtures("socket_enabled")
async def test_a_full_disk_costs_no_call(
    tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    """Old backups fill the disk of a small box one night, and nobody hears who called."""
    async with street(tmp_path, [USER]) as built:
        place = built.home.folder / f".storage/odorik.{built.entries[USER]}"

        async def warnings() -> set[str]:
            issues = (await built.home.command("repairs/list_issues"))["issues"]
            return {issue["translation_key"] for issue in issues if issue["domain"] == "odorik"}

        async def is_mended() -> bool:
            return not await warnings()

        await built.telephone(USER)
        before = place.read_bytes()
        async with (
            built.home.events("odorik_call_ended") as ended,
            built.home.events("odorik_missed_call") as missed,
        ):
            fill(built.home.pid, full=True)
            telephone(built.world, USER)
            await asyncio.sleep(TELEPHONED)
            heard = [
                (await asyncio.wait_for(queue.get(), TWO_POLLS))["call_id"]
                for queue in (ended, ended, ended, missed)
            ]
            assert await warnings() == {"place_not_kept"}
            assert place.read_bytes() == before
            fill(built.home.pid, full=False)
            mended = await until(is_mended, "the place was stored")
            assert ended.empty()
            assert missed.empty()
        assert set(heard) < booked(built.world, USER).keys()
        assert mended < TWO_POLLS
        record_property("from room on the disk until the place was stored", f"{mended:.0f} s")
        await built.home.kill()
        await built.home.start()
        telephone(built.world, USER)
        await asyncio.sleep(TELEPHONED)
        built.world.run_due()
        # What was heard while the disk was full could not be written down by the witness, either.
        rest = booked(built.world, USER).keys() - set(heard)
        await until(lambda: len(built.finished(USER)) >= len(rest), "the next calls were reported")
        assert [call_id for call_id, _ in built.finished(USER)] == sorted(rest)
        assert await built.leaks() == []
