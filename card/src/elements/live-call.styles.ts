import { css } from "lit";

export default css`
  .name {
    display: block;
    max-width: 100%;
    font-size: 16px;
  }
  button.name {
    min-height: 28px;
    padding: 0;
    border-radius: 6px;
    background: none;
    line-height: 1.4;
  }
  button.name:hover {
    text-decoration: underline;
  }
  .sub {
    color: var(--label);
  }
  .clock {
    font-size: 16px;
    font-weight: 500;
  }
  .sure {
    display: flex;
    align-items: center;
    flex-wrap: wrap;
    justify-content: flex-end;
    padding-top: 10px;
    gap: 8px;
  }
  .sure > span {
    flex: 1;
  }
  .disc {
    color: white;
    background: var(--call);
  }
  .ringing .disc {
    background: var(--bell);
    animation: ring 1.6s infinite;
  }
  .ringing .name {
    font-size: 20px;
  }
  @keyframes ring {
    0%,
    60%,
    to {
      transform: rotate(0deg);
    }
    10%,
    30%,
    50% {
      transform: rotate(-11deg);
    }
    20%,
    40% {
      transform: rotate(11deg);
    }
  }
  :host([size~="small"]) .row {
    gap: 8px;
  }
  :host([size~="small"]) .row > .end {
    width: 44px;
    height: 44px;
    padding: 0;
    border-radius: 50%;
  }
  :host([size~="small"]) .row > .end > span {
    display: none;
  }
  /* A wall tablet shows a ringing call large enough to read from across the room. */
  :host([size~="wide"]) .ringing,
  :host([size~="wide"]) .ringing + .sure {
    gap: 24px;
    font-size: 22px;
  }
  :host([size~="wide"]) .ringing ha-icon {
    --mdc-icon-size: 44px;
  }
  :host([size~="wide"]) .ringing .disc {
    width: 88px;
    height: 88px;
  }
  :host([size~="wide"]) .ringing .name {
    font-size: clamp(32px, calc(var(--card-width) * 0.05), 60px);
    line-height: 1.15;
  }
  :host([size~="wide"]) .ringing .clock {
    font-size: 32px;
  }
  :host([size~="wide"]) .ringing .end,
  :host([size~="wide"]) .ringing + .sure button {
    min-height: 80px;
    padding: 0 32px;
    border-radius: 40px;
    font-size: 24px;
    gap: 12px;
  }
`;
