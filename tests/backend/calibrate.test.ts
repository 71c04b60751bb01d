import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Backend } from '../../ts/backend/backend.js';
import { calibrate, calibrationWords, type Workload } from '../../ts/backend/calibrate.js';
import { selectBackend, wasmBackend } from '../../ts/backend/select.js';

const test = suite('which backend wins');
const wasm = await wasmBackend();
const workload: Workload = {
  steps: { count: 100, batch: 17, width: 5, layers: [16, 8] },
  sums: { count: 3, rows: 15, others: 16, cols: 4 },
  boosting: { rounds: 10, rows: 40, cols: 3 },
};
const everything = ['network.linear', 'distance.rbfSums', 'trees.fitBoosting'];

/** The same backend, but that each kernel sum takes 20 ms more. */
const slow: Backend = {
  ...wasm,
  distance: {
    ...wasm.distance,
    rbfSums: (...args) => {
      const until = performance.now() + 20;
      while (performance.now() < until);
      return wasm.distance.rbfSums(...args);
    },
  },
};
const sums = { ...workload, steps: null, boosting: null };

test('the faster one on what both can do', async () => {
  const gpu = (backend: Backend) => ({ backend, placement: ['distance.rbfSums'] });
  assert.is((await calibrate(slow, gpu(wasm), workload)).winner, 'gpu');
  assert.is((await calibrate(wasm, gpu(slow), workload)).winner, 'wasm');
});

test('every part of the work is measured, and told', async () => {
  const before = wasm.memoryBytes();
  const result = await calibrate(wasm, { backend: await wasm.fork(), placement: everything }, workload);
  assert.equal(
    result.measured.map(({ count }) => count),
    [100, 3, 10],
  );
  for (const { wasmMs, gpuMs } of result.measured) assert.ok(wasmMs > 0 && gpuMs > 0 && Number.isFinite(wasmMs + gpuMs));
  assert.match(
    calibrationWords(result),
    /^a training step of 17 rows \S+ ms on WASM, \S+ ms on the GPU; a kernel sum of 15 × 16 rows .*; a boosting round of 40 rows /,
  );
  assert.ok(wasm.memoryBytes() < before + 8e6, 'memory is given back');
});

test('what the GPU has no kernels for is not compared, and nothing to compare leaves WASM', async () => {
  const none = await calibrate(wasm, { backend: slow, placement: [] }, workload);
  assert.equal(none, { winner: 'wasm', measured: [] });
  const one = await calibrate(wasm, { backend: slow, placement: ['network.linear'] }, workload);
  assert.is(one.measured.length, 1);
  assert.is((await calibrate(wasm, { backend: wasm, placement: ['network.linear'] }, sums)).measured.length, 0);
});

test('auto without a GPU is WASM, and says why; gpu refuses', async () => {
  delete process.env.DISPLAY;
  const { name, device, placement, words } = await selectBackend('auto', { workload });
  assert.equal([name, device, placement], ['wasm', null, []]);
  assert.match(words, /^auto chose WASM: no GPU was found that gpu\.js runs on .*install the package gl/);
  try {
    await selectBackend('gpu');
    assert.unreachable();
  } catch (error) {
    assert.match((error as Error).message, /no GPU was found that gpu\.js runs on/);
  }
});

test.run();
