/** What CTGAN and TVAE share: the heads of their outputs, and reading drawn rows. Dimensions: R rows, W columns. */
import type { Matrix } from '../backend/backend.js';
import type { Head } from '../backend/ops-generative.js';
import { pause } from '../backend/turns.js';
import type { Span } from '../encode/layout.js';
import { InputError, throwIfAborted } from '../errors.js';
import type { Stream } from '../random.js';
import type { Run } from './generator.js';

/** Numbers are made by tanh, everything else by softmax. */
export const headsOf = (spans: readonly Span[]): Head[] =>
  spans.map(({ kind, start, width }) => ({ kind: kind === 'number' ? 'tanh' : 'softmax', start, width }));

/** Rows that are drawn together. */
const CHUNK = 1024;

/** `count` rows (count, W), chunk by chunk; `draw` makes R of them from a stream of their own. The backend's memory is as before. */
export async function drawInChunks(
  count: number,
  width: number,
  stream: Stream,
  run: Run,
  draw: (rows: number, stream: Stream) => Promise<Float32Array>,
): Promise<Float32Array> {
  const out = new Float32Array(count * width);
  for (let from = 0; from < count && width > 0; from += CHUNK) {
    const rows = Math.min(CHUNK, count - from);
    const mark = run.backend.mark();
    try {
      out.set(await draw(rows, stream.child(from)), from * width);
    } finally {
      run.backend.release(mark);
    }
    run.onProgress?.({ phase: 'sample', done: from + rows, total: count });
    await pause();
    throwIfAborted(run.signal);
  }
  throwIfAborted(run.signal);
  return out;
}

/** A matrix of `rows` equal rows. */
export function repeated(run: Run, rows: number, row: readonly number[]): Matrix {
  const values = new Float32Array(rows * row.length);
  for (let i = 0; i < rows; i++) values.set(row, i * row.length);
  return run.backend.matrix(rows, row.length, values);
}

/** Whether a method learns from the minority alone, or from all rows with the class as a condition. */
export function checkLabels({ labels }: { readonly labels: string }): void {
  if (labels !== 'minority' && labels !== 'conditional') throw new InputError(`"labels" expected minority or conditional, got ${labels}`);
}

export function checkCounts(options: Readonly<Record<string, unknown>>, names: readonly string[]): void {
  for (const name of names) {
    for (const value of [options[name]].flat()) {
      if (value !== null && !(Number.isInteger(value) && (value as number) >= 1)) {
        throw new InputError(`"${name}" expected ${Array.isArray(options[name]) ? 'integers' : 'an integer'} of at least 1, got ${value}`);
      }
    }
  }
}

export function checkShares(options: Readonly<Record<string, unknown>>, names: readonly string[]): void {
  for (const name of names) {
    const value = options[name] as number;
    if (!(value >= 0 && value <= 1)) throw new InputError(`"${name}" expected a number in 0..1, got ${value}`);
  }
}
