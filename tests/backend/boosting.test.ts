/** Boosting against a naive learner, and what must hold whatever the table. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { BoostingOptions } from '../../ts/backend/ops-trees.js';
import { Stream } from '../../ts/random.js';
import { backends } from '../assembly/rows.js';
import { allClose, close } from '../close.js';
import { naiveBoosting } from '../ref/trees.js';
import { BOOSTING, backend, boost, randomTable, SIZES, sameEnsemble, tableOf, untied } from './tree-tables.js';

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

/** The float32 that lies `steps` floats above a positive one. */
const up = (value: number, steps: number) =>
  new Float32Array(Uint32Array.of((new Uint32Array(Float32Array.of(value).buffer)[0] as number) + steps).buffer)[0] as number;

boosting('rows go where training sent them, also between neighbouring floats', async () => {
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

boosting('the threshold itself goes right, the float below it left, whatever side missing takes', async () => {
  for (const [base, positive] of [0.1, 1e-40, 3e38].flatMap((value) => [0, 1].map((label) => [value, label] as const))) {
    const rows = Array.from({ length: 15 }, (_, i) => [i < 10 ? up(base, i) : Number.NaN]);
    const y = rows.map((_, i) => (i < 10 ? Number(i >= 5) : positive));
    const ensemble = await boost(tableOf(rows, y), { rounds: 1, depth: 1 });
    assert.is(ensemble.threshold[0], up(base, 5));
    assert.is(ensemble.defaultLeft[0], 1 - positive);
    const leaves = await backend.trees.leaves(
      ensemble,
      Float32Array.from([...rows.flat(), Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY]),
    );
    const want = [...rows.map((_, i) => (i < 10 ? Number(i >= 5) : positive)), 0, 1];
    assert.equal(
      Array.from(leaves, (leaf) => leaf - 1),
      want,
      `from ${base}, missing ${positive}`,
    );
  }
});

boosting('the order of rows changes nothing: the sums are exact', async () => {
  const table = randomTable(300, 4, { holes: 0.1 });
  const order = Array.from(Stream.fromSeed(2).permutation(300));
  const shuffled = tableOf(
    order.map((i) => table.rows[i] as number[]),
    order.map((i) => table.y[i] as number),
  );
  sameEnsemble(await boost(table), await boost(shuffled), 'shuffled');
  const spread = Float32Array.from(untied(300), (w, i) => w * 2 ** ((i * 7) % 60) * 1e-9); // more bits between them than a float64 has
  const spreadShuffled = Float32Array.from(order, (i) => spread[i] as number);
  const options = { lambda: 1e-3, minChildWeight: 0, learningRate: 0.1 };
  sameEnsemble(
    await boost(table, { ...options, weights: spread }),
    await boost(shuffled, { ...options, weights: spreadShuffled }),
    'shuffled, weights of all sizes',
  );
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
