"""Exports: what is written, where it may be written, and what a failure leaves."""

import asyncio
from collections.abc import Callable
import csv
from datetime import UTC, datetime
from itertools import product
import json
from pathlib import Path
import shutil
from typing import Any
from xml.etree import ElementTree as ET

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.odorik.actions.export import ExportFile
from custom_components.odorik.api import ExportFormat, OdorikConnectionError, pages
from custom_components.odorik.const import DOMAIN
from tests.exchange import RunningExchange

START = "2000-01-01"


@pytest.fixture
def home(hass_config_dir: str) -> Path:
    """The configuration folder."""
    return Path(hass_config_dir)


@pytest.fixture(autouse=True)
def _account(account: MockConfigEntry) -> None:
    """An account to export from."""


async def export(hass: HomeAssistant, path: Path | str, **data: Any) -> dict[str, Any]:
    """Export everything there is and return the answer."""
    answer = await hass.services.async_call(
        DOMAIN,
        "export_calls",
        {"start": START, "path": str(path), **data},
        blocking=True,
        return_response=True,
    )
    assert answer is not None
    return dict(answer)


def ids_of_csv(path: Path) -> list[str]:
    """Read the ids of a table."""
    with path.open(encoding="utf-8", newline="") as file:
        return [row["id"] for row in csv.DictReader(file)]


def ids_of_json(path: Path) -> list[str]:
    """Read the ids of a list."""
    return [str(row["id"]) for row in json.loads(path.read_bytes())]


def ids_of_xml(path: Path) -> list[str]:
    """Read the ids of a document."""
    return [str(call.findtext("id")) for call in ET.parse(path).getroot()]  # noqa: S314


READERS: dict[str, Callable[[Path], list[str]]] = {
    "csv": ids_of_csv,
    "json": ids_of_json,
    "xml": ids_of_xml,
}


def files(folder: Path) -> set[str]:
    """List the files in a folder that an export may have made."""
    return {path.name for path in folder.iterdir() if "calls" in path.name}


type Begin = Callable[..., None]


@pytest.fixture
def begin(exchange: RunningExchange, home: Path) -> Begin:
    """Begin a row of a table: nothing was asked, nothing fails, and what was written is gone."""
    at_first = set(home.iterdir())

    def clear(*others: Path) -> None:
        exchange.journal.clear()
        exchange.exchange.faults.clear()
        for path in {path for folder in (home, *others) for path in folder.iterdir()} - at_first:
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path)
            else:
                path.unlink()

    return clear


# What is written


async def test_all_pages_are_one_document(
    *,
    hass: HomeAssistant,
    exchange: RunningExchange,
    home: Path,
    begin: Begin,
    subtests: pytest.Subtests,
) -> None:
    """A table with a header in its midst, or a second root, is read by no program."""
    records = exchange.world.account().records
    for count in (0, 1, 2000, 4500):
        records.clear()
        exchange.world.fill(count)
        for form, ids_of in READERS.items():
            begin()
            path = home / f"calls.{form}"
            with subtests.test(form=form, count=count):
                answer = await export(hass, path.name, format=form)
                assert answer == {"path": str(path), "calls": count}
                assert ids_of(path) == [str(row.id) for row in records]
                assert files(home) == {path.name}
                assert path.stat().st_mode & 0o777 == 0o600


async def test_an_export_is_as_the_operator_hands_it_out(
    hass: HomeAssistant, exchange: RunningExchange, home: Path
) -> None:
    """Programs that read the operator's own files must read these."""
    exchange.world.fill(300)
    for form in ExportFormat:
        await export(hass, f"calls.{form}", format=form)
        client = hass.config_entries.async_entries(DOMAIN)[0].runtime_data.client
        ((page, _),) = [
            page
            async for page in client.export_calls(
                form, start=datetime(2000, 1, 1, tzinfo=UTC), end=datetime(2100, 1, 1, tzinfo=UTC)
            )
        ]
        written = (home / f"calls.{form}").read_bytes()
        assert written.split() == (page if form != "json" else b"[\n%b\n]" % page[1:-1]).split()


