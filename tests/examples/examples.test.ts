/** Every example, and that of the README, runs against the built package, as a user would run it, and ends well. */
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { writeCohort } from '../cli/command.js';
import { temporaryFolder } from '../node/folder.js';

const folder = fileURLToPath(new URL('../../examples', import.meta.url));
const test = suite('examples');

/** What each must print. */
const PRINTS: Readonly<Record<string, RegExp>> = {
  'augment.mjs': /^1844 visits, \d+ synthetic ones added: \d+ rows of 19 columns$/m,
  'compare.mjs': /^as it is: AUROC 0\.9\d+, .*\nwith synthetic rows: AUROC 0\.9\d+, /m,
};

for (const file of readdirSync(folder)) {
  test(file, () => {
    const printed = execFileSync(process.execPath, [file], { cwd: folder, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
    assert.match(printed, PRINTS[file] ?? /a pattern of its own in this test/);
  });
}

test('the program of the README, with a table', () => {
  const root = join(folder, '..');
  const [, program] = readFileSync(join(root, 'README.md'), 'utf8').match(/```js\n(.*?)```/s) as unknown as [string, string];
  const cohort = join(temporaryFolder(), 'cohort.csv');
  writeCohort(cohort);
  const csv = JSON.stringify(readFileSync(cohort, 'utf8').replace('id,', 'patient_id,'));
  const node = ['--input-type=module', '--eval', `const csv = ${csv};\n${program}`];
  const printed = execFileSync(process.execPath, node, { cwd: root, encoding: 'utf8' });
  assert.match(printed, /done: \d+, total: \d+/);
  const rows = printed.slice(printed.indexOf('age,dose')).trim().split('\n');
  assert.is(rows.length, 101, printed);
  for (const row of rows.slice(1)) assert.match(row, /,yes$/);
});

test.run();
