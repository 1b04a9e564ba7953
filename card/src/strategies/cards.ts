/** The cards that the strategies place: ours, and Home Assistant's own where they fit. */

import type { HouseAccount } from "../accounts";
import type { HomeAssistant } from "../home-assistant";
import { CARD } from "../model";
import { say, type Key } from "../texts";

export type CardConfig = Readonly<Record<string, unknown>> & { readonly type: string };

const DIRECTIONS = ["incoming", "outgoing", "redirected"] as const;
const SHARES: readonly { readonly what: string; readonly title: Key }[] = [
  { what: "duration", title: "talk_time" },
  { what: "cost", title: "cost" },
];

export function callsCard(
  account: HouseAccount | undefined,
  isOnly: boolean,
  rows: number,
): CardConfig {
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

const found = ({ entities }: HouseAccount, keys: readonly string[]): string[] =>
  keys.flatMap((key) => entities[key] ?? []);

/** Figures of a period, each in a tile of half the width unless it is to be `wide`. */
interface Tile {
  readonly key: string;
  readonly name: Key;
  readonly color: string;
  readonly wide?: boolean;
}

const FIGURES: Readonly<Record<string, readonly Tile[]>> = {
  sums_today: [
    { key: "incoming_calls_today", name: "incoming", color: "blue" },
    { key: "outgoing_calls_today", name: "outgoing", color: "blue" },
    { key: "missed_calls_today", name: "missed", color: "red" },
    { key: "cost_today", name: "cost", color: "amber" },
  ],
  sums_this_month: [
    { key: "incoming_calls_this_month", name: "incoming", color: "blue" },
    { key: "outgoing_calls_this_month", name: "outgoing", color: "blue" },
    { key: "top_destination_this_month", name: "top_destination", color: "amber", wide: true },
  ],
};

/** The figures of today and of this month. */
export function figureCards({ entities }: HouseAccount, hass: HomeAssistant): CardConfig[] {
  const text = (key: Key): string => say(hass.locale.language, key);
  const group = (period: "sums_today" | "sums_this_month", icon: string): CardConfig[] => {
    const tiles = (FIGURES[period] ?? []).flatMap(({ key, name, color, wide }): CardConfig[] => {
      const entity = entities[key];
      return entity
        ? [
            {
              type: "tile",
              entity,
              name: text(name),
              color,
              ...(wide && { grid_options: { columns: "full" } }),
            },
          ]
        : [];
    });
    return tiles.length ? [heading(text(period), icon), ...tiles] : [];
  };
  return [
    ...group("sums_today", "mdi:calendar-today"),
    ...group("sums_this_month", "mdi:calendar-month"),
  ];
}

/** Sums by day of the last month, where sums are kept. */
export function graphCards(account: HouseAccount, hass: HomeAssistant): CardConfig[] {
  if (!hass.config.components.includes("recorder")) return [];
  const graphs: [Key, string[]][] = [
    ["cost", ["cost_this_month"]],
    ["talk_time", ["incoming_duration_this_month", "outgoing_duration_this_month"]],
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

/** The talk time and the cost of this month by direction, where that is counted. */
export function distributionCards({ entities }: HouseAccount, hass: HomeAssistant): CardConfig[] {
  const text = (key: Key): string => say(hass.locale.language, key);
  return SHARES.map(({ what, title }) => ({
    type: "distribution",
    title: text(title),
    entities: DIRECTIONS.flatMap((direction) => {
      const entity = entities[`${direction}_${what}_this_month`];
      return entity ? [{ entity, name: text(direction) }] : [];
    }),
    grid_options: { columns: "full" },
  })).filter((card) => card.entities.length > 1);
}

/** Each line, and whether a telephone is registered on it. */
export function lineCards({ lines }: HouseAccount, hass: HomeAssistant): CardConfig[] {
  const tiles = lines.flatMap(({ name, entities: { registered, active_calls } }): CardConfig[] => {
    const entity = registered ?? active_calls;
    return entity ? [{ type: "tile", color: "green", entity, name }] : [];
  });
  return tiles.length
    ? [heading(say(hass.locale.language, "lines"), "mdi:phone-classic"), ...tiles]
    : [];
}

export function heading(text: string, icon: string): CardConfig {
  return { type: "heading", heading: text, icon };
}
