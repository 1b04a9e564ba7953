/** Tells Home Assistant of the card, the strategies and the tile features. */

import "./frontend"; // First: what follows defines elements.
import "./elements/card";
import { accountsOf, entryOf } from "./accounts";
import { CALL_BACK } from "./features/call-back";
import { tells, type FeatureContext } from "./features/feature";
import { HANG_UP } from "./features/hang-up";
import type { HomeAssistant } from "./home-assistant";
import { CARD, DOMAIN } from "./model";
import { OdorikDashboard, OdorikSection } from "./strategies";
import { say, type Key } from "./texts";

declare global {
  interface Window {
    customCards?: object[];
    customCardFeatures?: object[];
    customStrategies?: object[];
  }
}

const documentationURL = "https://github.com/odorik-homeassistant/odorik";

/** What Home Assistant lists; it reads the words late, since the page learns the language after loading this. */
function offer(type: string, name: Key, description: Key, more: object): object {
  const text = (key: Key): string => say(document.documentElement.lang, key);
  return {
    ...more,
    type,
    documentationURL,
    get name() {
      return text(name);
    },
    get description() {
      return text(description);
    },
  };
}

/** Offer the card for any entity of an account. */
function getEntitySuggestion(hass: HomeAssistant, entityId: string): object | null {
  const entity = hass.entities[entityId];
  if (entity?.platform !== DOMAIN) return null;
  const account =
    accountsOf(hass).length > 1
      ? { config_entry_id: entryOf(hass.devices[entity.device_id ?? ""]) }
      : {};
  return { config: { type: `custom:${CARD}`, ...account } };
}

function isSupported(what: string): (hass: HomeAssistant, context: FeatureContext) => boolean {
  return (hass, context) => tells(hass, context, what);
}

customElements.define(`ll-strategy-dashboard-${DOMAIN}`, OdorikDashboard);
customElements.define(`ll-strategy-section-${DOMAIN}`, OdorikSection);
(window.customCards ??= []).push(
  offer(CARD, "card", "description", { preview: true, getEntitySuggestion }),
);
(window.customStrategies ??= []).push(
  offer(DOMAIN, "dashboard", "dashboard_description", { strategyType: "dashboard" }),
  offer(DOMAIN, "section", "description", { strategyType: "section" }),
);
(window.customCardFeatures ??= []).push(
  offer(CALL_BACK, "call_back_last", "description", {
    isSupported: isSupported("last_missed_call"),
  }),
  offer(HANG_UP, "hang_up", "description", { isSupported: isSupported("active_calls") }),
);
