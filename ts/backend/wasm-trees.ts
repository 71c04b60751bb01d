/** Trees on the core: bins the features once, then one call a tree; between calls a run can be stopped and tells how far it is. */
import { InputError } from '../errors.js';
import type { Stream } from '../random.js';
import type { ForestOptions, TreeEnsemble, TreeOps, TreeRun } from './ops-trees.js';
import { turnsFor } from './turns.js';
import type { CoreMemory } from './wasm.js';
import { bin, checkTable, nodeCapacity, type Scratch, turns } from './wasm-bins.js';
import { fitBoosting, fitRegressions } from './wasm-boosting.js';
import { NodeTables } from './wasm-node-tables.js';

export function treeOps(memory: CoreMemory): TreeOps {
  return {
    fitBoosting: (x, y, cols, options, stream, run) => inScratch(memory, () => fitBoosting(memory, x, y, cols, options, stream, run)),
    fitRegressions: (x, targets, cols, outputs, options, stream, run) =>
      inScratch(memory, () => fitRegressions(memory, x, targets, cols, outputs, options, stream, run)),
    fitForest: (x, y, cols, options, stream, run) => inScratch(memory, () => fitForest(memory, x, y, cols, options, stream, run)),
    predict: (ensemble, x) => inScratch(memory, async () => predict(memory, ensemble, x)),
    probabilities: (ensemble, x, run) => inScratch(memory, () => probabilities(memory, ensemble, x, run)),
    predictEach: (ensembles, x) => inScratch(memory, async () => predictEach(memory, ensembles, x)),
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

async function fitForest(
  memory: CoreMemory,
  x: Float32Array,
  y: Uint8Array,
  cols: number,
  options: ForestOptions,
  stream: Stream,
  run: TreeRun = {},
): Promise<TreeEnsemble> {
  const rows = y.length;
  checkTable(x, rows, cols);
  const { codes, bins, lower, upper } = bin(memory, x, cols, options.maxBins);
  const codeRows = memory.alloc(rows * cols);
  memory.core.codeRows?.(codes, rows, cols, codeRows);
  const labels = memory.put(y);
  const weights = options.weights ? memory.put(options.weights) : 0;
  const { forestScratch, forestTree, treeBytes } = memory.core as Record<string, Scratch>;
  const capacity = nodeCapacity(rows, options.maxDepth);
  const table = memory.alloc((treeBytes as Scratch)(capacity));
  const scratch = memory.alloc((forestScratch as Scratch)(rows, cols));
  const trees = new NodeTables(memory, table, capacity);
  const turn = turns(run);
  const { featuresPerSplit, minLeaf, maxDepth, bootstrap, positiveWeight } = options;
  for (let t = 0; t < options.trees; t++) {
    const { key0, key1 } = stream.child(t);
    const data = [codes, codeRows, rows, cols, bins, lower, upper, labels, weights];
    const limits = [featuresPerSplit, minLeaf, maxDepth, Number(bootstrap), positiveWeight];
    trees.add((forestTree as Scratch)(...data, ...limits, key0, key1, table, capacity, scratch));
    await turn(t + 1, options.trees);
  }
  return trees.ensemble(cols, 0, 'mean');
}

/** Nodes of an ensemble as the core walks them. */
interface Packed {
  readonly nodes: number;
  readonly roots: number;
  readonly trees: number;
  readonly rows: number;
  readonly scratch: number;
}

function pack(memory: CoreMemory, ensemble: TreeEnsemble, length: number): Packed {
  const rows = length / ensemble.features;
  if (!Number.isInteger(rows)) throw new InputError(`"x" expected rows of ${ensemble.features} values, got ${length} in all`);
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

const predict = (memory: CoreMemory, ensemble: TreeEnsemble, x: Float32Array): Float32Array =>
  sumsAt(memory, ensemble, memory.put(x), x.length);

/** Rows that are predicted together: some milliseconds of a large forest. */
const CHUNK = 2048;

async function probabilities(memory: CoreMemory, ensemble: TreeEnsemble, x: Float32Array, run: TreeRun = {}): Promise<Float32Array> {
  const { features } = ensemble;
  const { nodes, roots, trees, rows, scratch } = pack(memory, ensemble, x.length);
  const leafValues = memory.put(ensemble.value);
  const out = new Float32Array(rows);
  const turn = turnsFor(run.signal);
  for (let from = 0; from < rows; from += CHUNK) {
    await turn();
    const mark = memory.mark();
    const count = Math.min(CHUNK, rows - from);
    const values = memory.put(x.subarray(from * features, (from + count) * features));
    const part = memory.alloc(count * 4);
    memory.core.predictTrees?.(
      nodes,
      leafValues,
      roots,
      trees,
      values,
      count,
      features,
      ensemble.base,
      LINKS[ensemble.link],
      part,
      scratch,
    );
    out.set(memory.get(part, count, Float32Array), from);
    memory.release(mark);
  }
  return out;
}

/** Of `length` values of x that lie in the core already. */
function sumsAt(memory: CoreMemory, ensemble: TreeEnsemble, x: number, length: number): Float32Array {
  const { nodes, roots, trees, rows, scratch } = pack(memory, ensemble, length);
  const leafValues = memory.put(ensemble.value);
  const out = memory.alloc(rows * 4);
  memory.core.predictTrees?.(nodes, leafValues, roots, trees, x, rows, ensemble.features, ensemble.base, LINKS.sum, out, scratch);
  return memory.get(out, rows, Float32Array);
}

function predictEach(memory: CoreMemory, ensembles: readonly TreeEnsemble[], x: Float32Array): Float32Array {
  const values = memory.put(x);
  const columns = ensembles.map((ensemble) => {
    const mark = memory.mark();
    const column = sumsAt(memory, ensemble, values, x.length);
    memory.release(mark);
    return column;
  });
  const rows = columns[0]?.length ?? 0;
  return Float32Array.from({ length: rows * columns.length }, (_, i) => {
    const column = columns[i % columns.length] as Float32Array;
    return column[Math.floor(i / columns.length)] as number;
  });
}

function leaves(memory: CoreMemory, ensemble: TreeEnsemble, x: Float32Array): Uint32Array {
  const { nodes, roots, trees, rows, scratch } = pack(memory, ensemble, x.length);
  const values = memory.put(x);
  const out = memory.alloc(trees * rows * 4);
  memory.core.treeLeaves?.(nodes, roots, trees, values, rows, ensemble.features, out, scratch);
  return memory.get(out, trees * rows, Uint32Array);
}
