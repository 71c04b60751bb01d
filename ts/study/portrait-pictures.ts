/** What the report draws of one split: histograms, correlations, and both minorities on their two widest axes. */
import { fitFeatures } from '../encode/features.js';
import { commonCodes, observed, pairColumns } from '../metrics/columns.js';
import { principalComponents, project } from '../metrics/components.js';
import { pearson } from '../metrics/pairs.js';
import { type Column, isLevelColumn, isNumberColumn, type LevelColumn, type NumberColumn, type Table, takeRows } from '../table/table.js';
import { rounded } from './rounded.js';
import { spreadOver } from './subgroups.js';

/** Shares of the cells that are there. */
export interface Histogram {
  readonly column: string;
  /** Bin i holds values from low + i·width up to the next bin; the outer bins also hold what lies beyond. Null of levels. */
  readonly bins: { readonly low: number; readonly width: number } | null;
  /** Of a level column, by the real frequency; the last may gather the rest. */
  readonly levels: readonly string[] | null;
  readonly real: readonly number[];
  readonly synthetic: readonly number[];
}

/** Pearson's r of each pair i < j of `columns`, row by row; null where it is undefined. */
export interface Correlations {
  readonly columns: readonly string[];
  readonly real: readonly (number | null)[];
  readonly synthetic: readonly (number | null)[];
}

/** Coordinates on the first two principal components of the real rows, as x and y in turn. */
export interface Scatter {
  readonly real: readonly number[];
  readonly synthetic: readonly number[];
  /** Share of the real rows' variance along each axis. */
  readonly explained: readonly [number, number];
}

export interface Pictures {
  readonly histograms: readonly Histogram[];
  readonly correlations: Correlations;
  readonly scatter: Scatter | null;
}

const BINS = 12;
const MOST_LEVELS = 8;
/** A picture of more pairs cannot be read. */
const MOST_CORRELATED = 40;
const MOST_POINTS = 200;

/** `train` is the whole training part, by which numbers are standardised; `real` and `synthetic` are minority rows. */
export function picturesOf(train: Table, real: Table, synthetic: Table): Pictures {
  return {
    histograms: pairColumns(real, synthetic).map(([a, b]) => histogramOf(a, b)),
    correlations: correlationsOf(real, synthetic),
    scatter: scatterOf(train, real, synthetic),
  };
}

function histogramOf(real: NumberColumn | LevelColumn, synthetic: Column): Histogram {
  if (isLevelColumn(real)) return levelHistogram(real, synthetic as LevelColumn);
  const bins = binsOf(real);
  const bin = (value: number) => Math.max(0, Math.min(BINS - 1, Math.floor((value - bins.low) / bins.width)));
  const sharesOf = (column: NumberColumn) => shares([...observed(column)].map(bin), BINS);
  return { column: real.name, bins, levels: null, real: sharesOf(real), synthetic: sharesOf(synthetic as NumberColumn) };
}

/** Equal bins over the middle 98% of the real values, so that single far values do not flatten the picture; whole steps for whole numbers. */
function binsOf(column: NumberColumn): { low: number; width: number } {
  const values = observed(column);
  const low = values[Math.floor(0.01 * (values.length - 1))] ?? 0;
  const high = values[Math.ceil(0.99 * (values.length - 1))] ?? 0;
  if (column.kind === 'integer') {
    const width = Math.max(1, Math.ceil((high - low + 1) / BINS));
    return { low: low - 0.5, width };
  }
  return high > low ? { low, width: (high - low) / BINS } : { low: low - BINS / 2, width: 1 };
}

