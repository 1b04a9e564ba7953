import { css } from "lit";

export default css`
  :host {
    display: flex;
    flex: 1 1 auto;
    flex-direction: column;
    gap: 8px;
    min-height: 220px;
  }
  .tools {
    display: flex;
    flex-wrap: wrap;
    gap: 8px;
  }
  .filters {
    display: flex;
    flex: 1 1 auto;
    border-radius: 20px;
    background: var(--soft);
  }
  .filters button {
    flex: 1 1 auto;
    padding: 0 8px;
    background-color: transparent;
    font-weight: 400;
  }
  .filters [aria-pressed="true"] {
    background-color: var(--pressed);
    color: var(--accent);
    font-weight: 500;
  }
  .filters b {
    padding: 0 6px;
    border-radius: 10px;
    color: var(--card-background-color);
    background: var(--alarm);
  }
  .field {
    flex: 1 1 240px;
  }
  .contact {
    flex: 1 1 240px;
    min-width: 0;
    padding-inline-start: 10px;
    border-radius: 20px;
    color: var(--accent);
    background: var(--tint);
  }
  .scroll {
    flex: 1 1 auto;
    min-height: 0;
    overflow-y: auto;
    margin-inline: -8px;
    padding-inline: 8px;
    scroll-padding-top: 36px;
  }
  :host(:not([filled])) .scroll {
    max-height: 480px;
  }
  .day {
    position: sticky;
    top: 0;
    z-index: 1;
    padding: 10px 4px 4px;
    font-size: 12px;
    font-weight: 500;
    color: var(--faint);
    /* Opaque even if the theme's cards are transparent. */
    background:
      linear-gradient(var(--ha-card-background, var(--card-background-color)) 0 0),
      var(--primary-background-color);
  }
  /* Skip the layout of rows out of view. A focused row is not contained: its suggestions overflow. */
  odorik-history-row:not(:focus-within) {
    content-visibility: auto;
    contain-intrinsic-size: 1px 56px;
    contain-intrinsic-height: auto 56px;
  }
  .foot {
    display: flex;
    flex-direction: column;
    align-items: center;
    gap: 8px;
    padding: 8px 0;
    text-align: center;
  }
  .blank {
    padding: 24px 0;
    color: var(--faint);
  }
  .blank ha-icon {
    --mdc-icon-size: 40px;
    display: block;
    margin-bottom: 8px;
  }
  :host([size~="narrow"]) .filters button {
    padding: 0 6px;
    font-size: 13px;
  }
`;
