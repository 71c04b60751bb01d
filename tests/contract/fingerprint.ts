/** Text that differs whenever a byte does, so that NaN equals itself and nothing is rounded. */
import { isLevelColumn, isNumberColumn, type Table } from '../../ts/table/table.js';

export const bytesOf = (data: ArrayBufferView): string => Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString('hex');

/** All of a table: names, kinds, levels and cells. */
export function tableBytes(table: Table): string {
  const columns = table.columns.map((column) => {
    if (isNumberColumn(column)) return { ...column, values: bytesOf(column.values) };
    if (isLevelColumn(column)) return { ...column, codes: bytesOf(column.codes) };
    return column;
  });
  return JSON.stringify({ rows: table.rows, columns });
}

/** The cells as a reader sees them, whatever the numbering of the levels. */
export function cellTexts(table: Table): string[][] {
  return table.columns.map((column) => {
    if (isNumberColumn(column)) return Array.from(column.values, String);
    if (isLevelColumn(column)) return Array.from(column.codes, (code) => column.levels[code] ?? '');
    return [...column.texts];
  });
}
