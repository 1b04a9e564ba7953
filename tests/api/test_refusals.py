"""Refusals of the operator, in every notation, are never taken for data."""

from typing import Any

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

from .conftest import BOM, END, MINE, QUESTIONS, START, THEIRS, Serve

CODE = "authentication_required"

TEXTS = (
    f"error {CODE}",
    f"error {CODE}\n",
    f"{BOM}error {CODE}",
    f"\r\n\n          error  {CODE}",
    f"Error: {CODE}",
    f"errors {CODE}",
    f"error\n{CODE}",
)
TABLES = (
    f"errors\n{CODE}\n",
    f"errors\r\n{CODE}\r\n",
    f"{BOM}errors\n{CODE}\n",
    f'"errors"\n"{CODE}"\n',
    f'{BOM}"errors"\r\n"{CODE}"\r\n',
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
    f"<calls><error>{CODE}</error><call><id>1</id></call></calls>",
    f"<error>{CODE}</error>",
    f"{BOM}<?xml version='1.0'?><!-- no --><Errors><Error>{CODE}</Error></Errors>",
    f'<o:reply xmlns:o="urn:o"><o:errors><o:error>{CODE}</o:error></o:errors></o:reply>',
    f"<errors><error><![CDATA[{CODE}]]></error></errors>",
)
OBJECTS = (
    f'{{"errors": ["{CODE}"]}}',
    f'{{"errors": "{CODE}"}}',
    f'{{"error": "{CODE}"}}',
    f'{BOM}{{"errors": ["{CODE}"]}}',
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
    "sorry, down\nfor a, while\n",
    "a,b\n",
    "<p>Down for maintenance, sorry</p>",
    "<calls><call><id>1</id></call><call></calls>",
    f"{BOM}<!DOCTYPE html><html><body><p>Down</p></body></html>",
    '<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"><body><p>Down</p></body></html>',
    f"<hash><message>{CODE}</message></hash>",
    f"<message>{CODE}</message>",
    '{"message": "down, sorry"}',
    '{"errors": []}',
    "{}",
    "bad_request",
)
EMPTY = {
    ExportFormat.CSV: ("id,date,price\n", f'{BOM}"id";"date"\r\n', "id\tdate"),
    ExportFormat.XML: (
        "<calls/>",
        '<?xml version="1.0"?>\n<calls type="array"></calls>\n',
        "<calls>\n</calls>",
        f"{BOM}<nil-classes type='array'/>",
    ),
    ExportFormat.JSON: ("[]", " [ ]\n", f"{BOM}[]"),
}
GOOD = {
    ExportFormat.CSV: "id,date\n1,2014-10-01T11:28:31Z\n2,2014-10-01T11:28:31Z\n",
    ExportFormat.XML: "<calls><call><id>1</id></call><call><id>2</id></call></calls>",
    ExportFormat.JSON: '[{"id": 1}, {"id": 2}]',
}
METHODS = [name for name in QUESTIONS if not name.startswith("export")]


async def exported(client: OdorikClient, export_format: ExportFormat, **options: Any) -> list[int]:
    """Export the history, and return the number of records on each page."""
    pages = client.export_calls(export_format, since_id=0, **options)
    return [count async for _, count in pages]


# Exports


EXPLICIT = {
    ExportFormat.CSV: TEXTS + TABLES + OBJECTS[:-1],
    ExportFormat.XML: TEXTS + DOCUMENTS + OBJECTS[:-1],
    ExportFormat.JSON: TEXTS + OBJECTS[:-1],
}
"""Refusals whose code an export of each format reports."""


@pytest.mark.parametrize("export_format", EXPLICIT)
async def test_a_refusal_is_never_an_export(
    serve: Serve, export_format: ExportFormat, subtests: pytest.Subtests
) -> None:
    """A refusal in any notation is an error, and usually a wrong login is recognized."""
    for body in REFUSALS:
        with subtests.test(body):
            client = serve(body)
            with pytest.raises(OdorikError) as failure:
                await exported(client, export_format)
            if body in EXPLICIT[export_format]:
                assert isinstance(failure.value, OdorikAuthError)
                assert failure.value.code == CODE
            elif body not in DOCUMENTS:
                assert isinstance(failure.value, OdorikApiError) or body in TABLES[7:]


@pytest.mark.parametrize("export_format", ExportFormat)
async def test_a_body_that_may_not_be_a_history_is_never_an_export(
    serve: Serve, export_format: ExportFormat, subtests: pytest.Subtests
) -> None:
    """In case of doubt an export fails, on the first page and on a later one.

    Otherwise a partial export would be taken for a whole one.
    """
    for body in (*DOUBTFUL, *TEXTS[:1], *TABLES[:2], *DOCUMENTS[:3], *OBJECTS[:1]):
        with subtests.test(body):
            with pytest.raises(OdorikError):
                await exported(serve(body), export_format)
            client = serve(GOOD[export_format], body, headers={"Odorik-Pages": "2"})
            pages = client.export_calls(export_format, since_id=0, page_size=2)
            assert (await anext(pages))[1] == 2
            with pytest.raises(OdorikError):
                await anext(pages)


