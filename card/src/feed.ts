/** What comes over the connection while the card is looked at, and nothing while it is not. */

import type { ReactiveController, ReactiveControllerHost } from "lit";

import type { Connection } from "./home-assistant";
import {
  DOMAIN,
  type Account,
  type FeedEvent,
  type LiveCall,
  type NoAccount,
  type Row,
  type Waiting,
} from "./model";

/** Seconds. The delays double up to it: while Home Assistant starts, the command is unknown. */
const LONGEST_DELAY = 30;

interface Watcher {
  /** The account is told, for the first time or anew. */
  accountTold(account: Account | NoAccount, before: Account | NoAccount | undefined): void;
  /** A call has been recorded. */
  callRecorded(call: Row): void;
  /** The connection is there again: what was read before may be old. */
  connectionRegained(): void;
}

export class Feed implements ReactiveController {
  account: Account | NoAccount | undefined;
  calls: readonly LiveCall[] = [];
  waiting: readonly Waiting[] = [];
  isReachable = true;
  isOnline = true;
  isWatching = false;
  /** Milliseconds that the server's clock is ahead of this one. */
  skew = 0;

  private _connection: Connection | undefined;
  private _entryId: string | undefined;
  private _isInView = false;
  private _attempt = 0;
  private _retry: ReturnType<typeof setTimeout> | undefined;
  private _unsubscribe: (() => void) | undefined;
  private readonly _observer = new IntersectionObserver((seen) => {
    this._isInView = seen[seen.length - 1]?.isIntersecting ?? false;
    this._look();
  });

  constructor(
    private readonly _host: ReactiveControllerHost & HTMLElement,
    private readonly _watcher: Watcher,
  ) {
    _host.addController(this);
  }

  hostConnected(): void {
    this._observer.observe(this._host);
    document.addEventListener("visibilitychange", this._look);
    if (this._connection) this._listen(this._connection);
  }

  hostDisconnected(): void {
    this._observer.disconnect();
    document.removeEventListener("visibilitychange", this._look);
    this._isInView = false;
    this._look();
    if (this._connection) this._listenNoMore(this._connection);
  }

  /** Say where to listen, and to which account; without an id, the first that the user may see. */
  tune(connection: Connection, entryId: string | undefined): void {
    if (connection !== this._connection) {
      if (this._connection) this._listenNoMore(this._connection);
      this._connection = connection;
      if (this._host.isConnected) this._listen(connection);
    }
    if (entryId !== this._entryId) {
      this._entryId = entryId;
      this.account = undefined;
      this.calls = this.waiting = [];
      if (this.isWatching) void this._subscribe();
    }
    this._look();
  }

  private _listen(connection: Connection): void {
    connection.addEventListener("ready", this._regained);
    connection.addEventListener("disconnected", this._lost);
    this.isOnline = connection.connected !== false;
  }

  private _listenNoMore(connection: Connection): void {
    connection.removeEventListener("ready", this._regained);
    connection.removeEventListener("disconnected", this._lost);
  }

  private readonly _look = (): void => {
    const isWanted =
      this._host.isConnected && this._isInView && !document.hidden && Boolean(this._connection);
    if (isWanted === this.isWatching) return;
    this.isWatching = isWanted;
    if (isWanted) void this._subscribe();
    else this._leave();
    this._host.requestUpdate();
  };

  private readonly _regained = (): void => {
    this.isOnline = true;
    this._watcher.connectionRegained();
    if (this.isWatching) void this._subscribe();
    this._host.requestUpdate();
  };

  private readonly _lost = (): void => {
    this.isOnline = false;
    this._unsubscribe = undefined;
    this._host.requestUpdate();
  };

  private _leave(): void {
    clearTimeout(this._retry);
    this._unsubscribe?.();
    this._unsubscribe = undefined;
  }

  private async _subscribe(): Promise<void> {
    this._leave();
    const message = {
      type: `${DOMAIN}/subscribe`,
      ...(this._entryId && { config_entry_id: this._entryId }),
    };
    let isWanted = true;
    let end: (() => Promise<void>) | undefined;
    const mine = (this._unsubscribe = () => {
      isWanted = false;
      // Where the connection is gone, there is nothing left to end.
      end?.().catch(() => undefined);
    });
    const receive = (event: unknown): void => {
      if (isWanted) this._receive(event as FeedEvent);
    };
    try {
      // Not renewed by the connection itself: after a restart the command comes a little later.
      end = await this._connection?.subscribeMessage(receive, message, { resubscribe: false });
      this._attempt = 0;
      // eslint-disable-next-line @typescript-eslint/no-unnecessary-condition -- It may have been left meanwhile.
      if (!isWanted) end?.().catch(() => undefined);
    } catch {
      // eslint-disable-next-line @typescript-eslint/no-unnecessary-condition -- The same.
      if (!isWanted || this._unsubscribe !== mine) return;
      const delay = Math.min(2 ** this._attempt, LONGEST_DELAY);
      this._attempt += 1;
      this._retry = setTimeout(() => {
        if (this.isWatching && this.isOnline) void this._subscribe();
      }, delay * 1000);
    }
  }

  private _receive({ account, calls, is_reachable, now, recorded, waiting }: FeedEvent): void {
    if (account) {
      const before = this.account;
      this.account = account;
      if (account.state !== "loaded") this.calls = [];
      this._watcher.accountTold(account, before);
    }
    if (calls) {
      this.calls = calls;
      this.isReachable = is_reachable ?? true;
      this.skew = Date.parse(now ?? "") - Date.now() || 0;
    }
    if (waiting) this.waiting = waiting;
    if (recorded) this._watcher.callRecorded(recorded);
    this._host.requestUpdate();
  }
}
