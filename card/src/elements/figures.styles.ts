import { css } from "lit";

export default css`
  .figures {
    display: flex;
    flex-wrap: wrap;
    gap: 8px;
  }
  .figure {
    /* All the same width, unless a value needs more. */
    flex: 1 1 0;
    min-width: auto;
    max-width: 100%;
    min-height: 52px;
    padding: 6px 10px;
    gap: 10px;
    justify-content: flex-start;
    border-radius: 12px;
    text-align: start;
    font-variant-numeric: tabular-nums;
  }
  ha-icon {
    color: var(--accent);
  }
  .alert ha-icon,
  .alert .value {
    color: var(--alarm);
  }
  .figure > span {
    min-width: 0;
  }
  .label,
  .value {
    display: block;
  }
  .label {
    font-size: 12px;
    font-weight: 400;
    color: var(--label);
  }
  .value {
    font-size: 16px;
    line-height: 1.25;
  }
  :host([size~="small"]) ha-icon {
    display: none;
  }
  :host([size~="small"]) .figure {
    padding: 6px 8px;
  }
  :host([size~="narrow"]) .figures {
    gap: 6px;
  }
  :host([size~="narrow"]) .figure {
    padding: 6px;
  }
  :host([size~="narrow"]) .value {
    font-size: 15px;
  }
`;
