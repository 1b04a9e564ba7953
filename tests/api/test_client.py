"""The client speaks to the simulated exchange over real HTTP."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
import logging
import threading
import traceback
from typing import Any

from aiohttp import ClientSession, web
from aiohttp.test_utils import TestServer
from msgspec import Raw
import pytest

from custom_components.odorik.api import (
    ActiveCall,
    CallbackStatus,
    CallStatus,
    Direction,
    ExportFormat,
    OdorikApiError,
    OdorikAuthError,
    OdorikCallbackFailedError,
    OdorikClient,
    OdorikConnectionError,
    OdorikDelayedIntoPastError,
    OdorikError,
    OdorikInvalidDelayFormatError,
    OdorikInvalidLineError,
    OdorikMissingArgumentError,
    OdorikNotSentError,
    OdorikUnauthorizedError,
    OdorikUnknownOutcomeError,
    connection,
    pages,
)
from custom_components.odorik.api.decoding import split_rows
from simulator.world import Device, PublicNumber
from tests.exchange import RunningExchange

LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
FAR_AHEAD = datetime(2100, 1, 1, tzinfo=UTC)
MINE = "00420777123456"
THEIRS = "00420602555123"

type Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]
type Serve = Callable[[Answer], Awaitable[OdorikClient]]


@pytest.fixture
async def session(socket_enabled: None) -> AsyncGenerator[ClientSession]:  # noqa: ARG001
    """A session as Home Assistant would lend it."""
    async with ClientSession() as session:
        yield session


@pytest.fixture
def client(session: ClientSession, exchange: RunningExchange) -> OdorikClient:
    """The account's login."""
    return OdorikClient(session, exchange.username, exchange.password, base_url=exchange.url)


@pytest.fixture
async def serve(
    session: ClientSession,
) -> AsyncGenerator[Callable[[Answer], Awaitable[OdorikClient]]]:
    """Start a server that answers everything in one way, and a client for it."""
    servers: list[TestServer] = []

    async def start(answer: Answer) -> OdorikClient:
        app = web.Application()
        app.router.add_route("*", "/{path:.*}", answer)
        server = TestServer(app, host="127.0.0.1")
        await server.start_server(access_log=None)
        servers.append(server)
        return OdorikClient(session, "user", "s3cret", base_url=str(server.make_url("/api/v1")))

    yield start
    for server in servers:
        await server.close()


async def all_calls(client: OdorikClient, **selection: Any) -> list[int]:
    """Read all pages' ids."""
    return [call.id async for page in client.calls(**selection) for call in page]


async def test_each_list_of_the_account_is_read(
    client: OdorikClient, exchange: RunningExchange
) -> None:
    """The first things that a new user sees come from these."""
    exchange.world.ring(THEIRS)
    assert await client.balance() == exchange.world.account().credit
    assert {line.id for line in await client.lines()} == set(exchange.world.account().lines)
    assert await client.public_numbers()
    assert await client.speed_dials()
    (active,) = await client.active_calls()
    assert active.source_number == THEIRS
    assert active.is_ringing


async def test_names_and_shared_numbers_are_the_accounts_too(
    client: OdorikClient, exchange: RunningExchange
) -> None:
    """The operator hides them from who does not ask, and calls to them would be calls of others."""
    shared = PublicNumber("00420800400100", "shared", 300100)
    exchange.world.account().numbers.append(shared)
    numbers = {number.public_number: number.type for number in await client.public_numbers()}
    assert numbers == {own.number: own.type for own in exchange.world.account().numbers}
    assert set(numbers.values()) >= {"sip_name", "shared"}


async def test_the_login_of_a_line_is_told_what_it_may_not_read(
    session: ClientSession, exchange: RunningExchange
) -> None:
    """What it may not read is left out; a failure would be asked for again and again."""
    line = OdorikClient(session, "300110", "sip-300110", base_url=exchange.url)
    assert [row.id for row in await line.lines()] == [300110]
    assert await line.balance() == 500.0
    exchange.world.denied["300110"] = {"balance"}
    for read in (line.balance, line.public_numbers, line.speed_dials):
        with pytest.raises(OdorikUnauthorizedError):
            await read()


