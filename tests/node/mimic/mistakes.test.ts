/** What is wrong with the tables is said in one plain sentence that names the file, and nothing is written. */
import { mkdirSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { InputError } from '../../../ts/errors.js';
import { buildCohort } from '../../../ts/node/mimic/cohort.js';
import { findTables } from '../../../ts/node/mimic/tables.js';
import { has } from '../../requirements.js';
import { newFolder, type Table, writeHospital } from './hospital.js';

const test = suite('MIMIC mistakes');

async function refuses(work: () => unknown, text: RegExp): Promise<void> {
  try {
    await work();
  } catch (error) {
    assert.instance(error, InputError, String(error));
    const { message } = error as Error;
    assert.ok(text.test(message), `should say ${text}, said: ${message}`);
    assert.not.match(message, /\n|Possible fixes|Error:/);
    return;
  }
  assert.unreachable(`nothing was refused, expected ${text}`);
}

/** The hospital with one table changed, or without it. */
const withTable = (table: Table, edit: (text: string) => string, gzip = false): string =>
  writeHospital({ gzip, edit: (text, name) => (name === table ? edit(text) : text) });
const without = (...files: string[]): string => {
  const folder = writeHospital();
  for (const file of files) rmSync(join(folder, file));
  return folder;
};

test('a folder that is not there, a file, a folder without a table, another data set', async () => {
  await refuses(
    () => findTables('/no/such/folder'),
    /^"--dir" expected the folder of the MIMIC-III tables, but \/no\/such\/folder does not exist$/,
  );
  const folder = writeHospital();
  await refuses(() => findTables(join(folder, 'PATIENTS.csv')), /^"--dir" expected .* is a file$/);
  await refuses(() => findTables(without('LABEVENTS.csv')), /lacks the MIMIC-III table LABEVENTS\.csv or LABEVENTS\.csv\.gz$/);
  await refuses(
    () => findTables(without('LABEVENTS.csv', 'SERVICES.csv')),
    /lacks the MIMIC-III tables SERVICES\.csv or SERVICES\.csv\.gz; LABEVENTS\.csv or/,
  );
  const other = newFolder();
  for (const name of ['hosp', 'icu']) mkdirSync(join(other, name));
  await refuses(() => findTables(other), /looks like MIMIC-IV/);
});

test('an empty file, a header alone, a folder in the place of a table', async () => {
  await refuses(() => findTables(withTable('SERVICES', () => '')), /SERVICES\.csv is empty: expected a header and rows$/);
  await refuses(() => findTables(withTable('SERVICES', () => '', true)), /SERVICES\.csv\.gz is empty/);
  await refuses(() => findTables(withTable('SERVICES', (text) => `${text.split('\n')[0]}\n`)), /SERVICES\.csv has no rows/);
  const folder = without('SERVICES.csv');
  mkdirSync(join(folder, 'SERVICES.csv'));
  await refuses(() => findTables(folder), /SERVICES\.csv: expected a file$/);
});

test('a header with a column too few, too many, misspelt or twice; another delimiter', async () => {
  const header = (from: RegExp, to: string) => () => findTables(withTable('ICUSTAYS', (text) => text.replace(from, to)));
  await refuses(
    header(/INTIME/, 'IN_TIME'),
    /ICUSTAYS\.csv: the header lacks "intime" and has "in_time", which is not known; expected the columns of MIMIC-III v1\.4's ICUSTAYS: subject_id, .*intime/,
  );
  await refuses(header(/LOS/, 'STAY'), /the header has "stay", which is not known; expected/);
  await refuses(header(/LOS/, 'INTIME'), /the header has "intime" twice/);
  await refuses(header(/,/g, ';'), /the header lacks "subject_id", .* expected the columns/);
  await refuses(header(/^.*\n/, ''), /the header lacks "subject_id"/);
});

test('the same table twice in other letters; packed and unpacked is no question', async () => {
  const folder = writeHospital();
  writeFileSync(join(folder, 'patients.CSV'), readFileSync(join(folder, 'PATIENTS.csv')));
  await refuses(() => findTables(folder), /holds both PATIENTS\.csv and patients\.CSV: remove one/);
  const both = writeHospital();
  writeFileSync(join(both, 'PATIENTS.csv.gz'), 'not read');
  assert.match(findTables(both).patients.file, /PATIENTS\.csv$/);
});

test('a file that is called packed and is not', async () => {
  const folder = writeHospital({ gzip: true });
  writeFileSync(join(folder, 'SERVICES.csv.gz'), 'ROW_ID,SUBJECT_ID\n1,2\n');
  await refuses(() => findTables(folder), /SERVICES\.csv\.gz is not a gzip file: download it again$/);
});

if (has('package:@duckdb/node-api')) {
  const build = (folder: string, out: string) => buildCohort({ folder, out, memory: '512MB', threads: 1 });
  /** Refused, and the folder of the output stays empty. */
  async function buildRefuses(hospital: string, text: RegExp): Promise<void> {
    const folder = newFolder();
    await refuses(() => build(hospital, join(folder, 'cohort.csv')), text);
    assert.equal(readdirSync(folder), []);
  }

  test('a packed table of which little more than the header is left', async () => {
    const folder = writeHospital({ gzip: true });
    truncateSync(join(folder, 'PATIENTS.csv.gz'), 15);
    await buildRefuses(folder, /PATIENTS\.csv\.gz is empty or cut off: expected a header and rows$/);
  });

  for (const table of ['CHARTEVENTS', 'LABEVENTS'] as const) {
    test(`a packed ${table} that is cut off anywhere, or damaged`, async () => {
      const file = `${table}.csv.gz`;
      for (const lost of [1, 8, 9, 100]) {
        const folder = writeHospital({ gzip: true });
        truncateSync(join(folder, file), readFileSync(join(folder, file)).length - lost);
        await buildRefuses(folder, new RegExp(`${file}: the packed file is cut off; download it again$`));
      }
      const folder = writeHospital({ gzip: true });
      const bytes = readFileSync(join(folder, file));
      bytes[bytes.length - 6]! ^= 1; // in the checksum
      writeFileSync(join(folder, file), bytes);
      await buildRefuses(folder, new RegExp(`${file}: the packed file is damaged; download it again$`));
    });
  }

  test('a row that is cut off, a number or a time that is none, a text that is no UTF-8', async () => {
    const cut = (text: string) => text.slice(0, text.lastIndexOf('220045'));
    await buildRefuses(
      withTable('CHARTEVENTS', cut),
      /CHARTEVENTS\.csv, line 35: expected 15 cells, got 5; the file is cut off or damaged$/,
    );
    const word = (text: string) => text.replace(/,130,130,/, ',130,often,');
    await buildRefuses(
      withTable('CHARTEVENTS', word),
      /CHARTEVENTS\.csv: expected a number, got "often"; the file is damaged, or not the one of MIMIC-III$/,
    );
    const time = (text: string) => text.replace('2150-03-01 03:00:00', 'noon');
    await buildRefuses(
      withTable('LABEVENTS', time),
      /LABEVENTS\.csv: expected a time such as 2150-03-01 08:00:00, got "noon"; the file is damaged, or not the one of MIMIC-III$/,
    );
    const quote = (text: string) => text.replace('""Lower"""', '""Lower');
    await buildRefuses(withTable('CHARTEVENTS', quote), /CHARTEVENTS\.csv, line \d+: .*; the file is cut off or damaged$/);
    const folder = writeHospital();
    const file = join(folder, 'SERVICES.csv');
    writeFileSync(file, Buffer.from(readFileSync(file, 'latin1').replace('CSURG', 'CSÜRG'), 'latin1'));
    await buildRefuses(folder, /SERVICES\.csv.*: expected text in UTF-8/);
  });

  test('a key that is there twice, and tables that do not belong together', async () => {
    const twice = (text: string) => text.replace(/^(\d+),1,F.*\n/m, (line) => line + line);
    await buildRefuses(withTable('PATIENTS', twice), /PATIENTS\.csv: subject_id 1 is there more than once; expected one row for each$/);
    const others = (text: string) => text.replace(/^(\d+),(\d+),/gm, '$1,9$2,');
    await buildRefuses(
      withTable('PATIENTS', others),
      /ICUSTAYS\.csv: no stay is left; expected first ICU stays of patients of 16 years or more/,
    );
  });

  test('an output that cannot be written, or would replace a table', async () => {
    const hospital = writeHospital();
    const folder = newFolder();
    await refuses(() => build(hospital, join(folder, 'none', 'c.csv')), /^cannot write .*: the folder .* does not exist; make it first$/);
    await refuses(() => build(hospital, folder), /it is a folder; name a file$/);
    mkdirSync(join(folder, 'c.schema.json'));
    await refuses(() => build(hospital, join(folder, 'c.csv')), /^cannot write .*c\.schema\.json: it is a folder/);
    const table = join(hospital, 'PATIENTS.csv');
    const before = readFileSync(table, 'utf8');
    await refuses(() => build(hospital, table), /^"--out" expected another file than the table .*PATIENTS\.csv, which is read$/);
    assert.is(readFileSync(table, 'utf8'), before);
  });
}

test.run();
