"""The client over real HTTP, against the simulated exchange and scripted responses."""

import asyncio
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
import logging
import threading
import traceback
from typing import Any

from aiohttp import ClientSession, web
from msgspec import Raw
import pytest

from custom_components.odorik.api import (
    CallbackStatus,
    ExportFormat,
    OdorikClient,
    OdorikConnectionError,
    OdorikNotSentError,
    OdorikUnknownOutcomeError,
    SmsResult,
    SmsStatus,
    connection,
    pages,
)
from custom_components.odorik.api.decoding import split_rows
from simulator.world import Device, PublicNumber
from tests.exchange import RunningExchange

from .conftest import BOM, END, MINE, QUESTIONS, START, TEXT, THEIRS, Serve, call_ids

WHEN = "2026-01-01T00:00:00Z"
ORDERS = ("callback", "send_sms")
REPEATABLE = [name for name in QUESTIONS if name not in ORDERS and not name.startswith("export")]


def rows(ids: Iterable[int]) -> list[dict[str, Any]]:
    """Return a record for each id."""
    return [{"id": row_id, "date": WHEN} for row_id in ids]


# Lists and single values


async def test_the_lists_of_the_account_are_read(
    client: OdorikClient, exchange: RunningExchange
) -> None:
    """Balance, lines, numbers, contacts and active calls are what the exchange has."""
    account = exchange.world.account()
    account.numbers.append(PublicNumber("00420800400100", "shared", 300100))
    exchange.world.ring(THEIRS)
    assert await client.balance() == account.credit
    assert {line.id for line in await client.lines()} == set(account.lines)
    # SIP names and shared numbers are returned only if the client asks for them.
    numbers = {number.public_number: number.type for number in await client.public_numbers()}
    assert numbers == {own.number: own.type for own in account.numbers}
    assert set(numbers.values()) >= {"sip_name", "shared"}
    assert await client.speed_dials()
    (active,) = await client.active_calls()
    assert active.source_number == THEIRS
    assert active.is_ringing


async def test_an_expired_registration_is_not_listed(
    client: OdorikClient, exchange: RunningExchange
) -> None:
    """A registration expires by the operator's clock, and may still be listed afterwards.

    The local clock may be years off.
    """
    exchange.world.advance(-10 * 365 * 86400)
    devices = exchange.world.account().lines[300100].devices
    for minutes, phones in ((29, 2), (31, 1)):
        devices[1:] = [Device(last=exchange.world.now() - timedelta(minutes=minutes))]
        lines = await client.lines()
        assert [len(line.connected_devices or []) for line in lines] == [phones, 1, 0]


@pytest.mark.parametrize("body", ["", "lots", "nan", "inf", "1 000,00"])
async def test_a_balance_that_is_not_a_number_is_an_error(serve: Serve, body: str) -> None:
    """No sensor shows an invalid balance."""
    with pytest.raises(OdorikConnectionError):
        await serve(body).balance()


async def test_a_balance_may_be_negative(serve: Serve) -> None:
    """Postpaid accounts owe the operator money."""
    assert await serve(f"{BOM}-12,50\n").balance() == -12.5


# Orders


@pytest.mark.parametrize(
    ("mode", "options"),
    [
        *((mode, {}) for mode in ("timeout", "slow_body", "500", "503", "html", "empty")),
        *((mode, {}) for mode in ("reset", "bad_json", "cut_json", "302", "403")),
        *(("answer", {"body": body}) for body in ("ok", "sent 12.5", "successfully", "12.5")),
        *(("answer", {"body": body}) for body in ("[]", "{}", "null")),
        ("answer", {"body": "", "status": 302}),
        ("answer", {"body": "busy", "status": 429}),
    ],
)
@pytest.mark.parametrize("after", [True, False])
@pytest.mark.parametrize("order", ORDERS)
async def test_an_order_without_a_clear_answer_is_unknown_and_sent_once(
    *,
    client: OdorikClient,
    exchange: RunningExchange,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    order: str,
    mode: str,
    options: dict[str, Any],
    after: bool,
) -> None:
    """An order is never repeated, since it might cost twice, and its content is not disclosed."""
    caplog.set_level(logging.DEBUG)
    monkeypatch.setattr(connection, "REQUEST_TIMEOUT", 0.3)
    path, call = QUESTIONS[order]
    exchange.fail(mode, path=f"POST /{path}", after=after, **options)
    with pytest.raises(OdorikUnknownOutcomeError) as failed:
        await call(client)
    assert len(exchange.requests(f"/{path}")) == 1
    account = exchange.world.account()
    assert len(account.callbacks) + len(account.messages) <= 1
    texts = caplog.text + "".join(traceback.format_exception(failed.value))
    assert not [secret for secret in (exchange.password, TEXT) if secret in texts]
    assert failed.value.__context__ is None or failed.value.__suppress_context__


