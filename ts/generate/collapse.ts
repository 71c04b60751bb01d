/** Tells when a trained model draws next to nothing but the same: constant columns, one level, one row, no spread. */
import { type Column, isLevelColumn, isNumberColumn, type NumberColumn, type Table } from '../table/table.js';

/** What is less likely than this by chance is a collapse. */
const CHANCE = 1e-6;
/** Numbers spread by less than this share of the real deviation have collapsed. */
const LEAST_SPREAD = 0.05;

/** What has collapsed in the drawn rows, in words that name the columns; null where nothing has. */
export function collapseOf(real: Table, drawn: Table): string | null {
  if (drawn.rows < 2 || real.rows < 2) return null;
  const found: string[] = [];
  const flat = drawn.columns.filter((column, c) => isFlat(real.columns[c] as Column, column));
  const constant = flat.filter(isNumberColumn);
  const single = flat.filter(isLevelColumn);
  if (constant.length > 0) found.push(`${listed(constant)} always the same number`);
  if (single.length > 0) found.push(`${listed(single)} always the same level`);
  if (drawn.columns.length > 0 && isStuck(() => rowTexts(real), rowTexts(drawn))) found.push('most rows the same row');
  const numbers = real.columns.flatMap((column, c) =>
    isNumberColumn(column) ? [[column, drawn.columns[c] as NumberColumn] as const] : [],
  );
  const varied = numbers.filter(([own]) => deviation(own) > 0);
  const stuck = varied.filter(
    ([own, other]) => !(deviation(other) >= LEAST_SPREAD * deviation(own)) || isStuck(() => cellsOf(own), cellsOf(other)),
  );
  if (2 * stuck.length > varied.length && stuck.length > constant.length) {
    found.push(`${listed(stuck.map(([own]) => own))} with next to no spread or mostly the same number`);
  }
  return found.length === 0 ? null : found.join('; ');
}

/** Names of columns; of many the first few. */
function listed(columns: readonly Column[]): string {
  const names = columns.slice(0, 5).map(({ name }) => `"${name}"`);
  return columns.length > names.length ? `${names.join(', ')} and ${columns.length - names.length} more` : names.join(', ');
}

/** Cells that tell same from different; null = missing. */
function cellsOf(column: Column): (number | string | null)[] {
  if (isNumberColumn(column)) return Array.from(column.values, (value) => (Number.isNaN(value) ? null : value));
  if (isLevelColumn(column)) return Array.from(column.codes, (code) => column.levels[code] ?? null);
  return [];
}

/** Whether all present drawn cells (or all, if none is present) are the same, although chance would have given others. */
function isFlat(real: Column, drawn: Column): boolean {
  const [own, other] = [cellsOf(real), cellsOf(drawn)];
  const present = other.filter((cell) => cell !== null);
  if (other.length === 0) return false;
  if (present.length === 0) return chance(own.filter((cell) => cell === null).length / own.length, other.length) < CHANCE;
  if (new Set(present).size > 1) return false;
  const there = own.filter((cell) => cell !== null);
  return chance(topShare(there), present.length) < CHANCE;
}

/** Share of the most frequent value; 1 of none. */
function topShare(values: readonly unknown[]): number {
  const counts = new Map<unknown, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return values.length === 0 ? 1 : Math.max(...counts.values()) / values.length;
}

/** share ^ times. */
function chance(share: number, times: number): number {
  let p = 1;
  for (let i = 0; i < times && p > 0; i++) p *= share;
  return p;
}

/** Whether more than half of what was drawn is the same, as it would be in next to no sample of the real. */
function isStuck(real: () => readonly unknown[], drawn: readonly unknown[]): boolean {
  if (topShare(drawn) <= 0.5) return false;
  const p = topShare(real());
  return p < 0.5 && chance(4 * p * (1 - p), drawn.length / 2) < CHANCE; // Chernoff's bound
}

function rowTexts(table: Table): string[] {
  const columns = table.columns.map(cellsOf);
  return Array.from({ length: table.rows }, (_, row) => JSON.stringify(columns.map((cells) => cells[row])));
}

/** Standard deviation of the present numbers; 0 of fewer than two. */
function deviation({ values }: NumberColumn): number {
  const present = values.filter((value) => !Number.isNaN(value));
  if (present.length < 2) return 0;
  const mean = present.reduce((sum, value) => sum + value, 0) / present.length;
  return Math.sqrt(present.reduce((sum, value) => sum + (value - mean) * (value - mean), 0) / present.length);
}
