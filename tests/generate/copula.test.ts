/** The Gaussian copula: scores of ranks, latent correlations, and what of the minority its rows keep. */
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { wasmBackend } from '../../ts/backend/select.js';
import { categoryEnds, choleskyOf, copula, latentCorrelation, nearestCorrelations, normalScores } from '../../ts/generate/copula.js';
import { Stream } from '../../ts/random.js';
import { type Column, type Dataset, isLevelColumn, isNumberColumn, type Table, takeRows } from '../../ts/table/table.js';
import { allClose, close } from '../close.js';
import { mixed, numeric } from '../contract/fixtures.js';

const backend = await wasmBackend();
const { special } = backend;
const run = { backend };
const tests = suite('copula');

const mean = (values: ArrayLike<number>) => Array.from(values).reduce((sum, x) => sum + x, 0) / values.length;
function pearson(x: ArrayLike<number>, y: ArrayLike<number>): number {
  const [a, b] = [mean(x), mean(y)];
  const covariance = (u: ArrayLike<number>, v: ArrayLike<number>, p: number, q: number) =>
    mean(Array.from(u, (value, i) => (value - p) * ((v[i] as number) - q)));
  return covariance(x, y, a, b) / Math.sqrt(covariance(x, x, a, a) * covariance(y, y, b, b));
}

/** N pairs of normals of correlation rho. */
async function pairs(N: number, rho: number): Promise<[Float64Array, Float64Array]> {
  const noise = backend.matrix(2, N);
  backend.random.normal(noise, Stream.fromSeed(8));
  const z = Float64Array.from(await backend.read(noise));
  const [x, e] = [z.subarray(0, N), z.subarray(N)];
  return [x, e.map((value, i) => rho * (x[i] as number) + Math.sqrt(1 - rho * rho) * value)];
}

tests('scores are normal quantiles of ranks; ties share the mean of theirs', () => {
  for (const n of [1, 3, 4, 15, 16, 17]) {
    const { values, spread } = normalScores(
      Array.from({ length: n }, (_, i) => (7 * i) % n),
      special,
    );
    const expected = Array.from({ length: n }, (_, r) => special.ndtri((r + 0.5) / n));
    allClose(values.slice().sort(), expected, { abs: 1e-15 });
    assert.is(spread, n === 1 ? 0 : 1);
  }
  const q = [1, 3, 5, 7, 9].map((tenths) => special.ndtri(tenths / 10)) as [number, number, number, number, number];
  const { values, spread } = normalScores([2, Number.NaN, 1, 2, 5, 2], special);
  const tied = (q[1] + q[2] + q[3]) / 3;
  allClose(
    values.filter((value) => !Number.isNaN(value)),
    [tied, q[0], tied, q[4], tied],
    { abs: 1e-15 },
  );
  assert.ok(Number.isNaN(values[1]));
  close(spread, Math.sqrt((q[0] * q[0] + q[4] * q[4] + 3 * tied * tied) / q.reduce((sum, x) => sum + x * x, 0)), { abs: 1e-14 });
  assert.is(normalScores([4, 4, 4], special).spread, 0);
  const many = Array.from({ length: 4000 }, (_, i) => i % 2);
  close(normalScores(many, special).spread, Math.sqrt(2 / Math.PI), { abs: 1e-3 }); // E|z| of the two halves
});

tests('the correlation of the normals is found through levels and gaps', async () => {
  const N = 20000;
  const [x, y] = await pairs(N, 0.6);
  const within = (got: number, expected: number, what: string) =>
    assert.ok(Math.abs(got - expected) < 5 * (1.5 / Math.sqrt(N)), `${what}: ${got}, expected ${expected}`);
  const cut = (values: Float64Array, ...ends: number[]) => values.map((value) => ends.filter((end) => value > end).length);
  const scores = (values: Float64Array) => normalScores(values, special);
  within(latentCorrelation(scores(x), scores(y)), 0.6, 'two numbers');
  within(latentCorrelation(scores(x), scores(cut(y, 0))), 0.6, 'halves');
  within(latentCorrelation(scores(x), scores(cut(y, -1, 0.5))), 0.6, 'three levels');
  within(latentCorrelation(scores(cut(y, 1.3)), scores(x)), 0.6, 'a rare level');
  within(latentCorrelation(scores(cut(x, 0)), scores(cut(y, 0))), Math.asin(0.6), 'halves of both, to first order');
  const gaps = (values: Float64Array, every: number) => values.map((value, i) => (i % every === 0 ? Number.NaN : value));
  within(latentCorrelation(scores(gaps(x, 3)), scores(gaps(y, 4))), 0.6, 'gaps');
});

