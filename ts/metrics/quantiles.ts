/** Quantiles of a sample and the five numbers that describe one. */

/** The q-quantile of ascending values by linear interpolation; NaN without values. */
export function quantile(sorted: ArrayLike<number>, q: number): number {
  const at = q * (sorted.length - 1);
  const low = Math.floor(at);
  const [a, b] = [sorted[low], sorted[Math.min(sorted.length - 1, low + 1)]];
  if (a === undefined || b === undefined) return Number.NaN;
  return a === b ? a : a + (at - low) * (b - a);
}

export interface FiveNumbers {
  readonly min: number;
  readonly p5: number;
  readonly median: number;
  readonly p95: number;
  readonly max: number;
}

export function fiveNumbers(values: ArrayLike<number>): FiveNumbers {
  const sorted = Float64Array.from(values).sort();
  const at = (q: number) => quantile(sorted, q);
  return { min: at(0), p5: at(0.05), median: at(0.5), p95: at(0.95), max: at(1) };
}
