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
import { entry } from './entry.js';
import { chainShapes, layOut, linearShapes, type Parameter, sizeOf, startingValues, views } from './parameters.js';
import type { BatchTimes } from './times.js';

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

/** One network on one batch size, with the memory of its passes on the backend. */
export interface Denoiser {
  /** output (B, W) of input (B, W). */
  forward(input: Matrix, times: BatchTimes, labels: Words | null, output: Matrix): void;
  /** Gradients of all parameters from dOutput (B, W), after `forward` on the same batch. Overwrites the block of gradients. */
  backward(input: Matrix, times: BatchTimes, labels: Words | null, dOutput: Matrix): void;
}

/** The layers that follow the embeddings by name, and the widths between them. */
function chainOf({ layers, width }: DenoiserShape): { names: string[]; widths: number[] } {
  return { names: [...layers.map((_, l) => `l${l + 1}`), 'out'], widths: [...layers, width] };
}

/** Lays out a denoiser that is to be trained: `weights` and `gradients` are (1, P), `distinct` is the most times that are embedded. */
export function denoiser(
  backend: Backend,
  shape: DenoiserShape,
  weights: Matrix,
  gradients: Matrix,
  batch: number,
  distinct: number,
): Denoiser {
  const { network } = backend;
  const { width, hidden, layers, labels: L, activation } = shape;
  const parameters = denoiserParameters(shape);
  const [w, d] = [views(backend, parameters, weights), views(backend, parameters, gradients)];
  const { names, widths } = chainOf(shape);
  const sizes = { batch, width, hidden, distinct, outputs: widths[0] as number, labels: L };
  const start = entry(backend, sizes, names[0] as string, w, d);
  const h = layers.map((O) => backend.matrix(batch, O)); // h_1 … h_L
  const z = activation === 'silu' ? layers.map((O) => backend.matrix(batch, O)) : h; // relu reads its output
  const dh = layers.map((O) => backend.matrix(batch, O));

  return {
    forward: (input, times, labels, output) => {
      start.forward(input, times, labels, z[0] ?? output);
      if (layers.length > 0) network.activation(z[0] as Matrix, h[0] as Matrix, activation);
      for (let l = 1; l < names.length; l++) {
        const [name, x, last] = [names[l] as string, h[l - 1] as Matrix, l === layers.length];
        if (last) network.linear(x, w('out.w'), w('out.b'), output);
        else network.linear(x, w(`${name}.w`), w(`${name}.b`), h[l] as Matrix, activation, activation === 'silu' ? z[l] : undefined);
      }
    },
    backward: (input, times, labels, dOutput) => {
      let dz = dOutput;
      for (let l = layers.length; l > 0; l--) {
        const [name, dx] = [names[l] as string, dh[l - 1] as Matrix];
        network.linearBackward(h[l - 1] as Matrix, w(`${name}.w`), dz, dx, d(`${name}.w`), d(`${name}.b`));
        network.activationBackward(z[l - 1] as Matrix, dx, dx, activation);
        dz = dx;
      }
      start.backward(input, times, labels, dz);
    },
  };
}

/** A trained denoiser for sampling: all rows of a batch share their time, so the embeddings become biases, computed once. */
export interface Predictor {
  /** output (B, W) of input (B, W) at the i-th of the times. */
  predict(input: Matrix, i: number, output: Matrix): void;
}

/** For `times`, on at most `batch` rows at once; input and output may have fewer. */
export function predictor(
  backend: Backend,
  shape: DenoiserShape,
  weights: Matrix,
  batch: number,
  times: Uint32Array,
  label: number | null,
): Predictor {
  const { network } = backend;
  const { width, hidden, activation } = shape;
  const w = views(backend, denoiserParameters(shape), weights);
  const { names, widths } = chainOf(shape);
  const shift = embeddings(backend, hidden, w, times, label); // in(0) + embeddings, for each time
  const [next, outputs] = [names[0] as string, widths[0] as number];
  // as in entry.ts: nothing bends before the first layer, which is folded into `in` where that is less work for a row
  const folded = outputs * width < hidden * (width + outputs);
  const [first, bias] = folded ? [backend.matrix(outputs, width), backend.matrix(times.length, outputs)] : [w('in.w'), shift];
  if (folded) {
    network.gemm(w(`${next}.w`), w('in.w'), first);
    network.linear(shift, w(`${next}.w`), w(`${next}.b`), bias);
  }
  const inner = [...(folded ? [] : [hidden]), ...shape.layers];
  const h = inner.map((O) => backend.matrix(batch, O));
  const act = (l: number) => (l < h.length && (folded || l > 0) ? activation : 'none'); // of the layer that writes h[l]
  return {
    predict: (input, i, output) => {
      const { rows } = input;
      const y = (l: number) => (l === h.length ? output : backend.view(h[l] as Matrix, 0, rows, inner[l] as number));
      network.linear(input, first, backend.view(bias, i * first.rows, 1, first.rows), y(0), act(0));
      names.slice(folded ? 1 : 0).forEach((name, l) => {
        network.linear(y(l), w(`${name}.w`), w(`${name}.b`), y(l + 1), act(l + 1));
      });
    },
  };
}

/** b_in + t2(silu(t1(time))) [+ silu(label)] for each of the times (U, H). */
function embeddings(backend: Backend, hidden: number, w: (name: string) => Matrix, times: Uint32Array, label: number | null): Matrix {
  const { network } = backend;
  const count = times.length;
  const [table, time, sum] = [0, 1, 2].map(() => backend.matrix(count, hidden)) as [Matrix, Matrix, Matrix];
  const [z, same] = [backend.matrix(count, hidden), backend.words(count)];
  backend.diffusion.timeEmbedding(backend.words(count, times), table);
  network.linear(table, w('t1.w'), w('t1.b'), time, 'silu', z);
  network.linear(time, w('t2.w'), w('t2.b'), sum);
  network.addRows(w('in.b'), same, sum);
  if (label !== null) {
    const row = backend.matrix(1, hidden);
    network.activation(backend.view(w('label'), label * hidden, 1, hidden), row, 'silu');
    network.addRows(row, same, sum);
  }
  return sum;
}
