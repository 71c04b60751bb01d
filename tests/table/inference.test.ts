import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { readCsv } from '../../ts/table/csv.js';
import { decimalsOf, finestGrid, onGrid, parseDecimalComma, parseNumber } from '../../ts/table/numerals.js';
import { parseSchema, type Schema, schemaOf } from '../../ts/table/schema.js';
import type { Column, LevelColumn, NumberColumn } from '../../ts/table/table.js';
import { inputError } from './refusal.js';

const inference = suite('inference');

/** One column read from its cells. */
function one(cells: readonly (string | number)[], schema?: Schema, delimiter = ','): { column: Column; warnings: readonly string[] } {
  const lines = ['x', ...cells].map((cell) => `${cell}${delimiter}.`);
  const table = readCsv(lines.join('\n').replace('.', 'y'), { file: 't.csv', schema });
  return { column: table.columns[0] as Column, warnings: table.warnings.filter((warning) => warning.includes('"x"')) };
}
const kind = (cells: readonly (string | number)[], schema?: Schema) => one(cells, schema).column.kind;
const upTo = (n: number, cell: (i: number) => string | number) => Array.from({ length: n }, (_, i) => cell(i));

inference('numbers are digits, a point and an exponent, nothing else', () => {
  const numbers: [string, number][] = [
    ['1', 1],
    ['-1.5', -1.5],
    ['+.5', 0.5],
    ['5.', 5],
    ['1e3', 1000],
    ['1E-3', 0.001],
    [' 7 ', 7],
    ['1e308', 1e308],
    ['-0', 0],
  ];
  for (const [text, value] of numbers) assert.ok(Object.is(parseNumber(text), value), text);
  for (const text of ['', ' ', '.', '-', 'e5', '1e', '0x10', '1_000', '1,000', 'Infinity', 'NaN', '1e309', '1.2.3', '--1', '1 2', '١']) {
    assert.ok(Number.isNaN(parseNumber(text)), text);
  }
  assert.is(parseDecimalComma('-36,5'), -36.5);
  for (const text of ['36.5', '1.234,5', '1,2,3', ',5', 'a']) assert.ok(Number.isNaN(parseDecimalComma(text)), text);
});

inference('decimals are those of the number, and a grid gives the decimal number itself', () => {
  const want: [number, number][] = [
    [1, 0],
    [1.5, 1],
    [0.001, 3],
    [1e-7, 7],
    [1.5e-9, 10],
    [1e21, 0],
    [0.1 + 0.2, -1],
    [5e-324, -1],
  ];
  for (const [value, decimals] of want) assert.is(decimalsOf(value), decimals, `${value}`);
  assert.is(finestGrid([1, 2.5, Number.NaN, 0.25]), 2);
  assert.is(finestGrid([1, 0.1 + 0.2]), -1);
  assert.is(finestGrid([]), -1);
  for (let i = -500; i < 500; i++) assert.ok(Object.is(onGrid(i / 1000 + 1e-9, 3), Number(`${i}e-3`) + 0), `${i}`);
  assert.is(onGrid(1.23456, -1), 1.23456);
  assert.is(onGrid(1e300, 5), 1e300);
});

inference('kinds', () => {
  assert.is(kind([1, 2, 3]), 'integer');
  assert.is(kind(['1.0', '2.00', '3']), 'integer');
  assert.is(kind([1, 2.5]), 'numeric');
  assert.is(kind([0, 1, 1]), 'binary');
  assert.is(kind(['0.0', '1.0', '']), 'binary');
  assert.equal((one(['0.0', '1', '1.0', '']).column as LevelColumn).levels, ['0', '1']);
  assert.is(kind([1, 2, 1]), 'integer', 'codes of two levels stay numbers until declared');
  assert.is(kind([0, 0, 0]), 'integer');
  assert.is(kind(['f', 'm']), 'binary');
  assert.is(kind(['a', 'b', 'c']), 'categorical');
  assert.is(kind(['a', 'a']), 'categorical');
  assert.is(kind(['1e308', '-1e308']), 'numeric');
  assert.is(kind(['', 'NA', '?']), 'text');
});

inference('missing cells in their usual writings', () => {
  const { column } = one(['', 'NA', 'N/A', 'n/a', '#N/A', '<NA>', 'NaN', 'nan', 'null', 'NULL', '.', '?', ' NA ', '5']);
  assert.is(column.kind, 'integer');
  assert.is([...(column as NumberColumn).values].filter(Number.isNaN).length, 13);
  const levels = one(['none', 'NA', '-', 'a', '?', 'a']).column as LevelColumn;
  assert.equal(levels.levels, ['-', 'a', 'none'], '"none" and "-" are findings');
  assert.equal([...levels.codes], [2, -1, 0, 1, -1, 1]);
});

