/** What can be chosen of a diffusion model: process, network, training, sampling; with the defaults (docs/recipe.md tells how they were found). */
import type { DiffusionSampler, Prediction, Schedule } from '../backend/ops-diffusion.js';
import { InputError } from '../errors.js';

export interface ProcessOptions {
  readonly timesteps: number; // T
  readonly schedule: Schedule;
  readonly prediction: Prediction;
  /** Network input of a level that is not the row's: log of this. */
  readonly oneHotFloor: number;
  /** Bound of |x̂0| while sampling, in the normal scores of the encoder; 0 = none. */
  readonly clip: number;
}

export interface TrainingOptions {
  readonly layers: readonly number[];
  readonly hidden: number; // width of the time embedding and the first layer
  readonly learningRate: number; // of the first step; falls linearly to 0
  readonly weightDecay: number;
  /** Rows of a step; never more than there are. */
  readonly batch: number;
  /** Training steps; null = by the number of rows. */
  readonly steps: number | null;
  readonly emaDecay: number;
  /** `rows`: train for all the steps. `held-out`: keep a fifth of the rows aside, train for up to four times the steps, and take the weights that do best on them. */
  readonly stop: 'rows' | 'held-out';
  /** What training ends by rounding the weights to, and what a file keeps of them; weights too large for F16 stay F32. */
  readonly precision: 'F16' | 'F32';
}

/** How a trained model is sampled. */
export interface SamplingOptions {
  readonly sampler: DiffusionSampler;
  /** Reverse steps, evenly spread over T; null = all, or 50 of them for dpm++. */
  readonly samplingSteps: number | null;
  /** Noise of a step. ddim: 0 none … 1 as the posterior has. ddpm: the posterior's variance (0) … β (1). null = 0 for ddim, 1 for ddpm; dpm++ has none. */
  readonly eta: number | null;
}

export interface DiffusionOptions extends ProcessOptions, TrainingOptions, SamplingOptions {}

export const DIFFUSION_DEFAULTS: DiffusionOptions = {
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
  stop: 'rows',
  precision: 'F16',
  oneHotFloor: 1e-2,
  clip: 5,
  sampler: 'dpm++',
  samplingSteps: null,
  eta: null,
};

const CHOICES: readonly (readonly [name: keyof DiffusionOptions, allowed: readonly unknown[]])[] = [
  ['schedule', ['cosine', 'linear', 'linear-unscaled']],
  ['prediction', ['v', 'epsilon', 'x0']],
  ['stop', ['rows', 'held-out']],
  ['precision', ['F16', 'F32']],
];
const SAMPLERS: readonly DiffusionSampler[] = ['dpm++', 'ddim', 'ddpm'];
const MOST_TIMESTEPS = 100_000;

/** Throws {@link InputError} for the first option out of range. */
export function checkDiffusion(options: DiffusionOptions): void {
  for (const [name, allowed] of CHOICES) {
    if (!allowed.includes(options[name])) throw new InputError(`"${name}" expected one of ${allowed.join(', ')}, got ${options[name]}`);
  }
  const positive = ['timesteps', 'hidden', 'batch', 'steps'] as const;
  for (const name of positive) {
    const value = options[name];
    if (value !== null && !(Number.isInteger(value) && value >= 1))
      throw new InputError(`"${name}" expected an integer of at least 1, got ${value}`);
  }
  if (options.timesteps > MOST_TIMESTEPS) throw new InputError(`"timesteps" expected at most ${MOST_TIMESTEPS}, got ${options.timesteps}`);
  for (const width of options.layers) {
    if (!(Number.isInteger(width) && width >= 1)) throw new InputError(`"layers" expected integers of at least 1, got ${width}`);
  }
  checkShares(options, ['learningRate', 'weightDecay', 'emaDecay']);
  checkSampling(options, options.timesteps);
}

export function checkSampling(options: SamplingOptions, timesteps: number): void {
  const { samplingSteps, sampler } = options;
  if (!SAMPLERS.includes(sampler)) throw new InputError(`"sampler" expected one of ${SAMPLERS.join(', ')}, got ${sampler}`);
  if (samplingSteps !== null && !(Number.isInteger(samplingSteps) && samplingSteps >= 1))
    throw new InputError(`"samplingSteps" expected an integer of at least 1, got ${samplingSteps}`);
  if (samplingSteps !== null && samplingSteps > timesteps)
    throw new InputError(`"samplingSteps" expected at most the ${timesteps} timesteps, got ${samplingSteps}`);
  checkShares(options, ['eta']);
}

/** Numbers of 0 to 1, or null. */
export function checkShares<Options extends object>(options: Options, names: readonly (keyof Options & string)[]): void {
  for (const name of names) {
    const value = options[name] as number | null;
    if (value !== null && !(value >= 0 && value <= 1)) throw new InputError(`"${name}" expected a number in 0..1, got ${value}`);
  }
}
