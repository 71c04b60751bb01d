import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { InputError } from '../../ts/errors.js';
import { Stream } from '../../ts/random.js';
import { type CellTable, cellText } from '../../ts/table/cells.js';
import { readCells, readCsv, toCsv } from '../../ts/table/csv.js';
import { toDataset } from '../../ts/table/dataset.js';
import type { Schema } from '../../ts/table/schema.js';
import { stratifiedSplit } from '../../ts/table/split.js';
import type { Column, Table } from '../../ts/table/table.js';
import { GOLDEN_DIR, golden } from '../golden.js';
import { unclaimed } from '../unclaimed.js';
import { inputError } from './refusal.js';

const csv = suite('csv');

/** Header and rows as texts, as a plain CSV reader gives them. */
const rowsOf = ({ columns, rows }: CellTable): string[][] => [
  columns.map((column) => column.name),
  ...Array.from({ length: rows }, (_, row) => columns.map((column) => cellText(column, row))),
];
const cells = (text: string) => rowsOf(readCells(text, 't.csv'));
/** A column's cells as plain values. */
const plain = (column: Column) =>
  'values' in column ? [...column.values] : 'codes' in column ? [...column.codes].map((code) => column.levels[code] ?? null) : column.texts;
const read = (text: string, schema?: Schema) => readCsv(text, { file: 't.csv', schema });

const hostile = golden('hostile/index').filter(
  ({ file }) => !(file in (unclaimed['hostile/index'] ?? {})) && !file.startsWith('model_'), // models: tests/exchange/xgboost.test.ts
);

for (const { file, expect, rows_python_csv: rows } of hostile) {
  csv(`hostile ${file}: ${expect}`, () => {
    const bytes = readFileSync(join(GOLDEN_DIR, 'hostile', file));
    const dataset = () => {
      const table = readCsv(bytes, { file });
      return toDataset(table, { name: file, target: (table.columns.at(-1) as Column).name });
    };
    switch (expect) {
      case 'parse': {
        const want = rows.map((row: unknown[]) => row.map(String)); // "NaN" and "Infinity" came as numbers
        assert.equal(rowsOf(readCells(bytes, file)), want);
        const table = readCsv(bytes, { file });
        assert.equal(rowsOf(readCells(toCsv(table), file))[0], want[0], 'names survive');
        assert.equal(readCsv(toCsv(table)).columns, table.columns, 'the table survives');
        break;
      }
      case 'reject_or_rename':
      case 'reject_typed':
      case 'reject_or_keep_never_truncate':
        inputError(() => readCsv(bytes, { file }), file);
        break;
      case 'reject_with_row_number':
        inputError(() => readCsv(bytes, { file }), file, 'line 2');
        break;
      case 'reject_typed_at_fit':
        inputError(dataset, file, 'one class only');
        break;
      case 'typed_error_or_documented_fallback':
        inputError(() => stratifiedSplit(dataset(), Stream.fromSeed(1)), 'at least 2 rows');
        break;
      case 'reject_or_detect':
        assert.equal(readCsv(bytes, { file }).columns.map(plain), [
          [1.5, 2.5],
          ['0', '1'],
        ]);
        break;
      case 'finish_under_2s':
      case 'finish_under_5s_or_typed_limit':
        assert.equal(readCsv(toCsv(readCsv(bytes, { file }))).columns, readCsv(bytes, { file }).columns);
        break;
      default:
        assert.unreachable(`no rule for ${expect}`);
    }
  });
}

csv('nothing reached the prototype of all objects', () => {
  read('__proto__,constructor,y\n1,2,a\n3,4,b\n', {
    columns: JSON.parse('{"__proto__": {"kind": "numeric"}, "constructor": {"kind": "numeric"}}'),
  });
  assert.is(({} as Record<string, unknown>).kind, undefined);
  assert.is(Object.hasOwn(Object.prototype, 'kind'), false);
});

csv('tells the delimiter from the first rows', () => {
  const want = [
    ['a', 'b'],
    ['1', 'x y'],
    ['2', 'z'],
  ];
  for (const delimiter of [',', ';', '\t', '|']) assert.equal(cells(want.map((row) => row.join(delimiter)).join('\n')), want);
  assert.equal(cells('a;b\n"1,5";"x;y"\n2,5;z\n'), [
    ['a', 'b'],
    ['1,5', 'x;y'],
    ['2,5', 'z'],
  ]);
  assert.equal(cells('note, and more;b\n1;2\n3;4\n')[0], ['note, and more', 'b']);
  assert.equal(cells('sep=|\na|b,c\n1|2\n'), [
    ['a', 'b,c'],
    ['1', '2'],
  ]);
  assert.equal(cells('only\n1\n2\n'), [['only'], ['1'], ['2']]);
});

