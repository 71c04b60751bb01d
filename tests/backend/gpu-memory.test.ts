/** What the GPU backend copies between its two places, and when: on kernels run as plain functions. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { simd } from '../../build/core.js';
import type { Matrix } from '../../ts/backend/backend.js';
import { composed } from '../../ts/backend/gpu.js';
import { loadCore } from '../../ts/backend/wasm.js';
import { InputError } from '../../ts/errors.js';
import { plainKernels } from './plain-kernels.js';

const test = suite('backend/gpu-memory');
const kernels = plainKernels();
const backend = composed(kernels, await loadCore(simd, 'simd'));
const { network } = backend;
const row = (...values: number[]): Matrix => backend.matrix(1, values.length, Float32Array.from(values));
const read = async (m: Matrix) => [...(await backend.read(m))];
/** Uploads and reads of `work`. */
async function copies(work: () => unknown): Promise<[number, number]> {
  const { uploads, reads } = backend.transfers;
  await work();
  return [backend.transfers.uploads - uploads, backend.transfers.reads - reads];
}

test('nothing is copied before it is needed, nor twice', async () => {
  const [a, b, c] = [row(1, 2), row(3, 4), row(0, 0)];
  assert.equal(await copies(() => network.add(a, b, c)), [2, 0]);
  assert.equal(await copies(() => network.add(a, c, c)), [0, 0]);
  assert.equal(await copies(async () => assert.equal(await read(c), [5, 8])), [0, 1]);
  assert.equal(await copies(async () => assert.equal(await read(c), [5, 8])), [0, 0]);
  backend.write(b, Float32Array.of(-1, 1));
  assert.equal(await copies(() => network.add(b, c, a)), [1, 0]);
  assert.equal(await read(a), [4, 9]);
});

test('a view sees what is written to the whole, and the whole what is written to a view', async () => {
  const whole = row(1, 2, 3, 4, 5, 6);
  const [head, middle] = [backend.view(whole, 0, 1, 3), backend.view(whole, 2, 1, 2)];
  network.add(head, head, head); // 2 4 6 4 5 6
  assert.equal(await read(middle), [6, 4]);
  network.add(middle, middle, middle); // 2 4 12 8 5 6
  assert.equal(await read(head), [2, 4, 12]);
  network.add(whole, whole, whole); // 4 8 24 16 10 12
  assert.equal(await read(head), [4, 8, 24]);
  backend.write(middle, Float32Array.of(7, 9));
  network.add(head, head, head);
  assert.equal(await read(whole), [8, 16, 14, 9, 10, 12]);
  const inner = backend.view(backend.view(whole, 1, 1, 4), 1, 1, 2);
  assert.equal(await read(inner), [14, 9]);
  network.fill(inner, 0);
  assert.equal(await read(whole), [8, 16, 0, 0, 10, 12]);
  assert.throws(
    () => backend.view(whole, 4, 1, 3),
    (e: Error) => e instanceof InputError && /inside/.test(e.message),
  );
});

test('a view of what only the GPU knows is cut out there', async () => {
  const whole = backend.matrix(
    3,
    4,
    Float32Array.from({ length: 12 }, (_, i) => i),
  );
  network.add(whole, whole, whole);
  const [part, sum] = [backend.view(whole, 3, 2, 3), backend.matrix(2, 3)];
  assert.equal(await copies(() => network.add(part, part, sum)), [0, 0]);
  assert.equal(await read(sum), [12, 16, 20, 24, 28, 32]);
  network.fill(whole, 1);
  assert.equal(await copies(() => network.add(part, part, sum)), [0, 0]);
  assert.equal(await read(sum), [2, 2, 2, 2, 2, 2]);
  network.fill(part, 5);
  assert.equal(await read(whole), [1, 1, 1, 5, 5, 5, 5, 5, 5, 1, 1, 1]);
});

test('a part that only one place knows survives a write of another part', async () => {
  const whole = row(1, 2, 3, 4);
  network.add(whole, whole, whole); // on the GPU alone: 2 4 6 8
  backend.write(backend.view(whole, 1, 1, 1), Float32Array.of(-1));
  assert.equal(await read(whole), [2, -1, 6, 8]);
});

test('operations without a kernel work on the newest values', async () => {
  const [x, y] = [row(0, 1, 2, 3), row(0, 0, 0, 0)];
  network.add(x, x, x);
  assert.is(backend.placement['network.softmax'], 'wasm');
  assert.not.ok(backend.supports('network.softmax'));
  assert.equal(await copies(() => network.softmax(x, y)), [0, 1]);
  network.add(y, y, y);
  const total = (await read(y)).reduce((sum, v) => sum + v, 0);
  assert.ok(Math.abs(total - 2) < 1e-6, `${total}`);
});

test('records of matrices reach the core as well', async () => {
  const [gamma, beta, runningMean, runningVariance, inverse] = [row(2), row(1), row(0), row(1), row(0)];
  const [x, normalised, y] = [0, 1, 2].map(() => backend.matrix(2, 1)) as [Matrix, Matrix, Matrix];
  backend.write(x, Float32Array.of(1, 3));
  network.add(gamma, gamma, gamma); // 4
  network.batchNorm(x, { gamma, beta, runningMean, runningVariance, normalised, inverse }, y, 0.1);
  const [low, high] = await read(y);
  assert.ok(Math.abs(low! + 3) < 1e-4 && Math.abs(high! - 5) < 1e-4, `${low} ${high}`);
});

test('words go to the GPU as exact numbers, and come home as they were', async () => {
  const index = backend.words(3, Uint32Array.of(2, 0, 1));
  const [table, out] = [backend.matrix(3, 1, Float32Array.of(10, 11, 12)), backend.matrix(3, 1)];
  network.gatherRows(table, index, out);
  assert.equal(await read(out), [12, 10, 11]);
  assert.equal([...(await backend.readWords(index))], [2, 0, 1]);
});

test('release frees the textures of what was made since', async () => {
  const kept = row(1, 2);
  network.add(kept, kept, kept);
  const [alive, bytes] = [kernels.alive(), backend.memoryBytes()];
  const mark = backend.mark();
  const m = backend.matrix(4, 4);
  network.fill(backend.view(m, 4, 2, 4), 1);
  network.gemm(m, m, m);
  assert.ok(kernels.alive() > alive);
  assert.ok(backend.memoryBytes() > bytes);
  backend.release(mark);
  assert.is(kernels.alive(), alive);
  assert.equal(await read(kept), [2, 4]);
});

test('every operation is placed', () => {
  const places = Object.entries(backend.placement);
  const onGpu = places.filter(([, place]) => place === 'gpu').map(([name]) => name);
  assert.is(
    places.length,
    ['random', 'network', 'generative', 'diffusion', 'distance', 'trees', 'special'].reduce(
      (sum, family) => sum + Object.keys(backend[family as 'random']).length,
      0,
    ),
  );
  for (const name of ['gemm', 'linear', 'linearBackward', 'adamw', 'addRowsBackward']) assert.ok(onGpu.includes(`network.${name}`), name);
  for (const name of ['noise', 'loss', 'step', 'gaussianStep']) assert.ok(onGpu.includes(`diffusion.${name}`), name);
});

test('a fork has memory of its own', async () => {
  const other = await backend.fork();
  const [a, b] = [row(1), other.matrix(1, 1, Float32Array.of(5))];
  other.network.add(b, b, b);
  network.add(a, a, a);
  assert.equal([...(await other.read(b))], [10]);
  assert.equal(await read(a), [2]);
});

test.run();
