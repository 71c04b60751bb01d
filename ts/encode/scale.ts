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

/** What is there, ascending. */
export function sortedValues(values: Float64Array): Float64Array {
  const present = new Float64Array(values.length);
  let n = 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number;
    present[n] = value; // overwritten by the next one where this is missing
    if (!Number.isNaN(value)) n++;
  }
  return present.subarray(0, n).sort(); // typed arrays sort by value
}

/** The middle value of what is there, 0 where nothing is. */
export function medianOf(values: Float64Array): number {
  const present = sortedValues(values);
  const n = present.length;
  return n === 0 ? 0 : ((present[(n - 1) >> 1] as number) + (present[n >> 1] as number)) / 2;
}
