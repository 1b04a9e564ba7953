/** Subscription to an account, active only while the card is visible. */

import type { ReactiveController, ReactiveControllerHost } from "lit";

import type { Connection } from "./home-assistant";
import {
  DOMAIN,
  type Account,
  type CallRecord,
  type FeedEvent,
  type LiveCall,
  type UnavailableAccount,
  type WaitingCaller,
} from "./model";

/** Seconds. Delays double up to this value: the command is unknown while Home Assistant starts. */
const MAX_RETRY_DELAY = 30;

interface FeedListener {
  accountUpdated(
    account: Account | UnavailableAccount,
    before: Account | UnavailableAccount | undefined,
  ): void;
  callRecorded(call: CallRecord): void;
  /** The connection was lost and restored, so earlier data may be out of date. */
  reconnected(): void;
}

export class Feed implements ReactiveController {
  account: Account | UnavailableAccount | undefined;
  calls: readonly LiveCall[] = [];
  waiting: readonly WaitingCaller[] = [];
  isReachable = true;
  isOnline = true;
  isActive = false;
  /** Milliseconds by which the server's clock is ahead of the browser's. */
  clockOffset = 0;

  private _connection: Connection | undefined;
  private _entryId: string | undefined;
  private _isInView = false;
  private _attempt = 0;
  private _retry: ReturnType<typeof setTimeout> | undefined;
  private _unsubscribe: (() => void) | undefined;
  private readonly _observer = new IntersectionObserver((entries) => {
    this._isInView = entries[entries.length - 1]?.isIntersecting ?? false;
    this._updateSubscription();
  });

  constructor(
    private readonly _host: ReactiveControllerHost & HTMLElement,
    private readonly _listener: FeedListener,
  ) {
    _host.addController(this);
  }

  hostConnected(): void {
    this._observer.observe(this._host);
    document.addEventListener("visibilitychange", this._updateSubscription);
    if (this._connection) this._addConnectionListeners(this._connection);
  }

  hostDisconnected(): void {
    this._observer.disconnect();
    document.removeEventListener("visibilitychange", this._updateSubscription);
    this._isInView = false;
    this._updateSubscription();
    if (this._connection) this._removeConnectionListeners(this._connection);
  }

  /** Subscribe to an account; without an ID, to the first one that the user may see. */
  subscribeTo(connection: Connection, entryId: string | undefined): void {
    if (connection !== this._connection) {
      if (this._connection) this._removeConnectionListeners(this._connection);
      this._connection = connection;
      if (this._host.isConnected) this._addConnectionListeners(connection);
    }
    if (entryId !== this._entryId) {
      this._entryId = entryId;
      this.account = undefined;
      this.calls = this.waiting = [];
      if (this.isActive) void this._subscribe();
    }
    this._updateSubscription();
  }

  private _addConnectionListeners(connection: Connection): void {
    connection.addEventListener("ready", this._onReady);
    connection.addEventListener("disconnected", this._onDisconnected);
    this.isOnline = connection.connected !== false;
  }

  private _removeConnectionListeners(connection: Connection): void {
    connection.removeEventListener("ready", this._onReady);
    connection.removeEventListener("disconnected", this._onDisconnected);
  }

  private readonly _updateSubscription = (): void => {
    const isWanted =
      this._host.isConnected && this._isInView && !document.hidden && Boolean(this._connection);
    if (isWanted === this.isActive) return;
    this.isActive = isWanted;
    if (isWanted) void this._subscribe();
    else this._cancelSubscription();
    this._host.requestUpdate();
  };

  private readonly _onReady = (): void => {
    this.isOnline = true;
    this._listener.reconnected();
    if (this.isActive) void this._subscribe();
    this._host.requestUpdate();
  };

  private readonly _onDisconnected = (): void => {
    this.isOnline = false;
    this._unsubscribe = undefined;
    this._host.requestUpdate();
  };

  private _cancelSubscription(): void {
    clearTimeout(this._retry);
    this._unsubscribe?.();
    this._unsubscribe = undefined;
  }

  private async _subscribe(): Promise<void> {
    this._cancelSubscription();
    const message = {
      type: `${DOMAIN}/subscribe`,
      ...(this._entryId && { config_entry_id: this._entryId }),
    };
    let isWanted = true;
    let endSubscription: (() => Promise<void>) | undefined;
    const unsubscribe = (this._unsubscribe = () => {
      isWanted = false;
      // Fails if the connection is closed, which ends the subscription anyway.
      endSubscription?.().catch(() => undefined);
    });
    const receive = (event: unknown): void => {
      if (isWanted) this._receive(event as FeedEvent);
    };
    try {
      // The connection would resubscribe at once, before a restarted Home Assistant knows the command.
      endSubscription = await this._connection?.subscribeMessage(receive, message, {
        resubscribe: false,
      });
      this._attempt = 0;
      // eslint-disable-next-line @typescript-eslint/no-unnecessary-condition -- It may have been cancelled meanwhile.
      if (!isWanted) endSubscription?.().catch(() => undefined);
    } catch {
      // eslint-disable-next-line @typescript-eslint/no-unnecessary-condition -- As above.
      if (!isWanted || this._unsubscribe !== unsubscribe) return;
      const delay = Math.min(2 ** this._attempt, MAX_RETRY_DELAY);
      this._attempt += 1;
      this._retry = setTimeout(() => {
        if (this.isActive && this.isOnline) void this._subscribe();
      }, delay * 1000);
    }
  }

  private _receive({ account, calls, is_reachable, now, recorded, waiting }: FeedEvent): void {
    if (account) {
      const before = this.account;
      this.account = account;
      if (account.state !== "loaded") this.calls = [];
      this._listener.accountUpdated(account, before);
    }
    if (calls) {
      this.calls = calls;
      this.isReachable = is_reachable ?? true;
      this.clockOffset = Date.parse(now ?? "") - Date.now() || 0;
    }
    if (waiting) this.waiting = waiting;
    if (recorded) this._listener.callRecorded(recorded);
    this._host.requestUpdate();
  }
}
