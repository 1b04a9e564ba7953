/** Formatting of durations, times and amounts. */

import type { HassEntity, HomeAssistant } from "./home-assistant";
import type { Placeholders } from "./localizer";
import { localize, type TextKey } from "./texts";

/** Format seconds as h:mm:ss or m:ss. */
export function formatDuration(seconds: number): string {
  const [hours, minutes, rest] = [seconds / 3600, (seconds / 60) % 60, seconds % 60].map((part) =>
    String(Math.floor(part)),
  );
  return [
    ...(hours === "0" ? [minutes] : [hours, minutes?.padStart(2, "0")]),
    rest?.padStart(2, "0"),
  ].join(":");
}

const HOUR_CYCLES: Readonly<Record<string, "h12" | "h23" | undefined>> = { 12: "h12", 24: "h23" };

/** Formatters for a user's language, time format and time zone. */
export class Formats {
  private readonly _clock: Intl.DateTimeFormat;
  private readonly _dayKey: Intl.DateTimeFormat;
  private readonly _zone: Intl.DateTimeFormatOptions;

  constructor(
    private readonly _hass: Pick<HomeAssistant, "locale" | "config" | "formatEntityState">,
  ) {
    const { language, time_format, time_zone } = _hass.locale;
    this._zone = time_zone === "server" ? { timeZone: _hass.config.time_zone } : {};
    this._clock = new Intl.DateTimeFormat(time_format === "system" ? undefined : language, {
      hour: time_format === "24" ? "2-digit" : "numeric",
      minute: "2-digit",
      hourCycle: HOUR_CYCLES[time_format],
      ...this._zone,
    });
    // Swedish dates are those of ISO 8601.
    this._dayKey = new Intl.DateTimeFormat("sv", this._zone);
  }

  localize(key: TextKey, placeholders?: Placeholders): string {
    return localize(this._hass.locale.language, key, placeholders);
  }

  time(date: Date): string {
    return this._clock.format(date);
  }

  money(amount: number): string {
    return this._formatState(String(amount), {
      device_class: "monetary",
      unit_of_measurement: "CZK",
    });
  }

  dateTime(date: string): string {
    return this._formatState(date, { device_class: "timestamp" });
  }

  /** Return a day as YYYY-MM-DD. */
  dayKey(date: Date): string {
    return this._dayKey.format(date);
  }

  /** Format a day relative to now: today, yesterday, or weekday and date, with the year unless it is this one. */
  day(date: Date, now: Date): string {
    const [key, today] = [this.dayKey(date), this.dayKey(now)];
    const days = (Date.parse(key) - Date.parse(today)) / 86_400_000;
    const { language } = this._hass.locale;
    const text =
      days === 0 || days === -1
        ? new Intl.RelativeTimeFormat(language, { numeric: "auto" }).format(days, "day")
        : date.toLocaleDateString(language, {
            weekday: "long",
            day: "numeric",
            month: "long",
            year: key < today.slice(0, 4) ? "numeric" : undefined,
            ...this._zone,
          });
    return text.charAt(0).toLocaleUpperCase() + text.slice(1);
  }

  /** Format a value as Home Assistant formats a sensor's. The ID is invalid, so no entity's display settings apply. */
  private _formatState(state: string, attributes: HassEntity["attributes"]): string {
    return this._hass.formatEntityState({ entity_id: "sensor._odorik", state, attributes });
  }
}
