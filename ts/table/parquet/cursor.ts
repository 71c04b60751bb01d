/** A place in bytes that never leaves them: whatever a damaged file says, reading ends at the last byte with a {@link ParquetFault}. */

/** What is wrong with a Parquet file, and what to do where that is known. The reader puts the file's name before it. */
export class ParquetFault extends Error {
  readonly remedy: string | null;

  constructor(message: string, remedy: string | null = null) {
    super(message);
    this.remedy = remedy;
  }
}

export interface Cursor {
  readonly bytes: Uint8Array;
  at: number;
}

export const cursorOf = (bytes: Uint8Array): Cursor => ({ bytes, at: 0 });

export const left = ({ bytes, at }: Cursor): number => bytes.length - at;

export function byte(cursor: Cursor): number {
  if (left(cursor) < 1) throw new ParquetFault('it ends in the middle of a value');
  return cursor.bytes[cursor.at++] as number;
}

/** The next bytes, as a view. */
export function take(cursor: Cursor, length: number, what: string): Uint8Array {
  if (!(length >= 0 && length <= left(cursor))) {
    throw new ParquetFault(`${what} should have ${length} bytes, but ${left(cursor)} are there`);
  }
  cursor.at += length;
  return cursor.bytes.subarray(cursor.at - length, cursor.at);
}

/** A number of some bytes, the lowest first. */
export function littleEndian(cursor: Cursor, bytes: number): number {
  let value = 0;
  for (let i = 0, scale = 1; i < bytes; i++, scale *= 256) value += byte(cursor) * scale;
  return value;
}

/** Seven bits a byte, the lowest first; exact below 2⁵³, and a number of up to 64 bits stays as large as it is. */
export function varint(cursor: Cursor): number {
  let value = 0;
  for (let scale = 1, bytes = 0; bytes < 10; bytes++, scale *= 128) {
    const next = byte(cursor);
    value += (next & 127) * scale;
    if (next < 128) return value;
  }
  throw new ParquetFault('a number is longer than 64 bits');
}

/** The same with the sign in the lowest bit. */
export function zigzag(cursor: Cursor): number {
  const value = varint(cursor);
  return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
}

/** The same exactly. */
export function zigzag64(cursor: Cursor): bigint {
  let value = 0n;
  for (let shift = 0n; shift < 70n; shift += 7n) {
    const next = byte(cursor);
    value |= BigInt(next & 127) << shift;
    if (next < 128) return BigInt.asIntN(64, (value >> 1n) ^ -(value & 1n));
  }
  throw new ParquetFault('a number is longer than 64 bits');
}
