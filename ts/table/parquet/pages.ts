/** The pages of a column: its values as codes of texts, one a row. Every length and count is held to the bytes and rows that there are. */
import { crc32 } from '../../checksum.js';
import { byte, type Cursor, cursorOf, left, littleEndian, ParquetFault, take } from './cursor.js';
import type { Chunk, Field } from './footer.js';
import { readRuns } from './runs.js';
import { unpackSnappy } from './snappy.js';
import { count, readStruct, type Struct, structure } from './thrift.js';
import { valuesOf } from './values.js';

/** Different texts of a column in order of appearance; '' is missing. */
export interface Texts {
  readonly codeOf: (text: string) => number;
}

/** Decodes a column of a row group into `codes`, (rows of the group). Throws {@link ParquetFault}. */
export function readChunkCodes({ bytes, packed, nulls, nans }: Chunk, field: Field, texts: Texts, codes: Int32Array): void {
  const cursor = cursorOf(bytes);
  let dictionary: Dictionary | null = null;
  let missing = 0;
  for (let row = 0; row < codes.length; ) {
    if (left(cursor) === 0) throw new ParquetFault(`its pages end at row ${row} of ${codes.length}`);
    const page = readPage(cursor);
    if (page.type === 2) {
      if (dictionary !== null) throw new ParquetFault('it has several dictionaries');
      dictionary = readDictionary(page, packed, field, texts);
    } else if (page.type !== 1) {
      const most = codes.length - row;
      const values = page.type === 0 ? firstForm(page, packed, field, most) : secondForm(page, packed, field, most);
      missing += fill(codes.subarray(row, row + values.count), values, field, dictionary, texts);
      row += values.count;
    }
  }
  if (nulls !== null && nulls !== missing) throw new ParquetFault(`${missing} of its cells are missing, the file says ${nulls}`);
  if (nans !== null) {
    const none = texts.codeOf('');
    const found = codes.reduce((sum, code) => sum + Number(code === none), 0) - missing;
    if (found !== nans) throw new ParquetFault(`${found} of its cells are no numbers, the file says ${nans}`);
  }
}

interface Page {
  readonly type: number; // 0 and 3 values, 1 an index, 2 a dictionary
  readonly header: Struct;
  readonly size: number; // unpacked
  readonly bytes: Uint8Array;
}

const MOST_PAGE = 1 << 30;

function readPage(cursor: Cursor): Page {
  const header = readStruct(cursor);
  const type = count(header, 1, 'page type', 3);
  const size = count(header, 2, 'page size', MOST_PAGE);
  const bytes = take(cursor, count(header, 3, 'packed page size', left(cursor)), 'a page');
  const said = header.get(4); // a signed number
  if (typeof said === 'number' && crc32(bytes) !== said >>> 0) throw new ParquetFault('a page is not what its checksum tells');
  return { type, header, size, bytes };
}

function unpacked(bytes: Uint8Array, packed: boolean, size: number): Uint8Array {
  if (packed) return unpackSnappy(bytes, size);
  if (bytes.length !== size) throw new ParquetFault(`a page has ${bytes.length} bytes, its header says ${size}`);
  return bytes;
}

/** Texts by index, and their codes once they are met. */
interface Dictionary {
  readonly codeAt: (index: number) => number;
}

function readDictionary({ header, size, bytes }: Page, packed: boolean, field: Field, texts: Texts): Dictionary {
  const about = structure(header.get(7), 'dictionary header');
  const cursor = cursorOf(unpacked(bytes, packed, size));
  const entries = count(about, 1, 'dictionary entries', cursor.bytes.length);
  const textAt = valuesOf(cursor, 0, field, entries);
  const codes = new Int32Array(entries);
  const met = new Uint8Array(entries);
  return {
    codeAt: (index) => {
      if (index >= entries) throw new ParquetFault(`a cell is entry ${index} of a dictionary of ${entries}`);
      if (met[index] === 0) {
        codes[index] = texts.codeOf(textAt(index));
        met[index] = 1;
      }
      return codes[index] as number;
    },
  };
}

/** What a page of values holds: levels (1 = there is a value; null where every row has one), and the encoded values. */
interface PageValues {
  readonly count: number;
  readonly levels: Uint32Array | null;
  readonly encoding: number;
  readonly cursor: Cursor;
}

/** DATA_PAGE: levels and values are packed together. */
function firstForm({ header, size, bytes }: Page, packed: boolean, { optional }: Field, most: number): PageValues {
  const about = structure(header.get(5), 'page header');
  const rows = count(about, 1, 'values of a page', most);
  const cursor = cursorOf(unpacked(bytes, packed, size));
  if (!optional) return { count: rows, levels: null, encoding: count(about, 2, 'encoding', 9), cursor };
  count(about, 3, 'encoding of levels', 3, 3);
  const levels = levelsOf(take(cursor, littleEndian(cursor, 4), 'the levels of a page'), rows);
  return { count: rows, levels, encoding: count(about, 2, 'encoding', 9), cursor };
}

/** DATA_PAGE_V2: levels lie before the packed values. */
function secondForm({ header, size, bytes }: Page, packed: boolean, { optional }: Field, most: number): PageValues {
  const about = structure(header.get(8), 'page header');
  const rows = count(about, 1, 'values of a page', most);
  count(about, 3, 'rows of a page', rows, rows);
  count(about, 6, 'size of repetitions', 0);
  const cursor = cursorOf(bytes);
  const forLevels = count(about, 5, 'size of levels', Math.min(bytes.length, size));
  const levels = optional ? levelsOf(take(cursor, forLevels, 'the levels of a page'), rows) : null;
  const present = levels === null ? rows : presentIn(levels);
  count(about, 2, 'missing values of a page', rows - present, rows - present);
  const values = unpacked(bytes.subarray(forLevels), packed && about.get(7) !== false, size - forLevels);
  return { count: rows, levels, encoding: count(about, 4, 'encoding', 9), cursor: cursorOf(values) };
}

/** A level a row; a page of a million rows without a missing value is one run of a few bytes. */
function levelsOf(bytes: Uint8Array, rows: number): Uint32Array {
  const levels = readRuns(cursorOf(bytes), 1, rows);
  if (levels.some((level) => level > 1)) throw new ParquetFault('a row is neither there nor missing');
  return levels;
}

const presentIn = (levels: Uint32Array): number => levels.reduce((sum, level) => sum + level, 0);

/** Codes of the rows of a page; how many of them are missing. */
function fill(codes: Int32Array, page: PageValues, field: Field, dictionary: Dictionary | null, texts: Texts): number {
  const { levels, cursor, encoding } = page;
  const present = levels === null ? page.count : presentIn(levels);
  const codeAt = present === 0 ? () => 0 : codesOf(cursor, encoding, field, present, dictionary, texts);
  let next = 0;
  for (let row = 0; row < codes.length; row++) codes[row] = levels === null || levels[row] === 1 ? codeAt(next++) : texts.codeOf('');
  return page.count - present;
}

function codesOf(cursor: Cursor, encoding: number, field: Field, present: number, dictionary: Dictionary | null, texts: Texts) {
  if (encoding !== 2 && encoding !== 8) {
    const textAt = valuesOf(cursor, encoding, field, present);
    return (i: number) => texts.codeOf(textAt(i));
  }
  if (dictionary === null) throw new ParquetFault('its dictionary is missing');
  const indices = readRuns(cursor, byte(cursor), present);
  return (i: number) => dictionary.codeAt(indices[i] as number);
}
