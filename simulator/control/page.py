"""The control page."""

from collections.abc import Mapping
from html import escape

from simulator.dialects import DIALECTS
from simulator.faults import FAULTS
from simulator.world.numbers import FORGERIES

PATHS = (
    *("/active_calls.json", "GET /calls.json", "/lines.json", "/speed_dials.json"),
    *("/public_numbers.json", "/call_statistics", "/balance", "/sms"),
    *("POST /sms", "POST /callback", "DELETE"),
)


def options(values: Mapping[str, str]) -> str:
    """Return the options of a select element, from values to labels."""
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
<p>A simulation of Odorik: no real calls, no real costs.</p>
<p><label>Number of the other party <input id="number" placeholder="random"></label></p>
<p><button data-command="ring" data-number="from">Incoming call</button>
<button data-command="dial" data-number="to">Outgoing call</button>
<button data-command="miss" data-number="from">Missed call</button></p>
<p><button data-command="ring" data-number="from" data-params='{"branches": 2}'>
Ring two lines</button>
<button data-command="ring" data-number="from" data-params='{"branches": 2, "linked": false}'>
Ring two lines, unlinked</button></p>
<p><button data-command="answer">Answer</button>
<button data-command="answer" data-params='{"end_after": 0}'>Answer and hang up at once</button>
<button data-command="decline">Decline</button>
<button data-command="redirect">Redirect to the mobile</button></p>
<p><button data-command="voicemail">Voicemail</button>
<button data-command="voicemail" data-params='{"answered": true}'>
Voicemail, counted as answered</button>
<button data-command="end">Hang up</button>
<button data-command="end" data-params='{"linger": 60}'>
Hang up, but stay listed for a minute</button></p>
<p><button data-command="fraud">Fraud: 100 expensive calls in ten minutes</button></p>
<p><button data-command="ring" data-number="from" data-to="gate">Ring at the gate</button>
<button data-command="storm" data-number="from">Ring at the gate 20 times</button></p>
<p><label>Caller ID that looks like the number above or the first contact's
<select id="kind">FORGERIES</select></label>
<button data-command="forge" data-number="from" data-select="kind">
Ring at the gate with it</button></p>
<p><label>Attempts for each leg of a callback
<input id="attempts" type="number" min="1" max="9" value="1"></label>
<button id="save-attempts">Set</button></p>
<p id="status" role="status"></p>
<h2>Active calls</h2><table id="calls"></table><p>Credit: <span id="credit"></span> CZK</p>
<h2>Messages</h2>
<p><button data-command="message" data-number="from">Receive a message</button>
<button data-command="message" data-number="to" data-params='{"direction": "out"}'>
Send a message</button></p>
<p>Sent through the API:</p><table id="messages"></table>
<h2>Responses</h2>
<p><label>Dialect <select id="dialect">DIALECTS</select></label></p>
<form id="fail"><p><label>Requests <select name="path">PATHS</select></label>
<label>Fault <select name="mode">MODES</select></label></p>
<p><label>Times (0: always) <input name="times" type="number" min="0" value="1"></label>
<label>Seconds <input name="seconds" type="number" min="0" value="30"></label>
<label>ID of the damaged record <input name="record" type="number" placeholder="last"></label></p>
<p><button>Inject</button> <button type="button" id="clear">Clear all faults</button></p></form>
<ul id="faults"></ul>
<h2>Push</h2>
<p><label>URL that *0071 requests when a call comes in
<input id="url" placeholder="URL with ?hook=call" size="32"></label>
<button id="save-url">Save</button></p><table id="pushes"></table>
<script>
const statusLine = document.getElementById("status");
const calls = document.getElementById("calls");
const dialect = document.getElementById("dialect");
let lines = [], gates = [];
async function send(command, params, method = "POST") {
  const body = method === "POST" ? JSON.stringify(params) : undefined;
  const response = await fetch("/_sim/" + command, {method, body});
  statusLine.textContent = (await response.json()).error || "";
  await refresh();
}
function button(text, command, id) {
  const element = document.createElement("button");
  element.textContent = text;
  element.onclick = () => send(command, {id});
  return element;
}
async function refresh() {
  const state = await (await fetch("/_sim/state")).json();
  const rows = state.accounts.flatMap(account => account.active_calls).map(call => {
    const row = document.createElement("tr");
    const status = call.ended ? "ended, still listed" : call.answered ? "answered" : "ringing";
    const line = "line " + call.line;
    for (const text of [call.source || "withheld", "→ " + call.destination, line, status])
      row.insertCell().textContent = text;
    const cell = row.insertCell();
    if (call.ended) return row;
    if (!call.answered)
      cell.append(button("Answer", "answer", call.id), button("Decline", "decline", call.id));
    cell.append(button("Hang up", "end", call.id));
    return row;
  });
  calls.replaceChildren(...rows);
  const pushes = await (await fetch("/_sim/pushes")).json();
  document.getElementById("pushes").replaceChildren(...pushes.slice(-5).map(push => {
    const row = document.createElement("tr");
    const when = push.sent ? push.sent.slice(11, 19) : "";
    for (const text of [when, push.params.from || "withheld", push.outcome || "pending"])
      row.insertCell().textContent = text;
    return row;
  }));
  const messages = state.accounts.flatMap(account => account.messages).slice(-10);
  document.getElementById("messages").replaceChildren(...messages.map(message => {
    const row = document.createElement("tr");
    const when = message.date.slice(11, 19), parts = message.parts + " SMS";
    for (const text of [when, message.sender + " → " + message.recipient, parts, message.text])
      row.insertCell().textContent = text;
    return row;
  }));
  ({lines, gates} = state.accounts[0]);
  if (document.activeElement !== dialect) dialect.value = state.dialect;
  document.getElementById("faults").replaceChildren(...state.faults.map(fault => {
    const row = document.createElement("li");
    const times = fault.times > 0 ? `${fault.times} more` : "always";
    row.textContent = `${fault.path || "all"}: ${fault.mode}, ${times}`;
    return row;
  }));
  document.getElementById("credit").textContent = state.accounts[0].credit.toFixed(2);
}
for (const element of document.querySelectorAll("[data-command]"))
  element.onclick = () => {
    const number = document.getElementById("number").value.trim();
    const params = JSON.parse(element.dataset.params || "{}");
    if (params.branches) params.branches = lines.slice(0, params.branches);
    if (number && element.dataset.number) params[element.dataset.number] = number;
    if (element.dataset.to) params.to = gates[0];
    const select = element.dataset.select;
    if (select) params[select] = document.getElementById(select).value;
    send(element.dataset.command, params);
  };
document.getElementById("save-attempts").onclick = () =>
  send("set", {callback_attempts: document.getElementById("attempts").value});
document.getElementById("save-url").onclick = () =>
  send("hook", {url: document.getElementById("url").value.trim()});
dialect.onchange = () => send("set", {dialect: dialect.value});
document.getElementById("fail").onsubmit = event => {
  event.preventDefault();
  send("fail", Object.fromEntries(new FormData(event.target)));
};
document.getElementById("clear").onclick = () => send("fail", {}, "DELETE");
refresh();
setInterval(refresh, 1000);
</script></body></html>
"""
for placeholder, values in {
    "DIALECTS": {name: f"{name}: {dialect.summary}" for name, dialect in DIALECTS.items()},
    "PATHS": {"": "all requests", **{path: path for path in PATHS}},
    "FORGERIES": {kind: f"{kind}: {text}" for kind, (text, _) in FORGERIES.items()},
    "MODES": {mode: f"{mode}: {text}" for mode, text in FAULTS.items()},
}.items():
    PAGE = PAGE.replace(placeholder, options(values))
