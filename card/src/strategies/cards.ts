/** Card configurations for the strategies. */

import type { RegistryAccount } from "../accounts";
import type { HomeAssistant } from "../home-assistant";
import { CARD } from "../model";
import { localize, type TextKey } from "./texts";

export type LovelaceCardConfig = Readonly<Record<string, unknown>> & { readonly type: string };

const DIRECTIONS = ["incoming", "outgoing", "redirected"] as const;
const DISTRIBUTIONS: readonly { readonly metric: string; readonly title: TextKey }[] = [
  { metric: "duration", title: "talk_time" },
  { metric: "cost", title: "cost" },
];

export function callsCard(
  account: RegistryAccount | undefined,
  isOnlyAccount: boolean,
  rows: number,
): LovelaceCardConfig {
  return {
    type: `custom:${CARD}`,
    ...(account && !isOnlyAccount && { config_entry_id: account.id }),
    grid_options: { columns: 12, rows },
  };
}

/** Return a pulsing alert that is visible only while a call is ringing. */
export function alertCards({ entities: { ringing } }: RegistryAccount): LovelaceCardConfig[] {
  if (!ringing) return [];
  return [
    {
      type: "alert",
      entity: ringing,
      name: ENTITY_NAME,
      pulse: true,
      alert_color: "red",
      icon: "mdi:phone-ring",
      visibility: [{ condition: "state", entity: ringing, state: "on" }],
      grid_options: { columns: "full" },
    },
  ];
}

/** Show the entity's name without that of its device. */
export const ENTITY_NAME = { type: "entity" };

const entityIds = ({ entities }: RegistryAccount, keys: readonly string[]): string[] =>
  keys.flatMap((key) => entities[key] ?? []);

/** A tile of half the section's width, or of the full width if `wide`. */
interface Tile {
  readonly key: string;
  readonly name: TextKey;
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

/** Return tiles of today's and this month's figures. */
export function figureCards(
  { entities }: RegistryAccount,
  hass: HomeAssistant,
): LovelaceCardConfig[] {
  const text = (key: TextKey): string => localize(hass.locale.language, key);
  const group = (period: "sums_today" | "sums_this_month", icon: string): LovelaceCardConfig[] => {
    const tiles = (FIGURES[period] ?? []).flatMap(
      ({ key, name, color, wide }): LovelaceCardConfig[] => {
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
      },
    );
    return tiles.length ? [heading(text(period), icon), ...tiles] : [];
  };
  return [
    ...group("sums_today", "mdi:calendar-today"),
    ...group("sums_this_month", "mdi:calendar-month"),
  ];
}

/** Return graphs of the sensors' own statistics for the last 30 days, if the recorder is loaded. */
export function sensorGraphCards(
  account: RegistryAccount,
  hass: HomeAssistant,
): LovelaceCardConfig[] {
  if (!hass.config.components.includes("recorder")) return [];
  const graphs: [TextKey, string[]][] = [
    ["cost", ["cost_this_month"]],
    ["talk_time", ["incoming_duration_this_month", "outgoing_duration_this_month"]],
  ];
  return graphs
    .map(([title, keys]) => ({
      type: "statistics-graph",
      title: localize(hass.locale.language, title),
      entities: entityIds(account, keys),
      chart_type: "bar",
      period: "day",
      days_to_show: 30,
      stat_types: ["change"],
      hide_legend: keys.length < 2,
      grid_options: { columns: "full" },
    }))
    .filter(({ entities }) => entities.length);
}

/** Return this month's talk time and cost by direction, if at least two of the entities exist. */
export function distributionCards(
  { entities }: RegistryAccount,
  hass: HomeAssistant,
): LovelaceCardConfig[] {
  const text = (key: TextKey): string => localize(hass.locale.language, key);
  return DISTRIBUTIONS.map(({ metric, title }) => ({
    type: "distribution",
    title: text(title),
    entities: DIRECTIONS.flatMap((direction) => {
      const entity = entities[`${direction}_${metric}_this_month`];
      return entity ? [{ entity, name: text(direction) }] : [];
    }),
    grid_options: { columns: "full" },
  })).filter((card) => card.entities.length > 1);
}

/** Return a tile for each line that shows whether a phone is registered. */
export function lineCards({ lines }: RegistryAccount, hass: HomeAssistant): LovelaceCardConfig[] {
  const tiles = lines.flatMap(
    ({ name, entities: { registered, active_calls } }): LovelaceCardConfig[] => {
      const entity = registered ?? active_calls;
      return entity ? [{ type: "tile", color: "green", entity, name }] : [];
    },
  );
  return tiles.length
    ? [heading(localize(hass.locale.language, "lines"), "mdi:phone-classic"), ...tiles]
    : [];
}

/** Return a tile with the last ring of each gate. */
export function gateCards({ lines }: RegistryAccount, hass: HomeAssistant): LovelaceCardConfig[] {
  const gates = lines.flatMap(({ entities: { gate } }) => gate ?? []);
  const tiles = gates.map((entity) => ({
    type: "tile",
    entity,
    color: "teal",
    state_content: ["event_type", "last_changed"],
    grid_options: { columns: "full" },
  }));
  return gates.length
    ? [heading(localize(hass.locale.language, "gates"), "mdi:gate"), ...tiles]
    : [];
}

export function heading(text: string, icon: string): LovelaceCardConfig {
  return { type: "heading", heading: text, icon };
}
