/**
 * Waits until the page is ready for elements of ours.
 *
 * While it starts, Home Assistant's frontend replaces `customElements` and `HTMLElement` (a polyfill for scoped registries).
 * Its dashboards do not find what was defined before that. The frontend defines its root element afterwards.
 */

const ROOT = "home-assistant";

if (document.querySelector(ROOT)) await customElements.whenDefined(ROOT);

export {};
