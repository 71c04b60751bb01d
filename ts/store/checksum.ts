/** CRC-32 (ISO 3309, as in gzip and PNG): notices every flipped bit and every burst of up to 32. It keeps no forger out. */

let table: Uint32Array | undefined;

function newTable(): Uint32Array {
  return Uint32Array.from({ length: 256 }, (_, byte) => {
    let c = byte;
    for (let k = 0; k < 8; k++) c = c & 1 ? (c >>> 1) ^ 0xedb88320 : c >>> 1;
    return c;
  });
}

/** The checksum of `bytes`, or of what came before (its checksum) with `bytes` behind it. */
export function crc32(bytes: Uint8Array, before = 0): number {
  table ??= newTable();
  let c = ~before;
  for (let i = 0; i < bytes.length; i++) c = (c >>> 8) ^ (table[(c ^ (bytes[i] as number)) & 0xff] as number);
  return ~c >>> 0;
}

/** Eight hexadecimal digits. */
export const hex = (checksum: number): string => checksum.toString(16).padStart(8, '0');
