/** Generates the dashboard and the section. Bundled as a separate module. */

import { findAccounts, type RegistryAccount } from "../accounts";
import type { HomeAssistant } from "../home-assistant";
import { DOMAIN } from "../model";
import { localize, type TextKey } from "./texts";
import {
  alertCards,
  callsCard,
  distributionCards,
  ENTITY_NAME,
  figureCards,
  gateCards,
  heading,
  lineCards,
  sensorGraphCards,
  type LovelaceCardConfig,
} from "./cards";
import {
  DAILY_GRAPHS,
  listStatisticIds,
  MONTHLY_GRAPHS,
  statisticsGraphCards,
  WEEKLY_GRAPHS,
  yearTotalCards,
  type StatisticIds,
} from "./statistics";

const CARD_ROWS = 12;

export interface SectionConfig {
  readonly config_entry_id?: string;
}

function view(
  title: string,
  path: string,
  sections: readonly (readonly LovelaceCardConfig[])[],
): object {
  const filled = sections.filter((cards) => cards.length);
  return {
    type: "sections",
    title,
    path,
    max_columns: 3,
    sections: filled.map((cards) => ({ type: "grid", cards })),
  };
}

/** Return an account's view of its calls and, with the recorder, its view of statistics. */
function viewsOf(
  account: RegistryAccount,
  hass: HomeAssistant,
  statisticIds: StatisticIds,
  isOnlyAccount: boolean,
): object[] {
  const text = (key: TextKey): string => localize(hass.locale.language, key);
  const days = statisticsGraphCards(DAILY_GRAPHS, account, hass, statisticIds);
  // The sensors' own statistics begin only with the installation.
  const graphs = days.length ? days : sensorGraphCards(account, hass);
  const calls = view(
    isOnlyAccount ? text("section") : account.title,
    isOnlyAccount ? "calls" : account.slug,
    [
      [...alertCards(account), callsCard(account, isOnlyAccount, CARD_ROWS)],
      [
        ...figureCards(account, hass),
        ...distributionCards(account, hass),
        ...lineCards(account, hass),
        ...gateCards(account, hass),
      ],
      graphs.length ? [heading(text("last_days"), "mdi:chart-bar"), ...graphs] : [],
    ],
  );
  if (!hass.config.components.includes("recorder")) return [calls];
  const sums = yearTotalCards(account, hass, statisticIds);
  const title = isOnlyAccount ? text("years") : `${account.title} – ${text("years")}`;
  const years = view(title, isOnlyAccount ? "years" : `${account.slug}-years`, [
    sums.length
      ? sums
      : [{ type: "markdown", content: text("no_statistics"), grid_options: { columns: "full" } }],
    statisticsGraphCards(MONTHLY_GRAPHS, account, hass, statisticIds),
    statisticsGraphCards(WEEKLY_GRAPHS, account, hass, statisticIds),
  ]);
  return [calls, years];
}

/** Generate a dashboard with the views of each account. */
export async function dashboard(hass: HomeAssistant): Promise<object> {
  const accounts = findAccounts(hass);
  if (!accounts.length) {
    const empty = view(localize(hass.locale.language, "section"), "calls", [
      [callsCard(undefined, true, CARD_ROWS)],
    ]);
    return { views: [empty] };
  }
  const statisticIds = await listStatisticIds(hass);
  return {
    views: accounts.flatMap((account) =>
      viewsOf(account, hass, statisticIds, accounts.length === 1),
    ),
  };
}

/** Generate a section with an account's calls. */
export async function section(
  { config_entry_id: id }: SectionConfig,
  hass: HomeAssistant,
): Promise<object> {
  const accounts = findAccounts(hass);
  const account =
    accounts.find((candidate) => candidate.id === id) ?? (id ? undefined : accounts[0]);
  const missed = account?.entities["last_missed_call"];
  const cards = [
    heading(localize(hass.locale.language, "section"), "mdi:phone"),
    callsCard(account, !id && accounts.length < 2, 10),
    ...(missed
      ? [
          {
            type: "tile",
            entity: missed,
            name: ENTITY_NAME,
            color: "red",
            features_position: "inline",
            features: [{ type: `custom:${DOMAIN}-call-back` }],
            grid_options: { columns: "full" },
          },
        ]
      : []),
    ...(account
      ? statisticsGraphCards(MONTHLY_GRAPHS, account, hass, await listStatisticIds(hass)).slice(
          0,
          1,
        )
      : []),
  ];
  return { type: "grid", cards };
}
