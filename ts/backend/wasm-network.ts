import { InputError } from '../errors.js';
import type { Matrix } from './backend.js';
import type { Activation, BatchNorm, NetworkOps } from './ops-network.js';
import { type CoreMemory, ptr } from './wasm.js';
import { blocksFor } from './wasm-random.js';

/** The kernels of assembly/gemm.ts, linear.ts, activation.ts, loss.ts, adam.ts, norm.ts, rows.ts and elementwise.ts by name. */
type NetworkCore = Readonly<
  Record<
    | 'gemm'
    | 'linear'
    | 'linearBackward'
    | 'activation'
    | 'activationBackward'
    | 'addRows'
    | 'addRowsBackward'
    | 'gatherRows'
    | 'add'
    | 'fill'
    | 'mse'
    | 'softmax'
    | 'softmaxCrossEntropy'
    | 'adamw'
    | 'batchNorm'
    | 'batchNormBackward'
    | 'batchNormEval'
    | 'placeColumns'
    | 'takeColumns'
    | 'dropoutMask'
    | 'multiply'
    | 'addScaled'
    | 'clamp',
    (...numbers: number[]) => void
  >
>;

/** Codes of assembly/activation.ts. */
const ACTIVATION: Readonly<Record<Activation, number>> = { none: 0, relu: 1, silu: 2, leaky: 3, tanh: 4 };

export const count = (matrix: Matrix): number => matrix.rows * matrix.cols;

export function shape(name: string, matrix: Matrix | null | undefined, rows: number, cols: number): void {
  if (matrix && (matrix.rows !== rows || matrix.cols !== cols)) {
    throw new InputError(`"${name}" expected ${rows}×${cols}, got ${matrix.rows}×${matrix.cols}`);
  }
}

/** The address of element `slot` of a loss vector. */
export function slotOf(loss: Matrix, slot: number): number {
  if (slot < 0 || slot >= count(loss)) throw new InputError(`"slot" expected 0..${count(loss) - 1}, got ${slot}`);
  return ptr(loss) + slot * 4;
}

/** The vectors of a normalisation layer that works on x (B, O). */
function checkNorm(norm: Partial<BatchNorm>, x: Matrix): void {
  const { gamma, beta, runningMean, runningVariance, inverse } = norm;
  for (const [name, vector] of Object.entries({ gamma, beta, runningMean, runningVariance, inverse })) shape(name, vector, 1, x.cols);
}

/** A block of columns must lie inside the rows that it is part of. */
export function checkColumns(part: Matrix, at: number, whole: Matrix): void {
  if (part.rows !== whole.rows || at < 0 || at + part.cols > whole.cols) {
    throw new InputError(`"columns" expected to lie inside ${whole.rows}×${whole.cols}, got ${part.rows}×${part.cols} at ${at}`);
  }
}

