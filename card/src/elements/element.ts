import { LitElement } from "lit";
import { property } from "lit/decorators.js";

import type { Formats } from "../format";
import type { Key, Values } from "../texts";
import shared from "./shared.styles";

/** A part of the card: it speaks as the user does, and is dressed as its sisters are. */
export abstract class Part extends LitElement {
  static override styles = [shared];

  @property({ attribute: false }) formats!: Formats;
  /** How wide the card is, for the styles. */
  @property({ reflect: true }) size = "";

  protected _say(key: Key, values?: Values): string {
    return this.formats.say(key, values);
  }

  /** Move the focus to what has just been rendered. */
  protected async _focusOn(selector: string): Promise<void> {
    await this.updateComplete;
    this.renderRoot.querySelector<HTMLElement>(selector)?.focus();
  }
}
