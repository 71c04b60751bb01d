/** Boosting by kernels without a GPU: each kernel in gpu.js' mode `cpu`, growth with kernels run as plain functions. */
import { GPU } from 'gpu.js';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { simd } from '../../build/core.js';
import { Growth } from '../../ts/backend/gpu-growth.js';
import { gpuTable, INDEX_LIMIT } from '../../ts/backend/gpu-table.js';
import { gpuTreeOps } from '../../ts/backend/gpu-trees.js';
import { loadCore } from '../../ts/backend/wasm.js';
import { Stream } from '../../ts/random.js';
import { checkTreeKernels } from '../gpu/tree-kernels.js';
import { SIZES } from './cases/cases.js';
import { OPTIONS, table } from './cases/trees.js';
import { plainKernels } from './plain-kernels.js';
import { sameEnsemble } from './tree-tables.js';

const core = await loadCore(simd, 'simd');
const trees = suite('trees by kernels');

trees("each kernel in gpu.js' mode cpu, any number of rows, features and bins", async () => {
  const gpu = new GPU({ mode: 'cpu' });
  for (const [i, rows] of SIZES.entries()) {
    const [cols, bins] = [SIZES[(i + 2) % SIZES.length] as number, Math.max(2, SIZES[(i + 4) % SIZES.length] as number)];
    await checkTreeKernels(gpu, rows, cols, bins, { u: 2 ** -23, exp: 2 ** -22 });
  }
  await gpu.destroy();
});

trees('a level grown in parts gives the same tree', () => {
  const { x, y, cols } = table(300, 4);
  const options = { ...OPTIONS, depth: 6 };
  const grown = [undefined, 1, 5 * 8 * 4 * 42].map((limit) => {
    const kernels = plainKernels();
    const vector = (values: ArrayLike<number>) => kernels.upload(Float32Array.from(values), 1, y.length);
    const labels = { positive: vector(y), units: { g: 1, h: 0.25 } };
    const growth = new Growth(kernels, gpuTable(core, kernels, x, cols, 256), labels, options, limit);
    const { tree } = growth.grow(vector(y.map(() => 0)), vector(new Float32Array(y.length).fill(1)));
    return { tree, runs: kernels.runs.length };
  });
  const [whole, ...parts] = grown as [(typeof grown)[0], ...typeof grown];
  for (const part of parts) {
    assert.equal(part.tree, whole.tree);
    assert.ok(part.runs > whole.runs, 'in parts');
  }
});

trees('the same bytes again, and no texture left', async () => {
  const { x, y, cols } = table(120, 3);
  const options = { ...OPTIONS, subsample: 0.8 };
  const fits = [0, 1].map(async () => {
    const kernels = plainKernels();
    const ensemble = await gpuTreeOps({ core }, kernels).fitBoosting(x, y, cols, options, Stream.fromSeed(2));
    assert.is(kernels.alive(), 0);
    return ensemble;
  });
  const [first, second] = await Promise.all(fits);
  if (first && second) sameEnsemble(first, second, 'again');
  const stopped = plainKernels();
  const run = { signal: AbortSignal.abort() };
  try {
    await gpuTreeOps({ core }, stopped).fitBoosting(x, y, cols, options, Stream.fromSeed(2), run);
    assert.unreachable('it was stopped');
  } catch (error) {
    assert.is((error as Error).name, 'CancelledError');
  }
  assert.is(stopped.alive(), 0);
});

trees('more than float32 can count is refused, and the remedy named', async () => {
  const rows = INDEX_LIMIT / 4;
  const y = new Uint8Array(rows);
  y[0] = 1;
  try {
    await gpuTreeOps({ core }, plainKernels()).fitBoosting(new Float32Array(rows), y, 1, OPTIONS, Stream.fromSeed(2));
    assert.unreachable('it was refused');
  } catch (error) {
    assert.match((error as Error).message, /"x" expected fewer than 16777216 values.*got 4194304×1; use the backend wasm/);
  }
});

trees.run();
