import { html, nothing, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";

import { fireEvent } from "../events";
import type { Contact, SmsPreview } from "../model";
import { contactLabel } from "../suggestions";
import { icon } from "./icon";
import styles from "./message-form.styles";
import { OrderForm } from "./order-form";

const PREVIEW_DELAY_MS = 200;

/** A form for a text message, with a preview of what will be sent. */
@customElement("odorik-message-form")
export class OdorikMessageForm extends OrderForm {
  static override styles = [...OrderForm.styles, styles];

  @property({ attribute: false }) recipient!: Contact;
  @state() private _text = "";
  /** The latest preview, and the text to which it belongs. */
  @state() private _preview: SmsPreview | undefined;
  @state() private _previewedText = "";
  private _previewTimer: ReturnType<typeof setTimeout> | undefined;

  override focus(): void {
    void this._focusOn("textarea");
  }

  protected override _clear(): void {
    this._text = this._previewedText = "";
    this._preview = undefined;
  }

  private get _isSendable(): boolean {
    const { _preview: preview, _message: outcome } = this;
    return (
      !this._isDisabled &&
      // It may have been sent already.
      !outcome?.isUnclear &&
      preview?.error === null &&
      this._previewedText === this._text &&
      this._text.trim() !== ""
    );
  }

  private _onInput(event: Event): void {
    this._text = (event.target as HTMLTextAreaElement).value;
    this._message = undefined;
    clearTimeout(this._previewTimer);
    this._previewTimer = setTimeout(() => void this._loadPreview(), PREVIEW_DELAY_MS);
  }

  private async _loadPreview(): Promise<void> {
    const { _text: text } = this;
    const preview = await this.context.previewMessage(this.recipient.number, text);
    if (text !== this._text) return;
    this._preview = preview;
    this._previewedText = text;
  }

  private _onKeydown(event: KeyboardEvent): void {
    if (event.key !== "Escape") return;
    event.stopPropagation();
    this._close();
  }

  private _close(): void {
    this.dispatchEvent(new Event("close"));
  }

  private _submit(event: Event): void {
    event.preventDefault();
    if (!this._isSendable) return;
    const { origin, recipient, _text: message } = this;
    fireEvent(this, "odorik-send", { origin, recipient, message });
    // The button, which has the focus, is disabled until the answer.
    void this._focusOn("[role=dialog]");
  }

  private _parts(count: number): string {
    const few = count > 1 && count < 5 ? "parts_few" : "parts";
    return this._localize(count === 1 ? "parts_one" : few, { count });
  }

  private get _counter(): string {
    const { error, length, max_length: max, parts = 0 } = this._preview ?? {};
    return error === null && length
      ? this._localize("counter", { length, max, parts: this._parts(parts) })
      : "";
  }

  protected override render(): TemplateResult {
    const { recipient, _preview: preview, _message: outcome } = this;
    const error = preview?.error;
    const isChanged = !error && preview?.length && preview.text !== this._previewedText.normalize();
    const parts = error ? 1 : (preview?.parts ?? 1);
    return html`<div
      role="dialog"
      tabindex="-1"
      aria-label=${this._localize("write", { who: contactLabel(recipient) })}
      @keydown=${this._onKeydown}
    >
      <form @submit=${this._submit}>
        <div>
          <bdi class="name">${contactLabel(recipient)}</bdi>
          ${recipient.name ? html`<bdi class="muted"> · ${recipient.formatted}</bdi>` : nothing}
        </div>
        <textarea
          rows="3"
          aria-label=${this._localize("message")}
          aria-describedby="counter"
          aria-invalid=${String(Boolean(error))}
          .value=${this._text}
          ?readonly=${outcome?.state === "pending"}
          @input=${this._onInput}
        ></textarea>
        <div id="counter" class="muted" aria-live="polite">${this._counter}</div>
        ${
          isChanged
            ? html`<div class="muted">
                ${this._localize("sent_as")} <bdi class="sent">${preview.text}</bdi>
              </div>`
            : nothing
        }
        ${this._renderOutcome(outcome ?? (error ? { state: "failed", text: error } : undefined))}
        <div class="buttons">
          <button type="button" @click=${this._close}>${this._localize("cancel")}</button>
          <button class="call" type="submit" ?disabled=${!this._isSendable}>
            ${icon("mdi:send")}<span
              >${
                parts > 1
                  ? this._localize("send", { parts: this._parts(parts) })
                  : this._localize("send_message")
              }</span
            >
          </button>
        </div>
      </form>
    </div>`;
  }
}
