/** From the bytes of a file to its text. Only UTF-8 is read: a wrong guess would silently change patients' data. */
import { InputError } from '../errors.js';

const startsWith = (bytes: Uint8Array, ...head: number[]): boolean => head.every((byte, i) => bytes[i] === byte);

/** What a file that is no text at all looks like. */
function foreignFormat(bytes: Uint8Array): string | null {
  if (startsWith(bytes, 0x50, 0x4b, 0x03, 0x04)) return 'an Excel workbook or another ZIP archive';
  if (startsWith(bytes, 0xd0, 0xcf, 0x11, 0xe0)) return 'an old Excel workbook';
  if (startsWith(bytes, 0x1f, 0x8b)) return 'a gzip archive';
  if (startsWith(bytes, 0x50, 0x41, 0x52, 0x31)) return 'a Parquet file';
  return null;
}

/** Two-byte text, with its mark or told by a zero in every second byte of the first characters. */
function isUtf16(bytes: Uint8Array): boolean {
  if (startsWith(bytes, 0xff, 0xfe) || startsWith(bytes, 0xfe, 0xff)) return bytes.length % 2 === 0;
  const head = bytes.subarray(0, 8);
  const zeros = (parity: number) => head.every((byte, i) => (i % 2 === parity) === (byte === 0));
  return head.length === 8 && (zeros(0) || zeros(1));
}

/** The first line (from 1) that is not valid UTF-8. No character of UTF-8 contains the byte of a line feed, so lines decode alone. */
function firstBadLine(bytes: Uint8Array): number {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let line = 1;
  for (let start = 0; start <= bytes.length; line++) {
    const found = bytes.indexOf(10, start);
    const end = found < 0 ? bytes.length : found;
    try {
      decoder.decode(bytes.subarray(start, end));
    } catch {
      return line;
    }
    start = end + 1;
  }
  return line;
}

/** Decodes a file's bytes as UTF-8, without its byte order mark. */
export function decodeText(bytes: Uint8Array, file: string): string {
  const foreign = foreignFormat(bytes);
  if (foreign !== null) throw new InputError(`${file}: this is ${foreign}, not a CSV; save the table as "CSV UTF-8" and give that file`);
  if (isUtf16(bytes)) throw new InputError(`${file}: the text is UTF-16; save the table as "CSV UTF-8" and give that file`);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes); // drops the mark
  } catch {
    throw new InputError(
      `${file}, line ${firstBadLine(bytes)}: the text is not valid UTF-8 (perhaps Latin-1 or Windows-1252); save the table as "CSV UTF-8" and give that file`,
    );
  }
}
