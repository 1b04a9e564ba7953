"""The control page."""

from collections.abc import Mapping
from html import escape

from simulator.dialects import DIALECTS
from simulator.exchange import FAULTS

PATHS = (
    *("/active_calls.json", "GET /calls.json", "/lines.json", "/speed_dials.json"),
    *("/public_numbers.json", "/call_statistics", "/balance", "/sms", "POST /callback", "DELETE"),
)


def options(values: Mapping[str, str]) -> str:
    """Return the options of a select, with what each of them says."""
    return "".join(
        f'<option value="{escape(value)}">{escape(text)}</option>' for value, text in values.items()
    )


PAGE = """<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>Simulated telephone exchange</title>
<meta name="viewport" content="width=device-width">
<style>
body { font: 1.1rem/1.5 sans-serif; max-width: 48rem; margin: 2rem auto; padding: 0 1rem }
button, input, select { font: inherit; padding: .3rem .7rem; margin: .15rem 0; max-width: 100% }
input[type=number] { width: 6rem }
td { padding: .2rem .8rem .2rem 0 }
</style></head><body>
<h1>Simulated telephone exchange</h1>
<p>A stand-in for Odorik. Nobody is really called, and nothing costs real money.</p>
<p><label>Number of the other party <input id="number" placeholder="anybody"></label></p>
<p><button data-act="ring" data-name="from">Make the phone ring</button>
<button data-act="dial" data-name="to">Call out</button>
<button data-act="miss" data-name="from">Miss a call</button></p>
<p><button data-act="ring" data-name="from" data-more='{"branches": 2}'>Ring two lines</button>
<button data-act="ring" data-name="from" data-more='{"branches": 2, "linked": false}'>Ring two
lines, unlinked</button></p>
<p><button data-act="answer">Pick up</button>
<button data-act="answer" data-more='{"end_after": 0}'>Pick up for no time</button>
<button data-act="decline">Decline</button>
<button data-act="redirect">Send on to the mobile</button></p>
<p><button data-act="voicemail">Voicemail</button>
<button data-act="voicemail" data-more='{"answered": true}'>Voicemail, listed as answered</button>
<button data-act="end">Hang up</button>
<button data-act="end" data-more='{"linger": 60}'>Hang up, stay listed for a minute</button></p>
<p><label>Attempts of each leg of a callback
<input id="attempts" type="number" min="1" max="9" value="1"></label>
<button id="repeat">Set</button></p>
<p id="said" role="status"></p>
<h2>Calls now</h2><table id="calls"></table><p>Credit: <span id="credit"></span> CZK</p>
<h2>Messages</h2>
<p><button data-act="message" data-name="from">Let a message come in</button>
<button data-act="message" data-name="to" data-more='{"direction": "out"}'>Send a message</button>
</p>
<h2>Answers</h2>
<p><label>Dialect <select id="dialect">DIALECTS</select></label></p>
<form id="fail"><p><label>Let <select name="path">PATHS</select></label>
<label>fail as <select name="mode">MODES</select></label></p>
<p><label>times (0: always) <input name="times" type="number" min="0" value="1"></label>
<label>seconds <input name="seconds" type="number" min="0" value="30"></label>
<label>id of the damaged record <input name="record" type="number" placeholder="last"></label></p>
<p><button>Fail</button> <button type="button" id="heal">Take all faults away</button></p></form>
<ul id="faults"></ul>
<h2>Web hook</h2>
<p><label>Called as *0071 when the phone rings
<input id="url" placeholder="address, with ?hook=call" size="32"></label>
<button id="save">Save</button></p><table id="pushes"></table>
<script>
const said = document.getElementById("said");
const calls = document.getElementById("calls");
const dialect = document.getElementById("dialect");
let lines = [];
async function act(name, wishes, method = "POST") {
  const body = method === "POST" ? JSON.stringify(wishes) : undefined;
  const answer = await fetch("/_sim/" + name, {method, body});
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
    const how = call.ended ? "ended, still listed" : call.answered ? "talking" : "ringing";
    const line = "line " + call.line;
    for (const text of [call.source || "withheld", "→ " + call.destination, line, how])
      row.insertCell().textContent = text;
    const cell = row.insertCell();
    if (call.ended) return row;
    if (!call.answered)
      cell.append(button("Pick up", "answer", call.id), button("Decline", "decline", call.id));
    cell.append(button("Hang up", "end", call.id));
    return row;
  });
  calls.replaceChildren(...rows);
  const pushes = await (await fetch("/_sim/pushes")).json();
  document.getElementById("pushes").replaceChildren(...pushes.slice(-5).map(push => {
    const row = document.createElement("tr");
    const when = push.sent ? push.sent.slice(11, 19) : "";
    for (const text of [when, push.params.from || "withheld", push.outcome || "under way"])
      row.insertCell().textContent = text;
    return row;
  }));
  lines = state.accounts[0].lines;
  if (document.activeElement !== dialect) dialect.value = state.dialect;
  document.getElementById("faults").replaceChildren(...state.faults.map(fault => {
    const row = document.createElement("li");
    const times = fault.times > 0 ? `${fault.times} more` : "always";
    row.textContent = `${fault.path || "all"}: ${fault.mode}, ${times}`;
    return row;
  }));
  document.getElementById("credit").textContent = state.accounts[0].credit.toFixed(2);
}
for (const made of document.querySelectorAll("[data-act]"))
  made.onclick = () => {
    const number = document.getElementById("number").value.trim();
    const wishes = JSON.parse(made.dataset.more || "{}");
    if (wishes.branches) wishes.branches = lines.slice(0, wishes.branches);
    if (number && made.dataset.name) wishes[made.dataset.name] = number;
    act(made.dataset.act, wishes);
  };
document.getElementById("repeat").onclick = () =>
  act("set", {callback_attempts: document.getElementById("attempts").value});
document.getElementById("save").onclick = () =>
  act("hook", {url: document.getElementById("url").value.trim()});
dialect.onchange = () => act("set", {dialect: dialect.value});
document.getElementById("fail").onsubmit = event => {
  event.preventDefault();
  act("fail", Object.fromEntries(new FormData(event.target)));
};
document.getElementById("heal").onclick = () => act("fail", {}, "DELETE");
show();
setInterval(show, 1000);
</script></body></html>
"""
for place, values in {
    "DIALECTS": {name: f"{name}: {dialect.summary}" for name, dialect in DIALECTS.items()},
    "PATHS": {"": "all", **{path: path for path in PATHS}},
    "MODES": {mode: f"{mode}: {text}" for mode, text in FAULTS.items()},
}.items():
    PAGE = PAGE.replace(place, options(values))
