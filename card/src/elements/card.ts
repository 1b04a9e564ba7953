import { html, LitElement, nothing, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { repeat } from "lit/directives/repeat.js";

import { goingOn, ringingFirst, whoIs } from "../calls";
import { copy } from "../clipboard";
import type { Wish } from "../events";
import { Feed } from "../feed";
import { formOf } from "../form";
import { Formats } from "../format";
import { History, type Question } from "../history";
import { askPage, reasonOf, type HomeAssistant } from "../home-assistant";
import {
  CARD,
  DOMAIN,
  FIGURES,
  HIDEABLE,
  type Account,
  type Config,
  type Desk,
  type LiveCall,
  type NoAccount,
  type Page,
  type Row,
} from "../model";
import { Orders } from "../orders";
import { sizeOf } from "../size";
import type { Key } from "../texts";
import styles from "./card.styles";
import "./dial";
import { figureOf, type Figure } from "./figures";
import "./history-list";
import "./live-call";
import "./notice";
import shared from "./shared.styles";

/** The calls of an account: those that are up, those that were, and those to be. */
@customElement(CARD)
export class OdorikCallsCard extends LitElement {
  static override styles = [shared, styles];

  /** How Home Assistant places the card; in a grid its height is given. */
  @property({ attribute: false }) layout: string | undefined;
  @state() private _config: Config = { type: `custom:${CARD}`, hide: [] };
  @state() private _size = "";

  private _home: HomeAssistant | undefined;
  private _formats!: Formats;
  private _desk: Desk | undefined;
  /** The account as it was while it ran: what is typed outlives a reload. */
  private _account: Account | undefined;
  private _told: readonly LiveCall[] = [];
  private _announcement = "";
  private _tick: ReturnType<typeof setTimeout> | undefined;
  private readonly _orders = new Orders(this);
  private readonly _history = new History(
    this,
    (question) => this._ask(question),
    (thrown) => this._reason(thrown),
  );
  private readonly _feed = new Feed(this, this);
  private readonly _resizes = new ResizeObserver(() => {
    const { clientWidth } = this;
    this._size = sizeOf(clientWidth);
    this.style.setProperty("--card-width", `${clientWidth}px`);
  });

  override connectedCallback(): void {
    super.connectedCallback();
    this._resizes.observe(this);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this._resizes.disconnect();
  }

  static getStubConfig(): object {
    return {};
  }

  static getConfigForm(): object {
    return formOf(document.documentElement.lang);
  }

  setConfig(config: Partial<Config>): void {
    const hide: unknown = config.hide ?? [];
    if (
      !Array.isArray(hide) ||
      hide.some((key) => !(HIDEABLE as readonly unknown[]).includes(key))
    ) {
      throw new Error(`hide: a list of ${HIDEABLE.join(", ")}`);
    }
    if (config.config_entry_id !== this._config.config_entry_id) {
      this._account = undefined;
      this._history.clear();
    }
    this._config = { type: `custom:${CARD}`, ...config, hide: hide as string[] };
    if (this._home) this._feed.tune(this._home.connection, this._config.config_entry_id);
  }

  getCardSize(): number {
    return 10;
  }

  getGridOptions(): object {
    return { columns: 12, min_columns: 6, rows: 10, min_rows: 5 };
  }

  /** Set at every change of any state of the house; few of them are shown here. */
  set hass(hass: HomeAssistant) {
    const before = this._home;
    this._home = hass;
    if (before?.locale !== hass.locale || before.formatEntityState !== hass.formatEntityState) {
      this._formats = new Formats(hass);
      this.requestUpdate();
    }
    const shown = Object.values(this._account?.figures ?? {});
    if (shown.some((id) => before?.states[id] !== hass.states[id])) this.requestUpdate();
    this._feed.tune(hass.connection, this._config.config_entry_id);
  }

  // What the feed tells.

  accountTold(account: Account | NoAccount, before: Account | NoAccount | undefined): void {
    if (before?.config_entry_id !== account.config_entry_id) this._history.clear();
    if (account.state !== "loaded") return;
    this._account = account;
    this._history.catchUp(account.place);
  }

  callRecorded(call: Row): void {
    this._history.add(call);
  }

  connectionRegained(): void {
    this._history.forget();
  }

  // What the card's elements want.

  private _ask(question: Question): Promise<Page> | undefined {
    const account = this._feed.account;
    if (!this._home || account?.state !== "loaded" || this._hides("history")) return undefined;
    const message = {
      type: `${DOMAIN}/history`,
      config_entry_id: account.config_entry_id,
      ...question,
    };
    return this._home.connection.sendMessagePromise(message) as Promise<Page>;
  }

  private _reason(thrown: unknown): Promise<string> {
    const otherwise = this._formats.say("history_failed");
    return this._home ? reasonOf(this._home, thrown, otherwise) : Promise.resolve(otherwise);
  }

  private _order({ detail }: Wish<"odorik-order">): void {
    if (this._home && this._account) void this._orders.order(this._home, this._account, detail);
  }

  private _hangUp({ detail }: Wish<"odorik-hang-up">): void {
    if (this._home && this._account) void this._orders.hangUp(this._home, this._account, detail);
  }

  private _tickOff({ detail }: Wish<"odorik-tick">): void {
    if (!this._home || !this._account) return;
    const isSent = this._orders.tick(this._home, this._account, detail);
    if (!isSent) askPage(this, "hass-notification", { message: this._formats.say("failed") });
  }

  private _filter({ detail }: Wish<"odorik-filter">): void {
    this._history.show(detail);
  }

  private _read({ detail }: Wish<"odorik-read">): void {
    void this._history.read(detail.isMore);
  }

  private async _copy({ detail }: Wish<"odorik-copy">): Promise<void> {
    const isDone = await copy(detail);
    askPage(this, "hass-notification", {
      message: this._formats.say(isDone ? "copied" : "failed", { number: detail }),
    });
  }

  // What is shown.

  private _hides(part: string): boolean {
    return this._config.hide.includes(part);
  }

  protected override willUpdate(): void {
    const { calls, isWatching } = this._feed;
    if (calls !== this._told) {
      this._announcement = this._announcementOf(calls);
      this._told = calls;
    }
    clearTimeout(this._tick);
    // A call shows seconds; without one, the day may change with any minute.
    const delay = calls.length ? 1000 : 60_000 - (Date.now() % 60_000);
    if (isWatching)
      this._tick = setTimeout(() => {
        this.requestUpdate();
      }, delay);
    this._furnish();
  }

  /** Lay out what is needed to telephone; anew only when something of it has changed. */
  private _furnish(): void {
    const { isOnline } = this._feed;
    const { outcomes, lastCaller } = this._orders;
    const { _account: account, _desk: before } = this;
    if (
      !account ||
      (before?.account === account && before.isOnline === isOnline && before.outcomes === outcomes)
    )
      return;
    this._desk = { account, isOnline, outcomes, lastCaller };
  }

  /** What is said aloud: who begins to ring, until nobody calls any more. */
  private _announcementOf(calls: readonly LiveCall[]): string {
    const known = new Set(this._told.map((call) => call.active_call_id));
    const fresh = calls.find((call) => !call.answered_at && !known.has(call.active_call_id));
    if (fresh) return `${this._formats.say(goingOn(fresh))}: ${whoIs(fresh, this._formats)}`;
    return calls.length ? this._announcement : "";
  }

  private get _problem(): Key | undefined {
    const { account, isOnline, isReachable } = this._feed;
    if (!isOnline) return "lost";
    if (account && account.state !== "loaded") return account.state;
    return account && !isReachable ? "unreachable" : undefined;
  }

  protected override render(): TemplateResult | typeof nothing {
    if (!this._home) return nothing;
    const { account } = this._feed;
    const { _problem: problem } = this;
    const isShown = !account || account.state === "loaded";
    return html`<ha-card
      class=${this._size}
      aria-busy=${String(!account)}
      @odorik-order=${this._order}
      @odorik-hang-up=${this._hangUp}
      @odorik-tick=${this._tickOff}
      @odorik-filter=${this._filter}
      @odorik-read=${this._read}
      @odorik-copy=${this._copy}
    >
      ${this._config.title ? html`<h2>${this._config.title}</h2>` : nothing}
      <div class="sr" role="alert">${this._announcement}</div>
      <odorik-notice
        ?hidden=${!problem}
        .text=${problem ? this._formats.say(problem, { title: account?.title }) : ""}
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
    const { calls, skew } = this._feed;
    const now = Date.now() + skew;
    return html`<ul class="now" aria-label=${this._formats.say("now")} ?hidden=${!calls.length}>
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
              .desk=${this._desk}
              .hasHistory=${!this._hides("history")}
            ></odorik-live-call>
          </li>`,
      )}
    </ul>`;
  }

  private _figures(): Figure[] {
    return FIGURES.filter((key) => !this._hides(key)).flatMap((key) => {
      const state = this._home?.states[this._account?.figures[key] ?? ""];
      return this._home && state
        ? [figureOf(key, state, this._formats.say(key), this._home.formatEntityState(state))]
        : [];
    });
  }

  private _renderDial(isShown: boolean): TemplateResult {
    return html`<odorik-dial
      ?hidden=${!isShown}
      .formats=${this._formats}
      .desk=${this._desk}
    ></odorik-dial>`;
  }

  private _renderHistory(isShown: boolean): TemplateResult {
    const isGiven =
      ["grid", "panel"].includes(this.layout ?? "") && this._config.grid_options?.rows !== "auto";
    const { _history: history } = this;
    return html`<odorik-history
      class="history"
      ?hidden=${!isShown}
      ?filled=${isGiven}
      .formats=${this._formats}
      .size=${this._size}
      .filter=${history.filter}
      .rows=${history.rows}
      .waiting=${this._feed.waiting}
      .hasMore=${history.before !== null}
      .isReading=${history.isReading || !this._feed.account}
      .trouble=${history.trouble}
      .today=${this._formats.dayKey(new Date())}
      .desk=${this._desk}
    ></odorik-history>`;
  }
}
