/**
 * Boosting on the GPU: bins by the core, gradients, histograms, split scan and partition by kernels/histogram.ts and kernels/split.ts.
 * Regressions, forests and predictions are the core's. Dimensions: N rows, D features.
 */
import { InputError } from '../errors.js';
import type { Stream } from '../random.js';
import { Growth, joined, type Tree } from './gpu-growth.js';
import type { GpuKernels, GpuTexture } from './gpu-kernels.js';
import type { GpuMemory } from './gpu-memory.js';
import { gpuTable } from './gpu-table.js';
import type { BoostingOptions, TreeEnsemble, TreeOps, TreeRun } from './ops-trees.js';
import type { CoreMemory } from './wasm.js';
import { checkTable, type Scratch, turns } from './wasm-bins.js';

export function gpuTreeOps({ core }: Pick<GpuMemory, 'core'>, kernels: GpuKernels): Pick<TreeOps, 'fitBoosting'> {
  return { fitBoosting: (x, y, cols, options, stream, run) => fitBoosting(core, kernels, x, y, cols, options, stream, run) };
}

async function fitBoosting(
  core: CoreMemory,
  kernels: GpuKernels,
  x: Float32Array,
  y: Uint8Array,
  cols: number,
  options: BoostingOptions,
  stream: Stream,
  run: TreeRun = {},
): Promise<TreeEnsemble> {
  const rows = y.length;
  checkTable(x, rows, cols);
  const turn = turns(run);
  const base = startingMargin(core, y, options);
  const { weights, unit } = rowWeights(y, options);
  const vector = (values: ArrayLike<number>) => kernels.upload(Float32Array.from(values), 1, rows);
  const table = gpuTable(core, kernels, x, cols, options.maxBins);
  const labels = { positive: vector(y), units: { g: unit, h: unit / 4 } };
  const growth = new Growth(kernels, table, labels, options);
  const trees: Tree[] = [];
  let margins = vector(new Float32Array(rows).fill(base));
  const everyRow = vector(weights);
  try {
    for (let round = 0; round < options.rounds; round++) {
      const part = options.subsample < 1 ? vector(sampled(core, weights, options.subsample, stream)) : everyRow;
      const grown = growth.grow(margins, part);
      for (const texture of part === everyRow ? [margins] : [margins, part]) kernels.free(texture);
      margins = grown.margins;
      trees.push(grown.tree);
      await turn(round + 1, options.rounds);
    }
    return joined(trees, cols, base);
  } finally {
    growth.free();
    const textures: GpuTexture[] = [margins, everyRow, labels.positive, ...Object.values(table.on)];
    for (const texture of textures) kernels.free(texture);
  }
}

/** Where margins start, by the core's rule. */
function startingMargin(core: CoreMemory, y: Uint8Array, { baseMargin, weights, positiveWeight }: BoostingOptions): number {
  const mark = core.mark();
  const estimate = core.core.baseMargin as Scratch;
  const base = Math.fround(baseMargin ?? estimate(core.put(y), weights ? core.put(weights) : 0, y.length, positiveWeight));
  core.release(mark);
  if (!Number.isFinite(base)) throw new InputError('"y" expected rows of both classes, got one');
  return base;
}

/** Weights (N), the positive class's factor included, in a unit that is a power of two and no less than any. */
function rowWeights(y: Uint8Array, { weights, positiveWeight }: BoostingOptions): { weights: Float32Array; unit: number } {
  const factor = Math.fround(positiveWeight);
  const all = Float32Array.from(y, (positive, i) => (weights ? (weights[i] as number) : 1) * (positive ? factor : 1));
  const most = all.reduce((a, b) => Math.max(a, b), 0);
  let unit = 1;
  while (unit < most) unit *= 2;
  while (unit / 2 >= most && unit > 1e-30) unit /= 2;
  return { weights: all.map((weight) => weight / unit), unit };
}

/** Weights of a round: 0 where a row takes no part in it. The words are those that the core would draw. */
function sampled(core: CoreMemory, weights: Float32Array, share: number, stream: Stream): Float32Array {
  const rows = weights.length;
  const mark = core.mark();
  const words = core.alloc(rows * 4);
  core.core.randomWords?.(words, rows, stream.key0, stream.key1, stream.take(Math.ceil(rows / 4)));
  const drawn = core.get(words, rows, Uint32Array);
  core.release(mark);
  const below = Math.floor(share * 4_294_967_296);
  return weights.map((weight, row) => ((drawn[row] as number) < below ? weight : 0));
}
