/** The displayed part of the call history: loaded page by page, updated with new records. */

import type { ReactiveControllerHost } from "lit";

import { mergeCall } from "./calls";
import type { CallRecord, Filter, HistoryPage } from "./model";

const PAGE_SIZE = 50;
/** The limit of the server. */
const MAX_PAGE_SIZE = 200;

/** A request for a page, without the account. */
export interface HistoryRequest {
  readonly show: Filter["show"];
  readonly limit: number;
  readonly search?: string;
  /** Only the calls with this number. */
  readonly number?: string;
  readonly before?: string;
}

/** Why the last request failed, and whether it was for the next page. */
export interface LoadError {
  readonly text: string;
  readonly isNextPage: boolean;
}

export class History {
  filter: Filter = { show: "all", search: "" };
  rows: readonly CallRecord[] = [];
  /** Cursor of the next page, null at the end. */
  before: string | null = null;
  isLoading = false;
  error: LoadError | undefined;

  /** As many calls as have been loaded. New calls push out the oldest. */
  private _maxRows = PAGE_SIZE;
  private _position: number | null | undefined;
  private _requestId = 0;
  private _isNextPage = false;

  constructor(
    private readonly _host: ReactiveControllerHost,
    private readonly _request: (request: HistoryRequest) => Promise<HistoryPage> | undefined,
    private readonly _describeError: (thrown: unknown) => Promise<string>,
  ) {}

  setFilter(filter: Filter): void {
    this.filter = filter;
    this._maxRows = PAGE_SIZE;
    void this.load();
  }

  /** Force a reload at the next account update. */
  invalidate(): void {
    this._position = undefined;
  }

  /** Remove the calls of the previous account. */
  clear(): void {
    this.invalidate();
    this._maxRows = PAGE_SIZE;
    this.rows = [];
    this.before = null;
  }

  /** Reload if there are records that have not been received. */
  refreshIfStale(position: number | null | undefined): void {
    if (position !== undefined && position === this._position) return;
    this._position = position;
    void this.load();
  }

  /** Add a new record. Only the server can match it with a search, and a page being loaded may lack it. */
  add(call: CallRecord): void {
    this._position = call.call_id ?? this._position;
    const isReplacing = this.isLoading && !this._isNextPage;
    if (this.filter.search || this.filter.contact || isReplacing) void this.load();
    else this.rows = this._trim(mergeCall(this.rows, call, this.filter.show));
  }

  /** Remove the oldest calls of a list that has grown. The next page begins with them. */
  private _trim(rows: readonly CallRecord[]): readonly CallRecord[] {
    const last = rows[this._maxRows - 1];
    // The page being loaded continues after the last row.
    if (!last || this.isLoading) return rows;
    const end = Date.parse(last.started_at);
    const kept = rows.filter(
      ({ started_at }, index) => index < this._maxRows || Date.parse(started_at) === end,
    );
    if (kept.length < rows.length) this.before = last.started_at;
    return kept;
  }

  /** Load as many calls as are shown, or the next page. */
  async load(isNextPage = false): Promise<void> {
    const { show, search, contact } = this.filter;
    const answer = this._request({
      show,
      limit: isNextPage ? PAGE_SIZE : Math.min(this._maxRows, MAX_PAGE_SIZE),
      ...(contact ? { number: contact.number } : search && { search }),
      ...(isNextPage && this.before && { before: this.before }),
    });
    if (!answer) {
      this.invalidate();
      return;
    }
    const requestId = (this._requestId += 1);
    this.isLoading = true;
    this._isNextPage = isNextPage;
    this.error = undefined;
    this._host.requestUpdate();
    try {
      const page = await answer;
      if (requestId !== this._requestId) return;
      this.rows = isNextPage ? [...this.rows, ...page.calls] : page.calls;
      this.before = page.before;
      this._maxRows = Math.max(PAGE_SIZE, this.rows.length);
    } catch (thrown) {
      const text = await this._describeError(thrown);
      if (requestId !== this._requestId) return;
      this.error = { text, isNextPage };
    }
    this.isLoading = false;
    this._host.requestUpdate();
  }
}
