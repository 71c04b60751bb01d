import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { Table } from '../../ts/index.js';
import { cohortCsv } from './cohort.js';

const test = suite('library tables');

test('CSV in and out, as text and as bytes', () => {
  const csv = cohortCsv(20, 5);
  const plain = csv.replace(/\.0,/g, ','); // 4.0 is the number 4
  assert.is(Table.fromCsv(csv).toCsv(), plain);
  assert.is(Table.fromCsv(new TextEncoder().encode(csv)).toCsv(), plain);
});

test('rows in and out; missing is null', () => {
  const rows = [
    { age: 61, sex: 'f', lactate: 1.5 },
    { age: 70, sex: 'm', lactate: null },
    { age: 55, sex: '', lactate: Number.NaN },
  ];
  const table = Table.fromRows(rows);
  assert.equal(table.columns, ['age', 'sex', 'lactate']);
  assert.equal(table.toRows(), [rows[0], rows[1], { age: 55, sex: null, lactate: null }]);
  assert.equal(Array.from(table.column('lactate'), String), ['1.5', 'NaN', 'NaN']);
  assert.is(Table.fromCsv(table.toCsv()).toCsv(), table.toCsv());
});

test('a key that a later row lacks is a missing cell; one that the first row lacks is a mistake', () => {
  assert.equal(Table.fromRows([{ a: 1, b: 2 }, { a: 3 }]).toRows()[1], { a: 3, b: null });
  assert.throws(() => Table.fromRows([{ a: 1 }, { a: 3, b: 2 }]), /the rows, row 2: "b" is no column; the first row has a/);
});

test('a schema declares what inference would see otherwise', () => {
  const rows = [{ grade: 1 }, { grade: 2 }, { grade: 3 }];
  const schema = { columns: { grade: { kind: 'ordinal', levels: ['1', '2', '3'] } } } as const;
  assert.equal(Table.fromRows(rows, { schema }).column('grade'), ['1', '2', '3']);
  assert.equal(Table.fromRows(rows, { schema: JSON.stringify(schema) }).column('grade'), ['1', '2', '3']);
  assert.throws(() => Table.fromRows(rows, { schema: '{"columns": 3}' }), /"columns" expected object, got 3/);
});

test('what is no table is refused', () => {
  assert.throws(() => Table.fromRows([]), /"rows" expected at least one row, got none/);
  assert.throws(() => Table.fromRows([{}]), /at least one key/);
  assert.throws(
    () => Table.fromRows([{ a: [1] as never }]),
    /the rows, row 1, column "a": expected a text, number, boolean or null, got an array/,
  );
  assert.throws(() => Table.fromCsv(''), /the CSV text: the file is empty/);
  assert.throws(() => Table.fromCsv('a,b\n1,2\n').column('c'), /there is no column "c"; there are a, b/);
});

test.run();
