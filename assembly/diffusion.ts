/**
 * Diffusion of a mixed table: what its kernels know of a process, and the network's input. Schedules are in schedule.ts, the numbers in
 * gaussian.ts, the categories in multinomial.ts.
 *
 * Dimensions: N data rows, B batch rows, F numbers, C category columns with K levels each, W = F + ΣK, T steps.
 * t is 0-based; s < t is the step that a reverse step ends at, s < 0 the data itself. ᾱ_s = 1 for s < 0.
 */
/** What the numeric outputs of the network mean. */
// @ts-ignore: decorator
@inline export const PREDICT_V: u32 = 0;
// @ts-ignore: decorator
@inline export const PREDICT_EPSILON: u32 = 1;
// @ts-ignore: decorator
@inline export const PREDICT_X0: u32 = 2;

/** All that the kernels know about a process; filled once by `diffusionProcess`. */
@unmanaged
export class Process {
  numeric!: u32; // F
  columns!: u32; // C
  width!: u32; // W
  steps!: u32; // T
  prediction!: u32;
  logFloor!: f32; // network input of a level that is not the row's
  clip!: f32; // |x̂0| bound, infinite = none
  levels!: usize; // (C) u32
  beta!: usize; // (T) f64
  alphaBar!: usize; // (T) f64
  scratch!: usize; // (3 · max K) v128

  // @ts-ignore: decorator
  @inline abar(t: i32): f64 {
    return t < 0 ? 1.0 : load<f64>(this.alphaBar + ((<usize>t) << 3));
  }

  // @ts-ignore: decorator
  @inline level(c: u32): u32 {
    return load<u32>(this.levels + ((<usize>c) << 2));
  }
}

/** Bytes of a `Process`. */
export function diffusionProcessBytes(): usize {
  return offsetof<Process>();
}

export function diffusionProcess(
  at: usize, numeric: u32, columns: u32, steps: u32, prediction: u32, floor: f64, clip: f64,
  levels: usize, beta: usize, alphaBar: usize, scratch: usize,
): void {
  const p = changetype<Process>(at);
  let width = numeric;
  for (let c: u32 = 0; c < columns; c++) width += load<u32>(levels + ((<usize>c) << 2));
  p.numeric = numeric;
  p.columns = columns;
  p.width = width;
  p.steps = steps;
  p.prediction = prediction;
  p.logFloor = <f32>Math.log(floor);
  p.clip = clip > 0 ? <f32>clip : Infinity;
  p.levels = levels;
  p.beta = beta;
  p.alphaBar = alphaBar;
  p.scratch = scratch;
}

/** The network input of rows under way: numbers as they are, categories as log one-hot. x (B, F), codes (B, C), input (B, W). */
export function diffusionInput(process: usize, x: usize, codes: usize, rows: u32, input: usize): void {
  const p = changetype<Process>(process);
  const bytes = (<usize>p.numeric) << 2;
  for (let i: u32 = 0; i < rows; i++) {
    memory.copy(input + (((<usize>i) * <usize>p.width) << 2), x + (<usize>i) * bytes, bytes);
    logOneHot(p, codes + (((<usize>i) * <usize>p.columns) << 2), input + (((<usize>i) * <usize>p.width + <usize>p.numeric) << 2));
  }
}

/** out (ΣK) = 0 at the level of each column, log floor elsewhere; codes (C). */
export function logOneHot(p: Process, codes: usize, out: usize): void {
  let at = out;
  for (let c: u32 = 0; c < p.columns; c++) {
    const k = p.level(c);
    for (let j: u32 = 0; j < k; j++) store<f32>(at + ((<usize>j) << 2), p.logFloor);
    store<f32>(at + ((<usize>load<u32>(codes + ((<usize>c) << 2))) << 2), 0);
    at += (<usize>k) << 2;
  }
}