async def test_columns_that_only_some_pages_have_find_their_place(
    hass: HomeAssistant, exchange: RunningExchange, home: Path
) -> None:
    """One message in a year of calls would put everything after it into the wrong columns."""
    world = exchange.world
    world.fill(2100)
    world.add_sms("00420777123456")
    world.add_record(source_number='=1+1,"x"\n', destination_number="*100", length=7)
    for row in world.account().records[:2000]:
        row.active_call_id = None
    await export(hass, "calls.csv", include_sms=True)
    with (home / "calls.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["id"] for row in rows] == [str(row.id) for row in world.account().records]
    assert [row["type"] for row in rows] == [""] * 2100 + ["sms", ""]
    assert rows[-1]["source_number"] == '=1+1,"x"\n'
    assert rows[-1]["length"] == "7"
    assert rows[0]["active_call_id"] == ""
    assert rows[2050]["active_call_id"] != ""
    assert None not in rows[0]


JOINED: list[tuple[str, list[str], str]] = [
    ("csv", ["a;b\n1;2", "a;b\r\n3;4\r\n"], "a;b\n1;2\n3;4\r\n"),
    ("csv", ["\ufeffa,b\n1,2\n", "\ufeffa,b\n3,4\n"], "\ufeffa,b\n1,2\n3,4\n"),
    ("csv", ["a;b\n1;2\n", "b;c\n3;4\n"], "a;b;c\n1;2;\n;3;4\n"),
    ("csv", ["a,b\n1,2\n", "a,b\n"], "a,b\n1,2\n"),
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
    ("xml", ['<c a="/>"><r/></c>', "<c><!-- </c> --></c>"], '<c a="/>"><r/><!-- </c> --></c>\n'),
]


async def test_pages_are_joined_however_they_are_written(
    home: Path, begin: Begin, subtests: pytest.Subtests
) -> None:
    """The operator does not document how its tables and documents look."""
    for form, parts, whole in JOINED:
        begin()
        path = home / f"calls.{form}"
        with subtests.test(form=form, parts=parts):
            file = ExportFile(path, ExportFormat(form))
            file.open()
            for page in parts:
                file.add(page.encode())
            file.finish()
            file.discard()
            assert path.read_bytes().decode() == whole


async def test_what_selects_calls_selects_what_is_exported(
    hass: HomeAssistant, exchange: RunningExchange, home: Path
) -> None:
    """Half of the house's numbers would be in a file that was to hold one."""
    exchange.world.fill(500)
    answer = await export(hass, "calls.json", format="json", number="Eva", direction="out")
    (request,) = exchange.requests("/calls.json")[-1:]
    assert request.params["phone_number_filter"] == "00420602987654"
    assert request.params["direction"] == "out"
    assert answer["calls"] == len(ids_of_json(home / "calls.json")) > 0


async def test_a_long_export_tells_how_far_it_is(
    hass: HomeAssistant, exchange: RunningExchange, caplog: pytest.LogCaptureFixture
) -> None:
    """Minutes without a word look like a hang."""
    exchange.world.fill(12_000)
    await export(hass, "calls.json", format="json")
    assert "10000 calls so far" in caplog.text
    assert "all 12000 calls" in caplog.text


MARK = "\ufeff"
ROW = '{{"id": {}, "date": "2026-11-01T00:00:00Z", "source_number": "{}"}}'
CALL = "<call><id>{}</id><source_number>{}</source_number></call>"
LINE = "{},{}"


def page(form: str, *numbers: str, mark: str = MARK) -> str:
    """Write a page of calls from these numbers."""
    template = {"csv": LINE, "json": ROW, "xml": CALL}[form]
    rows = [template.format(place, number) for place, number in enumerate(numbers, 1)]
    match form:
        case "csv":
            return "\n".join((f"{mark}id,source_number", *rows, ""))
        case "json":
            return f"{mark}[{', '.join(rows)}]"
    return f"{mark}\n<calls>{''.join(rows)}</calls>"


async def test_a_byte_order_mark_breaks_no_export(
    *,
    hass: HomeAssistant,
    exchange: RunningExchange,
    home: Path,
    begin: Begin,
    subtests: pytest.Subtests,
) -> None:
    """A file is readable when its pages begin with a byte-order mark. A table keeps the mark."""
    for form, ids_of in READERS.items():
        begin()
        exchange.fail("answer", path=f"/calls.{form}", body=page(form, "1", "2"))
        with subtests.test(form=form):
            assert (await export(hass, f"calls.{form}", format=form))["calls"] == 2
            written = (home / f"calls.{form}").read_text("utf-8")
            assert written.startswith(MARK) is (form == "csv")
            (home / f"calls.{form}").write_text(written.removeprefix(MARK))
            assert ids_of(home / f"calls.{form}") == ["1", "2"]


async def test_a_damaged_record_does_not_stop_an_export(
    *,
    hass: HomeAssistant,
    exchange: RunningExchange,
    home: Path,
    begin: Begin,
    subtests: pytest.Subtests,
) -> None:
    """The other calls are exported, and the file can be read."""
    tokens = {
        "csv": ("\x1b", "\0", "\ud83d".encode(errors="replace").decode()),
        "json": (r"\ud83d", r"\x1b", "\x1b", "\t", "\0", '": NaN, "x": "', '"'),
        "xml": ("\x1b", "\0", "\x0b"),
    }
    for form, token in [(form, token) for form, some in tokens.items() for token in some]:
        begin()
        exchange.fail("answer", path=f"/calls.{form}", body=page(form, "1", token, "3", mark=""))
        with subtests.test(form=form, token=token):
            answer = await export(hass, f"calls.{form}", format=form)
            ids = READERS[form](home / f"calls.{form}")
            assert answer["calls"] == len(ids)
            assert [it for it in ids if it != "2"] == ["1", "3"]


async def test_an_xml_page_that_is_no_document_never_becomes_a_file(
    *,
    hass: HomeAssistant,
    exchange: RunningExchange,
    home: Path,
    begin: Begin,
    subtests: pytest.Subtests,
) -> None:
    """A document that is broken or has a document type leaves the old file."""
    call = CALL.format(1, 2)
    for body in (
        f"<calls>{call}<call></calls>",
        f"<calls>{call}</calls><calls>{call}</calls>",
        f"<!DOCTYPE calls><calls>{call}</calls>",
        f'<!DOCTYPE calls [<!ENTITY a "b">]><calls>{call}&a;</calls>',
        f"<?xml version='1.0'?><errors><error>unauthorized</error>{call}</errors>",
        f"<calls><error>unauthorized</error>{call}</calls>",
        "<!a" * 98 + "<",
    ):
        begin()
        (home / "calls.xml").write_text("old")
        exchange.fail("answer", path="/calls.xml", body=body)
        with subtests.test(body):
            with pytest.raises(HomeAssistantError):
                await export(hass, "calls.xml", format="xml")
            assert (home / "calls.xml").read_text() == "old"
            assert files(home) == {"calls.xml"}


async def test_pages_in_different_encodings_are_not_mixed(home: Path) -> None:
    """A file in which half of the names are unreadable is worse than none."""
    file = ExportFile(home / "calls.xml", ExportFormat.XML)
    file.open()
    file.add(b'<?xml version="1.0" encoding="UTF-8"?><c/>')
    with pytest.raises(OdorikConnectionError):
        file.add(b'<?xml version="1.0" encoding="cp1250"?><c/>')
    file.discard()


# Where it may be written


@pytest.fixture
def allowed(hass: HomeAssistant, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder outside that Home Assistant allows."""
    folder = tmp_path_factory.mktemp("allowed")
    hass.config.allowlist_external_dirs.add(str(folder))
    return folder


@pytest.fixture
def outside(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder outside that nobody has allowed."""
    return tmp_path_factory.mktemp("outside")


OPEN_PATHS = [
    "calls.csv",
    "odorik/2026/calls.csv",
    "odorik/../calls.csv",
    "./calls.CSV",
    "wwwest/calls.csv",
    "{allowed}/calls.csv",
    "{allowed}/new/calls.csv",
    "{allowed}/new/../calls.csv",
    "inner_link/calls.csv",
]


async def test_a_file_may_be_written_where_home_assistant_allows(
    *,
    hass: HomeAssistant,
    exchange: RunningExchange,
    home: Path,
    begin: Begin,
    allowed: Path,
    subtests: pytest.Subtests,
) -> None:
    """Nobody could get at their own history."""
    exchange.world.fill(3)
    for path in OPEN_PATHS:
        begin(allowed)
        (home / "inner").mkdir()
        (home / "inner_link").symlink_to(home / "inner")
        with subtests.test(path):
            answer = await export(hass, path.format(allowed=allowed))
            assert len(ids_of_csv(Path(answer["path"]))) == 3


CLOSED_PATHS = [
    "../calls.csv",
    "odorik/../../calls.csv",
    "{outside}/calls.csv",
    "{home}/calls.csv",
    "{allowed}/../calls.csv",
    "www/calls.csv",
    "odorik/../www/calls.csv",
    "{home}/www/calls.csv",
    "www_link/calls.csv",
    "outside_link/calls.csv",
    "file_link.csv",
    "dangling_link.csv",
    "{allowed}/outside_link/calls.csv",
    "custom_components/odorik/calls.csv",
    ".storage/calls.csv",
    ".calls.csv",
    "configuration.yaml",
    "home-assistant_v2.db",
    "calls",
    "",
    ".",
    "folder.csv",
    "a\0.csv",
    "\ud800.csv",
]


async def test_nothing_is_written_anywhere_else(
    *,
    hass: HomeAssistant,
    exchange: RunningExchange,
    home: Path,
    begin: Begin,
    allowed: Path,
    outside: Path,
    subtests: pytest.Subtests,
) -> None:
    """A user of the tablet could overwrite the house, or put everybody's calls on the web."""
    for path in CLOSED_PATHS:
        begin(allowed, outside)
        for folder in ("www", "folder.csv"):
            (home / folder).mkdir()
        (home / "www_link").symlink_to(home / "www")
        (home / "outside_link").symlink_to(outside)
        (allowed / "outside_link").symlink_to(outside)
        (outside / "old.csv").write_text("old")
        (home / "file_link.csv").symlink_to(outside / "old.csv")
        (home / "dangling_link.csv").symlink_to(outside / "new_calls.csv")
        with subtests.test(ascii(path)):
            with pytest.raises(ServiceValidationError) as failure:
                await export(hass, path.format(allowed=allowed, outside=outside, home=home))
            assert failure.value.translation_key in {"path_not_allowed", "path_without_suffix"}
            assert exchange.journal == []
            assert files(outside) | files(home / "www") == set()
            assert (outside / "old.csv").read_text() == "old"


async def test_www_is_closed_even_where_all_of_the_configuration_is_allowed(
    hass: HomeAssistant, home: Path
) -> None:
    """What lies there is served to whoever guesses its name."""
    hass.config.allowlist_external_dirs.add(str(home))
    assert await export(hass, home / "calls.csv")
    for path in (home / "www/calls.csv", home / ".storage/calls.json"):
        with pytest.raises(ServiceValidationError):
            await export(hass, path)


# What a failure leaves


async def test_a_failure_leaves_the_old_file(
    *,
    hass: HomeAssistant,
    exchange: RunningExchange,
    home: Path,
    begin: Begin,
    monkeypatch: pytest.MonkeyPatch,
    subtests: pytest.Subtests,
) -> None:
    """Half a file looks like a whole one, and the last good one would be gone."""
    monkeypatch.setattr(pages, "PAGE_RETRY_DELAY", 0)
    exchange.world.fill(4500)
    # But half a table is a table.
    rows = {*product(("500", "authentication_failed", "cut_json", "html"), READERS)}
    for mode, form in sorted(rows - {("cut_json", "csv")}):
        begin()
        path = home / f"calls.{form}"
        path.write_text("old")
        exchange.fail("slow", path=f"/calls.{form}", seconds=0)
        exchange.fail(mode, path=f"/calls.{form}", times=0)
        with subtests.test(mode=mode, form=form):
            with pytest.raises(HomeAssistantError):
                await export(hass, path.name, format=form)
            assert len(exchange.requests(f"/calls.{form}")) >= 2
            assert path.read_text() == "old"
            assert files(home) == {path.name}
            exchange.exchange.faults.clear()
            assert (await export(hass, path.name, format=form))["calls"] == 4500
            assert len(READERS[form](path)) == 4500


async def test_a_refusal_never_becomes_a_file(
    *,
    hass: HomeAssistant,
    exchange: RunningExchange,
    home: Path,
    begin: Begin,
    subtests: pytest.Subtests,
) -> None:
    """The last good export would be overwritten by the words "authentication required"."""
    for is_later_page in (False, True):
        exchange.world.account().records.clear()
        exchange.world.fill(2100 if is_later_page else 1)
        for dialect, form in product(("documented", "described", "sheets"), READERS):
            begin()
            exchange.world.dialect = dialect
            path = home / f"calls.{form}"
            path.write_text("old")
            if is_later_page:
                exchange.fail("slow", path=f"/calls.{form}", seconds=0)
            exchange.fail("authentication_required", path=f"/calls.{form}", times=0)
            with subtests.test(dialect=dialect, form=form, is_later_page=is_later_page):
                with pytest.raises(HomeAssistantError) as failure:
                    await export(hass, path.name, format=form)
                assert failure.value.translation_key == "authentication_failed"
                assert len(exchange.requests(f"/calls.{form}")) == 1 + is_later_page
                assert path.read_text() == "old"
                assert files(home) == {path.name}


async def test_what_may_be_no_history_never_becomes_a_file(
    *,
    hass: HomeAssistant,
    exchange: RunningExchange,
    home: Path,
    begin: Begin,
    subtests: pytest.Subtests,
) -> None:
    """In doubt the old file is worth more."""
    bodies = ("", "authentication_required\n", "<reply>Sorry</reply>", '["sorry"]', "a,b\n")
    for form, body in product(READERS, bodies):
        begin()
        path = home / f"calls.{form}"
        path.write_text("old")
        exchange.fail("answer", path=f"/calls.{form}", body=body)
        with subtests.test(form=form, body=body):
            with pytest.raises(HomeAssistantError) as failure:
                await export(hass, path.name, format=form)
            assert failure.value.translation_key == "cannot_connect"
            assert path.read_text() == "old"
            assert files(home) == {path.name}


async def test_a_disk_that_takes_nothing_is_told(hass: HomeAssistant, home: Path) -> None:
    """A traceback would not tell the user which file it was."""
    (home / "odorik").write_text("a file where a folder should be")
    for path in ("odorik/calls.csv", f"{'x' * 300}.csv", f"{'x' * 300}/calls.csv"):
        with pytest.raises(HomeAssistantError) as failure:
            await export(hass, path)
        assert failure.value.translation_key == "export_failed"
        assert path in str(failure.value)


async def test_a_cancelled_export_leaves_nothing(
    hass: HomeAssistant, exchange: RunningExchange, home: Path
) -> None:
    """An automation that starts anew would leave one half file after another."""
    exchange.world.fill(4500)
    (home / "calls.csv").write_text("old")
    exchange.fail("slow", path="/calls.csv", seconds=5, every=2, times=0)
    running = hass.async_create_task(export(hass, "calls.csv"))
    while len(exchange.requests("/calls.csv")) < 2:  # noqa: ASYNC110 - It is a journal.
        await asyncio.sleep(0.01)
    assert len(files(home)) == 2
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert files(home) == {"calls.csv"}
    assert (home / "calls.csv").read_text() == "old"


async def test_two_exports_to_one_file_do_not_mix(
    hass: HomeAssistant, exchange: RunningExchange, home: Path
) -> None:
    """Two automations of the same night would write into each other."""
    exchange.world.fill(4500)
    answers = await asyncio.gather(*(export(hass, "calls.csv") for _ in range(3)))
    assert [answer["calls"] for answer in answers] == [4500] * 3
    assert ids_of_csv(home / "calls.csv") == [
        str(row.id) for row in exchange.world.account().records
    ]
    assert files(home) == {"calls.csv"}
