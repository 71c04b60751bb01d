/** The values that a number column can take: synthetic numbers are put back on the grid that the real ones lie on. */
import { finestGrid, onGrid } from '../table/numerals.js';
import { sortedValues } from './scale.js';

/** Plain data. */
export interface Grid {
  readonly low: number;
  readonly high: number;
  /** Decimal places, −1 where the values lie on no decimal grid. */
  readonly decimals: number;
  /** All values, ascending, where nothing between them may be made up (scores, counts, stages); else null. */
  readonly seen: readonly number[] | null;
}

/** Whole numbers with at most this many distinct values take only values that were seen. */
const SEEN_LIMIT = 32;

/**
 * The grid of the values of a training part, whatever the file has elsewhere; NaN is skipped. Null where there is no value.
 */
export function fitGrid(values: Float64Array): Grid | null {
  const sorted = sortedValues(values);
  if (sorted.length === 0) return null;
  const decimals = finestGrid(distinct(sorted));
  const seen = decimals === 0 ? atMost(SEEN_LIMIT, distinct(sorted)) : null;
  return { low: sorted[0] as number, high: sorted[sorted.length - 1] as number, decimals, seen };
}

/** Sorted values without repetitions; one by one, because most columns of measurements show their grid, or that there is none, early. */
function* distinct(sorted: Float64Array): Generator<number> {
  for (let i = 0; i < sorted.length; i++) if (i === 0 || sorted[i] !== sorted[i - 1]) yield sorted[i] as number;
}

/** All of the values, or null where there are more than `limit`. */
function atMost(limit: number, values: Iterable<number>): number[] | null {
  const taken: number[] = [];
  for (const value of values) {
    if (taken.length === limit) return null;
    taken.push(value);
  }
  return taken;
}

/** The nearest value of the grid, inside its range; NaN stays NaN. */
export function toGrid({ low, high, decimals, seen }: Grid, value: number): number {
  if (Number.isNaN(value)) return value;
  if (seen !== null) return nearest(seen, value);
  const inside = value < low ? low : value > high ? high : value;
  return onGrid(inside, decimals);
}

/** The nearest of ascending `seen`; a tie goes to the lower. */
function nearest(seen: readonly number[], value: number): number {
  let best = seen[0] as number;
  for (const candidate of seen) if (Math.abs(candidate - value) < Math.abs(best - value)) best = candidate;
  return best;
}
