import assert from "node:assert/strict";
import { test } from "node:test";

import { say } from "../src/texts";
import cs from "../src/texts/cs.json";
import en from "../src/texts/en.json";

void test("both languages say the same things with the same names in them", () => {
  const names = (texts: Record<string, string>): Record<string, string[]> =>
    Object.fromEntries(
      Object.entries(texts).map(([key, text]) => [key, (text.match(/\{\w+\}/g) ?? []).sort()]),
    );
  assert.deepEqual(names(cs), names(en));
});

void test("English stands in for a language that the card does not speak", () => {
  assert.equal(say("cs-CZ", "cancel"), cs.cancel);
  assert.equal(say("de", "cancel"), en.cancel);
  assert.equal(say(undefined, "cancel"), en.cancel);
  assert.equal(say("en", "call_back", { who: "{who}" }), "Call back: {who}");
});
