/** The cards that the strategies place: ours, and Home Assistant's own where they fit. */

import type { HouseAccount } from "../accounts";
import type { HomeAssistant } from "../home-assistant";
import { CARD } from "../model";
import { say, type Key } from "../texts";

export type CardConfig = Readonly<Record<string, unknown>> & { readonly type: string };

const DIRECTIONS = ["incoming", "outgoing", "redirected"] as const;

export function callsCard(account: HouseAccount | undefined, isOnly: boolean, rows: number): CardConfig {
  return {
    type: `custom:${CARD}`,
    ...(account && !isOnly && { config_entry_id: account.id }),
    grid_options: { columns: 12, rows },
  };
}

/** Pulses while it rings, and is not there otherwise. */
export function alertCards({ entities: { ringing } }: HouseAccount): CardConfig[] {
  if (!ringing) return [];
  return [
    {
      type: "alert",
      entity: ringing,
      name: OWN_NAME,
      pulse: true,
      alert_color: "red",
      icon: "mdi:phone-ring",
      visibility: [{ condition: "state", entity: ringing, state: "on" }],
      grid_options: { columns: "full" },
    },
  ];
}

/** What an entity tells; the name of its account is no news here. */
export const OWN_NAME = { type: "entity" };

const found = ({ entities }: HouseAccount, keys: readonly string[]): string[] => keys.flatMap((key) => entities[key] ?? []);

/** Sums by day of the last month, where sums are kept. */
export function graphCards(account: HouseAccount, hass: HomeAssistant): CardConfig[] {
  if (!hass.config.components.includes("recorder")) return [];
  const graphs: [Key, string[]][] = [
    ["cost", ["cost_this_month"]],
    ["calls_and_minutes", ["incoming_duration_this_month", "outgoing_duration_this_month"]],
  ];
  return graphs
    .map(([title, keys]) => ({
      type: "statistics-graph",
      title: say(hass.locale.language, title),
      entities: found(account, keys),
      chart_type: "bar",
      period: "day",
      days_to_show: 30,
      stat_types: ["change"],
      hide_legend: keys.length < 2,
      grid_options: { columns: "full" },
    }))
    .filter(({ entities }) => entities.length);
}

/** What this month went into: cost by direction where that is counted, else minutes. */
export function distributionCards(account: HouseAccount, hass: HomeAssistant): CardConfig[] {
  return ["cost", "duration"]
    .map((what) => ({
      type: "distribution",
      title: say(hass.locale.language, "cost_this_month"),
      entities: found(account, DIRECTIONS.map((direction) => `${direction}_${what}_this_month`)).map((entity) => ({ entity, name: OWN_NAME })),
    }))
    .filter(({ entities }) => entities.length > 1)
    .slice(0, 1);
}

/** Each line, and whether a telephone is registered on it. */
export function lineCards({ lines }: HouseAccount, hass: HomeAssistant): CardConfig[] {
  const tiles = lines.flatMap(({ name, entities: { registered, active_calls } }): CardConfig[] => {
    const entity = registered ?? active_calls;
    return entity ? [{ type: "tile", color: "green", entity, name }] : [];
  });
  return tiles.length ? [heading(say(hass.locale.language, "lines"), "mdi:phone-classic"), ...tiles] : [];
}

export function heading(text: string, icon: string): CardConfig {
  return { type: "heading", heading: text, icon };
}
