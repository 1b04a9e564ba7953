/** The strategies as Home Assistant knows them. Few pages ask for them, so what they make is loaded when one does. */

import type { HomeAssistant } from "./home-assistant";
import { DOMAIN } from "./model";
import type * as Strategies from "./strategies/index";
import type { SectionConfig } from "./strategies/section";

/** Of this version too: the address of a module is kept for a month. */
async function load(): Promise<typeof Strategies> {
  const { href, search } = new URL(import.meta.url);
  return (await import(new URL(`odorik-strategies.js${search}`, href).href)) as typeof Strategies;
}

/** A dashboard with a view for each account. */
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

/** The calls of an account as a section of anybody's dashboard. */
export class OdorikSection extends HTMLElement {
  static readonly registryDependencies = ["entities", "devices"];

  static async generate(config: SectionConfig, hass: HomeAssistant): Promise<object> {
    return (await load()).section(config, hass);
  }

  static getStubConfig(): object {
    return { type: `custom:${DOMAIN}` };
  }
}
