"""The controls of the exchange under `/_sim/`: make it ring, fail, move time, read the journal.

A stand-in for development, tests and the demo. Answers are JSON; a mistake is `{"error": …}` with
status 400. There is no login, so the exchange listens to this machine only unless told otherwise.
"""

from collections.abc import Awaitable, Callable
from dataclasses import asdict
from datetime import datetime
import json
from typing import Any

from aiohttp import web

from .exchange import EXCHANGE, FAULTS, Exchange
from .world import Account, ActiveCall, Contact, Device, Line, PublicNumber, World
from .worlds import live

type Wishes = dict[str, Any]
type Act = Callable[[Exchange, Wishes], object]

MANUAL = """\
control routes (POST with a JSON object, a form or a query; every field may be left out; ring, dial,
answer, end, miss and redirect also work with GET, from a browser's address bar):
  /_sim/           the control page
  /_sim/ring       let somebody call in: from ("withheld" or any number), to, line, account,
                   answer_after, end_after (seconds)                           -> {"id"}
  /_sim/dial       let the house call out: to, from, line, account, answer_after, end_after
  /_sim/answer     pick up: id (the newest that rings)
  /_sim/end        hang up: id (the newest)
  /_sim/miss       a call that rang and was missed just now: from, to, line, account, ringing
  /_sim/redirect   send a ringing call on: id (the newest), to, keep (true), answer_after, end_after
  /_sim/fail       let the next requests fail: mode, times (1; 0 = all), path (part of
                   "METHOD /path"), every (each n-th), after (true: the request takes effect first),
                   seconds, status, body; DELETE takes all faults away. Modes:
{modes}
  /_sim/advance    move the clock on: seconds
  /_sim/set        account, password, credit, numbers; login with deny and allow (lists of
                   endpoints); add_line, remove_line, add_contact, remove_contact, register and
                   unregister (a line); quirks, record_delay, callback_fails, life, freeze
  /_sim/fill       write history: n, days, account
  /_sim/journal    GET the requests so far, DELETE to forget them
  /_sim/state      GET the books: accounts, credit, records, active calls, callbacks
""".replace("{modes}", "\n".join(f"{'':21}{mode:23}{text}" for mode, text in FAULTS.items()))

PAGE = """<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>Simulated telephone exchange</title>
<meta name="viewport" content="width=device-width">
<style>
body { font: 1.1rem/1.5 sans-serif; max-width: 42rem; margin: 2rem auto; padding: 0 1rem }
button, input { font: inherit; padding: .3rem .7rem; margin: .15rem 0 }
td { padding: .2rem .8rem .2rem 0 }
</style></head><body>
<h1>Simulated telephone exchange</h1>
<p>A stand-in for Odorik. Nobody is really called, and nothing costs real money.</p>
<p><label>Number of the other party <input id="number" placeholder="anybody"></label></p>
<p><button data-act="ring" data-name="from">Make the phone ring</button>
<button data-act="dial" data-name="to">Call out</button>
<button data-act="miss" data-name="from">Miss a call</button></p>
<p><button data-act="answer">Pick up</button>
<button data-act="redirect">Send on to the mobile</button>
<button data-act="end">Hang up</button></p>
<p id="said" role="status"></p>
<h2>Calls now</h2><table id="calls"></table><p>Credit: <span id="credit"></span> CZK</p>
<script>
const said = document.getElementById("said");
const calls = document.getElementById("calls");
async function act(name, wishes) {
  const answer = await fetch("/_sim/" + name, {method: "POST", body: JSON.stringify(wishes)});
  said.textContent = (await answer.json()).error || "";
  await show();
}
function button(text, name, id) {
  const made = document.createElement("button");
  made.textContent = text;
  made.onclick = () => act(name, {id});
  return made;
}
async function show() {
  const state = await (await fetch("/_sim/state")).json();
  const rows = state.accounts.flatMap(account => account.active_calls).map(call => {
    const row = document.createElement("tr");
    const how = call.answered ? "talking" : "ringing";
    for (const text of [call.source || "withheld", "→ " + call.destination, how])
      row.insertCell().textContent = text;
    const cell = row.insertCell();
    if (!call.answered) cell.append(button("Pick up", "answer", call.id));
    cell.append(button("Hang up", "end", call.id));
    return row;
  });
  calls.replaceChildren(...rows);
  document.getElementById("credit").textContent = state.accounts[0].credit.toFixed(2);
}
for (const made of document.querySelectorAll("[data-act]"))
  made.onclick = () => {
    const number = document.getElementById("number").value.trim();
    act(made.dataset.act, number && made.dataset.name ? {[made.dataset.name]: number} : {});
  };
show();
setInterval(show, 1000);
</script></body></html>
"""


