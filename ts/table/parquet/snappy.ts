/** Snappy: literals and copies of what was written before, after the length of the whole. */
import { byte, type Cursor, cursorOf, left, littleEndian, ParquetFault, take, varint } from './cursor.js';

/** Three bytes copy at most 64, so that no page grows more than this many times. */
const MOST_GROWTH = 22;

/** Unpacks a block of `size` bytes. Throws {@link ParquetFault} where it is damaged, before any large allocation. */
export function unpackSnappy(packed: Uint8Array, size: number): Uint8Array {
  if (size > packed.length * MOST_GROWTH) throw new ParquetFault(`a page of ${packed.length} bytes cannot hold ${size}`);
  if (size === 0 && packed.length === 0) return packed; // as some writers leave a page without values
  const cursor = cursorOf(packed);
  const said = varint(cursor);
  if (said !== size) throw new ParquetFault(`a page unpacks to ${said} bytes, its header says ${size}`);
  const out = new Uint8Array(size);
  let end = 0;
  while (left(cursor) > 0) {
    const tag = byte(cursor);
    const kind = tag & 3;
    if (kind === 0) {
      const bytes = take(cursor, literalLength(cursor, tag >> 2), 'a run of a packed page');
      if (bytes.length > size - end) throw new ParquetFault('a packed page is longer than it says');
      out.set(bytes, end);
      end += bytes.length;
      continue;
    }
    const length = kind === 1 ? ((tag >> 2) & 7) + 4 : (tag >> 2) + 1;
    const offset = kind === 1 ? (tag >> 5) * 256 + byte(cursor) : littleEndian(cursor, kind === 2 ? 2 : 4);
    if (offset < 1 || offset > end || length > size - end) throw new ParquetFault('a packed page copies from outside of itself');
    for (let i = 0; i < length; i++) out[end + i] = out[end + i - offset] as number; // may overlap
    end += length;
  }
  if (end !== size) throw new ParquetFault(`a page unpacks to ${end} bytes, its header says ${size}`);
  return out;
}

/** Lengths up to 60 are in the tag; 61 to 64 there say how many bytes follow that tell it. */
const literalLength = (cursor: Cursor, short: number): number => 1 + (short < 60 ? short : littleEndian(cursor, short - 59));