async def test_a_request_without_a_connection_was_not_sent(session: ClientSession) -> None:
    """If there is no server, or Home Assistant is stopping, nothing was ordered."""
    client = OdorikClient(session, "user", "s3cret", base_url="http://127.0.0.1:9/api/v1")
    for order in ORDERS:
        with pytest.raises(OdorikNotSentError):
            await QUESTIONS[order][1](client)
    await session.close()
    for _, call in QUESTIONS.values():
        with pytest.raises(OdorikNotSentError):
            await call(client)


async def test_a_message_is_sent_as_given(client: OdorikClient, exchange: RunningExchange) -> None:
    """The operator receives the text unchanged, and the response has the credit after it."""
    text = "Přišel jsem & čekám +5 °C\n{€} 😀%20"
    result = await client.send_sms(THEIRS, text, sender="5517")
    account = exchange.world.account()
    assert result == SmsResult(status=SmsStatus.SENT, balance=account.credit)
    (message,) = account.messages
    assert (message.recipient, message.sender, message.text) == (THEIRS, "5517", text)
    (request,) = exchange.requests("/sms")
    assert set(request.params) == {"recipient", "message", "sender", "user_agent"}


@pytest.mark.parametrize(
    ("body", "status", "balance"),
    [
        ("successfully_sent 123.45", SmsStatus.SENT, 123.45),
        ("successfully_sent 123,45\r\n", SmsStatus.SENT, 123.45),
        ("successfully_sent -12.5", SmsStatus.SENT, -12.5),
        (f"{BOM}\n successfully_sent  0", SmsStatus.SENT, 0.0),
        ("successfully_sent", SmsStatus.SENT, None),
        ("successfully_sent ", SmsStatus.SENT, None),
        ("successfully_sent NaN", SmsStatus.SENT, None),
        ("successfully_sent inf", SmsStatus.SENT, None),
        ("successfully_sent 1 000,00", SmsStatus.SENT, None),
        ("successfully_sent to 00420602555123", SmsStatus.SENT, None),
        ("successfully_enqueued", SmsStatus.ENQUEUED, None),
        ("successfully_enqueued 123.45", SmsStatus.ENQUEUED, 123.45),
    ],
)
async def test_the_credit_in_an_answer_may_be_missing(
    serve: Serve, body: str, status: SmsStatus, balance: float | None
) -> None:
    """A message that was accepted is not an error if the credit is unreadable."""
    result = await serve(body).send_sms(THEIRS, TEXT)
    assert result == SmsResult(status=status, balance=balance)


@pytest.mark.parametrize(
    ("body", "senders"),
    [
        ("Odorik.cz,5517,00420789123456", ["Odorik.cz", "5517", "00420789123456"]),
        ("Odorik.cz, 5517\n", ["Odorik.cz", "5517"]),
        (f"{BOM}5517", ["5517"]),
        ("Firma,Odorik.cz", ["Firma", "Odorik.cz"]),
    ],
)
async def test_the_senders_are_a_list(serve: Serve, body: str, senders: list[str]) -> None:
    """The list may have any number of senders."""
    assert await serve(body).sms_senders() == senders


@pytest.mark.parametrize(
    "body", ["", "\n", "5517,,Odorik.cz", "5517,", "bad_request", "try again in 5 min", "<p>5</p>"]
)
async def test_other_text_is_not_a_list_of_senders(serve: Serve, body: str) -> None:
    """Text that cannot be a list is an error."""
    with pytest.raises(OdorikConnectionError):
        await serve(body).sms_senders()


# History


