import { accountsOf } from "../accounts";
import type { HomeAssistant } from "../home-assistant";
import { DOMAIN } from "../model";
import { say } from "../texts";
import { callsCard, heading, OWN_NAME } from "./cards";
import { MONTHS, seriesCards, writtenSeries } from "./years";

export interface SectionConfig {
  readonly config_entry_id?: string;
}

/** The calls of an account as a section of anybody's dashboard. */
export async function section(
  { config_entry_id: id }: SectionConfig,
  hass: HomeAssistant,
): Promise<object> {
  const accounts = accountsOf(hass);
  const account = accounts.find((one) => one.id === id) ?? (id ? undefined : accounts[0]);
  const missed = account?.entities["last_missed_call"];
  const cards = [
    heading(say(hass.locale.language, "section"), "mdi:phone"),
    callsCard(account, !id && accounts.length < 2, 10),
    ...(missed
      ? [
          {
            type: "tile",
            entity: missed,
            name: OWN_NAME,
            color: "red",
            features_position: "inline",
            features: [{ type: `custom:${DOMAIN}-call-back` }],
            grid_options: { columns: "full" },
          },
        ]
      : []),
    ...(account ? seriesCards(MONTHS, account, hass, await writtenSeries(hass)).slice(0, 1) : []),
  ];
  return { type: "grid", cards };
}
