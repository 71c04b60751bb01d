/**
 * TabDDPM's whole training step, and sampling. Dimensions: N rows of data, F numbers, C category columns, B rows drawn together,
 * W network width, T steps of time.
 */
import type { Backend } from '../backend/backend.js';
import { fitDiffusion } from '../generate/diffusion-model.js';
import { DIFFUSION_DEFAULTS } from '../generate/diffusion-options.js';
import { drawRows } from '../generate/diffusion-sampling.js';
import { predictor } from '../nn/denoiser.js';
import { Stream } from '../random.js';
import { numbers } from './inputs.js';
import type { Work } from './work.js';
import { DENOISER, denoiserWeights } from './work-network.js';

/** Levels of the five category columns of a mixed table. */
export const LEVELS = [2, 3, 4, 5, 8] as const;
const TABLE_ROWS = 2048;

/** `steps` steps of TabDDPM, 256 × 256, as the method takes them: batch, times, noise, both losses, AdamW, average. */
export function tabddpmSteps(
  backend: Backend,
  levels: readonly number[],
  steps: number,
  { numeric = 30, batch = 256, timesteps = 1000 } = {},
): Work {
  const N = TABLE_ROWS;
  const stream = Stream.fromSeed(1).child('table');
  const codes = Int32Array.from({ length: N * levels.length }, (_, i) => stream.below(levels[i % levels.length] as number));
  const encoded = { rows: N, numeric: numbers('numeric', N * numeric), codes };
  const options = { ...DIFFUSION_DEFAULTS, prediction: 'epsilon', timesteps, batch, steps, labelDropout: 0 } as const;
  let loss = Number.NaN;
  const run = async () => {
    const learnt = { encoded, levels, labels: null, group: null };
    const model = await fitDiffusion(learnt, options, Stream.fromSeed(1), { backend });
    loss = model.losses.at(-1) as number;
  };
  return { run, amount: steps, check: () => loss };
}

/** Rows that are drawn together, as diffusion-sampling.ts does. */
const B = 1024;

/** One reverse step of `rows` rows, the time embedded once, noise included. */
export async function samplingStep(backend: Backend, rows: number, T = 1000): Promise<Work> {
  const { width } = DENOISER;
  const layout = { numeric: width, levels: [] };
  const process = backend.diffusion.process({ layout, steps: T, schedule: 'cosine', prediction: 'epsilon', oneHotFloor: 1e-2, clip: 5 });
  const weights = await denoiserWeights(backend);
  const net = predictor(backend, DENOISER, backend.matrix(1, weights.length, weights), B, Uint32Array.of(T / 2), null);
  const [x, input, output, codes] = [backend.matrix(B, width), backend.matrix(B, width), backend.matrix(B, width), backend.words(0)];
  const stream = Stream.fromSeed(1).child('sampling');
  backend.diffusion.start(process, x, codes, stream, input);
  const chunks = Math.ceil(rows / B);
  const run = () => {
    for (let i = 0; i < chunks; i++) {
      net.predict(input, 0, output);
      backend.diffusion.step(process, 'ddpm', output, T / 2, T / 2 - 1, 1, x, codes, stream, input);
    }
  };
  return {
    run,
    amount: chunks * B,
    check: async () => (await backend.read(x)).reduce((sum, value) => sum + value * value, 0) / (B * width),
  };
}

/** `rows` rows drawn from noise by dpm++ in so many steps, of a model of T = 100. */
export async function samplingJob(backend: Backend, rows: number, samplingSteps: number): Promise<Work> {
  const nothing = { steps: [], losses: [], seconds: [] };
  const model = { layout: { numeric: DENOISER.width, levels: [] }, shape: DENOISER, weights: await denoiserWeights(backend), ...nothing };
  const options = { ...DIFFUSION_DEFAULTS, samplingSteps };
  let drawn: Float32Array = new Float32Array(0);
  const run = async () => {
    const stream = Stream.fromSeed(1).child('job');
    drawn = (await drawRows(model, options, { label: null, guidance: 0 }, rows, stream, { backend })).numeric;
  };
  return { run, amount: rows, check: () => drawn.reduce((sum, value) => sum + value * value, 0) / drawn.length };
}
