/**
 * Sums of Gaussian kernels over pairs of rows, as gpu.js kernels: a tile of squared distances, which every bandwidth sums in strips.
 * gpu.js parses the text of these functions, so they import nothing and hold no inner functions.
 *
 * Dimensions: R rows of a tile of x, C rows of a tile of y, D columns, S bandwidths, T = ⌈R / 256⌉ strips.
 */

/** A matrix as gpu.js hands it over. */
type Grid = readonly (readonly number[])[];

/** What gpu.js gives a kernel as `this`. */
interface Kernel {
  readonly thread: { readonly x: number; readonly y: number };
}

/**
 * ‖scale·(x_i − y_j)‖² (R, C), at most 1e18, which counts as out of reach; so does i = j where `self` is 1. x (R, D), y (C, D),
 * scales (1, 1 + S) of which the first is meant. Differences are squared, so nothing cancels however far from 0 the rows are.
 */
export function squaredDistances(this: Kernel, x: Grid, y: Grid, scales: Grid, columns: number, self: number): number {
  let sum = 0;
  for (let k = 0; k < columns; k++) {
    const difference = (x[this.thread.y][k] - y[this.thread.x][k]) * scales[0][0];
    sum += difference * difference;
  }
  if (self === 1 && this.thread.x === this.thread.y) sum = 1e18;
  return Math.min(sum, 1e18);
}

/**
 * Σ_i exp(−γ_s d²_ij) over the rows i of strip t (T·S, C), row t·S + s: 16 runs of 16, so that a sum passes through 32 additions at
 * most. distances (R, C), scales (1, 1 + S): a scale, then each γ.
 */
export function stripOfKernels(this: Kernel, distances: Grid, scales: Grid, rows: number, bandwidths: number): number {
  const strip = Math.floor((this.thread.y + 0.5) / bandwidths);
  const gamma = scales[0][1 + this.thread.y - strip * bandwidths];
  let sum = 0;
  for (let run = 0; run < 16; run++) {
    let part = 0;
    for (let k = 0; k < 16; k++) {
      const row = strip * 256 + run * 16 + k;
      if (row < rows) part += Math.exp(-gamma * distances[row][this.thread.x]);
    }
    sum += part;
  }
  return sum;
}
