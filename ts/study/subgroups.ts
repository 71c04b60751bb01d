/**
 * Whether synthetic patients stand for all kinds of patients: the share of each sex, age band and race among them, and how near
 * they are to real ones inside each.
 *
 * Which columns name such groups is told by their names. Age is cut at 65 and 80 where each of the three bands holds a tenth of the
 * real minority, otherwise into its thirds; the cuts are a matter of measuring, so they come from all real minority rows and are
 * the same on every split.
 */
import { columnDistances, meanDefined, observed } from '../metrics/columns.js';
import { CLINICAL_CUTS, MOST_GROUPS, namesAge, namesGroups } from '../table/demographics.js';
import { type Column, isLevelColumn, isNumberColumn, type LevelColumn, type NumberColumn, type Table, takeRows } from '../table/table.js';
import { rounded } from './rounded.js';

/** Real minority rows of both parts and the synthetic ones that are judged. */
export interface MinorityTables {
  readonly training: Table;
  readonly test: Table;
  readonly synthetic: Table;
}

export interface SubgroupPortrait {
  readonly column: string;
  readonly group: string;
  /** Rows in the group. */
  readonly rows: { readonly training: number; readonly test: number; readonly synthetic: number };
  /** Of all rows of that part. */
  readonly share: { readonly training: number; readonly test: number; readonly synthetic: number };
  /** Mean KS or TV of the other columns against the test rows of the group; null with fewer than LEAST_ROWS rows on a side. */
  readonly distance: number | null;
  /** The same for the training rows of the group. */
  readonly floor: number | null;
}

/** Fewer rows than this tell nothing about a distribution. */
export const LEAST_ROWS = 10;
const LEAST_BAND_SHARE = 0.1;

interface Subgroup {
  readonly name: string;
  has(column: Column, row: number): boolean;
}

export function subgroupPortraits(tables: MinorityTables): SubgroupPortrait[] {
  return tables.training.columns
    .filter(({ name }) => namesGroups(name))
    .flatMap((column) => {
      const other = tables.test.columns.find(({ name }) => name === column.name) as Column;
      return subgroupsOf(column, other).map((group) => portraitOfGroup(tables, column.name, group));
    });
}

function subgroupsOf(training: Column, test: Column): Subgroup[] {
  if (isLevelColumn(training)) return levelGroups(training, test as LevelColumn);
  if (isNumberColumn(training) && namesAge(training.name)) return ageBands(training, test as NumberColumn);
  return [];
}

/** The most frequent levels of the real minority, in the order of the column. */
function levelGroups(training: LevelColumn, test: LevelColumn): Subgroup[] {
  const order = [...new Set([...training.levels, ...test.levels])];
  const count = (level: string) =>
    [training, test].reduce((sum, { codes, levels }) => sum + codes.filter((code) => levels[code] === level).length, 0);
  const counts = new Map(order.map((level) => [level, count(level)]));
  const frequent = [...counts].filter(([, n]) => n > 0).sort((a, b) => b[1] - a[1]); // stable: ties stay in the column's order
  const shown = new Set(frequent.slice(0, MOST_GROUPS).map(([level]) => level));
  return order
    .filter((level) => shown.has(level))
    .map((level) => ({
      name: level,
      has: (column, row) => isLevelColumn(column) && column.levels[column.codes[row] as number] === level,
    }));
}

function ageBands(training: NumberColumn, test: NumberColumn): Subgroup[] {
  const ages = observed({ ...training, values: Float64Array.from([...training.values, ...test.values]) });
  if (ages.length === 0) return [];
  const cuts = ageCuts(ages);
  if (cuts.length === 0) return [];
  return Array.from({ length: cuts.length + 1 }, (_, band) => {
    const from = cuts[band - 1] ?? Number.NEGATIVE_INFINITY;
    const to = cuts[band] ?? Number.POSITIVE_INFINITY;
    const name =
      band === 0 ? `under ${to}` : band === cuts.length ? `${from} and over` : to - 1 > from ? `${from} to ${to - 1}` : `${from}`;
    return {
      name,
      has: (column, row) => {
        const age = isNumberColumn(column) ? (column.values[row] as number) : Number.NaN;
        return age >= from && age < to;
      },
    };
  });
}

/** The clinical cuts, or whole years near the thirds; fewer where whole years leave a band empty. */
function ageCuts(ages: Float64Array): readonly number[] {
  const below = (cut: number) => ages.filter((age) => age < cut).length;
  const bands = (cuts: readonly number[]) => [...cuts.map(below), ages.length].map((count, i, all) => count - (all[i - 1] ?? 0));
  if (bands(CLINICAL_CUTS).every((count) => count >= LEAST_BAND_SHARE * ages.length)) return CLINICAL_CUTS;
  const third = (k: number) => Math.round(ages[Math.floor((k * ages.length) / 3)] as number);
  return [...new Set([third(1), third(2)])].filter((cut) => below(cut) > 0 && below(cut) < ages.length);
}

function portraitOfGroup({ training, test, synthetic }: MinorityTables, column: string, group: Subgroup): SubgroupPortrait {
  const inGroup = (table: Table) => rowsOf(table, column, group);
  const members = { training: inGroup(training), test: inGroup(test), synthetic: inGroup(synthetic) };
  const share = (rows: Uint32Array, table: Table) => rounded(table.rows > 0 ? rows.length / table.rows : 0) as number;
  const enough = Object.values(members).every((rows) => rows.length >= LEAST_ROWS);
  const against = takeRows(test, members.test);
  const distance = (table: Table, rows: Uint32Array) => rounded(meanDistance(against, takeRows(table, rows), column));
  return {
    column,
    group: group.name,
    rows: { training: members.training.length, test: members.test.length, synthetic: members.synthetic.length },
    share: {
      training: share(members.training, training),
      test: share(members.test, test),
      synthetic: share(members.synthetic, synthetic),
    },
    // As many synthetic rows as there are training rows: the fewer rows, the larger a distance is by chance alone.
    distance: enough ? distance(synthetic, spreadOver(members.synthetic, members.training.length)) : null,
    floor: enough ? distance(training, members.training) : null,
  };
}

function rowsOf(table: Table, name: string, group: Subgroup): Uint32Array {
  const column = table.columns.find((candidate) => candidate.name === name) as Column;
  return Uint32Array.from({ length: table.rows }, (_, row) => row).filter((row) => group.has(column, row));
}

/** At most `count` of the rows, evenly over their order. */
export const spreadOver = (rows: Uint32Array, count: number): Uint32Array =>
  rows.length <= count
    ? rows
    : Uint32Array.from({ length: count }, (_, i) => rows[Math.floor(((i + 0.5) * rows.length) / count)] as number);

/** Mean over the columns beside `own` of their KS or TV distance. */
function meanDistance(real: Table, synthetic: Table, own: string): number {
  const { columns } = columnDistances(real, synthetic);
  return meanDefined(columns.filter(({ name }) => name !== own).map(({ ks, tv }) => ks ?? tv));
}
