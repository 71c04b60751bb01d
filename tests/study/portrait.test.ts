/** Portraits of synthetic minorities: columns, subgroups, pictures, and their means over splits. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { wasmBackend } from '../../ts/backend/select.js';
import { columnDistances } from '../../ts/metrics/columns.js';
import { type Portrait, portraitOf } from '../../ts/study/portrait.js';
import { intervalOf, summarisePortraits } from '../../ts/study/portrait-summary.js';
import { subgroupPortraits } from '../../ts/study/subgroups.js';
import type { SubgroupSummary } from '../../ts/study/summary.js';
import { type Column, type Dataset, rowsWhere, type Table, takeDataset, takeRows } from '../../ts/table/table.js';
import { close } from '../close.js';
import { awkward, mixed } from '../contract/fixtures.js';

const { special } = await wasmBackend();
const minority = ({ features, y }: Dataset): Table => takeRows(features, rowsWhere(y, 1));
const range = (from: number, to: number) => Uint32Array.from({ length: to - from }, (_, i) => from + i);

/** The first four fifths, and the rest. */
function parts(data: Dataset): { train: Dataset; test: Dataset } {
  const cut = Math.floor(0.8 * data.y.length);
  return { train: takeDataset(data, range(0, cut)), test: takeDataset(data, range(cut, data.y.length)) };
}

const cellOf = (split = 0) => ({ dataset: 'mixed', split, method: 'smote', ratio: 1 });
const portrait = suite('study/portrait');

portrait('columns: distances as metrics define them, beside the floor', () => {
  const { train, test } = parts(mixed({ rows: 300, positives: 150 }));
  const judged = minority(mixed({ rows: 200, positives: 100, seed: 9 }));
  const { columns, rows } = portraitOf(cellOf(), train, test, judged);
  assert.is(rows.synthetic, 100);
  const want = columnDistances(minority(test), judged).columns;
  const floor = columnDistances(minority(test), minority(train)).columns;
  columns.forEach((column, i) => {
    close(column.test as number, (want[i]?.ks ?? want[i]?.tv) as number, { abs: 6e-5 }, column.name);
    close(column.floor as number, (floor[i]?.ks ?? floor[i]?.tv) as number, { abs: 6e-5 }, column.name);
  });
  const lactate = columns.find(({ name }) => name === 'lactate');
  assert.ok((lactate?.missing.training as number) > 0.1);
});

portrait('the training minority itself is at no distance from it, and its floor is its distance', () => {
  for (const make of [mixed, awkward]) {
    const { train, test } = parts(make({ rows: 200, positives: 80 }));
    const { columns, subgroups } = portraitOf(cellOf(), train, test, minority(train));
    for (const column of columns) {
      assert.ok(column.training === 0 || column.training === null, column.name);
      assert.is(column.test, column.floor);
    }
    for (const { share, distance, floor } of subgroups) {
      assert.is(share.synthetic, share.training);
      assert.is(distance, floor);
    }
  }
});

portrait('sexes and age bands are found by name; ages fall into thirds where the clinical bands are uneven', () => {
  const { train, test } = parts(mixed({ rows: 600, positives: 300 }));
  const { subgroups } = portraitOf(cellOf(), train, test, minority(train));
  assert.equal(
    subgroups.map(({ column }) => column),
    ['age', 'age', 'age', 'sex', 'sex'],
  );
  for (const column of ['age', 'sex']) {
    const own = subgroups.filter((subgroup) => subgroup.column === column);
    close(
      own.reduce((sum, { share }) => sum + share.training, 0),
      1,
      { abs: 1e-3 },
      column,
    );
  }
  const shifted = (by: number): Column[] =>
    train.features.columns.map((column) =>
      column.name === 'age' && 'values' in column ? { ...column, values: column.values.map((age) => age + by) } : column,
    );
  const young = { ...minority(train), columns: takeRows({ rows: 0, columns: shifted(-40) }, rowsWhere(train.y, 1)).columns };
  const names = subgroupPortraits({ training: young, test: young, synthetic: young }).map(({ group }) => group);
  assert.match(names[0] as string, /^under \d\d$/);
  assert.match(names[2] as string, /^\d\d and over$/);
  assert.not.equal(names.slice(0, 3), ['under 65', '65 to 79', '80 and over']);
});

