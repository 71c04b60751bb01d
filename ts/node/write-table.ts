/** Tables into files: as Parquet by the file's name, else as CSV. */
import type { Table } from '../table/table.js';
import { toCsv } from '../table/write.js';
import { writeWhole } from './files.js';

export const isParquet = (file: string): boolean => /\.parquet$/i.test(file);

/** Writes a whole table or nothing. */
export async function writeTable(file: string, table: Table): Promise<void> {
  if (isParquet(file)) writeWhole(file, (await import('../table/parquet.js')).toParquet(table));
  else writeWhole(file, toCsv(table));
}
