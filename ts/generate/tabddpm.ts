/**
 * TabDDPM (Kotelnikov et al. 2023): a denoising diffusion model of a mixed table, Gaussian for the numbers and multinomial for
 * levels and missingness. Trained here on the minority alone, or on all rows with the class as a label.
 */

import type { DiffusionSampler, Prediction, Schedule } from '../backend/ops-diffusion.js';
import { fitEncoder } from '../encode/encoder.js';
import { InputError } from '../errors.js';
import { type Dataset, takeRows } from '../table/table.js';
import { drawRows, fitDiffusion } from './diffusion-model.js';
import type { Generator, Sampler } from './generator.js';
import { minorityRows } from './minority.js';

export interface TabDDPMOptions {
  readonly timesteps: number; // T
  readonly schedule: Schedule;
  readonly prediction: Prediction;
  readonly layers: readonly number[];
  readonly hidden: number; // width of the time embedding and the first layer
  readonly learningRate: number;
  readonly weightDecay: number;
  /** Rows of a step; never more than there are. */
  readonly batch: number;
  /** Training steps; null = by the number of rows, {@link trainingSteps}. */
  readonly steps: number | null;
  readonly emaDecay: number;
  /** Network input of a level that is not the row's: log of this. */
  readonly oneHotFloor: number;
  /** Bound of |x̂0| while sampling, in the normal scores of the encoder; 0 = none. */
  readonly clip: number;
  /** `minority`: only minority rows are learnt from. `conditional`: all rows, half of each batch minority, the class as a label. */
  readonly labels: 'minority' | 'conditional';
  readonly sampler: DiffusionSampler;
  /** Reverse steps, evenly spread over T; null = all, or 50 of them for dpm++. */
  readonly samplingSteps: number | null;
  /** Noise of a step. ddim: 0 none … 1 as the posterior has. ddpm: the posterior's variance (0) … β (1). null = 0 for ddim, 1 for ddpm; dpm++ has none. */
  readonly eta: number | null;
}

export const TABDDPM_DEFAULTS: TabDDPMOptions = {
  timesteps: 100,
  schedule: 'cosine',
  prediction: 'v',
  layers: [256, 256],
  hidden: 128,
  learningRate: 3e-3,
  weightDecay: 0,
  batch: 256,
  steps: null,
  emaDecay: 0.999,
  oneHotFloor: 1e-2,
  clip: 5,
  labels: 'minority',
  sampler: 'dpm++',
  samplingSteps: null,
  eta: null,
};

/**
 * Training steps for n rows: few rows are learnt by heart when trained long, many need longer to be learnt at all. Found on
 * splits inside training parts that leave 59 to 464 minority rows (docs/decisions.md); half or double as many steps give much the same.
 */
export function trainingSteps(rows: number): number {
  return Math.min(10000, Math.round(200 + 1.25 * rows));
}

export const tabddpm: Generator<TabDDPMOptions> = {
  name: 'tabddpm',
  minMinority: 2,
  defaults: TABDDPM_DEFAULTS,
  async fit(train, stream, run, changed = {}): Promise<Sampler> {
    const options = { ...TABDDPM_DEFAULTS, ...changed };
    checkOptions(options);
    const rows = minorityRows(train, tabddpm);
    const { table, labels } = learnable(train, rows, options);
    const encoder = fitEncoder(table, run.backend.special);
    const encoded = encoder.encode(table);
    const model = await fitDiffusion(
      encoded,
      encoder.levels,
      labels,
      { ...options, steps: options.steps ?? trainingSteps(rows.length) },
      stream,
      run,
    );
    const { steps, losses, seconds } = model;
    return {
      history: { steps, losses, seconds },
      sample: async (count, draw, where) => encoder.decode(await drawRows(model, options, count, draw, where)),
    };
  },
};

/** The rows that are learnt from, and their labels: 1 = minority; null without labels. */
function learnable(train: Dataset, minority: Uint32Array, options: TabDDPMOptions) {
  if (options.labels === 'minority') return { table: takeRows(train.features, minority), labels: null };
  return { table: train.features, labels: train.y };
}

function checkOptions(options: TabDDPMOptions): void {
  const positive = ['timesteps', 'hidden', 'batch', 'steps', 'samplingSteps'] as const;
  for (const name of positive) {
    const value = options[name];
    if (value !== null && !(Number.isInteger(value) && value >= 1))
      throw new InputError(`"${name}" expected an integer of at least 1, got ${value}`);
  }
  for (const width of options.layers) {
    if (!(Number.isInteger(width) && width >= 1)) throw new InputError(`"layers" expected integers of at least 1, got ${width}`);
  }
  const shares = { learningRate: 1, weightDecay: 1, emaDecay: 1, eta: 1 } as const;
  for (const name of Object.keys(shares) as (keyof typeof shares)[]) {
    const value = options[name];
    if (value !== null && !(value >= 0 && value <= 1)) throw new InputError(`"${name}" expected a number in 0..1, got ${value}`);
  }
  if (options.samplingSteps !== null && options.samplingSteps > options.timesteps) {
    throw new InputError(`"samplingSteps" expected at most the ${options.timesteps} timesteps, got ${options.samplingSteps}`);
  }
}
