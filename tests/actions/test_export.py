"""Exports: the files that are written, and what remains after a failure."""

import asyncio
from itertools import product
from pathlib import Path
from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
import pytest

from custom_components.odorik.actions.export import ExportFile
from custom_components.odorik.api import ExportFormat, OdorikConnectionError, pages

from .conftest import EVER, Actions, ids_in

FORMATS = [export_format.value for export_format in ExportFormat]


@pytest.fixture
def folder(hass_config_dir: str) -> Path:
    """The configuration folder, into which relative paths are exported."""
    return Path(hass_config_dir)


async def export(act: Actions, export_format: str, path: str = "", **data: Any) -> int:
    """Export all calls in a format, and return their number."""
    path = path or f"calls.{export_format}"
    answer = await act("export_calls", **EVER, path=path, format=export_format, **data)
    return int(answer["calls"])


def exported_files(folder: Path) -> set[str]:
    """Return the names of the exported files in a folder, unfinished ones included."""
    return {path.name for path in folder.iterdir() if "calls" in path.name}


# Content


async def test_all_pages_become_one_file(
    act: Actions, folder: Path, subtests: pytest.Subtests
) -> None:
    """A file of several pages has one header or root, and only its owner can read it."""
    records = act.world.account().records
    for count in (0, 1, 2000, 4500):
        records.clear()
        act.world.fill(count)
        for export_format in FORMATS:
            path = folder / f"calls.{export_format}"
            with subtests.test(export_format=export_format, count=count):
                answer = await act("export_calls", **EVER, path=path.name, format=export_format)
                assert answer == {"path": str(path), "calls": count}
                assert ids_in(path) == [str(row.id) for row in records]
                assert path.stat().st_mode & 0o777 == 0o600
            assert exported_files(folder) == {path.name}
            path.unlink()


@pytest.mark.parametrize(
    ("export_format", "parts", "whole"),
    [
        ("csv", ["a;b\n1;2", "a;b\r\n3;4\r\n"], "a;b\n1;2\n3;4\r\n"),
        ("csv", ["\ufeffa,b\n1,2\n", "\ufeffa,b\n3,4\n"], "\ufeffa,b\n1,2\n3,4\n"),
        ("csv", ["a;b\n1;2\n", "b;c\n3;4\n"], "a;b;c\n1;2;\n;3;4\n"),
        ("csv", ["a,b\n1,2\n", "a,b\n"], "a,b\n1,2\n"),
        ("csv", ["a,b\n1,2\n", 'b,c\n"=x,""y""\n",4\n'], 'a,b,c\n1,2,\n,"=x,""y""\n",4\n'),
        ("csv", ["\n\na,b\n1,2\n", "\r\na,b\n3,4\n"], "a,b\n1,2\n3,4\n"),
        ("csv", ["\ufeff\r\na,b\n1,2\n", "a,b\n3,4\n"], "\ufeffa,b\n1,2\n3,4\n"),
        ("csv", ["a\tb\n1\t2\n", "b\tc\n3\t4\n"], "a\tb\tc\n1\t2\t\n\t3\t4\n"),
        ("json", [' [ {"a": 1} ]\n', "[]", '[{"a": 2}]'], '[\n{"a": 1},\n{"a": 2}\n]\n'),
        ("json", ["[]"], "[]\n"),
        ("xml", ["<c><r/></c>", "<c/>", "<c></c>", "<c>\n<r/>\n</c>"], "<c><r/>\n<r/>\n</c>\n"),
        (
            "xml",
            ['<?xml version="1.0"?>\n<!-- x --><c type="array"/>'],
            '<?xml version="1.0"?>\n<!-- x --><c type="array"></c>\n',
        ),
        (
            "xml",
            ['<c a="/>"><r/></c>', "<c><!-- </c> --></c>"],
            '<c a="/>"><r/><!-- </c> --></c>\n',
        ),
    ],
)
def test_pages_in_any_notation_are_joined(
    tmp_path: Path, export_format: str, parts: list[str], whole: str
) -> None:
    """Pages are joined regardless of their delimiters, line ends, columns and root elements.

    The operator does not document them.
    """
    file = ExportFile(tmp_path / "calls", ExportFormat(export_format))
    file.open()
    for page in parts:
        file.add(page.encode())
    file.finish()
    file.discard()
    assert (tmp_path / "calls").read_bytes().decode() == whole
    assert len(list(tmp_path.iterdir())) == 1


def test_pages_in_different_encodings_are_refused(tmp_path: Path) -> None:
    """A page with another encoding than the first is an error, and no file remains."""
    file = ExportFile(tmp_path / "calls.xml", ExportFormat.XML)
    file.open()
    file.add(b'<?xml version="1.0" encoding="UTF-8"?><c/>')
    with pytest.raises(OdorikConnectionError):
        file.add(b'<?xml version="1.0" encoding="cp1250"?><c/>')
    file.discard()
    assert not list(tmp_path.iterdir())


