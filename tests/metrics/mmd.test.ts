import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { wasmBackend } from '../../ts/backend/select.js';
import { bandwidth, mmd } from '../../ts/metrics/mmd.js';
import { atMost, type Rows } from '../../ts/metrics/rows.js';
import { Stream } from '../../ts/random.js';
import { close } from '../close.js';
import { type GoldenCase, golden } from '../golden.js';
import { rbfSum } from '../ref/distance.js';
import { unclaimed } from '../unclaimed.js';

const backend = await wasmBackend();
const stream = Stream.fromSeed(11);

/** The golden file's tolerance for float32 SIMD kernels. */
const FLOAT32 = { abs: 2e-6 };

const fromLists = (list: number[][]): Rows => ({
  rows: list.length,
  cols: list[0]?.length ?? 0,
  values: Float64Array.from(list.flat()),
});

/** Uniform rows about `shift`. */
function randomRows(rows: number, cols: number, label: string, shift = 0): Rows {
  const draws = Stream.fromSeed(12).child(label);
  return { rows, cols, values: Float64Array.from({ length: rows * cols }, () => shift + 3 * draws.uniform()) };
}

const vectors = suite('mmd: golden vectors');

type Values = { biased_mmd2: number; unbiased_mmd2: number };

/**
 * What rounding the centred rows to float32 may change beyond the kernel's own error, which shows only in sets far wider than
 * the bandwidth: a value by half an ulp, a distance by √D ulps, a kernel value by 0.61 / s of that, and MMD² has three means.
 */
function inputRounding(c: GoldenCase, s: number): number {
  const all = [...c.X, ...c.Y] as number[][];
  const width = Math.max(
    ...(all[0] as number[]).map(
      (_, k) => Math.max(...all.map((row) => row[k] as number)) - Math.min(...all.map((row) => row[k] as number)),
    ),
  );
  return ((3 * 0.61) / s) * Math.sqrt((all[0] as number[]).length) * width * 2 ** -24;
}

async function checkAt(c: GoldenCase, s: number, want: Values): Promise<void> {
  const got = await mmd(backend, fromLists(c.X), fromLists(c.Y), s, stream);
  const tolerance = { abs: FLOAT32.abs + (inputRounding(c, s) > 1e-4 ? inputRounding(c, s) : 0) };
  close(got.biased * got.biased, Math.max(0, want.biased_mmd2), tolerance, `${c.name} biased at ${s}`);
  close(got.unbiased, want.unbiased_mmd2, tolerance, `${c.name} unbiased at ${s}`);
}

const CLAIMS: Readonly<Record<string, (c: GoldenCase, want: never) => Promise<void>>> = {
  sigma_median: async (c, want: number) => {
    const got = await bandwidth(backend, fromLists([...c.X, ...c.Y]), stream);
    close(got, want, { rel: (c.X[0].length + 4) * 2 ** -24 }, `${c.name} median`);
  },
  fixed: async (c, want: Record<string, Values>) => {
    for (const [s, values] of Object.entries(want)) await checkAt(c, Number(s), values);
  },
  median: (c, want: Values) => checkAt(c, c.expect.sigma_median, want),
  multi: async (c, want: { multipliers: number[]; sum_unbiased: number }) => {
    assert.equal(want.multipliers, [0.25, 0.5, 1, 2, 4], 'the multiples of the study');
    const got = await mmd(backend, fromLists(c.X), fromLists(c.Y), c.expect.sigma_median, stream);
    close(got.multi, want.sum_unbiased / 5, FLOAT32, `${c.name} multi`);
  },
};

vectors('every field of every case is claimed or listed as not claimed', async () => {
  let checks = 0;
  for (const c of golden('mmd')) {
    for (const [field, want] of Object.entries(c.expect)) {
      if (field in unclaimed.mmd!) continue;
      assert.ok(CLAIMS[field], `mmd ${field} is neither claimed nor listed`);
      await CLAIMS[field]?.(c, want as never);
      checks++;
    }
  }
  assert.ok(checks > 0);
});

vectors.run();

const properties = suite('mmd: properties');

