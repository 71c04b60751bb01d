/** SMOTE against imbalanced-learn's neighbours, votes and samples; tests/unclaimed.ts lists what of golden/smote.json is not claimed. */
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { wasmBackend } from '../../ts/backend/select.js';
import type { FeatureMatrix } from '../../ts/encode/features.js';
import { InputError } from '../../ts/errors.js';
import { drawPlaces, mostVoted, type Neighbourhood, vote } from '../../ts/generate/interpolation.js';
import { medianDeviation, neighbourhood, weightLevels } from '../../ts/generate/neighbours.js';
import { smote } from '../../ts/generate/smote.js';
import { Stream } from '../../ts/random.js';
import { close } from '../close.js';
import { mixed, numeric } from '../contract/fixtures.js';
import { GOLDEN_DIR, type GoldenCase, golden } from '../golden.js';
import { offSegment } from '../ref/segment.js';
import { unclaimed } from '../unclaimed.js';

const CLAIMED = ['smote', 'n_generate', 'smotenc', 'too_few_minority', 'borderline', 'adasyn'];
const backend = await wasmBackend();
const tests = suite('smote');

const column = (rows: number[][], j: number) => Float64Array.from(rows, (row) => row[j] as number);
const columns = (rows: number[][]) => (rows[0] as number[]).map((_, j) => column(rows, j));
const take = <T>(rows: T[], index: number[]): T[] => index.map((i) => rows[i] as T);
const at = (drawn: Float64Array[], i: number) => drawn.map((values) => values[i] as number);
const neighboursOf = (near: Neighbourhood, row: number) => [...near.index.subarray(row * near.k, (row + 1) * near.k)];

/** Whether a point lies on a segment from some row to one of the neighbours that `allowed` lists for it. */
const onSomeSegment = (point: number[], rows: number[][], allowed: number[][]) =>
  rows.some((a, i) => (allowed[i] as number[]).some((j) => offSegment(point, a, rows[j] as number[]) <= 1e-8));

tests('every kind of golden case is either claimed or listed as not claimed', () => {
  const kinds = new Set(golden('smote').map(({ kind }) => kind as string));
  assert.equal(
    [...kinds].filter((kind) => !CLAIMED.includes(kind) && !(kind in (unclaimed.smote ?? {}))),
    [],
    `${GOLDEN_DIR}/smote.json`,
  );
});

tests('neighbours and segments are those of imbalanced-learn', () => {
  for (const { name, X, minority_rows, k, neighbours, imblearn_samples_must_pass_segment_check, off_segment_must_fail } of golden(
    'smote',
    'smote',
  )) {
    const rows = take(X as number[][], minority_rows);
    const near = neighbourhood(Float32Array.from(rows.flat()), rows.length, k, backend);
    assert.is(near.k, Math.min(k, rows.length - 1), name);
    const allowed = (neighbours as GoldenCase[]).map(({ order, tie_at_kth }) => [...new Set<number>([...order, ...tie_at_kth])]);
    for (let i = 0; i < rows.length; i++) {
      const { order, tie_at_kth } = neighbours[i] as { order: number[]; tie_at_kth: number[] };
      const got = neighboursOf(near, i);
      assert.is(new Set(got).size, order.length, `${name}, row ${i}: ${got}`);
      for (const j of got) assert.ok((allowed[i] as number[]).includes(j), `${name}, row ${i}: ${j} is no neighbour`);
      for (const j of order) assert.ok(tie_at_kth.includes(j) || got.includes(j), `${name}, row ${i}: ${j} is left out`);
    }
    for (const sample of imblearn_samples_must_pass_segment_check ?? []) assert.ok(onSomeSegment(sample, rows, allowed), name);
    for (const sample of off_segment_must_fail ?? []) assert.not.ok(onSomeSegment(sample, rows, allowed), name);
    const places = drawPlaces(100, near, Stream.fromSeed(1), backend);
    const drawn = backend.distance.interpolate(columns(rows), places);
    for (let i = 0; i < 100; i++) assert.ok(onSomeSegment(at(drawn, i), rows, allowed), `${name}: row ${i} is on no segment`);
  }
});

/** Numbers and 0/1 one-hot levels side by side, as the standardised space has them. */
function space(numbers: number[][], codes: number[][]): FeatureMatrix {
  const widths = (codes[0] as number[]).map((_, c) => 1 + Math.max(...codes.map((row) => row[c] as number)));
  const rows = numbers.map((row, i) => [
    ...row,
    ...widths.flatMap((width, c) => Array.from({ length: width }, (_, l) => +(codes[i]?.[c] === l))),
  ]);
  const parts = [
    ...(numbers[0] as number[]).map(() => ({ kind: 'number' as const, width: 1 })),
    ...widths.map((width) => ({ kind: 'onehot' as const, width })),
  ];
  let cols = 0;
  const spans = parts.map(({ kind, width }) => {
    cols += width;
    return { column: `x${cols}`, kind, start: cols - width, width };
  });
  return { rows: rows.length, cols, values: Float32Array.from(rows.flat()), spans };
}

