"""What a customer's URL answers: commands for the branch that has announced a call."""

from dataclasses import dataclass
import re

from .ledger import Ledger
from .legs import Legs
from .pushes import AFTERWARDS, WHILE_UP, Push, Pushes
from .switchboard import Switchboard

COUNT = re.compile(r"[?&]dtmf_count=([1-9]\d?)(?=[&#]|$)", re.ASCII)
"""How many keys a URL waits for."""
SILENCE = "*082"
"""Rings for ever, and nobody hears it."""


@dataclass(slots=True, eq=False)
class Commands:
    """Carries out what a push was answered."""

    ledger: Ledger
    legs: Legs
    pushes: Pushes
    switchboard: Switchboard

    def obey(self, push: Push) -> None:
        """Do what was answered, line by line; it may well disturb the call."""
        if push.slot in {WHILE_UP, AFTERWARDS} or push.call.ended:
            push.outcome = "nothing to be done"
            return
        push.outcome = "the branch waits"
        for line in push.answer.splitlines():
            command, _, argument = line.partition("#")[0].strip().partition(":")
            if command and not self._obey(push, command.lower(), argument.strip()):
                return

    def _obey(self, push: Push, command: str, argument: str) -> bool:
        """Do one thing; whether the branch goes on."""
        call = push.call
        match command:
            case "answer":
                push.outcome = "answered by the exchange: the telephones fall silent"
                self.switchboard.answer(call.id)
            case "play" | "play2":
                push.outcome = f"the caller hears {argument}"
            case "dial" if argument == SILENCE:
                push.outcome = "rings on in silence"
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
                push.outcome = "asks another URL"
                self.pushes.order(
                    call, push.slot, self._heard(push, argument), push.branch, argument
                )
                return False
            case "hangup":
                is_picked_up = push.outcome.startswith("answered")
                push.outcome = "the call ends" if is_picked_up else "the branch ends"
                if is_picked_up:
                    self.legs.finish(call)
                else:
                    self.give_up(push)
                return False
            case _:
                push.outcome = f"not understood: {command}"
                self.give_up(push)
                return False
        return True

    def _heard(self, push: Push, url: str) -> dict[str, str]:
        """Return the parameters of the next request, with the keys that its URL waits for."""
        params = {name: value for name, value in push.params.items() if name != "dtmf"}
        if found := COUNT.search(url):
            params["dtmf"] = self.pushes.pushing.keys[: int(found[1])]
        return params

    def give_up(self, push: Push) -> None:
        """End the branch of a customer who has not answered [guess]."""
        if push.branch is not None:
            self.legs.finish(push.branch)
