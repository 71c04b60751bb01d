/**
 * Numbers to a standard normal by their quantiles, and back. Dimensions: N numbers, Q knots.
 *
 * The knots are the empirical quantiles at Q = min(N, 1000) equal steps of rank r = 0 … 1, linear between order statistics; a
 * number between two knots is interpolated, a tied one takes the middle of its plateau (scikit-learn's QuantileTransformer).
 * The two ways of treating the ends differ:
 * - `saturated`, as there: what is at an end has rank 0 or 1 and is clipped 1e-7 inside, so that the smallest and largest number,
 *   with all that tie with them, lie at about −5.2 and +5.2.
 * - `ranked`: ranks are shrunk to (r (N − 1) + ½) / N (Hazen's plotting position), and ties at the ends take the middle of their
 *   plateau like all others. The encoded column is then as normal as its ties allow, without two far outliers, and decoding a
 *   standard normal gives every tied number the share of rows that it had.
 */
export interface Normal {
  ndtr(x: number): number;
  ndtri(p: number): number;
}

/** Plain data. */
export interface Quantiles {
  readonly ends: 'saturated' | 'ranked';
  readonly count: number; // N
  readonly knots: readonly number[]; // (Q), ascending
}

/** How near to an end a number or a probability counts as being there, and the clip of a saturated rank. */
const END = 1e-7;
const CLIP = END - Number.EPSILON;

/** At least one number must be there. NaN is skipped, though it counts for the number of knots (as in scikit-learn). */
export function fitQuantiles(values: Float64Array, ends: Quantiles['ends'], mostKnots = 1000): Quantiles {
  const sorted = values.filter((value) => !Number.isNaN(value)).sort(); // typed arrays sort by value
  const count = sorted.length;
  const size = Math.min(values.length, mostKnots);
  const knots = Array.from({ length: size }, (_, i) => {
    const position = size === 1 ? 0 : (i * (count - 1)) / (size - 1);
    const below = Math.floor(position);
    const low = sorted[below] as number;
    const high = sorted[Math.min(below + 1, count - 1)] as number;
    return low + (high - low) * (position - below);
  });
  return { ends, count, knots };
}

/** Index of the first knot that is ≥ x (`strictly`: > x); Q where there is none. */
function firstAbove(knots: readonly number[], x: number, strictly: boolean): number {
  let low = 0;
  let high = knots.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const knot = knots[middle] as number;
    if (knot < x || (strictly && knot === x)) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The rank of x in 0 … 1. */
export function rankOf({ knots }: Quantiles, x: number): number {
  const last = knots.length - 1;
  if (last === 0) return 0.5;
  const from = firstAbove(knots, x, false);
  const to = firstAbove(knots, x, true) - 1;
  if (from <= to) return (from + to) / 2 / last; // a knot, or a plateau of them
  if (from === 0) return 0;
  if (from > last) return 1;
  const low = knots[from - 1] as number;
  return (from - 1 + (x - low) / ((knots[from] as number) - low)) / last;
}

/** The number at a rank in 0 … 1. */
export function atRank({ knots }: Quantiles, rank: number): number {
  const last = knots.length - 1;
  const position = Math.min(Math.max(rank, 0), 1) * last;
  const below = Math.min(Math.floor(position), Math.max(last - 1, 0));
  const low = knots[below] as number;
  return low + ((knots[Math.min(below + 1, last)] as number) - low) * (position - below);
}

export function toNormal(quantiles: Quantiles, x: number, normal: Normal): number {
  if (Number.isNaN(x)) return x;
  const { ends, count, knots } = quantiles;
  if (ends === 'ranked') return normal.ndtri((rankOf(quantiles, x) * (count - 1) + 0.5) / count);
  if (x - END < (knots[0] as number)) return normal.ndtri(CLIP);
  if (x + END > (knots[knots.length - 1] as number)) return normal.ndtri(1 - CLIP);
  return normal.ndtri(Math.min(Math.max(rankOf(quantiles, x), CLIP), 1 - CLIP));
}

export function fromNormal(quantiles: Quantiles, z: number, normal: Normal): number {
  const { ends, count } = quantiles;
  const p = normal.ndtr(z);
  if (ends === 'ranked') return atRank(quantiles, count === 1 ? 0 : (p * count - 0.5) / (count - 1));
  return atRank(quantiles, p - END < 0 ? 0 : p + END > 1 ? 1 : p);
}
