/** Whether probabilities mean what they say. y (N) is 0 or 1, p (N) the probability of the positive class. */
import type { SpecialOps } from '../backend/ops-special.js';
import { ComputeError, InputError } from '../errors.js';

type Labels = ArrayLike<number>;
type Probabilities = ArrayLike<number>;

/** Mean squared error of the probabilities; NaN without rows. */
export function brier(y: Labels, p: Probabilities): number {
  checkProbabilities(y, p);
  let sum = 0;
  for (let i = 0; i < y.length; i++) {
    const error = (p[i] as number) - (y[i] as number);
    sum += error * error;
  }
  return sum / y.length;
}

export interface Calibration {
  /** Ideal 0; below it the probabilities are too high. */
  readonly intercept: number;
  /** Ideal 1; below it they are too extreme. */
  readonly slope: number;
}

/** Probabilities of 0 and 1, whose logit is infinite, are moved inside by this much. */
const CLIP = 1e-6;
const NONE: Calibration = { intercept: Number.NaN, slope: Number.NaN };

/**
 * Logistic recalibration (Cox, "Two further applications of a model for binary regression", Biometrika 1958): the maximum
 * likelihood fit of logit P(y = 1) = intercept + slope · logit(p). NaN where that has no finite answer: one class only, all
 * probabilities equal, or classes that a cut through p separates.
 */
export function calibration(y: Labels, p: Probabilities, special: SpecialOps): Calibration {
  checkProbabilities(y, p);
  const logits = Float64Array.from(p, (value) => {
    const inside = Math.min(1 - CLIP, Math.max(CLIP, value));
    return special.log(inside) - special.log1p(-inside);
  });
  if (!overlaps(y, logits)) return NONE;
  const mean = logits.reduce((sum, x) => sum + x, 0) / logits.length;
  const spread = Math.sqrt(logits.reduce((sum, x) => sum + (x - mean) * (x - mean), 0) / logits.length);
  const { a, b } = logisticLine(
    y,
    logits.map((x) => (x - mean) / spread),
    special,
  );
  return { intercept: a - (b * mean) / spread, slope: b / spread };
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

/** Maximum likelihood of logit P(y = 1) = a + b·x by Newton's method with halved steps; x standardised, classes overlapping. */
function logisticLine(y: Labels, x: Float64Array, special: SpecialOps): { a: number; b: number } {
  const softplus = (t: number) => Math.max(t, 0) + special.log1p(special.exp(-Math.abs(t)));
  const loss = (a: number, b: number) => x.reduce((sum, v, i) => sum + softplus(a + b * v) - (y[i] as number) * (a + b * v), 0);
  let [a, b] = [0, 0];
  let current = loss(a, b);
  for (let round = 0; round < 100; round++) {
    let [ga, gb, haa, hab, hbb] = [0, 0, 0, 0, 0];
    for (let i = 0; i < x.length; i++) {
      const v = x[i] as number;
      const q = special.sigmoid(a + b * v);
      const w = q * (1 - q);
      ga += q - (y[i] as number);
      gb += (q - (y[i] as number)) * v;
      haa += w;
      hab += w * v;
      hbb += w * v * v;
    }
    const determinant = haa * hbb - hab * hab;
    if (!(determinant > 0)) break;
    const da = (hbb * ga - hab * gb) / determinant;
    const db = (haa * gb - hab * ga) / determinant;
    if (Math.abs(da) + Math.abs(db) <= 1e-8 * (1 + Math.abs(a) + Math.abs(b))) {
      return { a: a - da, b: b - db }; // convergence is quadratic: what is left is below rounding
    }
    let step = 1;
    let next = loss(a - da, b - db);
    for (; !(next <= current) && step > 1e-9; next = loss(a - step * da, b - step * db)) step /= 2;
    if (!(next <= current)) break; // as low as rounding lets it be
    a -= step * da;
    b -= step * db;
    current = next;
  }
  return { a, b };
}

/**
 * Probabilities for a population whose share of positives is `to`, from a model trained where it was `from` (Saerens et al.,
 * "Adjusting the outputs of a classifier to new a priori probabilities", 2002): odds times (to / from)·((1 − from) / (1 − to)).
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
