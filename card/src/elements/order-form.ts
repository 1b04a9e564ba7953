import type { PropertyValues } from "lit";
import { property, state } from "lit/decorators.js";

import type { CallContext, Outcome } from "../model";
import { OdorikElement } from "./odorik-element";

/** Base of the forms whose orders cost money. */
export abstract class OrderForm extends OdorikElement {
  @property({ attribute: false }) context!: CallContext;
  /** The origin of its orders. */
  @property({ attribute: false }) origin = "";
  /** Shown until the user types again. */
  @state() protected _message: Outcome | undefined;

  /** Clear the form after its order has been accepted. */
  protected abstract _clear(): void;

  protected override willUpdate(changed: PropertyValues<this>): void {
    const { origin } = this;
    const outcome = this.context.outcomes.get(origin);
    if (
      !changed.has("context") ||
      outcome?.state === changed.get("context")?.outcomes.get(origin)?.state
    )
      return;
    this._message = outcome;
    if (outcome?.state === "done") this._clear();
  }

  protected get _isDisabled(): boolean {
    const { isOnline, outcomes } = this.context;
    return !isOnline || (outcomes.get(this.origin)?.isLocked ?? false);
  }
}
