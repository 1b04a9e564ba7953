import { html, type TemplateResult } from "lit";

/** Render a decorative icon, hidden from screen readers. */
export const icon = (name: string): TemplateResult =>
  html`<ha-icon icon=${name} aria-hidden="true"></ha-icon>`;
