/** Files as the command line needs them: plain errors, whole files or none, and outputs that are known to be writable before work starts. */
import { createHash, type Hash } from 'node:crypto';
import {
  accessSync,
  closeSync,
  constants,
  fstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { InputError } from '../errors.js';
import { type Chunks, PIECE } from '../table/chunks.js';

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file or folder',
  EACCES: 'permission denied',
  EPERM: 'operation not permitted',
  EROFS: 'the file system is read-only',
  EISDIR: 'it is a folder',
  ENOTDIR: 'a part of its path is a file',
  EEXIST: 'a part of its path is a file',
  ENOSPC: 'no space is left on the device',
  EDQUOT: 'the disk quota is used up',
  ENAMETOOLONG: 'the name is too long',
  ELOOP: 'too many symbolic links',
  EMFILE: 'too many files are open',
  EBUSY: 'it is in use',
};

const codeOf = (error: unknown): string => (error as NodeJS.ErrnoException).code ?? '';
const reason = (error: unknown): string => REASONS[codeOf(error)] ?? ((error as Error).message || String(error));

/** The bytes of a file that the user named. Throws {@link InputError} with the file's name and what is wrong. */
export function readBytes(file: string): Uint8Array {
  try {
    return readFileSync(file);
  } catch (error) {
    throw new InputError(`cannot read ${file}: ${reason(error)}`);
  }
}

/**
 * The bytes of a file that the user named, piece by piece and as often as they are wanted; what is no plain file, such as a pipe, is read
 * whole. `hash` is given all of them once. Throws {@link InputError} as {@link readBytes} does, and where the file was changed meanwhile.
 */
export function fileChunks(file: string, hash?: Hash): Chunks {
  if (!isPlainFile(file)) {
    const bytes = readBytes(file);
    hash?.update(bytes);
    return () => [bytes];
  }
  let before: string | null = null;
  return function* () {
    const handle = onFile(file, 'read', () => openSync(file, 'r'));
    try {
      const isFirst = before === null;
      before = unchanged(file, handle, before);
      const piece = new Uint8Array(PIECE);
      for (;;) {
        const length = onFile(file, 'read', () => readSync(handle, piece));
        if (length === 0) break;
        const bytes = piece.subarray(0, length);
        if (isFirst) hash?.update(bytes);
        yield bytes;
      }
      unchanged(file, handle, before);
    } finally {
      closeSync(handle);
    }
  };
}

/** Size and time of an open file; throws {@link InputError} where they are not those of `before`. */
function unchanged(file: string, handle: number, before: string | null): string {
  const { size, mtimeMs } = fstatSync(handle);
  const state = `${size} ${mtimeMs}`;
  if (before !== null && before !== state) throw new InputError(`cannot read ${file}: it was changed while it was read; give it again`);
  return state;
}

function isPlainFile(file: string): boolean {
  try {
    return statSync(file).isFile();
  } catch {
    return false; // reading says what is wrong
  }
}

/** Checksum and size of a file that the user named. */
export function fingerprint(file: string): { readonly sha256: string; readonly bytes: number } {
  const hash = createHash('sha256');
  let bytes = 0;
  for (const chunk of fileChunks(file, hash)()) bytes += chunk.length;
  return { sha256: hash.digest('hex'), bytes };
}

/** Writes a whole file or nothing: into a neighbour first, which then takes the name. */
export function writeWhole(file: string, content: string | Uint8Array): void {
  const part = join(dirname(file), `.${basename(file)}.${process.pid}.part`);
  try {
    const handle = openSync(part, 'w');
    try {
      writeAll(handle, typeof content === 'string' ? Buffer.from(content) : content);
    } finally {
      closeSync(handle);
    }
    renameSync(part, file);
  } catch (error) {
    rmSync(part, { force: true });
    throw new InputError(`cannot write ${file}: ${reason(error)}`);
  }
}

/** Writes every byte; one `write` may take fewer. */
export function writeAll(handle: number, bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length; ) at += writeSync(handle, bytes, at);
}

/** Throws {@link InputError} when `file` could not be written later; leaves nothing behind. */
export function checkWritable(file: string): void {
  let folder = false;
  try {
    folder = statSync(file).isDirectory();
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw new InputError(`cannot write ${file}: ${reason(error)}`);
  }
  if (folder) throw new InputError(`cannot write ${file}: it is a folder; name a file`);
  try {
    accessSync(dirname(resolve(file)), constants.W_OK | constants.X_OK);
  } catch (error) {
    const why = codeOf(error) === 'ENOENT' ? `the folder ${dirname(file)} does not exist; make it first` : reason(error);
    throw new InputError(`cannot write ${file}: ${why}`);
  }
}

/** Makes a folder for results and sees that files can be written in it. */
export function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true });
    const probe = join(folder, `.probe.${process.pid}`);
    closeSync(openSync(probe, 'w'));
    rmSync(probe);
  } catch (error) {
    throw new InputError(`cannot write results to ${folder}: ${reason(error)}; choose another folder with --out`);
  }
}

/** Runs a file operation in the course of work; what goes wrong becomes one sentence. */
export function onFile<T>(file: string, deed: string, operation: () => T): T {
  try {
    return operation();
  } catch (error) {
    throw error instanceof InputError ? error : new InputError(`cannot ${deed} ${file}: ${reason(error)}`);
  }
}

/** A command never writes over what it reads. */
export function refuseOverwrite(out: string, inputs: readonly string[], option = '--out'): void {
  const same = inputs.find((input) => resolve(input) === resolve(out));
  if (same !== undefined) throw new InputError(`"${option}" expected another file than ${same}, which is read`);
}
