import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ComputeError, InputError } from '../../ts/errors.js';
import { balanceTargets, balanceWarnings, drawBalanced } from '../../ts/generate/balanced.js';
import { Stream } from '../../ts/random.js';
import type { Dataset, Table } from '../../ts/table/table.js';

const stream = Stream.fromSeed(4);
const test = suite('balanced draws');

/** Rows of a table by sex (f, m) and ward (a, b). */
const tableOf = (rows: readonly (readonly [number, number])[]): Table => ({
  rows: rows.length,
  columns: [
    { name: 'sex', kind: 'binary', levels: ['f', 'm'], codes: Int32Array.from(rows, ([sex]) => sex) },
    { name: 'ward', kind: 'categorical', levels: ['a', 'b'], codes: Int32Array.from(rows, ([, ward]) => ward) },
    { name: 'age', kind: 'numeric', values: Float64Array.from(rows, (_, i) => i), decimals: 0 },
  ],
});
const cells = ([sex, ward]: readonly [number, number], positives: number, negatives: number) =>
  Array.from({ length: positives + negatives }, (_, i) => ({ row: [sex, ward] as const, y: i < positives ? 1 : 0 }));
const all = [...cells([0, 0], 10, 40), ...cells([0, 1], 2, 20), ...cells([1, 0], 30, 20), ...cells([1, 1], 0, 15)];
const dataset: Dataset = {
  name: 'cohort.csv',
  features: tableOf(all.map(({ row }) => row)),
  y: Uint8Array.from(all, ({ y }) => y),
  group: null,
  target: { column: 'died', positive: '1', negative: '0' },
};
const rowsOf = (columns: string[], amount: Parameters<typeof balanceTargets>[2]) =>
  Object.fromEntries(balanceTargets(dataset, columns, amount).groups.map(({ levels, rows }) => [levels.join(' '), rows]));

test('each group is brought to the ratio; those above it and those without a minority row get none', () => {
  assert.equal(rowsOf(['sex', 'ward'], { ratio: 1 }), { 'f a': 30, 'f b': 18, 'm a': 0, 'm b': 0 });
  assert.equal(rowsOf(['sex'], { ratio: 0.5 }), { f: 18, m: 0 });
  assert.equal(rowsOf(['sex', 'ward'], { count: 8 }), { 'f a': 5, 'f b': 3, 'm a': 0, 'm b': 0 });
  const words = balanceWarnings(balanceTargets(dataset, ['sex', 'ward'], { ratio: 1 })).join('\n');
  assert.match(words, /18 with sex = f, ward = b/);
  assert.match(words, /no synthetic rows for sex = m, ward = b/);
  assert.match(words, /fewer than five real minority rows stand behind the synthetic ones with sex = f, ward = b/);
});

test('rows are drawn until every group has its own, a rare one included, and the same again', async () => {
  const targets = balanceTargets(dataset, ['sex', 'ward'], { ratio: 1 });
  const draw = async (count: number, own: Stream) =>
    tableOf(Array.from({ length: count }, () => (own.uniform() < 0.05 ? ([0, 1] as const) : ([own.below(2), 0] as const))));
  const table = await drawBalanced(draw, targets, stream.child('a'));
  assert.is(table.rows, 48);
  const [sex, ward] = table.columns as unknown as [{ codes: Int32Array }, { codes: Int32Array }];
  const count = (s: number, w: number) => sex.codes.filter((code, row) => code === s && ward.codes[row] === w).length;
  assert.equal([count(0, 0), count(0, 1), count(1, 0), count(1, 1)], [30, 18, 0, 0]);
  assert.equal(await drawBalanced(draw, targets, stream.child('a')), table);
});

test('a group that the model does not draw ends with its name', async () => {
  const targets = balanceTargets(dataset, ['sex', 'ward'], { ratio: 1 });
  const never = async (count: number) => tableOf(Array.from({ length: count }, () => [0, 0] as const));
  try {
    await drawBalanced(never, targets, stream);
    assert.unreachable();
  } catch (error) {
    assert.instance(error, ComputeError);
    assert.match((error as Error).message, /too few have sex = f, ward = b \(18 of 18 are lacking, 2 real ones\)/);
  }
});

test('numbers and unknown columns are refused', () => {
  const refusal = (column: string, text: RegExp) =>
    assert.throws(
      () => balanceTargets(dataset, [column], { ratio: 1 }),
      (error: Error) => error instanceof InputError && text.test(error.message),
    );
  refusal('age', /got age, which holds numbers/);
  refusal('race', /got race$/);
});

test.run();
