import assert from "node:assert/strict";
import { test } from "node:test";

import strategiesCs from "../src/strategies/texts/cs.json";
import strategiesEn from "../src/strategies/texts/en.json";
import { localize } from "../src/texts";
import cs from "../src/texts/cs.json";
import en from "../src/texts/en.json";

void test("both languages have the same keys and placeholders", () => {
  const placeholders = (texts: Record<string, string>): Record<string, string[]> =>
    Object.fromEntries(
      Object.entries(texts).map(([key, text]) => [key, (text.match(/\{\w+\}/g) ?? []).sort()]),
    );
  assert.deepEqual(placeholders(cs), placeholders(en));
  assert.deepEqual(placeholders(strategiesCs), placeholders(strategiesEn));
});

void test("English is used for unsupported languages", () => {
  assert.equal(localize("cs-CZ", "cancel"), cs.cancel);
  assert.equal(localize("de", "cancel"), en.cancel);
  assert.equal(localize(undefined, "cancel"), en.cancel);
  assert.equal(localize("en", "call_back", { who: "{who}" }), "Call back: {who}");
});
