import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { wasmBackend } from '../../ts/backend/select.js';
import { type EncoderState, encoderOf, fitEncoder } from '../../ts/encode/encoder.js';
import { ComputeError } from '../../ts/errors.js';
import { readCsv } from '../../ts/table/csv.js';
import type { Schema } from '../../ts/table/schema.js';
import { type Column, isNumberColumn, type LevelColumn, type NumberColumn, type Table, takeRows } from '../../ts/table/table.js';
import { cellTexts } from '../contract/fingerprint.js';
import { inputError } from '../table/refusal.js';

const normal = (await wasmBackend()).special;
const encoder = suite('encoder');
const read = (text: string, schema?: Schema): Table => readCsv(text, { file: 't.csv', schema });
/** Columns without typed arrays, in which uvu takes NaN to differ from NaN. */
const plain = ({ columns }: Table) =>
  columns.map((column) =>
    isNumberColumn(column) ? { ...column, values: [...column.values] } : { ...column, codes: [...(column as LevelColumn).codes] },
  );
const fit = (table: Table) => fitEncoder(table, normal);
/** Columns that take every path: numbers with and without gaps, one value, nothing at all, few whole numbers, levels. */
const ROWS = [
  ['1.5', '', '7', 'NA', '0', 'a', 'u', 'x', 'low'],
  ['2.25', '10', '7', 'NA', '3', 'b', '', 'x', 'high'],
  ['2.25', '12', '7', 'NA', '3', 'a', 'v', 'x', 'mid'],
  ['9.75', '', '7', 'NA', '9', 'c', 'v', 'x', 'mid'],
  ['-4', '11', '7', 'NA', '0', 'a', 'u', 'x', 'low'],
];
const SCHEMA: Schema = {
  columns: {
    none: { kind: 'numeric' },
    ord: { kind: 'ordinal', levels: ['low', 'mid', 'high'] },
    l: { kind: 'categorical' },
    m: { kind: 'categorical' },
    k: { kind: 'categorical' },
    gap: { kind: 'integer' },
    code: { kind: 'integer' },
  },
};
const TABLE = read(`n,gap,one,none,code,l,m,k,ord\n${ROWS.map((row) => row.join(',')).join('\n')}\n`, SCHEMA);

encoder('a table comes back cell by cell', () => {
  const { encode, decode, numeric, levels } = fit(TABLE);
  assert.is(numeric, 3, 'n, gap, code');
  assert.equal(levels, [2, 3, 3, 3], 'gap missing, l, m with missing, ord');
  const back = decode(encode(TABLE));
  assert.equal(plain(back), plain(TABLE));
});

encoder('numbers are normal scores, missing ones 0 and flagged; levels are codes, missing the last', () => {
  const { numeric, codes } = fit(TABLE).encode(TABLE);
  const score = (p: number) => Math.fround(normal.ndtri(p));
  assert.equal(
    [0, 1, 2, 3, 4].map((row) => numeric[row * 3]),
    [0.3, 0.6, 0.6, 0.9, 0.1].map((p, i) => (i === 1 || i === 2 ? score(0.6) : score(p))),
  );
  assert.equal(
    [...numeric].filter((_, i) => i % 3 === 1),
    [0, score(1 / 6), score(5 / 6), 0, 0],
  );
  assert.equal(
    [...codes].filter((_, i) => i % 4 === 0),
    [1, 0, 0, 1, 0],
  );
  assert.equal(
    [...codes].filter((_, i) => i % 4 === 2),
    [0, 2, 1, 1, 0],
  );
});

encoder('whatever a model draws is decoded into the observed grid, range and levels', () => {
  const made = fit(TABLE);
  const rows = 200;
  fc.assert(
    fc.property(fc.array(fc.float({ noNaN: true, min: -40, max: 40 }), { minLength: rows * 3, maxLength: rows * 3 }), (draws) => {
      const codes = Int32Array.from({ length: rows * 4 }, (_, i) => i % (made.levels[i % 4] as number));
      const { columns } = made.decode({ rows, numeric: Float32Array.from(draws), codes });
      const [n, gap, one, none, code, l, m, k] = columns as [
        NumberColumn,
        NumberColumn,
        NumberColumn,
        NumberColumn,
        NumberColumn,
        LevelColumn,
        LevelColumn,
        LevelColumn,
      ];
      for (const value of n.values) assert.ok(value >= -4 && value <= 9.75 && Math.round(value * 100) / 100 === value, `${value}`);
      gap.values.forEach((value, i) => {
        assert.ok(codes[i * 4] === 1 ? Number.isNaN(value) : [10, 11, 12].includes(value), `${value}`);
      });
      assert.ok(one.values.every((value) => value === 7));
      assert.ok(none.values.every(Number.isNaN));
      assert.ok(code.values.every((value) => [0, 3, 9].includes(value)));
      assert.ok(l.codes.every((value) => value >= 0 && value < 3));
      assert.ok(m.codes.includes(-1) && m.codes.includes(1));
      assert.ok(k.codes.every((value) => value === 0));
    }),
    { seed: 2, numRuns: 10 },
  );
});

