/**
 * The way into a denoiser, up to its first activation:
 *
 *   h₀ = in(x) + t2(silu(t1(time))) [+ silu(label)],   z = W·h₀ + b
 *
 * with W and b of the layer that follows. Nothing bends between the two, so z can also be had as
 *
 *   z = (W·In)·x + (W·(t2(…) + b_in) + b) [+ W·silu(label)],
 *
 * where the first factor is made once a step, the second once for each time and the third once for each label: less work where rows
 * share their times. Both ways give the same function and the same gradients, but for rounding; the sizes decide.
 *
 * Dimensions: B batch rows, W width of the input, H hidden width, U embedded times, O outputs of the layer, L labels.
 */
import type { Backend, Matrix, Words } from '../backend/backend.js';
import type { BatchTimes } from './times.js';

type Views = (name: string) => Matrix;

export interface Entry {
  /** z (B, O) of input (B, W). */
  forward(input: Matrix, times: BatchTimes, labels: Words | null, z: Matrix): void;
  /** Gradients of the parameters so far from dz (B, O), after `forward` on the same batch. */
  backward(input: Matrix, times: BatchTimes, labels: Words | null, dz: Matrix): void;
}

export interface EntrySizes {
  readonly batch: number; // B
  readonly width: number; // W
  readonly hidden: number; // H
  readonly distinct: number; // most U
  readonly outputs: number; // O
  readonly labels: number; // L
}

/** Multiplications of a training step, forward and backward, that the two ways do not share. */
const directCost = ({ batch, width, hidden, outputs }: EntrySizes): number => batch * hidden * (2 * width + 3 * outputs);
const foldedCost = ({ batch, width, hidden, distinct, outputs, labels }: EntrySizes): number =>
  outputs * (2 * batch * width + 3 * hidden * (distinct + labels + width));

/** The cheaper way. `layer` is the name of the layer that follows; w and d give a parameter and its gradient. */
export function entry(backend: Backend, sizes: EntrySizes, layer: string, w: Views, d: Views): Entry {
  return (foldedCost(sizes) < directCost(sizes) ? foldedEntry : directEntry)(backend, sizes, layer, w, d);
}

/** silu(t1) and t2 of the embedded times (U, H), forward and backward. */
function timeLayers(backend: Backend, { distinct, hidden }: EntrySizes, w: Views, d: Views) {
  const { network } = backend;
  const [timeZ, time, embedding, dTime] = [0, 1, 2, 3].map(() => backend.matrix(distinct, hidden)) as [Matrix, Matrix, Matrix, Matrix];
  const top = (matrix: Matrix, { table }: BatchTimes) => backend.view(matrix, 0, table.rows, hidden);
  return {
    forward: (times: BatchTimes, bias: Matrix): Matrix => {
      const out = top(embedding, times);
      network.linear(times.table, w('t1.w'), w('t1.b'), top(time, times), 'silu', top(timeZ, times));
      network.linear(top(time, times), w('t2.w'), bias, out);
      return out;
    },
    backward: (times: BatchTimes, dEmbedding: Matrix): void => {
      const dz = top(dTime, times);
      network.linearBackward(top(time, times), w('t2.w'), dEmbedding, dz, d('t2.w'), d('t2.b'));
      network.activationBackward(top(timeZ, times), dz, dz, 'silu');
      network.linearBackward(times.table, w('t1.w'), dz, null, d('t1.w'), d('t1.b'));
    },
  };
}

/** h₀ row by row. */
export function directEntry(backend: Backend, sizes: EntrySizes, layer: string, w: Views, d: Views): Entry {
  const { network } = backend;
  const { batch, hidden, labels: L } = sizes;
  const [h0, d0, label] = [backend.matrix(batch, hidden), backend.matrix(batch, hidden), backend.matrix(Math.max(1, L), hidden)];
  const time = timeLayers(backend, sizes, w, d);
  let embedding: Matrix;
  return {
    forward: (input, times, labels, z) => {
      embedding = time.forward(times, w('t2.b'));
      network.linear(input, w('in.w'), w('in.b'), h0);
      network.addRows(embedding, times.index, h0);
      if (labels) {
        network.activation(w('label'), label, 'silu');
        network.addRows(label, labels, h0);
      }
      network.linear(h0, w(`${layer}.w`), w(`${layer}.b`), z);
    },
    backward: (input, times, labels, dz) => {
      network.linearBackward(h0, w(`${layer}.w`), dz, d0, d(`${layer}.w`), d(`${layer}.b`));
      network.linearBackward(input, w('in.w'), d0, null, d('in.w'), d('in.b'));
      if (labels) {
        network.fill(d('label'), 0);
        network.addRowsBackward(d0, labels, d('label'));
        network.activationBackward(w('label'), d('label'), d('label'), 'silu');
      }
      // the embeddings are needed no more: their memory takes the gradients
      network.fill(embedding, 0);
      network.addRowsBackward(d0, times.index, embedding);
      time.backward(times, embedding);
    },
  };
}

/** z from tables of times and labels that went through the layer already. */
export function foldedEntry(backend: Backend, sizes: EntrySizes, layer: string, w: Views, d: Views): Entry {
  const { network } = backend;
  const { width, hidden, distinct, outputs, labels: L } = sizes;
  const W = w(`${layer}.w`);
  const time = timeLayers(backend, sizes, w, d);
  const [product, dProduct] = [backend.matrix(outputs, width), backend.matrix(outputs, width)]; // W·In
  const [shift, dEmbedding] = [backend.matrix(distinct, outputs), backend.matrix(distinct, hidden)]; // z of x = 0 at each time
  const [label, dLabel] = [backend.matrix(Math.max(1, L), hidden), backend.matrix(Math.max(1, L), outputs)];
  const labelShift = backend.matrix(Math.max(1, L), outputs);
  const [bias, first] = [backend.matrix(1, hidden), backend.words(1)];
  let embedding: Matrix;
  return {
    forward: (input, times, labels, z) => {
      network.add(w('t2.b'), w('in.b'), bias);
      embedding = time.forward(times, bias);
      const table = backend.view(shift, 0, times.table.rows, outputs);
      network.linear(embedding, W, w(`${layer}.b`), table);
      network.gemm(W, w('in.w'), product);
      network.linear(input, product, null, z);
      network.addRows(table, times.index, z);
      if (labels) {
        network.activation(w('label'), label, 'silu');
        network.linear(label, W, null, labelShift);
        network.addRows(labelShift, labels, z);
      }
    },
    backward: (input, times, labels, dz) => {
      const rows = times.table.rows;
      const [dTable, dE] = [backend.view(shift, 0, rows, outputs), backend.view(dEmbedding, 0, rows, hidden)]; // the table is needed no more
      network.fill(dTable, 0);
      network.addRowsBackward(dz, times.index, dTable);
      network.linearBackward(embedding, W, dTable, dE, d(`${layer}.w`), d(`${layer}.b`));
      network.linearBackward(input, product, dz, null, dProduct, null);
      network.gemm(dProduct, w('in.w'), d(`${layer}.w`), { transposeB: true, accumulate: true });
      network.gemm(W, dProduct, d('in.w'), { transposeA: true });
      if (labels) {
        network.fill(dLabel, 0);
        network.addRowsBackward(dz, labels, dLabel);
        network.gemm(dLabel, label, d(`${layer}.w`), { transposeA: true, accumulate: true });
        network.gemm(dLabel, W, d('label'));
        network.activationBackward(w('label'), d('label'), d('label'), 'silu');
      }
      time.backward(times, dE);
      network.gatherRows(d('t2.b'), first, d('in.b')); // both are added to the same sum
    },
  };
}
