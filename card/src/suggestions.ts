/** Finds contacts by what the user types. */

import type { Contact } from "./model";

const MAX_SUGGESTIONS = 6;

/** The value of a number field: typed text, or a picked contact's name. */
export interface Choice {
  readonly text: string;
  readonly picked?: Contact | undefined;
}

export const EMPTY_CHOICE: Choice = { text: "" };

/** Remove accents, case and surrounding whitespace. */
export function normalizeText(text: string): string {
  return text
    .normalize("NFD")
    .replace(/\p{Diacritic}/gu, "")
    .toLowerCase()
    .trim();
}

export function contactLabel(contact: Contact): string {
  return contact.name ?? contact.formatted;
}

/** Return the contacts whose name or number contains the typed text. */
export function findContacts(contacts: readonly Contact[], { text, picked }: Choice): Contact[] {
  if (picked) return [];
  const wanted = normalizeText(text);
  const digits = wanted.replace(/[\s+]/g, "").replace(/^00/, "");
  const isNumber = /^[\d*]+$/.test(digits);
  return contacts
    .filter(
      ({ name, number }) =>
        normalizeText(name ?? "").includes(wanted) || (isNumber && number.includes(digits)),
    )
    .slice(0, MAX_SUGGESTIONS);
}

/** Return the picked contact, the only one with the typed name, or the typed number. */
export function resolveContact(
  contacts: readonly Contact[],
  { text, picked }: Choice,
): Contact | undefined {
  if (picked) return picked;
  const typed = text.trim();
  if (!typed) return undefined;
  const named = contacts.filter(({ name }) => normalizeText(name ?? "") === normalizeText(typed));
  return (
    (named.length === 1 ? named[0] : undefined) ?? { number: typed, name: null, formatted: typed }
  );
}
