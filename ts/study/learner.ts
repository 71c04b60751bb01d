/** What a cell trains to predict the outcome, by the method's treatment of the training part. */
import { fitFeatures } from '../encode/features.js';
import type { Stream } from '../random.js';
import type { Dataset, Table } from '../table/table.js';
import type { Augmented } from './augment.js';
import type { CellRun } from './cell.js';
import { classifierOf } from './classifiers.js';
import type { Method } from './methods.js';

export interface Learner {
  /** Probabilities of the positive class for other rows. */
  predict(other: Table): Promise<Float32Array>;
  /** Share of positive (weight of) rows that the probabilities stand for. */
  readonly share: number;
  /** The learner's own decision threshold; null where one is to be chosen. */
  readonly threshold: number | null;
  readonly fit_s: number;
}

/** Trains classifier `name` on the treated training part; the feature encoding is fitted on the real rows. */
export async function learn(
  _method: Method,
  name: string,
  augmented: Augmented,
  train: Dataset,
  stream: Stream,
  run: CellRun,
): Promise<Learner> {
  const started = performance.now();
  const fitted = await fitLearner(name, augmented, train, stream.child(name), run);
  return { share: augmented.share, threshold: null, ...fitted, fit_s: (performance.now() - started) / 1000 };
}

async function fitLearner(name: string, augmented: Augmented, train: Dataset, stream: Stream, run: CellRun) {
  const encoder = fitFeatures(train.features);
  const { positiveWeight } = augmented;
  const fitted = await classifierOf(name).fit(encoder.features(augmented.features), augmented.y, stream, run, { positiveWeight });
  return { predict: (other: Table) => fitted.predict(encoder.features(other)) };
}
