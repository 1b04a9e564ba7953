import { html, LitElement, type TemplateResult } from "lit";
import { customElement, property } from "lit/decorators.js";

import { fireEvent } from "../events";
import type { HassEntity } from "../home-assistant";
import type { FIGURES } from "../model";
import styles from "./figures.styles";
import { icon } from "./icon";
import shared from "./shared.styles";

type FigureKey = (typeof FIGURES)[number];

const ICONS: Readonly<Record<FigureKey, string>> = {
  balance: "mdi:wallet-outline",
  missed_calls_today: "mdi:phone-missed",
  cost_this_month: "mdi:cash-multiple",
};

export interface Figure {
  readonly icon: string;
  readonly label: string;
  readonly value: string;
  readonly isAlert: boolean;
  readonly entityId: string;
}

export function figureOf(key: FigureKey, state: HassEntity, label: string, value: string): Figure {
  const isAlert = key === "missed_calls_today" && Number(state.state) > 0;
  return { icon: ICONS[key], label, value, isAlert, entityId: state.entity_id };
}

@customElement("odorik-figures")
export class OdorikFigures extends LitElement {
  static override styles = [shared, styles];

  @property({ attribute: false }) figures: readonly Figure[] = [];
  /** The card's width classes, for the styles. */
  @property({ reflect: true }) size = "";

  protected override render(): TemplateResult {
    return html`<div class="figures" ?hidden=${!this.figures.length}>
      ${this.figures.map(
        ({ entityId, isAlert, label, value, ...figure }) =>
          html`<button
            class="figure ${isAlert ? "alert" : ""}"
            @click=${() => {
              fireEvent(this, "hass-more-info", { entityId });
            }}
          >
            ${icon(figure.icon)}
            <span
              ><span class="label cut">${label}</span><span class="value cut">${value}</span></span
            >
          </button>`,
      )}
    </div>`;
  }
}
