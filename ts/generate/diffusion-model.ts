/**
 * A diffusion model of encoded rows: training and sampling, both as a few calls of the backend a step.
 *
 * Dimensions: N rows, F numbers, C category columns, B batch rows, W network width, T steps.
 */
import type { Backend, Matrix, Words } from '../backend/backend.js';
import type { DiffusionLayout, DiffusionProcess, DiffusionSampler, Prediction, Schedule } from '../backend/ops-diffusion.js';
import type { Encoded } from '../encode/encoder.js';
import { throwIfAborted } from '../errors.js';
import { type BatchTimes, type DenoiserShape, denoiser, denoiserSize, initialWeights, predictor } from '../nn/denoiser.js';
import { batches, pause, type Training, train } from '../nn/train.js';
import type { Stream } from '../random.js';
import type { Run } from './generator.js';

export interface DiffusionOptions {
  readonly timesteps: number;
  readonly schedule: Schedule;
  readonly prediction: Prediction;
  readonly oneHotFloor: number;
  readonly clip: number;
}

export interface DiffusionTraining extends DiffusionOptions {
  readonly layers: readonly number[];
  readonly hidden: number;
  readonly learningRate: number;
  readonly weightDecay: number;
  readonly batch: number;
  readonly steps: number;
  readonly emaDecay: number;
}

export interface DiffusionModel extends Training {
  readonly layout: DiffusionLayout;
  readonly shape: DenoiserShape;
}

function processOf(backend: Backend, layout: DiffusionLayout, options: DiffusionOptions): DiffusionProcess {
  return backend.diffusion.process({ ...options, layout, steps: options.timesteps });
}

/** Learns the rows of `encoded`. With `labels` (N; 0 or 1) each batch is half of either label. */
export async function fitDiffusion(
  encoded: Encoded,
  levels: readonly number[],
  labels: Uint8Array | null,
  options: DiffusionTraining,
  stream: Stream,
  run: Run,
): Promise<DiffusionModel> {
  const { backend } = run;
  const N = encoded.rows;
  const layout = { numeric: encoded.numeric.length / N, levels };
  const width = levels.reduce((sum, k) => sum + k, layout.numeric);
  const shape: DenoiserShape = { width, hidden: options.hidden, layers: options.layers, labels: labels ? 2 : 0, activation: 'relu' };
  const mark = backend.mark();
  try {
    const training = width === 0 ? nothing() : await trainDenoiser(encoded, layout, shape, labels, options, stream, run);
    return { layout, shape, ...training };
  } finally {
    backend.release(mark);
  }
}

/** A table of constants has nothing to learn. */
const nothing = (): Training => ({ weights: new Float32Array(0), steps: [], losses: [], seconds: [] });

async function trainDenoiser(
  encoded: Encoded,
  layout: DiffusionLayout,
  shape: DenoiserShape,
  labels: Uint8Array | null,
  options: DiffusionTraining,
  stream: Stream,
  run: Run,
): Promise<Training> {
  const { backend } = run;
  const { diffusion } = backend;
  const [N, F, C] = [encoded.rows, layout.numeric, layout.levels.length];
  const B = Math.min(options.batch, N);
  const chain = processOf(backend, layout, options);
  const [x0, codes] = [backend.matrix(N, F, encoded.numeric), backend.words(N * C, encoded.codes)];
  const weights = backend.matrix(1, denoiserSize(shape), await initialWeights(backend, shape, stream.child('weights')));
  const gradients = backend.matrix(1, weights.cols);
  const times = batchTimes(backend, options.timesteps, B, options.hidden);
  const net = denoiser(backend, shape, weights, gradients, B, times.embedded.table.rows);
  const [input, output, dOutput] = [0, 1, 2].map(() => backend.matrix(B, shape.width)) as [Matrix, Matrix, Matrix];
  const [target, noised, index] = [backend.matrix(B, F), backend.words(B * C), backend.words(B)];
  const batchLabels = labels ? backend.words(B) : null;
  const next = labels ? balancedBatches(labels, B, stream.child('batches')) : batches(N, B, stream.child('batches'));
  const [timeStream, noise] = [stream.child('times'), stream.child('noise')];
  const step = (_i: number, losses: Matrix, slot: number) => {
    const rows = next();
    backend.writeWords(index, rows);
    if (batchLabels && labels)
      backend.writeWords(
        batchLabels,
        Uint32Array.from(rows, (row) => labels[row] as number),
      );
    backend.random.below(times.words, options.timesteps, timeStream);
    times.embed();
    diffusion.noise(chain, x0, codes, index, times.words, noise, input, target, noised);
    net.forward(input, times.embedded, batchLabels, output);
    diffusion.loss(chain, output, target, codes, index, noised, times.words, dOutput, losses, slot);
    net.backward(input, times.embedded, batchLabels, dOutput);
  };
  const { signal, onProgress } = run;
  return await train(backend, options, weights, gradients, step, {
    signal,
    onProgress: onProgress && ((done, total, loss) => onProgress({ phase: 'train', done, total, loss })),
  });
}

