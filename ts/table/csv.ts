/**
 * CSV in and out. Reading is strict: what would shift, drop or change a cell is an error that names the file and the line.
 *
 * Accepted: a byte order mark; comma, semicolon, tab or bar between cells (told from the first rows, or by Excel's "sep=;" line);
 * LF, CRLF or CR between lines; quoted cells with doubled quotes and line breaks; blank lines between rows.
 */
import { InputError } from '../errors.js';
import type { CellTable } from './cells.js';
import { type AsyncChunks, type Chunks, goThrough, goThroughAsync, type Passes, PIECE } from './chunks.js';
import { decoderOf } from './encoding.js';
import { inferColumns } from './inference.js';
import type { Placed } from './place.js';
import { type Rules, rulesOf } from './rules.js';
import { checkSchema, type Schema } from './schema.js';
import { surveyed, TextFacts } from './survey.js';
import type { Table } from './table.js';
import { TextReader } from './text-reader.js';

export { csvPieces, toCsv } from './write.js';

/** A table as read from a file, with what the reader should know about it. */
export interface ReadTable extends Table, Placed {
  readonly file: string;
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

/** A whole text, or the bytes of one, or what starts them over. */
export type CsvInput = string | Uint8Array | Chunks;

/** Reads a table and settles the kind of every column, by declaration in the schema or by inference (see inference.ts). */
export function readCsv(input: CsvInput, options: ReadOptions = {}): ReadTable {
  const { file = 'the CSV text', schema } = options;
  return tableOfCells(readCells(input, file, schema), schema);
}

/** The same of bytes that have to be waited for. */
export async function readCsvAsync(input: AsyncChunks, { file = 'the CSV text', schema }: ReadOptions = {}): Promise<ReadTable> {
  return tableOfCells(await readCellsAsync(input, file, schema), schema);
}

/** The same of cells that are there already. They are used up by it, so that they and the table do not lie in memory together. */
export function tableOfCells(cells: CellTable, schema: Schema = {}): ReadTable {
  const { file, rows, lines, counted } = cells;
  const names = cells.columns.map((column) => column.name);
  checkSchema(schema, names, file);
  const { columns, warnings } = inferColumns(cells, schema, { drop: true });
  const rules = rulesOf(schema);
  const told = [...(cells.warnings ?? []), ...warnings].map((text) => `${file}: ${text}`);
  return { file, rows, columns, lines, counted, warnings: told, schema, ...(rules !== null && { rules }) };
}

/** What a file cannot say of itself. */
export interface CellOptions {
  readonly encoding?: string | undefined;
  /** Line on which the header stands, from 1; what is above it is left out. */
  readonly headerLine?: number | undefined;
}

/** Reads the cells alone, for {@link inspectCells}. Throws {@link InputError} as {@link readCsv} does. */
export function readCells(input: CsvInput, file: string, options: CellOptions = {}): CellTable {
  if (typeof input === 'string') return textCells(input.replace(/^\ufeff/, ''), file, options);
  return goThrough(cellPasses(file, options), input instanceof Uint8Array ? () => [input] : input);
}

/** The same of bytes that have to be waited for, such as those of a `File` (see {@link blobChunks}). */
export const readCellsAsync = (input: AsyncChunks, file: string, options: CellOptions = {}): Promise<CellTable> =>
  goThroughAsync(cellPasses(file, options), input);

function* cellPasses(file: string, { encoding, headerLine }: CellOptions): Passes<CellTable> {
  const { label, facts, warning } = yield* surveyed(file, encoding);
  facts.check(file);
  const changed = () => new InputError(`${file}: the file was changed while it was read; give it again`);
  const decoder = decoderOf(label, changed);
  const reader = new TextReader({ file, facts, headerLine });
  yield { take: (piece) => reader.take(decoder.decode(piece)), end: () => reader.take(decoder.end()) };
  const cells = reader.end();
  return warning === null ? cells : { ...cells, warnings: [warning, ...(cells.warnings ?? [])] };
}

function textCells(text: string, file: string, { headerLine }: CellOptions): CellTable {
  const facts = new TextFacts();
  for (let at = 0; at < text.length; at += PIECE) facts.take(text.slice(at, at + PIECE));
  facts.check(file);
  const reader = new TextReader({ file, facts, headerLine });
  for (let at = 0; at < text.length; at += PIECE) reader.take(text.slice(at, at + PIECE));
  return reader.end();
}
