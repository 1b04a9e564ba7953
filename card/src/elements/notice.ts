import { html, LitElement, type TemplateResult } from "lit";
import { customElement, property } from "lit/decorators.js";

import { icon } from "./icon";
import styles from "./notice.styles";
import shared from "./shared.styles";

/** Explains why data is missing or out of date. */
@customElement("odorik-notice")
export class OdorikNotice extends LitElement {
  static override styles = [shared, styles];

  @property({ attribute: false }) text = "";

  protected override render(): TemplateResult {
    // Rendered even while hidden: without a connection the icon could not be loaded.
    return html`<div class="row" role="status">
      ${icon("mdi:phone-off")}<span>${this.text}</span>
    </div>`;
  }
}
