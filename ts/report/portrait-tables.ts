/** Columns and subgroups of synthetic patients as text cells. */
import type { ColumnSummary, Interval, PortraitSummary, SubgroupSummary } from '../study/summary.js';
import { fixed, methodTitle, signed } from '../study/words.js';
import type { TextTable } from './tables.js';
import { bareGroup, numberColumn, textColumn } from './tables.js';

export const percent = (share: number): string => `${fixed(100 * share, share > 0 && share < 0.095 ? 1 : 0)}%`;

/** How much further from unseen patients than the real training patients are; null where either is undefined. */
export const excessOf = ({ test, floor }: ColumnSummary): number | null => (test && floor ? test.mean - floor.mean : null);

/** Mean over the columns that have a value. */
export function meanExcess({ columns }: PortraitSummary): number | null {
  const values = columns.map(excessOf).filter((value) => value !== null);
  return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Columns by their excess, the largest first. */
export const worstColumns = ({ columns }: PortraitSummary): ColumnSummary[] =>
  columns.filter((column) => excessOf(column) !== null).sort((a, b) => (excessOf(b) as number) - (excessOf(a) as number));

/** The names of all columns, hardest first: by the mean excess over methods. */
export function hardestColumns(portraits: readonly PortraitSummary[]): string[] {
  const sums = new Map<string, number>();
  for (const { columns } of portraits) {
    for (const column of columns) sums.set(column.name, (sums.get(column.name) ?? 0) + (excessOf(column) ?? 0));
  }
  return [...sums].sort((a, b) => b[1] - a[1]).map(([name]) => name);
}

const columnNamed = ({ columns }: PortraitSummary, name: string): ColumnSummary | undefined =>
  columns.find((column) => column.name === name);

/** Rows are columns, hardest first; a column of numbers a method. */
export function columnTable(portraits: readonly PortraitSummary[], order: readonly string[]): TextTable {
  const [first] = portraits as readonly [PortraitSummary, ...PortraitSummary[]];
  return {
    title: 'Distance of every column from unseen patients (KS of numbers, TV of categories; lower is closer)',
    columns: [
      textColumn('Column'),
      textColumn('Kind'),
      numberColumn('Floor'),
      ...portraits.map(({ method }) => numberColumn(methodTitle(method))),
    ],
    groups: [
      bareGroup(
        order.map((name) => {
          const own = columnNamed(first, name);
          return [
            name,
            own?.kind ?? '–',
            fixed(own?.floor?.mean, 2),
            ...portraits.map((portrait) => fixed(columnNamed(portrait, name)?.test?.mean, 2)),
          ];
        }),
      ),
    ],
    notes: [
      'Mean over splits, the columns that methods find hardest first. Floor: the same distance between two parts of real patients.',
      'Missing numbers do not count in KS; a missing category counts in TV as one of its own.',
    ],
  };
}

/** Shares of missing cells, or nothing where no cell is missing. */
export function missingTable(portraits: readonly PortraitSummary[]): TextTable | undefined {
  const [first] = portraits as readonly [PortraitSummary, ...PortraitSummary[]];
  const gaps = first.columns.filter(({ name }) =>
    portraits.some((portrait) => {
      const own = columnNamed(portrait, name);
      return own && (own.missing_real > 0 || own.missing_synthetic > 0);
    }),
  );
  if (gaps.length === 0) return undefined;
  return {
    title: 'Share of missing cells, real and synthetic',
    columns: [textColumn('Column'), numberColumn('Real'), ...portraits.map(({ method }) => numberColumn(methodTitle(method)))],
    groups: [
      bareGroup(
        gaps.map(({ name, missing_real }) => [
          name,
          percent(missing_real),
          ...portraits.map((portrait) => percent(columnNamed(portrait, name)?.missing_synthetic ?? 0)),
        ]),
      ),
    ],
    notes: ['Real: positives of the training part. Mean over splits.'],
  };
}

export const intervalText = ({ low, high }: Interval, digits: number, factor = 1): string =>
  low === null || high === null ? '' : `${signed(factor * low, digits)} to ${signed(factor * high, digits)}`;

/** "−8.0 (−10.1 to −5.9)" */
function withInterval(interval: Interval | null, digits: number, factor = 1): string {
  if (!interval) return '–';
  const bounds = intervalText(interval, digits, factor);
  return `${signed(factor * interval.mean, digits)}${bounds && ` (${bounds.replaceAll(' ', '\u00a0')})`}`;
}

export const groupName = ({ column, group }: SubgroupSummary): string => `${column}: ${group}`;

/** A group of rows a kind of patients, a row a method. */
export function subgroupTable(portraits: readonly PortraitSummary[]): TextTable | undefined {
  const [first] = portraits;
  if (!first || first.subgroups.length === 0) return undefined;
  const rows = (of: SubgroupSummary) =>
    portraits.flatMap(({ method, subgroups }) => {
      const own = subgroups.find((other) => other.column === of.column && other.group === of.group);
      if (!own) return [];
      return [
        [
          methodTitle(method),
          percent(own.share_training),
          percent(own.share_synthetic),
          withInterval(own.share_difference, 1, 100),
          fixed(own.distance?.mean, 2),
          fixed(own.floor?.mean, 2),
          withInterval(own.excess, 3),
        ],
      ];
    });
  return {
    title: 'Kinds of patients: their share, and how near synthetic ones are to unseen ones inside each',
    columns: [
      textColumn('Method'),
      numberColumn('Share, real'),
      numberColumn('Share, synthetic'),
      numberColumn('Difference in points (95% interval)'),
      numberColumn('Distance'),
      numberColumn('Floor'),
      numberColumn('Excess (95% interval)'),
    ],
    groups: first.subgroups.map((subgroup) => ({ title: groupName(subgroup), name: groupName(subgroup), rows: rows(subgroup) })),
    notes: [
      'Share, real: among the positives of the training part, which the generator was shown. A missing sex, age or race belongs to no group.',
      'Distance: mean KS or TV of the other columns against unseen patients of the same group, on splits with at least ten of them (“–”: on none). Floor: the same of real training patients. Excess: distance minus floor, split by split; 0 is as near as other real patients.',
      'Intervals are 95% by the corrected resampled variance over splits, not adjusted for their number: of twenty, one leaves out 0 by chance alone.',
    ],
  };
}
