import { html, LitElement, nothing, type TemplateResult } from "lit";
import { property } from "lit/decorators.js";

import { configEntryId } from "../accounts";
import { icon } from "../elements/icon";
import { fireEvent } from "../events";
import type { DeviceRegistryEntry, HassEntity, HomeAssistant } from "../home-assistant";
import { DOMAIN } from "../model";
import type { Placeholders } from "../localizer";
import { localize, type TextKey } from "../texts";
import styles from "./tile-feature.styles";

export interface FeatureContext {
  readonly entity_id?: string;
}

/** An action of the integration, and the question to confirm it. */
export interface FeatureAction {
  readonly action: string;
  readonly data: object;
  readonly confirmation: string;
}

export interface FeatureButton {
  readonly className: string;
  readonly icon: string;
  readonly text: string;
}

/** Return whether the entity is one of this integration's with the given translation key. */
export function hasTranslationKey(
  hass: HomeAssistant,
  { entity_id }: FeatureContext,
  key: string,
): boolean {
  const entity = hass.entities[entity_id ?? ""];
  return entity?.platform === DOMAIN && entity.translation_key === key;
}

/** A tile feature with one button. */
export abstract class TileFeature extends LitElement {
  static override styles = styles;

  @property({ attribute: false }) hass: HomeAssistant | undefined;
  @property({ attribute: false }) context: FeatureContext | undefined;
  @property({ attribute: false }) stateObj: HassEntity | undefined;

  setConfig(): void {
    // No options.
  }

  /** Return the button's action, or undefined to disable the button. */
  protected abstract _action(): FeatureAction | undefined;
  protected abstract _button(): FeatureButton;

  protected _localize(key: TextKey, placeholders?: Placeholders): string {
    return localize(this.hass?.locale.language, key, placeholders);
  }

  /** The entity's device: an account or a line. */
  protected get _device(): DeviceRegistryEntry | undefined {
    const entity = this.hass?.entities[this.context?.entity_id ?? ""];
    return this.hass?.devices[entity?.device_id ?? ""];
  }

  /** Let Home Assistant ask for confirmation, run the action and report errors. */
  private _onClick(): void {
    const featureAction = this._action();
    if (!featureAction) return;
    const tap_action = {
      action: "perform-action",
      perform_action: `${DOMAIN}.${featureAction.action}`,
      data: { config_entry_id: configEntryId(this._device), ...featureAction.data },
      confirmation: { text: featureAction.confirmation },
    };
    fireEvent(this, "hass-action", { config: { tap_action }, action: "tap" });
  }

  protected override render(): TemplateResult | typeof nothing {
    if (!this.stateObj) return nothing;
    const button = this._button();
    return html`<button
      class=${button.className}
      ?disabled=${!this._action()}
      @click=${this._onClick}
    >
      ${icon(button.icon)}${button.text}
    </button>`;
  }
}
