/** What a cell trains to predict the outcome, by the method's treatment of the training part. */
import { fitFeatures } from '../encode/features.js';
import type { Sampler } from '../generate/generator.js';
import type { Stream } from '../random.js';
import type { Dataset, Table } from '../table/table.js';
import type { Augmented } from './augment.js';
import { fitBlend } from './blend.js';
import type { CellRun } from './cell.js';
import { classifierOf } from './classifiers.js';
import type { Method } from './methods.js';
import { fitTunedBaseline } from './tuned.js';

export interface Learner {
  /** Probabilities of the positive class for other rows. */
  predict(other: Table): Promise<Float32Array>;
  /** Share of positive (weight of) rows that the probabilities stand for. */
  readonly share: number;
  /** The learner's own decision threshold; null where one is to be chosen. */
  readonly threshold: number | null;
  readonly fit_s: number;
}

/**
 * Trains classifier `name` on the treated training part; the feature encoding is fitted on the real rows. The method `tuned` puts one
 * model in the place of every classifier, from the same stream, so that it is trained once.
 */
export async function learn(
  { treatment }: Method,
  name: string,
  augmented: Augmented,
  train: Dataset,
  stream: Stream,
  run: CellRun,
): Promise<Learner> {
  const started = performance.now();
  const timed = (learner: Omit<Learner, 'fit_s'>): Learner => ({ ...learner, fit_s: (performance.now() - started) / 1000 });
  if (treatment === 'tune')
    return run.shared.once('tuned', async () => timed({ ...(await fitTunedBaseline(train, stream, run)), share: augmented.share }));
  if (treatment === 'blend') {
    const fitted = await fitBlend(classifierOf(name), train, augmented.sampler as Sampler, stream.child(name), run);
    return timed({ predict: fitted.predict, share: augmented.share, threshold: null }); // it corrects for the prior itself
  }
  const encoder = fitFeatures(train.features);
  const { positiveWeight, share } = augmented;
  const options = { positiveWeight };
  const fitted = await classifierOf(name).fit(encoder.features(augmented.features), augmented.y, stream.child(name), run, options);
  return timed({ predict: (other) => fitted.predict(encoder.features(other)), share, threshold: null });
}
