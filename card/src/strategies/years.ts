/** Cards of an account's long-term statistics, which the integration has written from the operator's whole history. */

import type { HouseAccount } from "../accounts";
import type { HomeAssistant } from "../home-assistant";
import { DOMAIN } from "../model";
import { say, type Key } from "../texts";
import { heading, type CardConfig } from "./cards";

/** The IDs of the statistics that have been written. */
export type Written = ReadonlySet<string>;

type Period = "day" | "week" | "month";
interface Graph {
  readonly title: Key;
  readonly period: Period;
  readonly days: number;
  readonly type?: "line";
  /** The series by the names that the legend shows. */
  readonly series: Readonly<Partial<Record<Key, string>>>;
}

/** Calls that come in cost nothing. */
const COST = { outgoing: "outgoing_cost", redirected: "redirected_cost" };
const MINUTES = {
  incoming: "incoming_duration",
  outgoing: "outgoing_duration",
  redirected: "redirected_duration",
};
const CALLS = { incoming: "incoming_calls", outgoing: "outgoing_calls", missed: "missed_calls" };

const MONTH = 30;
const HALF_A_YEAR = 180;
const FIVE_YEARS = 1826;

export const DAYS: readonly Graph[] = [
  { title: "cost", period: "day", days: MONTH, series: COST },
  { title: "talk_time", period: "day", days: MONTH, series: MINUTES },
];
export const MONTHS: readonly Graph[] = [
  { title: "cost_by_month", period: "month", days: FIVE_YEARS, series: COST },
  { title: "minutes_by_month", period: "month", days: FIVE_YEARS, series: MINUTES },
];
export const WEEKS: readonly Graph[] = [
  { title: "calls_by_week", period: "week", days: HALF_A_YEAR, type: "line", series: CALLS },
];

interface Sum {
  readonly series: string;
  readonly name: Key;
  readonly unit?: Key;
  readonly icon: string;
  readonly isNarrow?: boolean;
}

/** Amounts with decimals would be cut off in half a column. */
const SUMS: readonly Sum[] = [
  {
    series: "incoming_calls",
    name: "incoming",
    unit: "unit_calls",
    icon: "mdi:phone-incoming",
    isNarrow: true,
  },
  {
    series: "outgoing_calls",
    name: "outgoing",
    unit: "unit_calls",
    icon: "mdi:phone-outgoing",
    isNarrow: true,
  },
  { series: "missed_calls", name: "missed", unit: "unit_calls", icon: "mdi:phone-missed" },
  { series: "incoming_duration", name: "incoming_talk_time", icon: "mdi:timer-outline" },
  { series: "outgoing_duration", name: "outgoing_talk_time", icon: "mdi:timer-outline" },
  { series: "outgoing_cost", name: "outgoing_cost", unit: "unit_cost", icon: "mdi:cash" },
];

/** Ask which statistics there are; none without a recorder. */
export async function writtenSeries(hass: HomeAssistant): Promise<Written> {
  if (!hass.config.components.includes("recorder")) return new Set();
  const listed = await hass.connection.sendMessagePromise({
    type: "recorder/list_statistic_ids",
    statistic_type: "sum",
  });
  return new Set((listed as { statistic_id: string }[]).map(({ statistic_id: id }) => id));
}

const idOf = ({ user }: HouseAccount, series: string): string => `${DOMAIN}:${user}_${series}`;

/** Graphs of the series that have been written. */
export function seriesCards(
  graphs: readonly Graph[],
  account: HouseAccount,
  hass: HomeAssistant,
  written: Written,
): CardConfig[] {
  const text = (key: Key): string => say(hass.locale.language, key);
  return graphs
    .map(({ title, period, days, type, series }) => ({
      type: "statistics-graph",
      title: text(title),
      entities: Object.entries(series)
        .map(([name, id]) => ({ entity: idOf(account, id), name: text(name as Key) }))
        .filter(({ entity }) => written.has(entity)),
      chart_type: type ?? "bar-stack",
      period,
      days_to_show: days,
      stat_types: ["change"],
      grid_options: { columns: "full" },
    }))
    .filter(({ entities }) => entities.length);
}

/** What this year has come to. */
export function yearCards(
  account: HouseAccount,
  hass: HomeAssistant,
  written: Written,
): CardConfig[] {
  const text = (key: Key): string => say(hass.locale.language, key);
  const cards = SUMS.filter(({ series }) => written.has(idOf(account, series))).map(
    ({ series, name, unit, icon, isNarrow }) => ({
      type: "statistic",
      entity: idOf(account, series),
      name: text(name),
      icon,
      ...(unit && { unit: text(unit) }),
      stat_type: "change",
      period: { calendar: { period: "year" } },
      ...(!isNarrow && { grid_options: { columns: "full" } }),
    }),
  );
  return cards.length ? [heading(text("this_year"), "mdi:calendar"), ...cards] : [];
}
