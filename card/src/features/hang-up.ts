import { customElement } from "lit/decorators.js";
import { DOMAIN, type LiveCall } from "../model";
import { Feature, type Deed } from "./feature";

export const HANG_UP = `${DOMAIN}-hang-up`;

/** Ends the calls that a tile counts: of the account or of a line. */
@customElement(HANG_UP)
export class OdorikHangUp extends Feature {
  static getStubConfig(): object {
    return { type: `custom:${HANG_UP}` };
  }

  protected override _deed(): Deed | undefined {
    const [call, other] = (this.stateObj?.attributes["calls"] ?? []) as LiveCall[];
    if (!call) return undefined;
    const action = "hangup";
    if (!other)
      return {
        action,
        data: { active_call_id: call.active_call_id },
        question: this._say("hang_up_really"),
      };
    const data = this._device?.via_device_id ? { line: call.line } : { all: true };
    return { action, data, question: this._say("hang_up_all_really") };
  }

  protected override _face(): { name: string; icon: string; text: string } {
    return { name: "end", icon: "mdi:phone-hangup", text: this._say("hang_up") };
  }
}
