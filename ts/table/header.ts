/** The header line: its names, lines of a title above it, and columns that are there by a delimiter too many. */
import { InputError } from '../errors.js';
import { ownCopy } from './cells.js';
import { unguarded } from './formula.js';
import { quoted } from './names.js';
import { isMissingText, parseNumber } from './numerals.js';

/** More columns than this is a file read with the wrong delimiter, or a table that nobody can model. */
export const MOST_COLUMNS = 20_000;

/** A row of the file and the line on which it begins. */
export interface NumberedRow {
  readonly line: number;
  readonly cells: readonly string[];
}

/** A line with nothing on it. */
export const isBlankLine = (cells: readonly string[]): boolean => cells.length === 1 && (cells[0] as string).trim() === '';

const isBlank = (cells: readonly string[]): boolean => cells.every((cell) => cell.trim() === '');

/** Cells up to the last one that is not empty. */
function filledWidth(cells: readonly string[]): number {
  let width = cells.length;
  while (width > 0 && (cells[width - 1] as string).trim() === '') width -= 1;
  return width;
}

/**
 * Refuses a file whose first line is rather a title: the rows below have another width, and one of them looks like the header. `first` is
 * the row that would be taken for the header.
 */
export function refuseTitle(first: NumberedRow, below: readonly NumberedRow[], file: string): void {
  const rows = below.filter(({ cells }) => !isBlank(cells));
  const width = commonWidth(rows);
  if (width < 2 || filledWidth(first.cells) * 2 > width) return;
  const header = rows.find(
    ({ cells }, at) => isHeader(cells, width) && rows.slice(at + 1, at + 4).every((row) => row.cells.length >= width),
  );
  if (!header) return;
  throw new InputError(
    `${file}, line ${first.line}: this looks like a title, not like the header; line ${header.line} (${header.cells.slice(0, 3).map(quoted).join(', ')}${width > 3 ? ' …' : ''}) looks like it: give --header-line ${header.line}`,
  );
}

/** The most frequent number of filled cells; of equally frequent ones the greatest. */
function commonWidth(rows: readonly NumberedRow[]): number {
  const counts = new Map<number, number>();
  for (const { cells } of rows) counts.set(filledWidth(cells), (counts.get(filledWidth(cells)) ?? 0) + 1);
  return [...counts].sort(([a, m], [b, n]) => n - m || b - a)[0]?.[0] ?? 0;
}

/** Different names, none of which is a number. */
function isHeader(cells: readonly string[], width: number): boolean {
  const own = cells.slice(0, width).map((cell) => cell.trim());
  return (
    cells.length >= width && own.every((cell) => !isMissingText(cell) && Number.isNaN(parseNumber(cell))) && new Set(own).size === width
  );
}

export interface Header {
  readonly names: readonly string[];
  /** Unnamed cells at its end; the columns below must be empty. */
  readonly unnamed: number;
}

/** Column names, trimmed; `line` is null where they stand in no text. Names are data: they live in arrays and maps, so "__proto__" is a name like any other. */
export function readHeader(row: readonly string[], file: string, line: number | null): Header {
  const where = line === null ? file : `${file}, line ${line}`;
  if (row.length > MOST_COLUMNS) {
    throw new InputError(`${where}: the header has ${row.length} columns; at most ${MOST_COLUMNS} can be read`);
  }
  const width = filledWidth(row);
  const names = row.slice(0, width).map((cell) => ownCopy(unguarded(cell.trim())));
  const seen = new Map<string, number>();
  names.forEach((name, c) => {
    if (name === '') {
      const hint = c === 0 ? ' (a row number written by pandas or R?)' : '';
      throw new InputError(`${where}: column ${c + 1} has no name${hint}; name it or delete it`);
    }
    const before = seen.get(name);
    if (before !== undefined) {
      throw new InputError(`${where}: columns ${before + 1} and ${c + 1} are both named ${quoted(name)}; rename one of them`);
    }
    seen.set(name, c);
  });
  return { names, unnamed: row.length - width };
}
