import assert from "node:assert/strict";
import { test } from "node:test";

import { accountsOf } from "../src/accounts";
import type { HomeAssistant } from "../src/home-assistant";
import { distributionCards, graphCards, lineCards } from "../src/strategies/cards";
import { seriesCards } from "../src/strategies/years";
import { home } from "./world";

/** A house with an account, its line and a stranger's device. */
function house(keys: readonly string[], components: readonly string[] = ["recorder"]): HomeAssistant {
  const entity = (key: string, device_id: string, platform = "odorik") => ({ entity_id: `sensor.${device_id}_${key}`, platform, device_id, translation_key: key });
  const entities = [...keys.map((key) => entity(key, "account")), entity("registered", "line"), entity("missed", "other", "other")];
  return {
    ...home(),
    config: { time_zone: "Europe/Prague", components },
    entities: Object.fromEntries(entities.map((one) => [one.entity_id, one])),
    devices: {
      account: { id: "account", identifiers: [["odorik", "Me-1"]], name: "Odorik 1", config_entry_id: "one" },
      line: { id: "line", name: "300100", name_by_user: "Domov", via_device_id: "account", config_entry_id: "one" },
      other: { id: "other", name: "Other" },
    },
    states: Object.fromEntries(entities.map(({ entity_id }) => [entity_id, { entity_id, state: "1", attributes: {} }])),
  } as unknown as HomeAssistant;
}

void test("an account is found with its lines, and nobody else's devices", () => {
  const [account, ...others] = accountsOf(house(["balance"]));
  assert.equal(account?.id, "one");
  assert.equal(account.entities["balance"], "sensor.account_balance");
  assert.deepEqual(account.lines.map(({ name }) => name), ["Domov"]);
  assert.deepEqual(others, []);
});

void test("cost is distributed where it is counted by direction, else minutes, else nothing", () => {
  const shown = (keys: readonly string[]): unknown => {
    const hass = house(keys);
    const [account] = accountsOf(hass);
    const entities = account && (distributionCards(account, hass)[0]?.["entities"] as { entity: string }[] | undefined);
    return entities?.map(({ entity }) => entity);
  };
  const minutes = ["incoming_duration_this_month", "outgoing_duration_this_month"];
  const cost = ["outgoing_cost_this_month", "redirected_cost_this_month"];
  const named = (keys: readonly string[]): string[] => keys.map((key) => `sensor.account_${key}`);
  assert.deepEqual(shown([...minutes, ...cost]), named(cost));
  assert.deepEqual(shown([...minutes, "outgoing_cost_this_month"]), named(minutes));
  assert.equal(shown(["balance"]), undefined);
});

void test("graphs are drawn only where sums are kept", () => {
  const count = (hass: HomeAssistant): number => accountsOf(hass).flatMap((account) => graphCards(account, hass)).length;
  assert.equal(count(house(["cost_this_month", "incoming_duration_this_month"])), 2);
  assert.equal(count(house(["cost_this_month"], [])), 0);
});

void test("years are drawn of the series that have been written, under the login of the account", async () => {
  const drawn = async (ids: readonly string[], components?: readonly string[]): Promise<unknown> => {
    const written = ids.map((statistic_id) => ({ statistic_id }));
    const hass = { ...house(["balance"], components), connection: { sendMessagePromise: () => Promise.resolve(written) } } as unknown as HomeAssistant;
    const [account] = accountsOf(hass);
    assert.ok(account);
    const { days, months } = await seriesCards(account, hass);
    const [byDay, byMonth] = [days, months].map((cards) => cards.map(({ entities }) => (entities as { entity: string }[]).map(({ entity }) => entity)));
    assert.deepEqual(byDay, byMonth);
    assert.ok(days.every(({ period }) => period === "day") && months.every(({ period }) => period === "month"));
    return byMonth;
  };
  assert.deepEqual(await drawn([]), []);
  const series = ["odorik:me_1_outgoing_cost", "odorik:me_1_incoming_duration", "odorik:2_outgoing_cost"];
  assert.deepEqual(await drawn(series), [["odorik:me_1_outgoing_cost"], ["odorik:me_1_incoming_duration"]]);
  assert.deepEqual(await drawn(series, []), []);
});

void test("an account without lines has no heading for them", () => {
  const hass = house(["balance"]);
  const [account] = accountsOf(hass);
  assert.ok(account);
  assert.equal(lineCards(account, hass).length, 2);
  assert.deepEqual(lineCards({ ...account, lines: [] }, hass), []);
});
