/**
 * Minority rows by group: each group of the named columns gets as many as bring it to the wanted ratio. Rows are drawn from the model as
 * it is and kept while their group lacks some, so that within a group they follow the model's own distribution.
 */
import { ComputeError, InputError } from '../errors.js';
import type { Stream } from '../random.js';
import { concatTables, type Dataset, isLevelColumn, type LevelColumn, type Table, takeRows } from '../table/table.js';
import { rowsForRatio } from './amount.js';

export interface GroupTarget {
  /** The level of each column, '' where missing. */
  readonly levels: readonly string[];
  readonly positives: number;
  readonly negatives: number;
  /** Synthetic rows to draw. */
  readonly rows: number;
}

export interface BalanceTargets {
  readonly columns: readonly string[];
  readonly groups: readonly GroupTarget[];
}

export type Amount = { readonly ratio: number } | { readonly count: number };

/** Draws a row, on average, that are tried. */
const MOST_DRAWS = 200;
const FEWEST = 64;
const MOST_AT_ONCE = 4;

/**
 * How many rows each group takes: by a ratio, what brings its own minority ÷ majority there; of a count, a share in proportion to what
 * ratio 1 would take. Groups without a minority row get none: there is nothing to learn them from.
 */
export function balanceTargets({ features, y, name }: Dataset, columns: readonly string[], amount: Amount): BalanceTargets {
  const keys = groupKeys(features, columns, name);
  const counts = new Map<string, [number, number]>();
  keys.forEach((key, row) => {
    const both = counts.get(key) ?? [0, 0];
    both[y[row] as 0 | 1]++;
    counts.set(key, both);
  });
  const ratio = 'ratio' in amount ? amount.ratio : 1;
  const groups = [...counts]
    .map(([key, [negatives, positives]]) => ({
      levels: JSON.parse(key) as string[],
      positives,
      negatives,
      rows: positives > 0 ? rowsForRatio(negatives, positives, ratio) : 0,
    }))
    .sort((a, b) => (a.levels.join('\n') < b.levels.join('\n') ? -1 : 1));
  return { columns, groups: 'count' in amount ? shared(groups, amount.count) : groups };
}

/** `count` rows in proportion to what each group takes; what rounding leaves goes to the largest remainders, of equal ones the first. */
function shared(groups: readonly GroupTarget[], count: number): GroupTarget[] {
  const total = groups.reduce((sum, { rows }) => sum + rows, 0);
  if (total === 0) return groups.map((group) => ({ ...group, rows: 0 }));
  const exact = groups.map(({ rows }) => (rows * count) / total);
  const left = count - exact.reduce((sum, rows) => sum + Math.floor(rows), 0);
  const order = exact.map((_, g) => g).sort((a, b) => remainder(exact[b] as number) - remainder(exact[a] as number) || a - b);
  const extra = new Set(order.slice(0, left));
  return groups.map((group, g) => ({ ...group, rows: Math.floor(exact[g] as number) + (extra.has(g) ? 1 : 0) }));
}

const remainder = (x: number): number => x - Math.floor(x);

/** The rows of all groups, in the order of drawing. Throws {@link ComputeError} where the model draws too few of a group. */
export async function drawBalanced(
  draw: (count: number, stream: Stream) => Promise<Table>,
  { columns, groups }: BalanceTargets,
  stream: Stream,
): Promise<Table> {
  const missing = new Map(groups.filter(({ rows }) => rows > 0).map(({ levels, rows }) => [JSON.stringify(levels), rows]));
  const met = new Map([...missing.keys()].map((key) => [key, 0]));
  const total = [...missing.values()].reduce((sum, rows) => sum + rows, 0);
  const most = MOST_AT_ONCE * Math.max(total, FEWEST);
  let kept: Table | null = null;
  let drawn = 0;
  for (let round = 0; ; round++) {
    const rows: Table = await draw(batch(missing, met, drawn, total, most), round === 0 ? stream : stream.child('again').child(round));
    const chosen: number[] = [];
    groupKeys(rows, columns, 'the synthetic rows').forEach((key, row) => {
      const left = missing.get(key);
      if (left === undefined) return;
      met.set(key, (met.get(key) as number) + 1);
      if (left === 0) return;
      missing.set(key, left - 1);
      chosen.push(row);
    });
    drawn += rows.rows;
    kept = kept === null ? takeRows(rows, chosen) : concatTables(kept, takeRows(rows, chosen));
    if (kept.rows === total) return kept;
    if (drawn >= MOST_DRAWS * Math.max(total, FEWEST)) throw cannotReach(columns, groups, missing, drawn);
  }
}

