import { html, LitElement, nothing, type TemplateResult } from "lit";

import { entryOf } from "../accounts";
import { property } from "lit/decorators.js";
import { icon } from "../elements/icon";
import { askPage, type Device, type HomeAssistant, type State } from "../home-assistant";
import { DOMAIN } from "../model";
import { say, type Key, type Values } from "../texts";
import styles from "./feature.styles";

export interface FeatureContext {
  readonly entity_id?: string;
}

/** What a feature's button does: which action with which data, and what is asked before. */
export interface Deed {
  readonly action: string;
  readonly data: object;
  readonly question: string;
}

/** Tell whether an entity of ours tells that. */
export function tells(hass: HomeAssistant, { entity_id }: FeatureContext, what: string): boolean {
  const entity = hass.entities[entity_id ?? ""];
  return entity?.platform === DOMAIN && entity.translation_key === what;
}

/** A button in the tile of one of our entities. */
export abstract class Feature extends LitElement {
  static override styles = styles;

  @property({ attribute: false }) hass: HomeAssistant | undefined;
  @property({ attribute: false }) context: FeatureContext | undefined;
  @property({ attribute: false }) stateObj: State | undefined;

  setConfig(): void {
    // There is nothing to choose.
  }

  /** What can be done now, if anything. */
  protected abstract _deed(): Deed | undefined;
  protected abstract _face(): {
    readonly name: string;
    readonly icon: string;
    readonly text: string;
  };

  protected _say(key: Key, values?: Values): string {
    return say(this.hass?.locale.language, key, values);
  }

  /** The account or the line that the entity belongs to. */
  protected get _device(): Device | undefined {
    const entity = this.hass?.entities[this.context?.entity_id ?? ""];
    return this.hass?.devices[entity?.device_id ?? ""];
  }

  /** Leave it to Home Assistant to ask once more, and to say when it fails. */
  private _act(): void {
    const deed = this._deed();
    if (!deed) return;
    const tap_action = {
      action: "perform-action",
      perform_action: `${DOMAIN}.${deed.action}`,
      data: { config_entry_id: entryOf(this._device), ...deed.data },
      confirmation: { text: deed.question },
    };
    askPage(this, "hass-action", { config: { tap_action }, action: "tap" });
  }

  protected override render(): TemplateResult | typeof nothing {
    if (!this.stateObj) return nothing;
    const face = this._face();
    return html`<button class=${face.name} ?disabled=${!this._deed()} @click=${this._act}>
      ${icon(face.icon)}${face.text}
    </button>`;
  }
}