encoder('infinite draws are the ends, NaN is diverged training', () => {
  const { decode, levels } = fit(TABLE);
  const decoded = (z: number) =>
    (decode({ rows: 1, numeric: Float32Array.of(z, z, z), codes: new Int32Array(levels.length) }).columns[0] as NumberColumn).values[0];
  assert.is(decoded(Number.POSITIVE_INFINITY), 9.75);
  assert.is(decoded(Number.NEGATIVE_INFINITY), -4);
  assert.throws(
    () => decoded(Number.NaN),
    (error: Error) => error instanceof ComputeError && /"n".*diverged/.test(error.message),
  );
});

encoder('other rows: unknown levels count as the most frequent one, numbers outside as the ends, gaps as the median', () => {
  const made = fit(takeRows(TABLE, [1, 2, 4]));
  const other = read('n,gap,one,none,code,l,m,k,ord\n99,,7,1,5,zz,,new,high\n-99,11,8,NA,0,b,v,x,low\n', SCHEMA);
  const back = made.decode(made.encode(other));
  const cells = (column: Column) =>
    isNumberColumn(column)
      ? [...column.values]
      : [...(column as LevelColumn).codes].map((code) => (column as LevelColumn).levels[code] ?? null);
  assert.equal(back.columns.map(cells), [
    [2.25, -4],
    [11, 11],
    [7, 7],
    [Number.NaN, Number.NaN],
    [3, 0],
    ['a', 'b'],
    [null, 'v'],
    ['x', 'x'],
    ['high', 'low'],
  ]);
});

encoder('what was learnt is plain data, and makes the same encoder again', () => {
  const made = fit(TABLE);
  const stored = JSON.parse(JSON.stringify(made.state)) as EncoderState;
  assert.equal(stored, made.state);
  const again = encoderOf(stored, normal);
  const encoded = made.encode(TABLE);
  assert.equal(again.encode(TABLE), encoded);
  assert.equal(again.levels, made.levels);
  assert.equal(cellTexts(again.decode(encoded)), cellTexts(made.decode(encoded)));
});

encoder('rows that are not of the training part change nothing that was learnt', () => {
  const other = read(
    `n,gap,one,none,code,l,m,k,ord\n${ROWS.map((row, i) => (i < 4 ? row : ['1e6', '0.5', '-1.23456', '5', '77', 'AA', 'zz', 'y', 'mid']))
      .map((row) => row.join(','))
      .join('\n')}\n`,
    { columns: { ...SCHEMA.columns, gap: { kind: 'numeric' } } },
  );
  const learnt = (table: Table) => JSON.stringify(fit(takeRows(table, [0, 1, 2, 3])).state).replaceAll('integer', 'numeric');
  assert.is(learnt(other), learnt(TABLE));
});

encoder('tiny and degenerate training parts', () => {
  for (const rows of [[0], [3], [1, 2]]) {
    const part = takeRows(TABLE, rows);
    const made = fit(part);
    assert.equal(cellTexts(made.decode(made.encode(part))), cellTexts(part));
  }
  inputError(() => fit(takeRows(TABLE, [])), 'at least 1 row');
  inputError(() => fit(read('t,y\nsome,1\nother,0\n', { columns: { t: { kind: 'text' } } })), '"t"', 'exclude');
});

encoder('another table must have the same columns of the same sort', () => {
  const made = fit(read('a,b\n1.5,x\n2.5,y\n'));
  inputError(() => made.encode(read('a,c\n1.5,x\n2.5,y\n')), 'no column "b"');
  inputError(() => made.encode(read('a,b\nx,x\ny,y\n')), '"a"', 'binary here', 'numeric in the training table');
});

encoder('any table of numbers and levels survives', () => {
  const cell = fc.oneof(
    fc.constant(Number.NaN),
    fc.integer({ min: -500, max: 500 }).map((value) => value / 100),
  );
  const rows = fc.array(fc.tuple(cell, cell, fc.integer({ min: -1, max: 3 })), { minLength: 1, maxLength: 40 });
  fc.assert(
    fc.property(rows, (cells) => {
      const number = (c: 0 | 1): NumberColumn => ({
        name: `n${c}`,
        kind: 'numeric',
        decimals: 2,
        values: Float64Array.from(cells, (row) => row[c]),
      });
      const levels = ['a', 'b', 'c', 'd'];
      const table: Table = {
        rows: cells.length,
        columns: [number(0), number(1), { name: 'l', kind: 'categorical', levels, codes: Int32Array.from(cells, (row) => row[2]) }],
      };
      const made = fit(table);
      assert.equal(plain(made.decode(made.encode(table))), plain(table));
    }),
    { seed: 4, numRuns: 200 },
  );
});

encoder.run();
