/** Rows that say the same as another one in every cell: a patient who is there twice, or a file that was joined wrongly. */
import type { CellTable } from './cells.js';
import { whereOf } from './place.js';

/** Tables of fewer columns repeat rows by chance. */
const FEWEST_COLUMNS = 5;

/** A key of each row's cells, 53 bits wide; (N). */
function rowKeys({ rows, columns }: CellTable): Float64Array {
  const high = new Int32Array(rows);
  const low = new Int32Array(rows);
  columns.forEach(({ keys }, c) => {
    for (let row = 0; row < rows; row++) {
      const key = keys[row] as number;
      high[row] = Math.imul((high[row] as number) ^ (key + c), 0x01000193) ^ ((high[row] as number) >>> 15);
      low[row] = Math.imul((low[row] as number) + key + 0x9e3779b9, 0x85ebca6b) ^ ((low[row] as number) >>> 13);
    }
  });
  const keys = new Float64Array(rows);
  for (let row = 0; row < rows; row++) keys[row] = ((high[row] as number) >>> 0) * 0x200000 + ((low[row] as number) >>> 11);
  return keys;
}

/** Says which rows repeat an earlier one; null where none does. */
export function repeatedRows(table: CellTable): string | null {
  if (table.columns.length < FEWEST_COLUMNS || table.rows < 2) return null;
  const keys = rowKeys(table);
  const sorted = keys.slice().sort();
  const doubtful = new Set<number>();
  for (let i = 1; i < sorted.length; i++) if (sorted[i] === sorted[i - 1]) doubtful.add(sorted[i] as number);
  if (doubtful.size === 0) return null;
  const first = new Map<number, number>();
  const repeats: number[] = [];
  keys.forEach((key, row) => {
    if (!doubtful.has(key)) return;
    const before = first.get(key);
    if (before === undefined) first.set(key, row);
    else if (table.columns.every(({ keys }) => keys[row] === keys[before])) repeats.push(row);
  });
  if (repeats.length === 0) return null;
  const which = repeats.length === 1 ? '1 row repeats an earlier one' : `${repeats.length} rows repeat an earlier one`;
  return `${which} in every cell (${whereOf(table, repeats, 4)}): remove them if they are one patient twice, or name the patients' column as the group (--group)`;
}