def ring(exchange: Exchange, wishes: Wishes) -> object:
    """Let somebody call in."""
    return {
        "id": exchange.world.ring(wishes.pop("from", None), wishes.pop("to", None), **wishes).id
    }


def dial(exchange: Exchange, wishes: Wishes) -> object:
    """Let the house call out."""
    source = wishes.pop("from", None)
    return {"id": exchange.world.dial(wishes.pop("to", None), source=source, **wishes).id}


def answer(exchange: Exchange, wishes: Wishes) -> object:
    """Pick up."""
    return {"id": exchange.world.answer(wishes.pop("id", None), **wishes).id}


def end(exchange: Exchange, wishes: Wishes) -> object:
    """Hang up."""
    return {"id": exchange.world.end(wishes.pop("id", None), **wishes).id}


def miss(exchange: Exchange, wishes: Wishes) -> object:
    """Let a call have been missed just now."""
    record = exchange.world.miss(wishes.pop("from", None), wishes.pop("to", None), **wishes)
    return {"id": record.active_call_id, "record_id": record.id}


def redirect(exchange: Exchange, wishes: Wishes) -> object:
    """Send a ringing call on."""
    return {"id": exchange.world.redirect(wishes.pop("id", None), **wishes).id}


def fail(exchange: Exchange, wishes: Wishes) -> object:
    """Let the next requests fail."""
    exchange.fail(**wishes)
    return {"faults": [asdict(fault) for fault in exchange.faults]}


def heal(exchange: Exchange, _: Wishes) -> object:
    """Take all faults away."""
    exchange.faults.clear()
    return {"faults": []}


def advance(exchange: Exchange, wishes: Wishes) -> object:
    """Move the clock on."""
    exchange.world.advance(**wishes)
    return {"now": exchange.world.now()}


def fill(exchange: Exchange, wishes: Wishes) -> object:
    """Write history."""
    exchange.world.fill(**{"n": 100, **wishes})
    return state(exchange, {})


def journal(exchange: Exchange, _: Wishes) -> object:
    """Return the requests so far."""
    return [asdict(entry) for entry in exchange.journal]


def forget(exchange: Exchange, _: Wishes) -> object:
    """Empty the journal."""
    exchange.journal.clear()
    return []


def state(exchange: Exchange, _: Wishes) -> object:
    """Return the books of every account."""
    world = exchange.world
    return {
        "now": world.now(),
        "accounts": [
            {
                "user": account.user,
                "credit": account.credit,
                "lines": list(account.lines),
                "records": len(account.records),
                "last_record_id": account.records[-1].id if account.records else None,
                "active_calls": [
                    call_state(call) for call in world.active.values() if call.account == user
                ],
                "callbacks": [asdict(order) for order in account.callbacks],
            }
            for user, account in world.accounts.items()
        ],
    }


def call_state(call: ActiveCall) -> dict[str, object]:
    """Return what there is to say about a call that is up."""
    return {
        "id": call.id,
        "direction": call.direction,
        "source": call.source,
        "destination": call.destination,
        "line": call.line,
        "started": call.started,
        "answered": call.answered,
    }


def change(exchange: Exchange, wishes: Wishes) -> object:
    """Change the world: every wish is a row of SETTINGS."""
    world = exchange.world
    account = world.account(wishes.pop("account", None))
    denied = world.denied.setdefault(str(wishes.pop("login", account.user)), set())
    if unknown := set(wishes) - set(SETTINGS):
        raise ValueError(f"unknown: {', '.join(sorted(unknown))}")
    for name, value in wishes.items():
        SETTINGS[name](world, account, denied, value)
    return state(exchange, {})


def truth(value: object) -> bool:
    """Return a switch that may come as JSON or as the text of a form."""
    return value not in {False, "", "0", "false"}


def _life(world: World, value: object) -> None:
    world.life = None
    if truth(value):
        live(world)


def _forget_contact(account: Account, value: object) -> None:
    account.contacts = [known for known in account.contacts if known.shortcut != str(value)]


