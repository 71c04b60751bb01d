/**
 * How well scores find the positive (minority) class. y (N) is 0 or 1, p (N) a score where higher means positive; a score that
 * equals the threshold counts as positive. All counts are exact; docs/metrics.md defines every number.
 */
import { ComputeError, InputError } from '../errors.js';

type Labels = ArrayLike<number>;
type Scores = ArrayLike<number>;

/** Right and wrong decisions, in rows and as shares. */
export interface Confusion {
  readonly truePositives: number;
  readonly falsePositives: number;
  readonly trueNegatives: number;
  readonly falseNegatives: number;
  /** Shares; 0 where the denominator is 0. */
  readonly precision: number;
  readonly recall: number;
  readonly f1: number;
  readonly specificity: number;
  readonly accuracy: number;
}

/**
 * Counts and shares of the decision p ≥ threshold. y (N) of 0 and 1, p (N).
 *
 * @throws {InputError} for arrays of different lengths.
 * @throws {ComputeError} for a score that is NaN.
 */
export function confusion(y: Labels, p: Scores, threshold: number): Confusion {
  checkScores(y, p);
  let [tp, fp, tn, fn] = [0, 0, 0, 0];
  for (let i = 0; i < y.length; i++) {
    const positive = (p[i] as number) >= threshold;
    if (y[i] === 1) positive ? tp++ : fn++;
    else positive ? fp++ : tn++;
  }
  return {
    truePositives: tp,
    falsePositives: fp,
    trueNegatives: tn,
    falseNegatives: fn,
    precision: share(tp, tp + fp),
    recall: share(tp, tp + fn),
    f1: share(2 * tp, 2 * tp + fp + fn),
    specificity: share(tn, tn + fp),
    accuracy: share(tp + tn, y.length),
  };
}

const share = (part: number, whole: number): number => (whole === 0 ? 0 : part / whole);

/** The decisions that a classifier offers: one for each distinct score, from the highest threshold (fewest positives) down. */
export interface OperatingPoints {
  readonly positives: number;
  readonly negatives: number;
  readonly thresholds: Float64Array; // (P), descending
  readonly truePositives: Uint32Array; // (P), of p ≥ threshold
  readonly falsePositives: Uint32Array; // (P)
}

export function operatingPoints(y: Labels, p: Scores): OperatingPoints {
  checkScores(y, p);
  const order = Uint32Array.from({ length: y.length }, (_, i) => i);
  order.sort((a, b) => compareDescending(p[a] as number, p[b] as number) || a - b);
  const thresholds: number[] = [];
  const truePositives: number[] = [];
  const falsePositives: number[] = [];
  let [tp, fp] = [0, 0];
  for (let i = 0; i < order.length; i++) {
    const row = order[i] as number;
    if (y[row] === 1) tp++;
    else fp++;
    if (i + 1 < order.length && p[order[i + 1] as number] === p[row]) continue;
    thresholds.push(p[row] as number);
    truePositives.push(tp);
    falsePositives.push(fp);
  }
  return {
    positives: tp,
    negatives: fp,
    thresholds: Float64Array.from(thresholds),
    truePositives: Uint32Array.from(truePositives),
    falsePositives: Uint32Array.from(falsePositives),
  };
}

const compareDescending = (a: number, b: number): number => (a > b ? -1 : a < b ? 1 : 0);

/**
 * Area under the ROC curve (Hanley & McNeil 1982): the share of (positive, negative) pairs in the right order, ties half; NaN with one class
 * only. y (N) of 0 and 1, p (N).
 *
 * @throws {InputError} for arrays of different lengths.
 * @throws {ComputeError} for a score that is NaN.
 */
export function auroc(y: Labels, p: Scores): number {
  const { positives, negatives, truePositives, falsePositives } = operatingPoints(y, p);
  if (positives === 0 || negatives === 0) return Number.NaN;
  let twice = 0; // twice the number of pairs in order: an integer
  let [tp, fp] = [0, 0];
  for (let i = 0; i < truePositives.length; i++) {
    const [nextTp, nextFp] = [truePositives[i] as number, falsePositives[i] as number];
    twice += (nextFp - fp) * (tp + nextTp);
    [tp, fp] = [nextTp, nextFp];
  }
  return twice / (2 * positives * negatives);
}

/**
 * Average precision Σ (R_i − R_{i−1})·P_i over distinct thresholds, the step sum; 0 without positives. y (N) of 0 and 1, p (N).
 *
 * @throws {InputError} for arrays of different lengths.
 * @throws {ComputeError} for a score that is NaN.
 */
export function averagePrecision(y: Labels, p: Scores): number {
  const { positives, truePositives, falsePositives } = operatingPoints(y, p);
  if (positives === 0) return 0;
  let sum = 0;
  let before = 0;
  for (let i = 0; i < truePositives.length; i++) {
    const tp = truePositives[i] as number;
    if (tp > before) sum += ((tp - before) * tp) / (tp + (falsePositives[i] as number));
    before = tp;
  }
  return sum / positives;
}

/**
 * Precision at recall 0, 0.01, …, 1 (101 numbers): the highest that any threshold reaches at that recall or beyond; null without positives.
 * y (N) of 0 and 1, p (N).
 *
 * @throws {InputError} for arrays of different lengths.
 * @throws {ComputeError} for a score that is NaN.
 */
export function prCurve(y: Labels, p: Scores): number[] | null {
  const { positives, truePositives, falsePositives } = operatingPoints(y, p);
  if (positives === 0) return null;
  const curve = new Array<number>(101).fill(0);
  let best = 0;
  let percent = 100;
  for (let i = truePositives.length - 1; i >= 0; i--) {
    const tp = truePositives[i] as number;
    for (; percent >= 0 && percent * positives > 100 * tp; percent--) curve[percent] = best;
    best = Math.max(best, tp / (tp + (falsePositives[i] as number)));
  }
  for (; percent >= 0; percent--) curve[percent] = best;
  return curve;
}

/**
 * The threshold with the highest F1, halfway to the next lower score, so that rounding decides no tie at the cut; of equal
 * ones the lowest. NaN without positives. y (N) of 0 and 1, p (N).
 *
 * @throws {InputError} for arrays of different lengths.
 * @throws {ComputeError} for a score that is NaN.
 */
export function bestThreshold(y: Labels, p: Scores): number {
  const { positives, thresholds, truePositives, falsePositives } = operatingPoints(y, p);
  if (positives === 0) return Number.NaN;
  let best = 0;
  let bestF1 = -1;
  for (let i = 0; i < thresholds.length; i++) {
    const tp = truePositives[i] as number;
    const f1 = (2 * tp) / (tp + (falsePositives[i] as number) + positives);
    if (f1 >= bestF1) [best, bestF1] = [i, f1];
  }
  const cut = thresholds[best] as number;
  const lower = thresholds[best + 1];
  if (lower === undefined || lower === Number.NEGATIVE_INFINITY) return cut;
  const middle = lower / 2 + cut / 2;
  return middle > lower ? middle : cut; // neighbouring numbers have no middle
}

function checkScores(y: Labels, p: Scores): void {
  if (y.length !== p.length) throw new InputError(`"p" expected ${y.length} scores, got ${p.length}`);
  for (let i = 0; i < p.length; i++) {
    if (Number.isNaN(p[i])) throw new ComputeError(`the classifier gave no number for row ${i + 1} of ${p.length} (NaN)`);
  }
}
