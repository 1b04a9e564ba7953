/** Calls that are ordered and ended from here, and what came of it. An order goes out once. */

import type { ReactiveControllerHost } from "lit";

import { reasonOf, type HomeAssistant } from "./home-assistant";
import { DOMAIN, placeOfCall, type Contact, type LiveCall, type Order, type Outcome } from "./model";
import { labelOf } from "./suggestions";
import { say } from "./texts";

/** Milliseconds: a second tap in haste orders nothing. */
export const ORDER_PAUSE = 3000;

/** Order a call; it is never ordered again by itself. */
export async function orderCall(
  hass: HomeAssistant,
  entryId: string | undefined,
  order: Pick<Order, "recipient" | "who" | "caller" | "line">,
  usualCaller: string,
): Promise<Outcome> {
  const { language } = hass.locale;
  const { recipient, who, caller, line } = order;
  const data = {
    ...(entryId && { config_entry_id: entryId }),
    recipient,
    ...(caller && { caller: caller.number }),
    ...(line !== undefined && { line }),
  };
  try {
    const done = await hass.callService<{ status?: string }>(DOMAIN, "callback", data, undefined, false, true);
    const key = done.response?.status === "enqueued" ? "enqueued" : "ordered";
    return { state: "done", text: say(language, key, { caller: caller ? labelOf(caller) : usualCaller, who }) };
  } catch (thrown) {
    return { state: "failed", text: await reasonOf(hass, thrown, say(language, "order_unclear")) };
  }
}

/** End a call. That it is over is said by the exchange, not by us. */
export async function endCall(
  hass: HomeAssistant,
  entryId: string | undefined,
  activeCallId: number,
): Promise<Outcome | undefined> {
  const data = { ...(entryId && { config_entry_id: entryId }), active_call_id: activeCallId };
  try {
    await hass.callService(DOMAIN, "hangup", data, undefined, false, true);
    return undefined;
  } catch (thrown) {
    return { state: "failed", text: await reasonOf(hass, thrown, say(hass.locale.language, "failed")) };
  }
}

/** What came of what was wanted, by the place that wanted it. */
export class Orders {
  outcomes: ReadonlyMap<string, Outcome> = new Map();
  /** Whom the last order rang first. */
  lastCaller: Contact | undefined;

  constructor(private readonly _host: ReactiveControllerHost) {}

  async order(hass: HomeAssistant, entryId: string | undefined, order: Order, usualCaller: string): Promise<void> {
    const { place } = order;
    if (this.outcomes.get(place)?.isHeld) return;
    this._say(place, { state: "pending", text: say(hass.locale.language, "ordering"), isHeld: true });
    const outcome = await orderCall(hass, entryId, order, usualCaller);
    if (outcome.state === "done") this.lastCaller = order.caller ?? this.lastCaller;
    this._say(place, { ...outcome, isHeld: true });
    setTimeout(() => { this._say(place, outcome); }, ORDER_PAUSE);
  }

  async hangUp(hass: HomeAssistant, entryId: string | undefined, call: LiveCall): Promise<void> {
    const place = placeOfCall(call);
    this._say(place, { state: "pending", text: say(hass.locale.language, "hanging_up") });
    this._say(place, await endCall(hass, entryId, call.active_call_id));
  }

  private _say(place: string, outcome: Outcome | undefined): void {
    const outcomes = new Map(this.outcomes);
    if (outcome) outcomes.set(place, outcome);
    this.outcomes = outcomes;
    this._host.requestUpdate();
  }
}
