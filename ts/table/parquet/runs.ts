/** Small whole numbers as runs of one value and as groups of eight with a fixed number of bits: levels, dictionary indices, booleans. */
import { type Cursor, left, littleEndian, ParquetFault, varint } from './cursor.js';

/** Reads `count` numbers of `width` bits, (count). Throws {@link ParquetFault} for runs that are longer, and for too few bytes. */
export function readRuns(cursor: Cursor, width: number, count: number): Uint32Array {
  if (width > 32) throw new ParquetFault(`indices of ${width} bits`);
  const values = new Uint32Array(count);
  for (let seen = 0; seen < count; ) {
    const head = varint(cursor);
    const length = Math.floor(head / 2);
    if (head % 2 === 0) {
      if (length > count - seen) throw new ParquetFault(`a run of ${length} values where ${count - seen} are missing`);
      values.fill(littleEndian(cursor, Math.ceil(width / 8)), seen, seen + length);
      seen += length;
    } else {
      if (length > Math.ceil((count - seen) / 8)) throw new ParquetFault(`${length} groups of values where ${count - seen} are missing`);
      const here = Math.min(length * 8, count - seen);
      unpackBits(cursor, width, values.subarray(seen, seen + here));
      cursor.at += Math.min(length * width, left(cursor)); // writers leave the rest of the last group out
      seen += here;
    }
  }
  return values;
}

/** Numbers of `width` bits side by side, the lowest bit first. The cursor stays. */
function unpackBits({ bytes, at }: Cursor, width: number, values: Uint32Array): void {
  if (Math.ceil((values.length * width) / 8) > bytes.length - at) throw new ParquetFault('groups of values end too early');
  for (let i = 0; i < values.length; i++) {
    let value = 0;
    for (let got = 0; got < width; ) {
      const bit = i * width + got;
      const taken = Math.min(8 - (bit & 7), width - got);
      const part = ((bytes[at + Math.floor(bit / 8)] as number) >> (bit & 7)) & ((1 << taken) - 1);
      value |= part << got;
      got += taken;
    }
    values[i] = value;
  }
}
