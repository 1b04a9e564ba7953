/** The part of the call history that is shown: read by pages, kept up by what is recorded. */

import type { ReactiveControllerHost } from "lit";

import { joined } from "./calls";
import type { Filter, Page, Row } from "./model";

const PAGE = 50;

/** What is asked for, but for the account. */
export interface Question {
  readonly show: Filter["show"];
  readonly limit: number;
  readonly search?: string;
  readonly before?: string;
}

/** Why the last reading failed, and which one that was. */
export interface Trouble {
  readonly text: string;
  readonly isMore: boolean;
}

export class History {
  filter: Filter = { show: "all", search: "" };
  rows: readonly Row[] = [];
  /** From where the next page goes on; null at the end. */
  before: string | null = null;
  isReading = false;
  trouble: Trouble | undefined;

  /** How many calls have been read; a list that stays open keeps no more than that. */
  private _size = PAGE;
  private _place: number | null | undefined;
  private _reading = 0;

  constructor(
    private readonly _host: ReactiveControllerHost,
    private readonly _ask: (question: Question) => Promise<Page> | undefined,
    private readonly _reason: (thrown: unknown) => Promise<string>,
  ) {}

  /** Show another part. */
  show(filter: Filter): void {
    this.filter = filter;
    void this.read();
  }

  /** Believe nothing that was read before. */
  forget(): void {
    this._place = undefined;
  }

  /** Empty the list: it is another account's. */
  clear(): void {
    this.forget();
    this.rows = [];
    this.before = null;
  }

  /** Read anew if something was recorded that was not told. */
  catchUp(place: number | null | undefined): void {
    if (place !== undefined && place === this._place) return;
    this._place = place;
    void this.read();
  }

  /** Put a call that has just been recorded where it belongs; nobody has to be asked for it. */
  add(call: Row): void {
    this._place = call.call_id ?? this._place;
    if (this.filter.search || this.filter.contact) void this.read();
    else this.rows = this._cut(joined(this.rows, call, this.filter.show));
  }

  /** Leave out the oldest calls of a list that has grown. The next page begins with them. */
  private _cut(rows: readonly Row[]): readonly Row[] {
    const last = rows[this._size - 1];
    // The page that is being read follows all of them.
    if (!last || this.isReading) return rows;
    const end = Date.parse(last.started_at);
    const kept = rows.filter(
      ({ started_at }, place) => place < this._size || Date.parse(started_at) === end,
    );
    if (kept.length < rows.length) this.before = last.started_at;
    return kept;
  }

  /** Read the first page, or the one that follows what is shown. */
  async read(isMore = false): Promise<void> {
    const { show, search, contact } = this.filter;
    const wanted = contact?.number ?? search;
    const answer = this._ask({
      show,
      limit: PAGE,
      ...(wanted && { search: wanted }),
      ...(isMore && this.before && { before: this.before }),
    });
    if (!answer) return;
    const reading = (this._reading += 1);
    this.isReading = true;
    this.trouble = undefined;
    this._host.requestUpdate();
    try {
      const page = await answer;
      if (reading !== this._reading) return;
      this.rows = isMore ? [...this.rows, ...page.calls] : page.calls;
      this.before = page.before;
      this._size = Math.max(PAGE, this.rows.length);
    } catch (thrown) {
      const text = await this._reason(thrown);
      if (reading !== this._reading) return;
      this.trouble = { text, isMore };
    }
    this.isReading = false;
    this._host.requestUpdate();
  }
}
