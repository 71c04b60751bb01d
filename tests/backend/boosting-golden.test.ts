/** Gradient boosting against xgboost (tests/golden/trees.json): gains, trained trees, margins; and its own models read back. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { BoostingOptions, TreeEnsemble } from '../../ts/backend/ops-trees.js';
import { wasmBackend } from '../../ts/backend/select.js';
import { Stream } from '../../ts/random.js';
import { allClose, close } from '../close.js';
import { coreFunctions } from '../core.js';
import { type GoldenCase, golden } from '../golden.js';
import { unclaimed } from '../unclaimed.js';

const backend = await wasmBackend();
const test = suite('boosting against xgboost');

interface XgbTree {
  readonly split_indices: number[];
  readonly split_conditions: number[];
  readonly left_children: number[];
  readonly right_children: number[];
  readonly default_left: number[];
  readonly loss_changes: number[];
  readonly base_weights: number[];
  readonly sum_hessian: number[];
}

const xgbTrees = (c: GoldenCase): XgbTree[] => JSON.parse(c.model_json_text).learner.gradient_booster.model.trees;
const flat = (rows: number[][]) => Float32Array.from(rows.flat());
const isClaimed = (c: GoldenCase) => !(c.params.objective in (unclaimed.trees ?? {}));
const logit = (p: number) => Math.log(p / (1 - p));

function options({ params, rounds, weight }: GoldenCase): BoostingOptions {
  return {
    rounds,
    depth: params.max_depth,
    learningRate: params.eta,
    lambda: params.reg_lambda,
    alpha: params.reg_alpha ?? 0,
    gamma: params.gamma ?? 0,
    minChildWeight: params.min_child_weight ?? 1,
    maxDeltaStep: params.max_delta_step ?? 0,
    subsample: 1,
    positiveWeight: params.scale_pos_weight ?? 1,
    maxBins: params.max_bin,
    baseMargin: logit(params.base_score),
    ...(weight ? { weights: Float32Array.from(weight) } : {}),
  };
}

/** The same splits in the same places; the order of nodes is free. */
function sameTree(got: TreeEnsemble, at: number, want: XgbTree, node: number, what: string): void {
  const feature = got.feature[at] as number;
  const left = want.left_children[node] as number;
  close(got.cover[at] as number, want.sum_hessian[node] as number, { rel: 1e-5 }, `${what} cover of ${node}`);
  close(got.value[at] as number, want.base_weights[node] as number, { abs: 1e-6, rel: 1e-4 }, `${what} value of ${node}`);
  if (left < 0) {
    assert.is(feature, -1, `${what}: node ${node} is a leaf`);
    return;
  }
  assert.is(feature, want.split_indices[node], `${what}: feature of node ${node}`);
  assert.is(got.threshold[at], Math.fround(want.split_conditions[node] as number), `${what}: threshold of node ${node}`);
  assert.is(got.defaultLeft[at], want.default_left[node], `${what}: default direction of node ${node}`);
  close(got.gain[at] as number, want.loss_changes[node] as number, { rel: 1e-3 }, `${what} gain of ${node}`);
  const child = got.left[at] as number;
  sameTree(got, child, want, left, what);
  sameTree(got, child + 1, want, want.right_children[node] as number, what);
}

/** A model of xgboost as an ensemble: children side by side, as ours are. */
function asEnsemble(c: GoldenCase): TreeEnsemble {
  const columns = { feature: [], threshold: [], left: [], defaultLeft: [], value: [], gain: [], cover: [] } as Record<string, number[]>;
  const put = (at: number, name: string, value: number) => {
    (columns[name] as number[])[at] = value;
  };
  const roots = [0];
  let next = 0;
  for (const tree of xgbTrees(c)) {
    const queue: [number, number][] = [[0, next++]];
    for (let entry = queue.shift(); entry; entry = queue.shift()) {
      const [node, at] = entry;
      const left = tree.left_children[node] as number;
      put(at, 'feature', left < 0 ? -1 : (tree.split_indices[node] as number));
      put(at, 'threshold', tree.split_conditions[node] as number);
      put(at, 'left', left < 0 ? 0 : next);
      put(at, 'defaultLeft', tree.default_left[node] as number);
      put(at, 'value', left < 0 ? (tree.split_conditions[node] as number) : 0);
      put(at, 'gain', tree.loss_changes[node] as number);
      put(at, 'cover', tree.sum_hessian[node] as number);
      if (left < 0) continue;
      queue.push([left, next], [tree.right_children[node] as number, next + 1]);
      next += 2;
    }
    roots.push(next);
  }
  const floats = (name: string) => Float32Array.from(columns[name] as number[]);
  return {
    features: c.X[0].length,
    base: c.params.objective === 'binary:logistic' ? logit(c.params.base_score) : c.params.base_score,
    link: 'logistic',
    roots: Uint32Array.from(roots),
    feature: Int32Array.from(columns.feature as number[]),
    threshold: floats('threshold'),
    left: Uint32Array.from(columns.left as number[]),
    defaultLeft: Uint8Array.from(columns.defaultLeft as number[]),
    value: floats('value'),
    gain: floats('gain'),
    cover: floats('cover'),
  };
}

for (const c of golden('trees', 'xgb_booster')) {
  if (c.params.objective !== 'multi:softprob') {
    test(`${c.name}: margins of xgboost's own model`, async () => {
      allClose(await backend.trees.predict(asEnsemble(c), flat(c.probe)), c.margin, { abs: 1e-5 }, c.name);
    });
  }
  if (!isClaimed(c)) continue;
  test(`${c.name}: the same trees`, async () => {
    const x = flat(c.X);
    const ensemble = await backend.trees.fitBoosting(x, Uint8Array.from(c.y), c.X[0].length, options(c), Stream.fromSeed(1));
    assert.is(ensemble.roots.length - 1, c.rounds, 'trees');
    xgbTrees(c).forEach((tree, t) => {
      sameTree(ensemble, ensemble.roots[t] as number, tree, 0, `${c.name}, tree ${t}`);
    });
    allClose(await backend.trees.predict(ensemble, flat(c.probe)), c.margin, { abs: 1e-4 }, `${c.name} margins`);
    allClose(await backend.trees.probabilities(ensemble, x), c.train_pred, { abs: 1e-4 }, `${c.name} training predictions`);
  });
}

test('gains and weights', async () => {
  const { splitGain, leafWeight } = await coreFunctions();
  for (const { lambda, alpha, max_delta_step, GL, HL, GR, HR, loss_chg, w_left, w_right, w_parent } of golden('trees', 'xgb_gain')) {
    const limits = [lambda, alpha, max_delta_step] as const;
    const what = `gain of ${GL}, ${GR}`;
    close(splitGain(GL, HL, GR, HR, ...limits), loss_chg, { abs: 1e-12, rel: 1e-9 }, what);
    close(leafWeight(GL, HL, ...limits), w_left, { abs: 1e-15, rel: 1e-12 }, `${what}, left weight`);
    close(leafWeight(GR, HR, ...limits), w_right, { abs: 1e-15, rel: 1e-12 }, `${what}, right weight`);
    close(leafWeight(GL + GR, HL + HR, ...limits), w_parent, { abs: 1e-15, rel: 1e-12 }, `${what}, parent weight`);
  }
});

test.run();
