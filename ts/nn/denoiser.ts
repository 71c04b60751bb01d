/**
 * The denoiser of TabDDPM (Kotelnikov et al. 2023, §4.1): an MLP on the noised row, with embeddings of time and label added to
 * its first layer:
 *
 *   h₀ = in(x) + t2(silu(t1(time))) [+ silu(label)],   h_{l+1} = act(l_l(h_l)),   output = out(h_L)
 *
 * All parameters lie in one block, so that optimiser, averaging and storage are each one pass over it.
 * Dimensions: B batch rows, W width of input and output, H hidden width of the embeddings, U rows of distinct times, L labels.
 */
import type { Backend, Matrix, Words } from '../backend/backend.js';
import type { Stream } from '../random.js';
import { chainShapes, layOut, linearShapes, type Parameter, sizeOf, startingValues, views } from './parameters.js';

export interface DenoiserShape {
  readonly width: number; // W
  readonly hidden: number; // H
  readonly layers: readonly number[];
  readonly labels: number; // L, 0 = without labels
  readonly activation: 'relu' | 'silu';
}

/** Names, places and sizes of the parameters. */
export function denoiserParameters(shape: DenoiserShape): Parameter[] {
  const { width, hidden, layers, labels } = shape;
  return layOut([
    ...linearShapes('in', width, hidden),
    ...linearShapes('t1', hidden, hidden),
    ...linearShapes('t2', hidden, hidden),
    ...chainShapes('l', hidden, layers),
    ...linearShapes('out', layers.at(-1) ?? hidden, width),
    ...(labels > 0 ? [['label', labels, hidden] as const] : []),
  ]);
}

/** Numbers in the block. */
export const denoiserSize = (shape: DenoiserShape): number => sizeOf(denoiserParameters(shape));

/** Starting weights; label rows start within ±1. */
export function initialWeights(backend: Backend, shape: DenoiserShape, stream: Stream): Promise<Float32Array> {
  return startingValues(backend, denoiserParameters(shape), stream, { label: (u) => 2 * u - 1 });
}

/** What the time embedding of a batch is made of: U embedded times (U, H), and the row of each batch row (B). */
export interface BatchTimes {
  readonly table: Matrix;
  readonly index: Words;
}

/** One network on one batch size, with the memory of its passes on the backend. */
export interface Denoiser {
  /** output (B, W) of input (B, W). */
  forward(input: Matrix, times: BatchTimes, labels: Words | null, output: Matrix): void;
  /** Gradients of all parameters from dOutput (B, W), after `forward` on the same batch. Overwrites the block of gradients. */
  backward(input: Matrix, times: BatchTimes, labels: Words | null, dOutput: Matrix): void;
}