inference('levels are sorted whatever the order of the rows, and kept as they are written', () => {
  const want = [' a', 'B', 'a', 'é'];
  for (const order of [
    [0, 1, 2, 3],
    [3, 1, 0, 2],
  ])
    assert.equal((one(order.map((i) => want[i] as string)).column as LevelColumn).levels, want);
});

inference('identifiers, dates, free text and codes are carried along, and said so', () => {
  const texts: [string, (i: number) => string | number][] = [
    ['identifier', (i) => `P${(i * 7919) % 1000}X`],
    ['identifier', (i) => i + 1],
    ['dates', (i) => `2020-01-${10 + (i % 20)}`],
    ['dates', (i) => `${1 + (i % 28)}/${1 + (i % 12)}/2019 13:45`],
    ['free text', (i) => `note ${i % 25}`],
    ['free text', (i) => `stable. ${'no change. '.repeat(10)}${i % 2}`],
    ['codes', (i) => `00${100 + i}`],
    ['codes', (i) => `90071992547409${100 + i}`],
  ];
  for (const [word, cell] of texts) {
    const { column, warnings } = one(upTo(40, cell));
    assert.is(column.kind, 'text', word);
    assert.is(warnings.length, 1, word);
    assert.match(warnings[0] as string, word);
  }
  assert.is(kind(upTo(40, (i) => i * i)), 'integer', 'different numbers are not yet an identifier');
  assert.is(kind(upTo(400, (i) => `ward ${i % 30}`)), 'categorical', 'many levels, each often');
  assert.is(kind(upTo(40, (i) => `0${i % 3}`)), 'categorical', 'few codes are levels');
});

inference('a column of numbers with words in it is refused, with the way out', () => {
  const cells = upTo(100, (i) => (i % 20 === 7 ? 'pending' : i / 10));
  inputError(() => one(cells), 't.csv', '"x"', '5 of 100', '"pending" in line 9', 'missing');
  const healed = one(cells, { columns: { x: { kind: 'numeric', missing: ['pending'] } } }).column as NumberColumn;
  assert.is(healed.values.filter(Number.isNaN).length, 5);
  assert.is(kind(upTo(100, (i) => (i % 20 === 7 ? 'X' : i % 4))), 'categorical', 'few numbers beside a word are levels');
  assert.is(kind(cells, { exclude: ['x'] }), 'text', 'an excluded column is not looked at');
});

inference('numbers with commas in a file of commas are to be written without them, not declared missing', () => {
  const remedy = 'export the numbers with a decimal point and without thousands separators';
  const commas = upTo(200, (i) => `"${2 + i},${100 + i}"`);
  inputError(() => one(commas), 't.csv', '"x"', '200 of 200 cells', '"2,100" in line 2', remedy, '--exclude');
  const some = upTo(200, (i) => (i % 3 === 0 ? `"${1 + i},${500 + i}"` : 500 + i));
  inputError(() => one(some), '67 of 200 cells', remedy);
  const long = upTo(200, (i) => (i % 20 === 0 ? `"1,${100 + i},000.5"` : 500.5 + i));
  inputError(() => one(long), '10 of 200 cells', remedy);
  const fewCommas = upTo(200, (i) => (i === 0 ? '"1,500"' : i === 1 ? 'pending' : i === 2 ? 'lost' : 500 + i));
  inputError(() => one(fewCommas), '3 of 200 cells', 'missing', '"1,500"');
  assert.throws(
    () => one(fewCommas),
    (error: Error) => !error.message.includes(remedy),
  );
  assert.throws(
    () => one(commas),
    (error: Error) => !error.message.includes('missing'),
  );
});

inference('codes for missing that lie far from all values are reported, and missing when declared', () => {
  const cells = upTo(60, (i) => (i % 20 === 3 ? 999 : i % 30 === 4 ? -9 : 90 + (i % 41)));
  const { warnings } = one(cells);
  assert.match(warnings.join(), '999 in 3 cells');
  assert.match(warnings.join(), '-9 in 2 cells');
  const declared = one(cells, { columns: { x: { missing: ['999', '-9'] } } });
  assert.equal(declared.warnings, []);
  assert.is((declared.column as NumberColumn).values.filter(Number.isNaN).length, 5);
  assert.equal(one(upTo(60, (i) => 900 + 5 * i)).warnings, [], 'a platelet count may be 999');
  assert.equal(one(upTo(60, (i) => (i % 20) - 9)).warnings, [], 'a base excess may be -9');
});

