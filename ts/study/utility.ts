/** What a classifier trained on the augmented part is worth on the real test part. */
import { brier, calibration, priorShift } from '../metrics/calibration.js';
import { auroc, averagePrecision, confusion, prCurve } from '../metrics/classification.js';
import type { Dataset } from '../table/table.js';
import type { CellRun } from './cell.js';
import type { Learner } from './learner.js';
import { numberOrNull, type ResultLine } from './result.js';

type Utility = Pick<
  ResultLine,
  | 'f1'
  | 'precision'
  | 'recall'
  | 'f1_tuned'
  | 'threshold'
  | 'auroc'
  | 'ap'
  | 'brier'
  | 'calibration_intercept'
  | 'calibration_slope'
  | 'brier_prior'
  | 'calibration_intercept_prior'
  | 'calibration_slope_prior'
  | 'pr_curve'
  | 'classifier_s'
>;

/** The usual decision p > ½, as a threshold for p ≥ threshold: between ½ and the next float32. */
const ABOVE_HALF = 0.5 + 1 / 33554432;

/** All of a line's numbers that belong to the classifier. `threshold` was chosen inside the training part, or is null. */
export async function measureUtility(
  learner: Learner,
  train: Dataset,
  test: Dataset,
  threshold: number | null,
  run: CellRun,
): Promise<Utility> {
  const { special } = run.backend;
  const started = performance.now();
  const p = await learner.predict(test.features);
  const classifier_s = learner.fit_s + (performance.now() - started) / 1000;

  const { y } = test;
  const atHalf = confusion(y, p, ABOVE_HALF);
  const raw = calibration(y, p, special);
  const corrected = priorShift(p, learner.share, share(train.y));
  const prior = calibration(y, corrected, special);
  return {
    f1: numberOrNull(atHalf.f1),
    precision: numberOrNull(atHalf.precision),
    recall: numberOrNull(atHalf.recall),
    f1_tuned: threshold === null ? null : numberOrNull(confusion(y, p, threshold).f1),
    threshold,
    auroc: numberOrNull(auroc(y, p)),
    ap: numberOrNull(averagePrecision(y, p)),
    brier: numberOrNull(brier(y, p)),
    calibration_intercept: numberOrNull(raw.intercept),
    calibration_slope: numberOrNull(raw.slope),
    brier_prior: numberOrNull(brier(y, corrected)),
    calibration_intercept_prior: numberOrNull(prior.intercept),
    calibration_slope_prior: numberOrNull(prior.slope),
    pr_curve: prCurve(y, p),
    classifier_s,
  };
}

const share = (y: Uint8Array): number => y.reduce((sum, value) => sum + value, 0) / y.length;
