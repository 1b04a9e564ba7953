import assert from "node:assert/strict";
import { test } from "node:test";

import { findAccounts } from "../src/accounts";
import type { HomeAssistant } from "../src/home-assistant";
import {
  distributionCards,
  figureCards,
  lineCards,
  sensorGraphCards,
} from "../src/strategies/cards";
import { dashboard } from "../src/strategies/generate";
import { baseHass } from "./fixtures";

/** Return a Home Assistant with an account, its line and a device of another integration. */
function makeHass(
  keys: readonly string[],
  components: readonly string[] = ["recorder"],
): HomeAssistant {
  const entity = (key: string, device_id: string, platform = "odorik") => ({
    entity_id: `sensor.${device_id}_${key}`,
    platform,
    device_id,
    translation_key: key,
  });
  const entities = [
    ...keys.map((key) => entity(key, "account")),
    entity("registered", "line"),
    entity("missed", "other", "other"),
  ];
  return {
    ...baseHass(),
    config: { time_zone: "Europe/Prague", components },
    entities: Object.fromEntries(entities.map((one) => [one.entity_id, one])),
    devices: {
      account: {
        id: "account",
        identifiers: [["odorik", "Me-1"]],
        name: "Odorik 1",
        config_entry_id: "one",
      },
      line: {
        id: "line",
        name: "300100",
        name_by_user: "Domov",
        via_device_id: "account",
        config_entry_id: "one",
      },
      other: { id: "other", name: "Other" },
    },
    states: Object.fromEntries(
      entities.map(({ entity_id }) => [entity_id, { entity_id, state: "1", attributes: {} }]),
    ),
  } as unknown as HomeAssistant;
}

void test("an account is found with its lines but without devices of other integrations", () => {
  const [account, ...others] = findAccounts(makeHass(["balance"]));
  assert.equal(account?.id, "one");
  assert.equal(account.entities["balance"], "sensor.account_balance");
  assert.deepEqual(
    account.lines.map(({ name }) => name),
    ["Domov"],
  );
  assert.deepEqual(others, []);
});

type Placed = Record<string, unknown> & {
  readonly entity?: string;
  readonly entities?: readonly { readonly entity: string }[];
};
interface View {
  readonly title: string;
  readonly path: string;
  readonly sections: readonly { readonly cards: readonly Placed[] }[];
}

/** Return the dashboard's views, given the IDs of imported statistics. */
async function viewsOf(
  hass: HomeAssistant,
  statisticIds: readonly string[] = [],
): Promise<readonly View[]> {
  const listed = statisticIds.map((statistic_id) => ({ statistic_id }));
  const connection = { sendMessagePromise: () => Promise.resolve(listed) };
  return (
    (await dashboard({ ...hass, connection } as unknown as HomeAssistant)) as { views: View[] }
  ).views;
}

const cardsOf = (view: View | undefined): readonly Placed[] =>
  view?.sections.flatMap(({ cards }) => cards) ?? [];
const ofType = (view: View | undefined, wanted: string): readonly Placed[] =>
  cardsOf(view).filter(({ type }) => type === wanted);
const titles = (view: View | undefined): unknown[] =>
  ofType(view, "statistics-graph").map(({ title }) => title);

void test("talk time and cost are shown by direction if at least two directions have entities", () => {
  const shown = (keys: readonly string[]): unknown => {
    const hass = makeHass(keys);
    const [account] = findAccounts(hass);
    assert.ok(account);
    return distributionCards(account, hass).map(({ title, entities }) => [
      title,
      (entities as { entity: string }[]).map(({ entity }) => entity),
    ]);
  };
  const minutes = ["incoming_duration_this_month", "outgoing_duration_this_month"];
  const cost = ["outgoing_cost_this_month", "redirected_cost_this_month"];
  const named = (keys: readonly string[]): string[] => keys.map((key) => `sensor.account_${key}`);
  assert.deepEqual(shown([...minutes, ...cost]), [
    ["Délka hovorů", named(minutes)],
    ["Útrata", named(cost)],
  ]);
  assert.deepEqual(shown([...minutes, "outgoing_cost_this_month"]), [
    ["Délka hovorů", named(minutes)],
  ]);
  assert.deepEqual(shown(["balance"]), []);
});

void test("figures of disabled entities are omitted, and their heading with the last of them", () => {
  const shown = (keys: readonly string[]): unknown => {
    const hass = makeHass(keys);
    const [account] = findAccounts(hass);
    return account && figureCards(account, hass).map((card) => card["heading"] ?? card["entity"]);
  };
  assert.deepEqual(shown(["cost_today", "top_destination_this_month"]), [
    "Dnes",
    "sensor.account_cost_today",
    "Tento měsíc",
    "sensor.account_top_destination_this_month",
  ]);
  assert.deepEqual(shown(["balance"]), []);
});

