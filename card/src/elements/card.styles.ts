import { css } from "lit";

export default css`
  :host {
    --ink: var(--primary-text-color);
    --faint: var(--secondary-text-color);
    --label: var(--secondary-text-color);
    --call: #2a6a2d;
    --end: #b3372b;
    --bell: #01579b;
    --accent: var(--primary-text-color);
    --alarm: var(--ha-color-on-danger-normal);
    --soft: rgba(127, 127, 127, 0.1);
    --tint: rgba(var(--rgb-primary-color), 0.14);
    --pressed: rgba(var(--rgb-primary-color), 0.18);
    --call-tint: rgba(67, 160, 71, 0.12);
    --alarm-tint: rgba(219, 68, 55, 0.14);
    height: 100%;
    min-width: 0;
  }
  /* Custom properties do not fall back to an earlier declaration, so mixed colours need this block. */
  @supports (color: color-mix(in srgb, red, red)) {
    :host {
      --label: color-mix(in srgb, var(--faint) 70%, var(--ink));
      --call: color-mix(in srgb, var(--success-color) 62%, black);
      --end: color-mix(in srgb, var(--error-color) 82%, black);
      --bell: color-mix(in srgb, var(--primary-color) 65%, black);
      --accent: color-mix(in srgb, var(--primary-color) 60%, var(--ink));
      --alarm: color-mix(in srgb, var(--error-color) 72%, var(--ink));
      --soft: color-mix(in srgb, var(--ink) 6%, transparent);
      --tint: color-mix(in srgb, var(--primary-color) 14%, transparent);
      --pressed: color-mix(in srgb, var(--primary-color) 18%, var(--card-background-color));
      --call-tint: color-mix(in srgb, var(--success-color) 12%, transparent);
      --alarm-tint: color-mix(in srgb, var(--error-color) 14%, transparent);
    }
  }
  ha-card {
    display: flex;
    flex-direction: column;
    gap: 12px;
    box-sizing: border-box;
    height: 100%;
    padding: 16px;
    overflow: auto;
    color: var(--ink);
    font-size: var(--ha-font-size-m, 14px);
    line-height: 1.4;
  }
  h2 {
    margin: 0;
    font-size: 20px;
    font-weight: 400;
    line-height: 1.2;
  }
  .now li {
    padding: 12px;
    border-radius: 12px;
    background: var(--call-tint);
  }
  .now li + li {
    margin-top: 8px;
  }
  .now .ringing {
    background: var(--tint);
  }
  .narrow {
    padding: 12px;
  }
  .wide .ringing {
    padding: 24px;
    border-radius: 20px;
  }
`;
