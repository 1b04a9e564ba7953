import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { classMap } from "lit/directives/class-map.js";

import { contactOf, ICONS, kindOf, partyLabel, rowKey, toInternational } from "../calls";
import { fireEvent } from "../events";
import { formatDuration } from "../format";
import {
  contactFilter,
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
  @state() private _isDialOpen = false;

  private get _outcome(): Outcome | undefined {
    return this.context.outcomes.get(rowKey(this.call));
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has("context") || !this._isDialOpen || this._outcome?.state !== "done") return;
    if (changed.get("context")?.outcomes.get(rowKey(this.call))?.state === "done") return;
    this._isDialOpen = false;
    void this._focusOn(".back");
  }

  private _toggle(): void {
    this._isOpen = !this._isOpen;
  }

  private _callBack(): void {
    const { account, isOnline } = this.context;
    const { number } = this.call;
    if (!account.caller) {
      this._isDialOpen = !this._isDialOpen;
      if (this._isDialOpen) void this._focusOn("odorik-dial");
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
    const outcome = this._isDialOpen ? undefined : this._outcome;
    const unanswered = kind !== "missed" && call.status !== "answered";
    return html`<div
        class=${classMap({ entry: true, missed: kind === "missed", due: this.isDue, unanswered })}
      >
        ${this._renderSummary()}
        ${this.waiting && context.account.inbox ? this._renderCompleteButton(this.waiting) : nothing}
        ${contact && context.account.may_control ? this._renderCallBackButton() : nothing}
      </div>
      ${this._isOpen || this._isDialOpen || outcome ? this._renderExpanded(contact, outcome) : nothing}`;
  }

  private _renderExpanded(
    contact: Contact | undefined,
    outcome: Outcome | undefined,
  ): TemplateResult {
    const { call, context, formats } = this;
    return html`<div class="more">
      ${this._isOpen ? this._renderDetails(contact) : nothing}
      ${
        this._isDialOpen
          ? html`<odorik-dial
              .formats=${formats}
              .context=${context}
              .origin=${rowKey(call)}
              .recipient=${contact}
            ></odorik-dial>`
          : nothing
      }
      <div
        class=${classMap({ said: true, bad: outcome?.state === "failed" })}
        role="status"
        .textContent=${outcome?.text ?? ""}
      ></div>
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
    const parts = [day, formats.time(startedAt), call.line_name ?? call.line].filter(Boolean);
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
