import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { temporaryFolder } from '../node/folder.js';
import { inProcess, refuses, succeeds, synthward } from './command.js';

const test = suite('simulate');
const folder = temporaryFolder();
const simulate = (...args: (string | number)[]) => inProcess(folder, ['simulate', ...args]);
const read = (file: string) => readFileSync(join(folder, file), 'utf8');

test('a cohort and its schema, and what they are is said', async () => {
  const { stdout } = succeeds(await simulate('icu', '--rows', 300, '--out', 'cohort.csv'));
  assert.match(stdout, /^300 simulated stays \(no patients\), \d+ with died = 1 \(\d+\.\d%\) → cohort\.csv, cohort\.schema\.json\n$/);
  assert.is(read('cohort.csv').trimEnd().split('\n').length, 301);
  const schema = JSON.parse(read('cohort.schema.json'));
  assert.equal([schema.target, schema.positive, schema.simulated], ['died', '1', true]);
});

test('the seed decides the bytes, and fewer rows are the first ones', async () => {
  succeeds(await simulate('icu', '--rows', 300, '--seed', 1, '--out', 'again.csv'));
  succeeds(await simulate('icu', '--rows', 20, '--out', 'few.csv'));
  succeeds(await simulate('icu', '--rows', 300, '--seed', 2, '--out', 'other.csv'));
  assert.is(read('again.csv'), read('cohort.csv'));
  assert.ok(read('cohort.csv').startsWith(read('few.csv')));
  assert.is.not(read('other.csv'), read('cohort.csv'));
});

test('the schema gives the roles to the other commands', () => {
  const args = ['augment', 'cohort.csv', '--schema', 'cohort.schema.json', '--method', 'random', '--ratio', 0.25, '--out', 'balanced.csv'];
  const { stderr } = succeeds(synthward(folder, ...args));
  assert.match(stderr, /note: .*the rows are simulated, not patients/);
});

test('mistakes', async () => {
  const out = ['--out', 'wrong.csv'];
  await refuses(folder, ['simulate', 'ward', ...out], /'ward' is invalid for argument 'kind'\. Allowed choices are icu/);
  await refuses(folder, ['simulate', ...out], /missing required argument 'kind'/);
  await refuses(folder, ['simulate', 'icu'], /required option '--out <file>' not specified/);
  for (const rows of [0, 1.5, 'many', 1_000_001]) {
    await refuses(
      folder,
      ['simulate', 'icu', '--rows', rows, ...out],
      /'--rows <number>' argument '.*' is invalid\. Expected a whole number in 1\.\.1000000/,
    );
  }
  await refuses(folder, ['simulate', 'icu', '--rows', '-3', ...out], /--rows|whole number/);
  await refuses(folder, ['simulate', 'icu', '--seed', 'x', ...out], /whole number of at least 0/);
  await refuses(folder, ['simulate', 'icu', '--out', 'nowhere/a.csv'], /cannot write nowhere\/a\.csv: the folder nowhere does not exist/);
  assert.not(existsSync(join(folder, 'wrong.csv')));
});

test.run();
