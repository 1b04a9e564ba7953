import { LitElement } from "lit";
import { property } from "lit/decorators.js";

import type { Formats } from "../format";
import type { Placeholders, TextKey } from "../texts";
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
}
