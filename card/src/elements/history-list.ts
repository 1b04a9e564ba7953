import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { customElement, property } from "lit/decorators.js";
import { repeat } from "lit/directives/repeat.js";

import { historyItems, isCallbackDue, kindOf, waitingItems, type ListItem } from "../calls";
import { fireEvent } from "../events";
import type { LoadError } from "../history";
import type { CallContext, CallRecord, Contact, Filter, ShowFilter, WaitingCaller } from "../model";
import { contactLabel } from "../suggestions";
import styles from "./history-list.styles";
import "./history-row";
import { icon } from "./icon";
import { OdorikElement } from "./odorik-element";

const SHOW_FILTERS: readonly ShowFilter[] = ["all", "missed", "incoming", "outgoing"];
/** The properties that determine the items. */
const ITEM_PROPERTIES = ["rows", "formats", "today", "waiting", "filter"] as const;
const SEARCH_DELAY_MS = 400;

/** Completed calls by day, with filters and a search field. */
@customElement("odorik-history")
export class OdorikHistory extends OdorikElement {
  static override styles = [...OdorikElement.styles, styles];

  @property({ attribute: false }) filter!: Filter;
  @property({ attribute: false }) rows: readonly CallRecord[] = [];
  /** Callers waiting for a callback. */
  @property({ attribute: false }) waiting: readonly WaitingCaller[] = [];
  @property({ attribute: false }) hasMore = false;
  @property({ attribute: false }) isLoading = false;
  @property({ attribute: false }) error: LoadError | undefined;
  /** The day key of today. */
  @property({ attribute: false }) today = "";
  @property({ attribute: false }) context!: CallContext;

  private _items: readonly ListItem[] = [];
  /** True if the row of a completed caller, which has the focus, is about to be removed. */
  private _isCompleting = false;
  private _searchTimer: ReturnType<typeof setTimeout> | undefined;

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (ITEM_PROPERTIES.some((name) => changed.has(name))) {
      const { show, search, contact } = this.filter;
      const waitingFirst =
        show === "missed" && !search && !contact ? waitingItems(this.waiting, this.formats) : [];
      this._items = [...waitingFirst, ...historyItems(this.rows, this.formats, new Date())];
    }
  }

  protected override updated(changed: PropertyValues<this>): void {
    if (changed.has("waiting") && this._isCompleting) {
      this._isCompleting = false;
      void this._focusOn("[aria-pressed=true]");
    }
    const before = changed.get("filter");
    if (!before) return;
    this.renderRoot.querySelector(".scroll")?.scrollTo(0, 0);
    if (this.filter.contact && !before.contact) void this._focusOn(".contact button");
    if (before.contact && !this.filter.contact) void this._focusOn("input");
  }

  private _onInput(event: Event): void {
    const search = (event.target as HTMLInputElement).value.trim();
    clearTimeout(this._searchTimer);
    this._searchTimer = setTimeout(() => {
      if (search !== this.filter.search)
        fireEvent(this, "odorik-filter", { ...this.filter, search });
    }, SEARCH_DELAY_MS);
  }

  protected override render(): TemplateResult {
    const { contact } = this.filter;
    return html`<div class="tools">
        <div class="filters" role="group" aria-label=${this._localize("filter")}>
          ${SHOW_FILTERS.map((show) => this._renderFilter(show))}
        </div>
        ${contact ? this._renderContact(contact) : this._renderSearch()}
      </div>
      <div class="scroll">
        <ul
          aria-label=${this._localize("history")}
          @odorik-complete=${() => {
            this._isCompleting = true;
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
        <div class="foot" role="status">${this._renderFooter()}</div>
      </div>`;
  }

  private _renderFilter(show: ShowFilter): TemplateResult {
    const select = (): void => {
      fireEvent(this, "odorik-filter", { ...this.filter, show });
    };
    const count = show === "missed" ? this.waiting.length : 0;
    const title = count ? `${this._localize("waiting")}: ${count}` : "";
    return html`<button
      aria-pressed=${String(show === this.filter.show)}
      title=${title}
      @click=${select}
    >
      ${this._localize(show)}${count ? html`<b aria-hidden="true">${count}</b>` : nothing}
    </button>`;
  }

  private _renderSearch(): TemplateResult {
    const label = this._localize("search");
    return html`<div class="field">
      ${icon("mdi:magnify")}
      <input
        type="search"
        placeholder=${label}
        aria-label=${label}
        value=${this.filter.search}
        @input=${this._onInput}
      />
    </div>`;
  }

  private _renderContact(contact: Contact): TemplateResult {
    const label = this._localize("all_calls");
    const clear = (): void => {
      fireEvent(this, "odorik-filter", { show: this.filter.show, search: "" });
    };
    return html`<div class="contact row">
      ${icon("mdi:account")}
      <bdi class="who cut"
        >${contactLabel(contact)}${contact.name ? html`<span class="muted"> · ${contact.formatted}</span>` : nothing}</bdi
      >
      <button class="round" aria-label=${label} title=${label} @click=${clear}>
        ${icon("mdi:close")}
      </button>
    </div>`;
  }

  private _renderRow(call: CallRecord, waiting?: WaitingCaller): TemplateResult {
    return html`<li class=${kindOf(call) === "missed" ? "missed" : ""}>
      <odorik-history-row
        .formats=${this.formats}
        .size=${this.size}
        .call=${call}
        .waiting=${waiting}
        .isDue=${isCallbackDue(call, this.waiting)}
        .context=${this.context}
      ></odorik-history-row>
    </li>`;
  }

  private _renderFooter(): TemplateResult | typeof nothing {
    const { filter, error } = this;
    if (this.isLoading) {
      return html`<span class="muted">${this._localize("loading")}</span>`;
    }
    if (error) {
      return html`<span class="said bad">${error.text}</span
        >${this._renderLoadButton(this._localize("retry"), error.isNextPage)}`;
    }
    const isAll = filter.show === "all" && !filter.search && !filter.contact;
    const more = this._localize(filter.search || filter.contact ? "older" : "more");
    return html`${
      this._items.length
        ? nothing
        : html`<div class="blank">
            ${icon("mdi:phone-log")}${this._localize(isAll ? "empty" : "no_matches")}
          </div>`
    }
    ${this.hasMore ? this._renderLoadButton(more, true) : nothing}`;
  }

  private _renderLoadButton(label: string, isNextPage: boolean): TemplateResult {
    const load = (): void => {
      fireEvent(this, "odorik-load", { isNextPage });
    };
    return html`<button @click=${load}>${label}</button>`;
  }
}
