/** What hospitals export beside plain tables: titles, encodings, units, limits, dates, repeats, leaks. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { readCsv } from '../../ts/table/csv.js';
import { toDataset } from '../../ts/table/dataset.js';
import { parseSchema } from '../../ts/table/schema.js';
import type { Column, NumberColumn } from '../../ts/table/table.js';
import { inputError } from './refusal.js';

const test = suite('exports of hospitals');
const read = (csv: string | Uint8Array, schema: unknown = {}) => readCsv(csv, { file: 't.csv', schema: parseSchema(schema) });
const names = (columns: readonly Column[]) => columns.map(({ name }) => name);
const rows = (n: number, row: (i: number) => string) => Array.from({ length: n }, (_, i) => row(i)).join('\n');

test('a title above the header is refused with the probable line, and read with it', () => {
  const table = `age,sex,died\n${rows(6, (i) => `${50 + i},f,${i % 2}`)}\n`;
  for (const title of ['ICU export 2024\n\n', 'ICU export 2024,,\nmade by X,,\n']) {
    inputError(() => read(title + table), 't.csv, line 1', 'title', 'line 3', '--header-line 3');
    const { columns, lines, warnings } = read(title + table, { headerLine: 3 });
    assert.equal(names(columns), ['age', 'sex', 'died']);
    assert.is(lines[0], 4);
    assert.match(warnings.join(), /t\.csv: what stands above line 3 is left out/);
  }
  inputError(() => read(table, { headerLine: 99 }), '"header-line"', 'got 99');
});

test('a delimiter too many at the end of every line is left out, at the end of some lines refused', () => {
  for (const csv of ['a,b,\n1,x,\n2,y,\n', 'a,b\n1,x,\n2,y,\n', 'a,b,,\n1,x,,\n2,y,,\n']) {
    const { columns, warnings } = read(csv);
    assert.equal(names(columns), ['a', 'b']);
    assert.match(warnings.join(), 'delimiter too many');
  }
  inputError(() => read('a,b\n1,x,\n2,y\n'), 'line 2 has 3');
  inputError(() => read('a,b\n1,x,\n2,y,z\n'), 'line 2 has 3 and line 3 has 3'); // "z" must not get lost
  inputError(() => read('a,b,\n1,x,\n2,y,z\n'), 'line 3', 'column 3 holds "z"', 'no name');
});

test('UTF-16 is read where it is named; Latin-1 is told', () => {
  const utf16 = Uint8Array.from([0xff, 0xfe, ...Buffer.from('a,b\n1,é\n2,x\n', 'utf16le')]);
  inputError(() => read(utf16), 'UTF-16', '--encoding utf-16');
  assert.equal((read(utf16, { encoding: 'utf-16' }).columns[1] as { levels?: readonly string[] }).levels, ['x', 'é']);
  const latin = Uint8Array.from(Buffer.from('a,b\n1,é\n2,x\n', 'latin1'));
  assert.match(read(latin).warnings.join(), /line 2, byte 6.*"é"/);
  inputError(() => read(latin, { encoding: 'utf-8' }), 'not valid utf-8');
  inputError(() => read(latin, { encoding: 'morse' }), '"encoding"', 'morse');
});

test('units: one is taken off, two are refused, some cells without need a word', () => {
  const column = (cell: (i: number) => string, schema = {}) => read(`x,y\n${rows(20, (i) => `${cell(i)},${i % 2}`)}\n`, schema);
  const table = column((i) => `${i / 10} mmol/L`);
  assert.is((table.columns[0] as NumberColumn).unit, 'mmol/L');
  assert.is((table.columns[0] as NumberColumn).values[7], 0.7);
  assert.match(table.warnings.join(), 'unit "mmol/L"');
  inputError(() => column((i) => (i < 5 ? `${i} mg/dL` : `${i} mmol/L`)), '"mg/dL" in 5 cells from line 2', '"mmol/L" in 15 cells');
  const some = (i: number) => (i < 5 ? `${i}` : `${i} mmol/L`);
  inputError(() => column(some), 'some without', '"unit":"mmol/L"');
  assert.is((column(some, { columns: { x: { unit: 'mmol/L' } } }).columns[0] as NumberColumn).values[3], 3);
});

test('limits of measurement are refused until it is said what they are read as', () => {
  const csv = `x,y\n${rows(20, (i) => `${i % 7 === 0 ? '<0.3' : i / 10 + 1},${i % 2}`)}\n`;
  inputError(() => read(csv), '3 cells beyond a limit', '"<0.3" in line 2', '--censored');
  const value = (censored: string) => (read(csv, { censored }).columns[0] as NumberColumn).values[0];
  assert.equal([value('limit'), value('half'), Number.isNaN(value('missing'))], [0.3, 0.15, true]);
});

test('the order of day and month is told, or that nobody can tell it', () => {
  const said = (cell: (i: number) => string) => read(`d,y\n${rows(12, (i) => `${cell(i)},${i % 2}`)}\n`).warnings.join();
  assert.match(
    said((i) => `${i + 10}/03/2020`),
    /day\/month\/year, as "13\/03\/2020" in line 5 tells/,
  );
  assert.match(
    said((i) => `3/${i + 10}/2020`),
    /month\/day\/year, as/,
  );
  assert.match(
    said((i) => `${(i % 12) + 1}/03/2020`),
    /cannot be told apart/,
  );
  assert.match(
    said((i) => `2020-03-${i + 10}`),
    /year, month, day/,
  );
});

test('levels that differ in case, rows that repeat, and columns that tell the target are said', () => {
  const csv = `id,a,b,sex,discharge,y\n${rows(40, (i) => `${i},${(i * 7) % 23},${(i * 5) % 11},${i === 3 ? 'F' : 'fm'[i % 2]},${i % 4 ? 'home' : 'morgue'},${i % 4 ? 0 : 1}`)}\n`;
  const twice = `${csv}${csv.split('\n')[5]}\n`;
  const table = read(twice);
  assert.match(table.warnings.join(), /"sex" has levels that differ in case or spaces alone \("f" in line 2, "F" in line 5\)/);
  assert.match(table.warnings.join(), /1 row repeats an earlier one in every cell \(line 42\)/);
  const { warnings } = toDataset(table, { name: 't', target: 'y', positive: '1' });
  assert.match(warnings.join(), /column "discharge" tells the target "y" exactly/);
  assert.not.match(warnings.join(), /column "a" tells/);
});

test('roles of a schema settle target, group and what is left out, and may not contradict each other', () => {
  const columns = { y: { role: 'target' }, id: { role: 'group' }, a: { role: 'identifier' } };
  const schema = parseSchema({ columns });
  assert.equal([schema.target, schema.group, schema.exclude], ['y', 'id', ['a']]);
  inputError(() => parseSchema({ columns, target: 'a' }), '"a" and "y" cannot all be the target');
  inputError(() => parseSchema({ columns: { y: { role: 'excluded' } }, target: 'y' }), '"y" cannot be left out');
});

test.run();
