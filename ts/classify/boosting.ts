/** Gradient-boosted trees with the logistic loss (Chen & Guestrin 2016). Missing values take the direction that each split learned. */
import type { BoostingOptions } from '../backend/ops-trees.js';
import { InputError } from '../errors.js';
import type { Classifier } from './classifier.js';
import { checkTraining, type FittedTrees, fittedTrees } from './trees.js';

/** Of boosting (Chen & Guestrin 2016, §2), with the defaults of XGBoost. */
export type BoostingSettings = Pick<
  BoostingOptions,
  'rounds' | 'depth' | 'learningRate' | 'lambda' | 'gamma' | 'minChildWeight' | 'subsample' | 'maxBins'
>;

export const BOOSTING_DEFAULTS: BoostingSettings = {
  rounds: 100,
  depth: 6,
  learningRate: 0.3,
  lambda: 1,
  gamma: 0,
  minChildWeight: 1,
  subsample: 1,
  maxBins: 256,
};

export type FittedBoosting = FittedTrees<BoostingSettings & Pick<BoostingOptions, 'positiveWeight'>>;

/** Deeper trees than this would only cost memory, a histogram for each level. */
const MOST_DEPTH = 30;

/**
 * Gradient boosting of trees with the logistic loss (Chen & Guestrin, "XGBoost: a scalable tree boosting system", KDD 2016): leaf weights by
 * eq. 5, splits by the gain of eq. 7 on histograms; missing numbers go the way that gains more (algorithm 3).
 */
export const boosting: Classifier<BoostingSettings, FittedBoosting> = {
  name: 'xgb',
  defaults: BOOSTING_DEFAULTS,
  async fit(features, y, stream, { backend, signal, onProgress }, options = {}): Promise<FittedBoosting> {
    const settings = { ...BOOSTING_DEFAULTS, positiveWeight: 1, ...options };
    checkTraining(features, y);
    check(settings);
    const ensemble = await backend.trees.fitBoosting(features.values, y, features.cols, settings, stream, { signal, onProgress });
    return fittedTrees(backend, ensemble, settings);
  },
};

type Checked = BoostingSettings & Pick<BoostingOptions, 'positiveWeight'>;

function check({ rounds, depth, learningRate, lambda, gamma, minChildWeight, subsample, positiveWeight }: Checked): void {
  if (!Number.isInteger(rounds) || rounds < 1) throw new InputError(`"rounds" expected an integer from 1 on, got ${rounds}`);
  if (!Number.isInteger(depth) || depth < 1 || depth > MOST_DEPTH) {
    throw new InputError(`"depth" expected an integer in 1..${MOST_DEPTH}, got ${depth}`);
  }
  if (!(learningRate > 0 && learningRate <= 1)) throw new InputError(`"learningRate" expected a number in (0, 1], got ${learningRate}`);
  for (const [name, value] of Object.entries({ lambda, gamma, minChildWeight })) {
    if (!(value >= 0 && value < Infinity)) throw new InputError(`"${name}" expected a number from 0 on, got ${value}`);
  }
  if (!(subsample > 0 && subsample <= 1)) throw new InputError(`"subsample" expected a number in (0, 1], got ${subsample}`);
  if (!(positiveWeight > 0 && positiveWeight < Infinity)) {
    throw new InputError(`"positiveWeight" expected a number above 0, got ${positiveWeight}`);
  }
}
