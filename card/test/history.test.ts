import assert from "node:assert/strict";
import { test } from "node:test";

import { History, type HistoryRequest } from "../src/history";
import { contactFilter, type CallRecord, type HistoryPage } from "../src/model";
import { callRecord } from "./fixtures";

const host = {
  addController: () => undefined,
  removeController: () => undefined,
  requestUpdate: () => undefined,
  updateComplete: Promise.resolve(true),
};

/** Return a history whose requests are answered in order by `answer`. */
function makeHistory(): {
  history: History;
  requests: HistoryRequest[];
  answer: (page: Partial<HistoryPage> | Error) => Promise<void>;
} {
  const requests: HistoryRequest[] = [];
  const waiting: { resolve: (page: HistoryPage) => void; reject: (error: Error) => void }[] = [];
  const load = (request: HistoryRequest): Promise<HistoryPage> => {
    requests.push(request);
    return new Promise((resolve, reject) => waiting.push({ resolve, reject }));
  };
  const history = new History(host, load, (thrown) => Promise.resolve(String(thrown)));
  const answer = async (page: Partial<HistoryPage> | Error): Promise<void> => {
    const one = waiting.shift();
    if (page instanceof Error) one?.reject(page);
    else one?.resolve({ calls: [], before: null, ...page });
    await new Promise((resolve) => setImmediate(resolve));
  };
  return { history, requests, answer };
}

const ids = (rows: readonly CallRecord[]): (number | null)[] => rows.map((one) => one.call_id);

void test("the next page is appended to the list", async () => {
  const { history, requests, answer } = makeHistory();
  history.refreshIfStale(1);
  assert.deepEqual(requests, [{ show: "all", limit: 50 }]);
  assert.equal(history.isLoading, true);
  await answer({ calls: [callRecord({ call_id: 2 })], before: "then" });
  assert.equal(history.isLoading, false);
  void history.load(true);
  assert.equal(requests[1]?.before, "then");
  await answer({ calls: [callRecord({ call_id: 1 })] });
  assert.deepEqual(ids(history.rows), [2, 1]);
  assert.equal(history.before, null);
});

void test("a response to an outdated request is ignored", async () => {
  const { history, answer } = makeHistory();
  void history.load();
  history.setFilter({ show: "missed", search: "" });
  await answer({ calls: [callRecord({ call_id: 1 })] });
  assert.deepEqual(ids(history.rows), []);
  await answer({ calls: [callRecord({ call_id: 2, status: "missed" })] });
  assert.deepEqual(ids(history.rows), [2]);
});

void test("the history is reloaded only for records that have not been received", async () => {
  const { history, requests, answer } = makeHistory();
  history.refreshIfStale(1);
  await answer({ calls: [callRecord({ call_id: 1 })] });
  history.add(callRecord({ call_id: 2, started_at: "2026-11-24T11:30:00+00:00" }));
  history.refreshIfStale(2);
  assert.equal(requests.length, 1);
  assert.deepEqual(ids(history.rows), [2, 1]);
  history.refreshIfStale(5);
  assert.equal(requests.length, 2);
  await answer({});
  history.invalidate();
  history.refreshIfStale(5);
  assert.equal(requests.length, 3);
});

void test("a page that is being loaded when a call is recorded is requested again", async () => {
  const { history, requests, answer } = makeHistory();
  history.refreshIfStale(1);
  history.add(callRecord({ call_id: 2 }));
  assert.equal(requests.length, 2);
  await answer({ calls: [callRecord({ call_id: 1 })] });
  await answer({ calls: [callRecord({ call_id: 2 }), callRecord({ call_id: 1 })] });
  assert.deepEqual(ids(history.rows), [2, 1]);
});

