/**
 * CSV in and out. Reading is strict: what would shift, drop or change a cell is an error that names the file and the line.
 *
 * Accepted: a byte order mark; comma, semicolon, tab or bar between cells (told from the first rows, or by Excel's "sep=;" line);
 * LF, CRLF or CR between lines; quoted cells with doubled quotes and line breaks; blank lines between rows.
 */
import Papa from 'papaparse';
import { InputError } from '../errors.js';
import { CellCollector, type CellTable, ownCopy } from './cells.js';
import { decodeText } from './encoding.js';
import { unguarded } from './formula.js';
import { inferColumns } from './inference.js';
import { listed, quoted } from './names.js';
import { checkSchema, type Schema } from './schema.js';
import type { Table } from './table.js';

export { toCsv } from './write.js';

/** A table as read from a file, with what the reader should know about it. */
export interface ReadTable extends Table {
  readonly file: string;
  /** Line of the file on which each row begins; (N). */
  readonly lines: Uint32Array;
  /** Plain sentences: columns left out of modelling, suspected codes for missing, decimal commas. */
  readonly warnings: readonly string[];
}

export interface ReadOptions {
  /** The file's name, for messages. */
  readonly file?: string | undefined;
  readonly schema?: Schema | undefined;
}

const DELIMITERS = [',', ';', '\t', '|'] as const;
/** More columns than this is a file read with the wrong delimiter, or a table that nobody can model. */
const MOST_COLUMNS = 20_000;

/** Reads a table and settles the kind of every column, by declaration in the schema or by inference (see inference.ts). */
export function readCsv(input: Uint8Array | string, options: ReadOptions = {}): ReadTable {
  return tableOfCells(readCells(input, options.file ?? 'the CSV text'), options.schema);
}

/** The same of cells that are there already. */
export function tableOfCells(cells: CellTable, schema: Schema = {}): ReadTable {
  checkSchema(
    schema,
    cells.columns.map((column) => column.name),
    cells.file,
  );
  const { columns, warnings } = inferColumns(cells, schema);
  return { file: cells.file, rows: cells.rows, columns, lines: cells.lines, warnings };
}

/** Reads the cells alone. */
export function readCells(input: Uint8Array | string, file: string): CellTable {
  const decoded = typeof input === 'string' ? input.replace(/^\ufeff/, '') : decodeText(input, file);
  if (decoded.trim() === '') throw new InputError(`${file}: the file is empty; it needs a header line and at least one row`);
  const announced = /^sep=([,;\t|])\r?\n/.exec(decoded);
  const text = announced ? decoded.slice(announced[0].length) : decoded;
  const nul = text.indexOf('\0');
  if (nul >= 0) {
    const line = text.slice(0, nul).split('\n').length + (announced ? 1 : 0);
    throw new InputError(`${file}, line ${line}: there is a NUL byte, so this is no plain text; export the table again as "CSV UTF-8"`);
  }
  const newline = text.includes('\n') ? '\n' : '\r';
  const delimiter = announced?.[1] ?? findDelimiter(text, newline);
  return parseRows(text, { file, newline, delimiter, firstLine: announced ? 2 : 1 });
}

/** The delimiter under which the first rows agree with the header in the most cells; the most cells in the header if none does. */
function findDelimiter(text: string, newline: string): string {
  const head = text.slice(0, 1 << 18);
  let best = ',';
  let bestScore = 0;
  for (const delimiter of DELIMITERS) {
    const { data } = Papa.parse<string[]>(head, { delimiter, newline: newline as '\n', preview: 20 });
    if (data.length > 1 && data.length < 20) data.pop(); // perhaps cut, or the empty rest after the last line
    const width = data[0]?.length ?? 1;
    if (width < 2) continue;
    const agree = data.every((row) => row.length === width || isBlank(row));
    const score = width + (agree ? MOST_COLUMNS : 0);
    if (score > bestScore) {
      bestScore = score;
      best = delimiter;
    }
  }
  return best;
}

const isBlank = (row: readonly string[]): boolean => row.length === 1 && (row[0] as string).trim() === '';

interface Format {
  readonly file: string;
  readonly newline: string;
  readonly delimiter: string;
  readonly firstLine: number;
}

