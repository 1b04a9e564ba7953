/** The long-term statistics of an account, which the integration has written from the operator's whole history. */

import type { HouseAccount } from "../accounts";
import type { HomeAssistant } from "../home-assistant";
import { DOMAIN } from "../model";
import { say, type Key } from "../texts";
import type { CardConfig } from "./cards";

/** What is shown of them, by direction; that a call comes in costs nothing. */
const SHOWN: readonly { readonly what: string; readonly directions: readonly Key[] }[] = [
  { what: "cost", directions: ["outgoing", "redirected"] },
  { what: "duration", directions: ["incoming", "outgoing", "redirected"] },
];
/** How far back, in what steps, and what the graph of each is called. */
const SPANS = {
  days: { period: "day", days: 30, titles: ["cost", "calls_and_minutes"] },
  months: { period: "month", days: 1826, titles: ["cost_by_month", "minutes_by_month"] },
} as const;

export type Graphs = Readonly<Record<keyof typeof SPANS, CardConfig[]>>;

/** Sums by day and by month, once they have been written; what Home Assistant has no series for is not shown. */
export async function seriesCards({ user }: HouseAccount, hass: HomeAssistant): Promise<Graphs> {
  const known = new Set<string>();
  if (hass.config.components.includes("recorder")) {
    const listed = await hass.connection.sendMessagePromise({ type: "recorder/list_statistic_ids", statistic_type: "sum" });
    for (const { statistic_id: id } of listed as { statistic_id: string }[]) known.add(id);
  }
  const drawn = ({ period, days, titles }: (typeof SPANS)[keyof typeof SPANS]): CardConfig[] =>
    SHOWN.map(({ what, directions }, place) => ({
      type: "statistics-graph",
      title: say(hass.locale.language, titles[place] ?? "cost"),
      entities: directions
        .map((direction) => ({ entity: `${DOMAIN}:${user}_${direction}_${what}`, name: say(hass.locale.language, direction) }))
        .filter(({ entity }) => known.has(entity)),
      chart_type: "bar-stack",
      period,
      days_to_show: days,
      stat_types: ["change"],
      grid_options: { columns: "full" },
    })).filter(({ entities }) => entities.length);
  return { days: drawn(SPANS.days), months: drawn(SPANS.months) };
}
