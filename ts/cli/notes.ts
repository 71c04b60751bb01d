/** What a command says beside its result, on stderr. */
import type { Progress } from '../generate/generator.js';

/** What the reader of a table or the owner of a model should know. */
export function printWarnings(warnings: readonly string[]): void {
  for (const warning of warnings) process.stderr.write(`note: ${warning}\n`);
}

/** One line that is written over, on a terminal only: what a single task is at. */
export function progressLine(stream = process.stderr): { show(progress: Progress): void; clear(): void } {
  if (!stream.isTTY) return { show: () => undefined, clear: () => undefined };
  return {
    show: ({ phase, done, total }) => stream.write(`\r${phase} ${Math.floor((100 * done) / Math.max(1, total))}% \x1b[K`),
    clear: () => stream.write('\r\x1b[K'),
  };
}
