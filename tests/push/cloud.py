"""A substitute for Home Assistant's cloud, whose requirements are not installed here."""

from collections.abc import Callable
import sys
from types import ModuleType, SimpleNamespace
from typing import Any, Self

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
import pytest

MODULE = "homeassistant.components.cloud"


class Cloud(ModuleType):
    """The module of the cloud, with the functions that the integration uses.

    Attributes:
        is_paid: True if the user has a subscription.
        is_connected: True if the cloud is connected.
        hooks: The addresses by the ids of their webhooks.
        made: The number of addresses that were created.
    """

    def __init__(self) -> None:
        super().__init__(MODULE)
        self.is_paid = True
        self.is_connected = True
        self.hooks: dict[str, str] = {}
        self.made = 0
        self._connection: list[Callable[[object], Any]] = []
        self._changes: list[tuple[str, Callable[[dict[str, Any] | None], None]]] = []

    @classmethod
    def installed(cls, hass: HomeAssistant, monkeypatch: pytest.MonkeyPatch) -> Self:
        """Install the module in Home Assistant."""
        cloud = cls()
        monkeypatch.setitem(sys.modules, MODULE, cloud)
        # The integration reads existing addresses from the client.
        hass.data["cloud"] = SimpleNamespace(client=cloud)
        hass.config.components.add("cloud")
        return cloud

    @property
    def cloudhooks(self) -> dict[str, dict[str, str]]:
        """The existing addresses, as Home Assistant stores them."""
        return {hook: {"cloudhook_url": url} for hook, url in self.hooks.items()}

    def async_active_subscription(self, _hass: HomeAssistant) -> bool:
        """Return whether the user has a subscription."""
        return self.is_paid

    def async_is_connected(self, _hass: HomeAssistant) -> bool:
        """Return whether the cloud is connected."""
        return self.is_connected

    async def async_get_or_create_cloudhook(self, _hass: HomeAssistant, webhook_id: str) -> str:
        """Return the address of a webhook; create it if there is none."""
        if not self.is_connected:
            raise HomeAssistantError("The cloud is not connected")
        if webhook_id not in self.hooks:
            self.made += 1
            self.hooks[webhook_id] = f"https://hooks.nabu.casa/secret-{self.made}"
            self._notify()
        return self.hooks[webhook_id]

    async def async_delete_cloudhook(self, _hass: HomeAssistant, webhook_id: str) -> None:
        """Delete the address of a webhook."""
        if not self.is_connected:
            raise HomeAssistantError("The cloud is not connected")
        if webhook_id not in self.hooks:
            raise ValueError("Hook is not enabled")
        self.forget(webhook_id)

    def async_listen_connection_change(
        self, _hass: HomeAssistant, target: Callable[[object], Any]
    ) -> Callable[[], None]:
        """Call a function when the connection changes."""
        self._connection.append(target)
        return lambda: self._connection.remove(target)

    def async_listen_cloudhook_change(
        self,
        _hass: HomeAssistant,
        webhook_id: str,
        on_change: Callable[[dict[str, Any] | None], None],
    ) -> Callable[[], None]:
        """Call a function when the address of a webhook changes."""
        listener = (webhook_id, on_change)
        self._changes.append(listener)
        return lambda: self._changes.remove(listener)

    def connect(self, *, is_connected: bool = True) -> None:
        """Set the state of the connection."""
        self.is_connected = is_connected
        for target in list(self._connection):
            target(is_connected)

    def forget(self, webhook_id: str) -> None:
        """Delete an address, as the user can in the settings of the cloud."""
        del self.hooks[webhook_id]
        self._notify()

    def _notify(self) -> None:
        for hook, target in list(self._changes):
            target({"cloudhook_url": self.hooks[hook]} if hook in self.hooks else None)

    @property
    def listeners(self) -> int:
        """The number of registered listeners."""
        return len(self._connection) + len(self._changes)
