/**
 * Diffusion of mixed tables: Gaussian for numbers (Ho et al. 2020), multinomial for categories (Hoogeboom et al. 2021).
 *
 * Dimensions: N data rows, B batch rows, F numeric columns, C category columns with K_c levels, W = F + ΣK_c network width,
 * T steps. t is 0-based, ᾱ_t = Π_{0..t}(1 − β); ᾱ before t = 0 is 1.
 * The network input is (x_t, log of the one-hot categories floored at `floor`), its output (numeric prediction, x̂0 logits).
 */
import type { Stream } from '../random.js';
import type { Matrix, Words } from './backend.js';

/** `linear` is scaled by 1000 / T, so that it ends at the same noise for every T; `linear-unscaled` is that of T = 1000. */
export type Schedule = 'cosine' | 'linear' | 'linear-unscaled';
export type DiffusionSampler = 'ddpm' | 'ddim' | 'dpm++';
/** What the numeric outputs mean: v (Salimans & Ho 2022), the noise ε, or x0 itself. */
export type Prediction = 'v' | 'epsilon' | 'x0';

/** The data of a table as the diffusion sees it. */
export interface DiffusionLayout {
  readonly numeric: number; // F
  readonly levels: readonly number[]; // K_c, each ≥ 1
}

export interface NoiseSchedule {
  readonly beta: Float64Array; // (T)
  readonly alphaBar: Float64Array; // (T)
}

/**
 * A reverse step of the numbers: x̂0 = toX0·x + toX0Output·output, clipped; then
 * x_s = fromX0·x̂0 + fromX·x + sigma·z + fromBefore·(x̂0 − x̂0 of the step before).
 */
export interface StepCoefficients {
  readonly toX0: number;
  readonly toX0Output: number;
  readonly fromX0: number;
  readonly fromX: number;
  readonly sigma: number;
  readonly fromBefore: number;
}

/** What `dpm++` remembers of the step before: its t (on the first step the present one) and its x̂0 (B, F), which the step overwrites. */
export interface StepBefore {
  readonly t: number;
  readonly x0: Matrix;
}

/** A process ready for use on the backend: layout, schedule tables, prediction type. */
export interface DiffusionProcess {
  readonly layout: DiffusionLayout;
  readonly steps: number; // T
  readonly prediction: Prediction;
  readonly width: number; // W
  readonly schedule: NoiseSchedule;
}

export interface DiffusionSettings {
  readonly layout: DiffusionLayout;
  readonly steps: number;
  readonly schedule: Schedule;
  readonly prediction: Prediction;
  readonly oneHotFloor: number; // 1e-2
  readonly clip: number; // |x̂0| bound, 0 = none
}

export interface DiffusionOps {
  /** β_t and ᾱ_t in float64; refuses a linear schedule whose scaled β reaches 1 (T ≤ 20). */
  schedule(kind: Schedule, steps: number): NoiseSchedule;
  /** sin/cos embedding of time: out[i] = (cos(t_i·ω), sin(t_i·ω)), ω_j = 10000^(−j/half); out (U, dim). */
  timeEmbedding(times: Words, out: Matrix): void;
  /** Puts a process's tables on the backend (below the caller's mark). */
  process(settings: DiffusionSettings): DiffusionProcess;
  /**
   * Noises batch rows. x0 (N, F), codes (N·C, row-major), index (B) rows of the data, times (B).
   * Writes input (B, W), target (B, F) and noised codes (B·C).
   */
  noise(
    process: DiffusionProcess,
    x0: Matrix,
    codes: Words,
    index: Words,
    times: Words,
    stream: Stream,
    input: Matrix,
    target: Matrix,
    noisedCodes: Words,
  ): void;
  /**
   * TabDDPM's loss and its gradient: mean squared error of the numeric part + (T·KL_t + KL_prior) / C of the categories
   * (negative log-likelihood at t = 0). loss[slot] and loss[slot + 1] receive the numeric and the categorical part.
   */
  loss(
    process: DiffusionProcess,
    output: Matrix,
    target: Matrix,
    codes: Words,
    index: Words,
    noisedCodes: Words,
    times: Words,
    dOutput: Matrix,
    loss: Matrix,
    slot: number,
  ): void;
  /** Starts sampling: x ~ N(0, I), categories uniform; x (B, F), codes (B·C), input (B, W). */
  start(process: DiffusionProcess, x: Matrix, codes: Words, stream: Stream, input: Matrix): void;
  /**
   * One reverse step from t to any s < t (s < 0 ends at x̂0). `ddpm` has the posterior's mean, and a variance from the posterior's
   * (eta 0) to β (eta 1), of the composed kernel where s < t − 1; `ddim` noise share eta; `dpm++` is of second order by what it
   * remembers in `before` (Lu et al. 2022). Categories are drawn from the (composed) posterior. Updates x, codes and input.
   */
  step(
    process: DiffusionProcess,
    sampler: DiffusionSampler,
    output: Matrix,
    t: number,
    s: number,
    eta: number,
    x: Matrix,
    codes: Words,
    stream: Stream,
    input: Matrix,
    before?: StepBefore,
  ): void;

  // The parts of the above, for whoever brings the random numbers along.

  /** `noise` of the numbers; target (B, F) holds the noise ε and becomes the target. */
  gaussianNoise(process: DiffusionProcess, x0: Matrix, index: Words, times: Words, target: Matrix, input: Matrix): void;
  /** `noise` of the categories; noisedCodes (B·C) holds random words and becomes the noised codes. */
  multinomialNoise(process: DiffusionProcess, codes: Words, index: Words, times: Words, noisedCodes: Words, input: Matrix): void;
  coefficients(process: DiffusionProcess, sampler: DiffusionSampler, t: number, s: number, eta: number, before?: number): StepCoefficients;
  /** `step` of the numbers with the noise z (B, F). */
  gaussianStep(
    process: DiffusionProcess,
    sampler: DiffusionSampler,
    output: Matrix,
    t: number,
    s: number,
    eta: number,
    x: Matrix,
    z: Matrix,
    before?: StepBefore,
  ): void;
  /** Probabilities q(x_t | x0) of the categories; codes (B·C), out (B, ΣK). */
  forward(process: DiffusionProcess, t: number, codes: Words, out: Matrix): void;
  /**
   * Probabilities q(x_s | x_t, p0), p0 the softmax of the logits in `known` (B, W), or the one-hot of x0 given as codes (B·C);
   * out (B, ΣK). Before t = 0 that is p0 itself.
   */
  posterior(process: DiffusionProcess, t: number, s: number, known: Matrix | Words, noisedCodes: Words, out: Matrix): void;
  /** KL_prior / C: what the last step still tells of the categories. */
  prior(process: DiffusionProcess): number;
}
