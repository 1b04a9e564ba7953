/** Registers the card, the strategies and the tile features with Home Assistant. */

import "./frontend"; // First: the other modules define elements.
import "./elements/card";
import { configEntryId, findAccounts } from "./accounts";
import { CALL_BACK } from "./features/call-back";
import { HANG_UP } from "./features/hang-up";
import { hasTranslationKey, type FeatureContext } from "./features/tile-feature";
import type { HomeAssistant } from "./home-assistant";
import { CARD, DOMAIN } from "./model";
import { OdorikDashboard, OdorikSection } from "./strategies";
import { localize, type TextKey } from "./texts";

declare global {
  interface Window {
    customCards?: object[];
    customCardFeatures?: object[];
    customStrategies?: object[];
  }
}

const documentationURL = "https://github.com/odorik-homeassistant/odorik";

/** Describe an element for Home Assistant's pickers. The texts are getters: the page's language is set after this module loads. */
function describe(type: string, name: TextKey, description: TextKey, options: object): object {
  const text = (key: TextKey): string => localize(document.documentElement.lang, key);
  return {
    ...options,
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

/** Suggest the card for any entity of an account. */
function getEntitySuggestion(hass: HomeAssistant, entityId: string): object | null {
  const entity = hass.entities[entityId];
  if (entity?.platform !== DOMAIN) return null;
  const account =
    findAccounts(hass).length > 1
      ? { config_entry_id: configEntryId(hass.devices[entity.device_id ?? ""]) }
      : {};
  return { config: { type: `custom:${CARD}`, ...account } };
}

function isSupported(key: string): (hass: HomeAssistant, context: FeatureContext) => boolean {
  return (hass, context) => hasTranslationKey(hass, context, key);
}

customElements.define(`ll-strategy-dashboard-${DOMAIN}`, OdorikDashboard);
customElements.define(`ll-strategy-section-${DOMAIN}`, OdorikSection);
(window.customCards ??= []).push(
  describe(CARD, "card", "description", { preview: true, getEntitySuggestion }),
);
(window.customStrategies ??= []).push(
  describe(DOMAIN, "dashboard", "dashboard_description", { strategyType: "dashboard" }),
  describe(DOMAIN, "section", "description", { strategyType: "section" }),
);
(window.customCardFeatures ??= []).push(
  describe(CALL_BACK, "call_back_last", "description", {
    isSupported: isSupported("last_missed_call"),
  }),
  describe(HANG_UP, "hang_up", "description", { isSupported: isSupported("active_calls") }),
);
