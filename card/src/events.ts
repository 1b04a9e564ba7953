/** Custom events that elements fire to the card or to Home Assistant's page. */

import type { CallbackOrder, Filter, LiveCall, TextMessage } from "./model";

interface CardEvents {
  /** Hang up this call. */
  "odorik-hang-up": LiveCall;
  /** Order this callback. */
  "odorik-order": CallbackOrder;
  /** Send this text message. */
  "odorik-send": TextMessage;
  /** Apply this filter to the history. */
  "odorik-filter": Filter;
  /** Load the next page, or the first one again. */
  "odorik-load": { readonly isNextPage: boolean };
  /** Complete the to-do item with this UID. */
  "odorik-complete": string;
  /** Copy this number. */
  "odorik-copy": string;
  /** Home Assistant's own events. */
  "hass-more-info": { readonly entityId: string };
  "hass-notification": { readonly message: string };
  "hass-action": { readonly config: object; readonly action: string };
}

export type CardEvent<Name extends keyof CardEvents> = CustomEvent<CardEvents[Name]>;

export function fireEvent<Name extends keyof CardEvents>(
  node: HTMLElement,
  name: Name,
  detail: CardEvents[Name],
): void {
  node.dispatchEvent(new CustomEvent(name, { bubbles: true, composed: true, detail }));
}
