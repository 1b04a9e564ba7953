import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { classMap } from "lit/directives/class-map.js";

import { contactOf, ICONS, keyOf, kindOf, plain, whoIs } from "../calls";
import { wish } from "../events";
import { length } from "../format";
import { callsWith, type Contact, type Desk, type Outcome, type Row, type Waiting } from "../model";
import type { Key } from "../texts";
import "./dial";
import { Part } from "./element";
import styles from "./history-row.styles";
import { icon } from "./icon";

/** A call that is over: who and when at a glance, all of it on a tap, and back with another. */
@customElement("odorik-history-row")
export class OdorikHistoryRow extends Part {
  static override styles = [...Part.styles, styles];

  @property({ attribute: false }) call!: Row;
  /** The caller whom this stands for, where it is no single call. */
  @property({ attribute: false }) waiting: Waiting | undefined;
  /** Whether somebody waits after this call. */
  @property({ attribute: false }) isDue = false;
  @property({ attribute: false }) desk!: Desk;
  @state() private _isOpen = false;
  @state() private _isOrdering = false;

  private get _outcome(): Outcome | undefined {
    return this.desk.outcomes.get(keyOf(this.call));
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has("desk") || !this._isOrdering || this._outcome?.state !== "done") return;
    if (changed.get("desk")?.outcomes.get(keyOf(this.call))?.state === "done") return;
    this._isOrdering = false;
    void this._focusOn(".back");
  }

  private _toggle(): void {
    this._isOpen = !this._isOpen;
  }

  private _callBack(): void {
    const { account, isOnline } = this.desk;
    const { number } = this.call;
    if (!account.caller) {
      this._isOrdering = !this._isOrdering;
      if (this._isOrdering) void this._focusOn("odorik-dial");
    } else if (number && isOnline && !this._outcome?.isHeld) {
      wish(this, "odorik-order", {
        place: keyOf(this.call),
        recipient: number,
        who: whoIs(this.call, this.formats),
      });
    }
  }

  protected override render(): TemplateResult {
    const { call, desk } = this;
    const kind = kindOf(call);
    const contact = contactOf(call);
    const outcome = this._isOrdering ? undefined : this._outcome;
    const unanswered = kind !== "missed" && call.status !== "answered";
    return html`<div
        class=${classMap({ entry: true, missed: kind === "missed", due: this.isDue, unanswered })}
      >
        ${this._renderMain()}
        ${this.waiting && desk.account.inbox ? this._renderTick(this.waiting) : nothing}
        ${contact && desk.account.may_control ? this._renderBack() : nothing}
      </div>
      ${this._isOpen || this._isOrdering || outcome ? this._renderMore(contact, outcome) : nothing}`;
  }

  private _renderMore(contact: Contact | undefined, outcome: Outcome | undefined): TemplateResult {
    const { call, desk, formats } = this;
    return html`<div class="more">
      ${this._isOpen ? this._renderDetails(contact) : nothing}
      ${
        this._isOrdering
          ? html`<odorik-dial
              .formats=${formats}
              .desk=${desk}
              .place=${keyOf(call)}
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

  private _renderMain(): TemplateResult {
    const { call, formats } = this;
    const kind = kindOf(call);
    const [began, now] = [new Date(call.started_at), new Date()];
    const day =
      this.waiting && formats.dayKey(began) !== formats.dayKey(now) ? formats.day(began, now) : "";
    const parts = [day, formats.time(began), call.line_name ?? call.line].filter(Boolean);
    return html`<button class="main" aria-expanded=${String(this._isOpen)} @click=${this._toggle}>
      <span class="disc">${icon(ICONS[kind])}</span>
      <span class="who">
        <span class="sr">${this._say(`call_${kind}`)}: </span>
        <div class="name cut">
          <bdi>${whoIs(call, formats)}</bdi
          >${(this.waiting?.count ?? 1) > 1 ? ` (${this.waiting?.count}×)` : ""}
        </div>
        <div class="sub cut">
          <bdi
            >${parts.join(" · ")}${call.name ? html`<span class="extra"> · ${call.formatted}</span>` : nothing}</bdi
          >
        </div>
      </span>
      <span class="meta">
        <div>${call.status === "answered" ? length(call.duration ?? 0) : ""}</div>
        <div class="sub">${call.price ? formats.money(call.price) : ""}</div>
      </span>
    </button>`;
  }

  private _renderTick({ uid }: Waiting): TemplateResult {
    const label = this._say("done", { who: whoIs(this.call, this.formats) });
    return html`<button
      class="round tick"
      aria-label=${label}
      title=${label}
      @click=${() => {
        wish(this, "odorik-tick", uid);
      }}
    >
      ${icon("mdi:check")}
    </button>`;
  }

  private _renderBack(): TemplateResult {
    const { account, isOnline } = this.desk;
    const label = this._say("call_back", { who: whoIs(this.call, this.formats) });
    const isIdle = !isOnline || (account.caller && this._outcome?.isHeld);
    return html`<button
      class="round back"
      aria-label=${label}
      title=${label}
      ?disabled=${isIdle}
      @click=${this._callBack}
    >
      ${icon("mdi:phone")}
    </button>`;
  }

  private _details(): [Key, string | null | undefined][] {
    const { call, formats } = this;
    const kind = kindOf(call);
    const status =
      call.status === "missed" && kind !== "missed" ? ` · ${this._say("not_answered")}` : "";
    return [
      [`call_${kind}`, formats.moment(call.started_at) + status],
      ["number", call.formatted ?? this._say("withheld")],
      [call.direction === "out" ? "own_number_out" : "own_number", call.own_formatted],
      ["line", [call.line_name, call.line].filter(Boolean).join(" · ")],
      ["redirected_to", call.redirected_to],
      ["rang", call.ringing_duration === null ? "" : length(call.ringing_duration)],
      ["length", call.status === "answered" ? length(call.duration ?? 0) : ""],
      ["price", call.price === null ? "" : formats.money(call.price)],
    ];
  }

  private _renderDetails(contact: Contact | undefined): TemplateResult {
    return html`<dl>
        ${this._details().map(([key, text]) =>
          text
            ? html`<dt>${this._say(key)}</dt>
                <dd><bdi>${text}</bdi></dd>`
            : nothing,
        )}
      </dl>
      ${contact ? this._renderDeeds(contact) : nothing}`;
  }

  private _renderDeeds(contact: Contact): TemplateResult {
    const { formats } = this;
    return html`<div class="deeds">
      <button
        @click=${() => {
          wish(this, "odorik-filter", callsWith(contact));
        }}
      >
        ${icon("mdi:history")}<span class="cut"
          >${this._say("calls_with", { who: whoIs(contact, formats) })}</span
        >
      </button>
      <button
        @click=${() => {
          wish(this, "odorik-copy", plain(contact.number));
        }}
      >
        ${icon("mdi:content-copy")}<span>${this._say("copy_number")}</span>
      </button>
    </div>`;
  }
}
