/** Rows that say the same as another one in every cell: a patient who is there twice, or a file that was joined wrongly. */
import type { CellTable } from './cells.js';
import { whereOf } from './place.js';

/** Tables of fewer columns repeat rows by chance. */
const FEWEST_COLUMNS = 5;

/** 64 bits of each row's cells; two times (N). */
function rowHashes({ rows, columns }: CellTable): { readonly high: Int32Array; readonly low: Int32Array } {
  const high = new Int32Array(rows);
  const low = new Int32Array(rows);
  columns.forEach(({ keys }, c) => {
    for (let row = 0; row < rows; row++) {
      const key = keys[row] as number;
      high[row] = Math.imul((high[row] as number) ^ (key + c), 0x01000193) ^ ((high[row] as number) >>> 15);
      low[row] = Math.imul((low[row] as number) + key + 0x9e3779b9, 0x85ebca6b) ^ ((low[row] as number) >>> 13);
    }
  });
  return { high, low };
}

/** Bits of the filter for each row: one row in 32 or fewer is looked at twice for nothing. */
const BITS = 32;

/** Says which rows repeat an earlier one; null where none does. */
export function repeatedRows(table: CellTable): string | null {
  if (table.columns.length < FEWEST_COLUMNS || table.rows < 2) return null;
  const { high, low } = rowHashes(table);
  const keyOf = (row: number) => ((high[row] as number) >>> 0) * 0x200000 + ((low[row] as number) >>> 11);
  let words = 1;
  while (words * 32 < BITS * table.rows) words *= 2;
  const met = new Int32Array(words); // a bit for each hash that was met
  const doubtful = new Set<number>();
  for (let row = 0; row < table.rows; row++) {
    const hash = (high[row] as number) ^ (low[row] as number);
    const word = (hash >>> 5) & (words - 1);
    const bit = 1 << (hash & 31);
    if (((met[word] as number) & bit) !== 0) doubtful.add(keyOf(row));
    met[word] = (met[word] as number) | bit;
  }
  if (doubtful.size === 0) return null;
  const first = new Map<number, number>();
  const repeats: number[] = [];
  for (let row = 0; row < table.rows; row++) {
    const key = keyOf(row);
    if (!doubtful.has(key)) continue;
    const before = first.get(key);
    if (before === undefined) first.set(key, row);
    else if (table.columns.every(({ keys }) => keys[row] === keys[before])) repeats.push(row);
  }
  if (repeats.length === 0) return null;
  const which = repeats.length === 1 ? '1 row repeats an earlier one' : `${repeats.length} rows repeat an earlier one`;
  return `${which} in every cell (${whereOf(table, repeats, 4)}): remove them if they are one patient twice, or name the patients' column as the group (--group)`;
}
