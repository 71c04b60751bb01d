/** The values that a number column can take: synthetic numbers are put back on the grid that the real ones lie on. */
import type { NumberColumn } from '../table/table.js';

/** Whole numbers with at most this many distinct values (scores, counts, stages) take only values that were seen. */
const SEEN_LIMIT = 32;

/** 10^n, exact for n ≤ 22. */
function powerOfTen(n: number): number {
  let power = 1;
  for (let i = 0; i < n; i++) power *= 10;
  return power;
}

/** Distinct values that are not missing, ascending. */
function distinct(values: Float64Array): Float64Array {
  const sorted = values.filter((value) => !Number.isNaN(value)).sort();
  return sorted.filter((value, i) => i === 0 || value !== sorted[i - 1]);
}

/** The nearest of ascending `seen`; a tie goes to the lower. */
function nearest(seen: Float64Array, value: number): number {
  let best = seen[0] as number;
  for (const candidate of seen) if (Math.abs(candidate - value) < Math.abs(best - value)) best = candidate;
  return best;
}

/**
 * Puts a number on the grid of `column`: inside the observed range, whole numbers where the column has them, decimals as
 * in the column. NaN stays NaN; in a column without any value everything is NaN.
 */
export function gridOf(column: NumberColumn): (value: number) => number {
  const seen = distinct(column.values);
  if (seen.length === 0) return () => Number.NaN;
  const low = seen[0] as number;
  const high = seen[seen.length - 1] as number;
  const decimals = column.kind === 'integer' ? 0 : column.decimals;
  if (column.kind === 'integer' && seen.length <= SEEN_LIMIT) {
    return (value) => (Number.isNaN(value) ? Number.NaN : nearest(seen, value));
  }
  const scale = decimals >= 0 && decimals <= 15 ? powerOfTen(decimals) : 0;
  return (value) => {
    const inside = value < low ? low : value > high ? high : value; // NaN passes both
    const scaled = inside * scale;
    return scale > 0 && Math.abs(scaled) < 4503599627370496 ? Math.round(scaled) / scale + 0 : inside;
  };
}
