import assert from "node:assert/strict";
import { test } from "node:test";

import {
  contactOf,
  elapsedSeconds,
  historyItems,
  isCallbackDue,
  kindOf,
  mergeCall,
  partyLabel,
  ringingFirst,
  statusKey,
  toInternational,
  waitingItems,
} from "../src/calls";
import type { WaitingCaller } from "../src/model";
import { callRecord, formats, live, NOW } from "./fixtures";

void test("only an incoming call counts as missed", () => {
  assert.equal(kindOf(callRecord({ status: "missed" })), "missed");
  assert.equal(kindOf(callRecord({ status: "missed", direction: "out" })), "out");
  assert.equal(kindOf(callRecord({ redirected_to: "+420 602 987 654" })), "redirected");
});

void test("the other party is shown by name, by number or as withheld, in that order", () => {
  assert.equal(partyLabel(callRecord(), formats()), "Jan");
  assert.equal(partyLabel(callRecord({ name: null }), formats()), "+420 777 123 456");
  assert.equal(
    partyLabel(callRecord({ name: null, number: null, formatted: null }), formats()),
    "Skryté číslo",
  );
});

void test("a call with a withheld number has no contact to call back", () => {
  assert.equal(contactOf(callRecord({ number: null })), undefined);
  assert.deepEqual(contactOf(callRecord()), {
    number: "00420777123456",
    name: "Jan",
    formatted: "+420 777 123 456",
  });
});

void test("the elapsed time uses the server's clock and is never negative", () => {
  assert.equal(elapsedSeconds(live(), NOW.getTime()), 60);
  assert.equal(
    elapsedSeconds(live({ answered_at: "2026-11-24T11:59:50+00:00" }), NOW.getTime()),
    10,
  );
  assert.equal(elapsedSeconds(live({ started_at: "2026-11-24T12:00:05+00:00" }), NOW.getTime()), 0);
  assert.equal(elapsedSeconds(live({ started_at: null }), NOW.getTime()), 0);
});

void test("ringing calls come first and the others keep their order", () => {
  const up = "2026-11-24T11:59:50+00:00";
  const calls = [1, 2, 3, 4].map((id) =>
    live({ active_call_id: id, answered_at: id === 3 || id === 4 ? null : up }),
  );
  assert.deepEqual(
    ringingFirst(calls).map((call) => call.active_call_id),
    [3, 4, 1, 2],
  );
});

void test("only an outgoing call that has not been answered has the status calling", () => {
  assert.equal(statusKey(live({ direction: "out" })), "calling");
  assert.equal(
    statusKey(live({ direction: "out", answered_at: "2026-11-24T11:59:50+00:00" })),
    "call_out",
  );
  assert.equal(statusKey(live()), "call_in");
});

void test("a recorded call is inserted by its time in any time zone", () => {
  const rows = [
    callRecord({ call_id: 3, started_at: "2026-11-24T11:00:00+00:00" }),
    callRecord({ call_id: 1, started_at: "2026-11-24T09:00:00+00:00" }),
  ];
  const between = callRecord({ call_id: 2, started_at: "2026-11-24T11:30:00+01:00" });
  assert.deepEqual(
    mergeCall(rows, between, "all").map((one) => one.call_id),
    [3, 2, 1],
  );
  const newest = callRecord({ call_id: 4, started_at: "2026-11-24T11:30:00+00:00" });
  assert.deepEqual(
    mergeCall(rows, newest, "all").map((one) => one.call_id),
    [4, 3, 1],
  );
  const oldest = callRecord({ call_id: 5, started_at: "2026-11-23T11:30:00+00:00" });
  assert.deepEqual(
    mergeCall(rows, oldest, "all").map((one) => one.call_id),
    [3, 1, 5],
  );
});

void test("a record that is received again replaces the earlier one, even if it no longer matches the filter", () => {
  const rows = [callRecord({ call_id: 1, status: "missed" })];
  assert.deepEqual(mergeCall(rows, callRecord({ call_id: 1, price: 2 }), "all"), [
    callRecord({ call_id: 1, price: 2 }),
  ]);
  assert.deepEqual(mergeCall(rows, callRecord({ call_id: 1 }), "missed"), []);
});