const levels = (name: string, texts: string[], cells: string[]): Column => ({
  name,
  kind: 'categorical',
  levels: texts,
  codes: Int32Array.from(cells, (cell) => texts.indexOf(cell)),
});
const numbers = (name: string, values: number[]): Column => ({ name, kind: 'numeric', decimals: -1, values: Float64Array.from(values) });
const repeat = <Value>(count: number, value: (i: number) => Value): Value[] => Array.from({ length: count }, (_, i) => value(i));

portrait('a subgroup that is left out or drawn wrongly shows', () => {
  const table = (count: number, women: number, offset: number): Table => ({
    rows: count,
    columns: [
      levels(
        'patientGender',
        ['w', 'm'],
        repeat(count, (i) => (i < women ? 'w' : 'm')),
      ),
      numbers(
        'x',
        repeat(count, (i) => (i < women ? offset : 0) + (i % 5)),
      ),
      levels(
        'stage',
        ['1', '2'],
        repeat(count, (i) => (i % 5 < 2 ? '1' : '2')),
      ),
    ],
  });
  const found = subgroupPortraits({ training: table(40, 20, 0), test: table(40, 20, 0), synthetic: table(100, 20, 100) });
  assert.equal(
    found.map(({ group, share, distance }) => [group, share.training, share.synthetic, distance]),
    [
      ['w', 0.5, 0.2, 0.5], // every x is off, the stage is right
      ['m', 0.5, 0.8, 0],
    ],
  );
});

portrait('no distance within a subgroup of fewer than ten rows', () => {
  const table = (count: number): Table => ({
    rows: count,
    columns: [
      levels(
        'RACE',
        ['a'],
        repeat(count, () => 'a'),
      ),
      numbers(
        'x',
        repeat(count, (i) => i),
      ),
    ],
  });
  const of = (test: number) => subgroupPortraits({ training: table(20), test: table(test), synthetic: table(20) })[0];
  assert.is(of(9)?.distance, null);
  assert.is(of(9)?.share.test, 1);
  assert.type(of(10)?.distance, 'number');
});

portrait('names that hold the letters of an age are no age', () => {
  const table: Table = {
    rows: 3,
    columns: [numbers('stage', [1, 2, 3]), numbers('dosage', [1, 2, 3]), numbers('Age_years', [50, 60, 70])],
  };
  const found = subgroupPortraits({ training: table, test: table, synthetic: table });
  assert.equal([...new Set(found.map(({ column }) => column))], ['Age_years']);
});

portrait('pictures: of split 0 only, small, and shares that sum to 1', () => {
  for (const make of [mixed, awkward]) {
    const { train, test } = parts(make({ rows: 200, positives: 90 }));
    const judged = minority(make({ rows: 700, positives: 600, seed: 5 }));
    assert.is(portraitOf(cellOf(1), train, test, judged).pictures, null);
    const made = portraitOf(cellOf(0), train, test, judged);
    const { histograms, correlations, scatter } = made.pictures as NonNullable<Portrait['pictures']>;
    assert.is(histograms.length, made.columns.length);
    for (const { column, bins, levels: names, real, synthetic } of histograms) {
      assert.is((bins === null) !== (names === null), true, column);
      assert.is(real.length, synthetic.length);
      for (const side of [real, synthetic]) {
        const sum = side.reduce((total, share) => total + share, 0);
        assert.ok(sum === 0 || Math.abs(sum - 1) < 2e-3, `${column}: ${sum}`);
      }
    }
    const count = correlations.columns.length;
    assert.is(correlations.real.length, (count * (count - 1)) / 2);
    assert.ok((scatter?.synthetic.length as number) <= 400 && (scatter?.real.length as number) % 2 === 0);
    assert.equal(JSON.parse(JSON.stringify(made)), made, 'a portrait survives JSON');
  }
});

