/**
 * Noising, loss and reverse steps of numbers, and the network's input, as gpu.js kernels, as in assembly/gaussian.ts, where the equations'
 * sources are; categories in multinomial.ts. gpu.js parses their text, so that none can call a function of another.
 *
 * Dimensions: N data rows, B batch rows, F numbers, C category columns, K levels of one, W = F + ΣK, T steps.
 * A table of places says of each network column x its category column, the column where that starts, and its levels K; places (3, W).
 * Codes are row-major in one row, (1, B·C) or (1, N·C).
 */

type Grid = readonly (readonly number[])[];

interface Kernel<Constants extends string = never> {
  readonly thread: { readonly x: number; readonly y: number };
  readonly constants: Readonly<Record<Constants, number>>;
}

/**
 * √ᾱ·x0 + √(1 − ᾱ)·ε, or another sum of the two, by factors (T, ≥ at + 2) at two neighbouring columns. x0 (N, F), noise (B, F), index and
 * times (1, B).
 */
export function mixed(this: Kernel<'at'>, x0: Grid, noise: Grid, index: Grid, times: Grid, factors: Grid): number {
  const t = times[0][this.thread.y];
  return (
    factors[t][this.constants.at] * x0[index[0][this.thread.y]][this.thread.x] +
    factors[t][this.constants.at + 1] * noise[this.thread.y][this.thread.x]
  );
}

/** The network's input (B, W): numbers (B, F) as they are, categories as the log of their one-hot, floored. */
export function networkInput(this: Kernel<'numeric' | 'columns'>, numbers: Grid, codes: Grid, places: Grid, logFloor: number): number {
  if (this.thread.x < this.constants.numeric) {
    return numbers[this.thread.y][this.thread.x];
  }
  const code = codes[0][this.thread.y * this.constants.columns + places[0][this.thread.x]];
  if (Math.abs(this.thread.x - places[1][this.thread.x] - code) < 0.5) {
    return 0;
  }
  return logFloor;
}

/** input (B, W) with its numbers taken from (B, F). */
export function withNumbers(this: Kernel<'numeric'>, numbers: Grid, input: Grid): number {
  if (this.thread.x < this.constants.numeric) {
    return numbers[this.thread.y][this.thread.x];
  }
  return input[this.thread.y][this.thread.x];
}

/** The gradient of the numbers' loss: (output − target)·slope; 0 in category columns. */
export function numberGradient(this: Kernel<'numeric'>, output: Grid, target: Grid, slope: number): number {
  if (this.thread.x < this.constants.numeric) {
    return (output[this.thread.y][this.thread.x] - target[this.thread.y][this.thread.x]) * slope;
  }
  return 0;
}

// ---- reverse steps ----

/** x̂0 = toX0·x + toX0Output·output within ±clip; x (B, F), output (B, W). A NaN stays one. */
export function predictedStart(this: Kernel, x: Grid, output: Grid, toX0: number, toX0Output: number, clip: number): number {
  const value = toX0 * x[this.thread.y][this.thread.x] + toX0Output * output[this.thread.y][this.thread.x];
  if (value > clip) {
    return clip;
  }
  if (value < -clip) {
    return -clip;
  }
  return value;
}

/** fromX0·x̂0 + fromX·x + sigma·z + fromBefore·(x̂0 − before); all (B, F). */
export function stepped(
  this: Kernel,
  x0: Grid,
  x: Grid,
  z: Grid,
  before: Grid,
  fromX0: number,
  fromX: number,
  sigma: number,
  fromBefore: number,
): number {
  const start = x0[this.thread.y][this.thread.x];
  let next = fromX0 * start + fromX * x[this.thread.y][this.thread.x];
  if (sigma > 0) {
    next += sigma * z[this.thread.y][this.thread.x];
  }
  if (fromBefore !== 0) {
    next += fromBefore * (start - before[this.thread.y][this.thread.x]);
  }
  return next;
}
