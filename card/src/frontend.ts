/**
 * Waits until the page can define custom elements.
 *
 * While it starts, Home Assistant's frontend replaces `customElements` and `HTMLElement` (a polyfill for scoped registries).
 * Its dashboards do not find elements defined before that. The frontend defines its root element afterwards.
 */

const ROOT = "home-assistant";

if (document.querySelector(ROOT)) await customElements.whenDefined(ROOT);

export {};
