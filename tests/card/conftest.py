"""A client of the card's WebSocket API."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, MockUser
from pytest_homeassistant_custom_component.typing import MockHAClientWebSocket, WebSocketGenerator

ACTIVE_CALLS = "sensor.odorik_1234567_active_calls"

type Connect = Callable[[], Awaitable[CardClient]]


@dataclass
class CardClient:
    """A card that is connected to Home Assistant."""

    socket: MockHAClientWebSocket
    entry_id: str

    async def event(self) -> dict[str, Any]:
        """Return the next message of the subscription."""
        message = await self.socket.receive_json()
        assert message["type"] == "event", message
        event: dict[str, Any] = message["event"]
        return event

    async def next(self, key: str) -> Any:
        """Return the next value of a key in the messages of the subscription."""
        while not (value := (await self.event()).get(key)):
            pass
        return value

    async def subscribe(self, **fields: Any) -> dict[str, Any]:
        """Subscribe, and return the account in the first message."""
        await self.socket.send_json_auto_id({"type": "odorik/subscribe", **fields})
        assert (await self.socket.receive_json())["success"]
        account: dict[str, Any] = (await self.event())["account"]
        return account

    async def request(self, kind: str, **fields: Any) -> dict[str, Any]:
        """Send a request, and return the response."""
        await self.socket.send_json_auto_id(
            {"type": f"odorik/{kind}", "config_entry_id": self.entry_id, **fields}
        )
        while (response := await self.socket.receive_json())["type"] == "event":
            pass
        result: dict[str, Any] = response
        return result

    async def preview(self, message: str, **fields: Any) -> dict[str, Any]:
        """Request the preview of a message, and return the response."""
        values = {"number": "+420777123456", "message": message, **fields}
        return await self.request("preview_sms", **values)

    async def history(self, **fields: Any) -> dict[str, Any]:
        """Return a page of the history."""
        response = await self.request("history", **fields)
        assert response["success"], response
        page: dict[str, Any] = response["result"]
        return page

    async def pages(self, **fields: Any) -> list[dict[str, Any]]:
        """Return the calls of all pages."""
        page = await self.history(**fields)
        calls: list[dict[str, Any]] = page["calls"]
        while before := page["before"]:
            page = await self.history(**fields, before=before)
            calls += page["calls"]
            assert page["before"] != before
        return calls


@pytest.fixture
def connect(
    hass: HomeAssistant, account: MockConfigEntry, hass_ws_client: WebSocketGenerator
) -> Connect:
    """Connect a card to Home Assistant, with an account that is loaded."""

    async def connect_card() -> CardClient:
        return CardClient(await hass_ws_client(hass), account.entry_id)

    return connect_card


@pytest.fixture
async def card(connect: Connect) -> CardClient:
    """A card that is connected to Home Assistant."""
    return await connect()


def restrict(user: MockUser, **policy: Any) -> None:
    """Leave a user with the permissions of a policy only."""
    user.groups = []
    user.mock_policy({"entities": {"entity_ids": policy}} if policy else {})
