/** The smoothed bootstrap: its bandwidth, the spread that it adds, and what it copies. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { wasmBackend } from '../../ts/backend/select.js';
import { InputError } from '../../ts/errors.js';
import { normalBandwidth, rose, sampleDeviation } from '../../ts/generate/rose.js';
import { Stream } from '../../ts/random.js';
import { type Column, type Dataset, isNumberColumn, type Table } from '../../ts/table/table.js';
import { close } from '../close.js';
import { tableBytes } from '../contract/fingerprint.js';
import { categorical, mixed, numeric } from '../contract/fixtures.js';
import { rejection } from '../contract/rejection.js';

const backend = await wasmBackend();
const run = { backend };
const tests = suite('rose');

const draw = async (train: Dataset, rows: number, options = {}) =>
  (await rose.fit(train, Stream.fromSeed(1), run, options)).sample(rows, Stream.fromSeed(2), run);
const numbers = (column: Column | undefined): Float64Array => {
  assert.ok(column && isNumberColumn(column));
  return column.values;
};
const mean = (values: ArrayLike<number>) => Array.from(values).reduce((sum, x) => sum + x, 0) / values.length;
const variance = (values: ArrayLike<number>) => {
  const centre = mean(values);
  return mean(Array.from(values, (x) => (x - centre) * (x - centre)));
};
const positives = (train: Dataset, values: Float64Array) => values.filter((_, i) => train.y[i] === 1);
const cells = (column: Column): ArrayLike<unknown> =>
  'values' in column ? column.values : 'codes' in column ? column.codes : column.texts;
const rowTexts = (table: Table) => Array.from({ length: table.rows }, (_, i) => table.columns.map((column) => cells(column)[i]).join());

tests('the bandwidth is the one of the normal reference rule', () => {
  for (const n of [2, 15, 580, 30000])
    for (const d of [0, 1, 3, 30]) close(normalBandwidth(n, d, backend.special), (4 / ((d + 2) * n)) ** (1 / (d + 4)), { rel: 1e-13 });
});

tests('the deviation is over the cells that are there, whatever their offset', () => {
  close(sampleDeviation(Float64Array.from([1, Number.NaN, 2, 4])), Math.sqrt(7 / 3), { rel: 1e-15 });
  close(sampleDeviation(Float64Array.from([1e9 + 1, 1e9 + 2, 1e9 + 4])), Math.sqrt(7 / 3), { rel: 1e-9 });
  assert.is(sampleDeviation(Float64Array.from([5, Number.NaN])), 0);
  assert.is(sampleDeviation(new Float64Array(0)), 0);
});

/** The numeric fixture with majority rows so far out that no synthetic row is cut at the range. */
function unbounded(size: { rows: number; positives: number }): Dataset {
  const train = numeric(size);
  let sign = 1;
  const columns = train.features.columns.map((column) => ({
    ...column,
    values: numbers(column).map((value, i) => {
      if (train.y[i] === 0) sign = -sign;
      return train.y[i] === 1 ? value : sign * 1000;
    }),
  }));
  return { ...train, features: { ...train.features, columns } as Table };
}

tests('numbers have the mean of the minority and its variance (1 + h² M/(M − 1)), independently in each column', async () => {
  const [M, R] = [40, 20000];
  const train = unbounded({ rows: 80, positives: M });
  const drawn = await draw(train, R);
  const h = (4 / (5 * M)) ** (1 / 7);
  const added: Float64Array[] = [];
  train.features.columns.forEach((column, c) => {
    const real = positives(train, numbers(column));
    const got = numbers(drawn.columns[c]);
    const expected = variance(real) * (1 + (h * h * M) / (M - 1));
    assert.ok(Math.abs(mean(got) - mean(real)) < 5 * Math.sqrt(expected / R), `mean of ${column.name}`);
    // the fourth moment of a mixture of normals is at most some 6 variances²
    assert.ok(
      Math.abs(variance(got) / expected - 1) < 5 * Math.sqrt(6 / R),
      `${variance(got) / expected} of the variance of ${column.name}`,
    );
    added.push(got);
  });
  const copies = await draw(train, R, { smoothing: 0 }); // the same rows are drawn, unmoved
  const moved = added.map((values, c) => values.map((value, i) => value - (numbers(copies.columns[c])[i] as number)));
  const correlation =
    mean((moved[0] as Float64Array).map((x, i) => x * (moved[1]?.[i] as number))) /
    Math.sqrt(variance(moved[0] as Float64Array) * variance(moved[1] as Float64Array));
  assert.ok(Math.abs(correlation) < 5 / Math.sqrt(R), `noise of two columns correlates by ${correlation}`);
});

tests('smoothing scales the bandwidth, and 0 copies whole rows', async () => {
  const train = unbounded({ rows: 60, positives: 30 });
  const [copies, half, whole] = await Promise.all([0, 0.5, 1].map((smoothing) => draw(train, 50, { smoothing })));
  const real = new Set(rowTexts(train.features));
  assert.ok(rowTexts(copies as Table).every((row) => real.has(row)));
  train.features.columns.forEach((_, c) => {
    const at = numbers(copies?.columns[c]);
    const [near, far] = [half, whole].map((table) => numbers(table?.columns[c]).map((value, i) => value - (at[i] as number)));
    far?.forEach((step, i) => {
      close(near?.[i] as number, step / 2, { abs: 1e-12 * (1 + Math.abs(at[i] as number)) });
    });
  });
});

tests('levels and gaps are those of the drawn row', async () => {
  const train = mixed({ rows: 120, positives: 40 });
  const pattern = ({ columns, rows }: Table) =>
    Array.from({ length: rows }, (_, i) =>
      columns.map((column) => ('codes' in column ? column.codes[i] : 'values' in column ? Number.isNaN(column.values[i]) : '')).join(),
    );
  const real = new Set(pattern(train.features).filter((_, i) => train.y[i] === 1));
  assert.ok(pattern(await draw(train, 200)).every((row) => real.has(row)));
});

tests('a table of levels alone is resampled', async () => {
  const train = categorical({ rows: 60, positives: 20 });
  const drawn = await draw(train, 100);
  assert.is(tableBytes(drawn), tableBytes(await draw(train, 100, { smoothing: 0 })));
  const real = new Set(rowTexts(train.features).filter((_, i) => train.y[i] === 1));
  assert.ok(rowTexts(drawn).every((row) => real.has(row)));
});

tests('refuses a smoothing below 0', async () => {
  for (const smoothing of [-1, Number.NaN, Number.POSITIVE_INFINITY]) {
    const error = await rejection(draw(numeric({ rows: 20, positives: 5 }), 1, { smoothing }));
    assert.instance(error, InputError);
    assert.is(error.message, `"smoothing" expected a number of at least 0, got ${smoothing}`);
  }
});

tests.run();
