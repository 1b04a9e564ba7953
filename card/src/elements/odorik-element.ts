import { html, LitElement, type TemplateResult } from "lit";
import { property } from "lit/decorators.js";

import type { Formats } from "../format";
import type { Outcome } from "../model";
import type { Placeholders } from "../localizer";
import type { TextKey } from "../texts";
import shared from "./shared.styles";

/** Base element: localisation and shared styles. */
export abstract class OdorikElement extends LitElement {
  static override styles = [shared];

  @property({ attribute: false }) formats!: Formats;
  /** The card's width classes, for the styles. */
  @property({ reflect: true }) size = "";

  protected _localize(key: TextKey, placeholders?: Placeholders): string {
    return this.formats.localize(key, placeholders);
  }

  /** Focus an element once it is rendered. */
  protected async _focusOn(selector: string): Promise<void> {
    await this.updateComplete;
    this.renderRoot.querySelector<HTMLElement>(selector)?.focus();
  }

  /** Render the text of an outcome. Rendered even without one, so that screen readers announce changes. */
  protected _renderOutcome(outcome: Outcome | undefined): TemplateResult {
    return html`<div
      class="said ${outcome?.state === "failed" ? "bad" : ""}"
      role="status"
      .textContent=${outcome?.text ?? ""}
    ></div>`;
  }
}
