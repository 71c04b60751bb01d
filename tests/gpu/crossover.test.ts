import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { crossover } from '../../ts/bench/gpu.js';

const test = suite('crossover to the GPU');
const times = (...pairs: [size: number, wasmMs: number, gpuMs: number][]) =>
  pairs.map(([size, wasmMs, gpuMs]) => ({ size, wasmMs, gpuMs }));

test('the size from which on the GPU stays faster', () => {
  assert.is(crossover(times([64, 1, 5], [256, 4, 6], [1024, 16, 8], [4096, 64, 20])), 1024);
  assert.is(crossover(times([64, 1, 0.9], [256, 4, 6], [1024, 16, 8])), 1024, 'an early win that does not last is none');
  assert.is(crossover(times([64, 1, 0.5], [256, 4, 1])), 64);
  assert.is(crossover(times([64, 1, 5], [256, 4, 4])), null, 'a draw is no win');
  assert.is(crossover([]), null);
});

test.run();