export function networkOps(memory: CoreMemory): NetworkOps {
  const core = memory.core as unknown as NetworkCore;
  return {
    gemm: (a, b, c, { transposeA = false, transposeB = false, accumulate = false } = {}) => {
      const M = transposeA ? a.cols : a.rows;
      const K = transposeA ? a.rows : a.cols;
      const N = transposeB ? b.rows : b.cols;
      shape('b', b, transposeB ? N : K, transposeB ? K : N);
      shape('c', c, M, N);
      const strides = (m: Matrix, transpose: boolean) => (transpose ? [1, m.cols] : [m.cols, 1]);
      core.gemm(M, N, K, ptr(a), ...strides(a, transposeA), ptr(b), ...strides(b, transposeB), ptr(c), N, accumulate ? ptr(c) : 0, N);
    },
    linear: (x, w, b, y, activation = 'none', z) => {
      const { rows: B, cols: I } = x;
      const O = w.rows;
      shape('w', w, O, I);
      shape('b', b, 1, O);
      shape('y', y, B, O);
      shape('z', z, B, O);
      core.linear(B, I, O, ptr(x), ptr(w), ptr(b), ptr(y), ptr(z), ACTIVATION[activation]);
    },
    linearBackward: (x, w, dz, dx, dw, db) => {
      const { rows: B, cols: I } = x;
      const O = w.rows;
      shape('w', w, O, I);
      shape('dz', dz, B, O);
      shape('dx', dx, B, I);
      shape('dw', dw, O, I);
      shape('db', db, 1, O);
      core.linearBackward(B, I, O, ptr(x), ptr(w), ptr(dz), ptr(dx), ptr(dw), ptr(db));
    },
    activation: (z, y, activation) => {
      shape('y', y, z.rows, z.cols);
      core.activation(count(z), ptr(z), ptr(y), ACTIVATION[activation]);
    },
    activationBackward: (z, dy, dz, activation) => {
      shape('dy', dy, z.rows, z.cols);
      shape('dz', dz, z.rows, z.cols);
      core.activationBackward(count(z), ptr(z), ptr(dy), ptr(dz), ACTIVATION[activation]);
    },
    addRows: (table, index, out) => {
      shape('out', out, index.length, table.cols);
      core.addRows(index.length, table.cols, ptr(table), ptr(index), ptr(out));
    },
    addRowsBackward: (dout, index, dtable) => {
      shape('dout', dout, index.length, dtable.cols);
      core.addRowsBackward(index.length, dtable.cols, ptr(dout), ptr(index), ptr(dtable));
    },
    gatherRows: (source, index, out) => {
      shape('out', out, index.length, source.cols);
      core.gatherRows(index.length, source.cols, ptr(source), ptr(index), ptr(out));
    },
    batchNorm: (x, norm, y, share) => {
      checkNorm(norm, x);
      shape('normalised', norm.normalised, x.rows, x.cols);
      shape('y', y, x.rows, x.cols);
      const { gamma, beta, normalised, inverse, runningMean, runningVariance } = norm;
      const [inputs, kept] = [
        [x, gamma, beta],
        [y, normalised, inverse, runningMean, runningVariance],
      ];
      core.batchNorm(x.rows, x.cols, ...inputs.map(ptr), ...kept.map(ptr), share);
    },
    batchNormBackward: (dy, norm, dx, dgamma, dbeta) => {
      checkNorm(norm, dy);
      shape('normalised', norm.normalised, dy.rows, dy.cols);
      shape('dx', dx, dy.rows, dy.cols);
      shape('dgamma', dgamma, 1, dy.cols);
      shape('dbeta', dbeta, 1, dy.cols);
      core.batchNormBackward(dy.rows, dy.cols, ...[dy, norm.normalised, norm.gamma, norm.inverse, dx, dgamma, dbeta].map(ptr));
    },
    batchNormEval: (x, norm, y) => {
      checkNorm(norm, x);
      shape('y', y, x.rows, x.cols);
      core.batchNormEval(x.rows, x.cols, ...[x, norm.gamma, norm.beta, norm.runningMean, norm.runningVariance, y].map(ptr));
    },
    placeColumns: (source, at, out) => {
      checkColumns(source, at, out);
      core.placeColumns(source.rows, source.cols, ptr(source), out.cols, at, ptr(out));
    },
    takeColumns: (source, at, out) => {
      checkColumns(out, at, source);
      core.takeColumns(out.rows, out.cols, ptr(source), source.cols, at, ptr(out));
    },
    dropoutMask: (out, share, stream) => {
      if (!(share >= 0 && share < 1)) throw new InputError(`"share" expected a number in [0, 1), got ${share}`);
      const n = count(out);
      memory.core.randomUniform?.(ptr(out), n, stream.key0, stream.key1, stream.take(blocksFor(n)));
      core.dropoutMask(n, ptr(out), share);
    },
    multiply: (a, b, out) => {
      shape('b', b, a.rows, a.cols);
      shape('out', out, a.rows, a.cols);
      core.multiply(count(a), ptr(a), ptr(b), ptr(out));
    },
    addScaled: (a, b, by, out) => {
      shape('b', b, a.rows, a.cols);
      shape('out', out, a.rows, a.cols);
      core.addScaled(count(a), ptr(a), ptr(b), by, ptr(out));
    },
    clamp: (target, low, high) => core.clamp(count(target), ptr(target), low, high),
    add: (a, b, out) => {
      shape('b', b, a.rows, a.cols);
      shape('out', out, a.rows, a.cols);
      core.add(count(a), ptr(a), ptr(b), ptr(out));
    },
    fill: (target, value) => core.fill(count(target), ptr(target), value),
    mse: (p, y, dp, loss, slot) => {
      shape('y', y, p.rows, p.cols);
      shape('dp', dp, p.rows, p.cols);
      core.mse(count(p), ptr(p), ptr(y), ptr(dp), slotOf(loss, slot));
    },
    softmaxCrossEntropy: (logits, classes, dlogits, loss, slot) => {
      shape('dlogits', dlogits, classes.length, logits.cols);
      shape('logits', logits, classes.length, logits.cols);
      core.softmaxCrossEntropy(logits.rows, logits.cols, ptr(logits), ptr(classes), ptr(dlogits), slotOf(loss, slot));
    },
    softmax: (logits, out) => {
      shape('out', out, logits.rows, logits.cols);
      core.softmax(logits.rows, logits.cols, ptr(logits), ptr(out));
    },
    adamw: (weights, gradients, first, second, ema, options) => {
      const P = count(weights);
      for (const [name, block] of Object.entries({ gradients, first, second, ema })) shape(name, block, weights.rows, weights.cols);
      const { learningRate, beta1, beta2, epsilon, weightDecay, step, emaDecay } = options;
      const blocks = [weights, gradients, first, second, ema].map(ptr);
      core.adamw(P, ...blocks, learningRate, beta1, beta2, epsilon, weightDecay, step, emaDecay);
    },
  };
}
