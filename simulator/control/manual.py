"""How the controls are used."""

from simulator.exchange import FAULTS

MANUAL = """\
control routes (POST with a JSON object, a form or a query; every field may be left out; ring, dial,
answer, end, decline, voicemail, miss, redirect and message also work with GET, from the address
bar):
  /_sim/           the control page
  /_sim/ring       let somebody call in: from ("withheld" or any number), to, line, account,
                   answer_after, end_after (seconds), branches (lines that the number rings, such as
                   300100,300110: each is listed as a redirected call to *<line>), linked (true;
                   false: as incoming calls of their own, "answered elsewhere")   -> {"id"}
  /_sim/dial       let the house call out: to, from, line, account, answer_after, end_after
  /_sim/answer     pick up: id (the newest that rings), end_after (0: a call of no length)
  /_sim/end        hang up: id (the newest, with all that belongs to it), linger (seconds for which
                   it stays among the active calls, though its record is written)
  /_sim/decline    refuse a call on one telephone: id (the newest that rings); others ring on, and a
                   callback is tried again, see callback_attempts
  /_sim/voicemail  let voicemail take a ringing call: id, answered (false; true: the incoming record
                   says answered, too), answer_after (0: at once), end_after
  /_sim/miss       a call that rang and was missed just now: from, to, line, account, ringing
  /_sim/redirect   send a ringing call on: id (the newest), to, keep (true), answer_after, end_after
  /_sim/message    let a text message come in: from, to, line, account; or go out: direction (out),
                   to, from, line, account                                -> {"record_id"}
  /_sim/fail       let the next requests fail: mode, times (1; 0 = all), path (part of
                   "METHOD /path"), every (each n-th), after (true: the request takes effect first),
                   seconds, status, body, record and field (which one is damaged); DELETE takes all
                   faults away. Modes:
{modes}
  /_sim/advance    move the clock on: seconds
  /_sim/set        account, password, credit, numbers; login with deny and allow (lists of
                   endpoints); add_line, remove_line, add_contact, remove_contact, register and
                   unregister (a line), expire (a line: its telephones stay listed, but their
                   registration is over); dialect, quirks (true: the dialect of that name),
                   record_delay, callback_fails, callback_attempts (how often each leg of a callback
                   that is not simple is tried when it is declined), life, freeze
  /_sim/fill       write history: n (calls), days, messages (besides), account
  /_sim/hook       save a URL: slot (1 to 99), url (none takes it away); its calls are announced to
                   it as *007<slot> beside the telephones: number (all), account. 98 and 99 are
                   called for information. What is answered is carried out: answer, play, play2,
                   dial, hangup, uri (with dtmf_count=<n> in it the next request has dtmf)
  /_sim/pushes     GET the requests to such URLs and what came of them, DELETE to forget them;
                   /_sim/set takes push_delay (seconds that are read to the caller first),
                   push_copies (of each request), push_lost (each n-th is), push_legs (true: the
                   announcing branch is listed among the calls), push_keys (what callers press)
  /_sim/journal    GET the requests so far, DELETE to forget them
  /_sim/state      GET the books: accounts, credit, records, active calls, callbacks
""".replace("{modes}", "\n".join(f"{'':21}{mode:23}{text}" for mode, text in FAULTS.items()))
