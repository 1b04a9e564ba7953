/** The cards that the strategies place: ours, and Home Assistant's own where they fit. */

import type { HouseAccount } from "../accounts";
import { CARD } from "../elements/card";
import type { HomeAssistant } from "../home-assistant";
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
      pulse: true,
      alert_color: "red",
      icon: "mdi:phone-ring",
      visibility: [{ condition: "state", entity: ringing, state: "on" }],
      grid_options: { columns: "full" },
    },
  ];
}

function graph(title: string, entities: readonly string[]): CardConfig {
  return {
    type: "statistics-graph",
    title,
    entities,
    chart_type: "bar",
    period: "day",
    days_to_show: 30,
    stat_types: ["change"],
    hide_legend: entities.length < 2,
    grid_options: { columns: "full" },
  };
}

/** Sums by day, where sums are kept. */
export function graphCards({ entities }: HouseAccount, hass: HomeAssistant): CardConfig[] {
  if (!hass.config.components.includes("recorder")) return [];
  const found = (keys: readonly string[]): string[] => keys.flatMap((key) => entities[key] ?? []);
  const cost = found(["cost_this_month"]);
  const minutes = found(["incoming_duration_this_month", "outgoing_duration_this_month"]);
  const text = (key: Key): string => say(hass.locale.language, key);
  return [
    ...(cost.length ? [graph(text("cost"), cost)] : []),
    ...(minutes.length ? [graph(text("calls_and_minutes"), minutes)] : []),
  ];
}

/** What this month went into: cost by direction where that is counted, else minutes. */
export function distributionCards({ entities }: HouseAccount, hass: HomeAssistant): CardConfig[] {
  const parts = ["cost", "duration"].map((what) => DIRECTIONS.flatMap((direction) => entities[`${direction}_${what}_this_month`] ?? []));
  const found = parts.find((several) => several.length > 1);
  return found ? [{ type: "distribution", title: say(hass.locale.language, "cost_this_month"), entities: found }] : [];
}

/** Each line, and whether a telephone is registered on it. */
export function lineCards({ lines }: HouseAccount, hass: HomeAssistant): CardConfig[] {
  const tiles = lines.flatMap(({ name, entities: { registered, active_calls } }): CardConfig[] => {
    const entity = registered ?? active_calls;
    return entity ? [{ type: "tile", color: "green", entity, name }] : [];
  });
  return tiles.length ? [heading(say(hass.locale.language, "lines"), "mdi:phone-classic"), ...tiles] : [];
}

export function heading(text: string, icon: string, badges: readonly object[] = []): CardConfig {
  return { type: "heading", heading: text, icon, ...(badges.length && { badges }) };
}