csv('takes LF, CRLF, CR and mixed line ends, blank lines and quotes before CRLF', () => {
  const want = [
    ['a', 'b'],
    ['1', 'x'],
    ['2', 'y'],
  ];
  for (const end of ['\n', '\r\n', '\r']) {
    assert.equal(cells(`a,b${end}1,x${end}2,y`), want);
    assert.equal(cells(`${end}a,b${end}${end}1,x${end}2,y${end}${end}`), want);
  }
  assert.equal(cells('a,b\n1,x\r\n2,y\n'), want);
  assert.equal(cells('a,b\r\n1,"x"\r\n2,y\r\n'), want);
  assert.equal(cells('a,b\r\n1,"x\ny"\r\n2,z\r\n')[1], ['1', 'x\ny']);
});

csv('reads a long file in chunks without losing a row', () => {
  const rows = Array.from({ length: 60_000 }, (_, i) => [`${i}`, i % 7 === 0 ? `a "quoted", ${i}\nline` : 'plain text', 'x'.repeat(20)]);
  const text = `i,t,x\n${rows.map(([i, t, x]) => `${i},"${(t as string).replaceAll('"', '""')}",${x}`).join('\n')}\n`;
  const table = readCells(text, 't.csv');
  assert.is(table.rows, rows.length);
  assert.equal(rowsOf(table).slice(1), rows);
  assert.is(table.lines[8], 12, 'rows 0 and 7 take two lines each');
});

csv('names every faulty line, also after rows of several lines', () => {
  inputError(() => read('a,b\n"1\n1",2\n3\n4,5,6\n'), 't.csv', 'header has 2', 'line 4 has 1', 'line 5 has 3');
  inputError(() => read('a,b\n1,2\n3,"4\n5,6\n'), 'line 3', 'never closed');
  inputError(() => read('a,b\n1,2\n3,"4"x\n'), 'line 3', 'closing quote');
  inputError(() => read(`a,b\n${'1\n'.repeat(50)}`), 'and 46 more');
  inputError(() => read('a, ,b\n1,2,3\n'), 'line 1', 'column 2 has no name');
  inputError(() => read('\n\na,b,a \n1,2,3\n'), 'line 3', 'columns 1 and 3', '"a"');
  inputError(() => read('a,b\n\n\n'), 'no data rows');
  inputError(() => read('  \n \n'), 'empty');
  inputError(() => read('a,b\n1,\0\n'), 'line 2', 'NUL');
  inputError(() => read(Array.from({ length: 20_001 }, (_, i) => `c${i}`).join(',')), '20001 columns');
});

csv('says what a file is that is no text', () => {
  const refuse = (bytes: number[], ...words: string[]) =>
    inputError(() => readCsv(Uint8Array.from(bytes), { file: 'x.csv' }), 'x.csv', ...words);
  refuse([0x50, 0x4b, 3, 4, 20, 0], 'Excel');
  refuse([0xd0, 0xcf, 0x11, 0xe0, 0xa1], 'Excel');
  refuse([0x1f, 0x8b, 8, 0], 'gzip');
  refuse([...new TextEncoder().encode('PAR1...')], 'Parquet');
  refuse([...Buffer.from('a,b\n1,2\n', 'utf16le')], 'UTF-16');
  refuse([0xff, 0xfe, ...Buffer.from('a,b\n1,2\n', 'utf16le')], 'UTF-16');
  refuse([...Buffer.from('a,b\n1,2\n3,caf\u00e9 \u00fe\u00ff\n', 'latin1')], 'line 3', 'UTF-8', 'byte 13', '--encoding');
  assert.equal(plain(readCsv(new TextEncoder().encode('\ufeffn\u00e4me\ncaf\u00e9\nth\u00e9\n')).columns[0] as Column), [
    'caf\u00e9',
    'th\u00e9',
  ]);
});

csv('guards formulas on the way out and takes the guard off on the way in', () => {
  const texts = ['=1+1', "'=1+1", '@SUM(1)', '+1+1', '-2+3', '\t=1', '-', '+', '+/-', '+ve', "'quoted'", '-5'];
  const table: Table = { rows: texts.length, columns: [{ name: '=name()', kind: 'text', texts }] };
  const lines = toCsv(table).split('\n');
  assert.equal(
    lines.slice(0, 7),
    ["'=name()", "'=1+1", "''=1+1", "'@SUM(1)", "'+1+1", "'-2+3", "'\t=1"].map((cell) => (cell.includes('\t') ? `"${cell}"` : cell)),
  );
  assert.equal(lines.slice(7, 13), ['-', '+', '+/-', '+ve', "'quoted'", '-5']);
  const again = read(toCsv(table), { columns: { '=name()': { kind: 'text' } } });
  assert.equal(again.columns, table.columns);
});