properties('agrees with float64 sums for sizes that are no multiples of the tiles', async () => {
  for (const [n, m, d] of [
    [2, 3, 1],
    [4, 5, 3],
    [15, 17, 4],
    [16, 33, 5],
    [65, 130, 16],
  ] as const) {
    const [x, y] = [randomRows(n, d, 'x'), randomRows(m, d, 'y', 0.5)];
    const unbiasedAt = (s: number) =>
      rbfSum(x, null, s) / (n * (n - 1)) + rbfSum(y, null, s) / (m * (m - 1)) - (2 * rbfSum(x, y, s)) / (n * m);
    const got = await mmd(backend, x, y, 1.5, stream);
    close(got.unbiased, unbiasedAt(1.5), FLOAT32, `${n}×${m}×${d}`);
    close(
      got.multi,
      [0.25, 0.5, 1, 2, 4].reduce((sum, k) => sum + unbiasedAt(1.5 * k) / 5, 0),
      FLOAT32,
      `${n}×${m}×${d} multi`,
    );
  }
});

properties('is symmetric, and grows when the sets move apart', async () => {
  const x = randomRows(80, 4, 'x');
  let before = Number.NEGATIVE_INFINITY;
  for (const shift of [0, 0.3, 0.6, 1.2]) {
    const y = randomRows(60, 4, 'y', shift);
    const [there, back] = [await mmd(backend, x, y, 2, stream), await mmd(backend, y, x, 2, stream)];
    close(there.unbiased, back.unbiased, FLOAT32);
    close(there.biased, back.biased, { abs: 1e-5 });
    assert.ok(there.unbiased > before);
    before = there.unbiased;
  }
});

properties('two samples of one distribution: the unbiased value is not clamped and averages to 0', async () => {
  let [sum, negative] = [0, 0];
  for (let i = 0; i < 60; i++) {
    const { unbiased } = await mmd(backend, randomRows(40, 3, `x${i}`), randomRows(40, 3, `y${i}`), 1.5, stream);
    sum += unbiased / 60;
    if (unbiased < 0) negative++;
  }
  assert.ok(negative > 15 && negative < 55, `${negative} of 60 are negative`);
  close(sum, 0, { abs: 0.004 });
});

properties('equal sets: biased 0, unbiased below 0, wherever they lie', async () => {
  for (const shift of [0, 1e6]) {
    const x = randomRows(30, 5, 'x', shift);
    const got = await mmd(backend, x, x, 2, stream);
    close(got.biased, 0, { abs: 1e-3 }, 'biased'); // √ of the rounding of 0
    assert.ok(got.unbiased < 0);
    const near = await mmd(backend, randomRows(30, 5, 'x'), randomRows(30, 5, 'x'), 2, stream);
    close(got.unbiased, near.unbiased, FLOAT32, 'an offset changes nothing');
  }
});

properties('is NaN without a bandwidth, with an empty side, and unbiased below two rows', async () => {
  const nothing = { biased: Number.NaN, unbiased: Number.NaN, multi: Number.NaN };
  const [x, one, none] = [randomRows(5, 2, 'x'), randomRows(1, 2, 'one'), randomRows(0, 2, 'none')];
  for (const s of [0, Number.NaN]) assert.equal(await mmd(backend, x, x, s, stream), nothing);
  assert.equal(await mmd(backend, x, none, 1, stream), nothing);
  const single = await mmd(backend, x, one, 1, stream);
  assert.ok(Number.isNaN(single.unbiased) && Number.isNaN(single.multi) && single.biased > 0);
  assert.is(await bandwidth(backend, { rows: 9, cols: 2, values: new Float64Array(18).fill(3) }, stream), 0);
  assert.ok(Number.isNaN(await bandwidth(backend, one, stream)));
});

properties('takes at most 2,000 rows a side, the same ones for the same stream', async () => {
  const many: Rows = { rows: 2500, cols: 1, values: Float64Array.from({ length: 2500 }, (_, i) => i) };
  const some = atMost(many, stream.child('a'));
  assert.is(some.rows, 2000);
  assert.equal(
    [...some.values],
    [...new Set(some.values)].sort((a, b) => a - b),
    'distinct rows in their order',
  );
  assert.equal(atMost(many, stream.child('a')).values, some.values);
  assert.not.equal(atMost(many, stream.child('b')).values, some.values);
  assert.is(atMost(some, stream), some);
  const got = await mmd(backend, many, many, 500, stream);
  assert.ok(Math.abs(got.unbiased) < 0.01);
});

properties('leaves the memory of the backend as it was', async () => {
  const before = backend.mark();
  await mmd(backend, randomRows(40, 3, 'x'), randomRows(40, 3, 'y'), 1, stream);
  assert.equal(backend.mark(), before);
});

properties.run();