@pytest.mark.parametrize(("export_format", "body"), [(f, body) for f in EMPTY for body in EMPTY[f]])
async def test_an_account_without_calls_has_an_empty_export(
    serve: Serve, export_format: ExportFormat, body: str
) -> None:
    """An empty history is not an error."""
    assert await exported(serve(body), export_format) == [0]


@pytest.mark.parametrize("export_format", ExportFormat)
@pytest.mark.parametrize("end", ["", "\n", BOM])
async def test_an_empty_body_after_the_last_page_is_the_end(
    serve: Serve, export_format: ExportFormat, end: str
) -> None:
    """After a full page the next one is requested, which may be empty."""
    client = serve(GOOD[export_format], end, headers={"Odorik-Pages": "1"})
    assert await exported(client, export_format, page_size=2) == [2]


@pytest.mark.parametrize("export_format", ExportFormat)
async def test_the_pages_of_an_export_are_unchanged(
    serve: Serve, export_format: ExportFormat
) -> None:
    """Only a table keeps its byte-order mark, which office applications need."""
    body = GOOD[export_format].replace(", ", ",\n")
    pages = serve(BOM + body).export_calls(export_format, since_id=0)
    mark = BOM if export_format is ExportFormat.CSV else ""
    assert [page async for page in pages] == [((mark + body).encode(), 2)]


@pytest.mark.parametrize("name", ["errors", "error", "errors_of_tomorrow", "error_count"])
async def test_a_field_of_a_call_may_have_any_name(serve: Serve, name: str) -> None:
    """A call with a field such as ``errors`` is not a refusal."""
    document = f"<calls><call><id>1</id><{name}/><{name}>x</{name}></call></calls>"
    assert await exported(serve(document), ExportFormat.XML) == [1]
    rows = f'[{{"id": 1, "{name}": "x"}}, {{"id": 2, "{name}": ["x"]}}]'
    assert await exported(serve(rows), ExportFormat.JSON) == [2]
    table = f"id,{name}\n1,x\n"
    assert await exported(serve(table), ExportFormat.CSV) == [1]


# Other requests


FAILURES: dict[str, type[OdorikError]] = {
    **dict.fromkeys(REFUSALS, OdorikError),
    **dict.fromkeys((*TEXTS, *TABLES[:7], *OBJECTS[:-1]), OdorikAuthError),
    **dict.fromkeys(("bad_request", f"<reply>{CODE}</reply>", "Sorry"), OdorikConnectionError),
}


@pytest.mark.parametrize("method", METHODS)
async def test_a_refusal_is_never_data(
    serve: Serve, method: str, subtests: pytest.Subtests
) -> None:
    """A refusal is never an empty list or a success, and a wrong login is recognized."""
    for body, kind in FAILURES.items():
        with subtests.test(body), pytest.raises(kind):
            await QUESTIONS[method][1](serve(body))


@pytest.mark.parametrize("body", ['{"message": "sorry"}', '[{"message": "sorry"}]', "[]", "{"])
async def test_a_body_without_totals_is_an_error(serve: Serve, body: str) -> None:
    """Missing totals are an error. Otherwise a month would be shown as free of charge."""
    with pytest.raises(OdorikConnectionError):
        await serve(body).call_statistics(START, END)


@pytest.mark.parametrize("body", ["{}", " {}\n", '{"incoming": null}', '{"outgoing": {}}'])
async def test_totals_may_lack_a_direction(serve: Serve, body: str) -> None:
    """A new account has no calls in any direction."""
    await serve(body).call_statistics(START, END)


@pytest.mark.parametrize("body", ["", "{}", "[]", "null", "\n", f"{BOM}null"])
async def test_a_call_is_hung_up_unless_that_is_refused(serve: Serve, body: str) -> None:
    """Any response without a refusal is a success, since none is documented."""
    await serve(body).hang_up(1)


@pytest.mark.parametrize(
    "body",
    [
        "error missing_argument caller recipient",
        '{"errors": ["missing_argument caller recipient"]}',
        "errors\nmissing_argument caller recipient\n",
    ],
)
async def test_the_details_of_a_refusal_are_kept(serve: Serve, body: str) -> None:
    """The error has what follows the code, in every notation."""
    with pytest.raises(OdorikMissingArgumentError) as failure:
        await serve(body).callback(MINE, THEIRS)
    assert failure.value.detail == "caller recipient"


async def test_a_code_in_a_table_is_recognized(serve: Serve) -> None:
    """The code is read without the delimiter of the table."""
    with pytest.raises(OdorikUnauthorizedError):
        await serve("errors;\r\nunauthorized;\r\n").lines()
