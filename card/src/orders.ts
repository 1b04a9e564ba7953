/** Calls that are ordered and ended from the card, and what came of it. An order goes out once. */

import type { ReactiveControllerHost } from "lit";

import { reasonOf, type HomeAssistant } from "./home-assistant";
import {
  DOMAIN,
  placeOfCall,
  type Account,
  type Contact,
  type LiveCall,
  type Order,
  type Outcome,
} from "./model";
import { labelOf } from "./suggestions";
import { say } from "./texts";

/** Milliseconds: a second tap in haste orders nothing. */
const PAUSE = 3000;

export class Orders {
  /** What came of what was wanted, by the place that wanted it. */
  outcomes: ReadonlyMap<string, Outcome> = new Map();
  /** Whom the last order rang first. */
  lastCaller: Contact | undefined;

  constructor(private readonly _host: ReactiveControllerHost) {}

  /** Order a call; it is never ordered again by itself. */
  async order(
    hass: HomeAssistant,
    account: Account,
    { place, recipient, who, caller, line }: Order,
  ): Promise<void> {
    if (this.outcomes.get(place)?.isHeld) return;
    const { language } = hass.locale;
    this._say(place, { state: "pending", text: say(language, "ordering"), isHeld: true });
    let outcome: Outcome;
    try {
      await act(hass, account, "callback", { recipient, caller: caller?.number, line });
      const first = caller ? labelOf(caller) : (account.caller?.name ?? account.caller?.number);
      this.lastCaller = caller ?? this.lastCaller;
      outcome = { state: "done", text: say(language, "ordered", { caller: first, who }) };
    } catch (thrown) {
      outcome = {
        state: "failed",
        text: await reasonOf(hass, thrown, say(language, "order_unclear")),
      };
    }
    this._say(place, { ...outcome, isHeld: true });
    setTimeout(() => {
      this._say(place, outcome);
    }, PAUSE);
  }

  /** End a call. That it is over is said by the exchange, not by us. */
  async hangUp(hass: HomeAssistant, account: Account, call: LiveCall): Promise<void> {
    const { language } = hass.locale;
    const place = placeOfCall(call);
    this._say(place, { state: "pending", text: say(language, "hanging_up") });
    try {
      await act(hass, account, "hangup", { active_call_id: call.active_call_id });
    } catch (thrown) {
      this._say(place, {
        state: "failed",
        text: await reasonOf(hass, thrown, say(language, "failed")),
      });
    }
  }

  /**
   * Tick a caller off. The feed tells when it is done, and Home Assistant's page when it was refused.
   *
   * Return whether there is a list to do that on: an action on an entity that is missing or unavailable succeeds and does nothing.
   */
  tick(hass: HomeAssistant, { inbox }: Account, item: string): boolean {
    const state = hass.states[inbox ?? ""]?.state;
    if (!inbox || !state || state === "unavailable") return false;
    hass
      .callService(
        "todo",
        "update_item",
        { item, status: "completed" },
        { entity_id: inbox },
        true,
        false,
      )
      .catch(() => undefined);
    return true;
  }

  private _say(place: string, outcome: Outcome): void {
    this.outcomes = new Map(this.outcomes).set(place, outcome);
    this._host.requestUpdate();
  }
}

function act(
  hass: HomeAssistant,
  { config_entry_id }: Account,
  action: string,
  data: object,
): Promise<unknown> {
  return hass.callService(DOMAIN, action, { config_entry_id, ...data }, undefined, false, true);
}
