/** Boosting and forests: against naive learners, and what must hold whatever the table. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Backend } from '../../ts/backend/backend.js';
import type { BoostingOptions, ForestOptions, TreeEnsemble } from '../../ts/backend/ops-trees.js';
import { InputError } from '../../ts/errors.js';
import { Stream } from '../../ts/random.js';
import { backends } from '../assembly/rows.js';
import { allClose, close } from '../close.js';
import { candidates, giniSplits, goesLeft, naiveBoosting } from '../ref/trees.js';

const SIZES = [1, 3, 4, 5, 15, 16, 17, 60];
const backend = backends[0] as Backend;

const BOOSTING: BoostingOptions = {
  rounds: 5,
  depth: 4,
  learningRate: 0.3,
  lambda: 1,
  gamma: 0,
  minChildWeight: 1,
  subsample: 1,
  positiveWeight: 1,
  maxBins: 256,
  baseMargin: 0,
};
const FOREST: ForestOptions = {
  trees: 5,
  featuresPerSplit: 2,
  minLeaf: 1,
  maxDepth: 0,
  bootstrap: true,
  positiveWeight: 1,
  maxBins: 256,
};

interface Table {
  readonly cols: number;
  readonly rows: readonly number[][]; // float32 values
  readonly x: Float32Array;
  readonly y: Uint8Array;
}

const tableOf = (rows: readonly number[][], y: ArrayLike<number>): Table => ({
  cols: (rows[0] as number[]).length,
  rows,
  x: Float32Array.from(rows.flat()),
  y: Uint8Array.from(y),
});

/** Labels lean on the first column; with `levels` values repeat, with `holes` some are missing. */
function randomTable(n: number, cols: number, { levels = 0, holes = 0, seed = 1 } = {}): Table {
  const stream = Stream.fromSeed(seed).child(n).child(cols);
  const value = () => (levels ? stream.below(levels) : Math.fround(stream.uniform() * 4 - 2));
  const rows = Array.from({ length: n }, () => Array.from({ length: cols }, () => (stream.uniform() < holes ? Number.NaN : value())));
  return tableOf(
    rows,
    rows.map((row) => Number((row[0] || 0) + stream.uniform() * 2 - 1 > (levels ? levels / 2 : 0))),
  );
}

const boost = ({ x, y, cols }: Table, options: Partial<BoostingOptions> = {}, on = backend, stream = Stream.fromSeed(9)) =>
  on.trees.fitBoosting(x, y, cols, { ...BOOSTING, ...options }, stream);
const plant = ({ x, y, cols }: Table, options: Partial<ForestOptions> = {}, on = backend, stream = Stream.fromSeed(9)) =>
  on.trees.fitForest(x, y, cols, { ...FOREST, featuresPerSplit: Math.min(2, cols), ...options }, stream);

/** Weights of rows that let no two splits gain the same. */
const untied = (n: number) => {
  const stream = Stream.fromSeed(5).child(n);
  return Float32Array.from({ length: n }, () => 0.5 + stream.uniform());
};

const sameEnsemble = (a: TreeEnsemble, b: TreeEnsemble, what: string) => {
  for (const key of Object.keys(a) as (keyof TreeEnsemble)[]) assert.equal(a[key], b[key], `${what}: ${key}`);
};

