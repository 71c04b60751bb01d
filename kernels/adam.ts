/**
 * Adam with decoupled weight decay (Loshchilov & Hutter 2019, algorithm 2) and an exponential moving average of the weights, as in
 * assembly/adam.ts: one kernel each for the moments, the weights and their average. gpu.js parses their text.
 */

type Grid = readonly (readonly number[])[];

interface Kernel {
  readonly thread: { readonly x: number; readonly y: number };
}

/** m = β·m + (1 − β)·g; `rest` is 1 − β, rounded once. */
export function firstMoment(this: Kernel, m: Grid, g: Grid, beta: number, rest: number): number {
  return beta * m[this.thread.y][this.thread.x] + rest * g[this.thread.y][this.thread.x];
}

/** v = β·v + (1 − β)·g². */
export function secondMoment(this: Kernel, v: Grid, g: Grid, beta: number, rest: number): number {
  const slope = g[this.thread.y][this.thread.x];
  return beta * v[this.thread.y][this.thread.x] + rest * (slope * slope);
}

/** w = keep·w − step·m / (root·√v + ε), keep = 1 − ηλ, step = η / (1 − β₁ᵗ), root = 1 / √(1 − β₂ᵗ). */
export function adamStep(this: Kernel, w: Grid, m: Grid, v: Grid, keep: number, step: number, root: number, epsilon: number): number {
  const deviation = Math.sqrt(v[this.thread.y][this.thread.x]) * root + epsilon;
  return keep * w[this.thread.y][this.thread.x] - (step * m[this.thread.y][this.thread.x]) / deviation;
}

/** e + share·(w − e). */
export function average(this: Kernel, e: Grid, w: Grid, share: number): number {
  const before = e[this.thread.y][this.thread.x];
  return before + share * (w[this.thread.y][this.thread.x] - before);
}
