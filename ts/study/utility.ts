/** What a classifier trained on the augmented part is worth on the real test part. */
import type { Classifier } from '../classify/classifier.js';
import { fitFeatures } from '../encode/features.js';
import { brier, calibration, priorShift } from '../metrics/calibration.js';
import { auroc, averagePrecision, confusion, prCurve } from '../metrics/classification.js';
import type { Stream } from '../random.js';
import type { Dataset } from '../table/table.js';
import type { Augmented } from './augment.js';
import type { CellRun } from './cell.js';
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

/** Trains on the augmented rows and predicts `other`; the feature encoding is fitted on the real training rows. */
export async function predictOn(
  classifier: Classifier,
  augmented: Augmented,
  train: Dataset,
  other: Dataset,
  stream: Stream,
  run: CellRun,
): Promise<Float32Array> {
  const encoder = fitFeatures(train.features);
  const fitted = await classifier.fit(encoder.features(augmented.features), augmented.y, stream, run, {
    positiveWeight: augmented.positiveWeight,
  });
  return fitted.predict(encoder.features(other.features));
}

/** All of a line's numbers that belong to the classifier. `threshold` was chosen inside the training part, or is null. */
export async function measureUtility(
  classifier: Classifier,
  augmented: Augmented,
  train: Dataset,
  test: Dataset,
  threshold: number | null,
  stream: Stream,
  run: CellRun,
): Promise<Utility> {
  const { special } = run.backend;
  const started = performance.now();
  const p = await predictOn(classifier, augmented, train, test, stream, run);
  const classifier_s = (performance.now() - started) / 1000;

  const { y } = test;
  const atHalf = confusion(y, p, ABOVE_HALF);
  const raw = calibration(y, p, special);
  const corrected = priorShift(p, augmented.share, share(train.y));
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
