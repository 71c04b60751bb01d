/** Groups of patients by sensitive columns, alone and in pairs. */
import { InputError } from '../errors.js';
import { quantile } from '../metrics/quantiles.js';
import { CLINICAL_CUTS, MOST_GROUPS, namesAge, namesGroups } from '../table/demographics.js';
import { type Column, isLevelColumn, type LevelColumn, type NumberColumn, type Table } from '../table/table.js';

export interface Grouping {
  /** One column, or two: then groups are intersections. */
  readonly columns: readonly string[];
  readonly groups: readonly string[];
  /** The group of each row, −1 where the value is missing or in none; (N). */
  of(features: Table): Int32Array;
}

/** Columns whose names speak of sex, age, race or ethnicity. */
export const sensitiveByName = ({ columns }: Table): string[] => columns.map(({ name }) => name).filter(namesGroups);

/** The groupings of each column, then of each pair; the cuts of numbers and the levels are those of the training rows. */
export function groupingsOf(training: Table, sensitive: readonly string[]): Grouping[] {
  const single = sensitive.map((name) => groupingOf(training, name)).filter(({ groups }) => groups.length > 1);
  const pairs = single.flatMap((a, i) => single.slice(i + 1).map((b) => crossed(a, b)));
  return [...single, ...pairs];
}

function groupingOf(training: Table, name: string): Grouping {
  const column = training.columns.find((candidate) => candidate.name === name);
  if (!column) {
    throw new InputError(
      `"sensitive" expected columns that are compared (${training.columns.map((one) => one.name).join(', ')}), got ${name}; it must be a column of numbers or levels that is not excluded`,
    );
  }
  if (isLevelColumn(column)) return byLevel(column);
  return byBand(column as NumberColumn);
}

const find = (features: Table, name: string): Column => features.columns.find((column) => column.name === name) as Column;

/** The most frequent levels, in the order of the column. */
function byLevel({ name, levels, codes }: LevelColumn): Grouping {
  const counts = levels.map((_, code) => codes.reduce((sum, own) => sum + (own === code ? 1 : 0), 0));
  const frequent = levels.map((_, code) => code).sort((a, b) => (counts[b] as number) - (counts[a] as number) || a - b);
  const shown = frequent
    .slice(0, MOST_GROUPS)
    .filter((code) => (counts[code] as number) > 0)
    .sort((a, b) => a - b);
  const groups = shown.map((code) => levels[code] as string);
  return {
    columns: [name],
    groups,
    of: (features) => {
      const column = find(features, name) as LevelColumn;
      const map = column.levels.map((level) => groups.indexOf(level));
      return column.codes.map((code) => map[code] ?? -1);
    },
  };
}

/** Ages at the clinical cuts where each band holds a tenth of the rows; other numbers in thirds. */
function byBand({ name, values }: NumberColumn): Grouping {
  const sorted = values.filter((value) => !Number.isNaN(value)).sort();
  const bands = (cuts: readonly number[]) =>
    [Number.NEGATIVE_INFINITY, ...cuts].map((from, i) => sorted.filter((v) => v >= from && v < (cuts[i] ?? Infinity)).length);
  const isAge = namesAge(name) && bands(CLINICAL_CUTS).every((count) => count >= sorted.length / 10);
  const thirds = [1 / 3, 2 / 3].map((q) => rounded(quantile(sorted, q)));
  const cuts = isAge
    ? CLINICAL_CUTS
    : [...new Set(thirds)].filter((cut) => cut > (sorted[0] as number) && cut <= (sorted.at(-1) as number));
  const groups =
    cuts.length === 0
      ? []
      : [`under ${cuts[0]}`, ...cuts.map((cut, i) => (i + 1 < cuts.length ? `${cut} to under ${cuts[i + 1]}` : `${cut} and over`))];
  return {
    columns: [name],
    groups,
    of: (features) =>
      Int32Array.from((find(features, name) as NumberColumn).values, (value) =>
        Number.isNaN(value) ? -1 : cuts.reduce((band, cut) => band + (value >= cut ? 1 : 0), 0),
      ),
  };
}

/** Whole numbers where they are large enough to tell the thirds apart. */
const rounded = (cut: number): number => (Math.abs(cut) >= 10 ? Math.round(cut) : Math.round(cut * 100) / 100);

function crossed(a: Grouping, b: Grouping): Grouping {
  return {
    columns: [...a.columns, ...b.columns],
    groups: a.groups.flatMap((first) => b.groups.map((second) => `${first}, ${second}`)),
    of: (features) => {
      const [first, second] = [a.of(features), b.of(features)];
      return first.map((group, row) => (group < 0 || (second[row] as number) < 0 ? -1 : group * b.groups.length + (second[row] as number)));
    },
  };
}

/** The rows of one group, ascending. */
export const membersOf = (group: Int32Array, which: number): Uint32Array =>
  Uint32Array.from({ length: group.length }, (_, row) => row).filter((row) => group[row] === which);
