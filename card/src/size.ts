/** The widths at which the card changes its layout. Container queries would do, but old browsers do not have them. */

/** Describe a width in pixels for the styles, which match it as `[size~="…"]`. */
export function sizeOf(width: number): string {
  if (width < 420) return "small narrow";
  if (width < 560) return "small";
  return width >= 700 ? "wide" : "";
}
