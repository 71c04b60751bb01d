/**
 * One writer a folder. The lock file names its process; after a `kill -9` the next run sees that this process is gone and takes
 * over. A process number may have been given to another program since, so its start time is compared too where the system tells it.
 */
import { closeSync, openSync, readFileSync, renameSync, rmSync, writeSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { InputError } from '../errors.js';

interface Holder {
  readonly pid: number;
  readonly host: string;
  readonly started: string | null;
}

/** Clock ticks from boot to the start of a process (field 22 of /proc/PID/stat; the name in parentheses may hold spaces). */
function startOf(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? null;
  } catch {
    return null;
  }
}

function isAlive(holder: Holder): boolean {
  if (holder.host !== hostname()) return true; // cannot be known from here
  try {
    process.kill(holder.pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
  }
  return holder.started === startOf(holder.pid);
}

function parse(text: string): Holder | null {
  try {
    const { pid, host, started } = JSON.parse(text) as Partial<Holder>;
    return typeof pid === 'number' && typeof host === 'string' ? { pid, host, started: started ?? null } : null;
  } catch {
    return null; // the holder died while writing it
  }
}

/** Takes the lock of `folder` and returns what gives it back. Throws {@link InputError} while another process holds it. */
export function takeLock(folder: string): () => void {
  const file = join(folder, '.lock');
  const own = JSON.stringify({ pid: process.pid, host: hostname(), started: startOf(process.pid) } satisfies Holder);
  for (let attempt = 0; attempt < 3; attempt++) {
    if (create(file, own)) return () => rmSync(file, { force: true });
    const text = read(file);
    if (text === null) continue; // given back meanwhile
    const holder = parse(text);
    if (holder && isAlive(holder)) break;
    setAside(file, text);
  }
  const holder = parse(read(file) ?? '');
  const who = holder ? `process ${holder.pid}${holder.host === hostname() ? '' : ` on ${holder.host}`}` : 'another process';
  throw new InputError(
    `${who} is writing to ${folder}; wait for it, choose another folder with --out, or remove ${file} if it no longer runs`,
  );
}

function create(file: string, content: string): boolean {
  try {
    const handle = openSync(file, 'wx');
    writeSync(handle, content);
    closeSync(handle);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

function read(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return null;
  }
}

/** Moves a dead process's lock away; when another run was faster and the file is its own already, puts it back. */
function setAside(file: string, judged: string): void {
  const aside = `${file}.${process.pid}`;
  try {
    renameSync(file, aside);
  } catch {
    return;
  }
  if (read(aside) === judged) rmSync(aside, { force: true });
  else renameSync(aside, file);
}
