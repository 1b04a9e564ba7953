/** Helpers for displaying calls and for merging new ones into the history. */

import type { Formats } from "./format";
import type { CallRecord, Contact, Direction, LiveCall, ShowFilter, WaitingCaller } from "./model";
import type { TextKey } from "./texts";

export type CallKind = Direction | "missed" | "gate";

export const ICONS: Readonly<Record<CallKind, string>> = {
  in: "mdi:phone-incoming",
  out: "mdi:phone-outgoing",
  redirected: "mdi:phone-forward",
  missed: "mdi:phone-missed",
  unknown: "mdi:phone",
  gate: "mdi:gate",
};

export function kindOf(call: CallRecord): CallKind {
  if (call.gate) return "gate";
  if (call.direction !== "out" && call.status === "missed") return "missed";
  return call.redirected_to ? "redirected" : call.direction;
}

export function iconOf(call: LiveCall): string {
  if (call.answered_at) return "mdi:phone-in-talk";
  return call.direction === "out" ? ICONS.out : "mdi:phone-ring";
}

/** Return the other party's name or number. */
export function partyLabel(
  call: { name: string | null; formatted: string | null },
  formats: Formats,
): string {
  return call.name ?? call.formatted ?? formats.localize("withheld");
}

/** Return the gate that a call rang and whether it opened, or else the line of the call. */
export function placeLabel(
  { gate, gate_outcome, line_name, line }: CallRecord,
  formats: Formats,
): string {
  if (!gate) return line_name ?? String(line ?? "");
  return gate_outcome ? `${gate}: ${formats.localize(`gate_${gate_outcome}`)}` : gate;
}

/** Return the contact to call back, unless the number is withheld. */
export function contactOf({ number, name, formatted }: LiveCall | CallRecord): Contact | undefined {
  return number ? { number, name, formatted: formatted ?? number } : undefined;
}

/** Return the text key of a live call's status. */
export function statusKey({ answered_at, direction }: LiveCall): TextKey {
  return !answered_at && direction === "out" ? "calling" : `call_${direction}`;
}

/** Return the seconds since a call was answered or, before that, started ringing. `now` is the server's time. */
export function elapsedSeconds(call: LiveCall, now: number): number {
  const since = Date.parse(call.answered_at ?? call.started_at ?? "");
  return Math.max(0, (now - since) / 1000) || 0;
}

/** Sort ringing calls before answered ones. */
export function ringingFirst(calls: readonly LiveCall[]): LiveCall[] {
  return [...calls].sort(
    (one, other) => Number(Boolean(one.answered_at)) - Number(Boolean(other.answered_at)),
  );
}

const FILTERS: Readonly<Record<ShowFilter, (call: CallRecord) => boolean>> = {
  all: () => true,
  missed: (call) => kindOf(call) === "missed",
  incoming: (call) => call.direction !== "out",
  outgoing: (call) => call.direction === "out",
};

/** Insert a new record in order of time, replacing an earlier record of the same call. */
export function mergeCall(
  rows: readonly CallRecord[],
  call: CallRecord,
  show: ShowFilter,
): CallRecord[] {
  const others = rows.filter((row) => row.call_id !== call.call_id || row.call_id === null);
  if (!FILTERS[show](call)) return others;
  const started = Date.parse(call.started_at);
  const later = others.filter((row) => Date.parse(row.started_at) > started);
  return [...later, call, ...others.slice(later.length)];
}

/** An entry of the history list: a heading, a call, or a caller waiting for a callback. */
export type ListItem =
  | { readonly key: string; readonly day: string; readonly call?: undefined }
  | { readonly key: string; readonly call: CallRecord; readonly waiting?: WaitingCaller };

/** Return an item for each waiting caller, shown as their latest call. */
export function waitingItems(waiting: readonly WaitingCaller[], formats: Formats): ListItem[] {
  const call = {
    direction: "in",
    status: "missed",
    call_id: null,
    duration: 0,
    ringing_duration: null,
    price: null,
    own_formatted: null,
  } as const;
  const items = waiting.map((one) => ({ key: one.uid, call: { ...call, ...one }, waiting: one }));
  return items.length ? [{ key: "waiting", day: formats.localize("waiting") }, ...items] : [];
}

/** Return whether a missed call's caller is still waiting for a callback. */
export function isCallbackDue(call: CallRecord, waiting: readonly WaitingCaller[]): boolean {
  return (
    kindOf(call) === "missed" &&
    waiting.some(({ number, first_at }) => number === call.number && first_at <= call.started_at)
  );
}

/** Return the calls under day headings. Keys are unique and do not depend on other items. */
export function historyItems(rows: readonly CallRecord[], formats: Formats, now: Date): ListItem[] {
  const seen = new Set<string>();
  const unique = (key: string): string => {
    while (seen.has(key)) key += "'";
    seen.add(key);
    return key;
  };
  let last: string | undefined;
  return rows.flatMap((call): ListItem[] => {
    const date = new Date(call.started_at);
    const day = formats.dayKey(date);
    const item = { key: unique(rowKey(call)), call };
    if (day === last) return [item];
    last = day;
    return [{ key: unique(day), day: formats.day(date, now) }, item];
  });
}

export function rowKey(call: CallRecord): string {
  return `call ${call.call_id ?? `${call.started_at} ${call.number}`}`;
}

/** Replace the international prefix 00 by a plus sign. */
export function toInternational(number: string): string {
  return number.replace(/^00/, "+");
}
