/** Squared-error boosting of several targets against a naive learner. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { RegressionOptions } from '../../ts/backend/ops-trees.js';
import { Stream } from '../../ts/random.js';
import { backends } from '../assembly/rows.js';
import { allClose, close } from '../close.js';
import { naiveRegression } from '../ref/trees.js';
import { backend, randomTable, SIZES, sameEnsemble, type Table, tableOf, untied } from './tree-tables.js';

const regression = suite('regression');

const OPTIONS: RegressionOptions = {
  rounds: 3,
  depth: 3,
  learningRate: 0.3,
  lambda: 1,
  gamma: 0,
  minChildWeight: 1,
  subsample: 1,
  maxBins: 256,
};

/** `outputs` targets of each row, row-major: a nonlinear one of the first column, noise in the others; some missing with `holes`. */
function targetsOf({ rows }: Table, outputs: number, holes = 0): Float32Array {
  const stream = Stream.fromSeed(3).child(rows.length);
  const value = (row: readonly number[], output: number) => (output === 0 ? 10 + (row[0] || 1) ** 2 : 0) + stream.uniform();
  return Float32Array.from(
    rows.flatMap((row) => Array.from({ length: outputs }, (_, output) => (stream.uniform() < holes ? Number.NaN : value(row, output)))),
  );
}

const column = (targets: Float32Array, outputs: number, output: number) => Array.from(targets.filter((_, i) => i % outputs === output));

const regress = (
  { x, cols }: Table,
  targets: Float32Array,
  outputs: number,
  options: Partial<RegressionOptions> = {},
  on = backend,
  stream = Stream.fromSeed(9),
) => on.trees.fitRegressions(x, targets, cols, outputs, { ...OPTIONS, ...options }, stream);

regression('predictions of a naive booster that tries every split in float64', async () => {
  for (const on of backends) {
    for (const n of SIZES) {
      for (const holes of [0, 0.25]) {
        const table = randomTable(n, 3, { holes });
        const targets = targetsOf(table, 2, holes);
        for (const limits of [{}, { lambda: 0.1, minChildWeight: 2 }, { gamma: 0.5, depth: 2, learningRate: 1, lambda: 0 }]) {
          const options = { ...OPTIONS, ...limits, weights: untied(n) };
          const { ensembles } = await regress(table, targets, 2, options, on);
          assert.is(ensembles.length, 2);
          const got = await on.trees.predictEach(ensembles, table.x);
          for (const output of [0, 1]) {
            const y = column(targets, 2, output);
            const want = naiveRegression(table.rows, y, Array.from(options.weights), options.rounds, options);
            // Rows without a target weigh nothing, so that splits which differ by them alone gain the same: either may be taken.
            const known = (values: readonly number[]) => values.filter((_, i) => !Number.isNaN(y[i] as number));
            const where = `${n} rows, ${holes} missing, output ${output}`;
            allClose(known(column(got, 2, output)), known(want), { abs: 5e-5, rel: 5e-5 }, where);
          }
        }
      }
    }
  }
});

regression('starts at the mean, and every round lowers the loss that it reports', async () => {
  const table = randomTable(200, 3, { holes: 0.1 });
  const targets = targetsOf(table, 2, 0.2);
  const options = { rounds: 20, weights: untied(200) };
  const { ensembles, losses } = await regress(table, targets, 2, options);
  const predictions = await backend.trees.predictEach(ensembles, table.x);
  assert.is(losses.length, 21);
  for (let round = 1; round <= 20; round++) assert.ok((losses[round] as number) < (losses[round - 1] as number), `round ${round}`);
  const meanSquare = (miss: (i: number, output: number) => number) => {
    let mean = 0;
    for (const output of [0, 1]) {
      let [sum, size] = [0, 0];
      options.weights.forEach((w, i) => {
        const m = miss(i, output);
        if (Number.isNaN(m)) return;
        sum += w * m * m;
        size += w;
      });
      mean += sum / size / 2;
    }
    return mean;
  };
  const at = (i: number, output: number) => targets[2 * i + output] as number;
  close(
    losses[20] as number,
    meanSquare((i, output) => (predictions[2 * i + output] as number) - at(i, output)),
    { rel: 1e-5 },
    'after',
  );
  close(
    losses[0] as number,
    meanSquare((i, output) => (ensembles[output]?.base as number) - at(i, output)),
    { rel: 1e-5 },
    'before',
  );
});

regression('a row without a target changes nothing', async () => {
  const table = randomTable(60, 3, { holes: 0.1, levels: 9 });
  const targets = targetsOf(table, 1);
  const without = Float32Array.from([...targets, ...Array.from({ length: 9 }, () => Number.NaN)]);
  const longer = tableOf([...table.rows, ...table.rows.slice(0, 9)], [...table.y, ...table.y.slice(0, 9)]);
  const [a] = (await regress(table, targets, 1)).ensembles;
  const [b] = (await regress(longer, without, 1)).ensembles;
  assert.ok(a && b);
  sameEnsemble(a, b, 'nine rows more');
});

regression('missing inputs take the side on which they lower the loss', async () => {
  for (const value of [0, 10]) {
    const rows = Array.from({ length: 60 }, (_, i) => [i < 20 ? Number.NaN : i]);
    const y = rows.map(([x]) => (Number.isNaN(x as number) ? value : (x as number) < 40 ? 0 : 10));
    const { ensembles } = await regress(tableOf(rows, y), Float32Array.from(y), 1, { rounds: 20, depth: 1 });
    assert.is(ensembles[0]?.defaultLeft[0], value === 0 ? 1 : 0);
    const got = await backend.trees.predictEach(ensembles, Float32Array.of(Number.NaN, 25, 55));
    allClose(Array.from(got), [value, 0, 10], { abs: 0.5 }, `missing is ${value}`);
  }
});

regression('a target that is always missing is predicted as 0, and one value as itself', async () => {
  const table = randomTable(17, 2);
  const targets = Float32Array.from({ length: 34 }, (_, i) => (i % 2 ? Number.NaN : 7));
  const { ensembles } = await regress(table, targets, 2);
  const got = await backend.trees.predictEach(ensembles, table.x);
  assert.equal(column(got, 2, 0), Array(17).fill(7));
  assert.equal(column(got, 2, 1), Array(17).fill(0));
});

regression('outputs are learnt apart, and subsampling draws rows from the stream', async () => {
  const table = randomTable(200, 3);
  const targets = targetsOf(table, 3);
  const all = (await regress(table, targets, 3)).ensembles;
  for (const output of [0, 1, 2]) {
    const [alone] = (await regress(table, Float32Array.from(column(targets, 3, output)), 1)).ensembles;
    assert.ok(alone);
    sameEnsemble(alone, all[output] as typeof alone, `output ${output}`);
  }
  const half = async (seed: number) =>
    (await regress(table, targets, 3, { subsample: 0.5 }, backend, Stream.fromSeed(seed))).ensembles[0] as (typeof all)[0];
  const first = await half(1);
  sameEnsemble(first, await half(1), 'one stream');
  assert.not.equal(first.threshold, (await half(2)).threshold);
  const share = (first.cover[0] as number) / 200;
  assert.ok(share > 0.35 && share < 0.65, `share of the rows ${share}`);
});

regression.run();