csv('writes numbers in their shortest exact form and missing cells as empty', () => {
  const table = read('a,b,c,d\n1.50,0.1,x,1\n,1e-7,NA,\n-0,123456789.125,y,0\n');
  assert.is(toCsv(table), 'a,b,c,d\n1.5,0.1,x,1\n,1e-7,,\n0,123456789.125,y,0\n');
});

/** A column of each kind with any content that reading could have given. */
const name = fc.string({ unit: 'binary', minLength: 1, maxLength: 6 }).map((text) => `${text.replaceAll('\0', '').trim()}_`);
const word = fc
  .oneof(
    fc.string({ unit: 'binary', maxLength: 8 }),
    fc.constantFrom('=1', "'=x", 'a,b', '"', '""', '\r', '\n', ' x ', '-', '+1+1', 'x\r\n', 'sep=;'),
  )
  .map((text) => text.replaceAll('\0', ''));
const number = fc.oneof(
  fc.double({ noDefaultInfinity: true, noNaN: true }).map((value) => value + 0),
  fc.integer({ min: -999, max: 999 }).map((value) => value / 100),
  fc.constant(Number.NaN),
);
const column = (rows: number): fc.Arbitrary<Column> =>
  fc.oneof(
    fc.record({ name, kind: fc.constant('text' as const), texts: fc.array(word, { minLength: rows, maxLength: rows }) }),
    fc
      .array(number, { minLength: rows, maxLength: rows })
      .map((values) => ({ name: 'n', kind: 'numeric' as const, values: Float64Array.from(values), decimals: -2 })),
    fc
      .array(fc.integer({ min: -1, max: 2 }), { minLength: rows, maxLength: rows })
      .map((codes) => ({ name: 'l', kind: 'categorical' as const, levels: ['a b', '=c', 'd,"e"\n'], codes: Int32Array.from(codes) })),
    fc
      .array(fc.integer({ min: -1, max: 2 }), { minLength: rows, maxLength: rows })
      .map((codes) => ({ name: 'o', kind: 'ordinal' as const, levels: ['low', 'NA', 'high'], codes: Int32Array.from(codes) })),
  );
const table: fc.Arbitrary<Table> = fc.integer({ min: 1, max: 6 }).chain((rows) =>
  fc.array(column(rows), { minLength: 1, maxLength: 4 }).map((columns) => ({
    rows,
    columns: columns.map((own, c) => ({ ...own, name: `${own.name}${c}` })),
  })),
);

csv('any table that is written is read as the very same', () => {
  fc.assert(
    fc.property(table, (made) => {
      const schema: Schema = {
        columns: Object.fromEntries(
          made.columns.map((own) => [own.name, 'levels' in own ? { kind: own.kind, levels: own.levels } : { kind: own.kind }]),
        ),
      };
      const text = toCsv(made);
      if (made.columns.length === 1 && text.endsWith('\n\n')) return; // blank lines at the end of a single column are no rows
      const got = read(text, schema);
      assert.is(got.rows, made.rows);
      made.columns.forEach((own, c) => {
        assert.is((got.columns[c] as Column).name, own.name);
        assert.equal(plain(got.columns[c] as Column), plain(own));
      });
      assert.is(toCsv(got), text);
    }),
    { seed: 7, numRuns: 200 },
  );
});

csv('any text is read or refused with a named error', () => {
  const piece = fc.constantFrom('a', '1', ',', ';', '\n', '\r\n', '\r', '"', '""', ' ', 'NA', '\t', '=', "'", '1.5', '\ufeff', 'é');
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
      try {
        const got = read(pieces.join(''));
        for (const own of got.columns) assert.is(plain(own).length, got.rows);
        assert.equal(
          readCsv(toCsv(got), { schema: { columns: Object.fromEntries(got.columns.map(({ name, kind }) => [name, { kind }])) } }).rows >= 0,
          true,
        );
      } catch (error) {
        assert.instance(error, InputError, `${JSON.stringify(pieces.join(''))}: ${(error as Error).stack}`);
      }
    }),
    { seed: 11, numRuns: 500 },
  );
});

csv.run();
