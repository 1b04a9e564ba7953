import { css } from "lit";

export default css`
  :host {
    display: block;
  }
  [hidden] {
    display: none !important;
  }
  ha-icon {
    --mdc-icon-size: 22px;
    flex: none;
  }
  button,
  input,
  select,
  textarea {
    box-sizing: border-box;
    min-width: 0;
    min-height: 40px;
    padding: 0 14px;
    border: 0;
    border-radius: 20px;
    font: inherit;
    color: inherit;
    background-color: var(--soft);
  }
  button {
    display: inline-flex;
    align-items: center;
    justify-content: center;
    gap: 6px;
    cursor: pointer;
    font-weight: 500;
    white-space: nowrap;
  }
  button:hover {
    background-image: linear-gradient(var(--soft) 0 0);
  }
  button:disabled {
    cursor: default;
    opacity: 0.5;
  }
  .call,
  .end {
    color: white;
    background-color: var(--call);
  }
  .end {
    background-color: var(--end);
  }
  .round {
    flex: none;
    width: 40px;
    padding: 0;
    color: var(--accent);
  }
  :focus-visible {
    outline: 2px solid var(--accent);
    outline-offset: 2px;
  }
  input,
  select,
  textarea {
    width: 100%;
    border-radius: 12px;
  }
  option {
    color: var(--ink);
    background: var(--card-background-color);
  }
  input::placeholder {
    color: var(--faint);
    opacity: 1;
  }
  ul {
    margin: 0;
    padding: 0;
    list-style: none;
  }
  .sr {
    position: absolute;
    width: 1px;
    height: 1px;
    overflow: hidden;
    clip-path: inset(50%);
  }
  .cut {
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .muted {
    color: var(--faint);
  }
  .row {
    display: flex;
    align-items: center;
    gap: 12px;
  }
  .who,
  .field {
    flex: 1;
    min-width: 0;
  }
  .field {
    position: relative;
  }
  .field > ha-icon {
    position: absolute;
    inset-inline-start: 10px;
    top: 9px;
    color: var(--faint);
    pointer-events: none;
  }
  .field > ha-icon + input {
    padding-inline-start: 42px;
  }
  .name {
    font-weight: 500;
  }
  .meta {
    text-align: end;
    font-variant-numeric: tabular-nums;
  }
  .said:not(:empty) {
    padding: 8px 4px 0;
    overflow-wrap: anywhere;
  }
  .bad {
    color: var(--alarm);
  }
  .disc {
    display: grid;
    place-items: center;
    flex: none;
    width: 40px;
    height: 40px;
    border-radius: 50%;
    color: var(--accent);
    background: var(--tint);
  }
  @media (prefers-reduced-motion: reduce) {
    * {
      animation: none !important;
    }
  }
`;
