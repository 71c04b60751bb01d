/** Tables as the library's users hold them. Dimensions: N rows. */
import { InputError } from '../errors.js';
import { CellCollector } from '../table/cells.js';
import { type AsyncChunks, blobChunks } from '../table/chunks.js';
import { type ReadTable, readCsv, readCsvAsync, tableOfCells, toCsv } from '../table/csv.js';
import { parseSchema, type Schema } from '../table/schema.js';
import { type Column, type Table as Data, isNumberColumn } from '../table/table.js';

/** A cell of a row: numbers, texts and booleans as they are; null, undefined, NaN and '' are missing. */
export type Cell = string | number | boolean | null | undefined;
/** A row by the names of the columns. */
export type Row = Readonly<Record<string, Cell>>;

/** How a table is read. */
export interface TableOptions {
  /** What is declared about columns; the rest is inferred. An object or JSON text, see docs/formats.md. */
  readonly schema?: Schema | string;
  /** What messages call the table. */
  readonly name?: string;
}

/** A table in memory. It never changes. */
export class Table {
  /** Column by column, as the generators see it. */
  readonly data: Data | ReadTable;
  /** What the reader of the table should know, as sentences. */
  readonly warnings: readonly string[];
  /** What messages call the table. */
  readonly name: string;

  constructor(data: Data | ReadTable, name = 'the table', warnings: readonly string[] = []) {
    this.data = data;
    this.name = name;
    this.warnings = warnings;
  }

  /**
   * Reads CSV text or the bytes of a CSV file (UTF-8, or Latin-1 with a warning; another one by the schema's `encoding`; comma, semicolon, tab or bar).
   *
   * @throws {InputError} naming the line, where what it says cannot be told for certain.
   */
  static fromCsv(csv: string | Uint8Array, { schema, name = 'the CSV text' }: TableOptions = {}): Table {
    const data = readCsv(csv, { file: name, schema: schemaOf(schema) });
    return new Table(data, name, data.warnings);
  }

  /**
   * Reads a CSV file that is larger than memory should be: a `File` or another `Blob` (in Node `await openAsBlob(file)`), or chunks of bytes.
   * `chunks` is called twice, and a third time where the text is no UTF-8, and gives all bytes each time. What is held of the file is a piece
   * of it and four bytes a cell, beside different texts that are no plain numbers.
   *
   * @throws {InputError} as {@link Table.fromCsv} does.
   */
  static async fromCsvChunks(chunks: Blob | AsyncChunks, { schema, name = 'the CSV text' }: TableOptions = {}): Promise<Table> {
    const data = await readCsvAsync(chunks instanceof Blob ? blobChunks(chunks) : chunks, { file: name, schema: schemaOf(schema) });
    return new Table(data, name, data.warnings);
  }

  /**
   * Reads the bytes of a Parquet file (snappy or uncompressed, plain columns). What reads it is loaded when it is first used.
   *
   * @throws {InputError} for bytes that are no such file.
   */
  static async fromParquet(bytes: Uint8Array, { schema, name = 'the Parquet file' }: TableOptions = {}): Promise<Table> {
    const { parquetCells } = await import('../table/parquet.js');
    const data = tableOfCells(await parquetCells(bytes, name), schemaOf(schema));
    return new Table(data, name, data.warnings);
  }

  /**
   * A table of objects, one a row. Columns are the keys of the first row, in its order.
   *
   * @throws {InputError} for a row with other keys, for none at all, and for cells that are no text, number or boolean.
   */
  static fromRows(rows: readonly Row[], { schema, name = 'the rows' }: TableOptions = {}): Table {
    const [first] = rows;
    if (!first) throw new InputError(`"rows" expected at least one row, got none`);
    const names = Object.keys(first);
    if (names.length === 0) throw new InputError('"rows" expected objects with at least one key, got an empty one');
    const cells = new CellCollector(names.length);
    rows.forEach((row, at) => {
      const other = Object.keys(row).find((key) => !Object.hasOwn(first, key));
      if (other !== undefined)
        throw new InputError(`${name}, row ${at + 1}: "${other}" is no column; the first row has ${names.join(', ')}`);
      cells.add(
        names.map((column) => textOf(row[column], `${name}, row ${at + 1}, column "${column}"`)),
        at + 1,
      );
    });
    const data = tableOfCells(
      { file: name, delimiter: ',', rows: cells.rows, columns: cells.columns(names), lines: cells.lines(), counted: 'rows' },
      schemaOf(schema),
    );
    return new Table(data, name, data.warnings);
  }

  /** Number of rows N. */
  get rows(): number {
    return this.data.rows;
  }

  /** Names of the columns, in their order. */
  get columns(): readonly string[] {
    return this.data.columns.map(({ name }) => name);
  }

  /**
   * Values of a column: numbers (NaN = missing) or texts ('' = missing); (N).
   *
   * @throws {InputError} for a name that no column has.
   */
  column(name: string): Float64Array | readonly string[] {
    const column = this.data.columns.find((one) => one.name === name);
    if (!column) throw new InputError(`there is no column "${name}"; there are ${this.columns.join(', ')}`);
    return isNumberColumn(column) ? column.values.slice() : textsOf(column);
  }

  /** Objects, one a row; missing cells are null. */
  toRows(): Record<string, string | number | null>[] {
    const columns = this.data.columns.map((column) => ({
      name: column.name,
      values: isNumberColumn(column) ? column.values : textsOf(column),
    }));
    return Array.from({ length: this.rows }, (_, row) =>
      Object.fromEntries(
        columns.map(({ name, values }) => {
          const value = values[row] as string | number;
          return [name, value === '' || Number.isNaN(value) ? null : value];
        }),
      ),
    );
  }

  /** The table as a Parquet file (snappy); missing cells are null. */
  async toParquet(): Promise<Uint8Array> {
    return (await import('../table/parquet.js')).toParquet(this.data);
  }

  /** The table as CSV text (UTF-8, commas, LF). Cells that a spreadsheet would take for a formula are guarded. */
  toCsv(): string {
    return toCsv(this.data);
  }
}

const schemaOf = (schema: Schema | string | undefined): Schema | undefined => (schema === undefined ? undefined : parseSchema(schema));

function textOf(cell: unknown, where: string): string {
  if (cell === null || cell === undefined || (typeof cell === 'number' && Number.isNaN(cell))) return '';
  if (typeof cell === 'string' || typeof cell === 'number' || typeof cell === 'boolean') return String(cell);
  throw new InputError(`${where}: expected a text, number, boolean or null, got ${Array.isArray(cell) ? 'an array' : typeof cell}`);
}

function textsOf(column: Exclude<Column, { kind: 'numeric' | 'integer' }>): readonly string[] {
  return column.kind === 'text' ? column.texts : Array.from(column.codes, (code) => column.levels[code] ?? '');
}
