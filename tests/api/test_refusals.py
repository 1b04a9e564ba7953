"""A refusal of the operator is never data, in whatever form it comes."""

from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable
from datetime import UTC, datetime
from typing import Any

from aiohttp import ClientSession, web
from aiohttp.test_utils import TestServer
import pytest

from custom_components.odorik.api import (
    ExportFormat,
    OdorikApiError,
    OdorikAuthError,
    OdorikClient,
    OdorikConnectionError,
    OdorikError,
    OdorikMissingArgumentError,
    OdorikUnauthorizedError,
)

CODE = "authentication_required"
MARK = "\ufeff"
START, END = datetime(2000, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)

TEXTS = (
    f"error {CODE}",
    f"error {CODE}\n",
    f"{MARK}error {CODE}",
    f"\r\n\n          error  {CODE}",
    f"Error: {CODE}",
    f"errors {CODE}",
    f"error\n{CODE}",
)
TABLES = (
    f"errors\n{CODE}\n",
    f"errors\r\n{CODE}\r\n",
    f"{MARK}errors\n{CODE}\n",
    f'"errors"\n"{CODE}"\n',
    f'{MARK}"errors"\r\n"{CODE}"\r\n',
    f"error\n{CODE}",
    f"Errors\n{CODE}\n",
    f"errors,\n{CODE},\n",
    f"status,errors\n401,{CODE}\n",
    f"status;errors;\n401;{CODE};\n",
    f'"status"\t"errors"\n"401"\t"{CODE}"\n',
    f"status|errors\n401|{CODE}",
    f"errors,{CODE}\n",
)
DOCUMENTS = (
    f"<errors><error>{CODE}</error></errors>",
    f'<?xml version="1.0"?>\n<hash><errors type="array"><error>{CODE}</error></errors></hash>\n',
    f"<hash><status>error</status><errors>{CODE}</errors></hash>",
    f"<hash>\n <status/>\n <errors>\n  <error>{CODE}</error>\n </errors>\n</hash>",
    f"<calls><errors><error>{CODE}</error></errors></calls>",
    f"<calls><error>{CODE}</error></calls>",
    f"<error>{CODE}</error>",
    f"{MARK}<?xml version='1.0'?><!-- no --><Errors><Error>{CODE}</Error></Errors>",
    f'<o:reply xmlns:o="urn:o"><o:errors><o:error>{CODE}</o:error></o:errors></o:reply>',
    f"<errors><error><![CDATA[{CODE}]]></error></errors>",
)
OBJECTS = (
    f'{{"errors": ["{CODE}"]}}',
    f'{{"errors": "{CODE}"}}',
    f'{{"error": "{CODE}"}}',
    f'{MARK}{{"errors": ["{CODE}"]}}',
    f'\n            {{ "status": 401, "errors": ["{CODE}"] }}',
    f'{{"status": "{"x" * 400}", "errors": ["{CODE}"]}}',
    f'[{{"errors": ["{CODE}"]}}]',
    f'["{CODE}"]',
    f'[\n  "{CODE}"\n]',
    f'{{"errors": [{{"code": "{CODE}"}}]}}',
)
REFUSALS = (*TEXTS, *TABLES, *DOCUMENTS, *OBJECTS)
DOUBTFUL = (
    "",
    "\n",
    CODE,
    f"{CODE}\n",
    f'"{CODE}"',
    '["sorry"]',
    "null",
    "[null]",
    "Service is down for maintenance, please come back",
    "Service is down for maintenance\n",
    "<p>Down for maintenance, sorry</p>",
    f"{MARK}<!DOCTYPE html><html><body><p>Down</p></body></html>",
    '<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"><body><p>Down</p></body></html>',
    f"<hash><message>{CODE}</message></hash>",
    f"<message>{CODE}</message>",
    '{"message": "down, sorry"}',
    '{"errors": []}',
    "{}",
    "bad_request",
)
EMPTY = {
    ExportFormat.CSV: ("id,date,price\n", f'{MARK}"id";"date"\r\n', "id\tdate"),
    ExportFormat.XML: (
        "<calls/>",
        '<?xml version="1.0"?>\n<calls type="array"></calls>\n',
        "<calls>\n</calls>",
        f"{MARK}<nil-classes type='array'/>",
    ),
    ExportFormat.JSON: ("[]", " [ ]\n", f"{MARK}[]"),
}
GOOD = {
    ExportFormat.CSV: "id,date\n1,2014-10-01T11:28:31Z\n2,2014-10-01T11:28:31Z\n",
    ExportFormat.XML: "<calls><call><id>1</id></call><call><id>2</id></call></calls>",
    ExportFormat.JSON: '[{"id": 1}, {"id": 2}]',
}
READS: dict[str, Callable[[OdorikClient], Awaitable[Any]]] = {
    "active_calls": OdorikClient.active_calls,
    "balance": OdorikClient.balance,
    "call_statistics": lambda client: client.call_statistics(START, END),
    "callback": lambda client: client.callback("1", "2"),
    "by_destination": lambda client: client.statistics_by_destination(START, END),
    "calls": lambda client: anext(client.calls(since_id=0)),
    "hang_up": lambda client: client.hang_up(1),
    "lines": OdorikClient.lines,
    "missed_calls": lambda client: client.missed_calls(START, END),
    "public_numbers": OdorikClient.public_numbers,
    "speed_dials": OdorikClient.speed_dials,
}

