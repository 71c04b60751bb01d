/** Random forest (Breiman 2001). Missing numbers are filled with the median of the training rows. */
import type { Backend } from '../backend/backend.js';
import type { ForestOptions, TreeEnsemble } from '../backend/ops-trees.js';
import type { FeatureMatrix } from '../encode/features.js';
import { InputError } from '../errors.js';
import type { Classifier } from './classifier.js';
import { checkFeatures, checkTraining, type FittedTrees, fittedTrees } from './trees.js';

/** Of a random forest (Breiman 2001), with the defaults of scikit-learn's classifier but for the bins. */
export interface ForestSettings extends Pick<ForestOptions, 'trees' | 'minLeaf' | 'maxDepth' | 'bootstrap' | 'maxBins'> {
  /** Trees. @defaultValue 100 */
  readonly trees: number;
  /** Features that are looked at for a split, drawn anew at each node; 0 = the square root of their number, rounded down. @defaultValue 0 */
  readonly featuresPerSplit: number;
  /** The fewest rows in a leaf. @defaultValue 1 */
  readonly minLeaf: number;
  /** Levels of splits of a tree; 0 = until leaves are pure. @defaultValue 0 */
  readonly maxDepth: number;
  /** Whether each tree learns from N rows drawn with replacement; else from all rows. @defaultValue true */
  readonly bootstrap: boolean;
  /** Bins of a feature where trees look for splits, at most 256. @defaultValue 256 */
  readonly maxBins: number;
}

export const FOREST_DEFAULTS: ForestSettings = { trees: 100, featuresPerSplit: 0, minLeaf: 1, maxDepth: 0, bootstrap: true, maxBins: 256 };

type Settled = ForestSettings & Pick<ForestOptions, 'positiveWeight'>;

export interface FittedForest extends FittedTrees<Settled> {
  readonly medians: Float32Array; // (D), what stands for a missing value
}

/**
 * Random forest (Breiman, "Random forests", Machine Learning 45, 2001) with Gini impurity; probabilities are the mean share of the positive
 * class in the leaves. Missing numbers are filled with the median of the training rows.
 */
export const forest: Classifier<ForestSettings, FittedForest> = {
  name: 'rf',
  defaults: FOREST_DEFAULTS,
  async fit(features, y, stream, { backend, signal, onProgress }, options = {}): Promise<FittedForest> {
    const settings = { ...FOREST_DEFAULTS, positiveWeight: 1, ...options };
    checkTraining(features, y);
    check(settings, features.cols);
    const featuresPerSplit = settings.featuresPerSplit || Math.max(1, Math.floor(Math.sqrt(features.cols)));
    const medians = columnMedians(features);
    const filled = fill(features, medians);
    const run = { signal, onProgress };
    const ensemble = await backend.trees.fitForest(filled.values, y, features.cols, { ...settings, featuresPerSplit }, stream, run);
    return fittedForest(backend, ensemble, settings, medians);
  },
};

export function fittedForest(backend: Backend, ensemble: TreeEnsemble, settings: Settled, medians: Float32Array): FittedForest {
  const fitted = fittedTrees(backend, ensemble, settings);
  return {
    ...fitted,
    medians,
    async predict(rows, run) {
      checkFeatures(rows, ensemble);
      return fitted.predict(fill(rows, medians), run);
    },
  };
}

function check(settings: Settled, cols: number): void {
  const { trees, featuresPerSplit, minLeaf, maxDepth, positiveWeight } = settings;
  const integer = (name: string, value: number, least: number, most: number) => {
    if (!Number.isInteger(value) || value < least || value > most) {
      throw new InputError(`"${name}" expected an integer in ${least}..${most}, got ${value}`);
    }
  };
  integer('trees', trees, 1, 1e6);
  integer('featuresPerSplit', featuresPerSplit, 0, cols);
  integer('minLeaf', minLeaf, 1, 1073741824);
  integer('maxDepth', maxDepth, 0, 1073741824);
  if (!(positiveWeight > 0 && positiveWeight < Infinity)) {
    throw new InputError(`"positiveWeight" expected a number above 0, got ${positiveWeight}`);
  }
}

/** Medians of the values that are there; 0 for a column without any. */
function columnMedians({ rows, cols, values }: FeatureMatrix): Float32Array {
  const held = new Float32Array(rows);
  return Float32Array.from({ length: cols }, (_, column) => {
    let count = 0;
    for (let at = column; at < values.length; at += cols) {
      const value = values[at] as number;
      if (!Number.isNaN(value)) held[count++] = value;
    }
    if (count === 0) return 0;
    const sorted = held.subarray(0, count).sort();
    return ((sorted[(count - 1) >> 1] as number) + (sorted[count >> 1] as number)) / 2;
  });
}

/** The matrix with medians in place of missing values; the matrix itself where nothing is missing. */
function fill(features: FeatureMatrix, medians: Float32Array): FeatureMatrix {
  const { cols, values } = features;
  if (!values.some(Number.isNaN)) return features;
  return { ...features, values: values.map((value, at) => (Number.isNaN(value) ? (medians[at % cols] as number) : value)) };
}
