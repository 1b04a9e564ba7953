/** What the card's elements want of the card; it alone talks to Home Assistant. */

import type { Filter, LiveCall, Order } from "./model";

interface Wishes {
  /** End this call. */
  "odorik-hang-up": LiveCall;
  /** Order this call. */
  "odorik-order": Order;
  /** Show this part of the history. */
  "odorik-filter": Filter;
  /** Read the page that follows, or the one that failed once more. */
  "odorik-read": { readonly isMore: boolean };
  /** Tick off the caller whom the list of those who wait calls so. */
  "odorik-tick": string;
  /** Copy this number. */
  "odorik-copy": string;
}

/** One of the wishes, as the card hears it. */
export type Wish<Name extends keyof Wishes> = CustomEvent<Wishes[Name]>;

export function wish<Name extends keyof Wishes>(
  from: HTMLElement,
  name: Name,
  detail: Wishes[Name],
): void {
  from.dispatchEvent(new CustomEvent(name, { bubbles: true, composed: true, detail }));
}
