/** Localised texts. */

import cs from "./texts/cs.json";
import en from "./texts/en.json";

export type TextKey = keyof typeof en;
export type Placeholders = Readonly<Record<string, string | number | null | undefined>>;

const TEXTS: Readonly<Record<string, Readonly<Record<TextKey, string>>>> = { en, cs };

/** Return a text in the given language, or in English if it is not supported. */
export function localize(
  language: string | undefined,
  key: TextKey,
  placeholders: Placeholders = {},
): string {
  const texts = TEXTS[(language ?? "").split("-")[0] ?? ""] ?? en;
  return texts[key].replace(/\{(\w+)\}/g, (_, name: string) => String(placeholders[name] ?? ""));
}
