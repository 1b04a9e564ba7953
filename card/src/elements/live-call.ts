import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { classMap } from "lit/directives/class-map.js";

import { contactOf, goingOn, iconOf, secondsOf, whoIs } from "../calls";
import { wish } from "../events";
import { length } from "../format";
import { callsWith, placeOfCall, type Desk, type LiveCall, type Outcome } from "../model";
import { Part } from "./element";
import { icon } from "./icon";
import styles from "./live-call.styles";

/** A call that is ringing or up, and its end. */
@customElement("odorik-live-call")
export class OdorikLiveCall extends Part {
  static override styles = [...Part.styles, styles];

  @property({ attribute: false }) call!: LiveCall;
  /** The server's time in milliseconds. */
  @property({ attribute: false }) now = 0;
  @property({ attribute: false }) desk!: Desk;
  /** Whether there is a history to show. */
  @property({ attribute: false }) hasHistory = false;
  @state() private _isAsking = false;

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has("desk") || !this._isAsking || this._outcome?.state !== "failed") return;
    if (changed.get("desk")?.outcomes.get(placeOfCall(this.call)) !== this._outcome)
      this._leaveIt();
  }

  private get _outcome(): Outcome | undefined {
    return this.desk.outcomes.get(placeOfCall(this.call));
  }

  private _askToEnd(): void {
    this._isAsking = true;
    void this._focusOn(".sure .end");
  }

  private _leaveIt(): void {
    this._isAsking = false;
    void this._focusOn(".row .end");
  }

  private _pressed(event: KeyboardEvent): void {
    if (event.key === "Escape" && this._outcome?.state !== "pending") this._leaveIt();
  }

  protected override render(): TemplateResult {
    const { call } = this;
    const isRinging = !call.answered_at;
    const who = whoIs(call, this.formats);
    const line = call.line_name ?? call.line;
    return html`<div class=${classMap({ row: true, ringing: isRinging })}>
        <div class="disc">${icon(iconOf(call))}</div>
        <div class="who">
          ${this._renderName(who)}
          <div class="sub">${[this._say(goingOn(call)), line].filter(Boolean).join(" · ")}</div>
          <div class="sub cut"><bdi>${call.name ? call.formatted : ""}</bdi></div>
        </div>
        <div class="meta">
          <div class="clock" role="timer">${length(secondsOf(call, this.now))}</div>
          <div class="sub">${this._price}</div>
        </div>
        ${this.desk.account.may_control && !this._isAsking ? this._renderEnd(who) : nothing}
      </div>
      ${this._isAsking ? this._renderQuestion() : nothing}
      <div
        class="said bad"
        role="status"
        .textContent=${this._outcome?.state === "failed" && !this._isAsking ? this._outcome.text : ""}
      ></div>`;
  }

  private get _price(): string {
    const { answered_at, price_per_minute } = this.call;
    if (!answered_at || !price_per_minute) return "";
    return this.formats.money((price_per_minute * secondsOf(this.call, this.now)) / 60);
  }

  private _renderName(who: string): TemplateResult {
    const contact = contactOf(this.call);
    if (!contact || !this.hasHistory) return html`<bdi class="name cut">${who}</bdi>`;
    const label = this._say("calls_with", { who });
    const show = (): void => {
      wish(this, "odorik-filter", callsWith(contact));
    };
    return html`<button class="name cut" aria-label=${label} @click=${show}>
      <bdi>${who}</bdi>
    </button>`;
  }

  private _renderEnd(who: string): TemplateResult {
    return html`<button
      class="end"
      aria-label=${this._say("hang_up_call", { who })}
      ?disabled=${!this.desk.isOnline}
      @click=${this._askToEnd}
    >
      ${icon("mdi:phone-hangup")}<span>${this._say("hang_up")}</span>
    </button>`;
  }

  private _renderQuestion(): TemplateResult {
    const isPending = this._outcome?.state === "pending";
    const hangUp = (): void => {
      wish(this, "odorik-hang-up", this.call);
    };
    return html`<div class="sure" @keydown=${this._pressed}>
      <span>${this._say("hang_up_really")}</span>
      <button ?disabled=${isPending} @click=${this._leaveIt}>${this._say("cancel")}</button>
      <button class="end" ?disabled=${isPending || !this.desk.isOnline} @click=${hangUp}>
        <span>${isPending ? this._outcome.text : this._say("hang_up")}</span>
      </button>
    </div>`;
  }
}
