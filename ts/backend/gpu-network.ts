/** The network operations that have kernels: kernels/network.ts. A result replaces its matrix's texture; nothing is copied. */
import * as activations from '../../kernels/activation.js';
import * as kernel from '../../kernels/network.js';
import { InputError } from '../errors.js';
import type { Backend, Matrix } from './backend.js';
import { gpuAdamW } from './gpu-adam.js';
import type { GpuKernels, GpuTexture, KernelFunction } from './gpu-kernels.js';
import type { GpuMemory } from './gpu-memory.js';
import type { Activation, NetworkOps } from './ops-network.js';
import { checkColumns, count, shape } from './wasm-network.js';

const FORWARD: Readonly<Record<Activation, KernelFunction>> = {
  none: kernel.copy,
  relu: activations.relu,
  silu: activations.silu,
  leaky: activations.leaky,
  tanh: activations.tanh,
};

export function gpuNetworkOps(memory: GpuMemory, _kernels: GpuKernels, _onCore: NetworkOps, core: Backend): Partial<NetworkOps> {
  return {
    ...layerOps(memory),
    ...rowOps(memory),
    ...elementwiseOps(memory),
    mse: (p, y, dp, loss, slot) => {
      shape('y', y, p.rows, p.cols);
      shape('dp', dp, p.rows, p.cols);
      const terms = memory.compute(kernel.columnSquares, 1, p.cols, [p, y], { inner: p.rows });
      memory.set(dp, kernel.scaledDifference, [p, y, 2 / count(p)]);
      putLoss(memory, loss, slot, terms, 1 / count(p));
    },
    adamw: gpuAdamW(memory, core.special),
  };
}

/** loss[slot] = Σ terms · factor + more; frees the terms. */
export function putLoss(memory: GpuMemory, loss: Matrix, slot: number, terms: GpuTexture, factor: number, more = 0): void {
  if (slot < 0 || slot >= count(loss)) throw new InputError(`"slot" expected 0..${count(loss) - 1}, got ${slot}`);
  memory.set(loss, kernel.putLoss, [loss, terms, slot, factor, more], { inner: terms.cols });
  memory.free(terms);
}

function layerOps(memory: GpuMemory) {
  /** op(a)·op(b), of c's shape. */
  const product = (a: Matrix, b: Matrix, c: Matrix, transposeA: boolean, transposeB: boolean): GpuTexture => {
    const [M, inner] = transposeA ? [a.cols, a.rows] : [a.rows, a.cols];
    const N = transposeB ? b.rows : b.cols;
    shape('b', b, transposeB ? N : inner, transposeB ? inner : N);
    shape('c', c, M, N);
    const left = transposeB ? kernel.productTransposedB : kernel.product;
    const right = transposeB ? kernel.productTransposedBoth : kernel.productTransposedA;
    return memory.compute(transposeA ? right : left, M, N, [a, b], { inner });
  };
  const activation: NetworkOps['activation'] = (z, y, name) => {
    shape('y', y, z.rows, z.cols);
    memory.set(y, FORWARD[name], [z]);
  };
  return {
    gemm: (a, b, c, { transposeA = false, transposeB = false, accumulate = false } = {}) => {
      const result = product(a, b, c, transposeA, transposeB);
      if (!accumulate) return memory.keep(c, result);
      memory.set(c, kernel.add, [c, result]);
      memory.free(result);
    },
    linear: (x, w, b, y, name = 'none', z) => {
      shape('w', w, w.rows, x.cols);
      shape('b', b, 1, w.rows);
      shape('y', y, x.rows, w.rows);
      shape('z', z, x.rows, w.rows);
      const fused = name === 'relu' && b !== null && !z;
      const sums = fused ? y : (z ?? y);
      if (b) memory.set(sums, fused ? kernel.linearRelu : kernel.linear, [x, w, b], { inner: x.cols });
      else memory.keep(sums, product(x, w, sums, false, true));
      if (!fused && (z || name !== 'none')) activation(sums, y, name);
    },
    linearBackward: (x, w, dz, dx, dw, db) => {
      shape('w', w, w.rows, x.cols);
      shape('dz', dz, x.rows, w.rows);
      shape('dx', dx, x.rows, x.cols);
      shape('dw', dw, w.rows, w.cols);
      shape('db', db, 1, w.rows);
      const gradients = product(dz, x, dw, true, false);
      if (db) memory.set(db, kernel.columnSums, [dz], { inner: dz.rows });
      if (dx) memory.keep(dx, product(dz, w, dx, false, false));
      memory.keep(dw, gradients);
    },
    activation,
    activationBackward: (z, dy, dz, name) => {
      shape('dy', dy, z.rows, z.cols);
      shape('dz', dz, z.rows, z.cols);
      if (name === 'none') memory.set(dz, kernel.copy, [dy]);
      else if (name === 'relu') memory.set(dz, activations.reluBackward, [z, dy]);
      else if (name === 'silu') memory.set(dz, activations.siluBackward, [z, dy]);
      else if (name === 'leaky') memory.set(dz, activations.leakyBackward, [z, dy]);
      else {
        const y = memory.compute(activations.tanh, z.rows, z.cols, [z]);
        memory.set(dz, activations.tanhBackward, [y, dy]);
        memory.free(y);
      }
    },
  } satisfies Partial<NetworkOps>;
}