async def test_only_the_selected_calls_are_exported(act: Actions, folder: Path) -> None:
    """An export accepts the filters of the history."""
    act.world.fill(500)
    calls = await export(act, "json", number="Eva", direction="out")
    request = act.exchange.requests("/calls.json")[-1]
    assert request.params["phone_number_filter"] == "00420602987654"
    assert request.params["direction"] == "out"
    assert calls == len(ids_in(folder / "calls.json")) > 0


async def test_a_long_export_logs_its_progress(
    act: Actions, caplog: pytest.LogCaptureFixture
) -> None:
    """The log shows the number of calls after each 10,000, and in the end."""
    act.world.fill(12_000)
    await export(act, "json")
    assert "10000 calls so far" in caplog.text
    assert "all 12000 calls" in caplog.text


DAMAGES = {
    "csv": ("\x1b", "\0", "?"),
    "json": (r"\ud83d", r"\x1b", "\x1b", "\t", "\0", '": NaN, "x": "', '"'),
    "xml": ("\x1b", "\0", "\x0b"),
}


TABLE = "id,source_number\n1,\n2,{}\n3,\n"
LIST = '[{{"id": 1}}, {{"id": 2, "date": "", "source_number": "{}"}}, {{"id": 3}}]'
DOCUMENT = "<calls><c><id>1</id></c><c><id>2</id><number>{}</number></c><c><id>3</id></c></calls>"


async def test_a_damaged_record_does_not_stop_an_export(
    act: Actions, folder: Path, subtests: pytest.Subtests
) -> None:
    """The other calls are exported, and the file can be read."""
    templates = {"csv": TABLE, "json": LIST, "xml": DOCUMENT}
    for export_format, damages in DAMAGES.items():
        for damage in damages:
            body = templates[export_format].format(damage)
            act.exchange.fail("answer", path=f"/calls.{export_format}", body=body)
            with subtests.test(export_format=export_format, damage=damage):
                calls = await export(act, export_format)
                ids = ids_in(folder / f"calls.{export_format}")
                assert calls == len(ids)
                assert [row_id for row_id in ids if row_id != "2"] == ["1", "3"]


# Failures


async def test_a_failure_keeps_the_previous_file(
    act: Actions, folder: Path, monkeypatch: pytest.MonkeyPatch, subtests: pytest.Subtests
) -> None:
    """A partial export never replaces a file, and the next one succeeds."""
    monkeypatch.setattr(pages, "PAGE_RETRY_DELAY", 0)
    act.world.fill(4500)
    # Half a table is a valid table.
    modes = {*product(("500", "authentication_failed", "cut_json", "html"), FORMATS)}
    for (mode, export_format), is_later in product(
        sorted(modes - {("cut_json", "csv")}), (False, True)
    ):
        url = f"/calls.{export_format}"
        path = folder / url[1:]
        path.write_text("old")
        act.reset()
        if is_later:
            act.exchange.fail("slow", path=url, seconds=0)
        act.exchange.fail(mode, path=url, times=0)
        with subtests.test(mode=mode, export_format=export_format, is_later=is_later):
            with pytest.raises(HomeAssistantError):
                await export(act, export_format)
            assert len(act.exchange.requests(url)) > is_later
            assert path.read_text() == "old"
            assert exported_files(folder) == {path.name}
            act.exchange.exchange.faults.clear()
            assert await export(act, export_format) == 4500
            assert len(ids_in(path)) == 4500
        path.unlink()


async def test_a_file_that_cannot_be_written_is_reported(act: Actions, folder: Path) -> None:
    """The message names the path."""
    (folder / "odorik").write_text("a file instead of a folder")
    for path in ("odorik/calls.csv", f"{'x' * 300}.csv", f"{'x' * 300}/calls.csv"):
        assert path in str(await act.fails("export_failed", "export_calls", **EVER, path=path))


async def test_a_cancelled_export_keeps_only_the_previous_file(
    hass: HomeAssistant, act: Actions, folder: Path
) -> None:
    """Cancelling removes the unfinished file."""
    act.world.fill(4500)
    (folder / "calls.csv").write_text("old")
    act.exchange.fail("slow", path="/calls.csv", seconds=5, every=2, times=0)
    running = hass.async_create_task(export(act, "csv"))
    while len(act.exchange.requests("/calls.csv")) < 2:  # noqa: ASYNC110 - It is a journal.
        await asyncio.sleep(0.01)
    assert len(exported_files(folder)) == 2
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert exported_files(folder) == {"calls.csv"}
    assert (folder / "calls.csv").read_text() == "old"
