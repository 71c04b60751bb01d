/** The footer of a Parquet file: what columns there are and where their bytes lie. All of it is checked before anything is decoded. */
import { quoted } from '../names.js';
import { cursorOf, ParquetFault } from './cursor.js';
import { type Meaning, meaningOf, PHYSICAL, type Physical } from './meaning.js';
import { count, list, optionalCount, readStruct, type Struct, structure, text } from './thrift.js';

export interface Field {
  readonly name: string;
  readonly physical: Physical;
  readonly width: number; // bytes of a FIXED_LEN_BYTE_ARRAY
  readonly optional: boolean;
  readonly meaning: Meaning;
}

/** A column within a row group. */
export interface Chunk {
  readonly bytes: Uint8Array;
  readonly packed: boolean; // by snappy
  /** Missing values, and values that are no numbers, as the file counts them. */
  readonly nulls: number | null;
  readonly nans: number | null;
}

export interface Footer {
  readonly rows: number;
  readonly fields: readonly Field[];
  readonly groups: readonly { readonly rows: number; readonly chunks: readonly Chunk[] }[];
}

export const MOST_ROWS = 50_000_000;
/** Four bytes each. */
const MOST_CELLS = 500_000_000;
const CODECS = ['UNCOMPRESSED', 'SNAPPY', 'GZIP', 'LZO', 'BROTLI', 'LZ4', 'ZSTD', 'LZ4_RAW'];
const END = 8; // the footer's length and the mark

/** Reads the footer. Throws {@link ParquetFault} for what is no Parquet file, is damaged, or holds what is not read. */
export function readFooter(bytes: Uint8Array): Footer {
  const mark = (from: number) => String.fromCharCode(...bytes.subarray(from, from + 4));
  if (bytes.length < 4 + END || mark(0) !== 'PAR1') throw new ParquetFault('it does not begin as one');
  if (mark(bytes.length - 4) === 'PARE') throw new ParquetFault('it is encrypted', 'write it without encryption');
  if (mark(bytes.length - 4) !== 'PAR1') throw new ParquetFault('its end is missing');
  const length = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getUint32(bytes.length - END, true);
  const start = bytes.length - END - length;
  if (start < 4) throw new ParquetFault(`its footer should have ${length} bytes, more than there are`);
  const footer = readStruct(cursorOf(bytes.subarray(start, bytes.length - END)));
  const fields = readFields(list(footer, 2, 'schema'));
  const rows = count(footer, 3, 'rows', Number.MAX_SAFE_INTEGER);
  if (rows > MOST_ROWS || rows * fields.length > MOST_CELLS) {
    throw new ParquetFault(
      `it has ${rows} rows of ${fields.length} columns; at most ${MOST_ROWS} rows and ${MOST_CELLS} cells can be read`,
      'write fewer rows or columns',
    );
  }
  const data = bytes.subarray(0, start);
  const groups = list(footer, 4, 'row groups').map((group) => readGroup(structure(group, 'row group'), fields, data));
  const inGroups = groups.reduce((sum, group) => sum + group.rows, 0);
  const size = groups.reduce((sum, { chunks }) => sum + chunks.reduce((part, chunk) => part + chunk.bytes.length, 0), 0);
  if (size > data.length) throw new ParquetFault('its columns lie over one another');
  if (inGroups !== rows) throw new ParquetFault(`it says that it has ${rows} rows, and ${inGroups} in its groups`);
  return { rows, fields, groups };
}

/** The columns under the root. */
function readFields(schema: readonly unknown[]): Field[] {
  const [root, ...elements] = schema.map((element) => structure(element as Struct, 'schema'));
  if (root === undefined || elements.length === 0) throw new ParquetFault('it has no columns');
  const fields = elements.map(readField); // lists and records are refused there, so that what follows lies flat
  const children = count(root, 5, 'columns', elements.length);
  if (children !== elements.length) throw new ParquetFault(`its schema has ${elements.length} entries for ${children} columns`);
  return fields;
}

function readField(element: Struct): Field {
  const name = text(element.get(4), 'column name');
  return withName(name, () => {
    const repetition = count(element, 3, 'repetition', 2);
    if (repetition === 2 || (optionalCount(element, 5, 'children', 1e9) ?? 0) > 0 || !element.has(1)) {
      throw new ParquetFault('it holds lists or records', 'write it as plain columns');
    }
    const physical = PHYSICAL[count(element, 1, 'type', PHYSICAL.length - 1)] as Physical;
    const width = physical === 'FIXED_LEN_BYTE_ARRAY' ? count(element, 2, 'type length', 1 << 20, 1) : 0;
    return { name, physical, width, optional: repetition === 1, meaning: meaningOf(element, physical) };
  });
}

/** Puts the column before what is wrong with it. */
export function withName<T>(name: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof ParquetFault)) throw error;
    const what = error.message.replace(/^it /, '');
    throw new ParquetFault(`column ${quoted(name)}${what === error.message ? ':' : ''} ${what}`, error.remedy);
  }
}

function readGroup(group: Struct, fields: readonly Field[], data: Uint8Array): Footer['groups'][number] {
  const rows = count(group, 3, 'rows of a group', MOST_ROWS);
  const columns = list(group, 1, 'columns of a group');
  if (columns.length !== fields.length) throw new ParquetFault(`a row group has ${columns.length} columns of ${fields.length}`);
  const chunks = columns.map((column, at) => {
    const field = fields[at] as Field;
    return withName(field.name, () => readChunk(structure(column, 'column'), field, rows, data));
  });
  return { rows, chunks };
}

function readChunk(column: Struct, field: Field, rows: number, data: Uint8Array): Chunk {
  if (column.has(1)) throw new ParquetFault('it lies in another file', 'write one file');
  if (column.has(8)) throw new ParquetFault('it is encrypted', 'write it without encryption');
  const about = structure(column.get(3), 'column');
  const physical = PHYSICAL[count(about, 1, 'type', PHYSICAL.length - 1)];
  const path = list(about, 3, 'path').map((part) => text(part, 'path'));
  if (physical !== field.physical || path.length !== 1 || path[0] !== field.name) {
    throw new ParquetFault('its type or name differs from the schema');
  }
  const codec = count(about, 4, 'compression', CODECS.length - 1);
  if (codec > 1) throw new ParquetFault(`the compression codec ${CODECS[codec]} is not read`, 'write it with snappy compression');
  count(about, 5, 'values', rows, rows);
  const first = count(about, 9, 'offset', data.length, 4);
  const dictionary = optionalCount(about, 11, 'offset of the dictionary', data.length);
  const start = dictionary !== null && dictionary >= 4 && dictionary < first ? dictionary : first;
  const size = count(about, 7, 'size', data.length - start);
  const statistics = about.get(12);
  const told: Struct = statistics instanceof Map ? statistics : new Map();
  return {
    bytes: data.subarray(start, start + size),
    packed: codec === 1,
    nulls: optionalCount(told, 3, 'missing values', rows),
    nans: field.physical === 'FLOAT' || field.physical === 'DOUBLE' ? optionalCount(told, 9, 'values that are no numbers', rows) : null,
  };
}
