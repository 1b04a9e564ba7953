/** How things are written for one user: what Home Assistant offers for it, and what is left. */

import type { HomeAssistant, State } from "./home-assistant";
import { say, type Key, type Values } from "./texts";

/** Write seconds as a clock does. */
export function length(seconds: number): string {
  const [hours, minutes, rest] = [seconds / 3600, (seconds / 60) % 60, seconds % 60].map((part) =>
    String(Math.floor(part)),
  );
  return [
    ...(hours === "0" ? [minutes] : [hours, minutes?.padStart(2, "0")]),
    rest?.padStart(2, "0"),
  ].join(":");
}

const HOUR_CYCLES: Readonly<Record<string, "h12" | "h23" | undefined>> = { 12: "h12", 24: "h23" };

/** The formats and the language of one user; made anew only when the profile changes. */
export class Formats {
  private readonly _clock: Intl.DateTimeFormat;
  private readonly _day: Intl.DateTimeFormat;
  private readonly _near: Intl.RelativeTimeFormat;
  private readonly _key: Intl.DateTimeFormat;

  constructor(
    private readonly _hass: Pick<HomeAssistant, "locale" | "config" | "formatEntityState">,
  ) {
    const { language, time_format, time_zone } = _hass.locale;
    const zone = time_zone === "server" ? { timeZone: _hass.config.time_zone } : {};
    this._clock = new Intl.DateTimeFormat(time_format === "system" ? undefined : language, {
      hour: time_format === "24" ? "2-digit" : "numeric",
      minute: "2-digit",
      hourCycle: HOUR_CYCLES[time_format],
      ...zone,
    });
    this._day = new Intl.DateTimeFormat(language, {
      weekday: "long",
      day: "numeric",
      month: "long",
      ...zone,
    });
    this._near = new Intl.RelativeTimeFormat(language, { numeric: "auto" });
    this._key = new Intl.DateTimeFormat("en-CA", zone);
  }

  say(key: Key, values?: Values): string {
    return say(this._hass.locale.language, key, values);
  }

  time(date: Date): string {
    return this._clock.format(date);
  }

  money(amount: number): string {
    return this._formatted(String(amount), {
      device_class: "monetary",
      unit_of_measurement: "CZK",
    });
  }

  moment(date: string): string {
    return this._formatted(date, { device_class: "timestamp" });
  }

  /** Name a day so that it can be compared. */
  dayKey(date: Date): string {
    return this._key.format(date);
  }

  /** Name a day as people do, seen from now. */
  day(date: Date, now: Date): string {
    const key = this.dayKey(date);
    const yesterday = new Date(now);
    yesterday.setDate(yesterday.getDate() - 1);
    let text = this._day.format(date);
    if (key === this.dayKey(now)) text = this._near.format(0, "day");
    if (key === this.dayKey(yesterday)) text = this._near.format(-1, "day");
    return text.charAt(0).toLocaleUpperCase() + text.slice(1);
  }

  /** Have Home Assistant write a value as it would write a sensor's. No entity can have this ID, and so settings of its own. */
  private _formatted(state: string, attributes: State["attributes"]): string {
    return this._hass.formatEntityState({ entity_id: "sensor._odorik", state, attributes });
  }
}
