/** What the two tree classifiers share: what they accept, and a fitted ensemble as a classifier. */
import type { Backend } from '../backend/backend.js';
import type { TreeEnsemble } from '../backend/ops-trees.js';
import type { FeatureMatrix } from '../encode/features.js';
import { InputError } from '../errors.js';
import type { FittedClassifier } from './classifier.js';

export interface FittedTrees<Settings extends object = object> extends FittedClassifier {
  readonly ensemble: TreeEnsemble;
  /** The options of its fit, all of them. */
  readonly settings: Settings;
}

/** Throws {@link InputError} unless there are rows of both classes. */
export function checkTraining({ rows }: FeatureMatrix, y: Uint8Array): void {
  if (y.length !== rows) throw new InputError(`"y" expected ${rows} labels, got ${y.length}`);
  const positive = y.reduce((sum, label) => sum + label, 0);
  if (positive === 0 || positive === rows) {
    throw new InputError(`"y" expected rows of both classes, got ${positive} positive of ${rows}`);
  }
}

/** Throws {@link InputError} unless rows have the features that the ensemble was trained on. */
export function checkFeatures({ cols }: FeatureMatrix, ensemble: TreeEnsemble): void {
  if (cols !== ensemble.features) throw new InputError(`"features" expected ${ensemble.features} columns, got ${cols}`);
}

export function fittedTrees<Settings extends object>(backend: Backend, ensemble: TreeEnsemble, settings: Settings): FittedTrees<Settings> {
  return {
    ensemble,
    settings,
    async predict(features, run) {
      checkFeatures(features, ensemble);
      return backend.trees.probabilities(ensemble, features.values, run);
    },
  };
}
