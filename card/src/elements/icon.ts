import { html, type TemplateResult } from "lit";

/** An icon that says nothing by itself. */
export const icon = (name: string): TemplateResult =>
  html`<ha-icon icon=${name} aria-hidden="true"></ha-icon>`;
