/** Network operations, forward and backward. Weights are (O, I) row-major: y = x·Wᵀ + b. */
import type { Stream } from '../random.js';
import type { Matrix, Words } from './backend.js';

/** `leaky` has slope 0.2 below 0. */
export type Activation = 'none' | 'relu' | 'silu' | 'leaky' | 'tanh';

export interface AdamW {
  readonly learningRate: number;
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
  readonly weightDecay: number; // decoupled (Loshchilov & Hutter 2019)
  readonly step: number; // 1 for the first
  readonly emaDecay: number; // ignored without `ema`
}

/** A batch normalisation layer of O columns (Ioffe & Szegedy 2015). */
export interface BatchNorm {
  readonly gamma: Matrix; // (1, O)
  readonly beta: Matrix; // (1, O)
  readonly runningMean: Matrix; // (1, O)
  readonly runningVariance: Matrix; // (1, O)
  readonly normalised: Matrix; // x̂ (B, O)
  readonly inverse: Matrix; // 1 / deviation (1, O)
}

export interface NetworkOps {
  /** c = op(a)·op(b) (+ c when `accumulate`), where op transposes on request; a (M, K), b (K, N), c (M, N). */
  gemm(a: Matrix, b: Matrix, c: Matrix, options?: { transposeA?: boolean; transposeB?: boolean; accumulate?: boolean }): void;
  /** z = x·Wᵀ + b, y = act(z). x (B, I), w (O, I), b (1, O) or null, y (B, O); z (B, O) is kept when given (silu needs it backward). */
  linear(x: Matrix, w: Matrix, b: Matrix | null, y: Matrix, activation?: Activation, z?: Matrix): void;
  /** dx = dz·W (skipped when null), dw = dzᵀ·x, db = column sums of dz; overwrites. */
  linearBackward(x: Matrix, w: Matrix, dz: Matrix, dx: Matrix | null, dw: Matrix, db: Matrix | null): void;
  /** y = act(z). */
  activation(z: Matrix, y: Matrix, activation: Activation): void;
  /** dz = dy ⊙ act′(z); may work in place. For relu and leaky the output y serves as z. */
  activationBackward(z: Matrix, dy: Matrix, dz: Matrix, activation: Activation): void;
  /** out[i] += table[index[i]]; table (R, O), index (B), out (B, O). */
  addRows(table: Matrix, index: Words, out: Matrix): void;
  /** dtable[index[i]] += dout[i], in row order; dtable is not cleared. */
  addRowsBackward(dout: Matrix, index: Words, dtable: Matrix): void;
  /** out[i] = source[index[i]]; source (N, D), index (B), out (B, D). */
  gatherRows(source: Matrix, index: Words, out: Matrix): void;
  /**
   * y = γ·x̂ + β by the batch's own mean and (biased) variance; x and y (B, O), the rest as in {@link BatchNorm}. x̂ and 1/√(variance + 1e-5)
   * are kept; running mean and (unbiased) variance follow by `share`. y may be x.
   */
  batchNorm(x: Matrix, norm: BatchNorm, y: Matrix, share: number): void;
  /** dx, dγ and dβ (1, O) from dy, after `batchNorm`; dx may be dy. */
  batchNormBackward(dy: Matrix, norm: BatchNorm, dx: Matrix, dgamma: Matrix, dbeta: Matrix): void;
  /** y = γ·(x − running mean)/√(running variance + 1e-5) + β. */
  batchNormEval(x: Matrix, norm: Pick<BatchNorm, 'gamma' | 'beta' | 'runningMean' | 'runningVariance'>, y: Matrix): void;
  /** Columns at … of out (B, O) = source (B, I). */
  placeColumns(source: Matrix, at: number, out: Matrix): void;
  /** out (B, I) = columns at … of source (B, O). */
  takeColumns(source: Matrix, at: number, out: Matrix): void;
  /** Dropout mask by stream: 0 with probability `share`, else 1 / (1 − share). */
  dropoutMask(out: Matrix, share: number, stream: Stream): void;
  /** out = a ⊙ b; out may be a or b. */
  multiply(a: Matrix, b: Matrix, out: Matrix): void;
  /** out = a + by·b; out may be a or b. */
  addScaled(a: Matrix, b: Matrix, by: number, out: Matrix): void;
  /** Keeps every element in low … high; NaN stays. */
  clamp(target: Matrix, low: number, high: number): void;
  /** out = a + b, elementwise. */
  add(a: Matrix, b: Matrix, out: Matrix): void;
  fill(target: Matrix, value: number): void;
  /** target[slot] = mean((p − y)²) over all elements; dp = d loss / d p. loss is a (1, n) matrix. */
  mse(p: Matrix, y: Matrix, dp: Matrix, loss: Matrix, slot: number): void;
  /** loss[slot] = mean cross-entropy of softmax(logits) against classes; dlogits = its gradient. logits (B, K), classes (B). */
  softmaxCrossEntropy(logits: Matrix, classes: Words, dlogits: Matrix, loss: Matrix, slot: number): void;
  /** Row-wise softmax; logits and out (B, K). */
  softmax(logits: Matrix, out: Matrix): void;
  /** One AdamW step over a whole parameter block, with an optional exponential moving average of the weights. All (1, P). */
  adamw(weights: Matrix, gradients: Matrix, first: Matrix, second: Matrix, ema: Matrix | null, options: AdamW): void;
}
