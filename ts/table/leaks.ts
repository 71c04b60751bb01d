/** Columns that tell the target exactly: what is known only after the outcome must not be learnt from. */
import { type Column, isLevelColumn, isNumberColumn } from './table.js';

/** With fewer rows of a class a column may part the classes by chance. */
const FEWEST = 5;
/** Numbers of at most so many different values are looked at value by value as well. */
const MOST_VALUES = 20;

/** How a column tells the class of every row, as words; null where it does not. `y` has 1 for positive rows; (N). */
export function leakOf(column: Column, y: Uint8Array): string | null {
  const positives = y.reduce((sum, value) => sum + value, 0);
  if (positives < FEWEST || y.length - positives < FEWEST) return null;
  if (isLevelColumn(column)) return pure(column.codes, y) ? 'each of its levels stands in rows of one class alone' : null;
  if (!isNumberColumn(column)) return null;
  const { values } = column;
  if (apart(values, y)) return 'one threshold parts the classes';
  const codes = new Map<number, number>();
  for (let row = 0; row < values.length && codes.size <= MOST_VALUES; row++) {
    const value = values[row] as number;
    if (!codes.has(value)) codes.set(value, codes.size);
  }
  if (codes.size > MOST_VALUES || codes.size < 2) return null;
  return pure(
    Int32Array.from(values, (value) => codes.get(value) as number),
    y,
  )
    ? 'each of its values stands in rows of one class alone'
    : null;
}

/** Whether each code (−1 is one of them) has rows of one class alone, and both classes occur. */
function pure(codes: Int32Array, y: Uint8Array): boolean {
  const classOf = new Map<number, number>();
  for (let row = 0; row < y.length; row++) {
    const known = classOf.get(codes[row] as number);
    if (known === undefined) classOf.set(codes[row] as number, y[row] as number);
    else if (known !== y[row]) return false;
  }
  return classOf.size * FEWEST <= y.length; // not where nearly every row has a level of its own
}

/** Whether all values of one class lie above all of the other; no value may be missing. */
function apart(values: Float64Array, y: Uint8Array): boolean {
  const low = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
  const high = [Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let row = 0; row < y.length; row++) {
    const value = values[row] as number;
    if (Number.isNaN(value)) return false;
    const own = y[row] as 0 | 1;
    if (value < (low[own] as number)) low[own] = value;
    if (value > (high[own] as number)) high[own] = value;
  }
  return (low[1] as number) > (high[0] as number) || (low[0] as number) > (high[1] as number);
}
