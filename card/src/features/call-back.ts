import { plain } from "../calls";
import { customElement } from "lit/decorators.js";
import { DOMAIN } from "../model";
import { Feature, type Deed } from "./feature";

export const CALL_BACK = `${DOMAIN}-call-back`;

/** Calls back whoever was missed last, from the tile that tells of it. */
@customElement(CALL_BACK)
export class OdorikCallBack extends Feature {
  static getStubConfig(): object {
    return { type: `custom:${CALL_BACK}` };
  }

  protected override _deed(): Deed | undefined {
    const { number: recipient, name } = this.stateObj?.attributes ?? {};
    if (typeof recipient !== "string") return undefined;
    const who = typeof name === "string" ? name : plain(recipient);
    return {
      action: "callback",
      data: { recipient },
      question: `${this._say("call_back", { who })}?`,
    };
  }

  protected override _face(): { name: string; icon: string; text: string } {
    return { name: "call", icon: "mdi:phone", text: this._say("call_back_last") };
  }
}