inference('a constant column and numbers beyond range are said', () => {
  assert.match(one(['CH', 'CH', 'CH']).warnings.join(), 'one value only');
  assert.match(one([7, 7, 7]).warnings.join(), 'one value only');
  assert.match(one(['1', '1', 'Infinity', '2']).warnings.join(), 'not a finite number');
  assert.match(one(['1', '1', '1e309', '2']).warnings.join(), '1e309');
});

inference('decimal commas are read where commas do not part cells', () => {
  const { column, warnings } = one(['36,5', '37', '', '-1,25'], undefined, ';');
  assert.equal([...(column as NumberColumn).values], [36.5, 37, Number.NaN, -1.25]);
  assert.is((column as NumberColumn).decimals, 2);
  assert.match(warnings.join(), 'decimal commas');
  assert.is(one(['"1,5"', '"2,5"'], undefined, ',').column.kind, 'binary', 'in a comma file it could as well be thousands');
});

inference('declared kinds are checked cell by cell', () => {
  const as = (rule: object): Schema => parseSchema({ columns: { x: rule } });
  assert.is(kind([1, 2, 1], as({ kind: 'categorical' })), 'categorical');
  assert.equal((one(['10', '9', '9.0', ''], as({ kind: 'ordinal' })).column as LevelColumn).levels, ['9', '10'], 'by value');
  const listed = one(['high', 'low'], as({ kind: 'ordinal', levels: ['low', 'mid', 'high'] })).column as LevelColumn;
  assert.equal(listed.levels, ['low', 'mid', 'high']);
  assert.equal([...listed.codes], [2, 0]);
  assert.equal((one(['1', '2.50'], as({ kind: 'categorical' })).column as LevelColumn).levels, ['1', '2.50'], 'codes keep their writing');
  assert.is(kind([1, 2, 3], as({ kind: 'text' })), 'text');
  inputError(() => one(['low', 'hig'], as({ kind: 'ordinal', levels: ['low', 'high'] })), 'line 3', '"hig"', '"low" and "high"');
  inputError(() => one(['low', 'high'], as({ kind: 'ordinal' })), 'line 2', 'levels');
  inputError(() => one(['1', '2.5'], as({ kind: 'integer' })), 'line 3', 'whole number', '2.5');
  inputError(() => one(['1', 'x'], as({ kind: 'numeric' })), 'line 3', '"x"');
  inputError(() => one(['1', '2', '3'], as({ kind: 'binary' })), 'binary', '3 levels');
});

inference('a schema that contradicts itself or the table is refused', () => {
  const refuse = (json: unknown, ...words: string[]) => inputError(() => one(['1', '2'], parseSchema(json, 's.json')), ...words);
  refuse({ colums: {} }, 's.json', '"colums"');
  refuse({ columns: { x: { kind: 'number' } } }, 's.json', '"columns.x.kind"', '"numeric"', 'got "number"');
  refuse({ columns: { x: { levels: [] } } }, 'at least 1');
  refuse('{"a"', 's.json', 'JSON');
  refuse([], 'expected object');
  refuse({ columns: { X: { kind: 'text' } } }, 'no column "X"', 'did you mean "x"');
  refuse({ target: 'zzz' }, 'no column "zzz"', '"x" and "y"');
  refuse({ exclude: ['q'] }, 'no column "q"');
  refuse({ columns: { x: { kind: 'ordinal', levels: ['1', '2', '1'] } } }, '"1"', 'twice');
  refuse({ columns: { x: { kind: 'binary', levels: ['1', '2', '3'] } } }, 'binary');
  refuse({ columns: { x: { kind: 'numeric', levels: ['1', '2'] } } }, 'levels');
  assert.equal(parseSchema('{"positive": 1, "columns": {"x": {"levels": [0, 0.5, true]}}}'), {
    positive: '1',
    columns: { x: { levels: ['0', '0.5', 'true'] } },
  });
});

inference('another file is read with the kinds of the first', () => {
  const first = readCsv('a,b,c\n0,x,1.5\n1,y,2\n');
  const second = readCsv('a,b,c\n1,z,3\n1,,\n', { schema: schemaOf(first) });
  assert.equal(
    second.columns.map((column) => column.kind),
    first.columns.map((column) => column.kind),
  );
});

inference.run();
