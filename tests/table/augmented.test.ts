import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { InputError } from '../../ts/errors.js';
import { augmentedTable, checkMark, syntheticTable } from '../../ts/table/augmented.js';
import type { Column, Table } from '../../ts/table/table.js';

const test = suite('augmented');

const number = (name: string, ...values: number[]): Column => ({ name, kind: 'integer', values: Float64Array.from(values), decimals: 0 });
const level = (name: string, levels: string[], ...codes: number[]): Column => ({
  name,
  kind: 'categorical',
  levels,
  codes: Int32Array.from(codes),
});
const text = (name: string, ...texts: string[]): Column => ({ name, kind: 'text', texts });

const real: Table = {
  rows: 3,
  columns: [
    number('id', 7, 9, 8),
    number('age', 50, 60, 70),
    level('sex', ['f', 'm'], 0, 1, -1),
    text('note', 'a', '', 'c'),
    number('ward', 1, 2, Number.NaN),
    level('died', ['no', 'yes'], 0, 1, 0),
  ],
};
const drawn: Table = { rows: 2, columns: [number('age', 55, Number.NaN), level('sex', ['f', 'm'], 1, -1)] };
const roles = { target: 'died', positive: 'yes', group: 'id' };
const values = (table: Table, name: string): unknown[] => {
  const column = table.columns.find((one) => one.name === name) as Column;
  if (column.kind === 'text') return [...column.texts];
  if ('values' in column) return [...column.values];
  return Array.from(column.codes, (code) => column.levels[code] ?? null);
};

test('real rows stay, synthetic ones follow, the last column tells them apart', () => {
  const table = augmentedTable(real, drawn, roles);
  assert.is(table.rows, 5);
  assert.equal(
    table.columns.map(({ name }) => name),
    ['id', 'age', 'sex', 'note', 'ward', 'died', 'synthetic'],
  );
  assert.equal(values(table, 'age'), [50, 60, 70, 55, Number.NaN]);
  assert.equal(values(table, 'sex'), ['f', 'm', null, 'm', null]);
  assert.equal(values(table, 'died'), ['no', 'yes', 'no', 'yes', 'yes']);
  assert.equal(values(table, 'synthetic'), ['0', '0', '0', '1', '1']);
});

test('columns that were not learnt from are empty, and each synthetic row is a patient of its own', () => {
  const table = syntheticTable(real, drawn, roles);
  assert.equal(
    table.columns.map(({ name, kind }) => [name, kind]),
    real.columns.map(({ name, kind }) => [name, kind]),
  );
  assert.equal(values(table, 'note'), ['', '']);
  assert.equal(values(table, 'ward'), [Number.NaN, Number.NaN]);
  assert.equal(values(table, 'id'), [10, 11]);
});

test('ids that are text do not meet those that are there', () => {
  const columns = [text('id', 'p1', 'synthetic-1', 'p3'), ...real.columns.slice(1)];
  assert.equal(values(syntheticTable({ rows: 3, columns }, drawn, roles), 'id'), ['synthetic2-1', 'synthetic2-2']);
  const levels = [level('id', ['p1', 'p2'], 0, 1, 1), ...real.columns.slice(1)];
  assert.equal(values(augmentedTable({ rows: 3, columns: levels }, drawn, roles), 'id'), ['p1', 'p2', 'p2', 'synthetic-1', 'synthetic-2']);
});

test('a number target gets the positive label as a number', () => {
  const columns = [...real.columns.slice(0, 5), number('died', 1, 2, 1)];
  assert.equal(values(augmentedTable({ rows: 3, columns }, drawn, { ...roles, positive: '2' }), 'died'), [1, 2, 1, 2, 2]);
});

test('a table with a column of that name is refused', () => {
  checkMark(real, 'a.csv', 'write it elsewhere');
  const columns = [...real.columns, number('synthetic', 0, 0, 1)];
  assert.throws(
    () => checkMark({ rows: 3, columns }, 'a.csv', 'write it elsewhere'),
    (error: Error) =>
      error instanceof InputError && /a\.csv: there is a column "synthetic" already; rename it, or write it elsewhere/.test(error.message),
  );
});

test.run();
