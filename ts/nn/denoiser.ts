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

export interface DenoiserShape {
  readonly width: number; // W
  readonly hidden: number; // H
  readonly layers: readonly number[];
  readonly labels: number; // L, 0 = without labels
  readonly activation: 'relu' | 'silu';
}

/** A weight matrix (rows, cols) or a bias (1, cols) at `offset` of the block. */
export interface Parameter {
  readonly name: string;
  readonly offset: number;
  readonly rows: number;
  readonly cols: number;
}

/** Names, places and sizes of the parameters; their order is the order of the block. */
export function denoiserParameters(shape: DenoiserShape): Parameter[] {
  const list: Parameter[] = [];
  let offset = 0;
  const place = (name: string, rows: number, cols: number) => {
    list.push({ name, offset, rows, cols });
    offset += rows * cols;
  };
  const linear = (name: string, inputs: number, outputs: number) => {
    place(`${name}.w`, outputs, inputs);
    place(`${name}.b`, 1, outputs);
  };
  linear('in', shape.width, shape.hidden);
  linear('t1', shape.hidden, shape.hidden);
  linear('t2', shape.hidden, shape.hidden);
  let inputs = shape.hidden;
  shape.layers.forEach((outputs, l) => {
    linear(`l${l + 1}`, inputs, outputs);
    inputs = outputs;
  });
  linear('out', inputs, shape.width);
  if (shape.labels > 0) place('label', shape.labels, shape.hidden);
  return list;
}

/** Numbers in the block. */
export function denoiserSize(shape: DenoiserShape): number {
  const last = denoiserParameters(shape).at(-1) as Parameter;
  return last.offset + last.rows * last.cols;
}

/** Starting weights: evenly within ±1/√inputs, weights and biases alike (He et al. 2015 with a = √5); label rows too, within ±1. */
export async function initialWeights(backend: Backend, shape: DenoiserShape, stream: Stream): Promise<Float32Array> {
  const mark = backend.mark();
  const block = backend.matrix(1, denoiserSize(shape));
  backend.random.uniform(block, stream);
  const weights = await backend.read(block);
  backend.release(mark);
  let bound = 1;
  for (const { name, offset, rows, cols } of denoiserParameters(shape)) {
    if (name.endsWith('.w')) bound = 1 / Math.sqrt(cols);
    if (name === 'label') bound = 1;
    for (let i = offset; i < offset + rows * cols; i++) weights[i] = (2 * (weights[i] as number) - 1) * bound;
  }
  return weights;
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

/** A window on each parameter of a block. */
function views(backend: Backend, shape: DenoiserShape, block: Matrix): Map<string, Matrix> {
  return new Map(denoiserParameters(shape).map((p) => [p.name, backend.view(block, p.offset, p.rows, p.cols)]));
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
  const [wOf, dOf] = [views(backend, shape, weights), views(backend, shape, gradients)];
  const w = (name: string) => wOf.get(name) as Matrix;
  const d = (name: string) => dOf.get(name) as Matrix;
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
  const wOf = views(backend, shape, weights);
  const w = (name: string) => wOf.get(name) as Matrix;
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
