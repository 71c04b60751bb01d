/**
 * Structures in Thrift's compact protocol, as the footer and the page headers have them. A list never has more entries than bytes are left
 * and structures nest a few levels deep, so that reading takes no more time and memory than the bytes justify.
 */
import { byte, type Cursor, left, ParquetFault, take, varint, zigzag } from './cursor.js';

export type Value = boolean | number | Uint8Array | readonly Value[] | Struct;
/** Values by the fields' numbers. */
export type Struct = ReadonlyMap<number, Value>;

const DEEPEST = 16; // the format itself needs 7

/** Reads a structure up to its end. Throws {@link ParquetFault}. */
export function readStruct(cursor: Cursor, depth = 0): Struct {
  if (depth > DEEPEST) throw new ParquetFault(`a structure lies more than ${DEEPEST} levels deep`);
  const fields = new Map<number, Value>();
  for (let id = 0; ; ) {
    const head = byte(cursor);
    if ((head & 15) === 0) return fields;
    id = head >> 4 === 0 ? zigzag(cursor) : id + (head >> 4);
    fields.set(id, readValue(cursor, head & 15, depth));
  }
}

function readValue(cursor: Cursor, type: number, depth: number): Value {
  switch (type) {
    case 1:
      return true;
    case 2:
      return false;
    case 3:
      return byte(cursor);
    case 4:
    case 5:
    case 6:
      return zigzag(cursor);
    case 7:
      take(cursor, 8, 'a number');
      return 0; // nothing that is read is of this type
    case 8:
      return take(cursor, varint(cursor), 'a text');
    case 9:
      return readList(cursor, depth);
    case 12:
      return readStruct(cursor, depth + 1);
    default:
      throw new ParquetFault(`a field is of the unknown type ${type}`);
  }
}

function readList(cursor: Cursor, depth: number): readonly Value[] {
  if (depth > DEEPEST) throw new ParquetFault(`a list lies more than ${DEEPEST} levels deep`);
  const head = byte(cursor);
  const count = head >> 4 === 15 ? varint(cursor) : head >> 4;
  const type = head & 15;
  if (count > left(cursor)) throw new ParquetFault(`a list should have ${count} entries, but ${left(cursor)} bytes are there`);
  const values: Value[] = [];
  for (let i = 0; i < count; i++) values.push(type < 3 ? byte(cursor) === 1 : readValue(cursor, type, depth + 1));
  return values;
}

/** A whole number in a range. Throws {@link ParquetFault} naming `what`. */
export function count(struct: Struct, id: number, what: string, most: number, least = 0): number {
  const value = struct.get(id);
  if (typeof value === 'number' && value >= least && value <= most) return value;
  throw new ParquetFault(`"${what}" expected a number in ${least}..${most}, got ${typeof value === 'number' ? value : 'none'}`);
}

/** The same, or null where there is no such field. */
export const optionalCount = (struct: Struct, id: number, what: string, most: number): number | null =>
  struct.has(id) ? count(struct, id, what, most) : null;

export function structure(value: Value | undefined, what: string): Struct {
  if (value instanceof Map) return value;
  throw new ParquetFault(`"${what}" is missing`);
}

export function list(struct: Struct, id: number, what: string): readonly Value[] {
  const value = struct.get(id);
  if (Array.isArray(value)) return value;
  throw new ParquetFault(`"${what}" is missing`);
}

export function text(value: Value | undefined, what: string): string {
  if (!(value instanceof Uint8Array)) throw new ParquetFault(`"${what}" is missing`);
  return utf8(value, `"${what}"`);
}

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** The text of bytes. Throws {@link ParquetFault} where they are no UTF-8: nothing is replaced silently. */
export function utf8(bytes: Uint8Array, what: string): string {
  try {
    return decoder.decode(bytes);
  } catch {
    throw new ParquetFault(`${what} is not valid UTF-8`);
  }
}
