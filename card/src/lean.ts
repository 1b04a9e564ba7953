/**
 * What the card uses of LitElement, on Lit's own templates and directives.
 *
 * The source is written for Lit and checked against its types; the build puts this in the place of its elements, as
 * React's programs run on preact/compat. Every page of every user loads the module, and what LitElement does for
 * attributes, converters, reflection and old browsers, none of which the card has, would be a tenth of it. The behaviour
 * is Lit's: changes are gathered, rendered once in a microtask and told to `willUpdate` and `updated`; nothing is
 * rendered before the element is connected. Without the plugin `lean` in build.mjs the card runs on LitElement itself.
 */

import { render } from "lit/html.js";

export { html, nothing } from "lit/html.js";

interface Controller {
  hostConnected?(): void;
  hostDisconnected?(): void;
}

type Styles = CSSStyleSheet | readonly Styles[];

export class LitElement extends HTMLElement {
  static styles: Styles = [];

  readonly renderRoot = this.attachShadow({ mode: "open" });
  updateComplete = Promise.resolve();

  readonly #controllers: Controller[] = [];
  #changed = new Map<PropertyKey, unknown>();
  #isPending = false;
  #wasConnected = false;

  constructor() {
    super();
    this.renderRoot.adoptedStyleSheets = [(this.constructor as typeof LitElement).styles].flat(3) as CSSStyleSheet[];
  }

  addController(controller: Controller): void {
    this.#controllers.push(controller);
  }

  connectedCallback(): void {
    this.#wasConnected = true;
    this.requestUpdate();
    for (const one of this.#controllers) one.hostConnected?.();
  }

  disconnectedCallback(): void {
    for (const one of this.#controllers) one.hostDisconnected?.();
  }

  requestUpdate(name?: PropertyKey, before?: unknown): void {
    if (name && !this.#changed.has(name)) this.#changed.set(name, before);
    if (this.#isPending || !this.#wasConnected) return;
    this.#isPending = true;
    this.updateComplete = Promise.resolve().then(() => { this.#update(); });
  }

  #update(): void {
    const changed = this.#changed;
    this.willUpdate?.(changed);
    // Whatever `willUpdate` has set is part of this update.
    this.#changed = new Map();
    render(this.render(), this.renderRoot, { host: this });
    this.#isPending = false;
    this.updated?.(changed);
  }

  protected willUpdate?(changed: Map<PropertyKey, unknown>): void;
  protected updated?(changed: Map<PropertyKey, unknown>): void;

  protected render(): unknown {
    return undefined;
  }
}

export function unsafeCSS(text: string): CSSStyleSheet {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(text);
  return sheet;
}

export const customElement =
  (tag: string) =>
  (element: CustomElementConstructor): void => {
    customElements.define(tag, element);
  };

/** Make a property one that renders; as in Lit, setting what is there already changes nothing. */
export const property = () => (element: LitElement, name: PropertyKey): void => {
  const values = new WeakMap<LitElement, unknown>();
  Object.defineProperty(element, name, {
    get(this: LitElement) {
      return values.get(this);
    },
    set(this: LitElement, value: unknown) {
      const before = values.get(this);
      if (Object.is(before, value)) return;
      values.set(this, value);
      this.requestUpdate(name, before);
    },
  });
};

export const state = property;
