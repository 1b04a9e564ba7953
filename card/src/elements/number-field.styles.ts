import { css } from "lit";

export default css`
  :host {
    flex: 1;
    min-width: 0;
  }
  .options {
    position: absolute;
    z-index: 3;
    inset-inline: 0;
    top: 44px;
    padding: 4px;
    border-radius: 12px;
    border: 1px solid var(--divider-color);
    background: var(--card-background-color);
    box-shadow: 0 4px 16px #0004;
  }
  li {
    display: flex;
    flex-wrap: wrap;
    justify-content: space-between;
    gap: 0 12px;
    padding: 9px 10px;
    border-radius: 8px;
    cursor: pointer;
  }
  li:is([aria-selected="true"], :hover) {
    background: var(--soft);
  }
`;