/** As many rows as the slowest group needs by what was met so far. */
function batch(missing: ReadonlyMap<string, number>, met: ReadonlyMap<string, number>, drawn: number, total: number, most: number): number {
  if (drawn === 0) return Math.max(total, FEWEST);
  let wanted = FEWEST;
  for (const [key, left] of missing) {
    if (left > 0) wanted = Math.max(wanted, Math.ceil((1.2 * left * drawn) / Math.max(0.5, met.get(key) as number)));
  }
  return Math.min(wanted, most);
}

function cannotReach(
  columns: readonly string[],
  groups: readonly GroupTarget[],
  missing: ReadonlyMap<string, number>,
  drawn: number,
): ComputeError {
  const lacking = groups.filter(({ levels }) => (missing.get(JSON.stringify(levels)) ?? 0) > 0);
  const worst = lacking.reduce((a, b) =>
    (missing.get(JSON.stringify(b.levels)) as number) > (missing.get(JSON.stringify(a.levels)) as number) ? b : a,
  );
  return new ComputeError(
    `the groups cannot be balanced: of ${drawn} rows drawn too few have ${groupWords(columns, worst)} (${missing.get(JSON.stringify(worst.levels))} of ${worst.rows} are lacking, ${worst.positives} real ones); balance by fewer columns, or choose another method`,
  );
}

/** How many of the rows are of each group. */
export function rowsByGroup(table: Table, { columns, groups }: BalanceTargets): number[] {
  const counts = new Map<string, number>();
  for (const key of groupKeys(table, columns, 'the synthetic rows')) counts.set(key, (counts.get(key) ?? 0) + 1);
  return groups.map(({ levels }) => counts.get(JSON.stringify(levels)) ?? 0);
}

/** "sex = f, race = other" */
const groupWords = (columns: readonly string[], { levels }: GroupTarget): string =>
  columns.map((column, c) => `${column} ${levels[c] === '' ? 'missing' : `= ${levels[c]}`}`).join(', ');

/** What the reader should know of it, as sentences. */
export function balanceWarnings({ columns, groups }: BalanceTargets): string[] {
  const given = groups.filter(({ rows }) => rows > 0).map((group) => `${group.rows} with ${groupWords(columns, group)}`);
  const empty = groups.filter(({ positives }) => positives === 0).map((group) => groupWords(columns, group));
  const few = groups.filter(({ positives, rows }) => rows > 0 && positives < 5).map((group) => groupWords(columns, group));
  return [
    `balanced by ${columns.join(' and ')}: ${given.join('; ')}`,
    ...(empty.length > 0 ? [`no synthetic rows for ${empty.join('; ')}: there is no real minority row to learn them from`] : []),
    ...(few.length > 0
      ? [`fewer than five real minority rows stand behind the synthetic ones with ${few.join('; ')}: audit them with --sensitive`]
      : []),
  ];
}

/** The levels of each row as one text. */
function groupKeys({ rows, columns }: Table, names: readonly string[], where: string): string[] {
  const chosen = names.map((name) => {
    const column = columns.find((candidate) => candidate.name === name);
    if (column && isLevelColumn(column)) return column;
    throw new InputError(
      `${where}: "balance" expected columns of levels that are learnt from, got ${name}${column ? `, which holds numbers; declare it "ordinal" or "categorical" in a schema` : ''}`,
    );
  });
  return Array.from({ length: rows }, (_, row) =>
    JSON.stringify(chosen.map(({ levels, codes }: LevelColumn) => levels[codes[row] as number] ?? '')),
  );
}
