import assert from "node:assert/strict";
import { test } from "node:test";

import { accountsOf } from "../src/accounts";
import type { HomeAssistant } from "../src/home-assistant";
import { distributionCards, figureCards, graphCards, lineCards } from "../src/strategies/cards";
import { dashboard } from "../src/strategies/dashboard";
import { home } from "./world";

/** A house with an account, its line and a stranger's device. */
function house(
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
    ...home(),
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

void test("an account is found with its lines, and nobody else's devices", () => {
  const [account, ...others] = accountsOf(house(["balance"]));
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

/** The views of the dashboard, where these statistics have been written. */
async function viewsOf(
  hass: HomeAssistant,
  written: readonly string[] = [],
): Promise<readonly View[]> {
  const listed = written.map((statistic_id) => ({ statistic_id }));
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

void test("talk time and cost are distributed where they are counted by direction", () => {
  const shown = (keys: readonly string[]): unknown => {
    const hass = house(keys);
    const [account] = accountsOf(hass);
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
    ["Doba hovorů", named(minutes)],
    ["Útrata", named(cost)],
  ]);
  assert.deepEqual(shown([...minutes, "outgoing_cost_this_month"]), [
    ["Doba hovorů", named(minutes)],
  ]);
  assert.deepEqual(shown(["balance"]), []);
});

void test("figures of entities that are disabled are left out, and their heading with the last of them", () => {
  const shown = (keys: readonly string[]): unknown => {
    const hass = house(keys);
    const [account] = accountsOf(hass);
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

void test("graphs are drawn only where sums are kept", () => {
  const count = (hass: HomeAssistant): number =>
    accountsOf(hass).flatMap((account) => graphCards(account, hass)).length;
  assert.equal(count(house(["cost_this_month", "incoming_duration_this_month"])), 2);
  assert.equal(count(house(["cost_this_month"], [])), 0);
});

void test("an account has a view of its calls and one of its years", async () => {
  const [calls, years, ...others] = await viewsOf(house(["cost_this_month"]), [
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

void test("years that have not been written yet are announced, and the sensors' own sums shown meanwhile", async () => {
  const [calls, years] = await viewsOf(house(["cost_this_month"]));
  assert.deepEqual(
    ofType(calls, "statistics-graph").map(({ entities }) => entities),
    [["sensor.account_cost_this_month"]],
  );
  assert.equal(ofType(years, "markdown").length, 1);
  assert.equal(cardsOf(years).length, 1);
});

void test("without a recorder there are no years", async () => {
  const views = await viewsOf(house(["cost_this_month"], []), ["odorik:me_1_outgoing_cost"]);
  assert.deepEqual(
    views.map(({ title }) => title),
    ["Hovory"],
  );
  assert.deepEqual(titles(views[0]), []);
});

void test("the views of two accounts are told apart", async () => {
  const one = house(["balance"]);
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

void test("a dashboard without an account has the card, which says so", async () => {
  const views = await viewsOf({ ...house([]), entities: {} });
  assert.deepEqual(
    views.map((view) => cardsOf(view).map(({ type }) => type)),
    [["custom:odorik-calls-card"]],
  );
});

void test("an account without lines has no heading for them", () => {
  const hass = house(["balance"]);
  const [account] = accountsOf(hass);
  assert.ok(account);
  assert.equal(lineCards(account, hass).length, 2);
  assert.deepEqual(lineCards({ ...account, lines: [] }, hass), []);
});
