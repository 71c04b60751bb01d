/** What holds of boosted trees and forests alike. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Backend } from '../../ts/backend/backend.js';
import { InputError } from '../../ts/errors.js';
import { Stream } from '../../ts/random.js';
import { backends } from '../assembly/rows.js';
import { allClose } from '../close.js';
import { BOOSTING, backend, boost, FOREST, plant, randomTable, rowsByNode, SIZES, sameEnsemble, tableOf } from './tree-tables.js';

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