function levelHistogram(real: LevelColumn, synthetic: LevelColumn): Histogram {
  const names = [...new Set([...real.levels, ...synthetic.levels])];
  const { real: own, synthetic: other } = commonCodes(real, synthetic);
  const there = (codes: Int32Array) =>
    Array.from(
      codes.filter((code) => code > 0),
      (code) => code - 1,
    );
  const [a, b] = [shares(there(own), names.length), shares(there(other), names.length)];
  const met = names.map((_, i) => i).filter((i) => (a[i] as number) > 0 || (b[i] as number) > 0);
  const order = real.kind === 'ordinal' ? met : met.sort((i, j) => (a[j] as number) - (a[i] as number) || i - j);
  const kept = order.length > MOST_LEVELS ? order.slice(0, MOST_LEVELS - 1) : order;
  const rest = order.slice(kept.length);
  const fold = (of: readonly number[]) => [
    ...kept.map((i) => of[i] as number),
    ...(rest.length > 0 ? [rounded(rest.reduce((sum, i) => sum + (of[i] as number), 0)) as number] : []),
  ];
  const levels = [...kept.map((i) => names[i] as string), ...(rest.length > 0 ? [`${rest.length} others`] : [])];
  return { column: real.name, bins: null, levels, real: fold(a), synthetic: fold(b) };
}

function shares(codes: readonly number[], count: number): number[] {
  const counts = new Array<number>(count).fill(0);
  for (const code of codes) counts[code] = (counts[code] as number) + 1;
  return counts.map((n) => rounded(codes.length > 0 ? n / codes.length : 0) as number);
}

/** Numbers, and levels that have an order or are two; of many columns those that hang together most in the real rows. */
function correlationsOf(real: Table, synthetic: Table): Correlations {
  const sides = pairColumns(real, synthetic).flatMap(([a, b]) => {
    if (isNumberColumn(a)) return [{ name: a.name, real: a.values, synthetic: (b as NumberColumn).values }];
    if (a.kind === 'categorical') return [];
    const codes = commonCodes(a, b as LevelColumn);
    const numbers = (of: Int32Array) => Float64Array.from(of, (code) => (code === 0 ? Number.NaN : code));
    return [{ name: a.name, real: numbers(codes.real), synthetic: numbers(codes.synthetic) }];
  });
  const shown = sides.length > MOST_CORRELATED ? mostCorrelated(sides) : sides;
  const pairs = (side: 'real' | 'synthetic') =>
    shown.flatMap((a, i) => shown.slice(i + 1).map((b) => rounded(pearson(a[side], b[side]), 3)));
  return { columns: shown.map(({ name }) => name), real: pairs('real'), synthetic: pairs('synthetic') };
}

/** In the order of the table. */
function mostCorrelated<Side extends { readonly real: Float64Array }>(sides: readonly Side[]): Side[] {
  const strength = sides.map(() => 0);
  for (const [i, a] of sides.entries()) {
    for (let j = i + 1; j < sides.length; j++) {
      const r = pearson(a.real, (sides[j] as Side).real);
      const weight = Number.isNaN(r) ? 0 : Math.abs(r);
      strength[i] = (strength[i] as number) + weight;
      strength[j] = (strength[j] as number) + weight;
    }
  }
  const order = sides.map((_, i) => i).sort((i, j) => (strength[j] as number) - (strength[i] as number) || i - j);
  const kept = new Set(order.slice(0, MOST_CORRELATED));
  return sides.filter((_, i) => kept.has(i));
}

function scatterOf(train: Table, real: Table, synthetic: Table): Scatter | null {
  const encoder = fitFeatures(train);
  const components = principalComponents(encoder.standardised(real));
  if (!components) return null;
  const points = (table: Table) => {
    const rows = Uint32Array.from({ length: table.rows }, (_, row) => row);
    const [x, y] = project(components, encoder.standardised(takeRows(table, spreadOver(rows, MOST_POINTS))));
    return [...x].flatMap((value, i) => [rounded(value, 2) as number, rounded(y[i] as number, 2) as number]);
  };
  const [first, second] = components.explained;
  return { real: points(real), synthetic: points(synthetic), explained: [rounded(first) as number, rounded(second) as number] };
}
