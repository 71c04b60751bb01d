/**
 * How far pairs of columns of synthetic rows are from the real ones: 1 − SDMetrics' column-pair similarity, over all pairs
 * (SDMetrics' own report leaves pairs out whose real association is weak).
 */
import { isNumberColumn, type LevelColumn, type NumberColumn, type Table } from '../table/table.js';
import { commonCodes, meanDefined, observed, pairColumns, totalVariation } from './columns.js';

const BINS = 10;

/** A column of both tables: categories for joint tables, and the values where they are numbers. */
interface Side {
  readonly codes: Int32Array; // (N)
  readonly values: Float64Array | null; // (N)
}
interface PairedColumn {
  readonly real: Side;
  readonly synthetic: Side;
  readonly categories: number;
}

export interface PairDifference {
  readonly first: string;
  readonly second: string;
  /** 0 = the same association, 1 = the opposite; NaN where a correlation is undefined. */
  readonly difference: number;
}

/**
 * Each pair of columns. Two numbers: |r − r′| / 2 of Pearson's r over rows where both are observed. Otherwise ½ Σ |p − q| over
 * the joint table, numbers cut into 10 bins of equal width over the range of the real column.
 */
export function pairDifferences(real: Table, synthetic: Table): PairDifference[] {
  const pairs = pairColumns(real, synthetic);
  const columns = pairs.map(([a, b]) => (isNumberColumn(a) ? numbers(a, b as NumberColumn) : levels(a, b as LevelColumn)));
  const out: PairDifference[] = [];
  for (const [i, a] of columns.entries()) {
    for (let j = i + 1; j < columns.length; j++) {
      const b = columns[j] as PairedColumn;
      out.push({ first: pairs[i]?.[0].name as string, second: pairs[j]?.[0].name as string, difference: difference(a, b) });
    }
  }
  return out;
}

/** The mean over all pairs with a value; NaN without any. */
export const pairDifference = (real: Table, synthetic: Table): number =>
  meanDefined(pairDifferences(real, synthetic).map((pair) => pair.difference));

function difference(a: PairedColumn, b: PairedColumn): number {
  if (a.real.values && b.real.values) {
    return Math.abs(correlation(a.real, b.real) - correlation(a.synthetic, b.synthetic)) / 2;
  }
  const joint = (side: 'real' | 'synthetic') =>
    Float64Array.from(a[side].codes, (code, i) => code * b.categories + (b[side].codes[i] as number));
  return totalVariation(joint('real'), joint('synthetic'));
}

const correlation = (a: Side, b: Side): number => pearson(a.values as Float64Array, b.values as Float64Array);

function levels(a: LevelColumn, b: LevelColumn): PairedColumn {
  const codes = commonCodes(a, b);
  return {
    real: { codes: codes.real, values: null },
    synthetic: { codes: codes.synthetic, values: null },
    categories: codes.levels,
  };
}

/** Categories of a number: 0 missing, 1 below the real range, 2 … 11 the bins (the last with its upper edge), 12 above. */
function numbers(a: NumberColumn, b: NumberColumn): PairedColumn {
  const sorted = observed(a);
  const low = sorted[0] ?? Number.NaN;
  const high = sorted[sorted.length - 1] ?? Number.NaN;
  const category = (value: number): number => {
    if (Number.isNaN(value)) return 0;
    if (value < low) return 1;
    if (!(value <= high)) return BINS + 2;
    return 2 + (high > low ? Math.min(BINS - 1, Math.floor(((value - low) / (high - low)) * BINS)) : 0);
  };
  const side = ({ values }: NumberColumn): Side => ({ codes: Int32Array.from(values, category), values });
  return { real: side(a), synthetic: side(b), categories: BINS + 3 };
}

/** Pearson's correlation over rows where both are observed; NaN where one is constant or fewer than two rows are left. */
export function pearson(x: ArrayLike<number>, y: ArrayLike<number>): number {
  let [n, meanX, meanY] = [0, 0, 0];
  for (let i = 0; i < x.length; i++) {
    if (Number.isNaN(x[i]) || Number.isNaN(y[i])) continue;
    n++;
    meanX += ((x[i] as number) - meanX) / n;
    meanY += ((y[i] as number) - meanY) / n;
  }
  let [xx, xy, yy] = [0, 0, 0];
  for (let i = 0; i < x.length; i++) {
    const dx = (x[i] as number) - meanX;
    const dy = (y[i] as number) - meanY;
    if (Number.isNaN(dx) || Number.isNaN(dy)) continue;
    xx += dx * dx;
    xy += dx * dy;
    yy += dy * dy;
  }
  const scale = Math.sqrt(xx) * Math.sqrt(yy);
  return n > 1 && scale > 0 ? Math.max(-1, Math.min(1, xy / scale)) : Number.NaN;
}
