"""A client of Home Assistant's REST and WebSocket API, logged in as its owner."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

import aiohttp

USER = PASSWORD = "demo"  # noqa: S105 - Printed for users of the demo.


class HomeError(Exception):
    """Home Assistant did not start, or refused a request; the message is for the user."""


async def log_in(
    session: aiohttp.ClientSession, url: str, username: str, password: str
) -> dict[str, Any]:
    """Log in as the frontend does and return the tokens; the session's base address is `url`."""

    async def post(path: str, **options: Any) -> dict[str, Any]:
        async with session.post(path, raise_for_status=True, **options) as response:
            answer: dict[str, Any] = await response.json()
            return answer

    client = {"client_id": f"{url}/"}
    handler = {"handler": ["homeassistant", None], "redirect_uri": f"{url}/"}
    flow = await post("/auth/login_flow", json=client | handler)
    login = {"username": username, "password": password}
    code = (await post(f"/auth/login_flow/{flow['flow_id']}", json=client | login))["result"]
    return await post(
        "/auth/token", data=client | {"grant_type": "authorization_code", "code": code}
    )


@dataclass(kw_only=True)
class HomeClient:
    """The owner of a Home Assistant.

    Attributes:
        tokens: The tokens of the login: ``access_token``, ``refresh_token``, ``token_type`` and
            ``expires_in`` (seconds).
    """

    tokens: dict[str, Any] = field(init=False, default_factory=dict, repr=False)
    _session: aiohttp.ClientSession = field(init=False, repr=False)

    @property
    def url(self) -> str:
        """The address of Home Assistant, which is also the client ID of the login."""
        raise NotImplementedError

    async def log_in(self) -> None:
        """Request new tokens."""
        self.tokens = await log_in(self._session, self.url, USER, PASSWORD)

    async def get(self, path: str) -> Any:
        """Return the response to a GET request of a path below ``/api/``."""
        return await self._request("GET", path)

    async def post(self, path: str, /, **body: Any) -> Any:
        """Return the response to a POST request to a path below ``/api/``."""
        return await self._request("POST", path, json=body)

    async def state(self, entity_id: str) -> dict[str, Any]:
        """Return an entity's ``state`` and its ``attributes``."""
        state: dict[str, Any] = await self.get(f"states/{entity_id}")
        return state

    async def wait_for_state(
        self, entity_id: str, matches: Callable[[dict[str, Any]], bool], *, within: float = 30
    ) -> dict[str, Any]:
        """Wait until an entity exists and its state matches, and return the state.

        Raises:
            TimeoutError: The state did not match within the given number of seconds.
        """
        async with asyncio.timeout(within):
            while True:
                with suppress(HomeError):
                    if matches(state := await self.state(entity_id)):
                        return state
                await asyncio.sleep(0.1)

    async def act(self, action: str, /, *, answer: bool = False, **data: Any) -> Any:
        """Perform an action, and return its response if ``answer`` is set."""
        path = f"services/{action.replace('.', '/')}"
        result = await self.post(f"{path}?return_response" if answer else path, **data)
        return result["service_response"] if answer else None

    async def add(self, integration: str, **values: Any) -> dict[str, Any]:
        """Add an integration by submitting its form.

        Returns:
            The result of the flow, by ``type``: ``create_entry``, or ``form`` with ``errors``.
        """
        return await self._submit("config/config_entries/flow", integration, values)

    async def change_options(self, entry_id: str, **values: Any) -> dict[str, Any]:
        """Submit the options form of an entry, and return the result as ``add`` does.

        If turning push on leads to a second form, submit that too without waiting for a push.
        """
        flows = "config/config_entries/options/flow"
        result = await self._submit(flows, entry_id, values)
        if result["type"] == "form" and result["step_id"] == "push":
            result = await self.post(f"{flows}/{result['flow_id']}", wait=False)
        # Home Assistant reloads the entry in the background; reloading it again waits for that.
        await self.reload(entry_id)
        return result

    async def add_subentry(self, entry_id: str, kind: str, **values: Any) -> dict[str, Any]:
        """Add a recipient of messages or a gate, and return the result as ``add`` does."""
        flows = "config/config_entries/subentries/flow"
        return await self._submit(flows, [entry_id, kind], values)

    async def reload(self, entry_id: str) -> None:
        """Reload a config entry."""
        await self.post(f"config/config_entries/entry/{entry_id}/reload")

    async def webhook_path(self, title: str) -> str:
        """Return the path of the webhook with the name of an entry."""
        hooks = await self.command("webhook/list")
        (webhook_id,) = (hook["webhook_id"] for hook in hooks if hook["name"] == title)
        return f"/api/webhook/{webhook_id}"

    async def command(self, kind: str, **fields: Any) -> Any:
        """Return the result of a WebSocket command."""
        async with self._web_socket(kind, fields) as (_, result):
            return result

    @asynccontextmanager
    async def events(self, kind: str) -> AsyncIterator[asyncio.Queue[dict[str, Any]]]:
        """Subscribe to an event type and put the data of each event into a queue."""
        queue: asyncio.Queue[dict[str, Any]] = asyncio.Queue()

        async def listen(socket: aiohttp.ClientWebSocketResponse) -> None:
            async for message in socket:
                queue.put_nowait(message.json()["event"]["data"])

        async with self._web_socket("subscribe_events", {"event_type": kind}) as (socket, _):
            listener = asyncio.create_task(listen(socket))
            try:
                yield queue
            finally:
                listener.cancel()

    @asynccontextmanager
    async def _web_socket(
        self, kind: str, fields: dict[str, Any]
    ) -> AsyncIterator[tuple[aiohttp.ClientWebSocketResponse, Any]]:
        """Connect, send one command, and yield the connection and the result of the command."""
        async with self._session.ws_connect("/api/websocket", max_msg_size=0) as socket:
            await socket.receive_json()
            await socket.send_json({"type": "auth", "access_token": self.tokens["access_token"]})
            await socket.receive_json()
            await socket.send_json({"id": 1, "type": kind} | fields)
            answer = await socket.receive_json()
            if not answer["success"]:
                raise HomeError(f"{kind}: {answer['error']['message']}")
            yield socket, answer["result"]

    async def _submit(
        self, flows: str, handler: str | list[str], values: dict[str, Any]
    ) -> dict[str, Any]:
        form = await self.post(flows, handler=handler)
        result: dict[str, Any] = await self.post(f"{flows}/{form['flow_id']}", **values)
        return result

    async def _request(self, method: str, path: str, **options: Any) -> Any:
        headers = {"Authorization": f"Bearer {self.tokens['access_token']}"}
        async with self._session.request(
            method, f"/api/{path}", headers=headers, **options
        ) as response:
            if response.status >= HTTPStatus.BAD_REQUEST:
                raise HomeError(f"{path}: {response.status} {await response.text()}")
            return await response.json()
