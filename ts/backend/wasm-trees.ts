/** Trees on the core: bins the features once, then one call a tree; between calls a run can be stopped and tells how far it is. */
import { InputError, throwIfAborted } from '../errors.js';
import type { Stream } from '../random.js';
import type { BoostingOptions, ForestOptions, TreeEnsemble, TreeOps, TreeRun } from './ops-trees.js';
import type { CoreMemory } from './wasm.js';
import { NodeTables } from './wasm-node-tables.js';

/** Entries of a feature in the tables of bins, as in assembly/bins.ts. */
const BINS = 256;
/** Time between two turns of the event loop while a run can be stopped. */
const TURN_MS = 40;

export function treeOps(memory: CoreMemory): TreeOps {
  return {
    fitBoosting: (x, y, cols, options, stream, run) => inScratch(memory, () => fitBoosting(memory, x, y, cols, options, stream, run)),
    fitForest: (x, y, cols, options, stream, run) => inScratch(memory, () => fitForest(memory, x, y, cols, options, stream, run)),
    predict: (ensemble, x) => inScratch(memory, async () => predict(memory, ensemble, x, 'sum')),
    probabilities: (ensemble, x) => inScratch(memory, async () => predict(memory, ensemble, x, ensemble.link)),
    leaves: (ensemble, x) => inScratch(memory, async () => leaves(memory, ensemble, x)),
  };
}

async function inScratch<T>(memory: CoreMemory, work: () => Promise<T>): Promise<T> {
  const mark = memory.mark();
  try {
    return await work();
  } finally {
    memory.release(mark);
  }
}

/** Binned features in the core; see assembly/bins.ts. */
interface Binned {
  readonly rows: number;
  readonly cols: number;
  readonly codes: number;
  readonly lower: number; // (D, BINS) f32
  readonly upper: number;
  readonly bins: number; // (D) i32
  readonly missing: number; // (D) i32
}

/** Codes lie at row·rowStride + feature·featureStride of `codeBytes` bytes. */
function bin(
  memory: CoreMemory,
  x: Float32Array,
  cols: number,
  maxBins: number,
  layout: { readonly rowStride: number; readonly featureStride: number; readonly codeBytes: number },
): Binned {
  const rows = x.length / cols;
  if (!Number.isInteger(maxBins) || maxBins < 2 || maxBins > BINS) {
    throw new InputError(`"maxBins" expected an integer in 2..${BINS}, got ${maxBins}`);
  }
  const codes = memory.put(new Uint8Array(layout.codeBytes));
  const [lower, upper] = [memory.alloc(cols * BINS * 4), memory.alloc(cols * BINS * 4)];
  const [bins, missing] = [memory.alloc(cols * 4), memory.alloc(cols * 4)];
  const mark = memory.mark();
  const values = memory.put(x);
  const scratch = memory.alloc((memory.core.binScratch as Scratch)(rows));
  const { rowStride, featureStride } = layout;
  memory.core.binFeatures?.(values, rows, cols, maxBins, codes, rowStride, featureStride, lower, upper, bins, missing, scratch);
  memory.release(mark);
  return { rows, cols, codes, lower, upper, bins, missing };
}

type Scratch = (...sizes: number[]) => number;

function checkTable(x: Float32Array, y: Uint8Array, cols: number): number {
  const rows = y.length;
  if (rows === 0 || !(cols >= 1)) throw new InputError(`"x" expected at least one row and one feature, got ${rows}×${cols}`);
  if (x.length !== rows * cols) throw new InputError(`"x" expected ${rows}×${cols} values, got ${x.length}`);
  return rows;
}

async function fitBoosting(
  memory: CoreMemory,
  x: Float32Array,
  y: Uint8Array,
  cols: number,
  options: BoostingOptions,
  stream: Stream,
  run: TreeRun = {},
): Promise<TreeEnsemble> {
  const rows = checkTable(x, y, cols);
  const stride = Math.ceil(cols / 4) * 4;
  const binned = bin(memory, x, cols, options.maxBins, { rowStride: stride, featureStride: 1, codeBytes: rows * stride });
  const labels = memory.put(y);
  const weights = options.weights ? memory.put(options.weights) : 0;
  const { baseMargin, boostRound, boostScratch, treeBytes } = memory.core as Record<string, Scratch>;
  const base = Math.fround(options.baseMargin ?? (baseMargin as Scratch)(labels, weights, rows, options.positiveWeight));
  if (!Number.isFinite(base)) throw new InputError('"y" expected rows of both classes, got one');
  const margins = memory.put(new Float32Array(rows).fill(base));
  const numbers = memory.put(boostingNumbers(options));
  const capacity = nodeCapacity(rows, options.depth);
  const table = memory.alloc((treeBytes as Scratch)(capacity));
  const scratch = memory.alloc((boostScratch as Scratch)(rows, stride, options.depth));
  const trees = new NodeTables(memory, table, capacity);
  const turn = turns(run);
  const { codes, bins, lower, upper } = binned;
  for (let round = 0; round < options.rounds; round++) {
    const block = options.subsample < 1 ? stream.take(Math.ceil(rows / 4)) : 0;
    const data = [codes, rows, stride, cols, bins, lower, upper, labels, weights, margins];
    const draw = [stream.key0, stream.key1, block];
    trees.add((boostRound as Scratch)(...data, numbers, options.depth, ...draw, table, capacity, scratch));
    await turn(round + 1, options.rounds);
  }
  return trees.ensemble(cols, base, 'logistic');
}

