/** Forests against naive splits, and what must hold whatever the table. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { Stream } from '../../ts/random.js';
import { backends } from '../assembly/rows.js';
import { close } from '../close.js';
import { candidates, giniGain, giniSplits } from '../ref/trees.js';
import { backend, FOREST, plant, randomTable, rowsByNode, SIZES, tableOf } from './tree-tables.js';

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

forest('with missing values each split is one of the best, on whichever side they go', async () => {
  const table = randomTable(120, 3, { holes: 0.2 });
  const ensemble = await plant(table, { trees: 1, featuresPerSplit: 3, bootstrap: false });
  let missingLeft = 0;
  for (const [node, rows] of rowsByNode(table, ensemble, 0)) {
    assert.is(ensemble.cover[node], rows.length);
    const labels = new Set(rows.map((i) => table.y[i]));
    const gains = candidates(table.rows, rows).map((split) => giniGain(table.rows, table.y, rows, split));
    const best = Math.max(...gains);
    if (ensemble.feature[node] === -1) assert.ok(labels.size < 2 || best === Number.NEGATIVE_INFINITY, `leaf ${node} cannot be parted`);
    else close(ensemble.gain[node] as number, best, { abs: 1e-7 }, `gain of node ${node}`);
    missingLeft += ensemble.defaultLeft[node] as number;
  }
  assert.ok(missingLeft > 0, 'missing goes left somewhere');
});

forest('leaves are pure, a row with another label has another leaf', async () => {
  const table = randomTable(257, 4);
  const ensemble = await plant(table, { bootstrap: false });
  assert.equal(Array.from(await backend.trees.probabilities(ensemble, table.x)), Array.from(table.y));
});

forest('rows go where training sent them, in tables whose subtrees are grown on codes of their own', async () => {
  for (const [n, cols] of [
    [9001, 3],
    [300, 1000], // few rows fill the second-level cache
  ] as const) {
    const { x, y } = randomTable(n, cols, { holes: 0.1 });
    const ensemble = await backend.trees.fitForest(x, y, cols, { ...FOREST, trees: 2, bootstrap: false }, Stream.fromSeed(9));
    const leaves = await backend.trees.leaves(ensemble, x); // (n, 2)
    const [rows, positive] = [new Float32Array(ensemble.value.length), new Float32Array(ensemble.value.length)];
    leaves.forEach((leaf, i) => {
      rows[leaf] = (rows[leaf] as number) + 1;
      positive[leaf] = (positive[leaf] as number) + (y[i >> 1] as number);
    });
    for (const [node, feature] of ensemble.feature.entries()) {
      if (feature >= 0) continue;
      assert.is(rows[node], ensemble.cover[node], `rows of leaf ${node}`);
      assert.is(Math.fround((positive[node] as number) / (rows[node] as number)), ensemble.value[node], `share of leaf ${node}`);
    }
  }
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

forest('a bootstrap draws rows in proportion to their weights', async () => {
  const table = randomTable(400, 3);
  const weight = (i: number) => (i % 4 === 0 ? 0 : 1 + (i % 3)) * (table.y[i] ? 5 : 1);
  const weights = Float64Array.from(table.y, (_, i) => weight(i) / (table.y[i] ? 5 : 1));
  const ensemble = await plant(table, { trees: 50, weights, positiveWeight: 5 });
  const all = table.rows.map((_, i) => weight(i));
  const want = all.reduce((sum, w, i) => sum + w * (table.y[i] as number), 0) / all.reduce((sum, w) => sum + w, 0);
  const roots = Array.from(ensemble.roots.subarray(0, 50));
  for (const root of roots) assert.is(ensemble.cover[root], 400);
  const share = roots.reduce((sum, root) => sum + (ensemble.value[root] as number), 0) / 50;
  close(share, want, { abs: 4 * Math.sqrt((want * (1 - want)) / (400 * 50)) }, 'share of positives drawn'); // four standard errors
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