void test("a history that was hidden is loaded when it is shown", () => {
  let isHidden = true;
  const requests: HistoryRequest[] = [];
  const load = (request: HistoryRequest): Promise<HistoryPage> | undefined => {
    if (isHidden) return undefined;
    requests.push(request);
    return Promise.resolve({ calls: [], before: null });
  };
  const history = new History(host, load, (thrown) => Promise.resolve(String(thrown)));
  history.refreshIfStale(1);
  isHidden = false;
  history.refreshIfStale(1);
  history.refreshIfStale(1);
  assert.equal(requests.length, 1);
});

void test("a reload keeps as many calls as are shown", async () => {
  const { history, requests, answer } = makeHistory();
  history.refreshIfStale(1);
  await answer({ calls: page(50, 100), before: "then" });
  void history.load(true);
  assert.equal(requests[1]?.limit, 50);
  await answer({ calls: page(50, 50), before: null });
  history.refreshIfStale(2);
  assert.equal(requests[2]?.limit, 100);
  history.setFilter({ show: "missed", search: "" });
  assert.equal(requests[3]?.limit, 50);
});

void test("a contact's calls are searched by number, and searched again after a new record", async () => {
  const { history, requests, answer } = makeHistory();
  history.setFilter(
    contactFilter({ number: "00420777123456", name: "Jan", formatted: "+420 777 123 456" }),
  );
  assert.equal(requests[0]?.number, "00420777123456");
  await answer({});
  history.add(callRecord());
  assert.equal(requests.length, 2);
});

void test("an error names the request to retry and is cleared by the retry", async () => {
  const { history, answer } = makeHistory();
  void history.load();
  await answer({ calls: [callRecord()], before: "then" });
  void history.load(true);
  await answer(new Error("no answer"));
  assert.deepEqual(history.error, { text: "Error: no answer", isNextPage: true });
  assert.equal(history.rows.length, 1);
  void history.load(true);
  assert.equal(history.error, undefined);
});

const at = (minute: number): string => new Date(Date.UTC(2026, 10, 24, 0, minute)).toISOString();
/** Return calls one minute apart, newest first. */
const page = (count: number, newest: number): CallRecord[] =>
  Array.from({ length: count }, (_, index) =>
    callRecord({ call_id: newest - index, started_at: at(newest - index) }),
  );

void test("new calls push out the oldest, and the next page begins with those", async () => {
  const { history, requests, answer } = makeHistory();
  history.refreshIfStale(1);
  await answer({ calls: page(50, 50), before: null });
  for (let minute = 51; minute <= 150; minute += 1)
    history.add(callRecord({ call_id: minute, started_at: at(minute) }));
  assert.deepEqual(
    [ids(history.rows)[0], ids(history.rows)[49], history.rows.length],
    [150, 101, 50],
  );
  void history.load(true);
  assert.equal(requests[1]?.before, at(101));
  await answer({ calls: page(50, 100), before: at(51) });
  history.add(callRecord({ call_id: 151, started_at: at(151) }));
  assert.deepEqual([history.rows.length, history.before], [100, at(52)]);
});

void test("calls with the same start time stay together when the list is trimmed", async () => {
  const { history, answer } = makeHistory();
  history.refreshIfStale(1);
  const calls = page(50, 50);
  await answer({
    calls: [...calls.slice(0, 49), callRecord({ call_id: 500, started_at: at(2) })],
    before: null,
  });
  history.add(callRecord({ call_id: 51, started_at: at(51) }));
  assert.deepEqual(
    [history.rows.length, ids(history.rows).slice(-2), history.before],
    [51, [2, 500], null],
  );
});

void test("a call recorded while a page is loading leaves no gap", async () => {
  const { history, answer } = makeHistory();
  history.refreshIfStale(1);
  await answer({ calls: page(50, 100), before: at(51) });
  void history.load(true);
  history.add(callRecord({ call_id: 101, started_at: at(101) }));
  await answer({ calls: page(10, 50), before: null });
  assert.deepEqual(
    ids(history.rows),
    Array.from({ length: 61 }, (_, index) => 101 - index),
  );
});
