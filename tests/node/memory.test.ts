/** What memory reading takes: a bound that a file as one text, with a text for each cell, would break. */
import { closeSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { labText } from '../../ts/bench/labs.js';
import { nodeTakes } from '../../ts/node/measure.js';
import { temporaryFolder } from './folder.js';

const test = suite('memory of reading');
const cli = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));

test('200,000 rows and 30 columns are inspected within 300 MB', () => {
  const file = join(temporaryFolder(), 'labs.csv');
  const handle = openSync(file, 'w');
  for (const piece of labText(200_000)) writeSync(handle, piece);
  closeSync(handle);
  const { stdout, peakMB } = nodeTakes([cli, 'inspect', file, '--target', 'died']);
  assert.match(stdout, 'of 200000 rows');
  if (process.platform === 'linux') assert.ok(peakMB < 300, `${peakMB} MB`);
});

test.run();
