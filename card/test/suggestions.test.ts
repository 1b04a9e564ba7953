import assert from "node:assert/strict";
import { test } from "node:test";

import { dialled, folded, found } from "../src/suggestions";

const RUZENA = { number: "00420733555111", name: "Babička Růžena", formatted: "+420 733 555 111" };
const JAN = { number: "00420777123456", name: "Jan", formatted: "+420 777 123 456" };
const NAMESAKE = { number: "00420602987654", name: "Jan", formatted: "+420 602 987 654" };
const CONTACTS = [RUZENA, JAN, NAMESAKE];

void test("accents and case make no difference", () => {
  assert.equal(folded("  Růžena ŠŤASTNÁ "), "ruzena stastna");
  assert.deepEqual(found(CONTACTS, { text: "ruzena" }), [RUZENA]);
});

void test("a number is found however it is written", () => {
  for (const text of ["+420 777", "00420777", "777 123", "777123456"])
    assert.deepEqual(found(CONTACTS, { text }), [JAN]);
});

void test("at most six are suggested, and none once somebody was picked", () => {
  const many = Array.from({ length: 20 }, () => JAN);
  assert.equal(found(many, { text: "j" }).length, 6);
  assert.deepEqual(found(many, { text: "Jan", picked: JAN }), []);
});

void test("a name that only one bears is dialled, one that two bear is not guessed", () => {
  assert.equal(dialled(CONTACTS, { text: "babicka ruzena" }), RUZENA);
  assert.equal(dialled(CONTACTS, { text: "Jan" })?.number, "Jan");
  assert.equal(dialled(CONTACTS, { text: "Jan", picked: NAMESAKE }), NAMESAKE);
  assert.equal(dialled(CONTACTS, { text: " *100 " })?.number, "*100");
  assert.equal(dialled(CONTACTS, { text: "  " }), undefined);
});
