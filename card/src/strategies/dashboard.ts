import { accountsOf, type HouseAccount } from "../accounts";
import type { HomeAssistant } from "../home-assistant";
import { alertCards, callsCard, distributionCards, graphCards, lineCards, type CardConfig } from "./cards";
import { seriesCards } from "./years";

/** A name that no language translates. */
const TITLE = "Odorik";

function view(title: string, sections: readonly (readonly CardConfig[])[]): object {
  const filled = sections.filter((cards) => cards.length);
  return { type: "sections", title, max_columns: 3, sections: filled.map((cards) => ({ type: "grid", cards })) };
}

async function viewOf(account: HouseAccount, hass: HomeAssistant, isOnly: boolean): Promise<object> {
  const { days, months } = await seriesCards(account, hass);
  return view(isOnly ? TITLE : account.title, [
    [...alertCards(account), callsCard(account, isOnly, 12)],
    // The sensors' own statistics begin on the day of the installation.
    [...(days.length ? days : graphCards(account, hass)), ...distributionCards(account, hass)],
    [...lineCards(account, hass), ...months],
  ]);
}

/** A dashboard with a view for each account. */
export async function dashboard(hass: HomeAssistant): Promise<object> {
  const accounts = accountsOf(hass);
  const views = accounts.length
    ? await Promise.all(accounts.map((account) => viewOf(account, hass, accounts.length === 1)))
    : [view(TITLE, [[callsCard(undefined, true, 12)]])];
  return { views };
}
