/** What every classifier keeps to, whatever its method. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { wasmBackend } from '../../ts/backend/select.js';
import type { ClassifierRun } from '../../ts/classify/classifier.js';
import { type FeatureMatrix, fitFeatures } from '../../ts/encode/features.js';
import { CancelledError, ComputeError, InputError } from '../../ts/errors.js';
import { Stream } from '../../ts/random.js';
import type { Dataset } from '../../ts/table/table.js';
import { assertingBackend } from './asserting.js';
import { bytesOf } from './fingerprint.js';
import { FIXTURES, mixed, numeric } from './fixtures.js';
import { type ClassifierEntry, classifiers } from './registry.js';
import { rejection } from './rejection.js';

const backend = await wasmBackend();
const asserting = await assertingBackend();

interface Fit {
  readonly stream?: Stream;
  readonly run?: ClassifierRun;
  readonly positiveWeight?: number;
}

const fit = ({ classifier, options }: ClassifierEntry, x: FeatureMatrix, y: Uint8Array, how: Fit = {}) =>
  classifier.fit(x, y, how.stream ?? Stream.fromSeed(21), how.run ?? { backend }, {
    ...options,
    ...(how.positiveWeight === undefined ? {} : { positiveWeight: how.positiveWeight }),
  });

const featuresOf = (data: Dataset): FeatureMatrix => fitFeatures(data.features).features(data.features);

/** Fits and predicts on one table. */
async function learn(entry: ClassifierEntry, data: Dataset, how: Fit = {}): Promise<Float32Array> {
  const x = featuresOf(data);
  return (await fit(entry, x, data.y, how)).predict(x);
}

function checkProbabilities(p: Float32Array, rows: number, where: string): void {
  assert.is(p.length, rows, where);
  for (const value of p) assert.ok(value >= 0 && value <= 1, `${where}: ${value} is no probability`);
}

const mean = (p: Float32Array, keep: (i: number) => boolean = () => true): number => {
  const kept = p.filter((_, i) => keep(i));
  return kept.reduce((sum, value) => sum + value, 0) / kept.length;
};

/** The same matrix with some numbers changed to NaN. */
function withHoles({ rows, cols, values, spans }: FeatureMatrix, hit: (row: number, column: number) => boolean): FeatureMatrix {
  const holed = values.slice();
  for (const span of spans) {
    if (span.kind !== 'number') continue;
    for (let i = 0; i < rows; i++) if (hit(i, span.start)) holed[i * cols + span.start] = Number.NaN;
  }
  return { rows, cols, values: holed, spans };
}

function firstRows({ cols, values, spans }: FeatureMatrix, rows: number): FeatureMatrix {
  return { rows, cols, values: values.slice(0, rows * cols), spans };
}

