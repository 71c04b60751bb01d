/**
 * Tree ensembles on quantile bins. Dimensions: N rows, D features, up to 255 value bins a feature and one for missing.
 *
 * A tree is a run of nodes in flat arrays. `x < threshold` goes left; missing follows `defaultLeft`. `feature` is −1 in a leaf.
 */
import type { Stream } from '../random.js';

export interface TreeEnsemble {
  readonly features: number;
  readonly base: number; // where every sum starts: the base margin (boosting), the mean of the targets (regression) or 0 (forest)
  readonly link: 'logistic' | 'mean' | 'sum'; // how a sum becomes a probability: boosting, forest; a regression's is its prediction
  readonly roots: Uint32Array; // (trees + 1), first node of each tree
  readonly feature: Int32Array; // (nodes), −1 = leaf
  readonly threshold: Float32Array; // (nodes)
  readonly left: Uint32Array; // (nodes), index of the left child; the right one follows it
  readonly defaultLeft: Uint8Array; // (nodes)
  readonly value: Float32Array; // (nodes), leaf: learning rate × weight (boosting) or positive share (forest); inner: unscaled weight, share
  readonly gain: Float32Array; // (nodes), split gain; 0 in a leaf
  readonly cover: Float32Array; // (nodes), hessian sum (boosting) or weighted rows (forest)
}

/** Of boosting; the defaults are those of the classifier. */
export interface BoostingOptions {
  /** Trees. @defaultValue 100 */
  readonly rounds: number;
  /** Levels of splits of a tree, 1 … 30. @defaultValue 6 */
  readonly depth: number;
  /** Shrinks each tree's leaves; in (0, 1]. @defaultValue 0.3 */
  readonly learningRate: number;
  /** L2 penalty on leaf weights. @defaultValue 1 */
  readonly lambda: number;
  /** The least gain of a split. @defaultValue 0 */
  readonly gamma: number;
  /** The least sum of hessians p(1 − p) in a leaf. @defaultValue 1 */
  readonly minChildWeight: number;
  /** The chance of each row to be learnt from by a tree; in (0, 1]. @defaultValue 1 */
  readonly subsample: number;
  readonly positiveWeight: number; // scale_pos_weight
  /** Bins of a feature where trees look for splits, at most 256. @defaultValue 256 */
  readonly maxBins: number;
  readonly alpha?: number; // L1 penalty on leaf weights, 0
  readonly maxDeltaStep?: number; // limit of a leaf weight, 0 = none
  /** Where margins start; by default as xgboost 3 estimates `base_score`: see `baseMargin` in assembly/boosting.ts. */
  readonly baseMargin?: number;
  readonly weights?: Float32Array; // (N), 1
}

/** As for boosting; a hessian is a row's weight, so that `minChildWeight` counts rows. */
export type RegressionOptions = Omit<BoostingOptions, 'positiveWeight' | 'baseMargin'>;

export interface Regressions {
  readonly ensembles: readonly TreeEnsemble[]; // (outputs)
  readonly losses: Float64Array; // (rounds + 1), mean squared error over outputs after so many rounds
}

export interface ForestOptions {
  readonly trees: number;
  readonly featuresPerSplit: number; // drawn anew at each node
  readonly minLeaf: number;
  readonly maxDepth: number; // 0 = until pure
  readonly bootstrap: boolean;
  readonly positiveWeight: number;
  readonly maxBins: number;
  readonly weights?: Float64Array; // (N), 1
}

export interface TreeRun {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
}

export interface TreeOps {
  /** Logistic gradient boosting on histograms (Chen & Guestrin 2016); x row-major (N, D), NaN = missing. */
  fitBoosting(x: Float32Array, y: Uint8Array, cols: number, options: BoostingOptions, stream: Stream, run?: TreeRun): Promise<TreeEnsemble>;
  /**
   * Squared-error boosting of each column of targets (N, outputs), row-major; the bins of x (N, D) serve all of them. A row takes no
   * part in an output whose target is NaN.
   */
  fitRegressions(
    x: Float32Array,
    targets: Float32Array,
    cols: number,
    outputs: number,
    options: RegressionOptions,
    stream: Stream,
    run?: TreeRun,
  ): Promise<Regressions>;
  /** Random forest, Gini impurity (Breiman 2001). With `bootstrap` rows are drawn in proportion to their weights. */
  fitForest(x: Float32Array, y: Uint8Array, cols: number, options: ForestOptions, stream: Stream, run?: TreeRun): Promise<TreeEnsemble>;
  /** `base` plus the sum over trees of the leaf values; (N). */
  predict(ensemble: TreeEnsemble, x: Float32Array): Promise<Float32Array>;
  /** The same of several ensembles on one x; (N, ensembles) row-major. */
  predictEach(ensembles: readonly TreeEnsemble[], x: Float32Array): Promise<Float32Array>;
  /** Probability of the positive class: the logistic function of that sum, or its mean over trees; (N). */
  probabilities(ensemble: TreeEnsemble, x: Float32Array, run?: TreeRun): Promise<Float32Array>;
  /** The leaf (index of its node) at which each row arrives; (N, trees). */
  leaves(ensemble: TreeEnsemble, x: Float32Array): Promise<Uint32Array>;
}
