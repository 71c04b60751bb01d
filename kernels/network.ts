/**
 * The denoiser's operations as gpu.js kernels: each function computes one element, [row this.thread.y][column this.thread.x], of its
 * result. gpu.js parses their text, so they import nothing, and hold no inner functions.
 *
 * Dimensions: M, N, K of products; B batch rows, I inputs, O outputs, R rows of a table.
 */

/** A matrix as gpu.js hands it over. */
type Grid = readonly (readonly number[])[];

/** What gpu.js gives a kernel as `this`. */
interface Kernel<Constants extends string = never> {
  readonly thread: { readonly x: number; readonly y: number };
  readonly constants: Readonly<Record<Constants, number>>;
}

/** c = a·b; a (M, K), b (K, N). */
export function product(this: Kernel<'inner'>, a: Grid, b: Grid): number {
  let sum = 0;
  for (let k = 0; k < this.constants.inner; k++) {
    sum += a[this.thread.y][k] * b[k][this.thread.x];
  }
  return sum;
}

/** c = a·bᵀ; b (N, K). */
export function productTransposedB(this: Kernel<'inner'>, a: Grid, b: Grid): number {
  let sum = 0;
  for (let k = 0; k < this.constants.inner; k++) {
    sum += a[this.thread.y][k] * b[this.thread.x][k];
  }
  return sum;
}

/** c = aᵀ·b; a (K, M). */
export function productTransposedA(this: Kernel<'inner'>, a: Grid, b: Grid): number {
  let sum = 0;
  for (let k = 0; k < this.constants.inner; k++) {
    sum += a[k][this.thread.y] * b[k][this.thread.x];
  }
  return sum;
}

/** c = aᵀ·bᵀ; a (K, M), b (N, K). */
export function productTransposedBoth(this: Kernel<'inner'>, a: Grid, b: Grid): number {
  let sum = 0;
  for (let k = 0; k < this.constants.inner; k++) {
    sum += a[k][this.thread.y] * b[this.thread.x][k];
  }
  return sum;
}

/** a + by·b. */
export function addScaled(this: Kernel, a: Grid, b: Grid, by: number): number {
  return a[this.thread.y][this.thread.x] + by * b[this.thread.y][this.thread.x];
}