type Serve = Callable[..., Awaitable[OdorikClient]]


@pytest.fixture
async def serve(socket_enabled: None) -> AsyncGenerator[Serve]:  # noqa: ARG001
    """Have a server give these answers, one a page, from now on; return a client for it."""
    given: tuple[str, ...] = ()
    known: dict[str, str] | None = None

    async def answer(request: web.Request) -> web.Response:
        page = int(request.query.get("page", "1"))
        return web.Response(text=given[min(page, len(given)) - 1], headers=known)

    async def give(*pages: str, headers: dict[str, str] | None = None) -> OdorikClient:
        nonlocal given, known
        given, known = pages, headers
        return client

    app = web.Application()
    app.router.add_route("*", "/{path:.*}", answer)
    server = TestServer(app, host="127.0.0.1")
    # Its log would show the passwords.
    await server.start_server(access_log=None)
    async with ClientSession() as session, server:
        client = OdorikClient(session, "user", "s3cret", base_url=str(server.make_url("/")))
        yield give


async def assert_refused(
    subtests: pytest.Subtests,
    serve: Serve,
    bodies: Iterable[str],
    failure: type[OdorikError],
    read: Callable[[OdorikClient], Awaitable[Any]],
) -> None:
    """Have each answer read, which has to fail so."""
    for body in bodies:
        with subtests.test(body):
            client = await serve(body)
            with pytest.raises(failure):
                await read(client)


async def exported(client: OdorikClient, form: ExportFormat, **how: Any) -> list[int]:
    """Export everything and tell how many records each page had."""
    return [count async for _, count in client.export_calls(form, since_id=0, **how)]


@pytest.mark.parametrize("form", list(ExportFormat))
async def test_a_refusal_in_any_form_is_no_export(
    serve: Serve, form: ExportFormat, subtests: pytest.Subtests
) -> None:
    """A good export would be replaced by a file that says how it was refused."""
    for body in REFUSALS:
        with subtests.test(body):
            client = await serve(body)
            with pytest.raises(OdorikError) as failure:
                await exported(client, form)
            if not (form != ExportFormat.XML and body in DOCUMENTS):
                assert isinstance(failure.value, OdorikApiError) or body in TABLES[7:]


@pytest.mark.parametrize(
    ("form", "bodies"),
    [
        (ExportFormat.CSV, TEXTS + TABLES + OBJECTS[:-1]),
        (ExportFormat.XML, TEXTS + DOCUMENTS + OBJECTS[:-1]),
        (ExportFormat.JSON, TEXTS + OBJECTS[:-1]),
    ],
)
async def test_a_refusal_says_why(
    serve: Serve, form: ExportFormat, bodies: tuple[str, ...]
) -> None:
    """A wrong login has to start a new one, whatever was asked for."""
    for body in bodies:
        client = await serve(body)
        with pytest.raises(OdorikAuthError) as failure:
            await exported(client, form)
        assert failure.value.code == CODE, body


@pytest.mark.parametrize("form", list(ExportFormat))
@pytest.mark.parametrize("body", [*TEXTS[:1], *TABLES[:2], *DOCUMENTS[:3], *OBJECTS[:1]])
async def test_a_refusal_on_a_later_page_is_no_end_of_the_export(
    serve: Serve, form: ExportFormat, body: str
) -> None:
    """The first two thousand calls would stand there as if they were all."""
    client = await serve(GOOD[form], body, headers={"Odorik-Pages": "2"})
    with pytest.raises(OdorikError):
        await exported(client, form, page_size=2)


@pytest.mark.parametrize("form", list(ExportFormat))
async def test_what_may_be_no_history_is_none(
    serve: Serve, form: ExportFormat, subtests: pytest.Subtests
) -> None:
    """In doubt it is better to keep the old file than to have a wrong one."""
    for body in DOUBTFUL:
        with subtests.test(body):
            client = await serve(body)
            with pytest.raises(OdorikError):
                await exported(client, form)
            client = await serve(GOOD[form], body, headers={"Odorik-Pages": "2"})
            client_pages = client.export_calls(form, since_id=0, page_size=2)
            assert (await anext(client_pages))[1] == 2
            with pytest.raises(OdorikError):
                await anext(client_pages)


