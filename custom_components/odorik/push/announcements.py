"""What follows from a push: a look now, rarer looks while pushes prove themselves, or a repair."""

from datetime import datetime
from typing import Any, Literal

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.dispatcher import async_dispatcher_connect, async_dispatcher_send
from homeassistant.helpers.start import async_at_started
from homeassistant.util import dt as dt_util

from ..api import OdorikClient
from ..calls.proof import Proof
from ..const import CONF_PUSH_RELAXED, signal_call, signal_push
from ..coordinator.active_calls import ActiveCallsCoordinator
from ..coordinator.place import Place
from ..coordinator.reporter import CallReport
from ..issues import Issue, delete_issue, raise_issue

type Obstacle = Literal["start", "service", "cloud"]
"""Why no push can come through: nobody serves it yet, the operator cannot be reached, and so cannot
reach us either, or the cloud is away that it would come through."""


class Announcements:
    """The pushes of one account, held against its calls.

    Attributes:
        proof: Whether calls come announced.
        received_at: When the operator last called the webhook, for whatever purpose.
    """

    def __init__(
        self,
        hass: HomeAssistant,
        entry: ConfigEntry[Any],
        client: OdorikClient,
        *,
        active: ActiveCallsCoordinator,
        place: Place,
    ) -> None:
        """Nudge the clock of the active calls."""
        self.proof = Proof()
        self.received_at: datetime | None = None
        self._hass = hass
        self._entry = entry
        self._client = client
        self._active = active
        self._place = place
        self._obstacles: set[Obstacle] = {"start"}

    @callback
    def async_start(self) -> None:
        """Go on from what is kept, and listen to the calls that are reported.

        It has to hear that the service is back before anybody reports what has happened meanwhile.
        """
        self.proof = Proof(self._place.kept.proof)
        self._act()
        entry = self._entry
        entry.async_on_unload(self._active.async_add_listener(self._follow_service))
        entry.async_on_unload(
            async_dispatcher_connect(self._hass, signal_call(entry.entry_id), self._judge)
        )
        # Before that, nobody can reach Home Assistant.
        entry.async_on_unload(async_at_started(self._hass, self._follow_start))

    @callback
    def async_receive(self, *, is_for_call: bool) -> None:
        """Handle a push, whose content is ignored.

        Only a push that announces a call proves that calls are announced. One for information comes
        when a call is up or over, whether its ring was announced or not.
        """
        self.received_at = dt_util.utcnow()
        if is_for_call and self.proof.hear(self._client.now()):
            self._keep()
        self._active.async_nudge()
        async_dispatcher_send(self._hass, signal_push(self._entry.entry_id), is_for_call)

    @callback
    def async_forgive(self) -> None:
        """Begin to count anew, since somebody has looked after it."""
        self.proof.forgive()
        self._keep()

    @callback
    def async_obstruct(self, obstacle: Obstacle, *, is_there: bool) -> None:
        """Judge no call of a time in which its push could not come through."""
        was_free = not self._obstacles
        if is_there:
            self._obstacles.add(obstacle)
        else:
            self._obstacles.discard(obstacle)
        if was_free is bool(self._obstacles):
            self.proof.listen(None if self._obstacles else self._client.now())
            self._act()

    @callback
    def _follow_start(self, _hass: HomeAssistant) -> None:
        self.async_obstruct("start", is_there=False)

    @callback
    def _follow_service(self) -> None:
        self.async_obstruct("service", is_there=not self._active.last_update_success)

    @callback
    def _judge(self, report: CallReport) -> None:
        """Hold a call against the pushes."""
        if self.proof.judge(report.event, self._client.now()):
            self._keep()

    @callback
    def _keep(self) -> None:
        """Store what the proof has come to, and act accordingly."""
        self._entry.async_create_task(self._hass, self._place.keep(proof=self.proof.state))
        self._act()

    @callback
    def _act(self) -> None:
        """Choose the clock, and raise the repair or take it back."""
        proof = self.proof
        may_relax = self._entry.options.get(CONF_PUSH_RELAXED, True) and proof.is_listening
        self._active.async_relax(is_relaxed=may_relax and proof.is_proven)
        if proof.is_missing:
            raise_issue(self._hass, self._entry, Issue.PUSH_MISSING)
        else:
            delete_issue(self._hass, self._entry, Issue.PUSH_MISSING)
