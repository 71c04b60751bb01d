/** What a command says beside its result, on stderr. */
import { fstatSync, writeSync } from 'node:fs';
import type { Progress } from '../generate/generator.js';

/** Writes to the standard output without the stream that Node makes for it, which takes longer than short work. */
export function say(text: string): void {
  try {
    writeSync(1, text);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EAGAIN') process.stdout.write(text);
    else if (code !== 'EPIPE') throw error; // the reader has seen enough
  }
}

/** What the reader of a table or the owner of a model should know. */
export function printWarnings(warnings: readonly string[]): void {
  for (const warning of warnings) process.stderr.write(`note: ${warning}\n`);
}

/** One line that is written over, on a terminal only: what a single task is at. */
export function progressLine(): { show(progress: Progress): void; clear(): void } {
  if (!(isDevice(2) && process.stderr.isTTY)) return { show: () => undefined, clear: () => undefined };
  const stream = process.stderr;
  return {
    show: ({ phase, done, total }) => stream.write(`\r${phase} ${Math.floor((100 * done) / Math.max(1, total))}% \x1b[K`),
    clear: () => stream.write('\r\x1b[K'),
  };
}

/** Whether there may be a terminal: asking the stream would make Node load all that streams need. */
function isDevice(handle: number): boolean {
  try {
    return fstatSync(handle).isCharacterDevice();
  } catch {
    return false; // closed
  }
}
