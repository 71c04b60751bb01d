/** Files as the command line needs them: plain errors, whole files or none, and outputs that are known to be writable before work starts. */
import { accessSync, closeSync, constants, mkdirSync, openSync, readFileSync, renameSync, rmSync, statSync, writeSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { InputError } from '../errors.js';

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
