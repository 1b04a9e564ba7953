/** The websocket API's data, and the card's own types. */

export const DOMAIN = "odorik";
export const CARD = "odorik-calls-card";

export type Direction = "in" | "out" | "redirected" | "unknown";
export type ShowFilter = "all" | "missed" | "incoming" | "outgoing";

/** The other party of a call, and the line. */
interface Party {
  readonly direction: Direction;
  readonly number: string | null;
  readonly name: string | null;
  readonly formatted: string | null;
  readonly line: number | null;
  readonly line_name: string | null;
}

/** A ringing or answered call. */
export interface LiveCall extends Party {
  readonly active_call_id: number;
  readonly started_at: string | null;
  readonly answered_at: string | null;
  readonly price_per_minute?: number | null;
}

/** A completed call. */
export interface CallRecord extends Party {
  readonly call_id: number | null;
  readonly started_at: string;
  readonly status: string;
  readonly duration: number | null;
  readonly ringing_duration: number | null;
  readonly price: number | null;
  readonly own_formatted: string | null;
  readonly redirected_to?: string | null;
  /** The name of the gate that the call rang. */
  readonly gate?: string | null;
  readonly gate_outcome?: "opened" | "refused" | null;
}

/** A missed caller who is waiting for a callback. */
export interface WaitingCaller extends Omit<Party, "direction"> {
  /** The UID of the to-do item. */
  readonly uid: string;
  readonly count: number;
  readonly first_at: string;
  /** Start of the latest call. */
  readonly started_at: string;
  /** True if the user may send the caller a text message. */
  readonly may_write: boolean;
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

/** A loaded account. */
export interface Account {
  readonly state: "loaded";
  readonly config_entry_id: string;
  readonly title: string;
  readonly may_control: boolean;
  /** Position of the newest record. */
  readonly place: number | null;
  /** The to-do list of waiting callers, if the user may complete items. */
  readonly inbox: string | null;
  /** The phone that rings first, if it is set in the account's options. */
  readonly caller: Contact | null;
  readonly figures: Readonly<Record<string, string>>;
  readonly lines: readonly Line[];
  readonly contacts: readonly Contact[];
  /** Recipients of text messages. */
  readonly recipients: readonly Contact[];
}

/** An account that cannot be shown. */
export interface UnavailableAccount {
  readonly state: "not_loaded" | "forbidden" | "missing";
  readonly config_entry_id?: string;
  readonly title?: string;
}

/** An event of `odorik/subscribe`. */
export interface FeedEvent {
  readonly account?: Account | UnavailableAccount;
  readonly calls?: readonly LiveCall[];
  readonly is_reachable?: boolean;
  readonly now?: string;
  readonly recorded?: CallRecord;
  readonly waiting?: readonly WaitingCaller[];
}

/** The response to `odorik/history`. */
export interface HistoryPage {
  readonly calls: readonly CallRecord[];
  readonly before: string | null;
}

/** A filter of the history. */
export interface Filter {
  readonly show: ShowFilter;
  readonly search: string;
  /** Show only this contact's calls. */
  readonly contact?: Contact | undefined;
}

/** Return a filter for all calls with a contact. */
export const contactFilter = (contact: Contact): Filter => ({ show: "all", search: "", contact });

/** A callback to order. */
export interface CallbackOrder {
  /** The element that ordered it and shows the outcome. */
  readonly origin: string;
  readonly recipient: string;
  readonly who: string;
  /** The phone that rings first, by default the one in the account's options. */
  readonly caller?: Contact | undefined;
  readonly line?: number | undefined;
}

/** A text message to send. */
export interface TextMessage {
  /** The origin under which the outcome is stored. */
  readonly origin: string;
  readonly recipient: Contact;
  readonly message: string;
}

/** The response to `odorik/preview_sms`, or only the error if the request failed. */
export interface SmsPreview {
  /** The text as it will be sent. */
  readonly text?: string;
  /** Null if the text cannot be sent in any length. */
  readonly length?: number | null;
  readonly max_length?: number;
  readonly parts?: number;
  readonly error: string | null;
}

/** The outcome of an action. */
export interface Outcome {
  readonly state: "pending" | "done" | "failed";
  readonly text: string;
  /** True if a failed action may have been carried out. */
  readonly isUnclear?: boolean;
  /** True if another order from the same origin is briefly rejected. */
  readonly isLocked?: boolean;
}

/** The origin under which a call's hang-up outcome is stored. */
export const hangUpOrigin = (call: LiveCall): string => `end ${call.active_call_id}`;

/** The origin under which the outcome of a message to a caller is stored. */
export const messageOrigin = ({ uid }: WaitingCaller): string => `sms ${uid}`;

/** The state and functions that elements need for actions. */
export interface CallContext {
  readonly account: Account;
  readonly isOnline: boolean;
  /** The phone that rang first in the last order. */
  readonly lastCaller: Contact | undefined;
  /** Outcomes by origin. */
  readonly outcomes: ReadonlyMap<string, Outcome>;
  readonly previewMessage: (number: string, message: string) => Promise<SmsPreview>;
}

export const FIGURES = ["balance", "missed_calls_today", "cost_this_month"] as const;
export const HIDEABLE = [...FIGURES, "dial", "history"] as const;

export interface OdorikCardConfig {
  readonly type: string;
  readonly title?: string;
  readonly config_entry_id?: string;
  readonly hide: readonly string[];
  readonly grid_options?: { readonly rows?: number | string };
}
