/** Location and scale of numbers; NaN is skipped. Sums run in row order, in float64. */
export interface Scale {
  readonly mean: number;
  /** Standard deviation with divisor N; 1 where the numbers do not differ. */
  readonly sd: number;
}

export function fitScale(values: Float64Array): Scale {
  const shift = values.find((value) => !Number.isNaN(value)) ?? 0; // keeps a large offset from eating the digits
  let n = 0;
  let sum = 0;
  for (const value of values) {
    if (Number.isNaN(value)) continue;
    n += 1;
    sum += value - shift;
  }
  if (n === 0) return { mean: 0, sd: 1 };
  const mean = shift + sum / n;
  let squares = 0;
  for (const value of values) if (!Number.isNaN(value)) squares += (value - mean) * (value - mean);
  const sd = Math.sqrt(squares / n);
  return { mean, sd: sd < 1e-12 ? 1 : sd };
}

/** The middle value of what is there, 0 where nothing is. */
export function medianOf(values: Float64Array): number {
  const present = values.filter((value) => !Number.isNaN(value)).sort(); // typed arrays sort by value
  const n = present.length;
  return n === 0 ? 0 : ((present[(n - 1) >> 1] as number) + (present[n >> 1] as number)) / 2;
}
