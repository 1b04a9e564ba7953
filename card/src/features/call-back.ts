import { html, nothing, type TemplateResult } from "lit";
import { customElement, state } from "../decorators";

import { icon } from "../elements/icon";
import { askPage } from "../home-assistant";
import { DOMAIN } from "../model";
import { ORDER_PAUSE, orderCall } from "../orders";
import { Feature, type FeatureConfig } from "./feature";

export const CALL_BACK = `${DOMAIN}-call-back`;

/** Calls back whoever was missed last, from the tile that tells of it. */
@customElement(CALL_BACK)
export class OdorikCallBack extends Feature {
  @state() private _isOrdering = false;
  @state() private _isHeld = false;

  static getStubConfig(): FeatureConfig {
    return { type: `custom:${CALL_BACK}` };
  }

  private get _missed(): { number: string; who: string } | undefined {
    const { number, name } = this.stateObj?.attributes ?? {};
    if (typeof number !== "string") return undefined;
    return { number, who: typeof name === "string" ? name : number.replace(/^00/, "+") };
  }

  private readonly _callBack = async (): Promise<void> => {
    const { hass, _missed: missed, _isHeld: isHeld } = this;
    if (!hass || !missed || isHeld) return;
    this._isHeld = this._isOrdering = true;
    const { text } = await orderCall(hass, this._entryId, { recipient: missed.number, who: missed.who }, this._say("your_phone"));
    this._isOrdering = false;
    askPage(this, "hass-notification", { message: text, duration: 8000 });
    setTimeout(() => { this._isHeld = false; }, ORDER_PAUSE);
  };

  protected override render(): TemplateResult | typeof nothing {
    if (!this.hass || !this.stateObj) return nothing;
    const { _missed: missed } = this;
    const label = missed ? this._say("call_back", { who: missed.who }) : this._say("no_number");
    return html`<button class="call" type="button" aria-label=${label} title=${label} ?disabled=${!missed || this._isHeld} @click=${this._callBack}>
      ${icon("mdi:phone")}<span>${this._isOrdering ? this._say("ordering") : (missed?.who ?? label)}</span>
    </button>`;
  }
}
