import { customElement } from "lit/decorators.js";

import { DOMAIN, type LiveCall } from "../model";
import { TileFeature, type FeatureAction, type FeatureButton } from "./tile-feature";

export const HANG_UP = `${DOMAIN}-hang-up`;

/** Hangs up the calls of an account or a line from its *Active calls* tile. */
@customElement(HANG_UP)
export class OdorikHangUp extends TileFeature {
  static getStubConfig(): object {
    return { type: `custom:${HANG_UP}` };
  }

  protected override _action(): FeatureAction | undefined {
    const [call, other] = (this.stateObj?.attributes["calls"] ?? []) as LiveCall[];
    if (!call) return undefined;
    const action = "hangup";
    if (!other)
      return {
        action,
        data: { active_call_id: call.active_call_id },
        confirmation: this._localize("confirm_hang_up"),
      };
    const device = this._device;
    // The calls may be listed under another line.
    const line = Number(device?.identifiers?.[0]?.[1]?.split("_").pop());
    const data = device?.via_device_id ? { line } : { all: true };
    return { action, data, confirmation: this._localize("confirm_hang_up_all") };
  }

  protected override _button(): FeatureButton {
    return { className: "end", icon: "mdi:phone-hangup", text: this._localize("hang_up") };
  }
}
