/** Builders for a Czech user's Home Assistant and for calls. */

import { Formats } from "../src/format";
import type { FrontendLocaleData, HomeAssistant } from "../src/home-assistant";
import type { CallRecord, LiveCall } from "../src/model";

export const CZECH: FrontendLocaleData = {
  language: "cs",
  number_format: "language",
  time_format: "language",
  date_format: "language",
  time_zone: "server",
};

type BaseHass = Pick<HomeAssistant, "locale" | "config" | "formatEntityState">;

/** A valid entity ID. */
const ENTITY_ID = /^(?!.+__)(?!_)[\da-z_]+(?<!_)\.(?!_)[\da-z_]+(?<!_)$/;

/** Return the parts of Home Assistant that formats need. Formatted values show the arguments, and the entity whose settings apply. */
export const baseHass = (profile: Partial<FrontendLocaleData> = {}): BaseHass => ({
  locale: { ...CZECH, ...profile },
  config: { time_zone: "Europe/Prague", components: [] },
  formatEntityState: ({ entity_id, state, attributes }) =>
    `${String(attributes["device_class"])} ${state}${ENTITY_ID.test(entity_id) ? ` as ${entity_id}` : ""}`,
});

export const formats = (profile: Partial<FrontendLocaleData> = {}): Formats =>
  new Formats(baseHass(profile));

export const NOW = new Date("2026-11-24T12:00:00Z");

export const callRecord = (changes: Partial<CallRecord> = {}): CallRecord => ({
  call_id: 1,
  direction: "in",
  number: "00420777123456",
  name: "Jan",
  formatted: "+420 777 123 456",
  line: 300100,
  line_name: "Domov",
  started_at: "2026-11-24T11:00:00+00:00",
  status: "answered",
  duration: 65,
  ringing_duration: 4,
  price: null,
  own_formatted: null,
  ...changes,
});

export const live = (changes: Partial<LiveCall> = {}): LiveCall => ({
  active_call_id: 1,
  direction: "in",
  number: "00420777123456",
  name: "Jan",
  formatted: "+420 777 123 456",
  line: null,
  line_name: null,
  started_at: "2026-11-24T11:59:00+00:00",
  answered_at: null,
  ...changes,
});