async def test_all_pages_are_read(
    client: OdorikClient, exchange: RunningExchange, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every record is read once, and a later page that fails is requested again."""
    monkeypatch.setattr(pages, "PAGE_RETRY_DELAY", 0)
    exchange.world.fill(950)
    ids = await call_ids(client, start=START, end=END, page_size=100)
    assert sorted(ids) == sorted({record.id for record in exchange.world.account().records})
    requests = exchange.requests("/calls.json")
    assert [request.params.get("page") for request in requests[:3]] == [None, "2", "3"]
    assert {request.params["page_size"] for request in requests} == {"100"}
    newest = max(ids)
    assert await call_ids(client, since_id=newest) == []
    assert await call_ids(client, since_id=newest - 1) == [newest]
    exchange.fail("500", path="/calls.json", every=3, times=0)
    assert sorted(await call_ids(client, start=START, end=END, page_size=100)) == sorted(ids)


async def test_a_selection_needs_a_period_or_an_id(client: OdorikClient) -> None:
    """The operator requires exactly one of them."""
    with pytest.raises(TypeError):
        await call_ids(client)


@pytest.mark.parametrize("header", ["1", "99", "", "many", "-3", "9" * 400])
async def test_a_wrong_number_of_pages_in_the_header_loses_nothing(
    serve: Serve, header: str
) -> None:
    """All pages are read, and no more, regardless of the header."""

    def answer(request: web.Request) -> web.Response:
        page = int(request.query.get("page", "1"))
        on_page = rows(range(250)[(page - 1) * 100 : page * 100])
        return web.json_response(on_page, headers={"Odorik-Pages": header})

    assert await call_ids(serve(answer), since_id=0, page_size=100) == list(range(250))


async def test_a_history_without_an_end_is_an_error(
    serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The number of pages is bounded even if each of them has new records."""
    monkeypatch.setattr(pages, "MAX_PAGES", 5)
    asked: list[int] = []

    def answer(_: web.Request) -> web.Response:
        asked.append(len(asked))
        return web.json_response(rows([len(asked)]), headers={"Odorik-Pages": "999999999"})

    with pytest.raises(OdorikConnectionError):
        await call_ids(serve(answer), since_id=0)
    assert len(asked) == 5


async def test_a_record_of_an_implausible_year_is_skipped(serve: Serve) -> None:
    """Records of the years 1 or 9999 are left out; calculations with them would overflow."""
    years = ("0001", "1999", "2026", "2100", "9999")
    records = [{"id": n, "date": f"{year}-01-01T00:00:00Z"} for n, year in enumerate(years)]
    assert await call_ids(serve(lambda _: web.json_response(records)), since_id=0) == [2]


@pytest.mark.parametrize("first", [(*range(1, 100), 0), (0,) * 100])
@pytest.mark.parametrize("export_format", [None, ExportFormat.JSON])
async def test_a_page_with_unreadable_records_may_be_full(
    serve: Serve, first: tuple[int, ...], export_format: ExportFormat | None
) -> None:
    """Unreadable records count towards the size of a page, so the next page is read."""
    first_page = [f'{{"id": {n or "["}, "date": "{WHEN}"}}' for n in first]
    first_page[0] = f'{{"id": 7, "date": "{WHEN}"}}'
    second_page = [f'{{"id": {n}, "date": "{WHEN}"}}' for n in (200, 201)]
    bodies = (f"[{', '.join(page)}]" for page in (first_page, second_page))
    # The header denies the second page.
    client = serve(*bodies, headers={"Odorik-Pages": "1"})
    readable = [7, *filter(None, first[1:]), 200, 201]
    if export_format is None:
        assert await call_ids(client, since_id=0, page_size=100) == readable
        return
    exported = client.export_calls(export_format, since_id=0, page_size=100)
    assert [count async for _, count in exported] == [len(readable) - 2, 2]


async def test_unreadable_records_are_counted_and_logged_once(
    client: OdorikClient, exchange: RunningExchange, caplog: pytest.LogCaptureFixture
) -> None:
    """Each list with unreadable records is logged once, without their content."""
    exchange.world.fill(20)
    exchange.fail("cut_record", times=0)
    for _ in range(3):
        assert await call_ids(client, since_id=0)
        assert await client.speed_dials()
    assert client.unreadable == {"calls.json": 1, "speed_dials.json": 1}
    assert [record.getMessage() for record in caplog.records if record.levelname == "WARNING"] == [
        f"1 records in {path} cannot be read and are skipped; this is logged only once"
        for path in client.unreadable
    ]


# Event loop, connection and clock


async def test_a_damaged_answer_is_decoded_outside_the_event_loop(
    client: OdorikClient, exchange: RunningExchange, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only responses that are not as documented need a thread."""
    threads: list[bool] = []

    def split(body: bytes, names: Iterable[str] = ("id",)) -> tuple[list[Raw], int]:
        threads.append(threading.current_thread() is threading.main_thread())
        return split_rows(body, names)

    monkeypatch.setattr("custom_components.odorik.api.decoding.split_rows", split)
    exchange.world.fill(20)
    await call_ids(client, since_id=0)
    assert not threads
    exchange.fail("cut_record")
    await call_ids(client, since_id=0)
    exchange.fail("nan")
    await client.call_statistics(START, END)
    assert threads == [False, False]


async def test_polls_and_orders_do_not_wait_for_other_requests(serve: Serve) -> None:
    """The number of concurrent readings is bounded; active calls and orders pass them."""
    begun: list[str] = []
    is_full, is_open = asyncio.Event(), asyncio.Event()

    async def answer(request: web.Request) -> web.Response:
        path = request.path.removeprefix("/api/v1/")
        begun.append(path)
        if path == "callback":
            return web.Response(text="callback_ordered")
        if path != "active_calls.json":
            if len(begun) == connection.MAX_CONCURRENT_READS:
                is_full.set()
            await is_open.wait()
        return web.Response(text="[]")

    client = serve(answer)
    readings = asyncio.gather(
        *(call_ids(client, since_id=number) for number in range(50)),
        *(client.speed_dials() for _ in range(50)),
    )
    await is_full.wait()
    assert await client.active_calls() == []
    assert await client.callback(MINE, THEIRS) is CallbackStatus.ORDERED
    assert begun[connection.MAX_CONCURRENT_READS :] == ["active_calls.json", "callback"]
    is_open.set()
    assert await readings == [[]] * 100


@pytest.mark.parametrize("question", REPEATABLE)
@pytest.mark.parametrize(
    "mode", ["timeout", "slow", "slow_body", "500", "503", "html", "reset", "403", "302"]
)
async def test_a_network_failure_is_not_a_wrong_login(
    client: OdorikClient,
    exchange: RunningExchange,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    mode: str,
    question: str,
) -> None:
    """Failures of the network or of a proxy are connection errors.

    Neither the error nor the log contains the credentials, not even for debugging.
    """
    monkeypatch.setattr(connection, "REQUEST_TIMEOUT", 0.2)
    caplog.set_level(logging.DEBUG)
    asyncio.get_running_loop().set_debug(True)
    # aiohttp takes a broken connection for a stale one and repeats the request.
    exchange.fail(mode, times=2)
    with pytest.raises(OdorikConnectionError) as failed:
        await QUESTIONS[question][1](client)
    text = "".join(traceback.format_exception(failed.value)) + caplog.text + repr(client)
    assert exchange.password not in text
    assert "user=" not in text
    assert failed.value.__cause__ is None
    assert failed.value.__context__ is None


async def test_a_refusal_with_another_status_is_not_a_wrong_login(
    client: OdorikClient, exchange: RunningExchange
) -> None:
    """The operator refuses with status 200, so any other status comes from a proxy."""
    exchange.fail("answer", status=401, body='{"errors": ["authentication_failed"]}')
    with pytest.raises(OdorikConnectionError):
        await client.lines()


async def test_redirects_are_not_followed(serve: Serve) -> None:
    """The credentials are never sent to the target of a redirect."""
    seen: list[str] = []

    def answer(request: web.Request) -> web.Response:
        seen.append(request.path)
        raise web.HTTPFound("/elsewhere")

    with pytest.raises(OdorikConnectionError):
        await serve(answer).lines()
    assert seen == ["/api/v1/lines.json"]


@pytest.mark.parametrize("is_compressed", [True, False])
async def test_the_length_of_an_answer_is_bounded(serve: Serve, *, is_compressed: bool) -> None:
    """An endless response is refused, even if it is small while compressed."""

    async def answer(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        if is_compressed:
            response.enable_compression(web.ContentCoding.gzip)
        await response.prepare(request)
        for _ in range(200):
            await response.write(b" " * 2**20)
        return response

    with pytest.raises(OdorikConnectionError, match="too long"):
        await serve(answer).lines()


async def test_the_client_knows_the_operators_time(serve: Serve) -> None:
    """The offset of the clocks is taken from the header of a response, if that is plausible."""
    dates: list[str] = []
    client = serve(lambda _: web.json_response([], headers={"Date": dates[-1]}))

    async def offset(date: str | timedelta) -> float:
        if isinstance(date, timedelta):
            date = format_datetime(datetime.now(UTC) + date, usegmt=True)
        dates.append(date)
        await client.lines()
        return (client.now() - datetime.now(UTC)).total_seconds()

    behind = -timedelta(days=40)
    known = await offset(behind)
    assert known == pytest.approx(behind.total_seconds(), abs=2)
    # Invalid dates and differences of a few seconds change nothing.
    for date in ("", "now", "Fri, 31 Dec 9999 23:59:59 GMT", behind - timedelta(seconds=3)):
        assert await offset(date) == pytest.approx(known, abs=0.01)
    assert await offset(timedelta()) == pytest.approx(0, abs=2)
