/** Lit's decorators as TypeScript's older kind has them, without what Lit carries for the newer. */

import { type LitElement, type PropertyDeclaration } from "lit";

export const customElement =
  (tag: string) =>
  (element: CustomElementConstructor): void => {
    customElements.define(tag, element);
  };

/** Something that is given to an element as a property and makes it render. */
export const property =
  (options: PropertyDeclaration = { attribute: false }) =>
  (element: LitElement, name: PropertyKey): void => {
    (element.constructor as typeof LitElement).createProperty(name, options);
  };

/** Something that the element keeps itself. */
export const state = property;
