/** Borderline-SMOTE against imbalanced-learn's danger rows, and against a naive search for what it may draw. */
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { wasmBackend } from '../../ts/backend/select.js';
import { fitFeatures } from '../../ts/encode/features.js';
import { ComputeError, InputError } from '../../ts/errors.js';
import { borderline, dangerRows, drawFromDanger } from '../../ts/generate/borderline.js';
import { majorityCounts, neighbourhood } from '../../ts/generate/neighbours.js';
import { Stream } from '../../ts/random.js';
import type { Dataset, Table } from '../../ts/table/table.js';
import { mixed, numeric } from '../contract/fixtures.js';
import { rejection } from '../contract/rejection.js';
import { golden } from '../golden.js';
import { around, majorityOf } from '../ref/classes.js';
import { offSegment } from '../ref/segment.js';

const backend = await wasmBackend();
const tests = suite('borderline');

/** Indices of the minority, then of the majority. */
const minorityFirst = (y: number[]) => [1, 0].flatMap((label) => y.flatMap((own, i) => (own === label ? [i] : [])));

tests('majority neighbours and danger rows are those of imbalanced-learn', () => {
  for (const { name, X, y, m, n_majority_neighbours, danger_rows, noise_rows, safe_rows } of golden('smote', 'borderline')) {
    const order = minorityFirst(y);
    const minority = n_majority_neighbours.length as number;
    const points = Float32Array.from(order.flatMap((i) => (X as number[][])[i] as number[]));
    const counts = majorityCounts(neighbourhood(points, order.length, m, backend, minority), minority);
    assert.equal([...counts], n_majority_neighbours, name);
    const danger = [...dangerRows(counts, m)].map((row) => order[row]);
    assert.equal(danger, danger_rows, name);
    const others = order.slice(0, minority).filter((row) => !danger.includes(row));
    assert.equal(
      others,
      [...noise_rows, ...safe_rows].sort((a, b) => a - b),
      name,
    );
  }
});

tests('danger is from one half of the neighbours on, and not all of them', () => {
  const counts = Uint32Array.from([0, 1, 2, 3, 4, 5]);
  assert.equal([...dangerRows(counts, 5)], [3, 4]); // 2 of 5 is less than half
  assert.equal([...dangerRows(counts, 4)], [2, 3]);
  assert.equal([...dangerRows(Uint32Array.from([0, 1]), 1)], []); // either none or all
});

tests('towards the majority the gap is that of SMOTE times a draw from U(0, ½)', () => {
  const near = { k: 1, index: Uint32Array.from([1, 5]) }; // minority rows 0 and 1; row 5 is of the majority
  const danger = Uint32Array.from([0, 1]);
  const { base, other, gap } = drawFromDanger(8000, danger, near, 2, Stream.fromSeed(1), backend);
  const mean = (values: Float64Array) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const towards = (row: number) => gap.filter((_, i) => other[i] === row);
  assert.ok([...base].every((row, i) => other[i] === (row === 0 ? 1 : 5)));
  assert.ok(Math.abs(mean(towards(1)) - 1 / 2) < 5 * Math.sqrt(1 / 12 / 4000));
  assert.ok(Math.abs(mean(towards(5)) - 1 / 8) < 5 * Math.sqrt(7 / 576 / 4000)); // E u·v = ½·¼, Var = ⅓·1/12 − 1/64
  assert.ok(towards(5).every((g) => g >= 0 && g < 0.5));
});

const cells = (table: Table, i: number) => table.columns.map((column) => ('values' in column ? (column.values[i] as number) : Number.NaN));
const standardised = (train: Dataset) => fitFeatures(train.features).standardised(train.features);

for (const kind of [1, 2] as const) {
  tests(`kind ${kind}: every row lies on a segment from a danger row to one of its neighbours`, async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 6, max: 20 }), fc.integer({ min: 1, max: 6 }), fc.nat(), async (positives, k, seed) => {
        const train = numeric({ rows: 60, positives, seed });
        const found = around(standardised(train), train.y, 10);
        const danger = found.filter(({ all }) => majorityOf(all, train.y) >= 5 && majorityOf(all, train.y) < 10);
        const fitted = borderline.fit(train, Stream.fromSeed(seed), { backend }, { k, kind });
        if (danger.length === 0) {
          assert.instance(await rejection(fitted), ComputeError);
          return;
        }
        const drawn = await (await fitted).sample(12, Stream.fromSeed(seed), { backend });
        for (let i = 0; i < drawn.rows; i++) {
          const point = cells(drawn, i);
          const fits = danger.some(({ row, all, minority }) =>
            (kind === 1 ? minority : all).slice(0, k).some((other) => {
              const [from, to] = [cells(train.features, row), cells(train.features, other)];
              const end = train.y[other] === 1 ? to : to.map((x, j) => (x + (from[j] as number)) / 2); // half way to the majority
              return offSegment(point, from, end) <= 1e-12;
            }),
          );
          assert.ok(fits, `seed ${seed}, row ${i}`);
        }
      }),
      { seed: 1, numRuns: 40 },
    );
  });
}

tests('missing cells stay possible', async () => {
  const train = mixed({ rows: 200, positives: 50 });
  for (const kind of [1, 2] as const) {
    const sampler = await borderline.fit(train, Stream.fromSeed(1), { backend }, { kind });
    const drawn = await sampler.sample(300, Stream.fromSeed(2), { backend });
    const column = drawn.columns.find(({ name }) => name === 'lactate');
    assert.ok(column && 'values' in column);
    const missing = column.values.filter(Number.isNaN).length;
    assert.ok(missing > 0 && missing < 300, `${missing} of 300 missing`);
  }
});

tests('refuses where no row is in danger, and names a method that works', async () => {
  const apart = numeric({ rows: 60, positives: 20 });
  const columns = apart.features.columns.map((column) =>
    'values' in column ? { ...column, values: column.values.map((value, i) => value + 100 * (apart.y[i] as number)) } : column,
  );
  const error = await rejection(borderline.fit({ ...apart, features: { rows: 60, columns } }, Stream.fromSeed(1), { backend }));
  assert.instance(error, ComputeError);
  assert.match(error.message, /"borderline" found no minority row of which half or more, but not all, of the 10 nearest .*; choose smote/);
});

tests('refuses options out of range', async () => {
  const train = numeric({ rows: 20, positives: 5 });
  for (const [options, message] of [
    [{ k: 0 }, '"k" expected an integer of at least 1, got 0'],
    [{ m: 2.5 }, '"m" expected an integer of at least 1, got 2.5'],
    [{ kind: 3 }, '"kind" expected 1 or 2, got 3'],
  ] as const) {
    const error = await rejection(borderline.fit(train, Stream.fromSeed(1), { backend }, options as object));
    assert.instance(error, InputError);
    assert.is(error.message, message);
  }
});

tests.run();
