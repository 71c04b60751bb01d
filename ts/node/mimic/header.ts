/** The first line of a CSV file, packed or not. */
import { closeSync, openSync, readSync } from 'node:fs';
import { constants, gunzipSync } from 'node:zlib';
import Papa from 'papaparse';
import { InputError } from '../../errors.js';
import { onFile } from '../files.js';

/** A header line is far shorter than what is read of the file. */
const FIRST_BYTES = 1 << 16;

/** The names of the columns in lower case, and whether the file is packed: its first bytes say so, whatever its name. */
export function readHeader(file: string): { columns: string[]; gzip: boolean } {
  const bytes = onFile(file, 'read', () => firstBytes(file));
  const gzip = bytes[0] === 0x1f && bytes[1] === 0x8b;
  if (!gzip && /\.gz$/i.test(file) && bytes.length > 0) throw new InputError(`${file} is not a gzip file: download it again`);
  const text = (gzip ? unpacked(bytes, file) : bytes).toString('utf8').replace(/^\ufeff/, '');
  if (text.trim() === '') throw new InputError(`${file} is empty${gzip ? ' or cut off' : ''}: expected a header and rows`);
  const [line, ...rest] = text.split(/\r\n|\n|\r/);
  if (rest.join('').trim() === '') throw new InputError(`${file} has no rows: expected a header and rows below it`);
  const [cells] = Papa.parse<string[]>(line as string, { delimiter: ',' }).data;
  return { columns: (cells ?? []).map((name) => name.trim().toLowerCase()), gzip };
}

function firstBytes(file: string): Buffer {
  const handle = openSync(file, 'r');
  try {
    const buffer = Buffer.alloc(FIRST_BYTES);
    return buffer.subarray(0, readSync(handle, buffer, 0, FIRST_BYTES, 0));
  } finally {
    closeSync(handle);
  }
}

function unpacked(bytes: Buffer, file: string): Buffer {
  try {
    return gunzipSync(bytes, { finishFlush: constants.Z_SYNC_FLUSH });
  } catch {
    throw new InputError(`${file}: the packed file is damaged; download it again`);
  }
}
