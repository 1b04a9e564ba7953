import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { classMap } from "lit/directives/class-map.js";

import { wish } from "../events";
import type { Contact, Desk, Outcome } from "../model";
import { dialled, labelOf, NOTHING, type Choice } from "../suggestions";
import styles from "./dial.styles";
import { Part } from "./element";
import { icon } from "./icon";
import "./number-field";

/** Dialling: the operator rings one's own phone first, and connects with whoever is chosen or given. */
@customElement("odorik-dial")
export class OdorikDial extends Part {
  static override styles = [...Part.styles, styles];

  @property({ attribute: false }) desk!: Desk;
  /** Where the order is said to come from. */
  @property({ attribute: false }) place = "dial";
  /** Whom to call, if that is settled. */
  @property({ attribute: false }) recipient: Contact | undefined;
  @state() private _to: Choice = NOTHING;
  @state() private _first: Choice | undefined;
  /** What is said until something is typed again. */
  @state() private _said: Outcome | undefined;

  protected override willUpdate(changed: PropertyValues<this>): void {
    const { place } = this;
    const outcome = this.desk.outcomes.get(place);
    if (!changed.has("desk") || outcome?.state === changed.get("desk")?.outcomes.get(place)?.state)
      return;
    this._said = outcome;
    if (outcome?.state === "done") this._to = NOTHING;
  }

  override focus(): void {
    void this._focusOn("odorik-number-field");
  }

  private get _isIdle(): boolean {
    const { isOnline, outcomes } = this.desk;
    return !isOnline || (outcomes.get(this.place)?.isHeld ?? false);
  }

  private get _ringsFirst(): Choice {
    const { lastCaller } = this.desk;
    return (
      this._first ?? (lastCaller ? { text: labelOf(lastCaller), picked: lastCaller } : NOTHING)
    );
  }

  private get _phones(): Contact[] {
    const { lines, contacts } = this.desk.account;
    return [
      ...lines.map(({ line, name }) => ({ number: String(line), name, formatted: String(line) })),
      ...contacts,
    ];
  }

  private _typed({ detail }: CustomEvent<Choice>): void {
    this._to = detail;
    if (detail.text.trim()) this._said = undefined;
  }

  private _typedFirst({ detail }: CustomEvent<Choice>): void {
    this._first = detail;
  }

  private _submit(event: Event): void {
    event.preventDefault();
    const recipient = this.recipient ?? dialled(this.desk.account.contacts, this._to);
    if (!recipient || this._isIdle) return;
    const caller = this.desk.account.caller ? undefined : dialled(this._phones, this._ringsFirst);
    if (!this.desk.account.caller && !caller) {
      this._said = { state: "done", text: this._say("ring_first_ask") };
      void this._focusOn(".first");
      return;
    }
    const line = this.renderRoot.querySelector("select")?.value;
    wish(this, "odorik-order", {
      place: this.place,
      recipient: recipient.number,
      who: labelOf(recipient),
      caller,
      line: line ? Number(line) : undefined,
    });
  }

  protected override render(): TemplateResult {
    const { recipient } = this;
    const { caller } = this.desk.account;
    const isFilled = this._to.text.trim() !== "";
    const label = recipient
      ? this._say("call_back", { who: labelOf(recipient) })
      : this._say("dial_help");
    return html`<form aria-label=${label} @submit=${this._submit}>
      ${recipient ? html`<div class="ask">${this._say("ring_first_ask")}</div>` : nothing}
      <div class="row">
        ${recipient ? this._renderFirst() : this._renderTo()}
        <button
          class="call"
          type="submit"
          title=${this._say("dial_help")}
          ?disabled=${this._isIdle}
        >
          ${icon("mdi:phone")}<span>${this._say("call")}</span>
        </button>
      </div>
      ${recipient ? nothing : this._renderChoices(isFilled)}
      ${
        caller && isFilled
          ? html`<div class="said muted">
              ${this._say("rings_first", { who: caller.name ?? caller.number })}
            </div>`
          : nothing
      }
      <div
        class=${classMap({ said: true, bad: this._said?.state === "failed" })}
        role="status"
        .textContent=${this._said?.text ?? ""}
      ></div>
    </form>`;
  }

  private _renderTo(): TemplateResult {
    return html`<odorik-number-field
      .label=${this._say("dial")}
      .isMain=${true}
      .contacts=${this.desk.account.contacts}
      .choice=${this._to}
      @odorik-choice=${this._typed}
      @odorik-enter=${this._submit}
    ></odorik-number-field>`;
  }

  private _renderFirst(): TemplateResult {
    return html`<odorik-number-field
      class="first"
      .label=${this._say("ring_first")}
      .contacts=${this._phones}
      .choice=${this._ringsFirst}
      @odorik-choice=${this._typedFirst}
      @odorik-enter=${this._submit}
    ></odorik-number-field>`;
  }

  private _renderChoices(isShown: boolean): TemplateResult {
    const { caller, lines } = this.desk.account;
    return html`<div class="choices" ?hidden=${!isShown}>
      ${caller ? nothing : html`<div><span aria-hidden="true">${this._say("ring_first")}</span>${this._renderFirst()}</div>`}
      ${
        lines.length > 1
          ? html`<label>
              <span>${this._say("line")}</span>
              <select>
                <option value="">${this._say("any_line")}</option>
                ${lines.map(({ line, name }) => html`<option value=${line}>${name ?? line}</option>`)}
              </select>
            </label>`
          : nothing
      }
    </div>`;
  }
}
