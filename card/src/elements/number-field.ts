import { html, nothing, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";

import type { Contact } from "../model";
import { found, labelOf, NOTHING, type Choice } from "../suggestions";
import { Part } from "./element";
import { icon } from "./icon";
import styles from "./number-field.styles";

declare global {
  interface HTMLElementEventMap {
    "odorik-choice": CustomEvent<Choice>;
    "odorik-enter": Event;
  }
}

/** A field for a number or a name, with suggestions while typing (an ARIA combobox). */
@customElement("odorik-number-field")
export class OdorikNumberField extends Part {
  static override styles = [...Part.styles, styles];

  @property({ attribute: false }) label = "";
  /** Whether it is a first field, with an icon and a placeholder. */
  @property({ attribute: false }) isMain = false;
  @property({ attribute: false }) contacts: readonly Contact[] = [];
  @property({ attribute: false }) choice: Choice = NOTHING;
  @state() private _isOpen = false;
  @state() private _active = -1;

  override focus(): void {
    void this._focusOn("input");
  }

  private get _options(): Contact[] {
    return this._isOpen ? found(this.contacts, this.choice) : [];
  }

  private _choose(choice: Choice, isOpen: boolean): void {
    this._isOpen = isOpen;
    this._active = -1;
    this.choice = choice;
    this.dispatchEvent(new CustomEvent("odorik-choice", { detail: choice }));
  }

  private _pick(contact: Contact): void {
    this._choose({ text: labelOf(contact), picked: contact }, false);
  }

  private _typed(event: Event): void {
    this._choose({ text: (event.target as HTMLInputElement).value }, true);
  }

  private _open(): void {
    this._isOpen = true;
  }

  private _close(): void {
    this._isOpen = false;
    this._active = -1;
  }

  private _pressed(event: KeyboardEvent): void {
    const { _options: options } = this;
    const count = options.length;
    const picked = options[this._active];
    if (event.key === "Enter") {
      if (picked) this._pick(picked);
      // A form in another shadow root knows nothing of this field.
      else this.dispatchEvent(new Event("odorik-enter"));
    } else if (event.key === "Escape" && count) this._close();
    else if (event.key === "ArrowDown" && count) this._active = (this._active + 1) % count;
    else if (event.key === "ArrowUp" && count)
      this._active = (Math.max(this._active, 0) + count - 1) % count;
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  protected override render(): TemplateResult {
    const { _options: options, _active: active } = this;
    // Not "tel" where names are typed too.
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
        @input=${this._typed}
        @focus=${this._open}
        @blur=${this._close}
        @keydown=${this._pressed}
      />
      <ul
        id="options"
        class="options"
        role="listbox"
        aria-label=${this.label}
        ?hidden=${!options.length}
      >
        ${options.map((contact, place) => this._renderOption(contact, place))}
      </ul>
    </div>`;
  }

  private _renderOption(contact: Contact, place: number): TemplateResult {
    // The field keeps the focus, or its list would close before the click.
    return html`<li
      id=${`option-${place}`}
      role="option"
      aria-selected=${String(place === this._active)}
      @pointerdown=${(event: Event) => {
        event.preventDefault();
      }}
      @click=${() => {
        this._pick(contact);
      }}
    >
      <bdi class="cut">${labelOf(contact)}</bdi>
      ${contact.name ? html`<bdi class="muted">${contact.formatted}</bdi>` : nothing}
    </li>`;
  }
}
