/**
 * Maximum mean discrepancy between two sets of rows (Gretton et al., "A kernel two-sample test", JMLR 13, 2012), kernel
 * exp(−d² / 2s²). Dimensions: N and M rows.
 */
import type { Backend } from '../backend/backend.js';
import type { Stream } from '../random.js';
import { atMost, type Rows, uploadCentred, withMemory } from './rows.js';

/** Maximum mean discrepancy in three ways. */
export interface Mmd {
  /** √ of the biased V-statistic at s, diagonals included; it depends on the numbers of rows. */
  readonly biased: number;
  /** The unbiased MMD² at s: may be negative, never clamped; NaN when a side has fewer than two rows. */
  readonly unbiased: number;
  /** The mean of the unbiased MMD² over s × ¼, ½, 1, 2, 4. */
  readonly multi: number;
}

/** Multiples of s in `multi`; the third is s itself. */
const MULTIPLES = [0.25, 0.5, 1, 2, 4] as const;
const UNDEFINED: Mmd = { biased: Number.NaN, unbiased: Number.NaN, multi: Number.NaN };

/** Median pairwise distance of at most ROW_LIMIT rows, the bandwidth s of the study; 0 when most rows are equal. */
export async function bandwidth(backend: Backend, rows: Rows, stream: Stream): Promise<number> {
  return withMemory(backend, () => {
    const [x] = uploadCentred(backend, [atMost(rows, stream)]);
    return x ? backend.distance.medianDistance(x) : Number.NaN;
  });
}

/**
 * Maximum mean discrepancy (Gretton et al., "A kernel two-sample test", JMLR 13, 2012; biased by eq. 5, unbiased by eq. 3) between a (N, D) and
 * b (M, D) with the kernel exp(−d² / 2s²); of more than 2,000 rows a side so many are drawn by `stream`. All NaN where s is not a positive
 * number or a side is empty.
 *
 * @throws {InputError} for sides with different numbers of columns.
 */
export async function mmd(backend: Backend, a: Rows, b: Rows, s: number, stream: Stream): Promise<Mmd> {
  if (!(s > 0 && s < Infinity) || a.rows === 0 || b.rows === 0) return UNDEFINED;
  return withMemory(backend, () => {
    const [x, y] = uploadCentred(backend, [atMost(a, stream.child('first')), atMost(b, stream.child('second'))]);
    if (!x || !y) return UNDEFINED;
    const bandwidths = MULTIPLES.map((multiple) => multiple * s);
    const within = backend.distance.rbfSums(x, null, bandwidths);
    const across = backend.distance.rbfSums(x, y, bandwidths);
    const other = backend.distance.rbfSums(y, null, bandwidths);
    const [n, m] = [x.rows, y.rows];
    const statistic = (i: number) => {
      const [xx, xy, yy] = [within[i] as number, across[i] as number, other[i] as number];
      const unbiased = n > 1 && m > 1 ? xx / (n * (n - 1)) + yy / (m * (m - 1)) - (2 * xy) / (n * m) : Number.NaN;
      return { unbiased, biased: (xx + n) / (n * n) + (yy + m) / (m * m) - (2 * xy) / (n * m) };
    };
    const all = MULTIPLES.map((_, i) => statistic(i));
    const middle = statistic(2);
    return {
      biased: Math.sqrt(Math.max(0, middle.biased)), // not negative but for rounding
      unbiased: middle.unbiased,
      multi: all.reduce((sum, { unbiased }) => sum + unbiased, 0) / all.length,
    };
  });
}
