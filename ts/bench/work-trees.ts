/** Boosting and forests as the study fits them, on a numeric table. */
import type { Backend } from '../backend/backend.js';
import type { Classifier, FittedClassifier } from '../classify/classifier.js';
import type { FeatureMatrix } from '../encode/features.js';
import { auroc } from '../metrics/classification.js';
import { Stream } from '../random.js';
import { COHORT_COLUMNS, type Cohort } from './cohort.js';
import type { Work } from './work.js';

export interface Labelled {
  readonly x: FeatureMatrix;
  readonly y: Uint8Array;
}

export const labelled = ({ x, y }: Cohort): Labelled => ({
  x: { rows: y.length, cols: COHORT_COLUMNS, values: x, spans: [] },
  y,
});

/** Fits a classifier; its check is the AUROC on `test`. */
export function fitting(backend: Backend, classifier: Classifier, train: Labelled, test: Labelled = train): Work {
  let fitted: FittedClassifier | undefined;
  const run = async () => {
    fitted = await classifier.fit(train.x, train.y, Stream.fromSeed(1), { backend });
  };
  const check = async () => {
    if (!fitted) await run();
    return auroc(test.y, await (fitted as FittedClassifier).predict(test.x));
  };
  return { run, amount: train.y.length, check };
}

/** Predicts the rows of `test`. */
export async function predicting(backend: Backend, classifier: Classifier, train: Labelled, test: Labelled): Promise<Work> {
  const fitted = await classifier.fit(train.x, train.y, Stream.fromSeed(1), { backend });
  let last = new Float32Array(0) as ArrayLike<number>;
  const run = async () => {
    last = await fitted.predict(test.x);
  };
  return { run, amount: test.y.length, check: () => auroc(test.y, last as Float32Array) };
}
