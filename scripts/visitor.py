"""What somebody who has logged in can do to a Home Assistant, as a browser does it.

Over HTTP and the web socket, with the owner's login.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

import aiohttp

USER = PASSWORD = "demo"  # noqa: S105 - Printed for whoever tries the demo.


class HomeError(Exception):
    """Home Assistant did not start or answer; the text is for the person at the keyboard."""


@dataclass(kw_only=True)
class Visitor:
    """The owner of a Home Assistant, at its address.

    Attributes:
        tokens: What the login gave: ``access_token``, ``refresh_token``, ``token_type`` and
            ``expires_in`` (seconds).
    """

    tokens: dict[str, Any] = field(init=False, default_factory=dict, repr=False)
    _session: aiohttp.ClientSession = field(init=False, repr=False)

    @property
    def url(self) -> str:
        """The address, which is also the client id of the login."""
        raise NotImplementedError

    async def get(self, path: str) -> Any:
        """Return what a GET of the path below ``/api/`` answers."""
        return await self._ask("GET", path)

    async def post(self, path: str, /, **body: Any) -> Any:
        """Return what a POST of the body to the path below ``/api/`` answers."""
        return await self._ask("POST", path, json=body)

    async def state(self, entity_id: str) -> dict[str, Any]:
        """Return an entity's ``state`` and its ``attributes``."""
        state: dict[str, Any] = await self.get(f"states/{entity_id}")
        return state

    async def until(
        self, entity_id: str, is_so: Callable[[dict[str, Any]], bool], *, within: float = 30
    ) -> dict[str, Any]:
        """Wait until an entity's state is so, and return it; ``TimeoutError`` after the seconds.

        One that is not there is not so: on a busy machine a start may be over before it has come.
        """
        async with asyncio.timeout(within):
            while True:
                with suppress(HomeError):
                    if is_so(state := await self.state(entity_id)):
                        return state
                await asyncio.sleep(0.1)

    async def act(self, action: str, /, *, answer: bool = False, **data: Any) -> Any:
        """Perform an action, and return its response if it is to answer."""
        path = f"services/{action.replace('.', '/')}"
        result = await self.post(f"{path}?return_response" if answer else path, **data)
        return result["service_response"] if answer else None

    async def add(self, integration: str, **answers: Any) -> dict[str, Any]:
        """Add an integration by filling in its form.

        Returns:
            What came of it, by ``type``: ``create_entry``, or ``form`` again with its ``errors``.
        """
        return await self._fill_in("config/config_entries/flow", integration, answers)

    async def change(self, entry_id: str, **answers: Any) -> dict[str, Any]:
        """Change the options of an entry by filling in their form; it answers as ``add`` does.

        Where turning push on leads to a second form, that is sent as well, and nothing waited for.
        """
        flows = "config/config_entries/options/flow"
        result = await self._fill_in(flows, entry_id, answers)
        if result["type"] == "form" and result["step_id"] == "push":
            result = await self.post(f"{flows}/{result['flow_id']}", wait=False)
        # The entry is being set up again with them. To wait for that is to ask for it once more.
        await self.post(f"config/config_entries/entry/{entry_id}/reload")
        return result

    async def hook(self, title: str) -> str:
        """Return the path of the web hook of an entry; the owner may list all of them."""
        hooks = await self.command("webhook/list")
        (webhook_id,) = (hook["webhook_id"] for hook in hooks if hook["name"] == title)
        return f"/api/webhook/{webhook_id}"

    async def has(self, integration: str) -> bool:
        """Tell whether the integration has been added."""
        return bool(await self.get(f"config/config_entries/entry?domain={integration}"))

    async def command(self, kind: str, **fields: Any) -> Any:
        """Return the result of one command on the web socket."""
        async with self._web_socket(kind, fields) as (_, result):
            return result

    @asynccontextmanager
    async def events(self, kind: str) -> AsyncIterator[asyncio.Queue[dict[str, Any]]]:
        """Subscribe to the bus events of a kind; their data come out of the queue."""
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
        """Open the web socket, send one command, and give the socket and the command's result."""
        async with self._session.ws_connect("/api/websocket", max_msg_size=0) as socket:
            await socket.receive_json()
            await socket.send_json({"type": "auth", "access_token": self.tokens["access_token"]})
            await socket.receive_json()
            await socket.send_json({"id": 1, "type": kind} | fields)
            answer = await socket.receive_json()
            if not answer["success"]:
                raise HomeError(f"{kind}: {answer['error']['message']}")
            yield socket, answer["result"]

    async def _fill_in(self, flows: str, handler: str, answers: dict[str, Any]) -> dict[str, Any]:
        form = await self.post(flows, handler=handler)
        result: dict[str, Any] = await self.post(f"{flows}/{form['flow_id']}", **answers)
        return result

    async def _ask(self, method: str, path: str, **options: Any) -> Any:
        headers = {"Authorization": f"Bearer {self.tokens['access_token']}"}
        async with self._session.request(
            method, f"/api/{path}", headers=headers, **options
        ) as response:
            if response.status >= HTTPStatus.BAD_REQUEST:
                raise HomeError(f"{path}: {response.status} {await response.text()}")
            return await response.json()

    async def _log_in(self) -> dict[str, Any]:
        async def post(path: str, **options: Any) -> dict[str, Any]:
            async with self._session.post(path, raise_for_status=True, **options) as response:
                answer: dict[str, Any] = await response.json()
                return answer

        flow = await post(
            "/auth/login_flow",
            json={
                "client_id": f"{self.url}/",
                "handler": ["homeassistant", None],
                "redirect_uri": f"{self.url}/",
            },
        )
        login = {"client_id": f"{self.url}/", "username": USER, "password": PASSWORD}
        code = (await post(f"/auth/login_flow/{flow['flow_id']}", json=login))["result"]
        grant = {"grant_type": "authorization_code", "code": code, "client_id": f"{self.url}/"}
        return await post("/auth/token", data=grant)
