import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { readCsv } from '../../ts/table/csv.js';
import { type DatasetRoles, toDataset } from '../../ts/table/dataset.js';
import type { Schema } from '../../ts/table/schema.js';
import { inputError } from './refusal.js';

const dataset = suite('dataset');

function made(text: string, roles: Partial<DatasetRoles> = {}, schema?: Schema) {
  return toDataset(readCsv(text, { file: 't.csv', schema }), { name: 't', target: 'y', ...roles });
}
const ROWS = 'id,a,b,y\n1,1.5,u,no\n1,2.5,v,no\n2,3.5,u,yes\n3,4.5,v,no\n3,5.5,u,no\n';

dataset('the rarer class is positive unless given, and that is said', () => {
  const got = made(ROWS, { exclude: ['id'] });
  assert.equal([...got.y], [0, 0, 1, 0, 0]);
  assert.equal(got.target, { column: 'y', positive: 'yes', negative: 'no' });
  assert.equal(got.warnings, [
    't.csv: no positive class of "y" was given: "yes" taken (the rarer class, 1 of 5 rows); name another with --positive',
  ]);
  assert.equal(
    got.features.columns.map((column) => column.name),
    ['a', 'b'],
  );
  assert.is(got.group, null);
  assert.is(got.rows, null);
  const tie = made('a,y\n1.5,B\n2.5,M\n');
  assert.is(tie.target.positive, 'M');
  assert.match(tie.warnings.join(), 'equally frequent');
});

dataset('the positive class is found by its text or its number', () => {
  const given = made(ROWS, { positive: 'no', exclude: ['id'] });
  assert.equal([...given.y], [1, 1, 0, 1, 1]);
  assert.match(given.warnings.join(), 'more frequent');
  assert.equal([...made('a,y\n1.5,0\n2.5,1\n3.5,0\n', { positive: '1.0' }).y], [0, 1, 0]);
  assert.equal([...made('a,y\n1.5,1\n2.5,2\n3.5,1\n', { positive: '2' }).y], [0, 1, 0], 'a target coded 1 and 2');
  inputError(() => made(ROWS, { positive: 'ja' }), 't.csv', '"positive"', '"no" in 4 rows', '"yes" in 1 row', '"ja"');
  inputError(() => made('a,y\n1.5,0\n2.5,1\n', { positive: '' }), 'got ""');
});

dataset('more than two classes need the positive one to be named', () => {
  const three = 'a,y\n1.5,alive\n2.5,died\n3.5,moved\n4.5,alive\n';
  inputError(() => made(three), 't.csv', '3 classes', '"alive" in 2 rows', '"died" in 1 row', 'positive');
  const one = made(three, { positive: 'died' });
  assert.equal([...one.y], [0, 1, 0, 0]);
  assert.is(one.target.negative, 'not died');
  const many = `a,y\n${Array.from({ length: 50 }, (_, i) => `1.${i},${i * i}`).join('\n')}\n`;
  inputError(() => made(many), '50 classes', 'and 42 more');
  inputError(() => made('a,y\n1.5,0\n2.5,0\n'), 't.csv', 'one class only', '"0" in 2 rows');
});

dataset('rows without a target are left out and named', () => {
  const got = made('a,y\n1.5,0\n2.5,\n3.5,1\n4.5,NA\n5.5,0\n', { positive: '1' });
  assert.equal([...got.y], [0, 1, 0]);
  assert.equal([...(got.rows as Uint32Array)], [0, 2, 4]);
  assert.equal([...(got.features.columns[0] as { values: Float64Array }).values], [1.5, 3.5, 5.5]);
  assert.equal(got.warnings, ['t.csv: 2 rows without a value of the target "y" left out: line 3 and 5; fill the cells in to use them']);
  const words = made(`a,y\n${Array.from({ length: 30 }, (_, i) => `1.${i},${i === 3 ? 'NA' : `diagnosis ${i}`}`).join('\n')}\n`, {
    positive: 'diagnosis 7',
  });
  assert.is(words.y.length, 29, 'also where the target is free text');
  inputError(() => made('a,y\n1.5,\n2.5,?\n'), 't.csv', '"y"', 'no value in any row');
});

dataset('groups are numbered, complete and not the target', () => {
  const got = made(ROWS, { group: 'id', positive: 'yes' });
  assert.equal([...(got.group as Int32Array)], [0, 0, 1, 2, 2]);
  assert.equal(
    got.features.columns.map((column) => column.name),
    ['a', 'b'],
  );
  assert.equal(got.warnings, []);
  const names = made('id,a,y\nx,1.5,0\ny,2.5,1\nx,3.5,0\n', { group: 'id', positive: '1' });
  assert.equal([...(names.group as Int32Array)], [0, 1, 0]);
  inputError(() => made('id,a,y\n1,1.5,0\n,2.5,1\n1,3.5,0\n', { group: 'id' }), 't.csv', 'line 3', '"id"');
  inputError(() => made('id,a,y\n1,1.5,0\n1,2.5,1\n', { group: 'id' }), 'same value in every row');
  inputError(() => made(ROWS, { group: 'y' }), 'target and the group');
  assert.match(made('id,a,y\n1,1.5,0\n2,2.5,1\n3,1,0\n', { group: 'id', positive: '1' }).warnings.join(), 'keeps no rows together');
});

dataset('unknown columns are named with the nearest one', () => {
  inputError(() => made(ROWS, { target: 'Y' }), 't.csv', 'no column "Y"', 'did you mean "y"');
  inputError(() => made(ROWS, { group: 'ids' }), 'did you mean "id"');
  inputError(() => made(ROWS, { exclude: ['ward'] }), 'no column "ward"', '"a"');
  inputError(() => made(ROWS, { exclude: ['y'] }), 'target "y" cannot be excluded');
  inputError(() => made(ROWS, { exclude: ['id', 'a', 'b'] }), 'no column to learn from');
  inputError(() => made('constructor,y\n1,0\n2,1\n', { target: 'toString' }), 'no column "toString"');
});

dataset('what looks like a patient, and more columns than rows, is said', () => {
  const warned = (text: string) => made(text, { positive: '1' }).warnings.join();
  assert.match(warned('patient_id,a,y\n1,1.5,0\n1,2.5,1\n2,1.5,0\n3,7,1\n'), '"patient_id"');
  assert.match(warned('a,b,c,y\n1,2,3,0\n4,5,6,1\n'), 'more columns (3) than rows (2)');
  assert.equal(warned('patience,a,y\n1,1.5,0\n1,2.5,1\n2,1.5,0\n'), '');
});

dataset('text columns are no features, in a table that was not read from a file either', () => {
  const { file, lines, warnings, ...bare } = readCsv('t,a,y\nx1,1.5,0\nx2,2.5,\nx3,3.5,1\n', {
    schema: { columns: { t: { kind: 'text' } } },
  });
  assert.ok(file && lines && warnings);
  const got = toDataset(bare, { name: 'bare', target: 'y', positive: '1' });
  assert.equal(
    got.features.columns.map((column) => column.name),
    ['a'],
  );
  assert.match(got.warnings.join(), '1 row without a value of the target "y" left out: row 2');
});

dataset.run();