tests('no correlation where rows tell none', () => {
  const scores = (...values: number[]) => normalScores(values, special);
  const line = scores(1, 2, 3, 4);
  assert.is(latentCorrelation(line, scores(5, 5, 5, 5)), 0);
  assert.is(latentCorrelation(line, scores(1, 2, Number.NaN, Number.NaN)), 0);
  assert.is(latentCorrelation(line, scores(Number.NaN, 2, 2, 2)), 0);
  assert.is(latentCorrelation(line, scores(Number.NaN, Number.NaN, Number.NaN, Number.NaN)), 0);
  close(latentCorrelation(line, scores(8, 6, 4, 2)), -1, { abs: 1e-15 });
});

const product = (triangle: Float64Array, V: number) =>
  Array.from({ length: V * V }, (_, at) => {
    const [i, j] = [Math.floor(at / V), at % V];
    let sum = 0;
    for (let k = 0; k < V; k++) sum += (triangle[i * V + k] as number) * (triangle[j * V + k] as number);
    return sum;
  });

const symmetric = (V: number) =>
  fc
    .array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: V * V, maxLength: V * V })
    .map((values) =>
      Array.from({ length: V }, (_, i) =>
        Array.from({ length: V }, (_, j) => (i === j ? 1 : (values[Math.min(i, j) * V + Math.max(i, j)] as number))),
      ),
    );

tests('the triangle is a root of the shrunk correlations, whatever pairs of columns say', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 17 }).chain(symmetric), (correlations) => {
      const V = correlations.length;
      const near = nearestCorrelations(correlations);
      near.forEach((line, i) => {
        assert.is(line[i], 1);
        line.forEach((value, j) => {
          assert.is(value, near[j]?.[i]);
          assert.ok(Math.abs(value) <= 1 + 1e-12);
        });
      });
      const triangle = choleskyOf(correlations);
      const shrunk = near.flatMap((line, i) => line.map((value, j) => (i === j ? 1 : 0.95 * value)));
      allClose(product(triangle, V), shrunk, { abs: 1e-12 });
      for (let i = 0; i < V; i++) {
        assert.ok((triangle[i * V + i] as number) > 0, 'positive definite');
        for (let j = i + 1; j < V; j++) assert.is(triangle[i * V + j], 0);
      }
    }),
    { seed: 1, numRuns: 100 },
  );
  assert.is(choleskyOf([]).length, 0);
});

tests('what pairs of columns say is changed only where no columns could be so', () => {
  const proper = [
    [1, 0.5, -0.3],
    [0.5, 1, 0.2],
    [-0.3, 0.2, 1],
  ];
  assert.equal(nearestCorrelations(proper), proper);
  const impossible = [
    [1, 1, 1],
    [1, 1, -1],
    [1, -1, 1],
  ];
  // eigenvalues 2, 2, −1: with the last at 0 and the diagonal at 1 again, all correlations halve
  const halved = impossible.flatMap((line, i) => line.map((value, j) => (i === j ? 1 : value / 2)));
  allClose(nearestCorrelations(impossible).flat(), halved, { abs: 1e-3 });
});

tests('categories take the shares of the normal that they have of the rows', () => {
  const ends = categoryEnds([0, 2, 2, 1, 2, 0, 2, 2], 3, special);
  allClose(ends, [special.ndtri(2 / 8), special.ndtri(3 / 8)], { abs: 1e-15 });
  assert.equal(categoryEnds([0, 0], 1, special), []);
});

const R = 4000;
const minorityOf = (train: Dataset): Table =>
  takeRows(
    train.features,
    [...train.y.keys()].filter((i) => train.y[i] === 1),
  );
