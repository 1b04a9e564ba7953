import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";

import {
  contactOf,
  ICONS,
  kindOf,
  partyLabel,
  placeLabel,
  rowKey,
  toInternational,
} from "../calls";
import { fireEvent } from "../events";
import { formatDuration } from "../format";
import {
  contactFilter,
  messageOrigin,
  type CallContext,
  type CallRecord,
  type Contact,
  type Outcome,
  type WaitingCaller,
} from "../model";
import type { TextKey } from "../texts";
import "./dial";
import styles from "./history-row.styles";
import { icon } from "./icon";
import "./message-form";
import { OdorikElement } from "./odorik-element";

/** A completed call with its details and a callback button. */
@customElement("odorik-history-row")
export class OdorikHistoryRow extends OdorikElement {
  static override styles = [...OdorikElement.styles, styles];

  @property({ attribute: false }) call!: CallRecord;
  /** The waiting caller, if the row represents one and not a single call. */
  @property({ attribute: false }) waiting: WaitingCaller | undefined;
  /** True if the caller of this missed call is still waiting. */
  @property({ attribute: false }) isDue = false;
  @property({ attribute: false }) context!: CallContext;
  @state() private _isOpen = false;
  @state() private _openForm: "dial" | "message" | undefined;
  /** True once the message form has been opened. It keeps the text while it is closed. */
  private _hasMessageForm = false;

  private get _outcome(): Outcome | undefined {
    return this.context.outcomes.get(rowKey(this.call));
  }

  private get _messageOutcome(): Outcome | undefined {
    return this.waiting && this.context.outcomes.get(messageOrigin(this.waiting));
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    const { _openForm: form, waiting } = this;
    if (!changed.has("context") || !form) return;
    const origin = form === "message" && waiting ? messageOrigin(waiting) : rowKey(this.call);
    const before = changed.get("context")?.outcomes.get(origin)?.state;
    if (this.context.outcomes.get(origin)?.state === "done" && before !== "done") this._closeForm();
  }

  private _closeForm(): void {
    const button = this._openForm === "dial" ? ".back" : ".write";
    this._openForm = undefined;
    void this._focusOn(button);
  }

  private _write(): void {
    if (this._openForm === "message") {
      this._closeForm();
      return;
    }
    this._openForm = "message";
    this._hasMessageForm = true;
    void this._focusOn("odorik-message-form");
  }

  private _toggle(): void {
    this._isOpen = !this._isOpen;
  }

  private _callBack(): void {
    const { account, isOnline } = this.context;
    const { number } = this.call;
    if (!account.caller) {
      this._openForm = this._openForm === "dial" ? undefined : "dial";
      if (this._openForm) void this._focusOn("odorik-dial");
    } else if (number && isOnline && !this._outcome?.isLocked) {
      fireEvent(this, "odorik-order", {
        origin: rowKey(this.call),
        recipient: number,
        who: partyLabel(this.call, this.formats),
      });
    }
  }

  protected override render(): TemplateResult {
    const { call, context } = this;
    const kind = kindOf(call);
    const contact = contactOf(call);
    const outcomes = [
      this._openForm === "dial" ? undefined : this._outcome,
      this._openForm === "message" ? undefined : this._messageOutcome,
    ];
    const isExpanded = this._isOpen || this._openForm !== undefined || outcomes.some(Boolean);
    const unanswered = kind !== "missed" && kind !== "gate" && call.status !== "answered";
    return html`<div
        class="entry ${kind === "missed" ? kind : ""} ${this.isDue ? "due" : ""} ${unanswered ? "unanswered" : ""}"
      >
        ${this._renderSummary()}
        ${this.waiting && context.account.inbox ? this._renderCompleteButton(this.waiting) : nothing}
        ${contact && this.waiting?.may_write ? this._renderWriteButton() : nothing}
        ${contact && context.account.may_control ? this._renderCallBackButton() : nothing}
      </div>
      ${isExpanded || this._hasMessageForm ? this._renderExpanded(contact, outcomes, !isExpanded) : nothing}`;
  }

  private _renderExpanded(
    contact: Contact | undefined,
    outcomes: readonly (Outcome | undefined)[],
    isHidden: boolean,
  ): TemplateResult {
    const { call, context, formats, waiting } = this;
    return html`<div class="more" ?hidden=${isHidden}>
      ${this._isOpen ? this._renderDetails(contact) : nothing}
      ${
        this._openForm === "dial"
          ? html`<odorik-dial
              .formats=${formats}
              .context=${context}
              .origin=${rowKey(call)}
              .recipient=${contact}
            ></odorik-dial>`
          : nothing
      }
      ${
        this._hasMessageForm && contact && waiting
          ? html`<odorik-message-form
              ?hidden=${this._openForm !== "message"}
              .formats=${formats}
              .context=${context}
              .origin=${messageOrigin(waiting)}
              .recipient=${context.account.recipients.find(({ number }) => number === call.number) ?? contact}
              @close=${this._closeForm}
            ></odorik-message-form>`
          : nothing
      }
      ${outcomes.map((outcome) => this._renderOutcome(outcome))}
    </div>`;
  }

