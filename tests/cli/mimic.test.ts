import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { newFolder, tableText, writeHospital } from '../node/mimic/hospital.js';
import { dataFolder, has, hasData } from '../requirements.js';
import { refuses, start, succeeds, synthward } from './command.js';

const test = suite('mimic');
const hospital = writeHospital();
const args = (out: string) => ['mimic', '--dir', hospital, '--out', out, '--memory', '512MB', '--threads', '1'] as const;

test('mistakes: exit 2, one sentence, nothing written', async () => {
  const folder = newFolder();
  await refuses(folder, ['mimic', '--out', 'c.csv'], /required option '--dir <folder>' not specified/);
  await refuses(folder, ['mimic', '--dir', hospital], /required option '--out <file>' not specified/);
  await refuses(folder, [...args('c.csv'), '--label', 'home'], /--label.*Allowed choices are hospital, icu/);
  await refuses(folder, [...args('c.csv'), '--memory', '10MB'], /--memory.*at least 256MB, such as 2GB/);
  await refuses(folder, [...args('c.csv'), '--memory', 'much'], /--memory.*at least 256MB, such as 2GB/);
  await refuses(folder, ['mimic', '--dir', 'none', '--out', 'c.csv'], /"--dir" expected .* none does not exist/);
  await refuses(folder, args('none/c.csv'), /cannot write none\/c\.csv: the folder none does not exist; make it first/);
});

test('without DuckDB: what to install', () => {
  // The package is hidden from the command, which is the same as its absence.
  const hide = `import { register } from 'node:module'; register('data:text/javascript,' + encodeURIComponent(\`
    export const resolve = (name, context, next) => {
      if (name.startsWith('@duckdb/')) throw Object.assign(new Error('hidden'), { code: 'ERR_MODULE_NOT_FOUND' });
      return next(name, context);
    };\`))`;
  const cli = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));
  const folder = newFolder();
  const hook = `data:text/javascript,${encodeURIComponent(hide)}`;
  const { status, stderr } = spawnSync(process.execPath, ['--import', hook, cli, ...args('c.csv')], { cwd: folder, encoding: 'utf8' });
  assert.is(status, 2, stderr);
  assert.is(stderr, 'synthward: reading MIMIC needs DuckDB, which is not installed: run npm install @duckdb/node-api\n');
  assert.equal(readdirSync(folder), []);
});

if (has('package:@duckdb/node-api')) {
  test('the cohort, its schema, a line a table, and what came of it', () => {
    const folder = newFolder();
    const { stdout, stderr } = succeeds(synthward(folder, ...args('cohort.csv'), '--label', 'icu'));
    assert.is(stdout, '5 patients, 138 columns, 1 with died_in_icu = 1 → cohort.csv, cohort.schema.json\n');
    assert.match(stderr, /^\[1\/9\] PATIENTS\.csv \(\d+ kB\) · \d+\.\d s$/m);
    assert.match(stderr, /^\[8\/9\] CHARTEVENTS\.csv \(\d+ kB\) · \d+\.\d s\n\[9\/9\] cohort · \d+\.\d s$/m);
    assert.match(stderr, /^note: 1 ICU stay without a row/m);
    assert.equal(readdirSync(folder).sort(), ['cohort.csv', 'cohort.schema.json']);
    const schema = JSON.parse(readFileSync(join(folder, 'cohort.schema.json'), 'utf8'));
    assert.is(schema.target, 'died_in_icu');
    assert.ok(schema.exclude.includes('died_in_hospital'));
  });

  test('Ctrl-C amid a long table: exit 130, nothing left behind', async () => {
    // Two gigabytes of rows in a few megabytes: the same packed piece again and again.
    const large = writeHospital({ gzip: true });
    const [header, ...rows] = tableText('LABEVENTS').split('\n').slice(0, 3);
    const piece = gzipSync(`${rows[0]}\n`.repeat(20_000));
    writeFileSync(join(large, 'LABEVENTS.csv.gz'), Buffer.concat([gzipSync(`${header}\n`), ...Array.from({ length: 1_500 }, () => piece)]));
    const folder = newFolder();
    const child = start(folder, 'mimic', '--dir', large, '--out', 'c.csv', '--threads', 1);
    let said = '';
    let asked = false;
    child.stderr?.on('data', (data) => {
      said += data;
      if (asked || !said.includes('[6/9]')) return;
      asked = true;
      setTimeout(() => child.kill('SIGINT'), 300);
    });
    const [status] = await once(child, 'close');
    assert.is(status, 130, said);
    assert.match(said, /synthward: cancelled\n$/);
    assert.equal(readdirSync(folder), []);
  });
}

const demo = dataFolder('mimic-demo');
if (hasData('mimic-demo', 'cohort.csv') && has('package:@duckdb/node-api')) {
  test('a study runs on the demo’s cohort by its schema alone', () => {
    const folder = newFolder();
    succeeds(synthward(folder, 'mimic', '--dir', demo, '--out', 'cohort.csv', '--label', 'hospital'));
    const study = ['--datasets', 'cohort.csv', '--schema', 'cohort.schema.json', '--splits', 2, '--methods', 'none,smote'] as const;
    const { stdout } = succeeds(synthward(folder, 'study', ...study, '--classifiers', 'rf', '--workers', 1, '--out', 'run'));
    assert.match(stdout, /Table 2/);
    const { datasets, cells } = JSON.parse(readFileSync(join(folder, 'run', 'manifest.json'), 'utf8'));
    assert.equal(cells, { total: 4, done: 4, failed: 0 });
    const [{ rows, positives, target, group_column, features }] = datasets;
    assert.equal(
      { rows, positives, target, group_column },
      { rows: 100, positives: 33, target: 'died_in_hospital', group_column: 'subject_id' },
    );
    assert.is(features, 138 - 1 - 6 - 1, 'all but the patient, what is excluded, and the outcome');
  });
}

test.run();
