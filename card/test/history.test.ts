import assert from "node:assert/strict";
import { test } from "node:test";

import { History, type Question } from "../src/history";
import { callsWith, type Page, type Row } from "../src/model";
import { row } from "./world";

const host = {
  addController: () => undefined,
  removeController: () => undefined,
  requestUpdate: () => undefined,
  updateComplete: Promise.resolve(true),
};

/** A history that answers when it is told to. */
function world(): {
  history: History;
  asked: Question[];
  answer: (page: Partial<Page> | Error) => Promise<void>;
} {
  const asked: Question[] = [];
  const waiting: { resolve: (page: Page) => void; reject: (error: Error) => void }[] = [];
  const ask = (question: Question): Promise<Page> => {
    asked.push(question);
    return new Promise((resolve, reject) => waiting.push({ resolve, reject }));
  };
  const history = new History(host, ask, (thrown) => Promise.resolve(String(thrown)));
  const answer = async (page: Partial<Page> | Error): Promise<void> => {
    const one = waiting.shift();
    if (page instanceof Error) one?.reject(page);
    else one?.resolve({ calls: [], before: null, ...page });
    await new Promise((resolve) => setImmediate(resolve));
  };
  return { history, asked, answer };
}

const ids = (rows: readonly Row[]): (number | null)[] => rows.map((one) => one.call_id);

void test("pages follow each other", async () => {
  const { history, asked, answer } = world();
  history.catchUp(1);
  assert.deepEqual(asked, [{ show: "all", limit: 50 }]);
  assert.equal(history.isReading, true);
  await answer({ calls: [row({ call_id: 2 })], before: "then" });
  assert.equal(history.isReading, false);
  void history.read(true);
  assert.equal(asked[1]?.before, "then");
  await answer({ calls: [row({ call_id: 1 })] });
  assert.deepEqual(ids(history.rows), [2, 1]);
  assert.equal(history.before, null);
});

void test("an answer to a question that nobody asks any more is left aside", async () => {
  const { history, answer } = world();
  void history.read();
  history.show({ show: "missed", search: "" });
  await answer({ calls: [row({ call_id: 1 })] });
  assert.deepEqual(ids(history.rows), []);
  await answer({ calls: [row({ call_id: 2, status: "missed" })] });
  assert.deepEqual(ids(history.rows), [2]);
});

void test("what was recorded and told is not read again, and what was not told is", async () => {
  const { history, asked, answer } = world();
  history.catchUp(1);
  await answer({ calls: [row({ call_id: 1 })] });
  history.add(row({ call_id: 2, started_at: "2026-11-24T11:30:00+00:00" }));
  history.catchUp(2);
  assert.equal(asked.length, 1);
  assert.deepEqual(ids(history.rows), [2, 1]);
  history.catchUp(5);
  assert.equal(asked.length, 2);
  await answer({});
  history.forget();
  history.catchUp(5);
  assert.equal(asked.length, 3);
});

void test("a contact's calls are searched by number, and what is recorded meanwhile is asked for", async () => {
  const { history, asked, answer } = world();
  history.show(callsWith({ number: "00420777123456", name: "Jan", formatted: "+420 777 123 456" }));
  assert.equal(asked[0]?.search, "00420777123456");
  await answer({});
  history.add(row());
  assert.equal(asked.length, 2);
});

void test("a failure is told with what to try again, and gone when that works", async () => {
  const { history, answer } = world();
  void history.read();
  await answer({ calls: [row()], before: "then" });
  void history.read(true);
  await answer(new Error("no answer"));
  assert.deepEqual(history.trouble, { text: "Error: no answer", isMore: true });
  assert.equal(history.rows.length, 1);
  void history.read(true);
  assert.equal(history.trouble, undefined);
});

const at = (minute: number): string => new Date(Date.UTC(2026, 10, 24, 0, minute)).toISOString();
/** A page of so many calls, one a minute, the newest first. */
const page = (count: number, newest: number): Row[] =>
  Array.from({ length: count }, (_, place) =>
    row({ call_id: newest - place, started_at: at(newest - place) }),
  );

void test("a list that stays open keeps as many calls as were read, and the next page begins with the others", async () => {
  const { history, asked, answer } = world();
  history.catchUp(1);
  await answer({ calls: page(50, 50), before: null });
  for (let minute = 51; minute <= 150; minute += 1)
    history.add(row({ call_id: minute, started_at: at(minute) }));
  assert.deepEqual(
    [ids(history.rows)[0], ids(history.rows)[49], history.rows.length],
    [150, 101, 50],
  );
  void history.read(true);
  assert.equal(asked[1]?.before, at(101));
  await answer({ calls: page(50, 100), before: at(51) });
  history.add(row({ call_id: 151, started_at: at(151) }));
  assert.deepEqual([history.rows.length, history.before], [100, at(52)]);
});

void test("calls of one moment stay together when the list is cut", async () => {
  const { history, answer } = world();
  history.catchUp(1);
  const calls = page(50, 50);
  await answer({
    calls: [...calls.slice(0, 49), row({ call_id: 500, started_at: at(2) })],
    before: null,
  });
  history.add(row({ call_id: 51, started_at: at(51) }));
  assert.deepEqual(
    [history.rows.length, ids(history.rows).slice(-2), history.before],
    [51, [2, 500], null],
  );
});

void test("a call that is recorded while a page is read leaves no gap before it", async () => {
  const { history, answer } = world();
  history.catchUp(1);
  await answer({ calls: page(50, 100), before: at(51) });
  void history.read(true);
  history.add(row({ call_id: 101, started_at: at(101) }));
  await answer({ calls: page(10, 50), before: null });
  assert.deepEqual(
    ids(history.rows),
    Array.from({ length: 61 }, (_, place) => 101 - place),
  );
});
