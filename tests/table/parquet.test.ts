/** Parquet in and out, checked with pyarrow where it is. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parquetReadObjects } from 'hyparquet';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { InputError } from '../../ts/errors.js';
import { Table } from '../../ts/index.js';
import { cellText } from '../../ts/table/cells.js';
import { toDataset } from '../../ts/table/dataset.js';
import { parquetCells, toParquet } from '../../ts/table/parquet.js';
import { brokenWarnings, heldConstraints } from '../../ts/table/rules.js';
import { inProcess } from '../cli/command.js';
import { rejection } from '../contract/rejection.js';
import { temporaryFolder } from '../node/folder.js';
import { has, PYTHON } from '../requirements.js';

const test = suite('Parquet');
const folder = temporaryFolder();
const CSV = `id,age,big,lactate,sex,ward,note,died
p1,61,9007199254740991,1.5,f,icu,"a, ""b""
c",0
p2,,3,0.1,m,,,1
p3,-5,2147483648,,f,é,x,0
`;
const SCHEMA = { columns: { id: { kind: 'text' }, note: { kind: 'text' }, lactate: { kind: 'numeric' } } } as const;
const table = Table.fromCsv(CSV, { schema: SCHEMA });

test('a table that is written is read as the very same', async () => {
  const again = await Table.fromParquet(await table.toParquet(), { schema: SCHEMA });
  assert.is(again.toCsv(), table.toCsv());
  assert.equal(
    again.data.columns.map(({ name, kind }) => [name, kind]),
    table.data.columns.map(({ name, kind }) => [name, kind]),
  );
  const long = Table.fromCsv(`a,b\n${Array.from({ length: 3001 }, (_, i) => `${i / 4},${'xyz'[i % 3]}`).join('\n')}\n`);
  assert.is((await Table.fromParquet(await long.toParquet())).toCsv(), long.toCsv(), 'of several row groups');
});

test('what is no Parquet file, or a damaged one, is refused in one sentence', async () => {
  const bytes = toParquet(table.data);
  const refuse = async (wrong: Uint8Array, words: RegExp) => {
    const error = await rejection(parquetCells(wrong, 'x.parquet'));
    assert.instance(error, InputError, error.stack);
    assert.match(error.message, words);
    assert.ok(!error.message.includes('\n'));
  };
  await refuse(new Uint8Array(0), /^x\.parquet: this Parquet file cannot be read/);
  await refuse(new TextEncoder().encode('a,b\n1,2\n'), /^x\.parquet: this Parquet file cannot be read/);
  await refuse(bytes.subarray(0, bytes.length - 20), /^x\.parquet: /);
  await refuse(toParquet({ rows: 0, columns: table.data.columns.map((column) => ({ ...column, ...EMPTY })) as never }), /no data rows/);
});
const EMPTY = { texts: [], values: new Float64Array(0), codes: new Int32Array(0) };

test('the command line takes and leaves .parquet files by their names', async () => {
  writeFileSync(join(folder, 't.parquet'), toParquet(table.data));
  const { status, stdout, stderr } = await inProcess(folder, ['inspect', 't.parquet', '--schema-out', 's.json']);
  assert.is(status, 0, stderr);
  assert.match(stdout, /t\.parquet: 3 rows, 8 columns/);
  const renamed = await inProcess(folder, ['inspect', 's.json']);
  assert.is(renamed.status, 2);
  writeFileSync(join(folder, 't.csv'), toParquet(table.data));
  const { stderr: said } = await inProcess(folder, ['inspect', 't.csv']);
  assert.match(said, /t\.csv: this is a Parquet file, not a CSV; give it the ending \.parquet/);
});

const made = fileURLToPath(new URL('./parquet', import.meta.url));

/** Holds what is read of each Parquet file in a folder against the texts of its cells. */
async function holdToCells(from: string): Promise<number> {
  const expected = JSON.parse(readFileSync(join(from, 'cells.json'), 'utf8')) as Record<string, (string | number)[]>;
  const files = readdirSync(from).filter((name) => name.endsWith('.parquet'));
  for (const file of files) {
    const { columns } = await parquetCells(readFileSync(join(from, file)), file);
    assert.equal(
      columns.map(({ name }) => name),
      Object.keys(expected),
    );
    for (const column of columns) {
      const { name, keys } = column;
      const cells = expected[name]!;
      assert.is(keys.length, cells.length);
      for (const row of keys.keys()) {
        const [text, cell] = [cellText(column, row), cells[row]!];
        if (typeof cell === 'string') assert.is(text, cell, `${file}, ${name}, row ${row}`);
        else assert.is(name === 'f32' ? Math.fround(Number(text)) : Number(text), cell, `${file}, ${name}, row ${row}`);
      }
    }
  }
  return files.length;
}

