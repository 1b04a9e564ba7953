import { css } from "lit";

export default css`
  [role="dialog"] {
    margin-top: 4px;
    padding: 12px;
    border-radius: 12px;
    border: 1px solid var(--divider-color);
    outline: none;
    overflow-wrap: anywhere;
  }
  textarea {
    display: block;
    margin: 8px 0;
    padding: 10px 14px;
    border-radius: 12px;
    resize: vertical;
  }
  .said:not(:empty) {
    padding-inline: 0;
  }
  .sent {
    color: var(--ink);
    white-space: pre-wrap;
  }
  .buttons {
    display: flex;
    flex-wrap: wrap;
    justify-content: flex-end;
    gap: 8px;
    padding-top: 10px;
  }
`;