async def test_a_telephone_whose_registration_is_over_is_not_there(
    client: OdorikClient, exchange: RunningExchange
) -> None:
    """The operator may list it still; nobody would know for days that nothing rings."""
    line = exchange.world.account().lines[300100]
    line.devices.append(Device(last=exchange.world.now() - timedelta(minutes=31)))
    telephones = {row.id: row.connected_devices for row in await client.lines()}
    assert [len(telephones[n] or []) for n in (300100, 300110, 300120)] == [1, 1, 0]
    line.devices[0].last = exchange.world.now() - timedelta(minutes=29)
    assert len((await client.lines())[0].connected_devices or []) == 1
    line.devices[0].last = exchange.world.now() - timedelta(days=3)
    assert (await client.lines())[0].connected_devices == []


async def test_a_registration_ends_by_the_clock_of_the_operator(
    client: OdorikClient, exchange: RunningExchange
) -> None:
    """A box that wakes up in the past, or in the future, would see every telephone wrongly."""
    exchange.world.advance(-10 * 365 * 86400)
    assert len((await client.lines())[0].connected_devices or []) == 1
    exchange.world.account().lines[300100].devices[0].last = exchange.world.now() - timedelta(1)
    assert (await client.lines())[0].connected_devices == []


async def test_a_call_is_hung_up_once(client: OdorikClient, exchange: RunningExchange) -> None:
    """The second time there is nothing to end, and the client says so."""
    call = exchange.world.ring(THEIRS)
    await client.hang_up(call.id)
    assert await client.active_calls() == []
    with pytest.raises(OdorikApiError):
        await client.hang_up(call.id)


async def test_statistics_are_those_of_the_books(
    client: OdorikClient, exchange: RunningExchange
) -> None:
    """What a month cost has to be right to the haléř."""
    exchange.world.fill(300)
    statistics = await client.call_statistics(LONG_AGO, FAR_AHEAD)
    books = exchange.world.totals()
    assert statistics.incoming
    assert statistics.outgoing
    assert statistics.incoming.count == books.incoming.count
    assert statistics.outgoing.price == pytest.approx(books.outgoing.price)
    rows = await client.statistics_by_destination(LONG_AGO, FAR_AHEAD, direction=Direction.OUT)
    assert sum(row.count for row in rows) == books.outgoing.count
    missed = await client.missed_calls(LONG_AGO, FAR_AHEAD)
    assert sum(row.count for row in missed) > 0


async def test_every_parameter_of_an_order_goes_out_as_documented(
    client: OdorikClient, exchange: RunningExchange
) -> None:
    """An order that says something else than was meant costs money."""
    line = next(iter(exchange.world.account().lines))
    assert await client.callback(MINE, THEIRS, line=line, simple=True) is CallbackStatus.ORDERED
    assert await client.callback(MINE, THEIRS, delayed=5) is CallbackStatus.ENQUEUED
    when = datetime.now(UTC).replace(microsecond=0) + timedelta(hours=2)
    zone = when.astimezone(datetime.fromisoformat("2026-01-01T00:00:00+02:00").tzinfo)
    assert await client.callback("*100", "300110", delayed=zone) is CallbackStatus.ENQUEUED
    said = [
        {name: value for name, value in entry.params.items() if name not in {"user", "user_agent"}}
        for entry in exchange.requests("/callback")
    ]
    assert said == [
        {"caller": MINE, "recipient": THEIRS, "line": str(line), "simple": "true"},
        {"caller": MINE, "recipient": THEIRS, "delayed": "5"},
        {
            "caller": "*100",
            "recipient": "300110",
            "delayed": when.strftime("%Y-%m-%dT%H:%M:%SZ"),
        },
    ]
    assert {entry.method for entry in exchange.requests("/callback")} == {"POST"}


async def test_every_filter_of_the_history_goes_out_as_documented(
    client: OdorikClient, exchange: RunningExchange
) -> None:
    """A filter with another name would be ignored by the operator without a word."""
    start = datetime.fromisoformat("2026-11-01T00:00:00+01:00")
    await all_calls(
        client,
        start=start,
        end=FAR_AHEAD,
        direction=Direction.IN,
        line=300100,
        min_length=1,
        max_length=60,
        min_price=0.5,
        max_price=9.0,
        status=CallStatus.MISSED,
        phone_number_filter="+420 77",
        sip_ids=True,
        include_sms=True,
        page_size=100,
    )
    (request,) = exchange.requests("/calls.json")
    assert request.params | {"user": "", "user_agent": ""} == {
        "user": "",
        "user_agent": "",
        "from": "2026-10-31T23:00:00Z",
        "to": "2100-01-01T00:00:00Z",
        "direction": "in",
        "line": "300100",
        "min_length": "1",
        "max_length": "60",
        "min_price": "0.5",
        "max_price": "9.0",
        "status": "missed",
        # The plus sign arrives as one: unencoded it would be a space.
        "phone_number_filter": "+420 77",
        "sip_ids": "true",
        "include_sms": "true",
        "page_size": "100",
    }


