import { html, nothing, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";

import type { Contact } from "../model";
import { contactLabel, EMPTY_CHOICE, findContacts, type Choice } from "../suggestions";
import { icon } from "./icon";
import styles from "./number-field.styles";
import { OdorikElement } from "./odorik-element";

declare global {
  interface HTMLElementEventMap {
    "odorik-choice": CustomEvent<Choice>;
    "odorik-enter": Event;
  }
}

/** A field for a number or a name, with suggestions while typing (an ARIA combobox). */
@customElement("odorik-number-field")
export class OdorikNumberField extends OdorikElement {
  static override styles = [...OdorikElement.styles, styles];

  @property({ attribute: false }) label = "";
  /** True if the field has an icon and a placeholder, and accepts names on a text keyboard. */
  @property({ attribute: false }) isMain = false;
  @property({ attribute: false }) contacts: readonly Contact[] = [];
  @property({ attribute: false }) choice: Choice = EMPTY_CHOICE;
  @state() private _isOpen = false;
  @state() private _activeIndex = -1;

  override focus(): void {
    void this._focusOn("input");
  }

  private get _options(): Contact[] {
    return this._isOpen ? findContacts(this.contacts, this.choice) : [];
  }

  private _choose(choice: Choice, isOpen: boolean): void {
    this._isOpen = isOpen;
    this._activeIndex = -1;
    this.choice = choice;
    this.dispatchEvent(new CustomEvent("odorik-choice", { detail: choice }));
  }

  private _pick(contact: Contact): void {
    this._choose({ text: contactLabel(contact), picked: contact }, false);
  }

  private _onInput(event: Event): void {
    this._choose({ text: (event.target as HTMLInputElement).value }, true);
  }

  private _open(): void {
    this._isOpen = true;
  }

  private _close(): void {
    this._isOpen = false;
    this._activeIndex = -1;
  }

  private _onKeydown(event: KeyboardEvent): void {
    const { _options: options } = this;
    const count = options.length;
    const picked = options[this._activeIndex];
    if (event.key === "Enter") {
      if (picked) this._pick(picked);
      // Implicit submission does not cross shadow roots.
      else this.dispatchEvent(new Event("odorik-enter"));
    } else if (event.key === "Escape" && count) this._close();
    else if (event.key === "ArrowDown" && count)
      this._activeIndex = (this._activeIndex + 1) % count;
    else if (event.key === "ArrowUp" && count)
      this._activeIndex = (Math.max(this._activeIndex, 0) + count - 1) % count;
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  protected override render(): TemplateResult {
    const { _options: options, _activeIndex: active } = this;
    return html`<div class="field">
      ${this.isMain ? icon("mdi:dialpad") : nothing}
      <input
        type="text"
        inputmode=${this.isMain ? "text" : "tel"}
        autocomplete="off"
        spellcheck="false"
        enterkeyhint="go"
        placeholder=${this.isMain ? this.label : nothing}
        role="combobox"
        aria-label=${this.label}
        aria-autocomplete="list"
        aria-expanded=${String(options.length > 0)}
        aria-controls="options"
        aria-activedescendant=${active >= 0 ? `option-${active}` : nothing}
        .value=${this.choice.text}
        @input=${this._onInput}
        @focus=${this._open}
        @blur=${this._close}
        @keydown=${this._onKeydown}
      />
      <ul
        id="options"
        class="options"
        role="listbox"
        aria-label=${this.label}
        ?hidden=${!options.length}
      >
        ${options.map((contact, index) => this._renderOption(contact, index))}
      </ul>
    </div>`;
  }

  private _renderOption(contact: Contact, index: number): TemplateResult {
    // Keep the focus in the field: on blur the list closes before the click.
    return html`<li
      id=${`option-${index}`}
      role="option"
      aria-selected=${String(index === this._activeIndex)}
      @pointerdown=${(event: Event) => {
        event.preventDefault();
      }}
      @click=${() => {
        this._pick(contact);
      }}
    >
      <bdi class="cut">${contactLabel(contact)}</bdi>
      ${contact.name ? html`<bdi class="muted">${contact.formatted}</bdi>` : nothing}
    </li>`;
  }
}
