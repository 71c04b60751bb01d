/** Boosting on the core: bins the features once, then one call a tree. */
import { InputError } from '../errors.js';
import type { Stream } from '../random.js';
import type { BoostingOptions, RegressionOptions, Regressions, TreeEnsemble, TreeRun } from './ops-trees.js';
import type { CoreMemory } from './wasm.js';
import { bin, checkTable, nodeCapacity, type Scratch, turns } from './wasm-bins.js';
import { NodeTables } from './wasm-node-tables.js';

export async function fitBoosting(
  memory: CoreMemory,
  x: Float32Array,
  y: Uint8Array,
  cols: number,
  options: BoostingOptions,
  stream: Stream,
  run: TreeRun = {},
): Promise<TreeEnsemble> {
  const rows = y.length;
  checkTable(x, rows, cols);
  const labels = memory.put(y);
  const weights = options.weights ? memory.put(options.weights) : 0;
  const { baseMargin, boostRound } = memory.core as Record<string, Scratch>;
  const base = Math.fround(options.baseMargin ?? (baseMargin as Scratch)(labels, weights, rows, options.positiveWeight));
  if (!Number.isFinite(base)) throw new InputError('"y" expected rows of both classes, got one');
  const margins = memory.put(new Float32Array(rows).fill(base));
  const { grow, treesOf } = grower(memory, x, cols, options, boostRound as Scratch);
  const trees = treesOf();
  const turn = turns(run);
  for (let round = 0; round < options.rounds; round++) {
    trees.add(grow(labels, weights, margins, stream));
    await turn(round + 1, options.rounds);
  }
  return trees.ensemble(cols, base, 'logistic');
}

/** Targets (N, outputs) row-major; the bins of x serve them all. */
export async function fitRegressions(
  memory: CoreMemory,
  x: Float32Array,
  targets: Float32Array,
  cols: number,
  outputs: number,
  options: RegressionOptions,
  stream: Stream,
  run: TreeRun = {},
): Promise<Regressions> {
  const rows = targets.length / outputs;
  checkTable(x, rows, cols);
  const weights = options.weights ? memory.put(options.weights) : 0;
  const { meanTarget, regressionRound, squaredError } = memory.core as Record<string, Scratch>;
  const { grow, treesOf } = grower(memory, x, cols, { ...options, positiveWeight: 1 }, regressionRound as Scratch);
  const turn = turns(run);
  const losses = new Float64Array(options.rounds + 1);
  const ensembles: TreeEnsemble[] = [];
  for (let output = 0; output < outputs; output++) {
    const mark = memory.mark();
    const own = memory.put(Float32Array.from({ length: rows }, (_, i) => targets[i * outputs + output] as number));
    const base = Math.fround((meanTarget as Scratch)(own, weights, rows));
    const margins = memory.put(new Float32Array(rows).fill(base));
    const trees = treesOf();
    const note = (round: number) => {
      losses[round] = (losses[round] as number) + (squaredError as Scratch)(margins, own, weights, rows) / outputs;
    };
    note(0);
    const draw = stream.child(output);
    for (let round = 0; round < options.rounds; round++) {
      trees.add(grow(own, weights, margins, draw));
      note(round + 1);
      await turn(output * options.rounds + round + 1, outputs * options.rounds);
    }
    ensembles.push(trees.ensemble(cols, base, 'sum'));
    memory.release(mark);
  }
  return { ensembles, losses };
}

/** Bins x, and grows trees on it: `grow` adds one to the margins and returns its number of nodes, which `treesOf` collects. */
function grower(memory: CoreMemory, x: Float32Array, cols: number, options: BoostingOptions, growRound: Scratch) {
  const rows = x.length / cols;
  const { codes, bins, lower, upper } = bin(memory, x, cols, options.maxBins);
  const codeRows = memory.alloc(rows * cols);
  memory.core.codeRows?.(codes, rows, cols, codeRows);
  const numbers = memory.put(boostingNumbers(options));
  const capacity = nodeCapacity(rows, options.depth);
  const { boostScratch, treeBytes } = memory.core as Record<string, Scratch>;
  const table = memory.alloc((treeBytes as Scratch)(capacity));
  const scratch = memory.alloc((boostScratch as Scratch)(rows, cols, options.depth));
  return {
    grow(y: number, weights: number, margins: number, stream: Stream): number {
      const block = options.subsample < 1 ? stream.take(Math.ceil(rows / 4)) : 0;
      const data = [codes, codeRows, rows, cols, bins, lower, upper, y, weights, margins];
      return growRound(...data, numbers, options.depth, stream.key0, stream.key1, block, table, capacity, scratch);
    },
    treesOf: () => new NodeTables(memory, table, capacity),
  };
}

/** In the order that assembly/boosting.ts reads. */
function boostingNumbers(options: BoostingOptions): Float64Array {
  const { lambda, alpha = 0, gamma, minChildWeight, maxDeltaStep = 0, learningRate, subsample, positiveWeight } = options;
  return Float64Array.of(lambda, alpha, gamma, minChildWeight, maxDeltaStep, learningRate, subsample, positiveWeight);
}
