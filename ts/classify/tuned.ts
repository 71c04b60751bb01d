/**
 * The rival without synthetic rows: a regularised forest and a small regularised boosting, averaged, with Platt scaling
 * (Platt 1999, "Probabilistic outputs for support vector machines", §2.2) learnt from inner out-of-fold predictions.
 */
import { fitLogisticLine, type LogisticLine, logits } from '../backend/logistic.js';
import type { SpecialOps } from '../backend/ops-special.js';
import type { FeatureMatrix } from '../encode/features.js';
import type { Stream } from '../random.js';
import { stratifiedFolds } from '../table/split.js';
import { type BoostingSettings, boosting } from './boosting.js';
import type { ClassifierRun, FittedClassifier } from './classifier.js';
import { type ForestSettings, forest } from './forest.js';
import { checkTraining } from './trees.js';

const FOLDS = 5;
const FOREST: Partial<ForestSettings> = { minLeaf: 3 };
const BOOSTING: Partial<BoostingSettings> = { rounds: 200, depth: 3, learningRate: 0.05, minChildWeight: 3, lambda: 5 };

export interface FittedTuned extends FittedClassifier {
  /** Scaled predictions of the training rows by models that have not seen them; (N). A threshold is chosen on these. */
  readonly outOfFold: Float32Array;
  /** logit p = intercept + slope · logit(mean of forest and boosting) */
  readonly scaling: LogisticLine;
}

/** x (N, D), y (N); rows of one group (N) are never on both sides of a fold. */
export async function fitTuned(
  features: FeatureMatrix,
  y: Uint8Array,
  groups: Int32Array | null,
  stream: Stream,
  run: ClassifierRun,
): Promise<FittedTuned> {
  checkTraining(features, y);
  const { special } = run.backend;
  const outOfFold = new Float32Array(y.length);
  const folds = stratifiedFolds({ y, group: groups }, stream.child('folds'), FOLDS);
  for (const [fold, { train, test }] of folds.entries()) {
    const own = stream.child('fold').child(fold);
    const model = await fitPair(takeFeatures(features, train), takeLabels(y, train), own, run);
    const p = await model.predict(takeFeatures(features, test));
    test.forEach((row, i) => {
      outOfFold[row] = p[i] as number;
    });
  }
  const scaling = plattScaling(y, outOfFold, special);
  const model = await fitPair(features, y, stream.child('whole'), run);
  return {
    scaling,
    outOfFold: scaled(outOfFold, scaling, special),
    predict: async (rows) => scaled(await model.predict(rows), scaling, special),
  };
}

/** The mean of both models. */
async function fitPair(features: FeatureMatrix, y: Uint8Array, stream: Stream, run: ClassifierRun): Promise<FittedClassifier> {
  const { backend, signal } = run;
  const planted = await forest.fit(features, y, stream.child('forest'), { backend, signal }, FOREST);
  const boosted = await boosting.fit(features, y, stream.child('boosting'), { backend, signal }, BOOSTING);
  return {
    async predict(rows) {
      const [a, b] = [await planted.predict(rows), await boosted.predict(rows)];
      return a.map((p, i) => (p + (b[i] as number)) / 2);
    },
  };
}

/**
 * Logistic regression of the class on logit p. Targets are (N₊ + 1) / (N₊ + 2) and 1 / (N₋ + 2) in place of 1 and 0 (Platt
 * 1999, §2.2), so that few or well separated rows do not make certainties. Where the slope would not be positive, which is
 * chance in a handful of rows, probabilities stay as they are: scaling must not turn their order.
 */
export function plattScaling(y: Uint8Array, p: Float32Array, special: SpecialOps): LogisticLine {
  const positive = y.reduce((sum, label) => sum + label, 0);
  const high = (positive + 1) / (positive + 2);
  const low = 1 / (y.length - positive + 2);
  const targets = Float64Array.from(y, (label) => (label === 1 ? high : low));
  const line = fitLogisticLine(targets, logits(p, special), special);
  return line.slope > 0 ? line : { intercept: 0, slope: 1 };
}

const scaled = (p: Float32Array, { intercept, slope }: LogisticLine, special: SpecialOps): Float32Array =>
  Float32Array.from(logits(p, special), (x) => special.sigmoid(intercept + slope * x));

const takeLabels = (y: Uint8Array, rows: Uint32Array): Uint8Array => Uint8Array.from(rows, (row) => y[row] as number);

function takeFeatures(features: FeatureMatrix, rows: Uint32Array): FeatureMatrix {
  const { cols, values } = features;
  const taken = new Float32Array(rows.length * cols);
  rows.forEach((row, i) => {
    taken.set(values.subarray(row * cols, (row + 1) * cols), i * cols);
  });
  return { ...features, rows: rows.length, values: taken };
}
