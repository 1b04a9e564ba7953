/** Localisation of texts. */

export type Placeholders = Readonly<Record<string, string | number | null | undefined>>;

type Texts<Key extends string> = Readonly<Record<Key, string>>;

/** Return a function that returns a text in the given language, or in English if it is not supported. */
export function localizer<Key extends string>(
  languages: Readonly<Record<string, Texts<Key>>> & { readonly en: Texts<Key> },
): (language: string | undefined, key: Key, placeholders?: Placeholders) => string {
  return (language, key, placeholders = {}) => {
    const texts = languages[(language ?? "").split("-")[0] ?? ""] ?? languages.en;
    return texts[key].replace(/\{(\w+)\}/g, (_, name: string) => String(placeholders[name] ?? ""));
  };
}