/** Rows of training that reach each node, found by walking the raw values. */
function rowsByNode({ rows, cols }: Table, ensemble: TreeEnsemble, tree: number): Map<number, number[]> {
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

const boosting = suite('boosting');

boosting('margins of a naive booster that tries every split in float64', async () => {
  for (const on of backends) {
    for (const n of SIZES) {
      for (const holes of [0, 0.25]) {
        const table = randomTable(n, 3, { holes });
        for (const limits of [{}, { lambda: 0.1, minChildWeight: 0.2 }, { gamma: 0.5, depth: 2, learningRate: 1, positiveWeight: 3 }]) {
          const options = { ...BOOSTING, ...limits, weights: untied(n) };
          const weights = Array.from(options.weights, (w, i) => (table.y[i] ? w * options.positiveWeight : w));
          const want = naiveBoosting(table.rows, Array.from(table.y), weights, 0, options.rounds, options);
          const ensemble = await boost(table, options, on);
          allClose(await on.trees.predict(ensemble, table.x), want, { abs: 2e-5, rel: 2e-5 }, `${n} rows, ${holes} missing`);
        }
      }
    }
  }
});

boosting('rows go where training sent them, also between neighbouring floats', async () => {
  const up = (value: number, steps: number) =>
    new Float32Array(Uint32Array.of((new Uint32Array(Float32Array.of(value).buffer)[0] as number) + steps).buffer)[0] as number;
  const rows = Array.from({ length: 40 }, (_, i) => [up(0.1, i), up(1e-40, i % 7)]);
  const table = tableOf(
    rows,
    rows.map((_, i) => Number(i % 3 === 0)),
  );
  const ensemble = await boost(table, { rounds: 1, depth: 6, lambda: 0, minChildWeight: 0 });
  const leaves = await backend.trees.leaves(ensemble, table.x);
  const counts = new Map<number, number>();
  for (const leaf of leaves) counts.set(leaf, (counts.get(leaf) ?? 0) + 1);
  assert.ok(counts.size > 5, 'there is something to go wrong');
  for (const [leaf, count] of counts) assert.is(ensemble.cover[leaf], count / 4, `hessians of leaf ${leaf}`); // ¼ a row at margin 0
});

boosting('the order of rows changes nothing: the sums are exact', async () => {
  const table = randomTable(300, 4, { holes: 0.1 });
  const order = Array.from(Stream.fromSeed(2).permutation(300));
  const shuffled = tableOf(
    order.map((i) => table.rows[i] as number[]),
    order.map((i) => table.y[i] as number),
  );
  sameEnsemble(await boost(table), await boost(shuffled), 'shuffled');
});

boosting('the order of columns changes no prediction', async () => {
  const table = randomTable(200, 5, { holes: 0.1 });
  const order = [3, 0, 4, 2, 1];
  const turned = tableOf(
    table.rows.map((row) => order.map((c) => row[c] as number)),
    table.y,
  );
  const [a, b] = [await boost(table, { weights: untied(200) }), await boost(turned, { weights: untied(200) })];
  assert.ok(a.feature.some((feature) => feature > 0));
  assert.equal(await backend.trees.predict(a, table.x), await backend.trees.predict(b, turned.x));
});

boosting('missing values take the side on which they lower the loss', async () => {
  for (const positive of [0, 1]) {
    const rows = Array.from({ length: 60 }, (_, i) => [i < 20 ? Number.NaN : i, 1]);
    const y = rows.map(([value]) => (Number.isNaN(value as number) ? positive : Number((value as number) >= 40)));
    const ensemble = await boost(tableOf(rows, y), { rounds: 10, depth: 1 });
    assert.is(ensemble.defaultLeft[0], 1 - positive, `missing is ${positive}`);
    const p = await backend.trees.probabilities(ensemble, Float32Array.of(Number.NaN, 1, 25, 1, 55, 1));
    [positive, 0, 1].forEach((label, i) => {
      assert.ok(Math.abs((p[i] as number) - label) < 0.2, `probability ${p[i]} of row ${i}`);
    });
  }
});

boosting('a column that is only ever missing or present splits by that', async () => {
  const rows = Array.from({ length: 40 }, (_, i) => [i % 2 ? Number.NaN : 7]);
  const ensemble = await boost(
    tableOf(
      rows,
      rows.map((_, i) => i % 2),
    ),
    { rounds: 20 },
  );
  const p = await backend.trees.probabilities(ensemble, Float32Array.of(Number.NaN, 7, 6.9, 7.1));
  assert.ok((p[0] as number) > 0.9 && (p[1] as number) < 0.1);
  assert.equal([p[2], p[3]], [p[1], p[1]], 'other values are present too');
});

boosting('subsampling draws rows from the stream', async () => {
  const table = randomTable(400, 3);
  const half = (seed: number) => boost(table, { subsample: 0.5 }, backend, Stream.fromSeed(seed));
  const ensemble = await half(1);
  sameEnsemble(ensemble, await half(1), 'one stream');
  assert.not.equal(ensemble.threshold, (await half(2)).threshold);
  for (const tree of [0, 1]) {
    const share = (ensemble.cover[ensemble.roots[tree] as number] as number) / ((await boost(table)).cover[0] as number);
    assert.ok(share > 0.35 && share < 0.6, `share of the hessians ${share}`);
  }
  assert.not.equal(ensemble.cover[0], ensemble.cover[ensemble.roots[1] as number]);
});

boosting('the margin starts at the log-odds of the positives', async () => {
  const table = tableOf(
    Array.from({ length: 50 }, () => [1]),
    Array.from({ length: 50 }, (_, i) => Number(i < 5)),
  );
  const options: Partial<BoostingOptions> = { ...BOOSTING };
  const { baseMargin, ...own } = options as BoostingOptions;
  const fit = (more: Partial<BoostingOptions>) => backend.trees.fitBoosting(table.x, table.y, 1, { ...own, ...more }, Stream.fromSeed(1));
  close((await fit({})).base, Math.log(5 / 45), { rel: 1e-7 }, 'share');
  close((await fit({ weights: Float32Array.from(table.y, (label) => 1 + label) })).base, Math.log(10 / 45), { rel: 1e-7 }, 'weights');
  close((await fit({ positiveWeight: 9 })).base, 0, { abs: 1e-7 }, 'balanced');
  close((await fit({ positiveWeight: 3 })).base, (2 * (15 - 45)) / 60, { rel: 1e-7 }, 'a Newton step');
  assert.is(baseMargin, 0);
});

boosting.run();

const forest = suite('forest');

forest('each split is one of the best there is', async () => {
  for (const on of backends) {
    for (const n of SIZES) {
      for (const [levels, minLeaf] of [
        [0, 1],
        [4, 1],
        [0, 3],
      ] as const) {
        const table = randomTable(n, 3, { levels });
        const ensemble = await plant(table, { trees: 1, featuresPerSplit: 3, bootstrap: false, minLeaf }, on);
        for (const [node, rows] of rowsByNode(table, ensemble, 0)) {
          const part = rows.map((i) => table.rows[i] as number[]);
          const y = rows.map((i) => table.y[i] as number);
          const positive = y.reduce((sum, label) => sum + label, 0);
          assert.is(ensemble.cover[node], rows.length, `${n} rows: rows of node ${node}`);
          close(ensemble.value[node] as number, positive / rows.length, { rel: 2 ** -23 }, `share of node ${node}`);
          const splits = [0, 1, 2]
            .flatMap((f) => giniSplits(part, y, undefined, f))
            .filter(({ left }) => left >= minLeaf && rows.length - left >= minLeaf);
          const pure = positive === 0 || positive === rows.length;
          if (ensemble.feature[node] === -1) assert.ok(pure || splits.length === 0, `${n} rows: node ${node} is a leaf`);
          else close(ensemble.gain[node] as number, Math.max(...splits.map(({ gain }) => gain)), { abs: 1e-7 }, `gain of node ${node}`);
        }
      }
    }
  }
});

forest('with missing values, rows reach the nodes that training counted', async () => {
  const table = randomTable(200, 3, { holes: 0.2 });
  const ensemble = await plant(table, { trees: 1, featuresPerSplit: 3, bootstrap: false });
  for (const [node, rows] of rowsByNode(table, ensemble, 0)) {
    assert.is(ensemble.cover[node], rows.length);
    if (ensemble.feature[node] !== -1) continue;
    const labels = new Set(rows.map((i) => table.y[i]));
    if (labels.size < 2) continue;
    const parted = candidates(table.rows, rows).filter(({ feature, threshold, missingLeft }) => {
      const left = rows.filter((i) => goesLeft(table.rows[i]?.[feature] as number, threshold, missingLeft)).length;
      return left > 0 && left < rows.length;
    });
    assert.is(parted.length, 0, `leaf ${node} cannot be parted`);
  }
});

forest('leaves are pure, a row with another label has another leaf', async () => {
  const table = randomTable(257, 4);
  const ensemble = await plant(table, { bootstrap: false });
  assert.equal(Array.from(await backend.trees.probabilities(ensemble, table.x)), Array.from(table.y));
});

forest('a bootstrap draws as many rows as there are', async () => {
  const table = randomTable(500, 3);
  const ensemble = await plant(table, { trees: 20 });
  const distinct = new Set<string>();
  for (let t = 0; t < 20; t++) {
    assert.is(ensemble.cover[ensemble.roots[t] as number], 500);
    const end = ensemble.roots[t + 1] as number;
    distinct.add(ensemble.threshold.slice(ensemble.roots[t], end).join());
  }
  assert.is(distinct.size, 20, 'no two trees are alike');
});

forest('all features are drawn, and drawing goes on past constant ones', async () => {
  const rows = randomTable(120, 2).rows.map((row, i) => [1, 1, row[0] as number, 1, Number(i % 2), 1]);
  const table = tableOf(
    rows,
    rows.map((row) => Number((row[2] as number) > 0)),
  );
  const ensemble = await plant(table, { trees: 40, featuresPerSplit: 1 });
  const roots = Array.from(ensemble.roots.subarray(0, 40), (root) => ensemble.feature[root] as number);
  assert.equal([...new Set(roots)].sort(), [2, 4], 'features that vary');
  const first = roots.filter((f) => f === 2).length;
  assert.ok(first > 8 && first < 32, `drawn alike: ${first} of 40`);
});

forest('weights count as rows', async () => {
  const table = randomTable(60, 3, { levels: 5 });
  const times = Array.from(table.y, (label) => (label ? 3 : 1));
  const repeated = tableOf(
    table.rows.flatMap((row, i) => Array.from({ length: times[i] as number }, () => row)),
    Array.from(table.y).flatMap((label, i) => Array.from({ length: times[i] as number }, () => label)),
  );
  const whole = { trees: 1, featuresPerSplit: 3, bootstrap: false };
  const want = await plant(repeated, whole);
  for (const more of [{ positiveWeight: 3 }, { weights: Float64Array.from(times) }]) {
    const got = await plant(table, { ...whole, ...more });
    assert.equal(got.cover, want.cover);
    assert.equal(got.threshold, want.threshold);
    assert.equal(got.value, want.value);
  }
});

forest('stops at a depth', async () => {
  const ensemble = await plant(randomTable(300, 4), { maxDepth: 2 });
  for (let t = 0; t < 5; t++) assert.ok((ensemble.roots[t + 1] as number) - (ensemble.roots[t] as number) <= 7);
});

forest.run();

const both = suite('ensembles');

both('predictions are the base and the values of the leaves', async () => {
  for (const n of SIZES) {
    const table = randomTable(n, 3, { holes: 0.1 });
    for (const ensemble of [await boost(table, { baseMargin: 0.7 }), await plant(table)]) {
      const trees = ensemble.roots.length - 1;
      const leaves = await backend.trees.leaves(ensemble, table.x);
      const want = table.rows.map((_, i) => {
        const values = Array.from(leaves.subarray(i * trees, (i + 1) * trees), (leaf) => ensemble.value[leaf] as number);
        return values.reduce((sum, value) => sum + value, ensemble.base);
      });
      assert.equal(await backend.trees.predict(ensemble, table.x), Float32Array.from(want));
      const chance = want.map((sum) => (ensemble.link === 'mean' ? sum / trees : 1 / (1 + Math.exp(-sum))));
      allClose(await backend.trees.probabilities(ensemble, table.x), chance, { rel: 2 ** -23 });
      for (let t = 0; t < trees; t++) {
        for (const [node, rows] of rowsByNode(table, ensemble, t)) {
          if (ensemble.feature[node] === -1) for (const i of rows) assert.is(leaves[i * trees + t], node);
        }
      }
    }
  }
});

both('constant columns and columns without a value are never split', async () => {
  const table = tableOf(
    randomTable(50, 1).rows.map((row) => [3, Number.NaN, row[0] as number, -0]),
    randomTable(50, 1).y,
  );
  for (const ensemble of [await boost(table), await plant(table)]) {
    assert.equal([...new Set(ensemble.feature)].sort(), [-1, 2]);
  }
  const none = { ...table, x: table.x.map((value, i) => (i % 4 === 2 ? 1 : value)) };
  for (const ensemble of [await boost(none), await plant(none)]) assert.is(ensemble.feature.length, 5, 'one leaf a tree');
});

both('the same bytes again, on another backend and with assertions on', async () => {
  const table = randomTable(130, 4, { holes: 0.1 });
  const others = [backend, await backend.fork(), backends[1] as Backend];
  const [boosted, planted] = [await boost(table, { subsample: 0.8 }), await plant(table)];
  for (const on of others) {
    sameEnsemble(await boost(table, { subsample: 0.8 }, on), boosted, 'boosting');
    sameEnsemble(await plant(table, {}, on), planted, 'forest');
    assert.equal(await on.trees.predict(boosted, table.x), await backend.trees.predict(boosted, table.x));
  }
});

both('coarser bins still split, and only at their edges', async () => {
  const table = randomTable(500, 2);
  for (const ensemble of [await boost(table, { maxBins: 4 }), await plant(table, { maxBins: 4 })]) {
    for (const f of [0, 1]) {
      const cuts = new Set(Array.from(ensemble.threshold).filter((_, i) => ensemble.feature[i] === f));
      assert.ok(cuts.size >= 1 && cuts.size <= 3 + (ensemble.link === 'mean' ? 3 : 0), `${cuts.size} cuts`);
    }
  }
});

both('says what does not fit', async () => {
  const { x, y } = randomTable(10, 3);
  for (const call of [
    () => backend.trees.fitBoosting(x, y, 4, BOOSTING, Stream.fromSeed(1)),
    () => backend.trees.fitForest(x, y.slice(1), 3, FOREST, Stream.fromSeed(1)),
    () => backend.trees.fitForest(x, y, 3, { ...FOREST, maxBins: 257 }, Stream.fromSeed(1)),
    () => backend.trees.fitBoosting(x, y.fill(0), 3, { ...BOOSTING, baseMargin: Number.NEGATIVE_INFINITY }, Stream.fromSeed(1)),
  ]) {
    const error = await call().then(
      () => null,
      (reason: unknown) => reason,
    );
    assert.instance(error, InputError);
  }
});

both.run();
