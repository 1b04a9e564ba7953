"""Logins of requests."""

from simulator.exchange import Exchange, Params
from simulator.world import Account, Line

from .ask import Refusal


def login(exchange: Exchange, params: Params) -> tuple[Account, Line | None]:
    """Return whose login it is; several accounts may have a line of the same number."""
    user, password = params.get("user"), params.get("password")
    if not user or not password:
        raise Refusal("authentication_required")
    accounts = exchange.world.accounts
    if user in accounts and accounts[user].password == password:
        return accounts[user], None
    for account in accounts.values():
        for line in account.lines.values():
            if str(line.id) == user and line.sip_password == password:
                return account, line
    raise Refusal("authentication_failed")
