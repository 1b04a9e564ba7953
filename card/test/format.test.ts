import assert from "node:assert/strict";
import { test } from "node:test";

import { formatDuration } from "../src/format";
import { formats, NOW } from "./fixtures";

void test("a duration is formatted as minutes and seconds, from one hour on with hours", () => {
  const cases: [number, string][] = [
    [0, "0:00"],
    [5.9, "0:05"],
    [65, "1:05"],
    [600, "10:00"],
    [3600, "1:00:00"],
    [36061, "10:01:01"],
  ];
  for (const [seconds, text] of cases) assert.equal(formatDuration(seconds), text);
});

void test("times follow the user's profile", () => {
  const evening = new Date("2026-11-24T19:05:00Z");
  assert.equal(formats().time(evening), "20:05");
  assert.equal(formats({ language: "en", time_format: "24" }).time(evening), "20:05");
  assert.match(formats({ language: "en", time_format: "12" }).time(evening), /^8:05\sPM$/);
  assert.match(formats({ time_format: "24" }).time(new Date("2026-11-24T06:05:00Z")), /^07:05$/);
});

void test("Home Assistant formats amounts and dates, without the settings of any entity", () => {
  assert.equal(formats().money(1.5), "monetary 1.5");
  assert.equal(
    formats().dateTime("2026-11-24T11:00:00+00:00"),
    "timestamp 2026-11-24T11:00:00+00:00",
  );
});

void test("today and yesterday have names in any language, and every day begins with a capital letter", () => {
  const named = (language: string, day: string): string =>
    formats({ language }).day(new Date(`2026-11-${day}T12:00:00Z`), NOW);
  assert.equal(named("cs", "24"), "Dnes");
  assert.equal(named("en", "23"), "Yesterday");
  assert.equal(named("de", "24"), "Heute");
  assert.equal(named("en", "20"), "Friday, November 20");
});

void test("a day of another year is shown with its year", () => {
  const named = (day: string): string => formats({ language: "en" }).day(new Date(day), NOW);
  assert.equal(named("2025-11-20T12:00:00Z"), "Thursday, November 20, 2025");
  assert.equal(named("2026-01-01T12:00:00Z"), "Thursday, January 1");
});

void test("a day of 23 or 25 hours is called yesterday on the next day only", () => {
  const cases: [string, string, string][] = [
    // In Prague, 25 October 2026 has 25 hours, and 28 March 2027 has 23.
    ["2026-10-24T22:30:00Z", "2026-10-25T22:30:00Z", "Dnes"],
    ["2026-10-24T22:30:00Z", "2026-10-25T23:30:00Z", "Včera"],
    ["2027-03-28T10:00:00Z", "2027-03-28T22:30:00Z", "Včera"],
    ["2027-03-27T10:00:00Z", "2027-03-28T22:30:00Z", "Sobota 27. března"],
  ];
  for (const [day, now, text] of cases) {
    assert.equal(formats().day(new Date(day), new Date(now)), text);
  }
});
