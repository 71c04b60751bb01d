/**
 * CSV in and out. Reading is strict: what would shift, drop or change a cell is an error that names the file and the line.
 *
 * Accepted: a byte order mark; comma, semicolon, tab or bar between cells (told from the first rows, or by Excel's "sep=;" line);
 * LF, CRLF or CR between lines; quoted cells with doubled quotes and line breaks; blank lines between rows.
 */
import Papa from 'papaparse';
import { InputError } from '../errors.js';
import { CellCollector, type CellTable } from './cells.js';
import { decodeText } from './encoding.js';
import { unguarded } from './formula.js';
import { MOST_COLUMNS, type NumberedRow, readHeader, refuseTitle } from './header.js';
import { inferColumns } from './inference.js';
import { listed, quoted } from './names.js';
import { type Rules, rulesOf } from './rules.js';
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
  /** What the schema demands of rows, where it does. */
  readonly rules?: Rules;
  /** What was declared of it. */
  readonly schema?: Schema;
}

export interface ReadOptions {
  /** The file's name, for messages. */
  readonly file?: string | undefined;
  readonly schema?: Schema | undefined;
}

const DELIMITERS = [',', ';', '\t', '|'] as const;
const DELIMITER_NAMES: Readonly<Record<string, string>> = { ';': 'semicolons', '|': 'bars' };
/** Rows below the first one that tell whether it is the header. */
const PREVIEW = 40;
/** Faulty lines that a message names. */
const SHOWN = 4;

/** Reads a table and settles the kind of every column, by declaration in the schema or by inference (see inference.ts). */
export function readCsv(input: Uint8Array | string, options: ReadOptions = {}): ReadTable {
  const { file = 'the CSV text', schema } = options;
  return tableOfCells(readCells(input, file, { encoding: schema?.encoding, headerLine: schema?.headerLine }), schema);
}

/** The same of cells that are there already. */
export function tableOfCells(cells: CellTable, schema: Schema = {}): ReadTable {
  const { file, rows, lines } = cells;
  const names = cells.columns.map((column) => column.name);
  checkSchema(schema, names, file);
  const { columns, warnings } = inferColumns(cells, schema);
  const rules = rulesOf(schema);
  const told = [...(cells.warnings ?? []), ...warnings].map((text) => `${file}: ${text}`);
  return { file, rows, columns, lines, warnings: told, schema, ...(rules !== null && { rules }) };
}

/** What a file cannot say of itself. */
export interface CellOptions {
  readonly encoding?: string | undefined;
  /** Line on which the header stands, from 1; what is above it is left out. */
  readonly headerLine?: number | undefined;
}

/** Reads the cells alone, for {@link inspectCells}. Throws {@link InputError} as {@link readCsv} does. */
export function readCells(input: Uint8Array | string, file: string, { encoding, headerLine }: CellOptions = {}): CellTable {
  const decoded = typeof input === 'string' ? { text: input.replace(/^\ufeff/, ''), warning: null } : decodeText(input, file, encoding);
  if (decoded.text.trim() === '') throw new InputError(`${file}: the file is empty; it needs a header line and at least one row`);
  const announced = /^sep=([,;\t|])\r?\n/.exec(decoded.text);
  const whole = announced ? decoded.text.slice(announced[0].length) : decoded.text;
  const nul = whole.indexOf('\0');
  if (nul >= 0) {
    const line = whole.slice(0, nul).split('\n').length + (announced ? 1 : 0);
    throw new InputError(`${file}, line ${line}: there is a NUL byte, so this is no plain text; export the table again as "CSV UTF-8"`);
  }
  const newline = whole.includes('\n') ? '\n' : '\r';
  const firstLine = headerLine ?? (announced ? 2 : 1);
  const text = headerLine === undefined ? whole : below(whole, newline, headerLine - (announced ? 1 : 0), file);
  const delimiter = announced?.[1] ?? findDelimiter(text, newline);
  if (headerLine === undefined) refuseTitles(text, { file, newline, delimiter, firstLine });
  const cells = parseRows(text, { file, newline, delimiter, firstLine });
  const said = DELIMITER_NAMES[delimiter];
  const warnings = [
    ...(decoded.warning === null ? [] : [decoded.warning]),
    ...(said === undefined ? [] : [`cells are separated by ${said}`]),
    ...(firstLine > 1 && headerLine !== undefined ? [`what stands above line ${firstLine} is left out, as --header-line says`] : []),
    ...(cells.warnings ?? []),
  ];
  return { ...cells, warnings };
}

/** The text from a line on. */
function below(text: string, newline: string, line: number, file: string): string {
  let at = 0;
  for (let before = 1; before < line; before++) {
    at = text.indexOf(newline, at) + 1;
    if (at === 0) throw new InputError(`"header-line" expected a line of ${file}, which has ${before}, got ${line}`);
  }
  return text.slice(at);
}

