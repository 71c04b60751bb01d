/** Whole numbers as packed differences: blocks of miniblocks, each with its own number of bits. */
import { type Cursor, ParquetFault, take, varint, zigzag64 } from './cursor.js';

const MOST_BLOCK = 1 << 20;

/** Reads `count` numbers, (count). Throws {@link ParquetFault}. */
export function readDeltas(cursor: Cursor, count: number): BigInt64Array {
  const values = new BigInt64Array(count);
  const block = varint(cursor);
  const miniblocks = varint(cursor);
  const total = varint(cursor);
  const size = block / miniblocks;
  if (!(block > 0 && block <= MOST_BLOCK && size % 8 === 0))
    throw new ParquetFault(`blocks of ${block} differences in ${miniblocks} parts`);
  if (total !== count) throw new ParquetFault(`${total} differences where ${count} values are missing`);
  let value = zigzag64(cursor);
  if (count > 0) values[0] = value;
  for (let seen = 1; seen < count; ) {
    const least = zigzag64(cursor);
    const widths = take(cursor, miniblocks, 'the widths of a block');
    for (let m = 0; m < miniblocks && seen < count; m++) {
      const width = widths[m] as number;
      if (width > 64) throw new ParquetFault(`differences of ${width} bits`);
      const bits = take(cursor, (size / 8) * width, 'a block of differences');
      for (let i = 0; i < size && seen < count; i++) {
        value = BigInt.asIntN(64, value + least + bitsAt(bits, i * width, width));
        values[seen++] = value;
      }
    }
  }
  return values;
}

function bitsAt(bytes: Uint8Array, from: number, width: number): bigint {
  let value = 0n;
  for (let got = 0; got < width; ) {
    const bit = from + got;
    const taken = Math.min(8 - (bit & 7), width - got);
    const part = ((bytes[bit >> 3] as number) >> (bit & 7)) & ((1 << taken) - 1);
    value |= BigInt(part) << BigInt(got);
    got += taken;
  }
  return value;
}

/** The same of lengths of values, whose sum is at most `most`. */
export function readLengths(cursor: Cursor, count: number, most: number): Float64Array {
  const lengths = Float64Array.from(readDeltas(cursor, count), Number);
  let sum = 0;
  for (const length of lengths) {
    if (!(length >= 0 && length <= most)) throw new ParquetFault(`a value of ${length} bytes`);
    sum += length;
  }
  if (sum > most) throw new ParquetFault(`values of ${sum} bytes where ${most} can be`);
  return lengths;
}
