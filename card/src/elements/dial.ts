import { html, nothing, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";

import { fireEvent } from "../events";
import type { Contact } from "../model";
import { contactLabel, EMPTY_CHOICE, resolveContact, type Choice } from "../suggestions";
import styles from "./dial.styles";
import { icon } from "./icon";
import "./number-field";
import { OrderForm } from "./order-form";

/** Dialling form: the operator rings the user's phone first and then connects the recipient. */
@customElement("odorik-dial")
export class OdorikDial extends OrderForm {
  static override styles = [...OrderForm.styles, styles];

  override origin = "dial";
  /** A fixed recipient. The form then asks only for the phone that rings first. */
  @property({ attribute: false }) recipient: Contact | undefined;
  @state() private _recipientChoice: Choice = EMPTY_CHOICE;
  @state() private _callerChoice: Choice | undefined;
  private _ordered: Choice | undefined;

  protected override _clear(): void {
    // The next number may have been typed meanwhile.
    if (this._recipientChoice === this._ordered) this._recipientChoice = EMPTY_CHOICE;
  }

  override focus(): void {
    void this._focusOn("odorik-number-field");
  }

  private get _caller(): Choice {
    const { lastCaller } = this.context;
    return (
      this._callerChoice ??
      (lastCaller ? { text: contactLabel(lastCaller), picked: lastCaller } : EMPTY_CHOICE)
    );
  }

  private get _callerOptions(): Contact[] {
    const { lines, contacts } = this.context.account;
    return [
      ...lines.map(({ line, name }) => ({ number: String(line), name, formatted: String(line) })),
      ...contacts,
    ];
  }

  private _onRecipientChoice({ detail }: CustomEvent<Choice>): void {
    this._recipientChoice = detail;
    if (detail.text.trim()) this._message = undefined;
  }

  private _onCallerChoice({ detail }: CustomEvent<Choice>): void {
    this._callerChoice = detail;
  }

  private _submit(event: Event): void {
    event.preventDefault();
    const recipient =
      this.recipient ?? resolveContact(this.context.account.contacts, this._recipientChoice);
    if (!recipient || this._isDisabled) return;
    const caller = this.context.account.caller
      ? undefined
      : resolveContact(this._callerOptions, this._caller);
    if (!this.context.account.caller && !caller) {
      this._message = { state: "done", text: this._localize("ring_first_ask") };
      void this._focusOn(".first");
      return;
    }
    this._ordered = this._recipientChoice;
    const line = this.renderRoot.querySelector("select")?.value;
    fireEvent(this, "odorik-order", {
      origin: this.origin,
      recipient: recipient.number,
      who: contactLabel(recipient),
      caller,
      line: line ? Number(line) : undefined,
    });
  }

  protected override render(): TemplateResult {
    const { recipient } = this;
    const { caller } = this.context.account;
    const isFilled = this._recipientChoice.text.trim() !== "";
    const label = recipient
      ? this._localize("call_back", { who: contactLabel(recipient) })
      : this._localize("dial_help");
    return html`<form aria-label=${label} @submit=${this._submit}>
      ${recipient ? html`<div class="ask">${this._localize("ring_first_ask")}</div>` : nothing}
      <div class="row">
        ${recipient ? this._renderCaller() : this._renderRecipient()}
        <button
          class="call"
          type="submit"
          title=${this._localize("dial_help")}
          ?disabled=${this._isDisabled}
        >
          ${icon("mdi:phone")}<span>${this._localize("call")}</span>
        </button>
      </div>
      ${recipient ? nothing : this._renderOptions(isFilled)}
      ${
        caller && isFilled
          ? html`<div class="said muted">
              ${this._localize("rings_first", { who: contactLabel(caller) })}
            </div>`
          : nothing
      }
      ${this._renderOutcome(this._message)}
    </form>`;
  }

  private _renderRecipient(): TemplateResult {
    return html`<odorik-number-field
      .label=${this._localize("dial")}
      .isMain=${true}
      .contacts=${this.context.account.contacts}
      .choice=${this._recipientChoice}
      @odorik-choice=${this._onRecipientChoice}
      @odorik-enter=${this._submit}
    ></odorik-number-field>`;
  }

  private _renderCaller(): TemplateResult {
    return html`<odorik-number-field
      class="first"
      .label=${this._localize("ring_first")}
      .contacts=${this._callerOptions}
      .choice=${this._caller}
      @odorik-choice=${this._onCallerChoice}
      @odorik-enter=${this._submit}
    ></odorik-number-field>`;
  }

  private _renderOptions(isShown: boolean): TemplateResult {
    const { caller, lines } = this.context.account;
    return html`<div class="choices" ?hidden=${!isShown}>
      ${caller ? nothing : html`<div><span aria-hidden="true">${this._localize("ring_first")}</span>${this._renderCaller()}</div>`}
      ${
        lines.length > 1
          ? html`<label>
              <span>${this._localize("line")}</span>
              <select>
                <option value="">${this._localize("default_line")}</option>
                ${lines.map(({ line, name }) => html`<option value=${line}>${name ?? line}</option>`)}
              </select>
            </label>`
          : nothing
      }
    </div>`;
  }
}
