import { css } from "lit";

export default css`
  .row {
    padding: 10px 12px;
    border-radius: 12px;
    background: var(--soft);
  }
  ha-icon {
    color: var(--accent);
  }
`;
