import { css } from "lit";

export default css`
  .choices {
    margin-top: 8px;
    display: grid;
    grid-template-columns: repeat(auto-fit, minmax(150px, 1fr));
    gap: 8px;
  }
  .choices span {
    padding: 0 4px;
    font-size: 12px;
    color: var(--faint);
  }
  .ask {
    padding: 4px 0;
  }
`;
