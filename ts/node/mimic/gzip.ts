/**
 * Whether a packed file is whole. DuckDB reads a packed file that was cut off between two rows as if it ended there; the checksum at
 * the end of the file tells. It is computed beside the query, on another core.
 */
import { createReadStream } from 'node:fs';
import { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';

/** Larger pieces than the default: fewer turns of the event loop a gigabyte. */
const PIECE = 1 << 20;

/** Resolves to null for a whole file, else to what is wrong with it. Rejects only when `signal` was aborted. */
export async function gzipFault(file: string, signal: AbortSignal, onBytes: (bytes: number) => void): Promise<string | null> {
  const packed = createReadStream(file, { highWaterMark: PIECE });
  const nowhere = new Writable({
    write: (_piece, _encoding, next) => {
      onBytes(packed.bytesRead);
      next();
    },
  });
  try {
    await pipeline(packed, createGunzip({ chunkSize: PIECE }), nowhere, { signal });
    return null;
  } catch (error) {
    if (signal.aborted) throw error;
    const cut = (error as NodeJS.ErrnoException).code === 'Z_BUF_ERROR';
    return cut ? 'the packed file is cut off' : `the packed file is damaged (${(error as Error).message})`;
  }
}
