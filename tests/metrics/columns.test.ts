import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { columnDistances, kolmogorovSmirnov, totalVariation, wasserstein } from '../../ts/metrics/columns.js';
import { pairDifference, pairDifferences, pearson } from '../../ts/metrics/pairs.js';
import type { Column, LevelColumn, NumberColumn, Table } from '../../ts/table/table.js';
import { close } from '../close.js';
import { awkward, mixed } from '../contract/fixtures.js';
import { type GoldenCase, golden } from '../golden.js';
import { unclaimed } from '../unclaimed.js';

const RELATIVE = { rel: 1e-10, abs: 1e-15 };

const ascending = (values: number[]) => Float64Array.from(values).sort();
/** Codes 0, 1, … as often as the counts say. */
const codesOf = (counts: number[]) => counts.flatMap((count, code) => new Array<number>(count).fill(code));

const numbers = (name: string, values: (number | null)[]): NumberColumn => ({
  name,
  kind: 'numeric',
  values: Float64Array.from(values, (value) => value ?? Number.NaN),
  decimals: -1,
});
function levels(name: string, cells: (string | null)[], order?: string[]): LevelColumn {
  const names = order ?? [...new Set(cells.filter((cell) => cell !== null))];
  return { name, kind: 'categorical', levels: names, codes: Int32Array.from(cells, (cell) => (cell === null ? -1 : names.indexOf(cell))) };
}
const table = (...columns: Column[]): Table => {
  const [first] = columns as [Column];
  return { rows: 'values' in first ? first.values.length : 'codes' in first ? first.codes.length : 0, columns };
};

const vectors = suite('columns: golden vectors');

const CLAIMS: Readonly<Record<string, (c: GoldenCase) => number>> = {
  ks: (c) => kolmogorovSmirnov(ascending(c.x), ascending(c.y)),
  w1: (c) => wasserstein(ascending(c.x), ascending(c.y)),
  tvd: (c) => totalVariation(codesOf(c.p), codesOf(c.q)),
  pearson: (c) => pearson(c.x, c.y),
};

vectors('distances: every field of every case is claimed or listed as not claimed', () => {
  let checks = 0;
  for (const c of golden('distances')) {
    if (c.kind in unclaimed.distances!) continue;
    for (const [field, want] of Object.entries(c.expect)) {
      if (field in unclaimed.distances!) continue;
      const claim = CLAIMS[field];
      assert.ok(claim, `distances ${c.kind} ${field} is neither claimed nor listed`);
      close(claim(c), want as number, c.name === 'offset_1e8' ? { abs: 1e-6 } : RELATIVE, `${c.kind} ${c.name} ${field}`);
      checks++;
    }
  }
  assert.ok(checks > 0);
});

/** A table of the quality report: text cells are levels. */
const tableOf = (cells: Record<string, (number | string | null)[]>): Table =>
  table(
    ...Object.entries(cells).map(([name, values]) =>
      values.some((value) => typeof value === 'string') ? levels(name, values as string[]) : numbers(name, values as number[]),
    ),
  );

const cellsOf = (c: GoldenCase, side: 'real' | 'synth', name: string) => c[side][name] as (string | number | null)[];
const isLevel = (c: GoldenCase, name: string) => cellsOf(c, 'real', name).some((cell) => typeof cell === 'string');
const unseen = (c: GoldenCase, name: string) => cellsOf(c, 'synth', name).some((cell) => !cellsOf(c, 'real', name).includes(cell));

/** SDMetrics drops missing cells of a column, ours counts them as a level: they agree on rows where the cell is there. */
function shape(c: GoldenCase, name: string): number {
  const there = (side: 'real' | 'synth') => tableOf({ [name]: cellsOf(c, side, name).filter((cell) => cell !== null) });
  const [column] = columnDistances(there('real'), there('synth')).columns;
  return 1 - (column?.ks ?? column?.tv ?? Number.NaN);
}

