import { accountsOf, type HouseAccount } from "../accounts";
import type { HomeAssistant } from "../home-assistant";
import { say, type Key } from "../texts";
import {
  alertCards,
  callsCard,
  distributionCards,
  figureCards,
  graphCards,
  heading,
  lineCards,
  type CardConfig,
} from "./cards";
import { DAYS, MONTHS, seriesCards, WEEKS, writtenSeries, yearCards, type Written } from "./years";

const CARD_ROWS = 12;

function view(title: string, path: string, sections: readonly (readonly CardConfig[])[]): object {
  const filled = sections.filter((cards) => cards.length);
  return {
    type: "sections",
    title,
    path,
    max_columns: 3,
    sections: filled.map((cards) => ({ type: "grid", cards })),
  };
}

/** The views of an account: its calls, and what they come to over the years where sums are kept. */
function viewsOf(
  account: HouseAccount,
  hass: HomeAssistant,
  written: Written,
  isOnly: boolean,
): object[] {
  const text = (key: Key): string => say(hass.locale.language, key);
  const days = seriesCards(DAYS, account, hass, written);
  // The sensors' own statistics begin on the day of the installation.
  const graphs = days.length ? days : graphCards(account, hass);
  const calls = view(isOnly ? text("section") : account.title, isOnly ? "calls" : account.user, [
    [...alertCards(account), callsCard(account, isOnly, CARD_ROWS)],
    [
      ...figureCards(account, hass),
      ...distributionCards(account, hass),
      ...lineCards(account, hass),
    ],
    graphs.length ? [heading(text("last_days"), "mdi:chart-bar"), ...graphs] : [],
  ]);
  if (!hass.config.components.includes("recorder")) return [calls];
  const sums = yearCards(account, hass, written);
  const title = isOnly ? text("years") : `${account.title} – ${text("years")}`;
  const years = view(title, isOnly ? "years" : `${account.user}-years`, [
    sums.length
      ? sums
      : [{ type: "markdown", content: text("no_years"), grid_options: { columns: "full" } }],
    seriesCards(MONTHS, account, hass, written),
    seriesCards(WEEKS, account, hass, written),
  ]);
  return [calls, years];
}

/** A dashboard with two views for each account. */
export async function dashboard(hass: HomeAssistant): Promise<object> {
  const accounts = accountsOf(hass);
  if (!accounts.length) {
    const empty = view(say(hass.locale.language, "section"), "calls", [
      [callsCard(undefined, true, CARD_ROWS)],
    ]);
    return { views: [empty] };
  }
  const written = await writtenSeries(hass);
  return {
    views: accounts.flatMap((account) => viewsOf(account, hass, written, accounts.length === 1)),
  };
}
