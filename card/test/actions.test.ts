import assert from "node:assert/strict";
import { beforeEach, mock, test } from "node:test";

import { CallActions } from "../src/actions";
import type { HomeAssistant } from "../src/home-assistant";
import type { Account, Contact } from "../src/model";
import { baseHass } from "./fixtures";

const JAN: Contact = { number: "+420777123456", name: "Jan", formatted: "+420 777 123 456" };
const MESSAGE = { origin: "sms", recipient: JAN, message: "Ahoj" };
const ACCOUNT: Account = {
  state: "loaded",
  config_entry_id: "entry",
  title: "Odorik",
  may_control: true,
  place: null,
  inbox: null,
  caller: { number: "+420603111222", name: null, formatted: "+420 603 111 222" },
  figures: {},
  lines: [],
  contacts: [],
  recipients: [],
};

beforeEach(() => {
  mock.timers.reset();
  mock.timers.enable({ apis: ["setTimeout"] });
});

const newActions = (): CallActions =>
  new CallActions({
    addController: () => undefined,
    removeController: () => undefined,
    requestUpdate: () => undefined,
    updateComplete: Promise.resolve(true),
  });

/** Return a Home Assistant that answers requests with a function, and the requests. */
function hassWith(answer: () => Promise<unknown>): [HomeAssistant, unknown[]] {
  const requests: unknown[] = [];
  const record = (request: unknown): Promise<unknown> => {
    requests.push(request);
    return answer();
  };
  const hass = {
    ...baseHass(),
    callService: (domain: string, action: string, data: object) =>
      record({ action: `${domain}.${action}`, ...data }),
    connection: { sendMessagePromise: record },
    loadBackendTranslation: () => Promise.resolve((key: string) => `translated ${key}`),
  };
  return [hass as unknown as HomeAssistant, requests];
}

/** Return an error of an action, as the frontend throws it. */
const refusal = (key: string): object => ({
  code: "home_assistant_error",
  message: "Refused",
  translation_domain: "odorik",
  translation_key: key,
});

void test("a double tap sends one message, and a later one sends another", async () => {
  const actions = newActions();
  const [hass, requests] = hassWith(() => Promise.resolve({}));
  const first = actions.sendMessage(hass, ACCOUNT, MESSAGE);
  await actions.sendMessage(hass, ACCOUNT, MESSAGE);
  assert.equal(actions.outcomes.get("sms")?.state, "pending");
  await first;
  await actions.sendMessage(hass, ACCOUNT, MESSAGE);
  assert.deepEqual(requests, [
    {
      action: "odorik.send_sms",
      config_entry_id: "entry",
      recipient: "+420777123456",
      message: "Ahoj",
    },
  ]);
  assert.deepEqual(actions.outcomes.get("sms"), {
    state: "done",
    text: "Zpráva odeslána: Jan.",
    isLocked: true,
  });
  mock.timers.tick(3000);
  await actions.sendMessage(hass, ACCOUNT, MESSAGE);
  assert.equal(requests.length, 2);
});

void test("only an outcome that is unknown is unclear", async () => {
  const isUnclearAfter = async (thrown: unknown): Promise<boolean | undefined> => {
    const actions = newActions();
    // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- As the frontend does.
    const [hass] = hassWith(() => Promise.reject(thrown));
    await actions.sendMessage(hass, ACCOUNT, MESSAGE);
    const outcome = actions.outcomes.get("sms");
    assert.equal(outcome?.state, "failed");
    return outcome.isUnclear;
  };
  assert.equal(await isUnclearAfter({ code: 3, message: "Connection lost" }), true);
  assert.equal(await isUnclearAfter(3), true);
  assert.equal(await isUnclearAfter({ code: "unknown_error", message: "Unknown error" }), true);
  assert.equal(await isUnclearAfter(refusal("sms_outcome_unknown")), true);
  assert.equal(await isUnclearAfter(refusal("low_balance")), false);
});

void test("a lost connection while sending asks the user to check before sending again", async () => {
  const actions = newActions();
  // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- As the frontend does.
  const [hass] = hassWith(() => Promise.reject({ code: 3, message: "Connection lost" }));
  await actions.sendMessage(hass, ACCOUNT, MESSAGE);
  assert.match(actions.outcomes.get("sms")?.text ?? "", /ověřte u Odoriku/);
});

void test("a callback is confirmed with the formatted number of the phone that rings first", async () => {
  const actions = newActions();
  const [hass] = hassWith(() => Promise.resolve({}));
  await actions.orderCallback(hass, ACCOUNT, { origin: "dial", recipient: "1", who: "Jan" });
  assert.match(actions.outcomes.get("dial")?.text ?? "", /zazvoní \+420 603 111 222;/);
});

void test("a preview is requested in the user's language, and a failure is returned as its error", async () => {
  const actions = newActions();
  const preview = { text: "Ahoj", length: 4, max_length: 765, parts: 1, error: null };
  const [hass, requests] = hassWith(() => Promise.resolve(preview));
  assert.deepEqual(await actions.previewMessage(hass, ACCOUNT, JAN.number, "Ahoj"), preview);
  assert.deepEqual(requests, [
    {
      type: "odorik/preview_sms",
      config_entry_id: "entry",
      number: "+420777123456",
      message: "Ahoj",
      language: "cs",
    },
  ]);
  // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- As the frontend does.
  const [failing] = hassWith(() => Promise.reject(refusal("account_not_loaded")));
  assert.deepEqual(await actions.previewMessage(failing, ACCOUNT, JAN.number, "Ahoj"), {
    error: "translated component.odorik.exceptions.account_not_loaded.message",
  });
});
