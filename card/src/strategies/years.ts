/** The years of an account, which the integration has written into Home Assistant's long-term statistics. */

import type { HouseAccount } from "../accounts";
import type { HomeAssistant } from "../home-assistant";
import { DOMAIN } from "../model";
import { say, type Key } from "../texts";
import type { CardConfig } from "./cards";

/** What is shown of them, by direction; that a call comes in costs nothing. */
const GRAPHS: readonly [Key, string, readonly Key[]][] = [
  ["cost_by_month", "cost", ["outgoing", "redirected"]],
  ["minutes_by_month", "duration", ["incoming", "outgoing", "redirected"]],
];
const DAYS = 1826;

/** Sums by month of five years, once they have been written; what Home Assistant has no series for is not shown. */
export async function yearCards({ user }: HouseAccount, hass: HomeAssistant): Promise<CardConfig[]> {
  if (!hass.config.components.includes("recorder")) return [];
  const listed = await hass.connection.sendMessagePromise({ type: "recorder/list_statistic_ids", statistic_type: "sum" });
  const known = new Set((listed as { statistic_id: string }[]).map(({ statistic_id: id }) => id));
  return GRAPHS.map(([title, what, directions]) => ({
    type: "statistics-graph",
    title: say(hass.locale.language, title),
    entities: directions
      .map((direction) => ({ entity: `${DOMAIN}:${user}_${direction}_${what}`, name: say(hass.locale.language, direction) }))
      .filter(({ entity }) => known.has(entity)),
    chart_type: "bar-stack",
    period: "month",
    days_to_show: DAYS,
    stat_types: ["change"],
    grid_options: { columns: "full" },
  })).filter(({ entities }) => entities.length);
}
