import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";

import { contactOf, elapsedSeconds, iconOf, partyLabel, statusKey } from "../calls";
import { fireEvent } from "../events";
import { formatDuration } from "../format";
import {
  contactFilter,
  hangUpOrigin,
  type CallContext,
  type LiveCall,
  type Outcome,
} from "../model";
import { icon } from "./icon";
import styles from "./live-call.styles";
import { OdorikElement } from "./odorik-element";

/** A ringing or answered call with a hang-up button. */
@customElement("odorik-live-call")
export class OdorikLiveCall extends OdorikElement {
  static override styles = [...OdorikElement.styles, styles];

  @property({ attribute: false }) call!: LiveCall;
  /** The server's time in milliseconds. */
  @property({ attribute: false }) now = 0;
  @property({ attribute: false }) context!: CallContext;
  /** True if the card shows the history. */
  @property({ attribute: false }) hasHistory = false;
  @state() private _isConfirming = false;

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has("context") || !this._isConfirming || this._outcome?.state !== "failed") return;
    if (changed.get("context")?.outcomes.get(hangUpOrigin(this.call)) !== this._outcome)
      this._cancelHangUp();
  }

  private get _outcome(): Outcome | undefined {
    return this.context.outcomes.get(hangUpOrigin(this.call));
  }

  private _confirmHangUp(): void {
    this._isConfirming = true;
    void this._focusOn(".sure .end");
  }

  private _cancelHangUp(): void {
    this._isConfirming = false;
    void this._focusOn(".row .end");
  }

  private _onKeydown(event: KeyboardEvent): void {
    if (event.key === "Escape" && this._outcome?.state !== "pending") this._cancelHangUp();
  }

  protected override render(): TemplateResult {
    const { call } = this;
    const isRinging = !call.answered_at;
    const who = partyLabel(call, this.formats);
    const line = call.line_name ?? call.line;
    return html`<div class="row ${isRinging ? "ringing" : ""}">
        <div class="disc">${icon(iconOf(call))}</div>
        <div class="who">
          ${this._renderName(who)}
          <div class="sub">
            ${[this._localize(statusKey(call)), line].filter(Boolean).join(" · ")}
          </div>
          <div class="sub cut"><bdi>${call.name ? call.formatted : ""}</bdi></div>
        </div>
        <div class="meta">
          <div class="clock" role="timer">${formatDuration(elapsedSeconds(call, this.now))}</div>
          <div class="sub">${this._price}</div>
        </div>
        ${this.context.account.may_control && !this._isConfirming ? this._renderHangUpButton(who) : nothing}
      </div>
      ${this._isConfirming ? this._renderConfirmation() : nothing}
      ${this._renderOutcome(this._outcome?.state === "failed" && !this._isConfirming ? this._outcome : undefined)}`;
  }

  private get _price(): string {
    const { answered_at, price_per_minute } = this.call;
    if (!answered_at || !price_per_minute) return "";
    return this.formats.money((price_per_minute * elapsedSeconds(this.call, this.now)) / 60);
  }

  private _renderName(who: string): TemplateResult {
    const contact = contactOf(this.call);
    if (!contact || !this.hasHistory) return html`<bdi class="name cut">${who}</bdi>`;
    const label = this._localize("calls_with", { who });
    const show = (): void => {
      fireEvent(this, "odorik-filter", contactFilter(contact));
    };
    return html`<button class="name cut" aria-label=${label} @click=${show}>
      <bdi>${who}</bdi>
    </button>`;
  }

  private _renderHangUpButton(who: string): TemplateResult {
    return html`<button
      class="end"
      aria-label=${this._localize("hang_up_call", { who })}
      ?disabled=${!this.context.isOnline}
      @click=${this._confirmHangUp}
    >
      ${icon("mdi:phone-hangup")}<span>${this._localize("hang_up")}</span>
    </button>`;
  }

  private _renderConfirmation(): TemplateResult {
    const isPending = this._outcome?.state === "pending";
    const hangUp = (): void => {
      fireEvent(this, "odorik-hang-up", this.call);
    };
    return html`<div class="sure" @keydown=${this._onKeydown}>
      <span>${this._localize("confirm_hang_up")}</span>
      <button ?disabled=${isPending} @click=${this._cancelHangUp}>
        ${this._localize("cancel")}
      </button>
      <button class="end" ?disabled=${isPending || !this.context.isOnline} @click=${hangUp}>
        <span>${isPending ? this._outcome.text : this._localize("hang_up")}</span>
      </button>
    </div>`;
  }
}
