/** Every example runs against the built package, as a user would run it, and ends well. */
import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';

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

test.run();
