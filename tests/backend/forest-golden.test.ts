/** Forest trees against scikit-learn (tests/golden/trees.json): best splits, whole trees, missing values, probabilities. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { ForestOptions, TreeEnsemble } from '../../ts/backend/ops-trees.js';
import { wasmBackend } from '../../ts/backend/select.js';
import { Stream } from '../../ts/random.js';
import { allClose, close } from '../close.js';
import { type GoldenCase, golden } from '../golden.js';
import { giniSplits } from '../ref/trees.js';
import { unclaimed } from '../unclaimed.js';

const backend = await wasmBackend();
const test = suite('forest trees against scikit-learn');

const flat = (rows: number[][]) => Float32Array.from(rows.flat());
const isClaimed = (c: GoldenCase) => !(c.criterion === 'entropy' || new Set(c.y).size > 2);

/** One tree on all rows and features, as scikit-learn's DecisionTreeClassifier. */
const wholeTree = (cols: number, more: Partial<ForestOptions> = {}): ForestOptions => ({
  trees: 1,
  featuresPerSplit: cols,
  minLeaf: 1,
  maxDepth: 0,
  bootstrap: false,
  positiveWeight: 1,
  maxBins: 256,
  ...more,
});

interface OptimalSplit {
  readonly feature: number;
  readonly threshold: number;
  readonly n_left: number;
  readonly n_right: number;
}

assert.ok(unclaimed.trees?.['criterion entropy'] && unclaimed.trees['several classes'], 'what is not claimed is listed');

for (const c of golden('trees', 'best_split').filter(isClaimed)) {
  test(`best split: ${c.name}`, async () => {
    const cols = c.X[0].length;
    const x = flat(c.X);
    const y = Uint8Array.from(c.y);
    const weights = c.w ? { weights: Float64Array.from(c.w) } : {};
    const options = wholeTree(cols, { maxDepth: 1, minLeaf: c.min_samples_leaf, ...weights });
    for (const seed of [1, 2, 3]) {
      const tree = await backend.trees.fitForest(x, y, cols, options, Stream.fromSeed(seed));
      const [feature, threshold] = [tree.feature[0] as number, tree.threshold[0] as number];
      const found = (c.all_optimal_splits as OptimalSplit[]).find(
        (split) => split.feature === feature && Math.abs(split.threshold - threshold) <= 1e-6 * Math.max(1, Math.abs(split.threshold)),
      );
      assert.ok(found, `feature ${feature} below ${threshold} is one of the best splits`);
      const left = c.X.filter((row: number[]) => Math.fround(row[feature] as number) < threshold).length;
      assert.is(left, found.n_left, 'rows on the left');
      assert.is(c.X.length - left, found.n_right, 'rows on the right');
      close(tree.gain[0] as number, c.best_gain, { abs: 1e-12, rel: 2 ** -23 }, 'gain, kept as float32');
      // The float64 gain of this very split, by the oracle.
      const oracle = giniSplits(c.X, c.y, c.w, feature).find((split) => split.above === threshold || split.left === left);
      close(oracle?.gain as number, c.best_gain, { abs: 1e-14, rel: 1e-9 }, 'gain of the chosen split');
    }
  });
}

interface SklearnTree {
  readonly children_left: number[];
  readonly children_right: number[];
  readonly feature: number[];
  readonly threshold: number[];
  readonly impurity: number[];
  readonly n_node_samples: number[];
  readonly value_fraction: [number, number][];
}

function sameTree(got: TreeEnsemble, at: number, want: SklearnTree, node: number, missingLeft?: number[]): void {
  const what = `node ${node}`;
  close(got.cover[at] as number, want.n_node_samples[node] as number, {}, `${what}: rows`);
  close(got.value[at] as number, want.value_fraction[node]?.[1] as number, { abs: 1e-7 }, `${what}: share`);
  const [left, right] = [want.children_left[node] as number, want.children_right[node] as number];
  if (left < 0) {
    assert.is(got.feature[at], -1, `${what} is a leaf`);
    return;
  }
  assert.is(got.feature[at], want.feature[node], `${what}: feature`);
  close(got.threshold[at] as number, want.threshold[node] as number, { abs: 1e-7, rel: 1e-6 }, `${what}: threshold`);
  if (missingLeft) assert.is(got.defaultLeft[at], missingLeft[node], `${what}: side of missing`);
  const children = [left, right].reduce(
    (sum, child) =>
      sum + ((want.n_node_samples[child] as number) / (want.n_node_samples[node] as number)) * (want.impurity[child] as number),
    0,
  );
  close(got.gain[at] as number, (want.impurity[node] as number) - children, { abs: 1e-7 }, `${what}: gain`);
  const child = got.left[at] as number;
  sameTree(got, child, want, left, missingLeft);
  sameTree(got, child + 1, want, right, missingLeft);
}

const depth = (tree: SklearnTree, node = 0): number =>
  (tree.children_left[node] as number) < 0
    ? 0
    : 1 + Math.max(depth(tree, tree.children_left[node]), depth(tree, tree.children_right[node]));

for (const kind of ['sklearn_depth3', 'sklearn_missing_tree']) {
  for (const c of golden('trees', kind)) {
    test(`${kind}: the same tree and probabilities`, async () => {
      const cols = c.X[0].length;
      const options = wholeTree(cols, { maxDepth: depth(c.tree) });
      const tree = await backend.trees.fitForest(flat(c.X), Uint8Array.from(c.y), cols, options, Stream.fromSeed(1));
      sameTree(tree, 0, c.tree, 0, c.missing_go_to_left);
      allClose(await backend.trees.probabilities(tree, flat(c.probe ?? c.X)), c.proba1, { abs: 1e-7 }, 'probabilities');
    });
  }
}

test.run();
