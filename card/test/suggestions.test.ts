import assert from "node:assert/strict";
import { test } from "node:test";

import { findContacts, normalizeText, resolveContact } from "../src/suggestions";

const RUZENA = { number: "00420733555111", name: "Babička Růžena", formatted: "+420 733 555 111" };
const JAN = { number: "00420777123456", name: "Jan", formatted: "+420 777 123 456" };
const NAMESAKE = { number: "00420602987654", name: "Jan", formatted: "+420 602 987 654" };
const CONTACTS = [RUZENA, JAN, NAMESAKE];

void test("accents and case are ignored", () => {
  assert.equal(normalizeText("  Růžena ŠŤASTNÁ "), "ruzena stastna");
  assert.deepEqual(findContacts(CONTACTS, { text: "ruzena" }), [RUZENA]);
});

void test("a number is found in any notation", () => {
  for (const text of ["+420 777", "00420777", "777 123", "777123456"])
    assert.deepEqual(findContacts(CONTACTS, { text }), [JAN]);
});

void test("at most six contacts are suggested, and none after one was picked", () => {
  const many = Array.from({ length: 20 }, () => JAN);
  assert.equal(findContacts(many, { text: "j" }).length, 6);
  assert.deepEqual(findContacts(many, { text: "Jan", picked: JAN }), []);
});

void test("a unique name is resolved to its contact, an ambiguous one is not", () => {
  assert.equal(resolveContact(CONTACTS, { text: "babicka ruzena" }), RUZENA);
  assert.equal(resolveContact(CONTACTS, { text: "Jan" })?.number, "Jan");
  assert.equal(resolveContact(CONTACTS, { text: "Jan", picked: NAMESAKE }), NAMESAKE);
  assert.equal(resolveContact(CONTACTS, { text: " *100 " })?.number, "*100");
  assert.equal(resolveContact(CONTACTS, { text: "  " }), undefined);
});