portrait('histograms: whole numbers have whole bins; rare levels are gathered', () => {
  const many = repeat(12, (i) => `l${i}`);
  const table = (values: number[], cells: string[]): Table => ({
    rows: values.length,
    columns: [{ name: 'n', kind: 'integer', decimals: 0, values: Float64Array.from(values) }, levels('level', many, cells)],
  });
  const real = table(
    repeat(60, (i) => i % 5),
    repeat(60, (i) => many[Math.min(i % 24, 11)] as string),
  );
  const y = new Uint8Array(60).fill(1);
  const data: Dataset = { name: 't', features: real, y, group: null, target: { column: 'y', positive: '1', negative: '0' } };
  const synthetic = table(
    repeat(60, (i) => (i < 30 ? -7 : 99)),
    repeat(60, () => 'l0'),
  );
  const [n, level] = (portraitOf(cellOf(), data, data, synthetic).pictures as NonNullable<Portrait['pictures']>).histograms;
  assert.equal(n?.bins, { low: -0.5, width: 1 });
  assert.equal(n?.real.slice(0, 6), [0.2, 0.2, 0.2, 0.2, 0.2, 0]);
  assert.equal([n?.synthetic[0], n?.synthetic[11]], [0.5, 0.5], 'what lies beyond is in the outer bins');
  assert.is(level?.levels?.length, 8);
  assert.is(level?.levels?.[0], 'l11', 'the most frequent first');
  assert.is(level?.levels?.[7], '5 others');
});

portrait('over splits: means, and intervals by the corrected resampled variance', () => {
  const of = (split: number, synthetic: number, distance: number | null): Portrait => ({
    ...cellOf(split),
    rows: { training: 40, test: 10, synthetic: 1000 },
    columns: [
      { name: 'x', kind: 'numeric', test: synthetic, training: null, floor: 0.1, missing: { training: 0, test: 0, synthetic: 0.5 } },
    ],
    subgroups: [
      {
        column: 'sex',
        group: 'f',
        rows: { training: 20, test: 12, synthetic: 400 },
        share: { training: 0.5, test: 0.6, synthetic },
        distance,
        floor: distance === null ? null : 0.2,
      },
    ],
    pictures: null,
  });
  const portraits = [of(2, 0.4, null), of(0, 0.3, 0.3), of(1, 0.2, 0.5)];
  const order = { datasets: ['mixed'], methods: ['none', 'smote'] };
  const [summary, ...more] = summarisePortraits(portraits, order, special);
  assert.equal([summary?.method, summary?.splits, more.length], ['smote', 3, 0]);
  assert.equal(summarisePortraits([...portraits].reverse(), order, special), [summary], 'whatever the order');
  close(summary?.columns[0]?.test?.mean as number, 0.3, { rel: 1e-12 });
  assert.is(summary?.columns[0]?.training, null);
  const subgroup = summary?.subgroups[0] as SubgroupSummary;
  assert.is(subgroup.excess?.n, 2);
  close(subgroup.excess?.mean as number, 0.2, { rel: 1e-12 });
  const { mean, low, high } = subgroup.share_difference;
  close(mean, -0.2, { rel: 1e-12 });
  const half = 4.302652729911275 * Math.sqrt((1 / 3 + 0.25) * 0.01); // t of 2 degrees of freedom
  close((high as number) - mean, half, { rel: 1e-9 });
  close(mean - (low as number), half, { rel: 1e-9 });
});

portrait('an interval needs two values', () => {
  assert.is(intervalOf([], special), null);
  assert.equal(intervalOf([0.25], special), { n: 1, mean: 0.25, low: null, high: null });
  const [low, high] = [intervalOf([0, 1], special)?.low as number, intervalOf([0, 1], special)?.high as number];
  close(high - low, 2 * 12.706204736432095 * Math.sqrt(0.75 * 0.5), { rel: 1e-9 });
});

portrait.run();