/** Lays out a denoiser that is to be trained: `weights` and `gradients` are (1, P), U is the number of embedded times. */
export function denoiser(
  backend: Backend,
  shape: DenoiserShape,
  weights: Matrix,
  gradients: Matrix,
  batch: number,
  distinct: number,
): Denoiser {
  const { network } = backend;
  const { hidden, layers, activation } = shape;
  const parameters = denoiserParameters(shape);
  const [w, d] = [views(backend, parameters, weights), views(backend, parameters, gradients)];
  const [timeZ, time, embedding, dTime] = Array.from({ length: 4 }, () => backend.matrix(distinct, hidden)) as [
    Matrix,
    Matrix,
    Matrix,
    Matrix,
  ];
  const label = backend.matrix(Math.max(1, shape.labels), hidden);
  const widths = [hidden, ...layers];
  const h = widths.map((width) => backend.matrix(batch, width)); // h_0 … h_L
  const z = activation === 'silu' ? widths.map((width) => backend.matrix(batch, width)) : h; // relu reads its output
  const dh = widths.map((width) => backend.matrix(batch, width));

  return {
    forward: (input, times, labels, output) => {
      network.linear(times.table, w('t1.w'), w('t1.b'), time, 'silu', timeZ);
      network.linear(time, w('t2.w'), w('t2.b'), embedding);
      network.linear(input, w('in.w'), w('in.b'), h[0] as Matrix);
      network.addRows(embedding, times.index, h[0] as Matrix);
      if (labels) {
        network.activation(w('label'), label, 'silu');
        network.addRows(label, labels, h[0] as Matrix);
      }
      layers.forEach((_, l) => {
        const y = h[l + 1] as Matrix;
        network.linear(h[l] as Matrix, w(`l${l + 1}.w`), w(`l${l + 1}.b`), y, activation, activation === 'silu' ? z[l + 1] : undefined);
      });
      network.linear(h.at(-1) as Matrix, w('out.w'), w('out.b'), output);
    },
    backward: (input, times, labels, dOutput) => {
      network.linearBackward(h.at(-1) as Matrix, w('out.w'), dOutput, dh.at(-1) as Matrix, d('out.w'), d('out.b'));
      for (let l = layers.length; l > 0; l--) {
        const dz = dh[l] as Matrix;
        network.activationBackward(z[l] as Matrix, dz, dz, activation);
        network.linearBackward(h[l - 1] as Matrix, w(`l${l}.w`), dz, dh[l - 1] as Matrix, d(`l${l}.w`), d(`l${l}.b`));
      }
      const d0 = dh[0] as Matrix;
      network.linearBackward(input, w('in.w'), d0, null, d('in.w'), d('in.b'));
      if (labels) {
        network.fill(d('label'), 0);
        network.addRowsBackward(d0, labels, d('label'));
        network.activationBackward(w('label'), d('label'), d('label'), 'silu');
      }
      // the embeddings are needed no more: their memory takes the gradients
      network.fill(embedding, 0);
      network.addRowsBackward(d0, times.index, embedding);
      network.linearBackward(time, w('t2.w'), embedding, dTime, d('t2.w'), d('t2.b'));
      network.activationBackward(timeZ, dTime, dTime, 'silu');
      network.linearBackward(times.table, w('t1.w'), dTime, null, d('t1.w'), d('t1.b'));
    },
  };
}

/** A trained denoiser for sampling: all rows of a batch share their time, so the embeddings become biases, computed once. */
export interface Predictor {
  /** output (B, W) of input (B, W) at the i-th of the times. */
  predict(input: Matrix, i: number, output: Matrix): void;
}

export function predictor(
  backend: Backend,
  shape: DenoiserShape,
  weights: Matrix,
  batch: number,
  times: Uint32Array,
  label: number | null,
): Predictor {
  const { network } = backend;
  const w = views(backend, denoiserParameters(shape), weights);
  const count = times.length;
  const [table, time, bias] = Array.from({ length: 3 }, () => backend.matrix(count, shape.hidden)) as [Matrix, Matrix, Matrix];
  const [z, same] = [backend.matrix(count, shape.hidden), backend.words(count)];
  backend.diffusion.timeEmbedding(backend.words(count, times), table);
  network.linear(table, w('t1.w'), w('t1.b'), time, 'silu', z);
  network.linear(time, w('t2.w'), w('t2.b'), bias);
  network.addRows(w('in.b'), same, bias);
  if (label !== null) {
    const row = backend.matrix(1, shape.hidden);
    network.activation(backend.view(w('label'), label * shape.hidden, 1, shape.hidden), row, 'silu');
    network.addRows(row, same, bias);
  }
  const h = [shape.hidden, ...shape.layers].map((width) => backend.matrix(batch, width));
  return {
    predict: (input, i, output) => {
      network.linear(input, w('in.w'), backend.view(bias, i * shape.hidden, 1, shape.hidden), h[0] as Matrix);
      shape.layers.forEach((_, l) => {
        network.linear(h[l] as Matrix, w(`l${l + 1}.w`), w(`l${l + 1}.b`), h[l + 1] as Matrix, shape.activation);
      });
      network.linear(h.at(-1) as Matrix, w('out.w'), w('out.b'), output);
    },
  };
}