test('each type, encoding and page form is read as pyarrow wrote it', async () => {
  assert.is(await holdToCells(made), 7);
});

/** What the package behind the writer reads, as another reader. */
test('what is written is read as hyparquet reads it', async () => {
  const bytes = toParquet(table.data);
  const rows = await parquetReadObjects({ file: new Uint8Array(bytes).buffer });
  const { columns } = await parquetCells(bytes, 'x.parquet');
  for (const column of columns) {
    assert.equal(
      Array.from(column.keys, (_, row) => cellText(column, row)),
      rows.map((row) => String(row[column.name] ?? '')),
    );
  }
});

test('what a sound file holds that is not read is named, with what to do', async () => {
  const says = async (columnData: Parameters<typeof parquetWriteBuffer>[0]['columnData'], words: RegExp) =>
    assert.match((await rejection(parquetCells(new Uint8Array(parquetWriteBuffer({ columnData })), 'x.parquet'))).message, words);
  await says([{ name: 'h', data: [1], type: 'FLOAT16' }], /^x\.parquet: column "h" holds numbers of half precision, .*; write it as text$/);
  await says([{ name: 'g', data: [{ type: 'Point', coordinates: [1, 2] }], type: 'GEOMETRY' }], /column "g" holds shapes/);
  await says([{ name: 't', data: [253_402_300_800_000n], type: 'TIMESTAMP' }], /column "t": a date is not of the years 1 to 9999/);
  await says([{ name: 's', data: [Uint8Array.of(0xff)], type: 'BYTE_ARRAY' }], /column "s": a text is not valid UTF-8/);
});

test('messages count rows: a Parquet file has no lines', async () => {
  const written = (columns: Readonly<Record<string, readonly string[]>>) =>
    new Uint8Array(
      parquetWriteBuffer({ columnData: Object.entries(columns).map(([name, data]) => ({ name, data: [...data], type: 'STRING' })) }),
    );
  const ages = Array.from({ length: 40 }, (_, i) => String(30 + i));
  const put = (row: number, age: string) => ages.map((own, i) => (i === row ? age : own));
  const says = async (columns: Readonly<Record<string, readonly string[]>>, schema = {}) =>
    (await rejection(Table.fromParquet(written(columns), { name: 'x.parquet', schema }))).message;
  const wrong = await says({ age: put(6, 'old') });
  assert.match(wrong, /^x\.parquet: column "age" holds numbers, but other text in 1 of 40 cells \("old" in row 7\)/);
  assert.match(await says({ age: put(6, '5 kg'), b: ages }), /from row 1 and "kg" in 1 cell from row 7/);
  assert.match(await says({ age: put(6, '<5') }), /"<5" in row 7/);
  const whole = { columns: { age: { kind: 'integer' } } };
  assert.match(await says({ age: put(6, 'old') }, whole), /^x\.parquet, row 7, column "age": expected a whole number/);
  const note = await Table.fromParquet(written({ age: put(6, '9999'), note: ages.map((_, i) => (i === 2 ? 'a\nb' : 'xy'[i % 2]!)) }));
  assert.match(note.warnings.join('; '), /holds 9999 in 1 cell from row 7, .*holds free text \(row 3\)/);
  const same = Object.fromEntries('abcde'.split('').map((name) => [name, put(6, ages[5]!)]));
  assert.match((await Table.fromParquet(written(same))).warnings.join(), /1 row repeats an earlier one in every cell \(row 7\)/);
  const ruled = { columns: { age: { kind: 'integer', range: [31, null] } } } as const;
  assert.match((await Table.fromParquet(written({ age: ages }), { schema: ruled })).warnings.join(), /"30" in row 1/);
  const halves = ages.map((age) => `${age}.5`);
  const died = { died: ages.map((_, i) => (i === 6 ? '' : String(i % 2))), age: halves, sbp: halves };
  const { data } = await Table.fromParquet(written(died), { name: 'x.parquet', schema: JSON.stringify({ constraints: ['age > sbp'] }) });
  const dataset = toDataset(data, { name: 'x.parquet', target: 'died' });
  assert.match(dataset.warnings[0]!, /1 row without a value of the target "died" left out: row 7;/);
  const broken = brokenWarnings(data, { ...dataset, constraints: heldConstraints(data, dataset) });
  assert.match(broken.join(), /39 real rows break the constraint .* \(row 1, 2, 3, 4 and 5 …\)/);
  assert.match(await says({ a: ages, ' a': ages }), /^x\.parquet: columns 1 and 2 are both named "a"; rename one of them$/);
  const row = (died: string) => ({ age: 1, died });
  const listed = Table.fromRows(['1', '0', '', '1', '0'].map(row), { name: 'mine' });
  assert.match(toDataset(listed.data, { name: 'mine', target: 'died' }).warnings[0]!, /left out: row 3;/);
});

