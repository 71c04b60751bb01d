/** Portraits over splits: means of every column's distances, and intervals for subgroups. */
import type { SpecialOps } from '../backend/ops-special.js';
import { TEST_TO_TRAIN } from './comparisons.js';
import type { Order } from './groups.js';
import type { ColumnPortrait, Portrait } from './portrait.js';
import { statisticOf } from './statistics.js';
import type { SubgroupPortrait } from './subgroups.js';
import type { ColumnSummary, Interval, PortraitSummary, SubgroupSummary } from './summary.js';

type StudentT = Pick<SpecialOps, 'studentT'>;

/** One entry a data set and method, in the order of tables; splits in their order, whatever the order of the portraits. */
export function summarisePortraits(
  portraits: readonly Portrait[],
  { datasets, methods }: Pick<Order, 'datasets' | 'methods'>,
  special: StudentT,
): PortraitSummary[] {
  return datasets.flatMap((dataset) =>
    methods.flatMap((method) => {
      const own = portraits.filter((portrait) => portrait.dataset === dataset && portrait.method === method);
      const bySplit = own.sort((a, b) => a.split - b.split);
      const [first] = bySplit;
      if (!first) return [];
      const { ratio } = first;
      return [{ dataset, method, ratio, splits: own.length, columns: columnsOf(bySplit), subgroups: subgroupsOf(bySplit, special) }];
    }),
  );
}

function columnsOf(portraits: readonly Portrait[]): ColumnSummary[] {
  const [first] = portraits as readonly [Portrait, ...Portrait[]];
  return first.columns.map(({ name, kind }) => {
    const own = portraits.flatMap(({ columns }) => columns.filter((column) => column.name === name));
    const over = (value: (column: ColumnPortrait) => number | null) => statisticOf(own.map(value));
    const mean = (value: (column: ColumnPortrait) => number) => statisticOf(own.map(value))?.mean ?? 0;
    return {
      name,
      kind,
      test: over((column) => column.test),
      training: over((column) => column.training),
      floor: over((column) => column.floor),
      missing_real: mean(({ missing }) => missing.training),
      missing_synthetic: mean(({ missing }) => missing.synthetic),
    };
  });
}

function subgroupsOf(portraits: readonly Portrait[], special: StudentT): SubgroupSummary[] {
  const [first] = portraits as readonly [Portrait, ...Portrait[]];
  return first.subgroups.map(({ column, group }) => {
    const own = portraits.flatMap(({ subgroups }) => subgroups.filter((other) => other.column === column && other.group === group));
    const mean = (value: (subgroup: SubgroupPortrait) => number) => statisticOf(own.map(value))?.mean ?? 0;
    const judged = own.filter(({ distance, floor }) => distance !== null && floor !== null);
    return {
      column,
      group,
      share_training: mean(({ share }) => share.training),
      share_test: mean(({ share }) => share.test),
      share_synthetic: mean(({ share }) => share.synthetic),
      share_difference: intervalOf(
        own.map(({ share }) => share.synthetic - share.training),
        special,
      ) as Interval,
      distance: statisticOf(judged.map(({ distance }) => distance)),
      floor: statisticOf(judged.map(({ floor }) => floor)),
      excess: intervalOf(
        judged.map(({ distance, floor }) => (distance as number) - (floor as number)),
        special,
      ),
    };
  });
}

/**
 * The mean ± t·√((1/n + n_test/n_train) s²): the spread that the corrected resampled t-test counts with (Nadeau & Bengio 2003, eq. 9),
 * because training parts overlap. Null without values.
 */
export function intervalOf(values: readonly number[], special: StudentT): Interval | null {
  const statistic = statisticOf(values);
  if (!statistic) return null;
  const { n, mean, sd } = statistic;
  if (sd === null) return { n, mean, low: null, high: null };
  const half = tQuantile(n - 1, special) * Math.sqrt((1 / n + TEST_TO_TRAIN) * sd * sd);
  return { n, mean, low: mean - half, high: mean + half };
}

/** The t with a two-sided p of 0.05, by halving. */
function tQuantile(df: number, special: StudentT): number {
  let [low, high] = [0, 16]; // 12.7 with one degree of freedom
  for (let i = 0; i < 60; i++) {
    const middle = (low + high) / 2;
    if (special.studentT(middle, df) > 0.05) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