function parseRows(text: string, { file, newline, delimiter, firstLine }: Format): CellTable {
  const hasQuotes = text.includes('"');
  let stripReturn = newline === '\n' && !hasQuotes && text.includes('\r');
  let names: string[] | null = null;
  let collector = new CellCollector(0);
  let line = firstLine;
  let blankTail = 0; // blank rows of a one-column table count as missing cells, but not at the end of the file
  const ragged: { line: number; cells: number }[] = [];

  const take = (row: string[]): void => {
    const start = line;
    line += 1;
    if (hasQuotes) for (const cell of row) for (let i = cell.indexOf(newline); i >= 0; i = cell.indexOf(newline, i + 1)) line += 1;
    const last = row[row.length - 1] as string;
    if (names === null) {
      if (isBlank(row)) return;
      if (newline === '\n' && last.endsWith('\r')) stripReturn = true;
      names = readHeader(row, file, start);
      collector = new CellCollector(names.length);
      return;
    }
    if (stripReturn && last.endsWith('\r')) row[row.length - 1] = last.slice(0, -1);
    if (names.length === 1 ? row[0] === '' : isBlank(row)) {
      blankTail += 1;
      return;
    }
    if (names.length === 1) for (; blankTail > 0; blankTail--) collector.add([''], start - blankTail);
    blankTail = 0;
    if (row.length !== names.length) ragged.push({ line: start, cells: row.length });
    else collector.add(row.map(unguarded), start);
  };

  // Papa reads a string chunk by chunk when it is given a `chunk` callback; its types know that for files only.
  const config = {
    delimiter,
    newline: newline as '\n',
    chunkSize: Math.max(1 << 20, text.length >> 5),
    chunk: ({ data, errors }: Papa.ParseResult<string[]>) => {
      const fault = errors.find((error) => error.type === 'Quotes');
      const sound = fault ? data.slice(0, fault.row) : data;
      for (const row of sound) take(row);
      if (fault?.code === 'MissingQuotes') throw badQuotes(file, line, 'a quoted cell begins in this row and is never closed');
      if (fault) throw badQuotes(file, line, 'in this row text follows the closing quote of a cell');
    },
  };
  Papa.parse<string[]>(text, config);

  if (names === null) throw new InputError(`${file}: there is no header line`);
  if (ragged.length > 0) throw raggedRows(file, ragged, (names as string[]).length);
  if (collector.rows === 0) throw new InputError(`${file}: there are no data rows under the header`);
  return { file, delimiter, rows: collector.rows, columns: collector.columns(names), lines: collector.lines() };
}

const badQuotes = (file: string, line: number, why: string) =>
  new InputError(`${file}, line ${line}: ${why}; write a quote inside a quoted cell twice (""), and close every quoted cell`);

function raggedRows(file: string, ragged: readonly { line: number; cells: number }[], width: number): InputError {
  const where = listed(
    ragged.map(({ line, cells }) => `line ${line} has ${cells}`),
    4,
  );
  return new InputError(
    `${file}: the header has ${width} ${width === 1 ? 'cell' : 'cells'}, but ${where}; complete these rows or delete them, and quote cells that contain the delimiter`,
  );
}

/** Column names, trimmed. Names are data: they live in arrays and maps, so "__proto__" is a name like any other. */
function readHeader(row: readonly string[], file: string, line: number): string[] {
  if (row.length > MOST_COLUMNS) {
    throw new InputError(`${file}, line ${line}: the header has ${row.length} columns; at most ${MOST_COLUMNS} can be read`);
  }
  const names = row.map((cell) => ownCopy(unguarded(cell.trim())));
  const seen = new Map<string, number>();
  names.forEach((name, c) => {
    if (name === '') {
      const hint = c === 0 ? ' (a row number written by pandas or R?)' : '';
      throw new InputError(`${file}, line ${line}: column ${c + 1} has no name${hint}; name it or delete it`);
    }
    const before = seen.get(name);
    if (before !== undefined) {
      throw new InputError(`${file}, line ${line}: columns ${before + 1} and ${c + 1} are both named ${quoted(name)}; rename one of them`);
    }
    seen.set(name, c);
  });
  return names;
}