  private _renderSummary(): TemplateResult {
    const { call, formats } = this;
    const kind = kindOf(call);
    const [startedAt, now] = [new Date(call.started_at), new Date()];
    const day =
      this.waiting && formats.dayKey(startedAt) !== formats.dayKey(now)
        ? formats.day(startedAt, now)
        : "";
    const parts = [day, formats.time(startedAt), placeLabel(call, formats)].filter(Boolean);
    return html`<button class="main" aria-expanded=${String(this._isOpen)} @click=${this._toggle}>
      <span class="disc">${icon(ICONS[kind])}</span>
      <span class="who">
        <span class="sr">${this._localize(`call_${kind}`)}: </span>
        <div class="name cut">
          <bdi>${partyLabel(call, formats)}</bdi
          >${(this.waiting?.count ?? 1) > 1 ? ` (${this.waiting?.count}×)` : ""}
        </div>
        <div class="sub cut">
          <bdi
            >${parts.join(" · ")}${call.name ? html`<span class="extra"> · ${call.formatted}</span>` : nothing}</bdi
          >
        </div>
      </span>
      <span class="meta">
        <div>${call.status === "answered" ? formatDuration(call.duration ?? 0) : ""}</div>
        <div class="sub">${call.price ? formats.money(call.price) : ""}</div>
      </span>
    </button>`;
  }

  private _renderCompleteButton({ uid }: WaitingCaller): TemplateResult {
    const label = this._localize("done", { who: partyLabel(this.call, this.formats) });
    return html`<button
      class="round tick"
      aria-label=${label}
      title=${label}
      @click=${() => {
        fireEvent(this, "odorik-complete", uid);
      }}
    >
      ${icon("mdi:check")}
    </button>`;
  }

  private _renderWriteButton(): TemplateResult {
    const label = this._localize("write", { who: partyLabel(this.call, this.formats) });
    return html`<button
      class="round write"
      aria-label=${label}
      title=${label}
      aria-expanded=${String(this._openForm === "message")}
      ?disabled=${!this.context.isOnline}
      @click=${this._write}
    >
      ${icon("mdi:message-text")}
    </button>`;
  }

  private _renderCallBackButton(): TemplateResult {
    const { account, isOnline } = this.context;
    const label = this._localize("call_back", { who: partyLabel(this.call, this.formats) });
    const isDisabled = !isOnline || (account.caller && this._outcome?.isLocked);
    return html`<button
      class="round back"
      aria-label=${label}
      title=${label}
      ?disabled=${isDisabled}
      @click=${this._callBack}
    >
      ${icon("mdi:phone")}
    </button>`;
  }

  private _details(): [TextKey, string | null | undefined][] {
    const { call, formats } = this;
    const kind = kindOf(call);
    const status =
      call.status === "missed" && kind !== "missed" ? ` · ${this._localize("not_answered")}` : "";
    return [
      [`call_${kind}`, formats.dateTime(call.started_at) + status],
      ["number", call.formatted ?? this._localize("withheld")],
      [call.direction === "out" ? "caller_id" : "own_number", call.own_formatted],
      ["line", [call.line_name, call.line].filter(Boolean).join(" · ")],
      ["redirected_to", call.redirected_to],
      ["rang", call.ringing_duration === null ? "" : formatDuration(call.ringing_duration)],
      ["duration", call.status === "answered" ? formatDuration(call.duration ?? 0) : ""],
      ["price", call.price === null ? "" : formats.money(call.price)],
    ];
  }

  private _renderDetails(contact: Contact | undefined): TemplateResult {
    return html`<dl>
        ${this._details().map(([key, text]) =>
          text
            ? html`<dt>${this._localize(key)}</dt>
                <dd><bdi>${text}</bdi></dd>`
            : nothing,
        )}
      </dl>
      ${contact ? this._renderActions(contact) : nothing}`;
  }

  private _renderActions(contact: Contact): TemplateResult {
    const { formats } = this;
    return html`<div class="actions">
      <button
        @click=${() => {
          fireEvent(this, "odorik-filter", contactFilter(contact));
        }}
      >
        ${icon("mdi:history")}<span class="cut"
          >${this._localize("calls_with", { who: partyLabel(contact, formats) })}</span
        >
      </button>
      <button
        @click=${() => {
          fireEvent(this, "odorik-copy", toInternational(contact.number));
        }}
      >
        ${icon("mdi:content-copy")}<span>${this._localize("copy_number")}</span>
      </button>
    </div>`;
  }
}
