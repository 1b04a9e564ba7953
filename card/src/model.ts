/** What comes over the connection, in the words of the integration's events. */

export const DOMAIN = "odorik";
export const CARD = "odorik-calls-card";

export type Direction = "in" | "out" | "redirected" | "unknown";
export type Show = "all" | "missed" | "incoming" | "outgoing";

/** Who is at the other end, and on which line. */
interface Party {
  readonly direction: Direction;
  readonly number: string | null;
  readonly name: string | null;
  readonly formatted: string | null;
  readonly line: number | null;
  readonly line_name: string | null;
}

/** A call that is ringing or up. */
export interface LiveCall extends Party {
  readonly active_call_id: number;
  readonly started_at: string | null;
  readonly answered_at: string | null;
  readonly price_per_minute?: number | null;
}

/** A call that is over. */
export interface Row extends Party {
  readonly call_id: number | null;
  readonly started_at: string;
  readonly status: string;
  readonly duration: number | null;
  readonly ringing_duration: number | null;
  readonly price: number | null;
  readonly own_formatted: string | null;
  readonly redirected_to?: string | null;
}

/** A caller who was missed and with whom nobody has talked since. */
export interface Waiting extends Omit<Party, "direction"> {
  /** What the list of those who wait calls them. */
  readonly uid: string;
  readonly count: number;
  readonly first_at: string;
  /** When the latest of their calls began. */
  readonly started_at: string;
}

export interface Contact {
  readonly number: string;
  readonly name: string | null;
  readonly formatted: string;
}

export interface Line {
  readonly line: number;
  readonly name: string | null;
}

/** An account while it is loaded. */
export interface Account {
  readonly state: "loaded";
  readonly config_entry_id: string;
  readonly title: string;
  readonly may_control: boolean;
  readonly place: number | null;
  /** The list of those who wait, if the user may tick them off. */
  readonly inbox: string | null;
  /** Who rings first, if the account's options say it. */
  readonly caller: { readonly number: string; readonly name: string | null } | null;
  readonly figures: Readonly<Record<string, string>>;
  readonly lines: readonly Line[];
  readonly contacts: readonly Contact[];
}

/** An account that cannot be shown, and why. */
export interface NoAccount {
  readonly state: "not_loaded" | "forbidden" | "missing";
  readonly config_entry_id?: string;
  readonly title?: string;
}

/** One event of `odorik/subscribe`. */
export interface FeedEvent {
  readonly account?: Account | NoAccount;
  readonly calls?: readonly LiveCall[];
  readonly is_reachable?: boolean;
  readonly now?: string;
  readonly recorded?: Row;
  readonly waiting?: readonly Waiting[];
}

/** The answer of `odorik/history`. */
export interface Page {
  readonly calls: readonly Row[];
  readonly before: string | null;
}

/** Which part of the history is shown. */
export interface Filter {
  readonly show: Show;
  readonly search: string;
  /** Whose calls alone are shown. */
  readonly contact?: Contact | undefined;
}

/** All calls with somebody. */
export const callsWith = (contact: Contact): Filter => ({ show: "all", search: "", contact });

/** A call that somebody wants to have ordered. */
export interface Order {
  /** Where the wish comes from, and what came of it is to be said. */
  readonly place: string;
  readonly recipient: string;
  readonly who: string;
  /** Whom to ring first; without it whoever the account's options name. */
  readonly caller?: Contact | undefined;
  readonly line?: number | undefined;
}

/** What has become of an order or of hanging up. */
export interface Outcome {
  readonly state: "pending" | "done" | "failed";
  readonly text: string;
  /** Whether nothing can be ordered at the same place for a moment. */
  readonly isHeld?: boolean;
}

/** Where it is said what came of ending a call. */
export const placeOfCall = (call: LiveCall): string => `end ${call.active_call_id}`;

/** What one needs in order to telephone. */
export interface Desk {
  readonly account: Account;
  readonly isOnline: boolean;
  /** Whom the last order rang first. */
  readonly lastCaller: Contact | undefined;
  readonly outcomes: ReadonlyMap<string, Outcome>;
}

export const FIGURES = ["balance", "missed_calls_today", "cost_this_month"] as const;
export const HIDEABLE = [...FIGURES, "dial", "history"] as const;

export interface Config {
  readonly type: string;
  readonly title?: string;
  readonly config_entry_id?: string;
  readonly hide: readonly string[];
  readonly grid_options?: { readonly rows?: number | string };
}
