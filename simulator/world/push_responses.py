"""Responses to pushes: commands for the branch that announced a call."""

from dataclasses import dataclass
import re

from .ledger import Ledger
from .legs import Legs
from .pushes import CALL_END_SLOT, CALL_PROGRESS_SLOT, Push, PushQueue
from .switchboard import Switchboard

DTMF_COUNT = re.compile(r"[?&]dtmf_count=([1-9]\d?)(?=[&#]|$)", re.ASCII)
"""The parameter of a URL that says how many keys it expects."""
SILENCE = "*082"
"""A target that rings forever without a sound."""


@dataclass(slots=True, eq=False)
class PushResponses:
    """Applies the responses to pushes."""

    ledger: Ledger
    legs: Legs
    pushes: PushQueue
    switchboard: Switchboard

    def apply_response(self, push: Push) -> None:
        """Execute a response line by line."""
        if push.slot in {CALL_PROGRESS_SLOT, CALL_END_SLOT} or push.call.ended:
            push.outcome = "nothing to do"
            return
        push.outcome = "branch waits"
        for line in push.answer.splitlines():
            command, _, argument = line.partition("#")[0].strip().partition(":")
            if command and not self._execute(push, command.lower(), argument.strip()):
                return

    def _execute(self, push: Push, command: str, argument: str) -> bool:
        """Execute one command and return whether to continue with the next."""
        call = push.call
        match command:
            case "answer":
                push.outcome = "answered by the exchange, telephones stop ringing"
                self.switchboard.answer(call.id)
            case "play" | "play2":
                push.outcome = f"caller hears {argument}"
            case "dial" if argument == SILENCE:
                push.outcome = "rings silently"
                return False
            case "dial":
                push.outcome = f"rings {argument}"
                self.legs.start(
                    self.ledger.account(call.account),
                    call.line,
                    "redirected",
                    call.source,
                    argument,
                    parent=call,
                )
                return False
            case "uri":
                push.outcome = "requests another URL"
                self.pushes.enqueue(
                    call, push.slot, self._next_params(push, argument), push.branch, argument
                )
                return False
            case "hangup":
                gates = self.ledger.account(call.account).gates
                ends_call = push.outcome.startswith("answered") or call.destination in gates
                push.outcome = "call ends" if ends_call else "branch ends"
                if ends_call:
                    self.legs.finish(call)
                else:
                    self.end_branch(push)
                return False
            case _:
                push.outcome = f"unknown command: {command}"
                self.end_branch(push)
                return False
        return True

    def _next_params(self, push: Push, url: str) -> dict[str, str]:
        """Return the parameters of the next request, with as many keys as its URL expects."""
        params = {name: value for name, value in push.params.items() if name != "dtmf"}
        if found := DTMF_COUNT.search(url):
            params["dtmf"] = self.pushes.settings.keys[: int(found[1])]
        return params

    def end_branch(self, push: Push) -> None:
        """End the branch of a push, as after a missing response [guess]."""
        if push.branch is not None:
            self.legs.finish(push.branch)
