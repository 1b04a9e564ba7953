/** What a call is to somebody who looks at it, and how recorded calls join the history. */

import type { Formats } from "./format";
import type { Contact, Direction, LiveCall, Row, Show, Waiting } from "./model";
import type { Key } from "./texts";

export type Kind = Direction | "missed";

export const ICONS: Readonly<Record<Kind, string>> = {
  in: "mdi:phone-incoming",
  out: "mdi:phone-outgoing",
  redirected: "mdi:phone-forward",
  missed: "mdi:phone-missed",
  unknown: "mdi:phone",
};

export function kindOf(call: Row): Kind {
  if (call.direction !== "out" && call.status === "missed") return "missed";
  return call.redirected_to ? "redirected" : call.direction;
}

export function iconOf(call: LiveCall): string {
  if (call.answered_at) return "mdi:phone-in-talk";
  return call.direction === "out" ? ICONS.out : "mdi:phone-ring";
}

/** Say who is at the other end. */
export function whoIs(
  call: { name: string | null; formatted: string | null },
  formats: Formats,
): string {
  return call.name ?? call.formatted ?? formats.say("withheld");
}

/** Say whom to call back; nobody whose number is withheld. */
export function contactOf({ number, name, formatted }: LiveCall | Row): Contact | undefined {
  return number ? { number, name, formatted: formatted ?? number } : undefined;
}

/** Name what goes on. */
export function goingOn({ answered_at, direction }: LiveCall): Key {
  return !answered_at && direction === "out" ? "calling" : `call_${direction}`;
}

/** How long a call has been ringing or up, in seconds, by the server's clock. */
export function secondsOf(call: LiveCall, now: number): number {
  const since = Date.parse(call.answered_at ?? call.started_at ?? "");
  return Math.max(0, (now - since) / 1000) || 0;
}

/** A ringing call comes before those that are up: it is what one has to decide on. */
export function ringingFirst(calls: readonly LiveCall[]): LiveCall[] {
  return [...calls].sort(
    (one, other) => Number(Boolean(one.answered_at)) - Number(Boolean(other.answered_at)),
  );
}

const FITS: Readonly<Record<Show, (call: Row) => boolean>> = {
  all: () => true,
  missed: (call) => kindOf(call) === "missed",
  incoming: (call) => call.direction !== "out",
  outgoing: (call) => call.direction === "out",
};

/** Put a call that has just been recorded where it belongs; an older record of it makes room. */
export function joined(rows: readonly Row[], call: Row, show: Show): Row[] {
  const others = rows.filter((row) => row.call_id !== call.call_id || row.call_id === null);
  if (!FITS[show](call)) return others;
  const started = Date.parse(call.started_at);
  const later = others.filter((row) => Date.parse(row.started_at) > started);
  return [...later, call, ...others.slice(later.length)];
}

/** One line of the list: a day, a call of it, or somebody who waits. */
export type Item =
  | { readonly key: string; readonly day: string; readonly call?: undefined }
  | { readonly key: string; readonly call: Row; readonly waiting?: Waiting };

/** Give a line for each caller who waits, as the latest of their calls. */
export function waitingItems(waiting: readonly Waiting[], formats: Formats): Item[] {
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
  return items.length ? [{ key: "waiting", day: formats.say("waiting") }, ...items] : [];
}

/** Whether a call is one of those after which somebody still waits. */
export function isDue(call: Row, waiting: readonly Waiting[]): boolean {
  return (
    kindOf(call) === "missed" &&
    waiting.some(({ number, first_at }) => number === call.number && first_at <= call.started_at)
  );
}

/** Give the lines of the list, each with a key of its own that stays when others come and go. */
export function itemsOf(rows: readonly Row[], formats: Formats, now: Date): Item[] {
  const seen = new Set<string>();
  const once = (key: string): string => {
    while (seen.has(key)) key += "'";
    seen.add(key);
    return key;
  };
  let last: string | undefined;
  return rows.flatMap((call): Item[] => {
    const date = new Date(call.started_at);
    const day = formats.dayKey(date);
    const item = { key: once(keyOf(call)), call };
    if (day === last) return [item];
    last = day;
    return [{ key: once(day), day: formats.day(date, now) }, item];
  });
}

export function keyOf(call: Row): string {
  return `call ${call.call_id ?? `${call.started_at} ${call.number}`}`;
}

/** A number as it is pasted into a telephone. */
export function plain(number: string): string {
  return number.replace(/^00/, "+");
}
