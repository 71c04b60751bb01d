/** Every table of this folder through the command line and the library, as EXPECT.md says. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { augment, SMOTE, Table } from '../../ts/index.js';
import { readCsv } from '../../ts/table/csv.js';
import { toDataset } from '../../ts/table/dataset.js';
import { parseSchema, type Schema } from '../../ts/table/schema.js';
import { type Column, isNumberColumn, type LevelColumn } from '../../ts/table/table.js';
import { inProcess, refuses } from '../cli/command.js';
import { temporaryFolder } from '../node/folder.js';

const test = suite('messy tables');
const here = fileURLToPath(new URL('.', import.meta.url));
const folder = temporaryFolder();
const path = (file: string) => join(here, file);
const expected = JSON.parse(readFileSync(path('expect.json'), 'utf8')) as { file: string; bytes: number; expected_class: string }[];

/** What the sentence must say that refuses a file, beside its name. */
const REFUSED: Readonly<Record<string, RegExp>> = {
  '09_duplicate_columns.csv': /line 1: columns 3 and 4 are both named "sbp"; rename/,
  '10_ragged_rows.csv': /header has 7 cells, but line 12 has 5, line 22 has 9 and line 52 has 1; complete/,
  '11_header_only.csv': /no data rows/,
  '12_empty.csv': /file is empty/,
  '14_single_class.csv': /"died" has one class only \("0" in 120 rows\); it needs two/,
  '15_three_classes.csv': /3 classes \("alive" in 37 rows, "died" in 42 rows and "transferred" in 41 rows\).*--positive/,
  '16_one_minority_row.csv': /"died" has 1 row of the class "1"; at least 2 are needed.*disclose/,
  '30_mixed_types.csv': /"creatinine" holds numbers, but other text in 8 of 120 cells \("pending" in line 2.*--missing/,
};
/** What the warnings of a file must say that is read; none where nothing is listed. */
const WARNED: Readonly<Record<string, readonly RegExp[]>> = {
  '04_semicolon_decimal_comma.csv': [/separated by semicolons/, /"creatinine" is written with decimal commas/, /"lactate" is written with/],
  '07_quotes_newlines.csv': [/"note" holds free text.*not modelled/],
  '08_missing_codes.csv': [
    /"sbp" holds 999 in 6 cells from line 2 and -9 in 4 cells.*--missing sbp=999,-9/,
    /"creatinine" holds -9 in 2 cells/,
    /"lactate" holds 999 in 3/,
  ],
  '18_constant_column.csv': [/"country" has one value only \("CH"\)/],
  '20_high_cardinality_id.csv': [/"patient_id" has another text in every row: taken for an identifier/],
  '21_dates.csv': [
    /"admit_date" holds dates \(year, month, day\)/,
    /"dob" holds dates \(day\/month\/year, as/,
    /"discharge" holds dates \(month\/day\/year, as/,
  ],
  '24_latin1_bytes.csv': [/not UTF-8 \(from line 4, byte 120\).*Latin-1.*"Réa"/],
  '28_wide_2000.csv': [/more columns \(2000\) than rows \(60\)/],
  '35_missing_target.csv': [/3 rows without a value of the target "died" left out: line 6, 42 and 79/],
};

test('all files of the list are here', () => {
  assert.is(expected.length, 20);
  for (const { file, bytes } of expected) assert.is(readFileSync(path(file)).length, bytes, file);
});

for (const { file, expected_class: wanted } of expected) {
  const refused = REFUSED[file];
  if (refused) {
    test(`${file} is refused in one sentence, and nothing is written`, async () => {
      assert.ok(wanted === 'REFUSE' || file === '30_mixed_types.csv');
      await refuses(folder, ['augment', path(file), '--target', 'died', '--method', 'smote', '--out', 'out.csv'], refused);
      const args = ['inspect', path(file), '--target', 'died', '--schema-out', 'schema.json'];
      if (wanted === 'REFUSE') await refuses(folder, args, refused);
    });
    continue;
  }
  test(`${file} is read, says what is odd, and reads the same by the schema of inspect`, async () => {
    assert.ok(wanted.startsWith('ACCEPT'));
    const { status, stdout, stderr } = await inProcess(folder, ['inspect', path(file), '--target', 'died', '--schema-out', `${file}.json`]);
    assert.is(status, 0, stderr);
    assert.match(stdout, /target "died": "1" in \d+ of \d+ rows/);
    const notes = stderr.split('\n').filter((line) => line !== '' && !/no positive class|repeat an earlier/.test(line));
    const words = WARNED[file] ?? [];
    assert.is(notes.length, words.length, stderr);
    for (const word of words)
      assert.ok(
        notes.some((note) => word.test(note)),
        `${word} is not said: ${stderr}`,
      );
    for (const note of notes) assert.ok(note.startsWith(`note: ${path(file)}: `) && note.length < 520, note);

    const bytes = readFileSync(path(file));
    const schema = parseSchema(readFileSync(join(folder, `${file}.json`), 'utf8'));
    const [bare, declared] = [read(bytes, file), read(bytes, file, schema)];
    assert.is(plain(declared.columns), plain(bare.columns));
    assert.is(plain(learnt(declared, schema)), plain(learnt(bare)));
  });
}

/** With NaN, which is equal to nothing, as a text. */
const plain = (value: unknown): string =>
  JSON.stringify(value, (_, part) => (ArrayBuffer.isView(part) ? Array.from(part as Float64Array, String) : part));
const read = (bytes: Uint8Array, file: string, schema?: Schema) => readCsv(bytes, { file, schema });
const learnt = (table: ReturnType<typeof read>, { exclude }: Schema = {}) => {
  const { features, y, rows, target } = toDataset(table, { name: 't', target: 'died', exclude });
  return { features, y, rows, target };
};
const column = (file: string, name: string, schema?: Schema): Column =>
  read(readFileSync(path(file)), file, schema).columns.find((one) => one.name === name) as Column;

test('names, rows and kinds are those of the table without the oddity', () => {
  const tab = read(readFileSync(path('05_tab_separated.csv')), 'tab');
  const names = ['age', 'sex', 'sbp', 'creatinine', 'lactate', 'ward', 'died'];
  for (const file of ['01_utf8_bom.csv', '02_crlf.csv', '04_semicolon_decimal_comma.csv', '05_tab_separated.csv', '08_missing_codes.csv']) {
    const { columns, rows } = read(readFileSync(path(file)), file);
    assert.is(rows, 120, file);
    assert.equal(
      columns.map(({ name }) => name),
      names,
      file,
    );
    assert.equal(
      columns.map(({ kind }) => kind),
      tab.columns.map(({ kind }) => kind),
      file,
    );
  }
  assert.is(read(readFileSync(path('07_quotes_newlines.csv')), 'quotes').rows, 120);
  assert.equal((column('02_crlf.csv', 'died') as LevelColumn).levels, ['0', '1']);
});

test('suspected codes are not learnt from: no synthetic row has them, real rows keep them', async () => {
  const table = Table.fromCsv(readFileSync(path('08_missing_codes.csv')), { name: '08' });
  const { table: made, added } = await augment(table, { target: 'died', method: SMOTE });
  for (const name of ['sbp', 'creatinine', 'lactate']) {
    const values = made.column(name) as Float64Array;
    assert.ok(values.subarray(0, 120).includes(999), 'real rows are as they were');
    for (const value of values.subarray(values.length - added))
      assert.ok(Number.isNaN(value) || (value > 0 && value < 999), `${name} ${value}`);
  }
});

test('what is missing by --missing is missing, also a word among numbers', async () => {
  const codes = ['--missing', 'sbp=-9,999', 'creatinine=-9,999', 'lactate=-9,999'];
  const said = await inProcess(folder, ['inspect', path('08_missing_codes.csv'), '--schema-out', 'codes.json', ...codes]);
  assert.is(said.status, 0, said.stderr);
  assert.is(said.stderr, '');
  const schema = parseSchema(readFileSync(join(folder, 'codes.json'), 'utf8'));
  const sbp = column('08_missing_codes.csv', 'sbp', schema);
  assert.ok(isNumberColumn(sbp) && sbp.suspected === undefined && Math.min(...sbp.values.filter((v) => !Number.isNaN(v))) > 0);

  const proposed = await inProcess(folder, ['inspect', path('30_mixed_types.csv'), '--schema-out', 'mixed.json']);
  assert.match(proposed.stderr, /refused by other commands: .*"creatinine" holds numbers, but other text in 8 of 120 cells/);
  const settled = column('30_mixed_types.csv', 'creatinine', parseSchema(readFileSync(join(folder, 'mixed.json'), 'utf8')));
  assert.ok(isNumberColumn(settled));
  assert.is(settled.values.filter(Number.isNaN).length, 8);
});

test('a constant is equal in every synthetic row, an identifier is not copied into any, no odd letter in the output', async () => {
  const rows = async (file: string) => {
    const { table, added } = await augment(Table.fromCsv(readFileSync(path(file)), { name: file }), { target: 'died', method: SMOTE });
    return { table, rows: table.toRows().slice(-added) };
  };
  for (const row of (await rows('18_constant_column.csv')).rows) assert.is(row.country, 'CH');
  for (const row of (await rows('20_high_cardinality_id.csv')).rows) assert.is(row.patient_id, null);
  assert.not.match((await rows('24_latin1_bytes.csv')).table.toCsv(), /\ufffd|Ã/);
});

test.run();