vectors('sdmetrics: single columns and the pairs that its report and ours define alike', () => {
  const known = new Set(['kind', 'name', 'real', 'synth', 'column_shapes', 'pair_trends', 'single_column']);
  let checks = 0;
  for (const c of golden('sdmetrics')) {
    const tolerance = (name: string) => ({ abs: isLevel(c, name) && unseen(c, name) ? 1e-6 : 1e-12 });
    for (const [name, , want] of c.column_shapes) close(shape(c, name), want, tolerance(name), `${c.name} ${name}`);
    for (const [name, fields] of Object.entries(c.single_column as Record<string, Record<string, number>>)) {
      for (const [field, want] of Object.entries(fields)) {
        if (field in unclaimed.sdmetrics!) continue;
        assert.ok(field === 'KSComplement' || field === 'TVComplement', `sdmetrics ${field} is neither claimed nor listed`);
        close(shape(c, name), want, tolerance(name), `${c.name} ${name} ${field}`);
      }
    }
    const ours = pairDifferences(tableOf(c.real), tableOf(c.synth));
    const similarity = (a: string, b: string) => 1 - (ours.find((pair) => pair.first === a && pair.second === b)?.difference as number);
    for (const [a, b, , want, real] of c.pair_trends) {
      if (isLevel(c, a) !== isLevel(c, b)) continue; // unclaimed: mixed_pairs
      if (!isLevel(c, a)) close(pearson(column(c, 'real', a), column(c, 'real', b)), real, { abs: 1e-9 }, `${c.name} r of ${a}, ${b}`);
      if (!Number.isNaN(want)) close(similarity(a, b), want, { abs: 1e-9 }, `${c.name} ${a}, ${b}`);
    }
    for (const [field, want] of Object.entries(c)) {
      if (known.has(field) || field in unclaimed.sdmetrics!) continue;
      const [, a, b] = field.match(/_direct_(\w+)_(\w+)$/) ?? [];
      assert.ok(a && b, `sdmetrics ${field} is neither claimed nor listed`);
      close(similarity(a as string, b as string), want, { abs: 1e-9 }, `${c.name} ${field}`);
    }
    checks++;
  }
  assert.ok(checks > 0);
});

const column = (c: GoldenCase, side: 'real' | 'synth', name: string) =>
  cellsOf(c, side, name).map((cell) => (cell === null ? Number.NaN : Number(cell)));

vectors.run();

const tests = suite('columns and pairs');

tests('a table is at no distance from itself', () => {
  for (const make of [mixed, awkward]) {
    const { features } = make({ rows: 60, positives: 20 });
    const { columns, ks_mean, tv_mean, wasserstein_mean } = columnDistances(features, features);
    assert.equal([ks_mean, tv_mean, wasserstein_mean], [0, 0, 0]);
    assert.is(columns.length, features.columns.length);
    assert.is(pairDifference(features, features), 0);
  }
});

tests('a column without an observed value is left out of the means', () => {
  const empty = table(numbers('a', [null, null]), numbers('b', [1, 2]));
  const { columns, ks_mean, tv_mean } = columnDistances(empty, table(numbers('a', [1]), numbers('b', [5])));
  assert.ok(Number.isNaN(columns[0]?.ks as number));
  assert.is(ks_mean, 1);
  assert.ok(Number.isNaN(tv_mean), 'no level columns');
});

tests('Wasserstein is in standard deviations of the real column', () => {
  const real = numbers('a', [0, 2, 4, 6]);
  const shifted = numbers('a', [1, 3, 5, 7, null]);
  close(columnDistances(table(real), table(shifted)).wasserstein_mean, 1 / Math.sqrt(5), { rel: 1e-15 });
  const constant = columnDistances(table(numbers('a', [3, 3])), table(numbers('a', [3, 4])));
  assert.ok(Number.isNaN(constant.wasserstein_mean) && constant.ks_mean === 0.5);
});

tests('levels are matched by their text, and missing is a level', () => {
  const real = levels('a', ['x', 'y', null, 'y'], ['x', 'y']);
  assert.is(columnDistances(table(real), table(levels('a', ['y', null, 'x', 'y'], ['y', 'x', 'z']))).tv_mean, 0);
  assert.is(columnDistances(table(real), table(levels('a', ['y', 'y', 'x', 'y']))).tv_mean, 0.25);
  assert.is(columnDistances(table(real), table(levels('a', ['new', 'new']))).tv_mean, 1);
});

tests('tables that do not match are refused', () => {
  assert.throws(() => columnDistances(table(numbers('a', [1])), table(numbers('b', [1]))), /lacks the column "a"/);
  assert.throws(() => columnDistances(table(numbers('a', [1])), table(levels('a', ['x']))), /numeric in the real table and categorical/);
});

tests('opposite correlations differ by 1; a constant has none', () => {
  const up = table(numbers('a', [1, 2, 3, null]), numbers('b', [1, 2, 3, 9]));
  const down = table(numbers('a', [1, 2, 3]), numbers('b', [3, 2, 1]));
  close(pairDifference(up, down), 1, { rel: 1e-15 });
  assert.ok(Number.isNaN(pairDifference(up, table(numbers('a', [1, 1, 1]), numbers('b', [1, 2, 3])))));
});

tests('numbers beside levels: ten bins over the real range, outside and missing apart', () => {
  const real = table(numbers('a', [0, 10, 5, null]), levels('b', ['x', 'x', 'y', 'y']));
  const same = table(numbers('a', [0.9, 9.1, 5.5, null]), levels('b', ['x', 'x', 'y', 'y']));
  assert.is(pairDifference(real, same), 0);
  const outside = table(numbers('a', [-1, 10, 5, 11]), levels('b', ['x', 'x', 'y', 'y']));
  assert.is(pairDifference(real, outside), 0.5);
});

tests.run();
