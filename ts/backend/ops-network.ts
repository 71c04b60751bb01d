/** Network operations, forward and backward. Weights are (O, I) row-major: y = x·Wᵀ + b. */
import type { Matrix, Words } from './backend.js';

export type Activation = 'none' | 'relu' | 'silu';

export interface AdamW {
  readonly learningRate: number;
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
  readonly weightDecay: number; // decoupled (Loshchilov & Hutter 2019)
  readonly step: number; // 1 for the first
  readonly emaDecay: number; // ignored without `ema`
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
  /** dz = dy ⊙ act′(z); may work in place. For relu the output y serves as z. */
  activationBackward(z: Matrix, dy: Matrix, dz: Matrix, activation: Activation): void;
  /** out[i] += table[index[i]]; table (R, O), index (B), out (B, O). */
  addRows(table: Matrix, index: Words, out: Matrix): void;
  /** dtable[index[i]] += dout[i], in row order; dtable is not cleared. */
  addRowsBackward(dout: Matrix, index: Words, dtable: Matrix): void;
  /** out[i] = source[index[i]]; source (N, D), index (B), out (B, D). */
  gatherRows(source: Matrix, index: Words, out: Matrix): void;
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
