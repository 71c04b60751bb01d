import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { temporaryFolder } from '../node/folder.js';
import { refuses, succeeds, synthward, writeCohort } from './command.js';

const test = suite('audit');
const folder = temporaryFolder();
const read = (name: string) => readFileSync(join(folder, name), 'utf8');
writeCohort(join(folder, 'cohort.csv'), 240);
const [header, ...lines] = read('cohort.csv').trimEnd().split('\n') as [string, ...string[]];
const write = (name: string, rows: readonly string[]) => writeFileSync(join(folder, name), `${[header, ...rows].join('\n')}\n`);
write('real.csv', lines.slice(0, 160));
write('held.csv', lines.slice(160));
const command = (...more: string[]) => ['audit', '--real', 'real.csv', '--target', 'died', '--positive', 'yes', '--group', 'id', ...more];

test('real rows passed off as synthetic: exit 0, a failed verdict, its reasons in file, page and terminal', () => {
  write(
    'copies.csv',
    lines.slice(0, 160).filter((line) => line.endsWith(',yes')),
  );
  const { stdout } = succeeds(synthward(folder, ...command('--synthetic', 'copies.csv', '--holdout', 'held.csv', '--out', 'copied')));
  assert.match(stdout, /Privacy: FAIL/);
  const { privacy, files, holdout } = JSON.parse(read('copied/audit.json'));
  assert.is(privacy.verdict, 'fail');
  assert.is(privacy.copies.synthetic.successes, 40);
  assert.is(holdout.rows, 80);
  assert.match(files.synthetic.sha256, /^[0-9a-f]{64}$/);
  const page = read('copied/audit.html');
  assert.match(page, /These rows give real patients away/);
  assert.not.match(page, /<script|https?:\/\//, 'nothing runs and nothing is loaded');
  assert.not.match(page + read('copied/audit.json'), /NaN|undefined|note \d+/, 'no gap and no cell of a patient');
});

test('what augment writes is read as it is, synthetic rows by their mark; without held-out patients nothing passes', () => {
  succeeds(synthward(folder, 'augment', 'real.csv', '--target', 'died', '--group', 'id', '--method', 'rose', '--out', 'all.csv'));
  const { stdout } = succeeds(synthward(folder, ...command('--synthetic', 'all.csv', '--out', 'alone')));
  const { privacy, synthetic, holdout } = JSON.parse(read('alone/audit.json'));
  assert.is(synthetic.rows, 80, 'the synthetic ones alone');
  assert.is(holdout, null);
  assert.is.not(privacy.verdict, 'pass');
  assert.match(stdout, /give --holdout/);
  succeeds(synthward(folder, ...command('--synthetic', 'all.csv', '--out', 'again')));
  assert.is(read('again/audit.json'), read('alone/audit.json'), 'the same bytes');
});

test('rows balanced by group: each ward reaches the ratio', async () => {
  const args = ['augment', 'real.csv', '--target', 'died', '--group', 'id', '--method', 'smote', '--balance', 'ward', '--out', 'wards.csv'];
  const { stderr } = succeeds(synthward(folder, ...args));
  assert.match(stderr, /note: balanced by ward: \d+ with ward = icu/);
  const rows = read('wards.csv')
    .trimEnd()
    .split('\n')
    .slice(1)
    .map((line) => line.split(','));
  for (const ward of ['icu', 'surgery', 'medicine']) {
    const own = rows.filter((row) => row[3] === ward);
    const positives = own.filter((row) => row[6] === 'yes').length;
    assert.is(positives, own.length - positives, ward);
  }
  await refuses(folder, [...args.slice(0, -4), '--balance', 'age', '--out', 'wards.csv'], /got age, which holds numbers/);
});

test('mistakes', async () => {
  const all = (...more: string[]) => command('--synthetic', 'all.csv', '--out', 'wrong', ...more);
  await refuses(folder, all('--holdout', 'real.csv'), /every row is of a patient of the real table/);
  await refuses(folder, all('--holdout', 'nothing.csv'), /cannot read nothing\.csv/);
  writeFileSync(join(folder, 'short.csv'), 'id,age,dose,ward,lactate,note\np1,50,1,icu,2,x\n');
  await refuses(folder, command('--synthetic', 'short.csv', '--out', 'wrong'), /there is no column "died"/);
  writeFileSync(join(folder, 'none.csv'), `${header},synthetic\n${lines[0]},0\n`);
  await refuses(folder, command('--synthetic', 'none.csv', '--out', 'wrong'), /no row has synthetic = 1/);
});

test.run();
