/**
 * MMD² of more rows than all pairs can be taken of: the B-test's statistic (Zaremba, Gretton & Blaschko, "B-tests: low variance kernel
 * two-sample tests", NeurIPS 2013, §2). Both sets are parted at random into K blocks, the unbiased MMD² of each block is taken, and
 * their mean is unbiased as well. Blocks are independent, so that the mean's standard error is that of K numbers. The cost falls from
 * N² to N² / K, and memory holds one block.
 *
 * Dimensions: N and M rows, K blocks.
 */
import type { Backend } from '../backend/backend.js';
import { InputError } from '../errors.js';
import type { Stream } from '../random.js';
import { type Rows, uploadCentred, withMemory } from './rows.js';

/** Squared MMD of many rows, estimated by blocks. */
export interface LargeMmd {
  /** Unbiased; may be negative, never clamped. */
  readonly mmd2: number;
  /** Of `mmd2`; NaN with one block, which takes all pairs of the rows: what is left then is the error of the sample itself. */
  readonly standardError: number;
  /** K. */
  readonly blocks: number;
}

/** How {@link mmdLarge} estimates. */
export interface LargeMmdOptions {
  /** Number of blocks K; by default such that blocks of the larger side hold about 1,000 rows, but at least 10 as far as there are rows. */
  readonly blocks?: number;
}

const BLOCK_ROWS = 1000;
/** A standard error from fewer numbers would say little. */
const FEWEST = 10;

/**
 * MMD² of a (N, D) and b (M, D) with the kernel exp(−d² / 2s²), by blocks (Zaremba, Gretton & Blaschko, "B-tests", NeurIPS 2013, §2), so that
 * the cost falls from N² to N² / K; NaN where s is not a positive number or a side has fewer than two rows.
 *
 * @throws {InputError} for a number of blocks that leaves one fewer than two rows of a side, and for different numbers of columns.
 */
export async function mmdLarge(
  backend: Backend,
  a: Rows,
  b: Rows,
  s: number,
  stream: Stream,
  options: LargeMmdOptions = {},
): Promise<LargeMmd> {
  const most = Math.floor(Math.min(a.rows, b.rows) / 2); // a block has two rows of each side
  const blocks = options.blocks ?? Math.max(1, Math.min(most, Math.max(FEWEST, Math.ceil(Math.max(a.rows, b.rows) / BLOCK_ROWS))));
  if (!(s > 0 && s < Infinity) || most < 1) return { mmd2: Number.NaN, standardError: Number.NaN, blocks };
  if (!Number.isInteger(blocks) || blocks < 1 || blocks > most) {
    throw new InputError(`"blocks" expected an integer in 1..${most}, half of the smaller side's rows, got ${blocks}`);
  }
  const [first, second] = [parted(a, blocks, stream.child('first')), parted(b, blocks, stream.child('second'))];
  const values = new Float64Array(blocks);
  for (let k = 0; k < blocks; k++) values[k] = await withMemory(backend, () => unbiased(backend, first(k), second(k), s));
  const mean = values.reduce((sum, value) => sum + value, 0) / blocks;
  const squares = values.reduce((sum, value) => sum + (value - mean) * (value - mean), 0);
  return { mmd2: mean, standardError: blocks > 1 ? Math.sqrt(squares / (blocks - 1) / blocks) : Number.NaN, blocks };
}

/** Blocks of ⌊N / K⌋ rows in random order; what is left over belongs to none. One block keeps all rows as they are. */
function parted(x: Rows, blocks: number, stream: Stream): (k: number) => Rows {
  if (blocks === 1) return () => x;
  const { cols, values } = x;
  const rows = Math.floor(x.rows / blocks);
  const order = stream.permutation(x.rows);
  return (k) => {
    const taken = new Float64Array(rows * cols);
    order.subarray(k * rows, (k + 1) * rows).forEach((row, i) => {
      taken.set(values.subarray(row * cols, (row + 1) * cols), i * cols);
    });
    return { rows, cols, values: taken };
  };
}

/** The unbiased MMD² of all rows of a and b (Gretton et al. 2012, eq. 3). */
function unbiased(backend: Backend, a: Rows, b: Rows, s: number): number {
  const [x, y] = uploadCentred(backend, [a, b]);
  if (!x || !y) return Number.NaN;
  const sum = (from: typeof x, to: typeof y | null) => backend.distance.rbfSums(from, to, [s])[0] as number;
  const [n, m] = [x.rows, y.rows];
  return sum(x, null) / (n * (n - 1)) + sum(y, null) / (m * (m - 1)) - (2 * sum(x, y)) / (n * m);
}