async def test_a_later_page_of_another_table_is_no_page_of_this_one(serve: Serve) -> None:
    """Half a history would be taken for a whole one that is followed by a page without rows."""
    client = await serve(
        GOOD[ExportFormat.CSV], "sorry, down\nfor a, while\n", headers={"Odorik-Pages": "2"}
    )
    with pytest.raises(OdorikConnectionError):
        await exported(client, ExportFormat.CSV, page_size=2)


@pytest.mark.parametrize(("form", "body"), [(f, body) for f in EMPTY for body in EMPTY[f]])
async def test_an_account_without_calls_has_an_empty_export(
    serve: Serve, form: ExportFormat, body: str
) -> None:
    """A month without calls is a month without calls."""
    assert await exported(await serve(body), form) == [0]


@pytest.mark.parametrize("form", list(ExportFormat))
@pytest.mark.parametrize("end", ["", "\n"])
async def test_nothing_after_the_last_page_is_the_end(
    serve: Serve, form: ExportFormat, end: str
) -> None:
    """Two thousand calls fill a page, and the page after it is asked for, to be sure."""
    client = await serve(GOOD[form], end, headers={"Odorik-Pages": "1"})
    assert await exported(client, form, page_size=2) == [2]


@pytest.mark.parametrize("name", ["errors", "error", "errors_of_tomorrow", "error_count"])
async def test_a_call_may_have_a_field_of_any_name(serve: Serve, name: str) -> None:
    """An account with one call could never be exported once the operator adds a field."""
    document = f"<calls><call><id>1</id><{name}/><{name}>x</{name}></call></calls>"
    assert await exported(await serve(document), ExportFormat.XML) == [1]
    rows = f'[{{"id": 1, "{name}": "x"}}, {{"id": 2, "{name}": ["x"]}}]'
    assert await exported(await serve(rows), ExportFormat.JSON) == [2]
    table = f"id,{name}\n1,x\n"
    assert await exported(await serve(table), ExportFormat.CSV) == [1]


@pytest.mark.parametrize("read", READS)
async def test_a_refusal_in_any_form_is_no_answer(
    serve: Serve, read: str, subtests: pytest.Subtests
) -> None:
    """A refused list is no empty one: lines would be deleted, and calls said to be hung up."""
    await assert_refused(subtests, serve, REFUSALS, OdorikError, READS[read])


@pytest.mark.parametrize("read", READS)
async def test_a_refused_login_is_told_from_a_fault(
    serve: Serve, read: str, subtests: pytest.Subtests
) -> None:
    """Nobody would be asked for the new password."""
    bodies = (*TEXTS, *TABLES[:7], *OBJECTS[:-1])
    await assert_refused(subtests, serve, bodies, OdorikAuthError, READS[read])


@pytest.mark.parametrize("body", ['{"message": "sorry"}', '[{"message": "sorry"}]', "[]", "{"])
async def test_what_says_nothing_of_the_sums_is_no_sum(serve: Serve, body: str) -> None:
    """A month would be shown as free of charge."""
    client = await serve(body)
    with pytest.raises(OdorikConnectionError):
        await client.call_statistics(START, END)


@pytest.mark.parametrize("body", ["{}", " {}\n", '{"incoming": null}', '{"outgoing": {}}'])
async def test_a_direction_without_calls_may_be_left_out(serve: Serve, body: str) -> None:
    """A new account has none of any."""
    await (await serve(body)).call_statistics(START, END)


@pytest.mark.parametrize("read", sorted(READS.keys() - {"callback"}))
async def test_what_is_no_answer_is_no_empty_list(
    serve: Serve, read: str, subtests: pytest.Subtests
) -> None:
    """The same, where the words are not those of a refusal."""
    bodies = ("bad_request", f"<reply>{CODE}</reply>", "Sorry, down")
    await assert_refused(subtests, serve, bodies, OdorikConnectionError, READS[read])


@pytest.mark.parametrize("body", ["", "{}", "[]", "null", "\n"])
async def test_a_call_is_hung_up_where_nothing_is_refused(serve: Serve, body: str) -> None:
    """The document does not show the answer."""
    await (await serve(body)).hang_up(1)


async def test_what_a_refusal_lists_stays_with_it(serve: Serve) -> None:
    """The user would be told that something is missing, but not what."""
    for body in (
        "error missing_argument caller recipient",
        '{"errors": ["missing_argument caller recipient"]}',
        "errors\nmissing_argument caller recipient\n",
    ):
        with pytest.raises(OdorikMissingArgumentError) as failure:
            await (await serve(body)).callback("1", "2")
        assert failure.value.detail == "caller recipient"
    with pytest.raises(OdorikUnauthorizedError):
        await (await serve("errors;\r\nunauthorized;\r\n")).lines()
