import { html, LitElement, type TemplateResult } from "lit";
import { customElement, property } from "lit/decorators.js";

import styles from "./notice.styles";
import { icon } from "./icon";
import shared from "./shared.styles";

/** Why what one sees may be old, or is not there. */
@customElement("odorik-notice")
export class OdorikNotice extends LitElement {
  static override styles = [shared, styles];

  @property({ attribute: false }) text = "";

  protected override render(): TemplateResult {
    // The icon is there from the start: without a connection it could not be fetched any more.
    return html`<div class="row" role="status">
      ${icon("mdi:phone-off")}<span>${this.text}</span>
    </div>`;
  }
}