void test("sensor graphs need the recorder", () => {
  const count = (hass: HomeAssistant): number =>
    findAccounts(hass).flatMap((account) => sensorGraphCards(account, hass)).length;
  assert.equal(count(makeHass(["cost_this_month", "incoming_duration_this_month"])), 2);
  assert.equal(count(makeHass(["cost_this_month"], [])), 0);
});

void test("an account has a view of its calls and one of its statistics", async () => {
  const [calls, years, ...others] = await viewsOf(makeHass(["cost_this_month"]), [
    "odorik:me_1_outgoing_cost",
    "odorik:me_1_missed_calls",
    "odorik:2_outgoing_cost",
  ]);
  assert.deepEqual(others, []);
  assert.deepEqual(
    [calls?.title, calls?.path, years?.title, years?.path],
    ["Hovory", "calls", "Roky", "years"],
  );
  assert.equal(ofType(calls, "custom:odorik-calls-card").length, 1);
  assert.deepEqual(titles(calls), ["Útrata"]);
  assert.deepEqual(titles(years), ["Útrata po měsících", "Hovory po týdnech"]);
  const periods = ofType(years, "statistics-graph").map(({ period, entities }) => [
    period,
    entities?.map(({ entity }) => entity),
  ]);
  assert.deepEqual(periods, [
    ["month", ["odorik:me_1_outgoing_cost"]],
    ["week", ["odorik:me_1_missed_calls"]],
  ]);
  const sums = ofType(years, "statistic").map(({ entity, name, unit, period }) => [
    entity,
    name,
    unit,
    period,
  ]);
  const year = { calendar: { period: "year" } };
  assert.deepEqual(sums, [
    ["odorik:me_1_missed_calls", "Zmeškané", "hovorů", year],
    ["odorik:me_1_outgoing_cost", "Útrata za odchozí hovory", "Kč", year],
  ]);
});

void test("a note replaces statistics that have not been imported, and the sensors' own are shown meanwhile", async () => {
  const [calls, years] = await viewsOf(makeHass(["cost_this_month"]));
  assert.deepEqual(
    ofType(calls, "statistics-graph").map(({ entities }) => entities),
    [["sensor.account_cost_this_month"]],
  );
  assert.equal(ofType(years, "markdown").length, 1);
  assert.equal(cardsOf(years).length, 1);
});

void test("without the recorder there is no view of statistics", async () => {
  const views = await viewsOf(makeHass(["cost_this_month"], []), ["odorik:me_1_outgoing_cost"]);
  assert.deepEqual(
    views.map(({ title }) => title),
    ["Hovory"],
  );
  assert.deepEqual(titles(views[0]), []);
});

void test("the views of two accounts have distinct titles and paths", async () => {
  const one = makeHass(["balance"]);
  const second = {
    id: "second",
    identifiers: [["odorik", "2"]],
    name: "Odorik 2",
    config_entry_id: "two",
  };
  const entity = {
    entity_id: "sensor.second",
    platform: "odorik",
    device_id: "second",
    translation_key: "balance",
  };
  const both = {
    ...one,
    devices: { ...one.devices, second },
    entities: { ...one.entities, second: entity },
    states: {
      ...one.states,
      [entity.entity_id]: { entity_id: entity.entity_id, state: "1", attributes: {} },
    },
  } as unknown as HomeAssistant;
  const views = await viewsOf(both);
  assert.deepEqual(
    views.map(({ title }) => title),
    ["Odorik 1", "Odorik 1 – Roky", "Odorik 2", "Odorik 2 – Roky"],
  );
  assert.equal(new Set(views.map(({ path }) => path)).size, 4);
  const accounts = views
    .flatMap((view) => ofType(view, "custom:odorik-calls-card"))
    .map((card) => card["config_entry_id"]);
  assert.deepEqual(accounts, ["one", "two"]);
});

void test("without an account the dashboard consists of the card, which reports it", async () => {
  const views = await viewsOf({ ...makeHass([]), entities: {} });
  assert.deepEqual(
    views.map((view) => cardsOf(view).map(({ type }) => type)),
    [["custom:odorik-calls-card"]],
  );
});

void test("an account without lines has no heading for lines", () => {
  const hass = makeHass(["balance"]);
  const [account] = findAccounts(hass);
  assert.ok(account);
  assert.equal(lineCards(account, hass).length, 2);
  assert.deepEqual(lineCards({ ...account, lines: [] }, hass), []);
});
