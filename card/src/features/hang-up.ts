import { html, nothing, type TemplateResult } from "lit";
import { customElement } from "../decorators";

import { icon } from "../elements/icon";
import { askPage } from "../home-assistant";
import { DOMAIN, type LiveCall } from "../model";
import { Feature, type FeatureConfig } from "./feature";

export const HANG_UP = `${DOMAIN}-hang-up`;

/** Ends the calls that a tile counts: of the account or of a line. */
@customElement(HANG_UP)
export class OdorikHangUp extends Feature {
  static getStubConfig(): FeatureConfig {
    return { type: `custom:${HANG_UP}` };
  }

  private get _calls(): LiveCall[] {
    const calls = this.stateObj?.attributes["calls"];
    return Array.isArray(calls) ? (calls as LiveCall[]) : [];
  }

  /** Leave it to Home Assistant to ask once more, and to say when it fails. */
  private readonly _hangUp = (): void => {
    const { _calls: calls, _device: device } = this;
    const [call] = calls;
    if (!call) return;
    const one = calls.length === 1 ? { active_call_id: call.active_call_id } : undefined;
    const ofLine = device?.via_device_id ? { line: call.line } : {};
    const text = this._say(one ? "hang_up_really" : "hang_up_all_really", { count: calls.length });
    const tap_action = {
      action: "perform-action",
      perform_action: `${DOMAIN}.hangup`,
      data: { config_entry_id: this._entryId, ...(one ?? ofLine) },
      confirmation: { text, confirm_text: this._say("hang_up") },
    };
    askPage(this, "hass-action", { config: { tap_action }, action: "tap" });
  };

  protected override render(): TemplateResult | typeof nothing {
    if (!this.hass || !this.stateObj) return nothing;
    return html`<button class="end" type="button" ?disabled=${!this._calls.length} @click=${this._hangUp}>
      ${icon("mdi:phone-hangup")}<span>${this._say("hang_up")}</span>
    </button>`;
  }
}
