"""The controls of the exchange under `/_sim/`: make it ring, fail, move time, read the journal.

A stand-in for development, tests and the demo. Answers are JSON; a mistake is `{"error": …}` with
status 400. There is no login, so the exchange listens to this machine only unless told otherwise.
"""

from collections.abc import Awaitable, Callable
from dataclasses import asdict, fields
from datetime import datetime
import json
from typing import Any

from aiohttp import web

from .exchange import EXCHANGE, FAULTS, Exchange, Fault
from .world import ActiveCall, Contact, Device, Line, PublicNumber, World
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
  /_sim/fail       let the next requests fail: mode, times (1; null = all), path (part of
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
    const state = call.answered ? "talking" : "ringing";
    for (const text of [call.source || "withheld", "→ " + call.destination, state])
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


def integer(wishes: Wishes, name: str) -> int | None:
    """Return a wish that is a whole number, or None."""
    return None if wishes.get(name) in {None, ""} else int(wishes[name])


def seconds(wishes: Wishes, name: str) -> float | None:
    """Return a wish that is a time in seconds, or None."""
    return None if wishes.get(name) in {None, ""} else float(wishes[name])


def truth(value: object) -> bool:
    """Return a switch that may come as JSON or as the text of a form."""
    return value not in {False, None, "", "0", "false"}


def number(wishes: Wishes, name: str) -> str | None:
    """Return a telephone number; `withheld` and the empty text are nobody's, None is anybody's."""
    if (value := wishes.get(name)) is None:
        return None
    return "" if value == "withheld" else str(value)


def ring(exchange: Exchange, wishes: Wishes) -> object:
    """Let somebody call in."""
    call = exchange.world.ring(
        number(wishes, "from"),
        number(wishes, "to") or None,
        account=wishes.get("account"),
        line=integer(wishes, "line"),
        answer_after=seconds(wishes, "answer_after"),
        end_after=seconds(wishes, "end_after"),
    )
    return {"id": call.id}


def dial(exchange: Exchange, wishes: Wishes) -> object:
    """Let the house call out."""
    call = exchange.world.dial(
        number(wishes, "to") or None,
        source=number(wishes, "from"),
        account=wishes.get("account"),
        line=integer(wishes, "line"),
        answer_after=seconds(wishes, "answer_after"),
        end_after=seconds(wishes, "end_after"),
    )
    return {"id": call.id}


def answer(exchange: Exchange, wishes: Wishes) -> object:
    """Pick up."""
    return {"id": exchange.world.answer(integer(wishes, "id")).id}


def end(exchange: Exchange, wishes: Wishes) -> object:
    """Hang up."""
    return {"id": exchange.world.end(integer(wishes, "id")).id}


def miss(exchange: Exchange, wishes: Wishes) -> object:
    """Let a call have been missed just now."""
    rung = integer(wishes, "ringing")
    record = exchange.world.miss(
        number(wishes, "from"),
        number(wishes, "to") or None,
        account=wishes.get("account"),
        line=integer(wishes, "line"),
        **({} if rung is None else {"ringing": rung}),
    )
    return {"id": record.active_call_id, "record_id": record.id}


def redirect(exchange: Exchange, wishes: Wishes) -> object:
    """Send a ringing call on."""
    call = exchange.world.redirect(
        integer(wishes, "id"),
        number(wishes, "to") or None,
        keep=truth(wishes.get("keep", True)),
        answer_after=seconds(wishes, "answer_after"),
        end_after=seconds(wishes, "end_after"),
    )
    return {"id": call.id}


def fail(exchange: Exchange, wishes: Wishes) -> object:
    """Let the next requests fail."""
    known = {f.name for f in fields(Fault)} - {"seen"}
    if unknown := set(wishes) - known:
        raise ValueError(f"unknown: {', '.join(sorted(unknown))}")
    times = wishes.get("times", 1)
    exchange.fail(
        str(wishes["mode"]),
        times=None if times in {None, "null"} else int(times),
        path=str(wishes.get("path", "")),
        every=int(wishes.get("every", 1)),
        after=truth(wishes.get("after", False)),
        seconds=float(wishes.get("seconds", 3)),
        status=int(wishes.get("status", 200)),
        body=str(wishes.get("body", "")),
    )
    return {"faults": [asdict(fault) for fault in exchange.faults]}


def heal(exchange: Exchange, _: Wishes) -> object:
    """Take all faults away."""
    exchange.faults.clear()
    return {"faults": []}


def advance(exchange: Exchange, wishes: Wishes) -> object:
    """Move the clock on."""
    exchange.world.advance(float(wishes["seconds"]))
    return {"now": exchange.world.now()}


def fill(exchange: Exchange, wishes: Wishes) -> object:
    """Write history."""
    world = exchange.world
    world.fill(
        int(wishes.get("n", 100)), days=float(wishes.get("days", 61)), account=wishes.get("account")
    )
    return {"records": len(world.account(wishes.get("account")).records)}


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
    if unknown := set(wishes) - set(SETTINGS) - {"account", "login"}:
        raise ValueError(f"unknown: {', '.join(sorted(unknown))}")
    for name, value in wishes.items():
        if name in SETTINGS:
            SETTINGS[name](exchange.world, wishes, value)
    return state(exchange, {})


def _password(world: World, wishes: Wishes, value: Any) -> None:
    world.account(wishes.get("account")).password = str(value)


def _credit(world: World, wishes: Wishes, value: Any) -> None:
    world.account(wishes.get("account")).credit = float(value)


def _numbers(world: World, wishes: Wishes, value: Any) -> None:
    world.account(wishes.get("account")).numbers = [PublicNumber(**row) for row in value]


def _login(world: World, wishes: Wishes) -> set[str]:
    user = str(wishes.get("login") or world.account(wishes.get("account")).user)
    return world.denied.setdefault(user, set())


def _add_line(world: World, wishes: Wishes, value: Any) -> None:
    line = Line(**value)
    world.account(wishes.get("account")).lines[line.id] = line


def _remove_line(world: World, wishes: Wishes, value: Any) -> None:
    del world.account(wishes.get("account")).lines[int(value)]


def _add_contact(world: World, wishes: Wishes, value: Any) -> None:
    world.account(wishes.get("account")).contacts.append(Contact(**value))


def _remove_contact(world: World, wishes: Wishes, value: Any) -> None:
    account = world.account(wishes.get("account"))
    account.contacts = [known for known in account.contacts if known.shortcut != str(value)]


def _register(world: World, wishes: Wishes, value: Any) -> None:
    line = world.account(wishes.get("account")).lines[int(value)]
    line.devices.append(Device(since=world.now()))


def _unregister(world: World, wishes: Wishes, value: Any) -> None:
    world.account(wishes.get("account")).lines[int(value)].devices.clear()


SETTINGS: dict[str, Callable[[World, Wishes, Any], object]] = {
    "password": _password,
    "credit": _credit,
    "numbers": _numbers,
    "deny": lambda world, wishes, value: _login(world, wishes).update(value),
    "allow": lambda world, wishes, value: _login(world, wishes).difference_update(value),
    "add_line": _add_line,
    "remove_line": _remove_line,
    "add_contact": _add_contact,
    "remove_contact": _remove_contact,
    "register": _register,
    "unregister": _unregister,
    "quirks": lambda world, _, value: setattr(world, "quirks", truth(value)),
    "record_delay": lambda world, _, value: setattr(world, "record_delay", float(value)),
    "callback_fails": lambda world, _, value: setattr(world, "callback_fails", truth(value)),
    "life": lambda world, _, value: live(world) if truth(value) else setattr(world, "life", None),
    "freeze": lambda world, _, value: world.freeze(frozen=truth(value)),
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
            wishes = {**request.query, **await body(request)}
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