for (const entry of classifiers) {
  const { classifier } = entry;
  const contract = suite(`classifier ${classifier.name}`);

  contract('gives probabilities on every kind of table', async () => {
    for (const [name, make] of Object.entries(FIXTURES)) {
      const data = make({ rows: 80, positives: 20 });
      checkProbabilities(await learn(entry, data), 80, name);
    }
  });

  contract('tells the classes apart where they differ', async () => {
    const data = numeric({ rows: 200, positives: 60 });
    const shifted = { ...data, features: { ...data.features, columns: data.features.columns.map((c) => shift(c, data.y)) } };
    const p = await learn(entry, shifted);
    const apart = mean(p, (i) => data.y[i] === 1) - mean(p, (i) => data.y[i] === 0);
    assert.ok(apart > 0.7, `mean probabilities differ by ${apart}`);
  });

  contract('predicts 0, 1, 15, 16 and 17 rows as it does among others', async () => {
    const data = mixed({ rows: 60, positives: 20 });
    const x = featuresOf(data);
    const model = await fit(entry, x, data.y);
    const all = await model.predict(x);
    for (const rows of [0, 1, 15, 16, 17]) {
      assert.is(bytesOf(await model.predict(firstRows(x, rows))), bytesOf(all.slice(0, rows)), `${rows} rows`);
    }
  });

  contract('learns from 15, 16 and 17 rows, and from one row a class', async () => {
    for (const rows of [2, 3, 15, 16, 17]) {
      const data = mixed({ rows, positives: Math.max(1, Math.floor(rows / 3)) });
      checkProbabilities(await learn(entry, data), rows, `${rows} rows`);
    }
  });

  contract('refuses one class only', async () => {
    for (const positives of [0, 20]) {
      const error = await rejection(learn(entry, mixed({ rows: 20, positives })), `${positives} positive rows of 20`);
      assert.ok(error instanceof InputError || error instanceof ComputeError, error.stack ?? error.message);
      assert.match(error.message, /class/);
    }
  });

  contract('takes numbers that are missing at prediction only', async () => {
    const data = numeric({ rows: 80, positives: 30 });
    const x = featuresOf(data);
    const model = await fit(entry, x, data.y);
    checkProbabilities(await model.predict(withHoles(x, (i, j) => (i + j) % 3 === 0)), 80, 'some numbers missing');
    checkProbabilities(await model.predict(withHoles(x, () => true)), 80, 'all numbers missing');
  });

  contract('learns from columns that are missing altogether or have one value', async () => {
    const data = mixed({ rows: 60, positives: 20 });
    const x = featuresOf(data);
    const empty = withHoles(x, () => true);
    checkProbabilities(await (await fit(entry, empty, data.y)).predict(empty), 60, 'no number at all');
    const same = { ...x, values: x.values.map((_, i) => i % x.cols) };
    const p = await (await fit(entry, same, data.y)).predict(same);
    checkProbabilities(p, 60, 'constant columns');
    assert.is(new Set(p).size, 1, 'equal rows have equal probabilities');
    assert.ok(Math.abs((p[0] as number) - 20 / 60) < 0.15, `constant columns: ${p[0]} where a third is positive`);
  });

  contract('gives the same bytes for a seed, and on another backend', async () => {
    for (const [name, make] of Object.entries(FIXTURES)) {
      const data = make({ rows: 60, positives: 20 });
      const first = bytesOf(await learn(entry, data));
      assert.is(bytesOf(await learn(entry, data)), first, name);
      assert.is(bytesOf(await learn(entry, data, { run: { backend: await backend.fork() } })), first, name);
    }
  });

  contract('gives the same bytes on the core with its assertions on', async () => {
    const data = mixed({ rows: 61, positives: 20 });
    assert.is(bytesOf(await learn(entry, data, { run: { backend: asserting } })), bytesOf(await learn(entry, data)));
  });

  contract('depends on its stream alone, not on draws elsewhere', async () => {
    const data = mixed({ rows: 60, positives: 20 });
    const first = bytesOf(await learn(entry, data, { stream: Stream.fromSeed(5).child('fit') }));
    const busy = Stream.fromSeed(5);
    for (let i = 0; i < 7; i++) busy.uint32();
    for (const other of classifiers) await learn(other, numeric({ rows: 30, positives: 8 }), { stream: busy });
    assert.is(bytesOf(await learn(entry, data, { stream: busy.child('fit') })), first);
  });

  contract('a weight on the positive class raises its probabilities', async () => {
    const data = mixed({ rows: 200, positives: 20 });
    const [plain, weighted] = [await learn(entry, data), await learn(entry, data, { positiveWeight: 10 })];
    assert.ok(mean(weighted) > mean(plain), `${mean(weighted)} with a weight, ${mean(plain)} without`);
    assert.is(bytesOf(await learn(entry, data, { positiveWeight: 1 })), bytesOf(plain), 'a weight of 1 changes nothing');
  });

  contract('writes to nothing that it was given', async () => {
    const data = mixed({ rows: 60, positives: 20 });
    const x = featuresOf(data);
    const before = [bytesOf(x.values), bytesOf(data.y), JSON.stringify(x.spans)];
    (await (await fit(entry, x, data.y)).predict(x)).fill(2);
    assert.equal([bytesOf(x.values), bytesOf(data.y), JSON.stringify(x.spans)], before);
  });

  contract('does not hold on to what it was given', async () => {
    const data = mixed({ rows: 60, positives: 20 });
    const x = featuresOf(data);
    const kept = { ...x, values: x.values.slice() };
    const model = await fit(entry, x, data.y);
    const first = bytesOf(await model.predict(kept));
    x.values.fill(0);
    assert.is(bytesOf(await model.predict(kept)), first);
  });

  contract('stops when asked, and leaves the backend usable', async () => {
    const data = mixed({ rows: 60, positives: 20 });
    const expected = bytesOf(await learn(entry, data));
    const mark = backend.mark();
    const run = { backend, signal: AbortSignal.abort() };
    assert.instance(await rejection(learn(entry, data, { run })), CancelledError);
    assert.equal(backend.mark(), mark);
    assert.is(bytesOf(await learn(entry, data)), expected);
  });

  contract('stops within a step of being asked', async () => {
    const data = mixed({ rows: 60, positives: 20 });
    const mark = backend.mark();
    const controller = new AbortController();
    let reports = 0;
    const onProgress = () => {
      reports++;
      controller.abort();
    };
    const error = await rejection(learn(entry, data, { run: { backend, signal: controller.signal, onProgress } }), 'a cancelled fit');
    assert.instance(error, CancelledError);
    assert.is(reports, 1);
    assert.equal(backend.mark(), mark);
  });

  contract('frees what it took of the backend', async () => {
    const mark = backend.mark();
    for (const make of Object.values(FIXTURES)) {
      await learn(entry, make({ rows: 60, positives: 20 }));
      assert.equal(backend.mark(), mark);
      await rejection(learn(entry, make({ rows: 60, positives: 0 })));
      assert.equal(backend.mark(), mark);
    }
  });

  contract.run();
}

/** Moves the positive rows far from the others. */
function shift(column: Dataset['features']['columns'][number], y: Uint8Array): Dataset['features']['columns'][number] {
  return 'values' in column ? { ...column, values: column.values.map((value, i) => value + 20 * (y[i] as number)) } : column;
}