/** The times of a batch and their embedding; that of all T goes through the network where it is no more than one row each. */
function batchTimes(backend: Backend, T: number, B: number, hidden: number) {
  const words = backend.words(B);
  const counting = (n: number) =>
    backend.words(
      n,
      Uint32Array.from({ length: n }, (_, i) => i),
    );
  const all = backend.matrix(T, hidden);
  backend.diffusion.timeEmbedding(counting(T), all);
  if (T <= B) return { words, embedded: { table: all, index: words }, embed: () => {} };
  const embedded: BatchTimes = { table: backend.matrix(B, hidden), index: counting(B) };
  return { words, embedded, embed: () => backend.network.gatherRows(all, words, embedded.table) };
}

/** Batches of which half the rows have label 1, the rest label 0; each from random orders of its rows, repeated where they are few. */
export function balancedBatches(labels: Uint8Array, batch: number, stream: Stream): () => Uint32Array {
  const rowsOf = (label: number) => Uint32Array.from(labels.keys()).filter((row) => labels[row] === label);
  const halves = [rowsOf(1), rowsOf(0)].map((rows, i) => {
    const size = i === 0 ? batch >> 1 : batch - (batch >> 1);
    const next = endless(rows.length, stream.child(i));
    return () => Array.from({ length: size }, () => rows[next()] as number);
  });
  return () => Uint32Array.from(halves.flatMap((half) => half()));
}

/** Indices 0 … n − 1 in one random order after the other. */
function endless(n: number, stream: Stream): () => number {
  let order: Uint32Array = new Uint32Array(0);
  let at = 0;
  return () => {
    if (at === order.length) {
      order = stream.permutation(n);
      at = 0;
    }
    return order[at++] as number;
  };
}

export interface SamplingOptions extends DiffusionOptions {
  readonly sampler: DiffusionSampler;
  readonly samplingSteps: number | null;
  readonly eta: number | null; // null = 0 for ddim, 1 for ddpm; unused by dpm++
}

/** Rows that are sampled together. */
const CHUNK = 1024;

/** `count` new rows of the model, of label 1 where it has labels. */
export async function drawRows(model: DiffusionModel, options: SamplingOptions, count: number, stream: Stream, run: Run): Promise<Encoded> {
  const { layout } = model;
  const [F, C] = [layout.numeric, layout.levels.length];
  const numeric = new Float32Array(count * F);
  const codes = new Int32Array(count * C);
  if (model.shape.width === 0) return { rows: count, numeric, codes };
  for (let from = 0; from < count; from += CHUNK) {
    const rows = Math.min(CHUNK, count - from);
    const drawn = await drawChunk(model, options, rows, stream.child(from), run);
    numeric.set(drawn.x, from * F);
    codes.set(drawn.codes, from * C);
    run.onProgress?.({ phase: 'sample', done: from + rows, total: count });
    await pause();
    throwIfAborted(run.signal);
  }
  return { rows: count, numeric, codes };
}

async function drawChunk(model: DiffusionModel, options: SamplingOptions, rows: number, stream: Stream, run: Run) {
  const { backend } = run;
  const { diffusion } = backend;
  const { layout, shape } = model;
  const mark = backend.mark();
  try {
    const chain = processOf(backend, layout, options);
    const times = samplingTimes(options);
    const weights = backend.matrix(1, model.weights.length, model.weights);
    const net = predictor(backend, shape, weights, rows, times, shape.labels > 0 ? 1 : null);
    const [x, codes]: [Matrix, Words] = [backend.matrix(rows, layout.numeric), backend.words(rows * layout.levels.length)];
    const [input, output] = [backend.matrix(rows, shape.width), backend.matrix(rows, shape.width)];
    const eta = options.eta ?? (options.sampler === 'ddpm' ? 1 : 0);
    const x0 = backend.matrix(rows, layout.numeric);
    diffusion.start(chain, x, codes, stream, input);
    times.forEach((t, i) => {
      net.predict(input, i, output);
      const before = { t: times[i - 1] ?? t, x0 };
      diffusion.step(chain, options.sampler, output, t, times[i + 1] ?? -1, eta, x, codes, stream, input, before);
    });
    return { x: await backend.read(x), codes: Int32Array.from(await backend.readWords(codes)) };
  } finally {
    backend.release(mark);
  }
}

/** Of second order, dpm++ reaches with so many steps what the others reach with twice as many. */
const DPM_STEPS = 50;

/** The steps that are visited, last to first, evenly spread with both ends: as many as asked for, else all T (dpm++: at most 50). */
export function samplingTimes({
  timesteps,
  samplingSteps,
  sampler,
}: Pick<SamplingOptions, 'timesteps' | 'samplingSteps' | 'sampler'>): Uint32Array {
  const count = samplingSteps ?? (sampler === 'dpm++' ? Math.min(DPM_STEPS, timesteps) : timesteps);
  const spread = (i: number) => (count === 1 ? timesteps - 1 : Math.round((i * (timesteps - 1)) / (count - 1)));
  return Uint32Array.from({ length: count }, (_, i) => spread(count - 1 - i));
}
