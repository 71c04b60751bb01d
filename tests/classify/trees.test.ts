/** What the two tree classifiers do beside growing trees: missing numbers, defaults, options that cannot be used. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { wasmBackend } from '../../ts/backend/select.js';
import { boosting } from '../../ts/classify/boosting.js';
import type { Classifier } from '../../ts/classify/classifier.js';
import { type FittedForest, forest } from '../../ts/classify/forest.js';
import type { FittedTrees } from '../../ts/classify/trees.js';
import type { FeatureMatrix } from '../../ts/encode/features.js';
import { InputError } from '../../ts/errors.js';
import { Stream } from '../../ts/random.js';

const backend = await wasmBackend();

const matrix = (rows: readonly (readonly number[])[]): FeatureMatrix => ({
  rows: rows.length,
  cols: (rows[0] as readonly number[]).length,
  values: Float32Array.from(rows.flat()),
  spans: [],
});

function randomRows(n: number, cols: number, holes: number): number[][] {
  const stream = Stream.fromSeed(1).child(n);
  return Array.from({ length: n }, () => Array.from({ length: cols }, () => (stream.uniform() < holes ? Number.NaN : stream.uniform())));
}

const labels = (rows: readonly (readonly number[])[]) => Uint8Array.from(rows, (row, i) => Number((row[0] || 0) > 0.5 || i === 0));
const fit = <Options extends object>(classifier: Classifier<Options>, rows: number[][], options: Partial<Options> = {}) =>
  classifier.fit(matrix(rows), labels(rows), Stream.fromSeed(3), { backend }, options);

const test = suite('tree classifiers');

test('a forest puts training medians in the place of missing values', async () => {
  const rows = [
    [4, Number.NaN, 1, Number.NaN],
    [Number.NaN, 5, 2, Number.NaN],
    [1, 7, Number.NaN, Number.NaN],
    [3, Number.NaN, 4, Number.NaN],
    [2, 6, 3, Number.NaN],
  ];
  const model = (await fit(forest, rows, { trees: 20 })) as FittedForest;
  assert.equal(model.medians, Float32Array.of(2.5, 6, 2.5, 0));
  const [holed, filled] = [[0, 1, 2, 3].map(() => Number.NaN), [2.5, 6, 2.5, 0]];
  assert.equal(await model.predict(matrix([holed])), await model.predict(matrix([filled])));
});

test('medians are those of the training part, not of the rows to predict', async () => {
  const rows = randomRows(60, 3, 0.2);
  const model = await fit(forest, rows, { trees: 10 });
  const [first] = await model.predict(matrix([[Number.NaN, 0.2, 0.3]]));
  const among = await model.predict(
    matrix([[Number.NaN, 0.2, 0.3], ...randomRows(30, 3, 0).map((row) => row.map((value) => value * 100))]),
  );
  assert.is(among[0], first);
});

test('defaults are those of the study', async () => {
  const rows = randomRows(80, 9, 0.1);
  const [planted, boosted] = [(await fit(forest, rows)) as FittedTrees, (await fit(boosting, rows)) as FittedTrees];
  assert.is(planted.ensemble.roots.length, 101);
  assert.is(boosted.ensemble.roots.length, 101);
  const given = (await fit(forest, rows, { featuresPerSplit: 3 })) as FittedTrees;
  assert.equal(given.ensemble.threshold, planted.ensemble.threshold, 'three of nine features a node');
  const { rounds, depth, learningRate, lambda, maxBins } = boosting.defaults;
  assert.equal([rounds, depth, learningRate, lambda, maxBins], [100, 6, 0.3, 1, 256]);
});

test('says which option cannot be used', async () => {
  const rows = randomRows(20, 3, 0);
  const refused: [Classifier, object, RegExp][] = [
    [boosting, { rounds: 0 }, /"rounds"/],
    [boosting, { depth: 2.5 }, /"depth"/],
    [boosting, { depth: 31 }, /"depth"/],
    [boosting, { learningRate: 0 }, /"learningRate"/],
    [boosting, { lambda: -1 }, /"lambda"/],
    [boosting, { gamma: Number.NaN }, /"gamma"/],
    [boosting, { subsample: 1.5 }, /"subsample"/],
    [boosting, { positiveWeight: 0 }, /"positiveWeight"/],
    [boosting, { maxBins: 1 }, /"maxBins"/],
    [forest, { trees: 0 }, /"trees"/],
    [forest, { featuresPerSplit: 4 }, /"featuresPerSplit"/],
    [forest, { minLeaf: 0 }, /"minLeaf"/],
    [forest, { maxDepth: -1 }, /"maxDepth"/],
    [forest, { positiveWeight: Number.POSITIVE_INFINITY }, /"positiveWeight"/],
    [forest, { maxBins: 300 }, /"maxBins"/],
  ];
  for (const [classifier, options, message] of refused) {
    const error = await fit(classifier, rows, options).then(
      () => null,
      (reason: unknown) => reason as Error,
    );
    assert.instance(error, InputError, JSON.stringify(options));
    assert.match((error as Error).message, message);
  }
});

test('refuses rows with other columns', async () => {
  const rows = randomRows(20, 3, 0);
  for (const classifier of [boosting, forest] as Classifier[]) {
    const model = await fit(classifier, rows);
    const error = await model.predict(matrix(randomRows(2, 4, 0))).then(
      () => null,
      (reason: unknown) => reason as Error,
    );
    assert.instance(error, InputError);
  }
});

test.run();
