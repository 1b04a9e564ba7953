/** Strategy elements. Few pages use them, so their code is a module that is loaded on demand. */

import type { HomeAssistant } from "./home-assistant";
import { DOMAIN } from "./model";
import type * as Strategies from "./strategies/generate";

/** Load the module with this module's version in the URL, since browsers cache it for a month. */
async function load(): Promise<typeof Strategies> {
  const { href, search } = new URL(import.meta.url);
  return (await import(new URL(`odorik-strategies.js${search}`, href).href)) as typeof Strategies;
}

/** A dashboard with the views of each account. */
export class OdorikDashboard extends HTMLElement {
  static readonly noEditor = true;
  static readonly registryDependencies = ["entities", "devices"];

  static async generate(_config: object, hass: HomeAssistant): Promise<object> {
    return (await load()).dashboard(hass);
  }

  static getCreateSuggestions(): object {
    return { title: "Odorik", icon: "mdi:phone" };
  }
}

/** A section with an account's calls for any dashboard. */
export class OdorikSection extends HTMLElement {
  static readonly registryDependencies = ["entities", "devices"];

  static async generate(config: Strategies.SectionConfig, hass: HomeAssistant): Promise<object> {
    return (await load()).section(config, hass);
  }

  static getStubConfig(): object {
    return { type: `custom:${DOMAIN}` };
  }
}
