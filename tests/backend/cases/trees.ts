/** Boosting: every backend grows the trees of the core. */
import { simd } from '../../../build/core.js';
import type { Backend } from '../../../ts/backend/backend.js';
import type { BoostingOptions } from '../../../ts/backend/ops-trees.js';
import { wasmBackend } from '../../../ts/backend/select.js';
import { Stream } from '../../../ts/random.js';
import { allClose } from '../../close.js';
import { sameTrees } from '../../ref/ensembles.js';
import { naiveBoosting } from '../../ref/trees.js';
import { type OpCase, SIZES, type Units } from './cases.js';

export const OPTIONS: BoostingOptions = {
  rounds: 3,
  depth: 4,
  learningRate: 0.3,
  lambda: 1,
  gamma: 0,
  minChildWeight: 1,
  subsample: 1,
  positiveWeight: 1,
  maxBins: 256,
};

export interface Table {
  readonly x: Float32Array;
  readonly y: Uint8Array;
  readonly cols: number;
}

/** Labels lean on all columns, the first most; values repeat on a grid of `levels`, some are missing. */
export function table(rows: number, cols: number, { levels = 40, holes = 0.1 } = {}): Table {
  const stream = Stream.fromSeed(11).child(rows).child(cols).child(levels);
  const x = Float32Array.from({ length: rows * cols }, () => (stream.uniform() < holes ? Number.NaN : stream.below(levels)));
  const y = Uint8Array.from({ length: rows }, (_, i) => {
    let sum = 3 * (stream.uniform() - 0.5);
    for (let f = 0; f < cols; f++) {
      const value = x[i * cols + f]!;
      sum += (Number.isNaN(value) ? 0.4 : value / levels - 0.5) * (3 / (f + 1));
    }
    return Number(sum > 0.2);
  });
  y[0] = 1;
  if (rows > 1) y[1] = 0;
  return { x, y, cols };
}

const weightsOf = (rows: number) => {
  const stream = Stream.fromSeed(5).child(rows);
  return Float32Array.from({ length: rows }, () => 0.5 + stream.uniform());
};

/** Of the kernels' gradients: p and its two factors rounded, and a multiple of 2⁻²⁸ taken. */
export const roundings = ({ u, exp, divide }: Units) => ({ row: 2 * (divide + 3 * u) + 2 ** -29, exp });

let core: Promise<Backend> | null = null;

/** Fits on the backend and on the core, compares the trees, then the margins of the rows. */
export async function agree(backend: Backend, units: Units, { x, y, cols }: Table, given: Partial<BoostingOptions>): Promise<void> {
  const options = { ...OPTIONS, ...given };
  core ??= wasmBackend('simd', simd);
  const want = await (await core).trees.fitBoosting(x, y, cols, options, Stream.fromSeed(3));
  const got = await backend.trees.fitBoosting(x, y, cols, options, Stream.fromSeed(3));
  const what = `${y.length}×${cols} ${JSON.stringify({ ...given, weights: undefined })}`;
  const abs = sameTrees(got, want, x, options, roundings(units), what);
  allClose(await backend.trees.predict(got, x), await (await core).trees.predict(want, x), { abs }, what);
}

const treeCase = (name: string, run: OpCase['run']): OpCase => ({ op: 'trees.fitBoosting', name, run });

export const treeCases: readonly OpCase[] = [
  treeCase('the trees of the core, few rows and features', async (backend, units, sizes) => {
    for (const rows of sizes) {
      const cols = SIZES[(SIZES.indexOf(rows) + 3) % SIZES.length]!;
      const limits = { rounds: 2, depth: 3, minChildWeight: 0.1, baseMargin: 0.25, weights: weightsOf(rows) };
      for (const holes of [0, 0.25]) await agree(backend, units, table(rows, cols, { holes }), limits);
    }
  }),
  treeCase('the trees of the core, few bins', async (backend, units) => {
    for (const maxBins of [2, 3, 4, 5, 15, 16, 17]) await agree(backend, units, table(80, 3, { levels: 90 }), { maxBins });
  }),
  treeCase('the trees of the core, six levels deep, whatever the options', async (backend, units) => {
    const deep = { depth: 6, rounds: 4, minChildWeight: 0.2 };
    for (const limits of [
      {},
      { alpha: 0.5 },
      { maxDeltaStep: 0.3 },
      { positiveWeight: 3, subsample: 0.7 },
      { gamma: 1, lambda: 0, weights: weightsOf(300) }, // without weights different splits gain the same, but for roundings
    ]) {
      await agree(backend, units, table(300, 4), { ...deep, ...limits });
    }
  }),
  treeCase('bins of more rows than a strip holds', async (backend, units) => {
    await agree(backend, units, table(2600, 2, { levels: 2, holes: 0.01 }), { depth: 3 });
  }),
  treeCase('a stump, a root alone, one value only', async (backend, units) => {
    const { x, y, cols } = table(60, 3);
    await agree(backend, units, { x, y, cols }, { depth: 1 });
    await agree(backend, units, { x, y, cols }, { depth: 0 });
    await agree(backend, units, { x: new Float32Array(x.length).fill(7), y, cols }, {});
    await agree(backend, units, { x: new Float32Array(x.length).fill(Number.NaN), y, cols }, {});
  }),
  treeCase('margins of a naive booster in float64', async (backend) => {
    const { x, y, cols } = table(60, 3, { levels: 1000, holes: 0.2 });
    const rows = Array.from(y, (_, i) => Array.from(x.subarray(i * cols, (i + 1) * cols)));
    const weights = weightsOf(60);
    const options = { ...OPTIONS, depth: 3, baseMargin: 0, minChildWeight: 0.2, weights };
    const got = await backend.trees.fitBoosting(x, y, cols, options, Stream.fromSeed(3));
    const want = naiveBoosting(rows, Array.from(y), Array.from(weights), 0, options.rounds, options);
    allClose(await backend.trees.predict(got, x), want, { abs: 2e-5, rel: 2e-5 }, 'margins');
  }),
];
