/** The blend: who is trained on what, the correction of the prior, and that one stream gives one model. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { wasmBackend } from '../../ts/backend/select.js';
import { boosting } from '../../ts/classify/boosting.js';
import type { Classifier } from '../../ts/classify/classifier.js';
import { forest } from '../../ts/classify/forest.js';
import type { FeatureMatrix } from '../../ts/encode/features.js';
import type { Sampler } from '../../ts/generate/generator.js';
import { smote } from '../../ts/generate/smote.js';
import { brier } from '../../ts/metrics/calibration.js';
import { auroc } from '../../ts/metrics/classification.js';
import { Stream } from '../../ts/random.js';
import { fitBlend } from '../../ts/study/blend.js';
import { type Dataset, takeRows } from '../../ts/table/table.js';
import { allClose } from '../close.js';
import { mixed } from '../contract/fixtures.js';

const run = { backend: await wasmBackend() };
const train = mixed({ rows: 150, positives: 30 });
const fresh = mixed({ rows: 400, positives: 80, seed: 9 });
const stream = () => Stream.fromSeed(4);
const samplerOf = (data: Dataset) => smote.fit(data, Stream.fromSeed(1), run);
const positivesOf = (y: Uint8Array) => y.reduce((sum, label) => sum + label, 0);

interface Trained {
  readonly features: FeatureMatrix;
  readonly y: Uint8Array;
  readonly options: object;
}

/** A classifier of the given name that notes what it is trained on and answers with a constant. */
function noting(name: string, answer: (model: number) => number): { classifier: Classifier; seen: Trained[] } {
  const seen: Trained[] = [];
  const classifier: Classifier = {
    name,
    defaults: {},
    async fit(features, y, _stream, _run, options = {}) {
      const p = answer(seen.length);
      seen.push({ features, y, options });
      return { predict: async ({ rows }) => new Float32Array(rows).fill(p) };
    },
  };
  return { classifier, seen };
}

/** A sampler whose rows tell which draw and which place in it they have: copies of training row 0 with another age. */
function counting(calls: number[]): Pick<Sampler, 'sample'> {
  let next = 0;
  return {
    async sample(rows) {
      calls.push(rows);
      const table = takeRows(train.features, new Uint32Array(rows));
      const columns = table.columns.map((column) =>
        column.name === 'age' && 'values' in column ? { ...column, values: Float64Array.from({ length: rows }, () => next++) } : column,
      );
      return { rows, columns };
    },
  };
}

const blend = suite('blend');

for (const [name, models, options] of [
  ['rf', 50, { trees: 1 }],
  ['xgb', 5, {}],
] as const) {
  blend(`${name}: one model on real rows, ${models} with rows of their own, drawn in one call`, async () => {
    const { classifier, seen } = noting(name, () => 0.5);
    const calls: number[] = [];
    await fitBlend(classifier, train, counting(calls), stream(), run);
    assert.equal(calls, [models * 30]);
    assert.is(seen.length, models + 1);
    const [real, ...others] = seen as [Trained, ...Trained[]];
    assert.equal(real.y, train.y);
    assert.equal(real.options, name === 'rf' ? { trees: 50 } : {});
    const { cols } = real.features;
    const ages: number[] = [];
    for (const { features, y, options: given } of others) {
      assert.equal([features.rows, y.length, positivesOf(y), features.values.length], [180, 180, 60, 180 * cols]);
      assert.equal(given, options);
      allClose(features.values.subarray(0, 150 * cols), real.features.values, {});
      assert.equal([...y.subarray(0, 150)], [...train.y]);
      for (let row = 150; row < 180; row++) ages.push(features.values[row * cols] as number);
    }
    assert.equal(
      ages,
      ages.map((_, i) => i),
      'every drawn row once',
    );
  });
}

blend('large draws come in chunks of whole draws', async () => {
  const rows = Uint32Array.from({ length: 9000 }, (_, i) => (i < 4500 ? 0 : 1));
  const large: Dataset = { ...train, features: takeRows(train.features, rows), y: Uint8Array.from(rows), group: null };
  const calls: number[] = [];
  const { classifier, seen } = noting('xgb', () => 0.5);
  await fitBlend(classifier, large, counting(calls), stream(), run);
  assert.equal(calls, [13500, 9000]);
  assert.is(seen.length, 6);
});

blend('the mean of the augmented half is corrected for its prior, then the halves are averaged', async () => {
  // 120 : 30 real, 120 : 60 augmented: the odds of the augmented half are twice too high
  const { classifier } = noting('xgb', (model) => [0.1, 0.2, 0.3, 0.4, 0.5, 0.6][model] as number);
  const model = await fitBlend(classifier, train, counting([]), stream(), run);
  const odds = 0.4 / 0.6 / 2;
  allClose(await model.predict(takeRows(fresh.features, [0, 1, 2])), new Float64Array(3).fill((0.1 + odds / (1 + odds)) / 2), {
    rel: 1e-6,
  });
});

for (const classifier of [forest, boosting] as const) {
  blend(`${classifier.name}: ranks and calibrates fresh rows; one stream one model`, async () => {
    const fit = async (seed: number) => {
      const model = await fitBlend(classifier as Classifier, train, await samplerOf(train), Stream.fromSeed(seed), run);
      return model.predict(fresh.features);
    };
    const p = await fit(4);
    assert.ok(auroc(fresh.y, p) > 0.7, `AUROC ${auroc(fresh.y, p)}`);
    assert.ok(brier(fresh.y, p) < 0.16, `Brier ${brier(fresh.y, p)}`);
    assert.equal(await fit(4), p);
    assert.not.equal(await fit(5), p);
  });
}

blend('a classifier without halves is refused', async () => {
  const { classifier } = noting('net', () => 0.5);
  const error = await fitBlend(classifier, train, await samplerOf(train), stream(), run).catch((reason: unknown) => reason as Error);
  assert.match((error as Error).message, /"classifier" expected one of rf, xgb, got net/);
});

blend.run();
