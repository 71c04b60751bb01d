/** The values that a number column can take: synthetic numbers are put back on the grid that the real ones lie on. */
import type { NumberColumn } from '../table/table.js';

/** Whole numbers with at most this many distinct values (scores, counts, stages) take only values that were seen. */
const SEEN_LIMIT = 32;
/** From 2^52 on every double is whole, so a grid can no longer be told. */
const EXACT = 4503599627370496;

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

/** The fewest decimals that write every value exactly, −1 where the values lie on no decimal grid. */
function decimalsOf(values: Float64Array): number {
  let decimals = 0;
  for (const value of values) {
    if (Number.isInteger(value)) continue;
    for (; Math.round(value * powerOfTen(decimals)) / powerOfTen(decimals) !== value; decimals++) {
      if (Math.abs(value) * powerOfTen(decimals + 1) >= EXACT) return -1;
    }
  }
  return decimals;
}

/**
 * Puts numbers on the grid of `column`: inside the observed range, whole numbers where it has them alone, decimals as they
 * are in it. All of it is read from the values given (a training part), not from what the file has elsewhere. NaN stays
 * NaN; for a column without any value everything is NaN.
 */
export function gridOf(column: NumberColumn): (values: Float64Array) => Float64Array {
  const seen = distinct(column.values);
  if (seen.length === 0) return (values) => new Float64Array(values.length).fill(Number.NaN);
  const low = seen[0] as number;
  const high = seen[seen.length - 1] as number;
  const decimals = decimalsOf(seen);
  const few = decimals === 0 && seen.length <= SEEN_LIMIT;
  const scale = powerOfTen(Math.max(0, decimals));
  return (values) => {
    const out = new Float64Array(values.length);
    for (let i = 0; i < values.length; i++) {
      const value = values[i] as number;
      const inside = value < low ? low : value > high ? high : value; // NaN passes both
      const scaled = inside * scale;
      if (few && !Number.isNaN(inside)) out[i] = nearest(seen, inside);
      else if (decimals >= 0 && Math.abs(scaled) < EXACT)
        out[i] = Math.round(scaled) / scale + 0; // + 0: no negative zero
      else out[i] = inside;
    }
    return out;
  };
}
