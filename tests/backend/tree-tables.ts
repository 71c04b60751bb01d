/** Tables and short calls for the tests of tree learners. */
import * as assert from 'uvu/assert';
import type { Backend } from '../../ts/backend/backend.js';
import type { BoostingOptions, ForestOptions, TreeEnsemble } from '../../ts/backend/ops-trees.js';
import { Stream } from '../../ts/random.js';
import { backends } from '../assembly/rows.js';
import { goesLeft } from '../ref/trees.js';
import { OPTIONS } from './cases/trees.js';

export const SIZES = [1, 3, 4, 5, 15, 16, 17, 60];
export const backend = backends[0] as Backend;

export const BOOSTING: BoostingOptions = { ...OPTIONS, rounds: 5, baseMargin: 0 };
export const FOREST: ForestOptions = {
  trees: 5,
  featuresPerSplit: 2,
  minLeaf: 1,
  maxDepth: 0,
  bootstrap: true,
  positiveWeight: 1,
  maxBins: 256,
};

export interface Table {
  readonly cols: number;
  readonly rows: readonly number[][]; // float32 values
  readonly x: Float32Array;
  readonly y: Uint8Array;
}

export const tableOf = (rows: readonly number[][], y: ArrayLike<number>): Table => ({
  cols: (rows[0] as number[]).length,
  rows,
  x: Float32Array.from(rows.flat()),
  y: Uint8Array.from(y),
});

/** Labels lean on the first column; with `levels` values repeat, with `holes` some are missing. */
export function randomTable(n: number, cols: number, { levels = 0, holes = 0, seed = 1 } = {}): Table {
  const stream = Stream.fromSeed(seed).child(n).child(cols);
  const value = () => (levels ? stream.below(levels) : Math.fround(stream.uniform() * 4 - 2));
  const rows = Array.from({ length: n }, () => Array.from({ length: cols }, () => (stream.uniform() < holes ? Number.NaN : value())));
  return tableOf(
    rows,
    rows.map((row) => Number((row[0] || 0) + stream.uniform() * 2 - 1 > (levels ? levels / 2 : 0))),
  );
}

export const boost = ({ x, y, cols }: Table, options: Partial<BoostingOptions> = {}, on = backend, stream = Stream.fromSeed(9)) =>
  on.trees.fitBoosting(x, y, cols, { ...BOOSTING, ...options }, stream);
export const plant = ({ x, y, cols }: Table, options: Partial<ForestOptions> = {}, on = backend, stream = Stream.fromSeed(9)) =>
  on.trees.fitForest(x, y, cols, { ...FOREST, featuresPerSplit: Math.min(2, cols), ...options }, stream);

/** Weights of rows that let no two splits gain the same. */
export const untied = (n: number) => {
  const stream = Stream.fromSeed(5).child(n);
  return Float32Array.from({ length: n }, () => 0.5 + stream.uniform());
};

export const sameEnsemble = (a: TreeEnsemble, b: TreeEnsemble, what: string) => {
  for (const key of Object.keys(a) as (keyof TreeEnsemble)[]) assert.equal(a[key], b[key], `${what}: ${key}`);
};

/** Rows of training that reach each node, found by walking the raw values. */
export function rowsByNode({ rows, cols }: Table, ensemble: TreeEnsemble, tree: number): Map<number, number[]> {
  assert.is(ensemble.features, cols);
  const found = new Map<number, number[]>();
  rows.forEach((row, i) => {
    let node = ensemble.roots[tree] as number;
    for (;;) {
      found.set(node, [...(found.get(node) ?? []), i]);
      const feature = ensemble.feature[node] as number;
      if (feature < 0) return;
      const left = goesLeft(row[feature] as number, ensemble.threshold[node] as number, ensemble.defaultLeft[node] === 1);
      node = (ensemble.left[node] as number) + Number(!left);
    }
  });
  return found;
}
