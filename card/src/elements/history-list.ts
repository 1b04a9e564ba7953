import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { customElement, property } from "lit/decorators.js";
import { repeat } from "lit/directives/repeat.js";

import { isDue, itemsOf, kindOf, waitingItems, type Item } from "../calls";
import { wish } from "../events";
import type { Trouble } from "../history";
import type { Contact, Desk, Filter, Row, Show, Waiting } from "../model";
import { labelOf } from "../suggestions";
import { Part } from "./element";
import styles from "./history-list.styles";
import { icon } from "./icon";
import "./history-row";

const SHOWS: readonly Show[] = ["all", "missed", "incoming", "outgoing"];
/** What the lines are made of. */
const SHOWN = ["rows", "formats", "today", "waiting", "filter"] as const;
/** Milliseconds: a pause in typing. */
const SEARCH_DELAY = 400;

/** The calls that are over, by days, and which of them. */
@customElement("odorik-history")
export class OdorikHistory extends Part {
  static override styles = [...Part.styles, styles];

  @property({ attribute: false }) filter!: Filter;
  @property({ attribute: false }) rows: readonly Row[] = [];
  /** Who waits to be called back. */
  @property({ attribute: false }) waiting: readonly Waiting[] = [];
  /** Whether there are older ones. */
  @property({ attribute: false }) hasMore = false;
  @property({ attribute: false }) isReading = false;
  @property({ attribute: false }) trouble: Trouble | undefined;
  /** The key of the day that it is. */
  @property({ attribute: false }) today = "";
  @property({ attribute: false }) desk!: Desk;

  private _items: readonly Item[] = [];
  /** Whether somebody was ticked off whose row, and the focus with it, is about to go. */
  private _isTicking = false;
  private _searching: ReturnType<typeof setTimeout> | undefined;

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (SHOWN.some((name) => changed.has(name))) {
      const { show, search, contact } = this.filter;
      const first =
        show === "missed" && !search && !contact ? waitingItems(this.waiting, this.formats) : [];
      this._items = [...first, ...itemsOf(this.rows, this.formats, new Date())];
    }
  }

  protected override updated(changed: PropertyValues<this>): void {
    if (changed.has("waiting") && this._isTicking) {
      this._isTicking = false;
      void this._focusOn("[aria-pressed=true]");
    }
    const before = changed.get("filter");
    if (!before) return;
    this.renderRoot.querySelector(".scroll")?.scrollTo(0, 0);
    if (this.filter.contact && !before.contact) void this._focusOn(".contact button");
    if (before.contact && !this.filter.contact) void this._focusOn("input");
  }

  private _typed(event: Event): void {
    const search = (event.target as HTMLInputElement).value.trim();
    clearTimeout(this._searching);
    this._searching = setTimeout(() => {
      if (search !== this.filter.search) wish(this, "odorik-filter", { ...this.filter, search });
    }, SEARCH_DELAY);
  }

  protected override render(): TemplateResult {
    const { contact } = this.filter;
    return html`<div class="tools">
        <div class="filters" role="group" aria-label=${this._say("filter")}>
          ${SHOWS.map((show) => this._renderShow(show))}
        </div>
        ${contact ? this._renderContact(contact) : this._renderSearch()}
      </div>
      <div class="scroll">
        <ul
          aria-label=${this._say("history")}
          @odorik-tick=${() => {
            this._isTicking = true;
          }}
        >
          ${repeat(
            this._items,
            ({ key }) => key,
            (item) =>
              item.call
                ? this._renderRow(item.call, item.waiting)
                : html`<li class="day">${item.day}</li>`,
          )}
        </ul>
        <div class="foot" role="status">${this._renderFoot()}</div>
      </div>`;
  }

  private _renderShow(show: Show): TemplateResult {
    const choose = (): void => {
      wish(this, "odorik-filter", { ...this.filter, show });
    };
    const count = show === "missed" ? this.waiting.length : 0;
    const title = count ? `${this._say("waiting")}: ${count}` : "";
    return html`<button
      aria-pressed=${String(show === this.filter.show)}
      title=${title}
      @click=${choose}
    >
      ${this._say(show)}${count ? html`<b aria-hidden="true">${count}</b>` : nothing}
    </button>`;
  }

  private _renderSearch(): TemplateResult {
    const label = this._say("search");
    return html`<div class="field">
      ${icon("mdi:magnify")}
      <input
        type="search"
        placeholder=${label}
        aria-label=${label}
        value=${this.filter.search}
        @input=${this._typed}
      />
    </div>`;
  }

  private _renderContact(contact: Contact): TemplateResult {
    const label = this._say("all_calls");
    const leave = (): void => {
      wish(this, "odorik-filter", { show: this.filter.show, search: "" });
    };
    return html`<div class="contact row">
      ${icon("mdi:account")}
      <bdi class="who cut"
        >${labelOf(contact)}${contact.name ? html`<span class="muted"> · ${contact.formatted}</span>` : nothing}</bdi
      >
      <button class="round" aria-label=${label} title=${label} @click=${leave}>
        ${icon("mdi:close")}
      </button>
    </div>`;
  }

  private _renderRow(call: Row, waiting?: Waiting): TemplateResult {
    return html`<li class=${kindOf(call) === "missed" ? "missed" : ""}>
      <odorik-history-row
        .formats=${this.formats}
        .size=${this.size}
        .call=${call}
        .waiting=${waiting}
        .isDue=${isDue(call, this.waiting)}
        .desk=${this.desk}
      ></odorik-history-row>
    </li>`;
  }

  private _renderFoot(): TemplateResult | typeof nothing {
    const { filter, trouble } = this;
    if (this.isReading) {
      return html`<span class="muted">${this._say("loading")}</span>`;
    }
    if (trouble) {
      return html`<span class="said bad">${trouble.text}</span
        >${this._renderRead(this._say("retry"), trouble.isMore)}`;
    }
    const isAll = filter.show === "all" && !filter.search && !filter.contact;
    const more = this._say(filter.search || filter.contact ? "older" : "more");
    return html`${
      this._items.length
        ? nothing
        : html`<div class="blank">
            ${icon("mdi:phone-log")}${this._say(isAll ? "empty" : "nothing")}
          </div>`
    }
    ${this.hasMore ? this._renderRead(more, true) : nothing}`;
  }

  private _renderRead(label: string, isMore: boolean): TemplateResult {
    const read = (): void => {
      wish(this, "odorik-read", { isMore });
    };
    return html`<button @click=${read}>${label}</button>`;
  }
}
