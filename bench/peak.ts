/** The machine's multiply-add peak in WebAssembly: assembly/bench/peak.ts, compiled here with the core's flags, outside the core. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import asc from 'assemblyscript/asc';
import { consume } from './timer.js';

const root = fileURLToPath(new URL('..', import.meta.url));
const FLAGS = ['-O3', '--converge', '--noAssert', '--runtime', 'stub', '--enable', 'simd'];
const ROUNDS = 5000;

/** Floating-point operations of one call of the body from `peakBody`. */
export const PEAK_FLOPS = ROUNDS * 24 * 8;

/** A body for the timer that runs multiply-adds and nothing else. */
export async function peakBody(): Promise<() => void> {
  let binary: Uint8Array | undefined;
  const { error, stderr } = await asc.main(['assembly/bench/peak.ts', '--outFile', 'peak.wasm', ...FLAGS], {
    readFile: (name, base) => {
      if (name.endsWith('asconfig.json')) return null; // that one is for the core
      try {
        return readFileSync(join(root, base === '.' ? '' : base, name), 'utf8');
      } catch {
        return null;
      }
    },
    writeFile: (_name, contents) => {
      binary = contents as Uint8Array;
    },
    listFiles: () => [],
  });
  if (error || !binary) throw new Error(`assembly/bench/peak.ts does not compile: ${stderr.toString() || error?.message}`);
  const { instance } = await WebAssembly.instantiate(binary as BufferSource);
  const peak = instance.exports.peak as (n: number, x: number, y: number) => number;
  return () => consume(peak(ROUNDS, 0.99, 0.01));
}
