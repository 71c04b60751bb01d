/** Training and sampling by the kernels, run as plain functions: the core's curve and rows, and what travels in a step. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { simd } from '../../build/core.js';
import { composed } from '../../ts/backend/gpu.js';
import { wasmBackend } from '../../ts/backend/select.js';
import { loadCore } from '../../ts/backend/wasm.js';
import { plainKernels } from './plain-kernels.js';
import { type Job, STEPS, sameCurve, sameRows, trainingCurve } from './training.js';

const test = suite('backend/gpu-training');
const wasm = await wasmBackend();
const kernels = plainKernels();
const backend = composed(kernels, await loadCore(simd, 'simd'));

const SMALL = { hidden: 8, layers: [15, 17], batch: 16 };
const MIXED: Job = { ...SMALL, layout: { numeric: 3, levels: [3, 2] }, activation: 'relu' };
const NUMBERS: Job = { ...SMALL, layout: { numeric: 5, levels: [] }, activation: 'silu' };

test('fifty steps give the losses of the core', async () => {
  await sameCurve(backend, wasm, MIXED);
  await sameCurve(backend, wasm, NUMBERS);
});

test('twenty sampling steps give the rows of the core', async () => {
  await sameRows(backend, wasm, MIXED);
  await sameRows(backend, wasm, NUMBERS);
});

test('in training only the batch goes to the GPU, and nothing comes back before it is asked for', async () => {
  const before = { ...backend.transfers };
  const seen: (typeof before)[] = [];
  await trainingCurve(backend, MIXED, 0, () => seen.push({ ...backend.transfers }));
  const [second, last] = [seen[1]!, seen.at(-1)!];
  assert.is(last.reads, before.reads, 'read-backs during training');
  // rows, times (as they are, each once, and by row), labels, noised codes, the noise; for both embeddings the order of rows and where each begins
  assert.is(last.uploads - second.uploads, (STEPS - 2) * 11);
  const [B, U, C, F, labels] = [16, 16, 2, 3, 2];
  const perStep = 4 * (4 * B + U + B * C + B * F + (B + U + 1) + (B + labels + 1));
  assert.is(last.uploadedBytes - second.uploadedBytes, (STEPS - 2) * perStep);
  assert.ok(backend.transfers.reads - last.reads <= 20, 'the losses, and each parameter of the averaged weights');
});

test('textures do not pile up', async () => {
  const alive: number[] = [];
  await trainingCurve(backend, MIXED, 0, () => alive.push(kernels.alive()));
  assert.is(alive.at(-1), alive[1]);
});

test.run();