SETTINGS: dict[str, Callable[[World, Account, set[str], Any], object]] = {
    "password": lambda _w, account, _d, value: setattr(account, "password", str(value)),
    "credit": lambda _w, account, _d, value: setattr(account, "credit", float(value)),
    "numbers": lambda _w, account, _d, value: setattr(
        account, "numbers", [PublicNumber(**row) for row in value]
    ),
    "deny": lambda _w, _a, denied, value: denied.update(value),
    "allow": lambda _w, _a, denied, value: denied.difference_update(value),
    "add_line": lambda _w, account, _d, value: account.lines.update({value["id"]: Line(**value)}),
    "remove_line": lambda _w, account, _d, value: account.lines.pop(int(value)),
    "add_contact": lambda _w, account, _d, value: account.contacts.append(Contact(**value)),
    "remove_contact": lambda _w, account, _d, value: _forget_contact(account, value),
    "register": lambda world, account, _d, value: account.lines[int(value)].devices.append(
        Device(since=world.now())
    ),
    "unregister": lambda _w, account, _d, value: account.lines[int(value)].devices.clear(),
    "quirks": lambda world, _a, _d, value: setattr(world, "quirks", truth(value)),
    "record_delay": lambda world, _a, _d, value: setattr(world, "record_delay", float(value)),
    "callback_fails": lambda world, _a, _d, value: setattr(world, "callback_fails", truth(value)),
    "life": lambda world, _a, _d, value: _life(world, value),
    "freeze": lambda world, _a, _d, value: world.freeze(frozen=truth(value)),
}

# What a wish is, whether it comes as JSON or as text. What is not here is taken as it comes.
WISHES: dict[str, Callable[[Any], object]] = {
    "from": lambda value: "" if value == "withheld" else str(value),
    "to": str,
    "account": str,
    "login": str,
    "mode": str,
    "id": int,
    "line": int,
    "ringing": int,
    "times": int,
    "every": int,
    "status": int,
    "n": int,
    "answer_after": float,
    "end_after": float,
    "seconds": float,
    "days": float,
    "keep": truth,
    "after": truth,
}

ROUTES: tuple[tuple[str, str, Act], ...] = (
    ("*", "ring", ring),
    ("*", "dial", dial),
    ("*", "answer", answer),
    ("*", "end", end),
    ("*", "miss", miss),
    ("*", "redirect", redirect),
    ("POST", "fail", fail),
    ("DELETE", "fail", heal),
    ("POST", "advance", advance),
    ("POST", "fill", fill),
    ("POST", "set", change),
    ("GET", "journal", journal),
    ("DELETE", "journal", forget),
    ("GET", "state", state),
)


def handler(act: Act) -> Callable[[web.Request], Awaitable[web.Response]]:
    """Return the handler of one control."""

    async def handle(request: web.Request) -> web.Response:
        exchange = request.app[EXCHANGE]
        try:
            given = {**request.query, **await body(request)}
            wishes = {
                name: WISHES[name](value) if name in WISHES else value
                for name, value in given.items()
                if value is not None and (value != "" or name == "from")
            }
            exchange.world.settle()
            return web.json_response(act(exchange, wishes), dumps=dumps)
        except KeyError as error:
            problem = f"not given or not known: {error.args[0]}"
        except (LookupError, TypeError, ValueError) as error:
            problem = str(error)
        return web.json_response({"error": problem}, status=400)

    return handle


async def body(request: web.Request) -> Wishes:
    """Return what a request wishes: a JSON object, whatever its type is said to be, or a form."""
    text = await request.text()
    if not text.strip():
        return {}
    if text.lstrip().startswith(("{", "[", '"')):
        wishes = json.loads(text)
        if not isinstance(wishes, dict):
            raise ValueError("a JSON object is wanted")
        return wishes
    return dict(await request.post())


def dumps(value: object) -> str:
    """Write JSON, times as ISO 8601."""
    return json.dumps(value, ensure_ascii=False, default=datetime.isoformat)


async def page(_: web.Request) -> web.Response:
    """GET /_sim/: the control page."""
    return web.Response(text=PAGE, content_type="text/html")


def add_controls(app: web.Application) -> None:
    """Give an exchange its controls."""
    app.router.add_get("/_sim/", page)
    for method, name, act in ROUTES:
        app.router.add_route(method, f"/_sim/{name}", handler(act))
