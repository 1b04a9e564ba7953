"""Home Assistant's cloud as far as a hook goes; the real one needs what is not installed here."""

from collections.abc import Callable
from enum import Enum
import sys
from types import ModuleType, SimpleNamespace
from typing import Any, Self

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
import pytest

MODULE = "homeassistant.components.cloud"


class State(Enum):
    """Whether the cloud is connected."""

    CLOUD_CONNECTED = "cloud_connected"
    CLOUD_DISCONNECTED = "cloud_disconnected"


class NotAvailableError(HomeAssistantError):
    """It is away, or the user has not logged in."""


class Cloud(ModuleType):
    """A cloud in place of the real module, with the functions that the integration uses.

    Attributes:
        is_paid: Whether the user has a subscription.
        is_connected: Whether it is connected now.
        hooks: The addresses that it knows, by the ids of the hooks.
        made: How many addresses it has made.
    """

    CloudConnectionState = State

    def __init__(self) -> None:
        super().__init__(MODULE)
        self.is_paid = True
        self.is_connected = True
        self.hooks: dict[str, str] = {}
        self.made = 0
        self._connection: list[Callable[[State], Any]] = []
        self._changes: list[tuple[str, Callable[[dict[str, Any] | None], None]]] = []

    @classmethod
    def installed(cls, hass: HomeAssistant, monkeypatch: pytest.MonkeyPatch) -> Self:
        """Have a Home Assistant find it."""
        cloud = cls()
        monkeypatch.setitem(sys.modules, MODULE, cloud)
        # The integration's own look at the addresses that exist already.
        hass.data["cloud"] = SimpleNamespace(client=cloud)
        hass.config.components.add("cloud")
        return cloud

    @property
    def cloudhooks(self) -> dict[str, dict[str, str]]:
        """The addresses that exist, as Home Assistant stores them."""
        return {hook: {"cloudhook_url": url} for hook, url in self.hooks.items()}

    def async_active_subscription(self, _hass: HomeAssistant) -> bool:
        """Whether the user pays for it."""
        return self.is_paid

    def async_is_connected(self, _hass: HomeAssistant) -> bool:
        """Whether it is connected now."""
        return self.is_connected

    async def async_get_or_create_cloudhook(self, _hass: HomeAssistant, webhook_id: str) -> str:
        """Return the address of a hook, and make it if there is none."""
        if not self.is_connected:
            raise NotAvailableError
        if webhook_id not in self.hooks:
            self.made += 1
            self.hooks[webhook_id] = f"https://hooks.nabu.casa/secret-{self.made}"
            self._notify()
        return self.hooks[webhook_id]

    async def async_delete_cloudhook(self, _hass: HomeAssistant, webhook_id: str) -> None:
        """Let an address lead nowhere."""
        if not self.is_connected:
            raise NotAvailableError
        if webhook_id not in self.hooks:
            raise ValueError("Hook is not enabled")
        self.forget(webhook_id)

    def async_listen_connection_change(
        self, _hass: HomeAssistant, target: Callable[[State], Any]
    ) -> Callable[[], None]:
        """Tell when the connection changes."""
        self._connection.append(target)
        return lambda: self._connection.remove(target)

    def async_listen_cloudhook_change(
        self,
        _hass: HomeAssistant,
        webhook_id: str,
        on_change: Callable[[dict[str, Any] | None], None],
    ) -> Callable[[], None]:
        """Tell when a hook changes."""
        listener = (webhook_id, on_change)
        self._changes.append(listener)
        return lambda: self._changes.remove(listener)

    def connect(self, *, is_connected: bool = True) -> None:
        """Connect, or lose the connection."""
        self.is_connected = is_connected
        state = "CLOUD_CONNECTED" if is_connected else "CLOUD_DISCONNECTED"
        for target in list(self._connection):
            target(State[state])

    def forget(self, webhook_id: str) -> None:
        """Delete a hook, as the user can on the page of the cloud."""
        del self.hooks[webhook_id]
        self._notify()

    def _notify(self) -> None:
        for hook, target in list(self._changes):
            target({"cloudhook_url": self.hooks[hook]} if hook in self.hooks else None)

    @property
    def listeners(self) -> int:
        """How many listen to it."""
        return len(self._connection) + len(self._changes)
