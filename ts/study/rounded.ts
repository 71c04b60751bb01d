/** Numbers of a file that are shown and not computed with: four digits behind the point are enough. */

/** Null where there is no finite number. */
export function rounded(value: number | null, digits = 4): number | null {
  if (value === null || !Number.isFinite(value)) return null;
  return Number(value.toFixed(digits)) + 0; // no negative zero
}
