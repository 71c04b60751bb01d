/**
 * How far single columns of synthetic rows are from the real ones. Numbers: Kolmogorov–Smirnov and Wasserstein distance of the
 * observed values. Levels: total variation, a missing cell counting as a level of its own.
 */
import { InputError } from '../errors.js';
import { type Column, isLevelColumn, isNumberColumn, type LevelColumn, type NumberColumn, type Table } from '../table/table.js';

export interface ColumnDistance {
  readonly name: string;
  readonly kind: Column['kind'];
  /** Of number columns, else null; NaN where a side has no observed value. */
  readonly ks: number | null;
  /** In standard deviations of the real column; NaN where that is 0 and the columns differ. */
  readonly wasserstein: number | null;
  /** Of level columns, else null. */
  readonly tv: number | null;
}

export interface ColumnDistances {
  readonly columns: readonly ColumnDistance[];
  /** Means over the columns that have a value; NaN where none has. */
  readonly ks_mean: number;
  readonly tv_mean: number;
  readonly wasserstein_mean: number;
}

export function columnDistances(real: Table, synthetic: Table): ColumnDistances {
  const columns = pairColumns(real, synthetic).map(([a, b]): ColumnDistance => {
    const base = { name: a.name, kind: a.kind, ks: null, wasserstein: null, tv: null };
    if (isLevelColumn(a)) {
      const codes = commonCodes(a, b as LevelColumn);
      return { ...base, tv: totalVariation(codes.real, codes.synthetic) };
    }
    const [x, y] = [observed(a), observed(b as NumberColumn)];
    return { ...base, ks: kolmogorovSmirnov(x, y), wasserstein: scaled(wasserstein(x, y), standardDeviation(x)) };
  });
  return {
    columns,
    ks_mean: meanDefined(columns.map(({ ks }) => ks)),
    tv_mean: meanDefined(columns.map(({ tv }) => tv)),
    wasserstein_mean: meanDefined(columns.map((column) => column.wasserstein)),
  };
}

const scaled = (distance: number, by: number): number => (distance === 0 ? 0 : by > 0 ? distance / by : Number.NaN);

/** Number and level columns of the real table beside the synthetic columns of the same name. */
export function pairColumns(real: Table, synthetic: Table): [NumberColumn | LevelColumn, Column][] {
  const byName = new Map(synthetic.columns.map((column) => [column.name, column]));
  const own = real.columns.filter((column) => isNumberColumn(column) || isLevelColumn(column));
  return own.map((column) => {
    const other = byName.get(column.name);
    if (!other) throw new InputError(`the synthetic table lacks the column "${column.name}"`);
    if (isNumberColumn(column) !== isNumberColumn(other) || isLevelColumn(column) !== isLevelColumn(other)) {
      throw new InputError(`column "${column.name}" is ${column.kind} in the real table and ${other.kind} in the synthetic one`);
    }
    return [column, other];
  });
}

/** The codes of two level columns by the text of the levels, 0 = missing. */
export function commonCodes(real: LevelColumn, synthetic: LevelColumn): { real: Int32Array; synthetic: Int32Array; levels: number } {
  const index = new Map<string, number>();
  for (const level of [...real.levels, ...synthetic.levels]) if (!index.has(level)) index.set(level, index.size + 1);
  const recode = ({ codes, levels }: LevelColumn) => {
    const map = levels.map((level) => index.get(level) as number);
    return codes.map((code) => (code < 0 ? 0 : (map[code] as number)));
  };
  return { real: recode(real), synthetic: recode(synthetic), levels: index.size + 1 };
}

/** The values that are there, ascending. */
export const observed = ({ values }: NumberColumn): Float64Array => values.filter((value) => !Number.isNaN(value)).sort();

/** The greatest difference between the distribution functions of two ascending samples; NaN where one is empty. */
export function kolmogorovSmirnov(x: Float64Array, y: Float64Array): number {
  let greatest = 0;
  walkBoth(x, y, (f, g) => {
    greatest = Math.max(greatest, Math.abs(f - g));
  });
  return x.length && y.length ? greatest : Number.NaN;
}

/** The area between the distribution functions of two ascending samples (Wasserstein-1); NaN where one is empty. */
export function wasserstein(x: Float64Array, y: Float64Array): number {
  let area = 0;
  walkBoth(x, y, (f, g, width) => {
    if (f !== g) area += Math.abs(f - g) * width;
  });
  return x.length && y.length ? area : Number.NaN;
}

/** Visits the pooled values in order with both distribution functions there and the width up to the next value. */
function walkBoth(x: Float64Array, y: Float64Array, visit: (f: number, g: number, width: number) => void): void {
  const next = (i: number, j: number) => Math.min(x[i] ?? Infinity, y[j] ?? Infinity);
  for (let i = 0, j = 0; i < x.length || j < y.length; ) {
    const value = next(i, j);
    while (i < x.length && x[i] === value) i++;
    while (j < y.length && y[j] === value) j++;
    visit(i / x.length, j / y.length, next(i, j) - value);
  }
}

/** ½ Σ |p − q| over the shares of codes; NaN where a side is empty. */
export function totalVariation(x: ArrayLike<number>, y: ArrayLike<number>): number {
  if (x.length === 0 || y.length === 0) return Number.NaN;
  const counts = new Map<number, [number, number]>();
  const count = (codes: ArrayLike<number>, side: 0 | 1) => {
    for (let i = 0; i < codes.length; i++) {
      const code = codes[i] as number;
      const both = counts.get(code) ?? [0, 0];
      both[side]++;
      counts.set(code, both);
    }
  };
  count(x, 0);
  count(y, 1);
  let sum = 0;
  for (const [p, q] of counts.values()) sum += Math.abs(p / x.length - q / y.length);
  return sum / 2;
}

function standardDeviation(x: Float64Array): number {
  const mean = x.reduce((sum, value) => sum + value, 0) / x.length;
  return Math.sqrt(x.reduce((sum, value) => sum + (value - mean) * (value - mean), 0) / x.length);
}

/** Mean of the numbers that are defined; NaN without any. */
export function meanDefined(values: readonly (number | null)[]): number {
  const defined = values.filter((value): value is number => value !== null && !Number.isNaN(value));
  return defined.reduce((sum, value) => sum + value, 0) / defined.length;
}
