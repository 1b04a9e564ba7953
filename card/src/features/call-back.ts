import { customElement } from "lit/decorators.js";

import { toInternational } from "../calls";
import { DOMAIN } from "../model";
import { TileFeature, type FeatureAction, type FeatureButton } from "./tile-feature";

export const CALL_BACK = `${DOMAIN}-call-back`;

/** Calls back the last missed caller from the *Last missed call* tile. */
@customElement(CALL_BACK)
export class OdorikCallBack extends TileFeature {
  static getStubConfig(): object {
    return { type: `custom:${CALL_BACK}` };
  }

  protected override _action(): FeatureAction | undefined {
    const { number: recipient, name } = this.stateObj?.attributes ?? {};
    if (typeof recipient !== "string") return undefined;
    const who = typeof name === "string" ? name : toInternational(recipient);
    return {
      action: "callback",
      data: { recipient },
      confirmation: `${this._localize("call_back", { who })}?`,
    };
  }

  protected override _button(): FeatureButton {
    return { className: "call", icon: "mdi:phone", text: this._localize("call_back_last") };
  }
}
