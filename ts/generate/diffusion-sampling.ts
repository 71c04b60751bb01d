/**
 * New rows of a trained diffusion model: from noise, or from real rows that are noised part of the way and denoised again.
 *
 * Dimensions: F numbers, C category columns, B rows drawn together, W network width, T steps.
 */
import type { Backend, Matrix, Words } from '../backend/backend.js';
import type { DiffusionProcess } from '../backend/ops-diffusion.js';
import { pause, turnsFor } from '../backend/turns.js';
import type { Encoded } from '../encode/encoder.js';
import { InputError, throwIfAborted } from '../errors.js';
import { type Predictor, predictor } from '../nn/denoiser.js';
import type { Stream } from '../random.js';
import type { ProcessOptions, SamplingOptions } from './diffusion-options.js';
import type { Run } from './generator.js';
import { type DiffusionModel, NO_LABEL, processOf } from './trained-diffusion.js';

/** Which rows are drawn. */
export interface Wanted {
  /** Their class; null of a model without labels. */
  readonly label: number | null;
  /** How much more than the label itself asks for (Ho & Salimans 2022): x̂0 = (1 + w)·labelled − w·unlabelled. 0 = no guidance. */
  readonly guidance: number;
  /** Rows to start from, as many as are drawn, noised to step t; without it all is noise. */
  readonly start?: Start;
}

export interface Start {
  readonly rows: Encoded;
  readonly t: number;
}

export type Sampling = ProcessOptions & SamplingOptions;

/** Rows that are sampled together. */
const CHUNK = 1024;

/** `count` new rows. */
export async function drawRows(
  model: DiffusionModel,
  options: Sampling,
  wanted: Wanted,
  count: number,
  stream: Stream,
  run: Run,
): Promise<Encoded> {
  const { numeric: F, levels } = model.layout;
  const C = levels.length;
  const numeric = new Float32Array(count * F);
  const codes = new Int32Array(count * C);
  if (model.shape.width === 0) return { rows: count, numeric, codes };
  const mark = run.backend.mark();
  let sampler: Sampler | null = null;
  try {
    for (let at = 0; at < count; at += CHUNK) {
      const rows = Math.min(CHUNK, count - at);
      if (sampler?.rows !== rows) {
        run.backend.release(mark);
        sampler = prepare(model, options, wanted, rows, run);
      }
      const start = wanted.start && { t: wanted.start.t, rows: part(wanted.start.rows, at, rows, F, C) };
      const drawn = await sampler.draw(stream.child(at), start);
      numeric.set(drawn.x, at * F);
      codes.set(drawn.codes, at * C);
      run.onProgress?.({ phase: 'sample', done: at + rows, total: count });
      await pause();
      throwIfAborted(run.signal);
    }
  } finally {
    run.backend.release(mark);
  }
  return { rows: count, numeric, codes };
}

const part = ({ numeric, codes }: Encoded, at: number, rows: number, F: number, C: number): Encoded => ({
  rows,
  numeric: numeric.subarray(at * F, (at + rows) * F),
  codes: codes.subarray(at * C, (at + rows) * C),
});

/** A trained network laid out to draw `rows` rows at once, as often as wanted. */
interface Sampler {
  readonly rows: number;
  draw(stream: Stream, start: Start | undefined): Promise<{ readonly x: Float32Array; readonly codes: Int32Array }>;
}

