/** ADASYN against imbalanced-learn's counts, and against a naive search for what it may draw. */
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { wasmBackend } from '../../ts/backend/select.js';
import { fitFeatures } from '../../ts/encode/features.js';
import { ComputeError, InputError } from '../../ts/errors.js';
import { adasyn, drawStarts, shares } from '../../ts/generate/adasyn.js';
import { majorityCounts, neighbourhood } from '../../ts/generate/neighbours.js';
import { Stream } from '../../ts/random.js';
import type { Table } from '../../ts/table/table.js';
import { close } from '../close.js';
import { numeric } from '../contract/fixtures.js';
import { rejection } from '../contract/rejection.js';
import { golden } from '../golden.js';
import { around, majorityOf } from '../ref/classes.js';
import { offSegment } from '../ref/segment.js';

const backend = await wasmBackend();
const tests = suite('adasyn');

const sum = (values: ArrayLike<number>) => Array.from(values).reduce((total, value) => total + value, 0);
const tally = (starts: Uint32Array, rows: number) => Array.from({ length: rows }, (_, row) => starts.filter((own) => own === row).length);

tests('shares of majority neighbours and rows to make are those of imbalanced-learn', () => {
  for (const { name, X, y, k, ratio_raw, n_samples_wanted, counts_rint_half_even, total } of golden('smote', 'adasyn')) {
    const order = [1, 0].flatMap((label) => (y as number[]).flatMap((own, i) => (own === label ? [i] : [])));
    const minority = ratio_raw.length as number;
    const points = Float32Array.from(order.flatMap((i) => (X as number[][])[i] as number[]));
    const counts = majorityCounts(neighbourhood(points, order.length, k, backend, minority), minority);
    counts.forEach((count, i) => {
      close(count / k, ratio_raw[i], { abs: 1e-12 }, `${name}, row ${i}`);
    });
    const made = shares(counts, n_samples_wanted);
    assert.equal([...made], counts_rint_half_even, name);
    assert.is(sum(made), total, name);
  }
});

tests('halves are rounded to even', () => {
  assert.equal([...shares(Uint32Array.from([1, 1]), 1)], [0, 0]); // ½ and ½
  assert.equal([...shares(Uint32Array.from([1, 1]), 3)], [2, 2]); // 1½ and 1½
  assert.equal([...shares(Uint32Array.from([1, 1]), 5)], [2, 2]); // 2½ and 2½
  assert.equal([...shares(Uint32Array.from([3, 0, 1]), 7)], [5, 0, 2]); // 5¼ and 1¾
});

tests('draws exactly as many rows as asked for, and no row strays from its share by more than rounding takes', () => {
  fc.assert(
    fc.property(
      fc.array(fc.nat({ max: 5 }), { minLength: 1, maxLength: 17 }).filter((counts) => counts.some((count) => count > 0)),
      fc.nat({ max: 60 }),
      fc.nat(),
      (numbers, rows, seed) => {
        const counts = Uint32Array.from(numbers);
        const starts = drawStarts(counts, rows, Stream.fromSeed(seed));
        assert.is(starts.length, rows);
        const drift = sum(shares(counts, rows)) - rows;
        tally(starts, counts.length).forEach((times, row) => {
          const share = shares(counts, rows)[row] as number;
          if (counts[row] === 0) assert.is(times, 0, 'a row without majority neighbours');
          assert.ok(drift >= 0 ? times <= share : times >= share, `row ${row}: ${times}, its share is ${share}`);
          assert.ok(Math.abs(times - share) <= Math.abs(drift));
        });
      },
    ),
    { seed: 1, numRuns: 200 },
  );
});

tests('what rounding leaves out is drawn in proportion', () => {
  const counts = Uint32Array.from([1, 2, 3, 2, 1, 1, 1, 1, 1, 3]); // one row to make: all shares round to none
  let threes = 0;
  for (let seed = 0; seed < 1600; seed++) threes += counts[drawStarts(counts, 1, Stream.fromSeed(seed))[0] as number] === 3 ? 1 : 0;
  assert.ok(Math.abs(threes - 600) < 5 * Math.sqrt(1600 * (6 / 16) * (10 / 16)), `${threes} of 1600`);
});

const cells = (table: Table, i: number) => table.columns.map((column) => ('values' in column ? (column.values[i] as number) : Number.NaN));

tests(
  'every row lies on a segment from a row with majority neighbours to one of its minority neighbours, as often as its share',
  async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 4, max: 17 }), fc.integer({ min: 1, max: 5 }), fc.nat(), async (positives, k, seed) => {
        const train = numeric({ rows: 50, positives, seed });
        const found = around(fitFeatures(train.features).standardised(train.features), train.y, k);
        const counts = Uint32Array.from(found, ({ all }) => majorityOf(all, train.y));
        const fitted = adasyn.fit(train, Stream.fromSeed(seed), { backend }, { k });
        if (sum(counts) === 0) {
          assert.instance(await rejection(fitted), ComputeError);
          return;
        }
        const drawn = await (await fitted).sample(20, Stream.fromSeed(seed), { backend });
        const fits = found.map(() => 0);
        for (let i = 0; i < drawn.rows; i++) {
          const starts = found.flatMap(({ row, minority }, at) =>
            minority.some((other) => offSegment(cells(drawn, i), cells(train.features, row), cells(train.features, other)) <= 1e-12)
              ? [at]
              : [],
          );
          assert.ok(
            starts.some((at) => (counts[at] as number) > 0),
            `seed ${seed}, row ${i}`,
          );
          for (const at of starts) fits[at] = (fits[at] as number) + 1;
        }
        const wanted = shares(counts, 20);
        const over = Math.max(0, sum(wanted) - 20);
        wanted.forEach((share, at) => {
          assert.ok(
            (fits[at] as number) >= share - over,
            `seed ${seed}: minority row ${at} started ${fits[at]} rows, its share is ${share}`,
          );
        });
      }),
      { seed: 1, numRuns: 40 },
    );
  },
);

tests('refuses where no minority row has a majority neighbour, and names a method that works', async () => {
  const apart = numeric({ rows: 60, positives: 20 });
  const columns = apart.features.columns.map((column) =>
    'values' in column ? { ...column, values: column.values.map((value, i) => value + 100 * (apart.y[i] as number)) } : column,
  );
  const error = await rejection(adasyn.fit({ ...apart, features: { rows: 60, columns } }, Stream.fromSeed(1), { backend }));
  assert.instance(error, ComputeError);
  assert.match(error.message, /"adasyn" found no majority row among the 5 nearest rows of any minority row; choose smote/);
});

tests('refuses a k that is no positive integer', async () => {
  const error = await rejection(adasyn.fit(numeric({ rows: 20, positives: 5 }), Stream.fromSeed(1), { backend }, { k: 0 }));
  assert.instance(error, InputError);
  assert.is(error.message, '"k" expected an integer of at least 1, got 0');
});

tests.run();