async def test_all_pages_are_read(client: OdorikClient, exchange: RunningExchange) -> None:
    """The newest call may stand on the last page."""
    exchange.world.fill(950)
    ids = await all_calls(client, start=LONG_AGO, end=FAR_AHEAD, page_size=100)
    assert sorted(ids) == sorted({record.id for record in exchange.world.account().records})
    assert [request.params.get("page") for request in exchange.requests("/calls.json")][:3] == [
        None,
        "2",
        "3",
    ]
    newest = max(ids)
    assert await all_calls(client, since_id=newest) == []
    assert await all_calls(client, since_id=newest - 1) == [newest]


async def test_a_period_or_an_id_has_to_be_given(client: OdorikClient) -> None:
    """The operator wants exactly one of the two."""
    with pytest.raises(TypeError):
        await all_calls(client)


@pytest.mark.parametrize("form", list(ExportFormat))
async def test_each_form_of_the_history_counts_its_records(
    client: OdorikClient, exchange: RunningExchange, form: ExportFormat
) -> None:
    """An export says how many calls it holds."""
    exchange.world.fill(250)
    pages = [
        page
        async for page in client.export_calls(form, start=LONG_AGO, end=FAR_AHEAD, page_size=100)
    ]
    assert sum(count for _, count in pages) == len(exchange.world.account().records)
    assert all(body for body, _ in pages)


async def test_an_export_of_nothing_is_no_failure(client: OdorikClient) -> None:
    """A month without calls is a month without calls."""
    for form in ExportFormat:
        pages = [page async for page in client.export_calls(form, start=LONG_AGO, end=FAR_AHEAD)]
        assert [count for _, count in pages] == [0]


@pytest.mark.parametrize(
    ("body", "count"),
    [
        ("<calls><call><id>1</id></call><call><id>2</id></call></calls>", 2),
        (
            '<?xml version="1.0"?>\n<hovory type="array"><hovor id="1"/>\n<hovor id="2"/></hovory>',
            2,
        ),
        ('<?xml version="1.0"?>\n<calls type="array"/>', 0),
        ("<calls></calls>", 0),
    ],
)
async def test_an_export_in_xml_counts_whatever_its_elements_are_called(
    serve: Serve, body: str, count: int
) -> None:
    """The operator does not document the names, and a page that counts none would be the last."""

    async def answer(_: web.Request) -> web.Response:
        return web.Response(text=body, content_type="application/xml")

    client = await serve(answer)
    pages = [page async for page in client.export_calls(ExportFormat.XML, since_id=0)]
    assert pages == [(body.encode(), count)]


@pytest.mark.parametrize(
    "body",
    [
        "<errors><error>authentication_failed</error></errors>",
        '<?xml version="1.0"?><errors type="array"><error>authentication_failed</error></errors>',
        "<error>authentication_failed</error>",
        '{"errors": ["authentication_failed"]}',
        "error authentication_failed",
    ],
)
async def test_a_refused_export_is_no_export(serve: Serve, body: str) -> None:
    """A file of calls would be replaced by a refusal."""

    async def answer(_: web.Request) -> web.Response:
        return web.Response(text=body)

    client = await serve(answer)
    with pytest.raises(OdorikAuthError):
        await anext(client.export_calls(ExportFormat.XML, since_id=0))


async def test_a_price_goes_out_without_an_exponent(
    client: OdorikClient, exchange: RunningExchange
) -> None:
    """The operator would not read 1e-05 as a price."""
    await client.call_statistics(LONG_AGO, FAR_AHEAD, min_price=0.00001, max_price=1e6)
    (request,) = exchange.requests("/call_statistics.json")
    assert request.params["min_price"] == "0.00001"
    assert request.params["max_price"] == "1000000.0"


