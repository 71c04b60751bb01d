import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { temporaryFolder } from '../node/folder.js';
import { refuses, succeeds, synthward } from './command.js';

const test = suite('bench');
const folder = temporaryFolder();

test('--json prints one array of lines and nothing else', () => {
  const { stdout, stderr } = succeeds(synthward(folder, 'bench', '--only', 'core', '--json'));
  assert.is(stderr, '');
  const lines = JSON.parse(stdout);
  assert.is(lines[0].item, 'core');
  for (const line of lines) {
    assert.equal(Object.keys(line), ['item', 'value', 'unit', 'reference', 'ratio', 'target', 'verdict']);
    assert.ok(line.value > 0, JSON.stringify(line));
  }
});

test('text says on what machine, and has the items that were asked for', () => {
  const { stdout } = succeeds(synthward(folder, 'bench', '--only', 'mmd,smo'));
  const [machine, , head, ...rows] = stdout.trimEnd().split('\n') as [string, string, string, ...string[]];
  assert.match(machine, /^\d{4}-\d\d-\d\d .* Node .* core simd$/);
  assert.match(head, /^item +value +unit/);
  assert.equal(
    rows.map((row) => row.split(/\s+/)[0]),
    ['mmd', 'smote'],
  );
});

test('an item that there is not is refused', async () => {
  await refuses(folder, ['bench', '--only', 'nope'], /"--only" expected the beginning of one of gemm-256, .*, got nope/);
});

test.run();
