/** A Czech user, a day and a call to vary. */

import { Formats } from "../src/format";
import type { HomeAssistant, Profile } from "../src/home-assistant";
import type { LiveCall, Row } from "../src/model";

export const CZECH: Profile = {
  language: "cs",
  number_format: "language",
  time_format: "language",
  date_format: "language",
  time_zone: "server",
};

type Home = Pick<HomeAssistant, "locale" | "config" | "formatEntityState">;

/** What Home Assistant accepts as the ID of an entity. */
const ENTITY_ID = /^(?!.+__)(?!_)[\da-z_]+(?<!_)\.(?!_)[\da-z_]+(?<!_)$/;

/** Home Assistant as far as formats need it; what it would write is shown as what it was asked, and whose settings it takes. */
export const home = (profile: Partial<Profile> = {}): Home => ({
  locale: { ...CZECH, ...profile },
  config: { time_zone: "Europe/Prague", components: [] },
  formatEntityState: ({ entity_id, state, attributes }) =>
    `${String(attributes["device_class"])} ${state}${ENTITY_ID.test(entity_id) ? ` as ${entity_id}` : ""}`,
});

export const formats = (profile: Partial<Profile> = {}): Formats => new Formats(home(profile));

export const NOW = new Date("2026-11-24T12:00:00Z");

export const row = (changes: Partial<Row> = {}): Row => ({
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
