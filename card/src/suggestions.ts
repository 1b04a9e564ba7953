/** Who is meant by what was typed. */

import type { Contact } from "./model";

const SHOWN = 6;

/** What stands in a field: what was typed, or the name of who was picked. */
export interface Choice {
  readonly text: string;
  readonly picked?: Contact | undefined;
}

export const NOTHING: Choice = { text: "" };

/** Leave accents, case and outer blanks aside. */
export function folded(text: string): string {
  return text
    .normalize("NFD")
    .replace(/\p{Diacritic}/gu, "")
    .toLowerCase()
    .trim();
}

export function labelOf(contact: Contact): string {
  return contact.name ?? contact.formatted;
}

/** Find the contacts whose name or number holds what was typed. */
export function found(contacts: readonly Contact[], { text, picked }: Choice): Contact[] {
  if (picked) return [];
  const wanted = folded(text);
  const digits = wanted.replace(/[\s+]/g, "").replace(/^00/, "");
  const isNumber = /^[\d*]+$/.test(digits);
  return contacts
    .filter(
      ({ name, number }) =>
        folded(name ?? "").includes(wanted) || (isNumber && number.includes(digits)),
    )
    .slice(0, SHOWN);
}

/** Tell whom to dial: who was picked, whoever alone bears the name, or the number as typed. */
export function dialled(
  contacts: readonly Contact[],
  { text, picked }: Choice,
): Contact | undefined {
  if (picked) return picked;
  const typed = text.trim();
  if (!typed) return undefined;
  const named = contacts.filter(({ name }) => folded(name ?? "") === folded(typed));
  return (
    (named.length === 1 ? named[0] : undefined) ?? { number: typed, name: null, formatted: typed }
  );
}
