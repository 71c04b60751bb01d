/** Whether probabilities mean what they say. y (N) is 0 or 1, p (N) the probability of the positive class. */
import { fitLogisticLine, type LogisticLine, logits } from '../backend/logistic.js';
import type { SpecialOps } from '../backend/ops-special.js';
import { ComputeError, InputError } from '../errors.js';

type Labels = ArrayLike<number>;
type Probabilities = ArrayLike<number>;

/**
 * Mean squared error of the probabilities (Brier, "Verification of forecasts expressed in terms of probability", 1950), 0 … 1, less is better;
 * NaN without rows. y (N) of 0 and 1, p (N).
 *
 * @throws {InputError} for arrays of different lengths.
 * @throws {ComputeError} for a probability that is not within 0 and 1.
 */
export function brier(y: Labels, p: Probabilities): number {
  checkProbabilities(y, p);
  let sum = 0;
  for (let i = 0; i < y.length; i++) {
    const error = (p[i] as number) - (y[i] as number);
    sum += error * error;
  }
  return sum / y.length;
}

/** Ideal are intercept 0 (below it the probabilities are too high) and slope 1 (below it they are too extreme). */
export type Calibration = LogisticLine;

const NONE: Calibration = { intercept: Number.NaN, slope: Number.NaN };

/**
 * Logistic recalibration (Cox, "Two further applications of a model for binary regression", Biometrika 1958): the maximum
 * likelihood fit of logit P(y = 1) = intercept + slope · logit(p). NaN where that has no finite answer: one class only, all
 * probabilities equal, or classes that a cut through p separates. y (N) of 0 and 1, p (N); `special` is a backend's.
 *
 * @throws {InputError} for arrays of different lengths.
 * @throws {ComputeError} for a probability that is not within 0 and 1.
 */
export function calibration(y: Labels, p: Probabilities, special: SpecialOps): Calibration {
  checkProbabilities(y, p);
  const x = logits(p, special);
  return overlaps(y, x) ? fitLogisticLine(y, x, special) : NONE;
}

/** Whether both classes occur and no cut separates them, cuts through equal values included: then the likelihood has a maximum. */
function overlaps(y: Labels, x: Float64Array): boolean {
  const low = [Infinity, Infinity];
  const high = [-Infinity, -Infinity];
  for (let i = 0; i < x.length; i++) {
    const c = y[i] === 1 ? 1 : 0;
    low[c] = Math.min(low[c] as number, x[i] as number);
    high[c] = Math.max(high[c] as number, x[i] as number);
  }
  return (high[0] as number) > (low[1] as number) && (high[1] as number) > (low[0] as number);
}

/**
 * Probabilities for a population whose share of positives is `to`, from a model trained where it was `from` (Saerens et al.,
 * "Adjusting the outputs of a classifier to new a priori probabilities", 2002): odds times (to / from)·((1 − from) / (1 − to)),
 * their eq. 2.4. p (N), and so is what is returned.
 *
 * @throws {InputError} for shares that are not between 0 and 1.
 */
export function priorShift(p: Probabilities, from: number, to: number): Float64Array {
  for (const prior of [from, to]) {
    if (!(prior > 0 && prior < 1)) throw new InputError(`"prior" expected a share between 0 and 1, got ${prior}`);
  }
  const positive = to / from;
  const negative = (1 - to) / (1 - from);
  return Float64Array.from(p, (value) => (value * positive) / (value * positive + (1 - value) * negative));
}

function checkProbabilities(y: Labels, p: Probabilities): void {
  if (y.length !== p.length) throw new InputError(`"p" expected ${y.length} probabilities, got ${p.length}`);
  for (let i = 0; i < p.length; i++) {
    const value = p[i] as number;
    if (!(value >= 0 && value <= 1)) throw new ComputeError(`probability ${i + 1} of ${p.length} is ${value}, not within 0 and 1`);
  }
}
