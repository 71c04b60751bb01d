import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { leastSeconds, nodeTakes } from '../../ts/node/measure.js';

const test = suite('what processes take');

test("memory and CPU time are the process's own, not those of the one that starts it", () => {
  const held = new Uint8Array(300e6).fill(1);
  const taken = nodeTakes(['-e', 'console.log(42)']);
  assert.is(held.length, 300e6);
  assert.is(taken.stdout, '42\n');
  assert.ok(taken.cpuSeconds > 0);
  if (process.platform === 'linux') assert.ok(taken.peakMB > 10 && taken.peakMB < 250, `${taken.peakMB} MB`);
});

test('memory that was given back counts', () => {
  const filled = 'let block = new Uint8Array(200e6).fill(1); block = null; globalThis.gc?.();';
  assert.ok(nodeTakes(['--expose-gc', '-e', filled]).peakMB > 200);
});

test('a process that fails is told with its last words', () => {
  assert.throws(() => nodeTakes(['-e', 'console.error("no luck"); process.exit(3)']), /ended with 3: no luck/);
});

test('the least of clock and CPU time over runs', () => {
  const run = (seconds: number, cpuSeconds: number) => ({ seconds, cpuSeconds, peakMB: 1, stdout: '' });
  assert.is(leastSeconds([run(3, 2), run(1.5, 4), run(5, 1.7)]), 1.5);
});

test.run();