tests('the space, neighbours and votes of SMOTE-NC are those of imbalanced-learn', () => {
  for (const golden_ of golden('smote', 'smotenc')) {
    const { name, Xnum, Xcat, y, k, neighbours, kth_distance_tied, imblearn_samples_must_pass } = golden_;
    const minority = (y as number[]).flatMap((label, i) => (label === 1 ? [i] : []));
    const [numbers, codes] = [take(Xnum as number[][], minority), take(Xcat as number[][], minority)];
    close(medianDeviation(columns(numbers)), golden_.median_std_ddof0_minority, { rel: 1e-12 }, name);
    const points = space(numbers, codes);
    const near = neighbourhood(weightLevels(points), points.rows, k, backend);
    const votes = golden_.majority_vote_sets_per_minority_row as number[][][];
    const levels = columns(codes).map((values) => Int32Array.from(values));
    for (let i = 0; i < points.rows; i++) {
      if (kth_distance_tied[i]) continue;
      assert.equal(neighboursOf(near, i).sort(), [...neighbours[i]].sort(), `${name}, row ${i}`);
      levels.forEach((codes, c) => {
        assert.equal(mostVoted(codes, near, i).sort(), votes[i]?.[c], `${name}, row ${i}, level column ${c}`);
      });
    }
    const fits = (numbersAt: number[], levelsAt: number[]) =>
      numbers.some(
        (a, i) =>
          (neighbours[i] as number[]).some((j) => offSegment(numbersAt, a, numbers[j] as number[]) <= 1e-8) &&
          levelsAt.every((level, c) => votes[i]?.[c]?.includes(level)),
      );
    const width = (numbers[0] as number[]).length;
    for (const sample of imblearn_samples_must_pass as number[][]) assert.ok(fits(sample.slice(0, width), sample.slice(width)), name);
    if ((kth_distance_tied as number[]).some((tied) => tied)) continue;
    const places = drawPlaces(100, near, Stream.fromSeed(1), backend);
    const drawn = backend.distance.interpolate(columns(numbers), places);
    const voted = levels.map((codes, c) => vote(codes, near, places, Stream.fromSeed(c)));
    for (let i = 0; i < 100; i++) {
      assert.ok(
        fits(
          at(drawn, i),
          voted.map((codes) => codes[i] as number),
        ),
        `${name}: row ${i}`,
      );
    }
  }
});

tests('k shrinks with a tiny class and makes no copies', async () => {
  for (const { n_min, k } of golden('smote', 'too_few_minority')) {
    const train = numeric({ rows: 60, positives: n_min });
    const sampler = await smote.fit(train, Stream.fromSeed(1), { backend }, { k });
    const table = await sampler.sample(40, Stream.fromSeed(2), { backend });
    const real = new Set(train.features.columns.flatMap((column) => ('values' in column ? [...column.values] : [])));
    for (const column of table.columns) {
      assert.ok('values' in column && column.values.every((value) => !real.has(value)), `${n_min} rows: a copy`);
      assert.is(new Set((column as { values: Float64Array }).values).size, 40, `${n_min} rows: duplicates`);
    }
  }
});

tests('every synthetic row lies on a segment between two minority rows', async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 2, max: 9 }), fc.integer({ min: 1, max: 6 }), fc.nat(), async (positives, k, seed) => {
      const train = numeric({ rows: 30, positives, seed });
      const drawn = await (await smote.fit(train, Stream.fromSeed(seed), { backend }, { k })).sample(8, Stream.fromSeed(seed), { backend });
      const cells = (table: typeof drawn, i: number) =>
        table.columns.map((column) => ('values' in column ? (column.values[i] as number) : NaN));
      const minority = [...train.y.keys()].filter((i) => train.y[i] === 1).map((i) => cells(train.features, i));
      for (let i = 0; i < drawn.rows; i++) {
        const point = cells(drawn, i);
        assert.ok(minority.some((a) => minority.some((b) => a !== b && offSegment(point, a, b) <= 1e-12)));
      }
    }),
    { seed: 1, numRuns: 50 },
  );
});

tests('missing cells come as often as in the minority', async () => {
  const train = mixed({ rows: 600, positives: 200 });
  const sampler = await smote.fit(train, Stream.fromSeed(1), { backend });
  const drawn = await sampler.sample(2000, Stream.fromSeed(2), { backend });
  const share = (values: ArrayLike<number>) => Array.from(values).filter(Number.isNaN).length / values.length;
  const column = train.features.columns.find(({ name }) => name === 'lactate');
  const got = drawn.columns.find(({ name }) => name === 'lactate');
  assert.ok(column && 'values' in column && got && 'values' in got);
  const real = share(column.values.filter((_, i) => train.y[i] === 1));
  assert.ok(real > 0.2, `${real} of the fixture's minority is missing`);
  // hubs among the neighbours weigh more, so the shares agree loosely
  assert.ok(Math.abs(share(got.values) - real) < 0.08, `${share(got.values)} missing, ${real} in the minority`);
});

tests('refuses a k that is no positive integer', async () => {
  for (const k of [0, -1, 2.5, Number.NaN]) {
    try {
      await smote.fit(numeric({ rows: 20, positives: 5 }), Stream.fromSeed(1), { backend }, { k });
    } catch (error) {
      assert.instance(error, InputError);
      assert.match((error as Error).message, `"k" expected an integer of at least 1, got ${k}`);
      continue;
    }
    assert.unreachable(`k = ${k} was taken`);
  }
});

tests.run();
