/** Orders callbacks, sends messages, hangs up calls and completes to-do items. Nothing is retried. */

import type { ReactiveControllerHost } from "lit";

import { errorMessage, isUnclear, type HomeAssistant } from "./home-assistant";
import {
  DOMAIN,
  hangUpOrigin,
  type Account,
  type CallbackOrder,
  type Contact,
  type LiveCall,
  type Outcome,
  type SmsPreview,
  type TextMessage,
} from "./model";
import { contactLabel } from "./suggestions";
import { localize, type TextKey } from "./texts";

/** A second tap within this time orders nothing. */
const DOUBLE_TAP_LOCK_MS = 3000;

export class CallActions {
  /** Outcomes by origin. */
  outcomes: ReadonlyMap<string, Outcome> = new Map();
  /** The phone that rang first in the last order. */
  lastCaller: Contact | undefined;

  constructor(private readonly _host: ReactiveControllerHost) {}

  orderCallback(
    hass: HomeAssistant,
    account: Account,
    { origin, recipient, who, caller, line }: CallbackOrder,
  ): Promise<void> {
    return this._runOnce(hass, origin, "ordering", "order_unclear", async () => {
      await callAction(hass, account, "callback", { recipient, caller: caller?.number, line });
      this.lastCaller = caller ?? this.lastCaller;
      const first = caller ?? account.caller;
      return localize(hass.locale.language, "ordered", {
        caller: first && contactLabel(first),
        who,
      });
    });
  }

  sendMessage(
    hass: HomeAssistant,
    account: Account,
    { origin, recipient, message }: TextMessage,
  ): Promise<void> {
    return this._runOnce(hass, origin, "sending", "send_unclear", async () => {
      await callAction(hass, account, "send_sms", { recipient: recipient.number, message });
      return localize(hass.locale.language, "sent", { who: contactLabel(recipient) });
    });
  }

  /** Return how a message will be sent. Only the server counts its parts. */
  async previewMessage(
    hass: HomeAssistant,
    { config_entry_id }: Account,
    number: string,
    message: string,
  ): Promise<SmsPreview> {
    const { language } = hass.locale;
    try {
      return (await hass.connection.sendMessagePromise({
        type: `${DOMAIN}/preview_sms`,
        config_entry_id,
        number,
        message,
        language,
      })) as SmsPreview;
    } catch (thrown) {
      return { error: await errorMessage(hass, thrown, localize(language, "failed")) };
    }
  }

  /**
   * Run an action that costs money, and store its outcome. A second tap is ignored.
   *
   * @param run Runs the action and returns the text for its success.
   */
  private async _runOnce(
    hass: HomeAssistant,
    origin: string,
    pendingText: TextKey,
    unclearText: TextKey,
    run: () => Promise<string>,
  ): Promise<void> {
    if (this.outcomes.get(origin)?.isLocked) return;
    const { language } = hass.locale;
    this._setOutcome(origin, {
      state: "pending",
      text: localize(language, pendingText),
      isLocked: true,
    });
    let outcome: Outcome;
    try {
      outcome = { state: "done", text: await run() };
    } catch (thrown) {
      outcome = {
        state: "failed",
        text: await errorMessage(hass, thrown, localize(language, unclearText)),
        isUnclear: isUnclear(thrown),
      };
    }
    this._setOutcome(origin, { ...outcome, isLocked: true });
    setTimeout(() => {
      this._setOutcome(origin, outcome);
    }, DOUBLE_TAP_LOCK_MS);
  }

  /** Hang up a call. The feed reports when it has ended. */
  async hangUp(hass: HomeAssistant, account: Account, call: LiveCall): Promise<void> {
    const { language } = hass.locale;
    const origin = hangUpOrigin(call);
    this._setOutcome(origin, { state: "pending", text: localize(language, "hanging_up") });
    try {
      await callAction(hass, account, "hangup", { active_call_id: call.active_call_id });
    } catch (thrown) {
      this._setOutcome(origin, {
        state: "failed",
        text: await errorMessage(hass, thrown, localize(language, "failed")),
      });
    }
  }

  /**
   * Complete a waiting caller's to-do item. The frontend notifies the user of errors.
   *
   * Return false without an available to-do list: an action on a missing or unavailable entity succeeds and does nothing.
   */
  completeItem(hass: HomeAssistant, { inbox }: Account, item: string): boolean {
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

  private _setOutcome(origin: string, outcome: Outcome): void {
    this.outcomes = new Map(this.outcomes).set(origin, outcome);
    this._host.requestUpdate();
  }
}

function callAction(
  hass: HomeAssistant,
  { config_entry_id }: Account,
  action: string,
  data: object,
): Promise<unknown> {
  return hass.callService(DOMAIN, action, { config_entry_id, ...data }, undefined, false, true);
}