void test("records without an ID never replace each other", () => {
  assert.equal(
    mergeCall([callRecord({ call_id: null })], callRecord({ call_id: null }), "all").length,
    2,
  );
});

void test("a filter keeps out calls that it does not show", () => {
  const cases = {
    missed: callRecord({ status: "missed" }),
    incoming: callRecord(),
    outgoing: callRecord({ direction: "out" }),
  };
  for (const show of ["missed", "incoming", "outgoing"] as const) {
    assert.equal(mergeCall([], cases[show], show).length, 1);
  }
  assert.equal(mergeCall([], cases.outgoing, "incoming").length, 0);
  assert.equal(mergeCall([], cases.incoming, "outgoing").length, 0);
  assert.equal(mergeCall([], cases.outgoing, "missed").length, 0);
});

void test("each day has one heading, in Home Assistant's time zone", () => {
  // 23:30 UTC is half past midnight of the next day in Prague.
  const rows = [
    callRecord({ call_id: 3, started_at: "2026-11-23T23:30:00+00:00" }),
    callRecord({ call_id: 2, started_at: "2026-11-23T22:30:00+00:00" }),
    callRecord({ call_id: 1, started_at: "2026-11-21T22:30:00+00:00" }),
  ];
  const items = historyItems(rows, formats(), NOW).map((item) =>
    item.call ? item.call.call_id : item.day,
  );
  assert.deepEqual(items, ["Dnes", 3, "Včera", 2, "Sobota 21. listopadu", 1]);
});

void test("every item of the list has a unique key", () => {
  const twins = [
    callRecord({ call_id: null }),
    callRecord({ call_id: null }),
    callRecord({ call_id: 7 }),
    callRecord({ call_id: 7 }),
  ];
  const keys = historyItems(twins, formats(), NOW).map(({ key }) => key);
  assert.equal(new Set(keys).size, keys.length);
});

void test("the international prefix becomes a plus sign, and other numbers stay as they are", () => {
  assert.equal(toInternational("00420777123456"), "+420777123456");
  assert.equal(toInternational("*100"), "*100");
});

const waitingCaller = (changes: Partial<WaitingCaller> = {}): WaitingCaller => ({
  uid: "+420777123456",
  number: "00420777123456",
  name: "Jan",
  formatted: "+420 777 123 456",
  line: 300100,
  line_name: "Domov",
  count: 2,
  first_at: "2026-11-24T10:00:00+00:00",
  started_at: "2026-11-24T11:00:00+00:00",
  may_write: false,
  ...changes,
});

void test("a missed call is due while its caller waits, unless it is older than the wait", () => {
  const missed = callRecord({ status: "missed" });
  assert.equal(isCallbackDue(missed, [waitingCaller()]), true);
  assert.equal(isCallbackDue(missed, []), false);
  assert.equal(isCallbackDue(missed, [waitingCaller({ number: "00420602987654" })]), false);
  assert.equal(
    isCallbackDue(missed, [waitingCaller({ first_at: "2026-11-24T11:00:01+00:00" })]),
    false,
  );
  assert.equal(isCallbackDue(callRecord(), [waitingCaller()]), false);
  assert.equal(
    isCallbackDue(callRecord({ status: "missed", number: null }), [
      waitingCaller({ number: null }),
    ]),
    true,
  );
});

void test("each waiting caller has an item under a heading, which is omitted if there are none", () => {
  assert.deepEqual(waitingItems([], formats()), []);
  const [heading, jan, ...others] = waitingItems([waitingCaller()], formats());
  assert.equal(heading && "day" in heading && heading.day, "Čekají na zavolání");
  assert.equal(jan?.call && partyLabel(jan.call, formats()), "Jan");
  assert.equal(jan?.call && kindOf(jan.call), "missed");
  assert.deepEqual(others, []);
});
