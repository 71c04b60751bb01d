/** What can be chosen of a diffusion model: process, network, training, sampling; with the defaults (docs/recipe.md tells how they were found). */
import type { DiffusionSampler, Prediction, Schedule } from '../backend/ops-diffusion.js';
import { InputError } from '../errors.js';

/** How rows are noised (Ho, Jain & Abbeel 2020, §2; levels: Hoogeboom et al. 2021, §4). */
export interface ProcessOptions {
  /** Steps T from a row to noise. @defaultValue 100 */
  readonly timesteps: number;
  /** How the noise grows over the steps: cosine (Nichol & Dhariwal 2021, eq. 17) or linear in β. @defaultValue "cosine" */
  readonly schedule: Schedule;
  /** What the network tells of a row's numbers: v (Salimans & Ho 2022), the noise ε, or x0 itself. @defaultValue "v" */
  readonly prediction: Prediction;
  /** Network input of a level that is not the row's: log of this. @defaultValue 0.01 */
  readonly oneHotFloor: number;
  /** Bound of |x̂0| while sampling, in the normal scores of the encoder; 0 = none. @defaultValue 5 */
  readonly clip: number;
}

/** The network, and how it is trained (AdamW: Loshchilov & Hutter 2019). */
export interface TrainingOptions {
  /** Widths of the hidden layers. @defaultValue [256, 256] */
  readonly layers: readonly number[];
  /** Width of the time embedding and the first layer. @defaultValue 128 */
  readonly hidden: number;
  /** Of the first step; falls linearly to 0. @defaultValue 0.003 */
  readonly learningRate: number;
  /** Of AdamW, times the learning rate a step. @defaultValue 0 */
  readonly weightDecay: number;
  /** Rows of a step; never more than there are. @defaultValue 256 */
  readonly batch: number;
  /** Training steps; null = by the number of rows. @defaultValue null */
  readonly steps: number | null;
  /** Decay of the moving average of the weights, which draws; 0 = the last weights. @defaultValue 0.999 */
  readonly emaDecay: number;
  /**
   * `rows`: train for all the steps. `held-out`: keep a fifth of the rows aside, train for up to four times the steps, and take the weights
   * that do best on them. @defaultValue "rows"
   */
  readonly stop: 'rows' | 'held-out';
  /** What training ends by rounding the weights to, and what a file keeps of them; weights too large for F16 stay F32. @defaultValue "F16" */
  readonly precision: 'F16' | 'F32';
}

/** How a trained model is sampled. */
export interface SamplingOptions {
  /** DPM-Solver++(2M) (Lu et al. 2022), DDIM (Song, Meng & Ermon 2021) or DDPM (Ho, Jain & Abbeel 2020). @defaultValue "dpm++" */
  readonly sampler: DiffusionSampler;
  /** Reverse steps, evenly spread over T; null = all, or 50 of them for dpm++. @defaultValue null */
  readonly samplingSteps: number | null;
  /**
   * Noise of a step. ddim: 0 none … 1 as the posterior has. ddpm: the posterior's variance (0) … β (1). null = 0 for ddim, 1 for ddpm; dpm++
   * has none. @defaultValue null
   */
  readonly eta: number | null;
}

/** All that can be chosen of a diffusion model. */
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
