/** Tables as CSV text. csv.ts reads them. */
import { guarded } from './formula.js';
import type { Column, Table } from './table.js';

/**
 * Writes a table: comma, LF, a header, missing cells empty, numbers in their shortest exact form, quotes where needed.
 *
 * What a spreadsheet would take for a formula is written behind an apostrophe (OWASP, "CSV injection"). Reading takes it off again,
 * so that a table that is written and read is exactly the same.
 */
export const toCsv = (table: Table): string => [...csvPieces(table)].join('');

/** Rows of a piece of text. */
const PIECE_ROWS = 4096;

/** The same text in pieces, as engines hold no string of more than about 500 million characters: `new Blob([...csvPieces(table)])`. */
export function* csvPieces(table: Table): Generator<string, void, void> {
  yield `${table.columns.map((column) => written(column.name)).join(',')}\n`;
  const writers = table.columns.map(cellWriter);
  for (let begin = 0; begin < table.rows; begin += PIECE_ROWS) {
    let piece = '';
    for (let row = begin; row < Math.min(begin + PIECE_ROWS, table.rows); row++)
      piece += `${writers.map((write) => write(row)).join(',')}\n`;
    yield piece;
  }
}

function written(text: string): string {
  const safe = guarded(text);
  return /[",;\t|\r\n]|^\s|\s$/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

function cellWriter(column: Column): (row: number) => string {
  switch (column.kind) {
    case 'numeric':
    case 'integer':
      return (row) => {
        const value = column.values[row] as number;
        return Number.isNaN(value) ? '' : String(value);
      };
    case 'text':
      return (row) => written(column.texts[row] as string);
    default: {
      const levels = column.levels.map(written);
      return (row) => levels[column.codes[row] as number] ?? '';
    }
  }
}
