/**
 * Tables as Parquet, in and out. This module and the package that writes are loaded when a Parquet file is met. Cells are read as the texts
 * that a CSV would have, so that kinds are settled in the same way. What is read is checked against the bytes and rows that there are, see
 * docs/decisions.md, so that a damaged file ends in one sentence.
 */
import { parquetWriteBuffer } from 'hyparquet-writer';
import { InputError } from '../errors.js';
import { type CellColumn, type CellTable, TextKeys } from './cells.js';
import { readHeader } from './header.js';
import { ParquetFault } from './parquet/cursor.js';
import { type Field, type Footer, readFooter, withName } from './parquet/footer.js';
import { readChunkCodes } from './parquet/pages.js';
import { withoutLines } from './place.js';
import { type Column, isNumberColumn, type Table } from './table.js';

/** The cells of a Parquet file. Throws {@link InputError} for what is none or is damaged, and for nested columns. */
export async function parquetCells(bytes: Uint8Array, file: string): Promise<CellTable> {
  try {
    return readParquet(bytes, file);
  } catch (error) {
    if (!(error instanceof ParquetFault)) throw error;
    if (error.remedy !== null) throw new InputError(`${file}: ${error.message}; ${error.remedy}`);
    throw new InputError(`${file}: this Parquet file cannot be read (${error.message}); write it again, or give a CSV`);
  }
}

function readParquet(bytes: Uint8Array, file: string): CellTable {
  const footer = readFooter(bytes);
  const { rows, fields } = footer;
  const { names } = readHeader(
    fields.map(({ name }) => name),
    file,
    null,
  );
  if (names.length < fields.length) throw new InputError(`${file}: a column has no name; name it or delete it`);
  if (rows === 0) throw new InputError(`${file}: there are no data rows; add rows and give the file again`);
  const columns = fields.map((field, c): CellColumn => ({ name: names[c] as string, ...readField(footer, field, c) }));
  return { file, delimiter: ',', rows, columns, ...withoutLines(rows) };
}

/** Characters of all different texts of a column. */
const MOST_TEXT = 1 << 29;

function readField({ rows, groups }: Footer, field: Field, c: number): Omit<CellColumn, 'name'> {
  const texts = new TextKeys();
  const keys = new Int32Array(rows);
  let characters = 0;
  const codeOf = (text: string): number => {
    const before = texts.listed.length;
    const key = texts.keyOf(text);
    if (texts.listed.length > before) characters += text.length;
    if (characters > MOST_TEXT) throw new ParquetFault(`it holds more than ${MOST_TEXT} characters`, 'leave it out');
    return key;
  };
  let row = 0;
  for (const group of groups) {
    const chunk = group.chunks[c] as Footer['groups'][number]['chunks'][number];
    withName(field.name, () => readChunkCodes(chunk, field, { codeOf }, keys.subarray(row, row + group.rows)));
    row += group.rows;
  }
  return { keys, listed: texts.listed };
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
