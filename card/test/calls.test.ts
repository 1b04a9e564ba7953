import assert from "node:assert/strict";
import { test } from "node:test";

import {
  contactOf,
  goingOn,
  isDue,
  itemsOf,
  joined,
  kindOf,
  plain,
  ringingFirst,
  secondsOf,
  waitingItems,
  whoIs,
} from "../src/calls";
import type { Waiting } from "../src/model";
import { formats, live, NOW, row } from "./world";

void test("a call is missed only by whoever was called", () => {
  assert.equal(kindOf(row({ status: "missed" })), "missed");
  assert.equal(kindOf(row({ status: "missed", direction: "out" })), "out");
  assert.equal(kindOf(row({ redirected_to: "+420 602 987 654" })), "redirected");
});

void test("who is shown is the name, else the number, else that it is withheld", () => {
  assert.equal(whoIs(row(), formats()), "Jan");
  assert.equal(whoIs(row({ name: null }), formats()), "+420 777 123 456");
  assert.equal(
    whoIs(row({ name: null, number: null, formatted: null }), formats()),
    "Skryté číslo",
  );
});

void test("nobody can be called back whose number is withheld", () => {
  assert.equal(contactOf(row({ number: null })), undefined);
  assert.deepEqual(contactOf(row()), {
    number: "00420777123456",
    name: "Jan",
    formatted: "+420 777 123 456",
  });
});

void test("the clock of a call runs by the server's time and never backwards", () => {
  assert.equal(secondsOf(live(), NOW.getTime()), 60);
  assert.equal(secondsOf(live({ answered_at: "2026-11-24T11:59:50+00:00" }), NOW.getTime()), 10);
  assert.equal(secondsOf(live({ started_at: "2026-11-24T12:00:05+00:00" }), NOW.getTime()), 0);
  assert.equal(secondsOf(live({ started_at: null }), NOW.getTime()), 0);
});

void test("what rings comes first, and others keep their order", () => {
  const up = "2026-11-24T11:59:50+00:00";
  const calls = [1, 2, 3, 4].map((id) =>
    live({ active_call_id: id, answered_at: id === 3 || id === 4 ? null : up }),
  );
  assert.deepEqual(
    ringingFirst(calls).map((call) => call.active_call_id),
    [3, 4, 1, 2],
  );
});

void test("only an outgoing call that rings is being called", () => {
  assert.equal(goingOn(live({ direction: "out" })), "calling");
  assert.equal(
    goingOn(live({ direction: "out", answered_at: "2026-11-24T11:59:50+00:00" })),
    "call_out",
  );
  assert.equal(goingOn(live()), "call_in");
});

void test("a recorded call takes its place by its time, whatever zone that is written in", () => {
  const rows = [
    row({ call_id: 3, started_at: "2026-11-24T11:00:00+00:00" }),
    row({ call_id: 1, started_at: "2026-11-24T09:00:00+00:00" }),
  ];
  const between = row({ call_id: 2, started_at: "2026-11-24T11:30:00+01:00" });
  assert.deepEqual(
    joined(rows, between, "all").map((one) => one.call_id),
    [3, 2, 1],
  );
  const newest = row({ call_id: 4, started_at: "2026-11-24T11:30:00+00:00" });
  assert.deepEqual(
    joined(rows, newest, "all").map((one) => one.call_id),
    [4, 3, 1],
  );
  const oldest = row({ call_id: 5, started_at: "2026-11-23T11:30:00+00:00" });
  assert.deepEqual(
    joined(rows, oldest, "all").map((one) => one.call_id),
    [3, 1, 5],
  );
});

void test("a record that is told again replaces itself, also where it no longer fits", () => {
  const rows = [row({ call_id: 1, status: "missed" })];
  assert.deepEqual(joined(rows, row({ call_id: 1, price: 2 }), "all"), [
    row({ call_id: 1, price: 2 }),
  ]);
  assert.deepEqual(joined(rows, row({ call_id: 1 }), "missed"), []);
});

void test("records without an id never replace each other", () => {
  assert.equal(joined([row({ call_id: null })], row({ call_id: null }), "all").length, 2);
});

void test("a filter keeps out what it does not show", () => {
  const cases = {
    missed: row({ status: "missed" }),
    incoming: row(),
    outgoing: row({ direction: "out" }),
  };
  for (const show of ["missed", "incoming", "outgoing"] as const) {
    assert.equal(joined([], cases[show], show).length, 1);
  }
  assert.equal(joined([], cases.outgoing, "incoming").length, 0);
  assert.equal(joined([], cases.incoming, "outgoing").length, 0);
  assert.equal(joined([], cases.outgoing, "missed").length, 0);
});

void test("each day has one heading, in the house's time zone", () => {
  // 23:30 UTC is half past midnight of the next day in Prague.
  const rows = [
    row({ call_id: 3, started_at: "2026-11-23T23:30:00+00:00" }),
    row({ call_id: 2, started_at: "2026-11-23T22:30:00+00:00" }),
    row({ call_id: 1, started_at: "2026-11-21T22:30:00+00:00" }),
  ];
  const items = itemsOf(rows, formats(), NOW).map((item) =>
    item.call ? item.call.call_id : item.day,
  );
  assert.deepEqual(items, ["Dnes", 3, "Včera", 2, "Sobota 21. listopadu", 1]);
});

void test("every line of the list has a key of its own", () => {
  const twins = [
    row({ call_id: null }),
    row({ call_id: null }),
    row({ call_id: 7 }),
    row({ call_id: 7 }),
  ];
  const keys = itemsOf(twins, formats(), NOW).map(({ key }) => key);
  assert.equal(new Set(keys).size, keys.length);
});

void test("a number is copied as it is dialled", () => {
  assert.equal(plain("00420777123456"), "+420777123456");
  assert.equal(plain("*100"), "*100");
});

const waits = (changes: Partial<Waiting> = {}): Waiting => ({
  uid: "+420777123456",
  number: "00420777123456",
  name: "Jan",
  formatted: "+420 777 123 456",
  line: 300100,
  line_name: "Domov",
  count: 2,
  first_at: "2026-11-24T10:00:00+00:00",
  started_at: "2026-11-24T11:00:00+00:00",
  ...changes,
});

void test("a missed call is red as long as its caller waits, and not for what was missed before", () => {
  const missed = row({ status: "missed" });
  assert.equal(isDue(missed, [waits()]), true);
  assert.equal(isDue(missed, []), false);
  assert.equal(isDue(missed, [waits({ number: "00420602987654" })]), false);
  assert.equal(isDue(missed, [waits({ first_at: "2026-11-24T11:00:01+00:00" })]), false);
  assert.equal(isDue(row(), [waits()]), false);
  assert.equal(isDue(row({ status: "missed", number: null }), [waits({ number: null })]), true);
});

void test("who waits has a line each, under a heading, and nobody has none", () => {
  assert.deepEqual(waitingItems([], formats()), []);
  const [heading, jan, ...others] = waitingItems([waits()], formats());
  assert.equal(heading && "day" in heading && heading.day, "Čekají na zavolání");
  assert.equal(jan?.call && whoIs(jan.call, formats()), "Jan");
  assert.equal(jan?.call && kindOf(jan.call), "missed");
  assert.deepEqual(others, []);
});
