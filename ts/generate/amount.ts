/** How many synthetic minority rows an augmentation takes. */
import { InputError } from '../errors.js';

/**
 * Rows to add so that minority ÷ majority comes to `ratio` without passing it: ⌊ratio · majority − minority⌋, at least 0
 * (imbalanced-learn truncates in the same way). `majority` and `minority` are numbers of rows.
 *
 * @throws {InputError} for a ratio that is no number above 0.
 */
export function rowsForRatio(majority: number, minority: number, ratio: number): number {
  if (!(ratio > 0 && ratio < Number.POSITIVE_INFINITY)) throw new InputError(`"ratio" expected a number above 0, got ${ratio}`);
  return Math.max(0, Math.floor(ratio * majority - minority));
}