function prepare(model: DiffusionModel, options: Sampling, wanted: Wanted, rows: number, { backend, signal }: Run): Sampler {
  const { diffusion } = backend;
  const { layout, shape } = model;
  const chain = processOf(backend, layout, options);
  const times = samplingTimes(options, wanted.start?.t);
  const net = guided(model, wanted, rows, times, backend);
  const [x, codes]: [Matrix, Words] = [backend.matrix(rows, layout.numeric), backend.words(rows * layout.levels.length)];
  const [input, output] = [backend.matrix(rows, shape.width), backend.matrix(rows, shape.width)];
  const eta = options.eta ?? (options.sampler === 'ddpm' ? 1 : 0);
  const x0 = backend.matrix(rows, layout.numeric);
  const begin = (stream: Stream, start: Start | undefined) => {
    if (!start) return diffusion.start(chain, x, codes, stream, input);
    const mark = backend.mark();
    startFrom(chain, start, x, codes, stream, input, backend);
    backend.release(mark);
  };
  const draw = async (stream: Stream, start: Start | undefined) => {
    begin(stream, start);
    const turn = turnsFor(signal);
    for (const [i, t] of times.entries()) {
      await turn();
      net.predict(input, i, output);
      const before = { t: times[i - 1] ?? t, x0 };
      diffusion.step(chain, options.sampler, output, t, times[i + 1] ?? -1, eta, x, codes, stream, input, before);
    }
    return { x: await backend.read(x), codes: Int32Array.from(await backend.readWords(codes)) };
  };
  return { rows, draw };
}

/** Noises real rows to step t: x (B, F) and codes (B·C) become draws from q(x_t | x_0), input (B, W) what the network sees of them. */
function startFrom(
  chain: DiffusionProcess,
  { rows, t }: Start,
  x: Matrix,
  codes: Words,
  stream: Stream,
  input: Matrix,
  backend: Backend,
): void {
  const B = rows.rows;
  const [numbers, real] = [backend.matrix(B, x.cols, rows.numeric), backend.words(codes.length, rows.codes)];
  const index = backend.words(
    B,
    Uint32Array.from({ length: B }, (_, i) => i),
  );
  const times = backend.words(B, new Uint32Array(B).fill(t));
  backend.diffusion.noise(chain, numbers, real, index, times, stream, input, backend.matrix(B, x.cols), codes);
  if (x.cols > 0) backend.network.takeColumns(input, 0, x);
}

/** The network for one label; guided, it is the two predictions put together. */
function guided(model: DiffusionModel, { label, guidance }: Wanted, rows: number, times: Uint32Array, backend: Backend): Predictor {
  const { shape } = model;
  const weights = backend.matrix(1, model.weights.length, model.weights);
  const labelled = predictor(backend, shape, weights, rows, times, label);
  if (guidance === 0) return labelled;
  if (shape.labels <= NO_LABEL) throw new InputError(`"guidance" expected 0 for a model whose labels were never left out, got ${guidance}`);
  const unlabelled = predictor(backend, shape, weights, rows, times, NO_LABEL);
  const other = backend.matrix(rows, shape.width);
  return {
    predict: (input, i, output) => {
      labelled.predict(input, i, output);
      unlabelled.predict(input, i, other);
      // v is linear in x̂0 at a given x_t, and softmax forgets a shift of the logits
      backend.network.addScaled(output, other, -guidance / (1 + guidance), output);
      backend.network.addScaled(output, output, guidance, output);
    },
  };
}

/** Of second order, dpm++ reaches with so many steps what the others reach with twice as many. */
const DPM_STEPS = 50;

/**
 * The steps that are visited, `from` first and 0 last, evenly spread: of a whole draw as many as asked for, else all T (dpm++: at most
 * 50); of one that starts later its share of them.
 */
export function samplingTimes(
  { timesteps, samplingSteps, sampler }: Pick<Sampling, 'timesteps' | 'samplingSteps' | 'sampler'>,
  from: number = timesteps - 1,
): Uint32Array {
  const all = samplingSteps ?? (sampler === 'dpm++' ? Math.min(DPM_STEPS, timesteps) : timesteps);
  const count = Math.max(1, Math.round((all * (from + 1)) / timesteps));
  const spread = (i: number) => (count === 1 ? from : Math.round((i * from) / (count - 1)));
  return Uint32Array.from({ length: count }, (_, i) => spread(count - 1 - i));
}