const drawn = async (train: Dataset) => (await copula.fit(train, Stream.fromSeed(1), run)).sample(R, Stream.fromSeed(2), run);
const numbersOf = (column: Column | undefined): Float64Array => {
  assert.ok(column && isNumberColumn(column));
  return column.values;
};
const named = (table: Table, name: string) => table.columns.find((column) => column.name === name);

tests('numbers keep their distributions and correlations', async () => {
  const base = numeric({ rows: 200, positives: 120 });
  const [a, b] = base.features.columns as [Column, Column, Column];
  const sum = { ...a, name: 'sum', values: numbersOf(a).map((value, i) => value + (numbersOf(b)[i] as number)) } as Column;
  const train = { ...base, features: { ...base.features, columns: [...base.features.columns, sum] } };
  const [real, got] = [minorityOf(train), await drawn(train)];
  const columns = train.features.columns.length;
  for (let c = 0; c < columns; c++) {
    const [x, y] = [numbersOf(real.columns[c]), numbersOf(got.columns[c])];
    const below = (values: Float64Array, at: number) => mean(values.map((value) => (value <= at ? 1 : 0)));
    const ks = Math.max(...Array.from(x, (at) => Math.abs(below(x, at) - below(y, at))));
    assert.ok(ks < 2.5 / Math.sqrt(R) + 1 / x.length, `column ${c}: Kolmogorov–Smirnov distance ${ks}`); // within chance and a step of the minority's
    for (let d = 0; d < c; d++) {
      const [want, have] = [pearson(x, numbersOf(real.columns[d])), pearson(y, numbersOf(got.columns[d]))];
      assert.ok(Math.abs(0.95 * want - have) < 0.03 + 4 / Math.sqrt(R), `columns ${c}, ${d}: ${have}, real ${want}`); // normal-like columns
    }
  }
});

tests('levels, gaps and their ties to other columns are kept', async () => {
  const train = mixed({ rows: 600, positives: 300 });
  const lactate = numbersOf(named(train.features, 'lactate'));
  // one gap brings the other along, and tells of the age
  const columns = train.features.columns.map((column) =>
    column.name === 'gcs' ? { ...column, values: numbersOf(column).map((v, i) => (Number.isNaN(lactate[i]) ? Number.NaN : v)) } : column,
  ) as Column[];
  const age = numbersOf(named(train.features, 'age'));
  const median = numbersOf(named(train.features, 'age')).slice().sort()[300] as number;
  columns.push({
    name: 'elder',
    kind: 'binary',
    levels: ['no', 'yes'],
    codes: Int32Array.from(age, (value) => (value > median ? 1 : 0)),
  });
  const data = { ...train, features: { rows: 600, columns } };
  const [real, got] = [minorityOf(data), await drawn(data)];
  const share = (marks: ArrayLike<number>) => mean(marks);
  const gaps = (table: Table, name: string) => numbersOf(named(table, name)).map((value) => (Number.isNaN(value) ? 1 : 0));
  real.columns.forEach((column, c) => {
    const other = got.columns[c] as Column;
    if (!isLevelColumn(column) || !isLevelColumn(other)) return;
    for (let code = -1; code < column.levels.length; code++) {
      const [want, have] = [column, other].map(({ codes }) => share(Float64Array.from(codes, (own) => (own === code ? 1 : 0))));
      assert.ok(Math.abs((want as number) - (have as number)) < 2.5 / Math.sqrt(R), `${column.name}, level ${code}: ${have}, real ${want}`);
    }
  });
  for (const name of ['lactate', 'gcs']) {
    const [want, have] = [share(gaps(real, name)), share(gaps(got, name))];
    assert.ok(Math.abs(want - have) < 2.5 / Math.sqrt(R), `${name}: ${have} missing, real ${want}`);
  }
  const together = (table: Table) => pearson(gaps(table, 'lactate'), gaps(table, 'gcs'));
  assert.ok(together(real) > 0.7 && together(got) > 0.6, `gaps correlate by ${together(got)}, real ${together(real)}`);
  const elder = (table: Table) => pearson(numbersOf(named(table, 'age')), (named(table, 'elder') as { codes: Int32Array }).codes);
  assert.ok(elder(real) > 0.75 && elder(got) > elder(real) - 0.15, `age and its half correlate by ${elder(got)}, real ${elder(real)}`);
});

tests.run();
