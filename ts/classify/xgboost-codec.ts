/** A fitted booster as a model of XGBoost, and such models as fitted boosters. */
import type { Backend } from '../backend/backend.js';
import type { TreeEnsemble } from '../backend/ops-trees.js';
import type { FeatureEncoder } from '../encode/features.js';
import { readXgboost, writeXgboost, type XgboostModel } from '../store/xgboost-json.js';
import { BOOSTING_DEFAULTS, type FittedBoosting } from './boosting.js';
import { namedFeatures } from './feature-names.js';
import { checkEnsemble } from './stored-trees.js';
import { fittedTrees } from './trees.js';

/** `attributes` go along in the file. */
export function toXgboost(
  { ensemble, settings }: Pick<FittedBoosting, 'ensemble' | 'settings'>,
  encoder: FeatureEncoder,
  backend: Backend,
  attributes: ReadonlyMap<string, string>,
): string {
  const named = namedFeatures(encoder);
  const baseScore = backend.special.sigmoid(ensemble.base);
  const names = named.map(({ name }) => name);
  const kinds = named.map(({ indicator }) => (indicator ? 'i' : 'float'));
  return writeXgboost({ features: ensemble.features, names, attributes, baseScore, trees: ensemble }, kinds, settings.positiveWeight);
}

/** Throws {@link InputError} for what is no such model; `file` is its name in messages. */
export function fromXgboost(text: string, backend: Backend, file: string): { fitted: FittedBoosting; model: XgboostModel } {
  const model = readXgboost(text, file);
  const { log, log1p } = backend.special;
  const base = log(model.baseScore) - log1p(-model.baseScore);
  const ensemble: TreeEnsemble = { ...model.trees, features: model.features, base, link: 'logistic' };
  checkEnsemble(ensemble, file);
  const settings = { ...BOOSTING_DEFAULTS, rounds: ensemble.roots.length - 1, positiveWeight: 1 };
  return { fitted: fittedTrees(backend, ensemble, settings), model };
}