/** In the order that assembly/boosting.ts reads. */
function boostingNumbers(options: BoostingOptions): Float64Array {
  const { lambda, alpha = 0, gamma, minChildWeight, maxDeltaStep = 0, learningRate, subsample, positiveWeight } = options;
  return Float64Array.of(lambda, alpha, gamma, minChildWeight, maxDeltaStep, learningRate, subsample, positiveWeight);
}

/** Most nodes that a tree of `depth` levels of splits (0 = any) on `rows` rows can have. */
function nodeCapacity(rows: number, depth: number): number {
  let full = 1;
  for (let level = 0; level < depth && full < 2 * rows; level++) full = 2 * full + 1;
  return depth === 0 ? 2 * rows : Math.min(full, 2 * rows);
}

async function fitForest(
  memory: CoreMemory,
  x: Float32Array,
  y: Uint8Array,
  cols: number,
  options: ForestOptions,
  stream: Stream,
  run: TreeRun = {},
): Promise<TreeEnsemble> {
  const rows = checkTable(x, y, cols);
  const binned = bin(memory, x, cols, options.maxBins, { rowStride: 1, featureStride: rows, codeBytes: rows * cols });
  const labels = memory.put(y);
  const weights = options.weights ? memory.put(options.weights) : 0;
  const { forestScratch, forestTree, treeBytes } = memory.core as Record<string, Scratch>;
  const capacity = nodeCapacity(rows, options.maxDepth);
  const table = memory.alloc((treeBytes as Scratch)(capacity));
  const scratch = memory.alloc((forestScratch as Scratch)(rows, cols));
  const trees = new NodeTables(memory, table, capacity);
  const turn = turns(run);
  const { codes, bins, lower, upper } = binned;
  const { featuresPerSplit, minLeaf, maxDepth, bootstrap, positiveWeight } = options;
  for (let t = 0; t < options.trees; t++) {
    const { key0, key1 } = stream.child(t);
    const data = [codes, rows, cols, bins, lower, upper, labels, weights];
    const limits = [featuresPerSplit, minLeaf, maxDepth, Number(bootstrap), positiveWeight];
    trees.add((forestTree as Scratch)(...data, ...limits, key0, key1, table, capacity, scratch));
    await turn(t + 1, options.trees);
  }
  return trees.ensemble(cols, 0, 'mean');
}

/** Reports progress and, now and then, gives way to the event loop, so that an abort can arrive. */
function turns(run: TreeRun): (done: number, total: number) => Promise<void> {
  let last = performance.now();
  throwIfAborted(run.signal);
  return async (done, total) => {
    run.onProgress?.(done, total);
    if (run.signal && performance.now() - last > TURN_MS) {
      await new Promise((resolve) => setTimeout(resolve, 0));
      last = performance.now();
    }
    throwIfAborted(run.signal);
  };
}

/** Nodes of an ensemble as the core walks them. */
interface Packed {
  readonly nodes: number;
  readonly roots: number;
  readonly trees: number;
  readonly rows: number;
  readonly scratch: number;
}

function pack(memory: CoreMemory, ensemble: TreeEnsemble, x: Float32Array): Packed {
  const rows = x.length / ensemble.features;
  if (!Number.isInteger(rows)) throw new InputError(`"x" expected rows of ${ensemble.features} values, got ${x.length} in all`);
  const count = ensemble.feature.length;
  const nodes = memory.alloc(count * 16);
  const mark = memory.mark();
  const columns = [ensemble.feature, ensemble.threshold, ensemble.left, ensemble.defaultLeft].map(memory.put);
  memory.core.packTrees?.(...columns, count, nodes);
  memory.release(mark);
  const scratch = memory.alloc((memory.core.predictScratch as Scratch)(ensemble.features));
  return { nodes, roots: memory.put(ensemble.roots), trees: ensemble.roots.length - 1, rows, scratch };
}

/** As assembly/tree.ts numbers them. */
const LINKS = { sum: 0, logistic: 1, mean: 2 } as const;

function predict(memory: CoreMemory, ensemble: TreeEnsemble, x: Float32Array, link: keyof typeof LINKS): Float32Array {
  const { nodes, roots, trees, rows, scratch } = pack(memory, ensemble, x);
  const [values, leafValues] = [memory.put(x), memory.put(ensemble.value)];
  const out = memory.alloc(rows * 4);
  memory.core.predictTrees?.(nodes, leafValues, roots, trees, values, rows, ensemble.features, ensemble.base, LINKS[link], out, scratch);
  return memory.get(out, rows, Float32Array);
}

function leaves(memory: CoreMemory, ensemble: TreeEnsemble, x: Float32Array): Uint32Array {
  const { nodes, roots, trees, rows, scratch } = pack(memory, ensemble, x);
  const values = memory.put(x);
  const out = memory.alloc(trees * rows * 4);
  memory.core.treeLeaves?.(nodes, roots, trees, values, rows, ensemble.features, out, scratch);
  return memory.get(out, trees * rows, Uint32Array);
}
