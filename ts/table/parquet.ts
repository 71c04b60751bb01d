/**
 * Tables as Parquet, in and out. This module and the package behind it are loaded when a Parquet file is met. Cells are read as the texts
 * that a CSV would have, so that kinds are settled in the same way.
 */
import { type DecodedArray, type FileMetaData, parquetMetadata, parquetRead, parquetSchema } from 'hyparquet';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { InputError } from '../errors.js';
import { type Cells, type CellTable, ownCopy } from './cells.js';
import { readHeader } from './header.js';
import { quoted } from './names.js';
import { type Column, isNumberColumn, type Table } from './table.js';

const MOST_ROWS = 50_000_000;

/** The cells of a Parquet file. Throws {@link InputError} for what is none, and for nested columns. */
export async function parquetCells(bytes: Uint8Array, file: string): Promise<CellTable> {
  const { buffer } = new Uint8Array(bytes); // a copy: the bytes may lie within a larger buffer
  const metadata = guard(file, () => parquetMetadata(buffer));
  const columns = guard(file, () => parquetSchema(metadata).children);
  const nested = columns.find(({ children, element }) => children.length > 0 || element.repetition_type === 'REPEATED');
  if (nested) {
    throw new InputError(`${file}: column ${quoted(nested.element.name)} holds lists or records; write it as plain columns`);
  }
  const { names } = readHeader(
    columns.map(({ element }) => element.name),
    file,
    1,
  );
  if (names.length < columns.length || names.length === 0) throw new InputError(`${file}: a column has no name; name it or delete it`);
  const rows = rowsOf(metadata, file);
  const collectors = columns.map(({ element }) => ({
    single: element.type === 'FLOAT',
    texts: new Map<string, number>(),
    codes: new Int32Array(rows),
  }));
  const at = new Map(columns.map(({ element }, c) => [element.name, c]));
  const taken = new Float64Array(columns.length);
  await guardAsync(file, () =>
    parquetRead({
      file: buffer,
      metadata,
      onChunk: ({ columnName, columnData, rowStart }) => {
        const c = at.get(columnName) as number;
        (taken[c] as number) += columnData.length;
        collect(collectors[c] as Collector, columnData, rowStart, file, names[c] as string);
      },
    }),
  );
  if (taken.some((count) => count !== rows))
    throw new InputError(`${file}: the Parquet file is damaged: columns are of different lengths; write it again`);
  const cells = collectors.map(({ texts, codes }, c): Cells => ({ name: names[c] as string, texts: [...texts.keys()], codes }));
  return { file, delimiter: ',', rows, columns: cells, lines: Uint32Array.from({ length: rows }, (_, row) => row + 1) };
}

function rowsOf({ num_rows, row_groups }: FileMetaData, file: string): number {
  const rows = Number(num_rows);
  const inGroups = row_groups.reduce((sum, group) => sum + Number(group.num_rows), 0);
  if (rows === 0) throw new InputError(`${file}: there are no data rows; add rows and give the file again`);
  if (!(rows > 0 && rows <= MOST_ROWS && rows === inGroups)) {
    throw new InputError(`${file}: the Parquet file says that it has ${rows} rows, which cannot be read; at most ${MOST_ROWS} can`);
  }
  return rows;
}

interface Collector {
  readonly single: boolean; // numbers of 32 bits
  readonly texts: Map<string, number>;
  readonly codes: Int32Array;
}

function collect({ single, texts, codes }: Collector, values: DecodedArray, from: number, file: string, name: string): void {
  for (let i = 0; i < values.length; i++) {
    const text = textOf(values[i], single);
    if (text === null)
      throw new InputError(`${file}, row ${from + i + 1}: column ${quoted(name)} holds what is no text, number or date; write it as text`);
    let code = texts.get(text);
    if (code === undefined) {
      code = texts.size;
      texts.set(ownCopy(text), code);
    }
    codes[from + i] = code;
  }
}

/** A value as a CSV would have it; '' is missing, null is no plain value. */
function textOf(value: unknown, single: boolean): string | null {
  if (value === null || value === undefined) return '';
  if (typeof value === 'string') return value;
  if (typeof value === 'number') return Number.isNaN(value) ? '' : String(single ? shortest(value) : value);
  if (typeof value === 'bigint' || typeof value === 'boolean') return String(value);
  if (!(value instanceof Date)) return null;
  return Number.isNaN(value.getTime())
    ? ''
    : value
        .toISOString()
        .replace(/T00:00:00\.000Z$/, '')
        .replace(/\.000Z$/, '')
        .replace('T', ' ');
}

/** The shortest decimal number that is this number of 32 bits: 0.1 rather than 0.10000000149011612. */
function shortest(value: number): number {
  for (let digits = 1; digits < 9; digits++) {
    const short = Number(value.toPrecision(digits));
    if (Math.fround(short) === value) return short;
  }
  return value;
}

function unreadable(file: string, error: unknown): InputError {
  if (error instanceof InputError) return error;
  const why = ((error as Error).message || String(error)).replace(/^parquet /, '').slice(0, 120);
  const codec = /compression codec/.test(why) ? '; write it with snappy compression' : '; write it again, or give a CSV';
  return new InputError(`${file}: this Parquet file cannot be read (${why.replaceAll('\n', ' ')})${codec}`);
}

function guard<T>(file: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw unreadable(file, error);
  }
}

async function guardAsync(file: string, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    throw unreadable(file, error);
  }
}

/** The table as a Parquet file (snappy): numbers as DOUBLE, whole numbers as INT32 or INT64, levels and texts as STRING, missing cells null. */
export function toParquet(table: Table): Uint8Array {
  const columnData = table.columns.map((column) => ({ name: column.name, nullable: true, ...written(column) }));
  return new Uint8Array(parquetWriteBuffer({ columnData }));
}

type Written = { type: 'DOUBLE' | 'INT32' | 'INT64' | 'STRING'; data: (number | bigint | string | null)[] };

function written(column: Column): Written {
  if (isNumberColumn(column)) {
    const { values, kind } = column;
    const missing = (value: number) => Number.isNaN(value);
    if (kind === 'numeric') return { type: 'DOUBLE', data: Array.from(values, (value) => (missing(value) ? null : value)) };
    if (values.every((value) => missing(value) || (value | 0) === value)) {
      return { type: 'INT32', data: Array.from(values, (value) => (missing(value) ? null : value)) };
    }
    if (!values.every((value) => missing(value) || Number.isSafeInteger(value))) {
      return { type: 'DOUBLE', data: Array.from(values, (value) => (missing(value) ? null : value)) };
    }
    return { type: 'INT64', data: Array.from(values, (value) => (missing(value) ? null : BigInt(value))) };
  }
  if (column.kind === 'text') return { type: 'STRING', data: column.texts.map((text) => (text === '' ? null : text)) };
  const { levels, codes } = column;
  const numbers = levels.every((level) => level === '0' || level === '1');
  if (numbers) return { type: 'INT32', data: Array.from(codes, (code) => (code < 0 ? null : Number(levels[code]))) };
  return { type: 'STRING', data: Array.from(codes, (code) => levels[code] ?? null) };
}
