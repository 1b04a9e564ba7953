"""Pages in a browser may read what they ask for."""

from aiohttp import ClientSession
import pytest

from tests.exchange import RunningExchange


@pytest.mark.parametrize("path", ["/calls.json", "/calls.csv", "/balance", "/nowhere"])
async def test_a_page_in_a_browser_may_read_every_answer(
    exchange: RunningExchange, path: str
) -> None:
    """Public clients that live in a browser would see nothing but an error without a reason."""
    params = {"user": exchange.username, "password": exchange.password, "since_id": "0"}
    async with (
        ClientSession() as session,
        session.get(exchange.url + path, params=params) as response,
    ):
        assert response.headers["Access-Control-Allow-Origin"] == "*"
        assert "Odorik-Pages" in response.headers["Access-Control-Expose-Headers"]


async def test_a_browser_is_told_what_a_page_may_send(exchange: RunningExchange) -> None:
    """It asks before it hangs up; and what it asks is no request of the API."""
    headers = {
        "Origin": "http://phone.example.net",
        "Access-Control-Request-Method": "DELETE",
        "Access-Control-Request-Headers": "content-type",
    }
    url = f"{exchange.url}/active_calls/1.json"
    async with ClientSession() as session, session.options(url, headers=headers) as response:
        assert response.status == 204
        assert response.headers["Access-Control-Allow-Origin"] == "*"
        assert "DELETE" in response.headers["Access-Control-Allow-Methods"]
        assert response.headers["Access-Control-Allow-Headers"] == "content-type"
    assert exchange.journal == []
    async with ClientSession() as session, session.get(f"{exchange.site}/_sim/state") as response:
        assert "Access-Control-Allow-Origin" not in response.headers
