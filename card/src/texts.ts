/** What the card says, in the user's language. */

import cs from "./texts/cs.json";
import en from "./texts/en.json";

export type Key = keyof typeof en;
export type Values = Readonly<Record<string, string | number | null | undefined>>;

const TEXTS: Readonly<Record<string, Readonly<Record<Key, string>>>> = { en, cs };

/** Say a text; English stands in for a language that the card does not speak. */
export function say(language: string | undefined, key: Key, values: Values = {}): string {
  const texts = TEXTS[(language ?? "").split("-")[0] ?? ""] ?? en;
  return texts[key].replace(/\{(\w+)\}/g, (_, name: string) => String(values[name] ?? ""));
}
