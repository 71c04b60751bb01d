/**
 * Training a diffusion model on encoded rows; diffusion-sampling.ts draws from it. Both are a few calls of the backend a step.
 *
 * Dimensions: N rows, F numbers, C category columns, B batch rows, W network width, T steps.
 */
import type { Backend, Matrix, Words } from '../backend/backend.js';
import type { DiffusionLayout } from '../backend/ops-diffusion.js';
import type { Encoded } from '../encode/encoder.js';
import { type DenoiserShape, denoiser, denoiserSize, initialWeights } from '../nn/denoiser.js';
import { batchTimes } from '../nn/times.js';
import { batches, type Training, train } from '../nn/train.js';
import type { Stream } from '../random.js';
import { fitsHalf, roundedToHalf } from '../store/half.js';
import { balancedBatches } from './class-batches.js';
import type { ProcessOptions, TrainingOptions } from './diffusion-options.js';
import { CHECKPOINTS, type Run } from './generator.js';
import { type HeldOutWatch, holdOut, LONGER, watchHeldOut } from './held-out.js';
import { type DiffusionModel, NO_LABEL, processOf } from './trained-diffusion.js';

export interface DiffusionTraining extends ProcessOptions, TrainingOptions {
  readonly steps: number;
  /** Share of labels that are left out of a batch, so that the model can draw without one as well. */
  readonly labelDropout: number;
}

/** What is learnt from: encoded rows, the levels of their category columns, and their labels (N; 0 or 1) where each batch is to be half of either. */
export interface Learnt {
  readonly encoded: Encoded;
  readonly levels: readonly number[];
  readonly labels: Uint8Array | null;
  /** Rows of one group are never held apart (N); null = all may be. */
  readonly group: Int32Array | null;
}

/** Sees a model in the middle of its training. */
export type Look = (model: DiffusionModel, step: number, seconds: number) => Promise<void>;

/** Learns the rows; `look` is called at each of {@link CHECKPOINTS}. */
export async function fitDiffusion(
  learnt: Learnt,
  options: DiffusionTraining,
  stream: Stream,
  run: Run,
  look?: Look | undefined,
): Promise<DiffusionModel> {
  const { backend } = run;
  const { encoded, levels, labels } = learnt;
  const layout = { numeric: encoded.numeric.length / encoded.rows, levels };
  const width = levels.reduce((sum, k) => sum + k, layout.numeric);
  const { hidden, layers, labelDropout } = options;
  const shape: DenoiserShape = { width, hidden, layers, labels: !labels ? 0 : labelDropout > 0 ? 3 : 2, activation: 'relu' };
  const nothing = { weights: new Float32Array(0), steps: [], losses: [], seconds: [] }; // a table of constants has nothing to learn
  if (width === 0) return { layout, shape, ...nothing };
  const mark = backend.mark();
  try {
    const seen =
      look &&
      ((weights: Float32Array, step: number, seconds: number) =>
        look({ layout, shape, ...nothing, weights: rounded(weights, options.precision) }, step, seconds));
    const trained = await trainDenoiser(learnt, layout, shape, options, stream, run, seen);
    return { layout, shape, ...trained, weights: rounded(trained.weights, options.precision) };
  } finally {
    backend.release(mark);
  }
}

/** As a file keeps them, so that a saved model draws the very same rows. */
const rounded = (weights: Float32Array, precision: TrainingOptions['precision']): Float32Array =>
  precision === 'F16' && fitsHalf(weights) ? roundedToHalf(weights) : weights;

async function trainDenoiser(
  { encoded, labels, group }: Learnt,
  layout: DiffusionLayout,
  shape: DenoiserShape,
  options: DiffusionTraining,
  stream: Stream,
  run: Run,
  look: ((weights: Float32Array, step: number, seconds: number) => Promise<void>) | undefined,
): Promise<Training & Pick<DiffusionModel, 'kept'>> {
  const { backend } = run;
  const { diffusion } = backend;
  const [N, F, C] = [encoded.rows, layout.numeric, layout.levels.length];
  const parts = options.stop === 'held-out' ? holdOut(N, labels, group, stream.child('parts')) : null;
  const learnt = parts?.learnt ?? Uint32Array.from({ length: N }, (_, row) => row);
  const B = Math.min(options.batch, learnt.length);
  const chain = processOf(backend, layout, options);
  const [x0, codes] = [backend.matrix(N, F, encoded.numeric), backend.words(N * C, encoded.codes)];
  const weights = backend.matrix(1, denoiserSize(shape), await initialWeights(backend, shape, stream.child('weights')));
  const gradients = backend.matrix(1, weights.cols);
  const times = batchTimes(backend, options.timesteps, B, options.hidden);
  const net = denoiser(backend, shape, weights, gradients, B, times.most);
  const [input, output, dOutput] = [0, 1, 2].map(() => backend.matrix(B, shape.width)) as [Matrix, Matrix, Matrix];
  const [target, noised, index] = [backend.matrix(B, F), backend.words(B * C), backend.words(B)];
  const classes = labels && batchLabels(labels, B, options.labelDropout, stream.child('labels'), backend);
  const next = batchesOf(learnt, labels, B, stream.child('batches'));
  const [timeStream, noise] = [stream.child('times'), stream.child('noise')];
  const step = (_i: number, losses: Matrix, slot: number) => {
    const rows = next();
    backend.writeWords(index, rows);
    classes?.write(rows);
    const embedded = times.draw(timeStream);
    diffusion.noise(chain, x0, codes, index, times.words, noise, input, target, noised);
    net.forward(input, embedded, classes?.words ?? null, output);
    diffusion.loss(chain, output, target, codes, index, noised, times.words, dOutput, losses, slot);
    net.backward(input, embedded, classes?.words ?? null, dOutput);
  };
  const { signal, onProgress } = run;
  const progress = {
    signal,
    onProgress: onProgress && ((done: number, total: number, loss: number) => onProgress({ phase: 'train', done, total, loss })),
  };
  let heldOut: HeldOutWatch | null = null;
  const plan = { ...options, steps: parts ? LONGER * options.steps : options.steps };
  const trained = await train(backend, plan, weights, gradients, step, progress, (averaged) => {
    heldOut = parts && watchHeldOut(backend, chain, shape, { x0, codes, labels }, parts.held, averaged, stream.child('held-out'));
    return {
      checkpoints: look && { shares: CHECKPOINTS, look: async (at, seconds) => look(await backend.read(averaged), at, seconds) },
      goOn: heldOut?.goOn,
    };
  });
  return { ...trained, ...(heldOut as HeldOutWatch | null)?.best() };
}

function batchesOf(rows: Uint32Array, labels: Uint8Array | null, B: number, stream: Stream): () => Uint32Array {
  if (labels) return balancedBatches(labels, B, stream, rows);
  const next = batches(rows.length, B, stream);
  return () => next().map((at) => rows[at] as number);
}

/** The labels of a batch, some of them left out. */
function batchLabels(labels: Uint8Array, B: number, dropout: number, stream: Stream, backend: Backend) {
  const words: Words = backend.words(B);
  const labelOf = (row: number) => (dropout > 0 && stream.uniform() < dropout ? NO_LABEL : (labels[row] as number));
  return { words, write: (rows: Uint32Array) => backend.writeWords(words, Uint32Array.from(rows, labelOf)) };
}
