import { css } from "lit";

export default css`
  .entry {
    display: flex;
    align-items: center;
    gap: 4px;
  }
  .main {
    flex: 1;
    min-height: 56px;
    padding: 6px 4px;
    gap: 12px;
    border-radius: 12px;
    background: none;
    font-weight: 400;
    text-align: start;
  }
  .sub {
    font-size: 13px;
    color: var(--faint);
  }
  .due .disc {
    color: var(--alarm);
    background: var(--alarm-tint);
  }
  .due .name {
    color: var(--alarm);
  }
  .unanswered .disc {
    color: var(--faint);
    background: var(--soft);
  }
  .more {
    padding: 4px 4px 12px;
    padding-inline-start: 56px;
  }
  dl {
    display: grid;
    grid-template-columns: max-content 1fr;
    gap: 4px 16px;
    margin: 0;
  }
  dt {
    color: var(--faint);
  }
  dd {
    margin: 0;
    overflow-wrap: anywhere;
  }
  .actions {
    display: flex;
    flex-wrap: wrap;
    gap: 8px;
    padding-top: 10px;
  }
  .actions button {
    max-width: 100%;
    font-weight: 400;
  }
  :host([size~="narrow"]) .more {
    padding-inline-start: 4px;
  }
  :host([size~="narrow"]) .extra {
    display: none;
  }
`;
