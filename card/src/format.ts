/** How the user's profile writes times, dates and money. */

import type { Profile } from "./home-assistant";
import { say, type Key, type Values } from "./texts";

const NUMBER_LOCALES: Readonly<Record<string, string[] | undefined>> = {
  comma_decimal: ["en-US", "en"],
  decimal_comma: ["de", "es", "it"],
  space_comma: ["fr", "sv", "cs"],
  quote_decimal: ["de-CH"],
  none: ["en-US"],
  system: undefined,
};

type DatePart = "day" | "month" | "year";
const DATE_ORDERS: Readonly<Record<string, readonly DatePart[] | undefined>> = {
  DMY: ["day", "month", "year"],
  MDY: ["month", "day", "year"],
  YMD: ["year", "month", "day"],
};

/** Write seconds as a clock does. */
export function length(seconds: number): string {
  const pad = (part: number) => String(part).padStart(2, "0");
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  const rest = pad(Math.floor(seconds) % 60);
  return hours ? `${hours}:${pad(minutes)}:${rest}` : `${minutes}:${rest}`;
}

function clockOptions({ time_format }: Profile): Intl.DateTimeFormatOptions {
  const clock: Intl.DateTimeFormatOptions = { hour: time_format === "24" ? "2-digit" : "numeric", minute: "2-digit" };
  if (time_format === "12" || time_format === "24") clock.hourCycle = time_format === "12" ? "h12" : "h23";
  return clock;
}

/** The formats and the language of one user; made anew only when the profile changes. */
export class Formats {
  readonly language: string;
  private readonly _order: readonly DatePart[] | undefined;
  private readonly _clockFormat: Intl.DateTimeFormat;
  private readonly _dayFormat: Intl.DateTimeFormat;
  private readonly _nearFormat: Intl.RelativeTimeFormat;
  private readonly _dateFormat: Intl.DateTimeFormat;
  private readonly _keyFormat: Intl.DateTimeFormat;
  private readonly _moneyFormat: Intl.NumberFormat;

  constructor(profile: Profile, serverTimeZone: string) {
    const { language, number_format, time_format, date_format, time_zone } = profile;
    const zone = time_zone === "server" ? { timeZone: serverTimeZone } : {};
    const numeric = { year: "numeric", month: "numeric", day: "numeric" } as const;
    this.language = language;
    this._order = DATE_ORDERS[date_format];
    this._clockFormat = new Intl.DateTimeFormat(time_format === "system" ? undefined : language, {
      ...clockOptions(profile),
      ...zone,
    });
    this._dayFormat = new Intl.DateTimeFormat(language, { weekday: "long", day: "numeric", month: "long", ...zone });
    this._nearFormat = new Intl.RelativeTimeFormat(language, { numeric: "auto" });
    this._dateFormat = new Intl.DateTimeFormat(date_format === "system" ? undefined : language, { ...numeric, ...zone });
    this._keyFormat = new Intl.DateTimeFormat("en-CA", { year: "numeric", month: "2-digit", day: "2-digit", ...zone });
    this._moneyFormat = new Intl.NumberFormat(number_format in NUMBER_LOCALES ? NUMBER_LOCALES[number_format] : language, {
      style: "currency",
      currency: "CZK",
      minimumFractionDigits: 2,
      maximumFractionDigits: 2,
      useGrouping: number_format !== "none",
    });
  }

  say(key: Key, values?: Values): string {
    return say(this.language, key, values);
  }

  time(date: Date): string {
    return this._clockFormat.format(date);
  }

  money(amount: number): string {
    return this._moneyFormat.format(amount);
  }

  date(date: Date): string {
    if (!this._order) return this._dateFormat.format(date);
    const parts = this._dateFormat.formatToParts(date);
    const value = (type: string) => parts.find((part) => part.type === type)?.value ?? "";
    return this._order.map(value).join(value("literal"));
  }

  /** Name a day so that it can be compared. */
  dayKey(date: Date): string {
    return this._keyFormat.format(date);
  }

  /** Name a day as people do, seen from now. */
  day(date: Date, now: Date): string {
    const key = this.dayKey(date);
    const yesterday = new Date(now);
    yesterday.setDate(yesterday.getDate() - 1);
    let text = this._dayFormat.format(date);
    if (key === this.dayKey(now)) text = this._nearFormat.format(0, "day");
    if (key === this.dayKey(yesterday)) text = this._nearFormat.format(-1, "day");
    return text.charAt(0).toLocaleUpperCase(this.language) + text.slice(1);
  }
}
