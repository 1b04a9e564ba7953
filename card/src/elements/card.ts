import { html, LitElement, nothing, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { repeat } from "lit/directives/repeat.js";

import { CallActions } from "../actions";
import { partyLabel, ringingFirst, statusKey } from "../calls";
import { copyToClipboard } from "../clipboard";
import { fireEvent, type CardEvent } from "../events";
import { Feed } from "../feed";
import { Formats } from "../format";
import { History, type HistoryRequest } from "../history";
import { errorMessage, type HomeAssistant } from "../home-assistant";
import {
  CARD,
  DOMAIN,
  FIGURES,
  HIDEABLE,
  type Account,
  type CallContext,
  type CallRecord,
  type HistoryPage,
  type LiveCall,
  type OdorikCardConfig,
  type SmsPreview,
  type UnavailableAccount,
} from "../model";
import { localize, type TextKey } from "../texts";
import styles from "./card.styles";
import "./dial";
import { figureOf, type Figure } from "./figures";
import "./history-list";
import "./live-call";
import "./notice";
import shared from "./shared.styles";

/** Width classes for the styles, matched as `[size~="…"]`. Old browsers do not support container queries. */
function sizeClasses(width: number): string {
  if (width < 420) return "small narrow";
  if (width < 560) return "small";
  return width >= 700 ? "wide" : "";
}

/** An account's live calls, figures, dialling form and call history. */
@customElement(CARD)
export class OdorikCallsCard extends LitElement {
  static override styles = [shared, styles];

  /** The view's layout, set by Home Assistant. */
  @property({ attribute: false }) layout: string | undefined;
  @state() private _config: OdorikCardConfig = { type: `custom:${CARD}`, hide: [] };
  @state() private _size = "";

  private _hass: HomeAssistant | undefined;
  private _formats!: Formats;
  private _context: CallContext | undefined;
  /** The last loaded state of the account. It keeps the form, and what is typed, during a reload. */
  private _account: Account | undefined;
  private _announcedCalls: readonly LiveCall[] = [];
  private _announcement = "";
  private _refreshTimer: ReturnType<typeof setTimeout> | undefined;
  private readonly _actions = new CallActions(this);
  private readonly _history = new History(
    this,
    (request) => this._requestHistory(request),
    (thrown) => this._describeError(thrown),
  );
  private readonly _feed = new Feed(this, this);
  private readonly _resizeObserver = new ResizeObserver(() => {
    const { clientWidth } = this;
    this._size = sizeClasses(clientWidth);
    this.style.setProperty("--card-width", `${clientWidth}px`);
  });

  override connectedCallback(): void {
    super.connectedCallback();
    this._resizeObserver.observe(this);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this._resizeObserver.disconnect();
  }

  static getStubConfig(): object {
    return {};
  }

  static getConfigForm(): object {
    const { lang } = document.documentElement;
    const options = HIDEABLE.map((value) => ({ value, label: localize(lang, value) }));
    return {
      schema: [
        { name: "title", selector: { text: {} } },
        { name: "config_entry_id", selector: { config_entry: { integration: DOMAIN } } },
        { name: "hide", selector: { select: { multiple: true, mode: "list", options } } },
      ],
      computeLabel: ({ name }: { name: TextKey }) => localize(lang, name),
    };
  }

  setConfig(config: Partial<OdorikCardConfig>): void {
    const hide: unknown = config.hide ?? [];
    if (
      !Array.isArray(hide) ||
      hide.some((key) => !(HIDEABLE as readonly unknown[]).includes(key))
    ) {
      throw new Error(`hide must be a list of ${HIDEABLE.join(", ")}`);
    }
    if (config.config_entry_id !== this._config.config_entry_id) {
      this._account = undefined;
      this._history.clear();
    }
    this._config = { type: `custom:${CARD}`, ...config, hide: hide as string[] };
    if (this._hass) this._feed.subscribeTo(this._hass.connection, this._config.config_entry_id);
    // The history may have been hidden.
    if (this._account) this._history.refreshIfStale(this._account.place);
  }

  getCardSize(): number {
    return 10;
  }

  getGridOptions(): object {
    return { columns: 12, min_columns: 6, rows: 10, min_rows: 5 };
  }

  /** Set whenever any state changes, so it requests an update only for those that are displayed. */
  set hass(hass: HomeAssistant) {
    const before = this._hass;
    this._hass = hass;
    if (before?.locale !== hass.locale || before.formatEntityState !== hass.formatEntityState) {
      this._formats = new Formats(hass);
      this.requestUpdate();
    }
    const figureIds = Object.values(this._account?.figures ?? {});
    if (figureIds.some((id) => before?.states[id] !== hass.states[id])) this.requestUpdate();
    this._feed.subscribeTo(hass.connection, this._config.config_entry_id);
  }

  // FeedListener

  accountUpdated(
    account: Account | UnavailableAccount,
    before: Account | UnavailableAccount | undefined,
  ): void {
    if (before?.config_entry_id !== account.config_entry_id) this._history.clear();
    if (account.state !== "loaded") return;
    this._account = account;
    this._history.refreshIfStale(account.place);
  }

  callRecorded(call: CallRecord): void {
    this._history.add(call);
  }

  reconnected(): void {
    this._history.invalidate();
  }

  // History

  private _requestHistory(request: HistoryRequest): Promise<HistoryPage> | undefined {
    const account = this._feed.account;
    if (!this._hass || account?.state !== "loaded" || this._hides("history")) return undefined;
    const message = {
      type: `${DOMAIN}/history`,
      config_entry_id: account.config_entry_id,
      ...request,
    };
    return this._hass.connection.sendMessagePromise(message) as Promise<HistoryPage>;
  }

  private _describeError(thrown: unknown): Promise<string> {
    const fallback = this._formats.localize("history_failed");
    return this._hass ? errorMessage(this._hass, thrown, fallback) : Promise.resolve(fallback);
  }

  // Events of the card's elements

  private _onOrder({ detail }: CardEvent<"odorik-order">): void {
    if (this._hass && this._account)
      void this._actions.orderCallback(this._hass, this._account, detail);
  }

  private _onSend({ detail }: CardEvent<"odorik-send">): void {
    if (this._hass && this._account)
      void this._actions.sendMessage(this._hass, this._account, detail);
  }

  private _onHangUp({ detail }: CardEvent<"odorik-hang-up">): void {
    if (this._hass && this._account) void this._actions.hangUp(this._hass, this._account, detail);
  }

  private _onComplete({ detail }: CardEvent<"odorik-complete">): void {
    if (!this._hass || !this._account) return;
    const isSent = this._actions.completeItem(this._hass, this._account, detail);
    if (!isSent)
      fireEvent(this, "hass-notification", { message: this._formats.localize("failed") });
  }

  private _onFilter({ detail }: CardEvent<"odorik-filter">): void {
    this._history.setFilter(detail);
  }

  private _onLoad({ detail }: CardEvent<"odorik-load">): void {
    void this._history.load(detail.isNextPage);
  }

  private async _onCopy({ detail }: CardEvent<"odorik-copy">): Promise<void> {
    const isCopied = await copyToClipboard(detail);
    fireEvent(this, "hass-notification", {
      message: this._formats.localize(isCopied ? "copied" : "failed", { number: detail }),
    });
  }

  // Rendering

  private _hides(part: string): boolean {
    return this._config.hide.includes(part);
  }

  protected override willUpdate(): void {
    const { calls, isActive } = this._feed;
    if (calls !== this._announcedCalls) {
      this._announcement = this._announcementOf(calls);
      this._announcedCalls = calls;
    }
    clearTimeout(this._refreshTimer);
    // Live calls show seconds. Otherwise only the day can change.
    const delay = calls.length ? 1000 : 60_000 - (Date.now() % 60_000);
    if (isActive)
      this._refreshTimer = setTimeout(() => {
        this.requestUpdate();
      }, delay);
    this._updateContext();
  }

  private _updateContext(): void {
    const { isOnline } = this._feed;
    const { outcomes, lastCaller } = this._actions;
    const { _account: account, _context: context } = this;
    if (
      !account ||
      (context?.account === account &&
        context.isOnline === isOnline &&
        context.outcomes === outcomes)
    )
      return;
    const previewMessage = (number: string, message: string): Promise<SmsPreview> =>
      this._hass
        ? this._actions.previewMessage(this._hass, account, number, message)
        : Promise.resolve({ error: "" });
    this._context = { account, isOnline, outcomes, lastCaller, previewMessage };
  }

  /** Return the text for screen readers: the newest ringing call, kept until there are no calls. */
  private _announcementOf(calls: readonly LiveCall[]): string {
    const known = new Set(this._announcedCalls.map((call) => call.active_call_id));
    const ringing = calls.find((call) => !call.answered_at && !known.has(call.active_call_id));
    if (ringing)
      return `${this._formats.localize(statusKey(ringing))}: ${partyLabel(ringing, this._formats)}`;
    return calls.length ? this._announcement : "";
  }

  private get _problem(): TextKey | undefined {
    const { account, isOnline, isReachable } = this._feed;
    if (!isOnline) return "lost";
    if (account && account.state !== "loaded") return account.state;
    return account && !isReachable ? "unreachable" : undefined;
  }

  protected override render(): TemplateResult | typeof nothing {
    if (!this._hass) return nothing;
    const { account } = this._feed;
    const { _problem: problem } = this;
    const isShown = !account || account.state === "loaded";
    return html`<ha-card
      class=${this._size}
      aria-busy=${String(!account)}
      @odorik-order=${this._onOrder}
      @odorik-send=${this._onSend}
      @odorik-hang-up=${this._onHangUp}
      @odorik-complete=${this._onComplete}
      @odorik-filter=${this._onFilter}
      @odorik-load=${this._onLoad}
      @odorik-copy=${this._onCopy}
    >
      ${this._config.title ? html`<h2>${this._config.title}</h2>` : nothing}
      <div class="sr" role="alert">${this._announcement}</div>
      <odorik-notice
        ?hidden=${!problem}
        .text=${problem ? this._formats.localize(problem, { title: account?.title }) : ""}
      ></odorik-notice>
      ${this._renderCalls()}
      <odorik-figures
        ?hidden=${!isShown}
        .size=${this._size}
        .figures=${isShown ? this._figures() : []}
      ></odorik-figures>
      ${this._account?.may_control && !this._hides("dial") ? this._renderDial(isShown) : nothing}
      ${this._hides("history") ? nothing : this._renderHistory(isShown)}
    </ha-card>`;
  }

  private _renderCalls(): TemplateResult {
    const { calls, clockOffset } = this._feed;
    const now = Date.now() + clockOffset;
    return html`<ul
      class="now"
      aria-label=${this._formats.localize("now")}
      ?hidden=${!calls.length}
    >
      ${repeat(
        ringingFirst(calls),
        (call) => call.active_call_id,
        (call) =>
          html`<li class=${call.answered_at ? "" : "ringing"}>
            <odorik-live-call
              .formats=${this._formats}
              .size=${this._size}
              .call=${call}
              .now=${now}
              .context=${this._context}
              .hasHistory=${!this._hides("history")}
            ></odorik-live-call>
          </li>`,
      )}
    </ul>`;
  }

  private _figures(): Figure[] {
    return FIGURES.filter((key) => !this._hides(key)).flatMap((key) => {
      const state = this._hass?.states[this._account?.figures[key] ?? ""];
      return this._hass && state
        ? [figureOf(key, state, this._formats.localize(key), this._hass.formatEntityState(state))]
        : [];
    });
  }

  private _renderDial(isShown: boolean): TemplateResult {
    return html`<odorik-dial
      ?hidden=${!isShown}
      .formats=${this._formats}
      .context=${this._context}
    ></odorik-dial>`;
  }

  private _renderHistory(isShown: boolean): TemplateResult {
    const hasFixedHeight =
      ["grid", "panel"].includes(this.layout ?? "") && this._config.grid_options?.rows !== "auto";
    const { _history: history } = this;
    return html`<odorik-history
      class="history"
      ?hidden=${!isShown}
      ?filled=${hasFixedHeight}
      .formats=${this._formats}
      .size=${this._size}
      .filter=${history.filter}
      .rows=${history.rows}
      .waiting=${this._feed.waiting}
      .hasMore=${history.before !== null}
      .isLoading=${history.isLoading || !this._feed.account}
      .error=${history.error}
      .today=${this._formats.dayKey(new Date())}
      .context=${this._context}
    ></odorik-history>`;
  }
}