async def test_a_page_that_fails_in_passing_is_asked_for_again(
    client: OdorikClient, exchange: RunningExchange, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Reading five thousand calls over a bad line would otherwise never come to its end."""
    monkeypatch.setattr(pages, "PAGE_RETRY_DELAY", 0)
    exchange.world.fill(500)
    exchange.fail("500", path="/calls.json", every=3, times=0)
    ids = await all_calls(client, start=LONG_AGO, end=FAR_AHEAD, page_size=100)
    assert len(ids) == len(set(ids)) == len(exchange.world.account().records)


@pytest.mark.parametrize("header", ["1", "99", "", "many", "-3", "9" * 400])
async def test_a_header_that_lies_about_the_pages_loses_nothing(serve: Serve, header: str) -> None:
    """Neither too few pages nor an endless reading."""

    async def answer(request: web.Request) -> web.Response:
        page = int(request.query.get("page", "1"))
        rows = [
            {"id": n, "date": "2026-01-01T00:00:00Z"}
            for n in range(250)[(page - 1) * 100 : page * 100]
        ]
        return web.json_response(rows, headers={"Odorik-Pages": header})

    client = await serve(answer)
    assert await all_calls(client, since_id=0, page_size=100) == list(range(250))


async def test_the_time_is_the_operators(serve: Serve) -> None:
    """A box that wakes up in the past would take the calls of today for calls of the future."""
    dates: list[str] = []

    async def answer(_: web.Request) -> web.StreamResponse:
        return web.json_response([], headers={"Date": dates[-1]})

    client = await serve(answer)

    async def off(date: str | timedelta) -> float:
        if isinstance(date, timedelta):
            date = format_datetime(datetime.now(UTC) + date, usegmt=True)
        dates.append(date)
        await client.lines()
        return (client.now() - datetime.now(UTC)).total_seconds()

    behind = -timedelta(days=40)
    known = await off(behind)
    assert known == pytest.approx(behind.total_seconds(), abs=2)
    # What cannot be meant says nothing, and a few seconds more or less are none.
    for date in ("", "now", "Fri, 31 Dec 9999 23:59:59 GMT", behind - timedelta(seconds=3)):
        assert await off(date) == pytest.approx(known, abs=0.01)
    assert await off(timedelta()) == pytest.approx(0, abs=2)


async def test_a_history_without_an_end_is_left(
    serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A server that has something new on each page would be asked for ever, and fill the memory."""
    monkeypatch.setattr(pages, "MOST_PAGES", 5)
    asked = 0

    async def answer(_: web.Request) -> web.StreamResponse:
        nonlocal asked
        asked += 1
        rows = [{"id": asked, "date": "2026-01-01T00:00:00Z"}]
        return web.json_response(rows, headers={"Odorik-Pages": "999999999"})

    client = await serve(answer)
    with pytest.raises(OdorikConnectionError):
        [page async for page in client.calls(since_id=0)]
    assert asked == 5


@pytest.mark.parametrize(
    "date",
    [
        *("0001-01-01T00:00:00Z", "0001-01-01T00:00:00+14:00", "0001-01-01T00:00:00"),
        *("9999-12-31T23:59:59Z", "9999-12-31T23:59:59-14:00", "9999-12-31T23:59:59.999999"),
    ],
)
async def test_an_impossible_date_is_read_as_none(serve: Serve, date: str) -> None:
    """Some systems write the year 1 or 9999 for no date, and nothing can be added to either."""

    async def answer(request: web.Request) -> web.Response:
        if request.path.endswith("lines.json"):
            device = {"registration_expires_at": date}
            return web.json_response([{"id": 1, "connected_devices": [device]}])
        return web.json_response([{"id": 1, "start_date": date, "answer_date": date}])

    client = await serve(answer)
    assert await client.active_calls() == [ActiveCall(id=1)]
    (line,) = await client.lines()
    now = datetime.now(UTC)
    # What has no end is listed as long as the operator lists it.
    assert line.at(now).connected_devices == line.connected_devices


async def test_a_call_of_no_year_that_can_be_meant_costs_only_itself(serve: Serve) -> None:
    """There is no time to add to the year 9999, so nothing would ever be reported again."""

    async def answer(_: web.Request) -> web.StreamResponse:
        years = ("0001", "1999", "2026", "2100", "9999")
        rows = [{"id": n, "date": f"{year}-01-01T00:00:00Z"} for n, year in enumerate(years)]
        return web.json_response(rows)

    client = await serve(answer)
    assert [row.id async for page in client.calls(since_id=0) for row in page] == [2]


@pytest.mark.parametrize("first", [(*range(1, 100), 0), (0,) * 100])
@pytest.mark.parametrize("form", [None, ExportFormat.JSON])
async def test_a_page_with_unreadable_records_is_full(
    serve: Serve, first: tuple[int, ...], form: ExportFormat | None
) -> None:
    """A page counts the records that it holds, so the pages behind an unreadable one are read."""
    pages = [[f'{{"id": {n or "["}, "date": "2026-01-01T00:00:00Z"}}' for n in first]]
    pages[0][0] = '{"id": 7, "date": "2026-01-01T00:00:00Z"}'
    pages.append([f'{{"id": {n}, "date": "2026-01-01T00:00:00Z"}}' for n in (200, 201)])

    async def answer(request: web.Request) -> web.Response:
        page = int(request.query.get("page", "1"))
        # The header denies the second page.
        return web.Response(text=f"[{', '.join(pages[page - 1])}]", headers={"Odorik-Pages": "1"})

    client = await serve(answer)
    readable = [7, *filter(None, first[1:]), 200, 201]
    if form is None:
        assert await all_calls(client, since_id=0, page_size=100) == readable
        return
    exported = client.export_calls(form, since_id=0, page_size=100)
    assert [count async for _, count in exported] == [len(readable) - 2, 2]


async def test_unreadable_records_are_counted_and_logged_once(
    client: OdorikClient, exchange: RunningExchange, caplog: pytest.LogCaptureFixture
) -> None:
    """Each list with unreadable records is named once, with nothing of what is in them."""
    exchange.world.fill(20)
    exchange.fail("cut_record", times=0)
    for _ in range(3):
        assert await all_calls(client, since_id=0)
        assert await client.speed_dials()
    assert client.unreadable == {"calls.json": 1, "speed_dials.json": 1}
    assert [record.getMessage() for record in caplog.records if record.levelname == "WARNING"] == [
        f"1 records in {path} cannot be read and are skipped; this is logged only once"
        for path in client.unreadable
    ]


async def test_a_damaged_answer_is_read_outside_of_the_event_loop(
    client: OdorikClient, exchange: RunningExchange, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Reading a long damaged answer holds up nothing else; one as documented needs no thread."""
    threads: list[bool] = []

    def split(body: bytes, names: Iterable[str] = ("id",)) -> tuple[list[Raw], int]:
        threads.append(threading.current_thread() is threading.main_thread())
        return split_rows(body, names)

    monkeypatch.setattr("custom_components.odorik.api.decoding.split_rows", split)
    exchange.world.fill(20)
    await all_calls(client, since_id=0)
    assert not threads
    exchange.fail("cut_record")
    await all_calls(client, since_id=0)
    exchange.fail("nan")
    await client.call_statistics(LONG_AGO, FAR_AHEAD)
    assert threads == [False, False]


async def test_the_active_calls_never_wait_for_other_requests(serve: Serve) -> None:
    """Requests that only read are bounded, and neither polls nor orders queue behind them."""
    begun: list[str] = []
    four, opened = asyncio.Event(), asyncio.Event()

    async def answer(request: web.Request) -> web.Response:
        path = request.path.removeprefix("/api/v1/")
        begun.append(path)
        if path == "callback":
            return web.Response(text="callback_ordered")
        if path != "active_calls.json":
            if len(begun) == connection.READINGS_AT_ONCE:
                four.set()
            await opened.wait()
        return web.Response(text="[]")

    client = await serve(answer)
    readings = asyncio.gather(
        *(all_calls(client, since_id=number) for number in range(50)),
        *(client.speed_dials() for _ in range(50)),
    )
    await four.wait()
    assert await client.active_calls() == []
    assert await client.callback(MINE, THEIRS) is CallbackStatus.ORDERED
    assert begun[connection.READINGS_AT_ONCE :] == ["active_calls.json", "callback"]
    opened.set()
    assert await readings == [[]] * 100


async def test_an_answer_may_begin_with_a_byte_order_mark(serve: Serve) -> None:
    """The mark that some programs put before a text is no part of any answer."""
    answers = {
        "balance": "12,5",
        "callback": "callback_ordered",
        "calls.json": '[{"id": 1, "date": "2026-01-01T00:00:00Z"}]',
        "lines.json": '[{"id": 1}]',
        "active_calls/1.json": "null",
    }

    async def answer(request: web.Request) -> web.Response:
        if request.query.get("page") == "2":
            return web.Response(text="\ufeff")
        path = request.path.removeprefix("/api/v1/")
        return web.Response(text=f"\ufeff{answers[path]}")

    client = await serve(answer)
    assert await client.balance() == 12.5
    assert await client.callback(MINE, THEIRS) is CallbackStatus.ORDERED
    # The only record fills the page, and the one behind it is empty.
    assert await all_calls(client, since_id=0, page_size=1) == [1]
    assert [line.id for line in await client.lines()] == [1]
    await client.hang_up(1)


async def test_a_server_that_ignores_the_page_is_not_asked_for_ever(
    serve: Serve,
) -> None:
    """The same page again is the end."""
    rows = [{"id": n, "date": "2026-01-01T00:00:00Z"} for n in range(100)]

    async def answer(_: web.Request) -> web.Response:
        return web.json_response(rows)

    client = await serve(answer)
    assert len(await all_calls(client, since_id=0, page_size=100)) == 100


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ("error callback_failed", OdorikCallbackFailedError),
        ("error missing_argument caller recipient", OdorikMissingArgumentError),
        ("error invalid_delay_format", OdorikInvalidDelayFormatError),
        ("error delayed_into_past", OdorikDelayedIntoPastError),
        ("error invalid_line", OdorikInvalidLineError),
        ("error unauthorized", OdorikUnauthorizedError),
        ("error authentication_failed", OdorikAuthError),
        ("error authentication_required", OdorikAuthError),
        ("error of_tomorrow", OdorikApiError),
    ],
)
async def test_each_refusal_of_an_order_is_its_own(
    client: OdorikClient, exchange: RunningExchange, said: str, kind: type[OdorikApiError]
) -> None:
    """The user is told what was wrong, and that nothing was ordered."""
    exchange.fail("answer", path="/callback", body=said)
    with pytest.raises(kind) as refused:
        await client.callback(MINE, THEIRS)
    assert type(refused.value) is kind
    assert f"error {refused.value}" == said


@pytest.mark.parametrize(
    "mode", ["timeout", "slow_body", "500", "503", "html", "empty", "reset", "bad_json"]
)
@pytest.mark.parametrize("after", [True, False])
async def test_an_order_without_a_clear_answer_is_unknown_and_sent_once(
    client: OdorikClient,
    exchange: RunningExchange,
    monkeypatch: pytest.MonkeyPatch,
    mode: str,
    after: bool,  # noqa: FBT001
) -> None:
    """An order that goes out twice rings, and costs, twice."""
    monkeypatch.setattr(connection, "TIMEOUT", 0.3)
    exchange.fail(mode, path="/callback", after=after)
    with pytest.raises(OdorikUnknownOutcomeError):
        await client.callback(MINE, THEIRS)
    assert len(exchange.requests("/callback")) == 1


async def test_an_order_that_finds_nobody_was_certainly_not_sent(session: ClientSession) -> None:
    """Where nothing listens, nothing was ordered, and it may be said so."""
    client = OdorikClient(session, "user", "s3cret", base_url="http://127.0.0.1:9/api/v1")
    with pytest.raises(OdorikNotSentError):
        await client.callback(MINE, THEIRS)


READINGS: dict[str, Callable[[OdorikClient], Awaitable[Any]]] = {
    "active_calls": OdorikClient.active_calls,
    "balance": OdorikClient.balance,
    "calls": lambda client: all_calls(client, since_id=0),
    "call_statistics": lambda client: client.call_statistics(LONG_AGO, FAR_AHEAD),
    "hang_up": lambda client: client.hang_up(1),
    "lines": OdorikClient.lines,
    "missed_calls": lambda client: client.missed_calls(LONG_AGO, FAR_AHEAD),
    "public_numbers": OdorikClient.public_numbers,
    "speed_dials": OdorikClient.speed_dials,
    "statistics_by_destination": lambda client: client.statistics_by_destination(
        LONG_AGO, FAR_AHEAD
    ),
}


@pytest.mark.parametrize("reading", READINGS)
@pytest.mark.parametrize(
    "mode", ["timeout", "slow", "slow_body", "500", "503", "html", "reset", "403", "302"]
)
async def test_trouble_on_the_way_means_not_now(
    client: OdorikClient,
    exchange: RunningExchange,
    monkeypatch: pytest.MonkeyPatch,
    mode: str,
    reading: str,
) -> None:
    """A proxy's page must never ask a family to log in again, and no text holds the password."""
    monkeypatch.setattr(connection, "TIMEOUT", 0.2)
    # A broken connection is taken for a stale one by aiohttp, which then asks a second time.
    exchange.fail(mode, times=2)
    with pytest.raises(OdorikConnectionError) as failed:
        await READINGS[reading](client)
    told = "".join(traceback.format_exception(failed.value))
    assert exchange.password not in told
    assert "user=" not in told
    assert failed.value.__cause__ is None
    assert failed.value.__context__ is None


@pytest.mark.parametrize("reading", READINGS)
async def test_a_refused_login_is_told_apart(
    client: OdorikClient, exchange: RunningExchange, reading: str
) -> None:
    """Only the operator's own two codes mean that the password is wrong."""
    for code, kind in (
        ("authentication_failed", OdorikAuthError),
        ("authentication_required", OdorikAuthError),
        ("unauthorized", OdorikUnauthorizedError),
    ):
        exchange.fail(code)
        with pytest.raises(kind):
            await READINGS[reading](client)


async def test_a_refused_login_behind_a_401_is_the_proxys(
    client: OdorikClient, exchange: RunningExchange
) -> None:
    """The operator answers with 200; what has another status did not come from it."""
    exchange.fail("answer", status=401, body='{"errors": ["authentication_failed"]}')
    with pytest.raises(OdorikConnectionError):
        await client.lines()


async def test_credentials_do_not_follow_a_redirect(
    serve: Serve,
) -> None:
    """Whoever redirects the operator's name must not be sent the password."""
    seen: list[str] = []

    async def answer(request: web.Request) -> web.Response:
        seen.append(request.path)
        raise web.HTTPFound("/elsewhere")

    client = await serve(answer)
    with pytest.raises(OdorikConnectionError):
        await client.lines()
    assert seen == ["/api/v1/lines.json"]


@pytest.mark.parametrize("compressed", [True, False])
async def test_an_answer_without_end_is_refused_at_a_bound(
    serve: Serve,
    compressed: bool,  # noqa: FBT001
) -> None:
    """A small box has little memory, and a gzip bomb would take it all."""

    async def answer(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        if compressed:
            response.enable_compression(web.ContentCoding.gzip)
        await response.prepare(request)
        for _ in range(200):
            await response.write(b" " * 2**20)
        return response

    client = await serve(answer)
    with pytest.raises(OdorikConnectionError, match="too long"):
        await client.lines()


async def test_a_line_login_sees_its_own_line(
    session: ClientSession, exchange: RunningExchange
) -> None:
    """A household with one line may give only that away."""
    line = next(iter(exchange.world.account().lines.values()))
    client = OdorikClient(session, str(line.id), line.sip_password, base_url=exchange.url)
    assert [seen.id for seen in await client.lines()] == [line.id]


async def test_nothing_is_logged_of_the_credentials(
    client: OdorikClient, exchange: RunningExchange, caplog: pytest.LogCaptureFixture
) -> None:
    """People post their logs."""
    caplog.set_level(logging.DEBUG)
    asyncio.get_running_loop().set_debug(True)
    for mode in ("500", "reset", "html", "cut_json"):
        exchange.fail(mode, times=2 if mode == "reset" else 1)
        with pytest.raises(OdorikError):
            await client.lines()
    assert exchange.password not in caplog.text
    assert exchange.password not in repr(client)


@pytest.mark.parametrize("body", ["", "lots", "nan", "inf", "1 000,00"])
async def test_a_credit_that_is_no_number_means_not_now(
    client: OdorikClient, exchange: RunningExchange, body: str
) -> None:
    """A dashboard must not show a figure that is none."""
    exchange.fail("answer", path="/balance", body=body)
    with pytest.raises(OdorikConnectionError):
        await client.balance()


async def test_a_credit_below_zero_is_a_credit(
    client: OdorikClient, exchange: RunningExchange
) -> None:
    """Postpaid accounts have it."""
    exchange.fail("answer", path="/balance", body="-12,50\n")
    assert await client.balance() == -12.5


async def test_a_request_while_home_assistant_stops_is_just_not_sent(
    client: OdorikClient, session: ClientSession
) -> None:
    """Every stop at an unlucky moment would leave a trace in the log."""
    await session.close()
    with pytest.raises(OdorikNotSentError):
        await client.balance()
