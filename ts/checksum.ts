/** CRC-32 (ISO 3309, as in gzip and PNG): notices every flipped bit and every burst of up to 32. It keeps no forger out. */

/** Four tables one behind the other: of a byte, and of a byte with one, two and three zeros behind it. */
let tables: Uint32Array | undefined;

function newTables(): Uint32Array {
  const out = new Uint32Array(4 * 256);
  for (let byte = 0; byte < 256; byte++) {
    let c = byte;
    for (let k = 0; k < 8; k++) c = c & 1 ? (c >>> 1) ^ 0xedb88320 : c >>> 1;
    out[byte] = c;
  }
  for (let i = 256; i < out.length; i++) {
    const c = out[i - 256] as number;
    out[i] = (c >>> 8) ^ (out[c & 0xff] as number);
  }
  return out;
}

/** The checksum of `bytes`, or of what came before (its checksum) with `bytes` behind it. Four bytes a step (Kounavis and Berry 2005). */
export function crc32(bytes: Uint8Array, before = 0): number {
  tables ??= newTables();
  const t = tables;
  const byte = (i: number): number => (c >>> 8) ^ (t[(c ^ (bytes[i] as number)) & 0xff] as number);
  let c = ~before;
  let i = 0;
  for (; i < bytes.length && (bytes.byteOffset + i) % 4 !== 0; i++) c = byte(i);
  const aligned = bytes.length - i >= 4 ? bytes.byteOffset + i : 0;
  const words = new Int32Array(bytes.buffer, aligned, (bytes.length - i) >> 2); // little-endian, as every engine's memory
  for (let w = 0; w < words.length; w++) {
    c ^= words[w] as number;
    c =
      (t[768 + (c & 0xff)] as number) ^
      (t[512 + ((c >>> 8) & 0xff)] as number) ^
      (t[256 + ((c >>> 16) & 0xff)] as number) ^
      (t[c >>> 24] as number);
  }
  i += words.length * 4;
  for (; i < bytes.length; i++) c = byte(i);
  return ~c >>> 0;
}

/** Eight hexadecimal digits. */
export const hex = (checksum: number): string => checksum.toString(16).padStart(8, '0');