/** Under any delimiter: a title above a table may have made another one look likelier. */
function refuseTitles(text: string, { file, newline, delimiter, firstLine }: Format): void {
  for (const each of [delimiter, ...DELIMITERS.filter((one) => one !== delimiter)]) {
    const [first, ...rows] = previewRows(text, each, newline, firstLine);
    if (first) refuseTitle(first, rows, file);
    if (first && first.cells.length > 1 && rows.every(({ cells }) => cells.length === first.cells.length)) return;
  }
}

/** The first rows that are not blank. */
function previewRows(text: string, delimiter: string, newline: string, firstLine: number): NumberedRow[] {
  const { data } = Papa.parse<string[]>(text.slice(0, 1 << 18), { delimiter, newline: newline as '\n', preview: PREVIEW });
  let line = firstLine;
  const rows = data.map((cells): NumberedRow => {
    const row = { line, cells };
    line += 1 + cells.reduce((sum, cell) => sum + (cell.split(newline).length - 1), 0);
    return row;
  });
  if (data.length > 1 && data.length < PREVIEW) rows.pop(); // perhaps cut, or the empty rest after the last line
  return rows.filter(({ cells }) => !isBlank(cells));
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
  let names: readonly string[] | null = null;
  let collector = new CellCollector(0);
  let line = firstLine;
  let blankTail = 0; // blank rows of a one-column table count as missing cells, but not at the end of the file
  const ragged: { line: number; cells: number }[] = [];
  let longest = 0; // cells a row may have: the named ones, and empty ones under cells of the header without a name
  let longer = 0; // rows that end with one empty cell too many
  let headerAt = 0;

  const take = (row: string[]): void => {
    const start = line;
    line += 1;
    if (hasQuotes) for (const cell of row) for (let i = cell.indexOf(newline); i >= 0; i = cell.indexOf(newline, i + 1)) line += 1;
    const last = row[row.length - 1] as string;
    if (names === null) {
      if (isBlank(row)) return;
      if (newline === '\n' && last.endsWith('\r')) stripReturn = true;
      const header = readHeader(row, file, start);
      names = header.names;
      longest = names.length + header.unnamed;
      headerAt = start;
      collector = new CellCollector(names.length);
      return;
    }
    if (stripReturn && last.endsWith('\r')) row[row.length - 1] = last.slice(0, -1);
    const width = names.length;
    if (width === 1 ? row[0] === '' && row.length === 1 : isBlank(row)) {
      blankTail += 1;
      return;
    }
    if (width === 1) for (; blankTail > 0; blankTail--) collector.add([''], start - blankTail);
    blankTail = 0;
    if (row.length > width) {
      const beyond = row.findIndex((cell, c) => c >= width && cell.trim() !== '');
      if (beyond >= 0 && row.length === longest) {
        throw new InputError(
          `${file}, line ${start}: column ${beyond + 1} holds ${quoted(row[beyond] as string)}, but has no name in line ${headerAt}; name it or delete it`,
        );
      }
      if (beyond < 0 && (row.length <= longest || row.length === width + 1)) {
        if (row.length > longest) {
          longer += 1;
          if (longer <= SHOWN) ragged.push({ line: start, cells: row.length });
        }
        row.length = width;
        collector.add(row.map(unguarded), start);
        return;
      }
    }
    if (row.length !== width) ragged.push({ line: start, cells: row.length });
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
  const width = (names as readonly string[]).length;
  const trailing = longer > 0 && longer === collector.rows && ragged.every(({ cells }) => cells === width + 1);
  if (ragged.length > 0 && !trailing) throw raggedRows(file, ragged, width, Math.max(0, longer - SHOWN));
  if (collector.rows === 0)
    throw new InputError(`${file}: there are no data rows under the header (line ${headerAt}); add rows and give the file again`);
  const warnings =
    trailing || longest > width ? ['every line ends with a delimiter too many: the empty column after the last name is left out'] : [];
  return { file, delimiter, rows: collector.rows, columns: collector.columns(names), lines: collector.lines(), warnings };
}

const badQuotes = (file: string, line: number, why: string) =>
  new InputError(`${file}, line ${line}: ${why}; write a quote inside a quoted cell twice (""), and close every quoted cell`);

function raggedRows(file: string, ragged: readonly { line: number; cells: number }[], width: number, hidden: number): InputError {
  const words = ragged.slice(0, SHOWN).map(({ line, cells }) => `line ${line} has ${cells}`);
  const more = ragged.length - words.length + hidden;
  const where = more === 0 ? listed(words, SHOWN) : `${words.join(', ')} and ${more} more`;
  return new InputError(
    `${file}: the header has ${width} ${width === 1 ? 'cell' : 'cells'}, but ${where}; complete these rows or delete them, and quote cells that contain the delimiter`,
  );
}
