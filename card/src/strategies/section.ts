import { accountsOf } from "../accounts";
import type { HomeAssistant } from "../home-assistant";
import { DOMAIN } from "../model";
import { say } from "../texts";
import { callsCard, heading, OWN_NAME } from "./cards";

export interface SectionConfig {
  readonly config_entry_id?: string;
}

/** The calls of an account as a section of anybody's dashboard. */
export function section({ config_entry_id: id }: SectionConfig, hass: HomeAssistant): object {
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
  ];
  return { type: "grid", cards };
}
