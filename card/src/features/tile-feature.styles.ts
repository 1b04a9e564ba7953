import { css } from "lit";

export default css`
  :host {
    display: block;
  }
  button {
    display: flex;
    align-items: center;
    justify-content: center;
    gap: 8px;
    width: 100%;
    height: var(--feature-height, 42px);
    border: 0;
    border-radius: var(--feature-border-radius, 12px);
    cursor: pointer;
    font: inherit;
    font-weight: 500;
    color: white;
  }
  .call {
    background: #2a6a2d;
  }
  .end {
    background: #b3372b;
  }
  @supports (color: color-mix(in srgb, red, red)) {
    .call {
      background: color-mix(in srgb, var(--success-color) 62%, black);
    }
    .end {
      background: color-mix(in srgb, var(--error-color) 82%, black);
    }
  }
  button:disabled {
    cursor: default;
    opacity: 0.5;
  }
  ha-icon {
    --mdc-icon-size: 20px;
    flex: none;
  }
`;