function rowOps(memory: GpuMemory) {
  return {
    addRows: (table, index, out) => {
      shape('out', out, index.length, table.cols);
      memory.set(out, kernel.addRows, [out, table, index]);
    },
    addRowsBackward: (dout, index, dtable) => {
      shape('dout', dout, index.length, dtable.cols);
      const { order, starts } = byIndex(memory.readWords(index), dtable.rows);
      const [sorted, bounds] = [memory.upload(order, 1, order.length), memory.upload(starts, 1, starts.length)];
      memory.set(dtable, kernel.addRowsBackward, [dtable, dout, sorted, bounds], { batch: index.length });
      memory.free(sorted, bounds);
    },
    gatherRows: (source, index, out) => {
      shape('out', out, index.length, source.cols);
      memory.set(out, kernel.gatherRows, [source, index]);
    },
    placeColumns: (source, at, out) => {
      checkColumns(source, at, out);
      memory.set(out, kernel.placeColumns, [source, out], { at, width: source.cols });
    },
    takeColumns: (source, at, out) => {
      checkColumns(out, at, source);
      memory.set(out, kernel.takeColumns, [source], { at });
    },
  } satisfies Partial<NetworkOps>;
}

function elementwiseOps(memory: GpuMemory) {
  const pairs = (run: KernelFunction, a: Matrix, b: Matrix, out: Matrix, ...numbers: number[]) => {
    shape('b', b, a.rows, a.cols);
    shape('out', out, a.rows, a.cols);
    memory.set(out, run, [a, b, ...numbers]);
  };
  return {
    multiply: (a, b, out) => pairs(kernel.multiply, a, b, out),
    add: (a, b, out) => pairs(kernel.add, a, b, out),
    addScaled: (a, b, by, out) => pairs(kernel.addScaled, a, b, out, by),
    clamp: (target, low, high) => memory.set(target, kernel.clamp, [target, low, high]),
    fill: (target, value) => memory.set(target, kernel.fill, [value]),
  } satisfies Partial<NetworkOps>;
}

/** Positions of the index in order of their rows, then of themselves (a counting sort), and where each row's start; (B) and (R + 1). */
function byIndex(index: Uint32Array, rows: number): { order: Float32Array; starts: Float32Array } {
  const starts = new Float32Array(rows + 1);
  for (const row of index) starts[row + 1] = (starts[row + 1] as number) + 1;
  for (let row = 0; row < rows; row++) starts[row + 1] = (starts[row + 1] as number) + (starts[row] as number);
  const next = starts.slice();
  const order = new Float32Array(index.length);
  index.forEach((row, i) => {
    const at = next[row] as number;
    order[at] = i;
    next[row] = at + 1;
  });
  return { order, starts };
}
