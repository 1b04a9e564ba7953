import { LitElement } from "lit";
import { property } from "../decorators";

import { entryOf } from "../accounts";
import type { Device, HomeAssistant, State } from "../home-assistant";
import { DOMAIN } from "../model";
import { say, type Key, type Values } from "../texts";
import styles from "./feature.css";

export interface FeatureConfig {
  readonly type: string;
}

export interface FeatureContext {
  readonly entity_id?: string;
}

/** Tell whether an entity of ours tells that. */
export function tells(hass: HomeAssistant, { entity_id }: FeatureContext, what: string): boolean {
  const entity = hass.entities[entity_id ?? ""];
  return entity?.platform === DOMAIN && entity.translation_key === what;
}

/** A button in the tile of one of our entities. */
export abstract class Feature extends LitElement {
  static override styles = [styles];

  @property() hass: HomeAssistant | undefined;
  @property() context: FeatureContext | undefined;
  @property() stateObj: State | undefined;

  setConfig(): void {
    // There is nothing to choose.
  }

  protected _say(key: Key, values?: Values): string {
    return say(this.hass?.locale.language, key, values);
  }

  /** The account or the line that the entity belongs to. */
  protected get _device(): Device | undefined {
    const entity = this.hass?.entities[this.context?.entity_id ?? ""];
    return this.hass?.devices[entity?.device_id ?? ""];
  }

  protected get _entryId(): string | undefined {
    return entryOf(this._device);
  }
}
