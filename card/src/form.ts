/** The forms by which Home Assistant's editors ask for options. */

import { DOMAIN, HIDEABLE } from "./model";
import { say, type Key } from "./texts";

const ACCOUNT = { name: "config_entry_id", selector: { config_entry: { integration: DOMAIN } } };

/** What the card's editor asks. */
export function formOf(language: string): object {
  const options = HIDEABLE.map((value) => ({ value, label: say(language, value) }));
  return {
    schema: [
      { name: "title", selector: { text: {} } },
      ACCOUNT,
      { name: "hide", selector: { select: { multiple: true, mode: "list", options } } },
    ],
    computeLabel: ({ name }: { name: Key }) => say(language, name),
  };
}