if (has('python:pyarrow')) {
  test('the same of 3,000 rows', async () => {
    const own = join(folder, 'made');
    mkdirSync(own);
    execFileSync(PYTHON, [join(made, 'make.py'), own, '3000']);
    assert.is(await holdToCells(own), 7);
  });

  const python = (code: string, ...args: string[]) => execFileSync(PYTHON, ['-c', code, ...args], { cwd: folder, encoding: 'utf8' });

  test('pyarrow reads what is written', () => {
    writeFileSync(join(folder, 'ours.parquet'), toParquet(table.data));
    const told = python(`import json, pyarrow.parquet as pq
t = pq.read_table('ours.parquet')
print(json.dumps([[str(f.type) for f in t.schema], t.to_pylist()]))`);
    const [types, rows] = JSON.parse(told) as [string[], Record<string, unknown>[]];
    assert.equal(types, ['string', 'int32', 'int64', 'double', 'string', 'string', 'string', 'int32']);
    assert.equal(rows[0], { id: 'p1', age: 61, big: 9007199254740991, lactate: 1.5, sex: 'f', ward: 'icu', note: 'a, "b"\nc', died: 0 });
    assert.equal(rows[1], { id: 'p2', age: null, big: 3, lactate: 0.1, sex: 'm', ward: null, note: null, died: 1 });
  });

  test('what pyarrow writes is read, each type as a CSV would have it', async () => {
    python(`import pyarrow as pa, pyarrow.parquet as pq, datetime, decimal
t = pa.table({'f32': pa.array([0.1, None, 2.5], pa.float32()), 'f64': pa.array([0.1, float('nan'), 1e300]), 'i8': pa.array([1, None, -3], pa.int8()),
 'i64': pa.array([9007199254740993, 2, None]), 'b': pa.array([True, False, None]), 's': pa.array(['x', '', None]),
 'd': pa.array([datetime.date(2020, 1, 31), None, datetime.date(1950, 2, 1)]), 't': pa.array([datetime.datetime(2020, 1, 31, 13, 5), None, datetime.datetime(1950, 2, 1)]),
 'dec': pa.array([decimal.Decimal('1.25'), None, decimal.Decimal('-3.50')]), 'cat': pa.array(['u', 'v', 'u']).dictionary_encode()})
pq.write_table(t, 'theirs.parquet'); pq.write_table(t, 'plain.parquet', compression='none', use_dictionary=False, data_page_version='2.0')
pq.write_table(t, 'zstd.parquet', compression='zstd'); pq.write_table(pa.table({'l': pa.array([[1], [2, 3]])}), 'lists.parquet')`);
    for (const file of ['theirs.parquet', 'plain.parquet']) {
      const { columns } = await parquetCells(readFileSync(join(folder, file)), file);
      const rows = [0, 1, 2].map((row) => columns.map((column) => cellText(column, row)));
      assert.equal(rows, [
        ['0.1', '0.1', '1', '9007199254740993', 'true', 'x', '2020-01-31', '2020-01-31 13:05:00', '1.25', 'u'],
        ['', '', '', '2', 'false', '', '', '', '', 'v'],
        ['2.5', '1e+300', '-3', '', '', '', '1950-02-01', '1950-02-01', '-3.5', 'u'],
      ]);
    }
    const refused = async (file: string) => (await rejection(parquetCells(readFileSync(join(folder, file)), file))).message;
    assert.match(await refused('zstd.parquet'), /zstd\.parquet: .*codec.*snappy/);
    assert.match(await refused('lists.parquet'), /lists\.parquet: column "l" holds lists or records/);
  });
}

test.run();
