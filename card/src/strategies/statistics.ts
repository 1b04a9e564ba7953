/** Cards of the long-term statistics that the integration imports from the operator's call history. */

import type { RegistryAccount } from "../accounts";
import type { HomeAssistant } from "../home-assistant";
import { DOMAIN } from "../model";
import { localize, type TextKey } from "./texts";
import { heading, type LovelaceCardConfig } from "./cards";

export type StatisticIds = ReadonlySet<string>;

type Period = "day" | "week" | "month";
interface Graph {
  readonly title: TextKey;
  readonly period: Period;
  readonly days: number;
  readonly type?: "line";
  /** Series by the text key of their legend. */
  readonly series: Readonly<Partial<Record<TextKey, string>>>;
}

/** Incoming calls are free. */
const COST = { outgoing: "outgoing_cost", redirected: "redirected_cost" };
const DURATIONS = {
  incoming: "incoming_duration",
  outgoing: "outgoing_duration",
  redirected: "redirected_duration",
};
const CALLS = { incoming: "incoming_calls", outgoing: "outgoing_calls", missed: "missed_calls" };

/** Days to show. */
const MONTH = 30;
const HALF_A_YEAR = 180;
const FIVE_YEARS = 1826;

export const DAILY_GRAPHS: readonly Graph[] = [
  { title: "cost", period: "day", days: MONTH, series: COST },
  { title: "talk_time", period: "day", days: MONTH, series: DURATIONS },
];
export const MONTHLY_GRAPHS: readonly Graph[] = [
  { title: "cost_by_month", period: "month", days: FIVE_YEARS, series: COST },
  { title: "minutes_by_month", period: "month", days: FIVE_YEARS, series: DURATIONS },
];
export const WEEKLY_GRAPHS: readonly Graph[] = [
  { title: "calls_by_week", period: "week", days: HALF_A_YEAR, type: "line", series: CALLS },
];

interface YearTotal {
  readonly series: string;
  readonly name: TextKey;
  readonly unit?: TextKey;
  readonly icon: string;
  readonly isNarrow?: boolean;
}

/** Only whole numbers fit into half a column. */
const YEAR_TOTALS: readonly YearTotal[] = [
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

/** Return the IDs of all statistics; none without the recorder. */
export async function listStatisticIds(hass: HomeAssistant): Promise<StatisticIds> {
  if (!hass.config.components.includes("recorder")) return new Set();
  const listed = await hass.connection.sendMessagePromise({
    type: "recorder/list_statistic_ids",
    statistic_type: "sum",
  });
  return new Set((listed as { statistic_id: string }[]).map(({ statistic_id: id }) => id));
}

const statisticId = ({ slug }: RegistryAccount, series: string): string =>
  `${DOMAIN}:${slug}_${series}`;

/** Return graphs of the series that have been imported. */
export function statisticsGraphCards(
  graphs: readonly Graph[],
  account: RegistryAccount,
  hass: HomeAssistant,
  statisticIds: StatisticIds,
): LovelaceCardConfig[] {
  const text = (key: TextKey): string => localize(hass.locale.language, key);
  return graphs
    .map(({ title, period, days, type, series }) => ({
      type: "statistics-graph",
      title: text(title),
      entities: Object.entries(series)
        .map(([name, id]) => ({ entity: statisticId(account, id), name: text(name as TextKey) }))
        .filter(({ entity }) => statisticIds.has(entity)),
      chart_type: type ?? "bar-stack",
      period,
      days_to_show: days,
      stat_types: ["change"],
      grid_options: { columns: "full" },
    }))
    .filter(({ entities }) => entities.length);
}

/** Return this year's totals. */
export function yearTotalCards(
  account: RegistryAccount,
  hass: HomeAssistant,
  statisticIds: StatisticIds,
): LovelaceCardConfig[] {
  const text = (key: TextKey): string => localize(hass.locale.language, key);
  const cards = YEAR_TOTALS.filter(({ series }) =>
    statisticIds.has(statisticId(account, series)),
  ).map(({ series, name, unit, icon, isNarrow }) => ({
    type: "statistic",
    entity: statisticId(account, series),
    name: text(name),
    icon,
    ...(unit && { unit: text(unit) }),
    stat_type: "change",
    period: { calendar: { period: "year" } },
    ...(!isNarrow && { grid_options: { columns: "full" } }),
  }));
  return cards.length ? [heading(text("this_year"), "mdi:calendar"), ...cards] : [];
}
