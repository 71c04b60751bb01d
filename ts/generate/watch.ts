/**
 * A look at what a trained model draws: collapsed training ends in an error, rows that lie too near to the real ones in a warning.
 *
 * Dimensions: N rows, W = F numbers + ΣK levels.
 */
import type { Backend, Matrix } from '../backend/backend.js';
import { type Turn, turnsFor } from '../backend/turns.js';
import { type Encoded, fitEncoder } from '../encode/encoder.js';
import { ComputeError } from '../errors.js';
import type { Stream } from '../random.js';
import type { Table } from '../table/table.js';
import { collapseOf } from './collapse.js';
import type { Run, Sampler } from './generator.js';

/** Rows that are drawn for the look. */
const LOOK_ROWS = 256;
/** Fewer real rows tell nothing about the distances among them. */
const FEWEST_ROWS = 5;
/** A ratio of distances below this makes a warning. */
const TOO_NEAR = 0.5;

/**
 * Draws rows by `sample` and compares them with the real ones that were learnt from. Throws {@link ComputeError} where they have
 * collapsed; returns warnings.
 */
export async function watchDraws(real: Table, sample: Sampler['sample'], stream: Stream, run: Run): Promise<readonly string[]> {
  const { backend, signal } = run;
  const drawn = await sample(LOOK_ROWS, stream, { backend, signal });
  const turn = turnsFor(signal);
  await turn();
  const collapsed = collapseOf(real, drawn);
  if (collapsed !== null) {
    throw new ComputeError(
      `training collapsed: of ${LOOK_ROWS} drawn rows ${collapsed}, unlike the real rows; lower the learning rate, change the number of steps, or choose another method`,
    );
  }
  await turn();
  const ratio = await nearness(backend, real, drawn, turn);
  if (ratio === null || ratio >= TOO_NEAR) return [];
  return [
    `synthetic rows lie near to real ones: their median distance to the nearest row that was learnt from is ${ratio.toFixed(2)} of that from one real row to the next (warned below ${TOO_NEAR}); do not take them for anonymous`,
  ];
}

/**
 * Median distance of drawn rows to their nearest real row ÷ that of each real row to its nearest other one, in normal scores and levels.
 * About 1 for rows as new as unseen patients, 0 for copies; null where there are too few rows, or most real ones are copies of each other.
 */
export async function nearness(backend: Backend, real: Table, drawn: Table, turn = turnsFor(undefined)): Promise<number | null> {
  if (real.rows < FEWEST_ROWS || drawn.rows === 0) return null;
  const encoder = fitEncoder(real, backend.special);
  await turn();
  if (encoder.numeric + encoder.levels.length === 0) return null;
  const mark = backend.mark();
  try {
    const [own, made] = [real, drawn].map((table) => {
      const rows = placed(encoder.encode(table), encoder.numeric, encoder.levels);
      return backend.matrix(table.rows, rows.length / table.rows, rows);
    }) as [Matrix, Matrix];
    const usual = median(await nearestOthers(backend, own, turn));
    await turn();
    return usual > 0 ? median(backend.distance.nearest(made, own)) / usual : null;
  } finally {
    backend.release(mark);
  }
}

/** Pairs of rows that are compared in one call. */
const PAIRS = 4e6;

/** Squared distance from each row to its nearest other one; (N). The nearest of all is the row itself, or a copy of it. */
async function nearestOthers({ view, distance }: Backend, own: Matrix, turn: Turn): Promise<Float32Array> {
  const { rows, cols } = own;
  const out = new Float32Array(rows);
  const part = Math.max(16, Math.floor(PAIRS / rows));
  for (let from = 0; from < rows; from += part) {
    await turn();
    const count = Math.min(part, rows - from);
    const { squared } = distance.neighbours(view(own, from * cols, count, cols), own, 2);
    for (let i = 0; i < count; i++) out[from + i] = squared[2 * i + 1] as number;
  }
  return out;
}

/** Rows as points (N, W): normal scores, and levels of which two that differ are 1 apart. */
function placed({ rows, numeric, codes }: Encoded, F: number, levels: readonly number[]): Float32Array {
  const W = levels.reduce((sum, k) => sum + k, F);
  const out = new Float32Array(rows * W);
  for (let row = 0; row < rows; row++) {
    out.set(numeric.subarray(row * F, (row + 1) * F), row * W);
    let at = row * W + F;
    levels.forEach((k, c) => {
      out[at + (codes[row * levels.length + c] as number)] = Math.sqrt(0.5);
      at += k;
    });
  }
  return out;
}

/** Of distances, given squared. */
function median(squared: Float32Array): number {
  const sorted = squared.map(Math.sqrt).sort();
  return ((sorted[(sorted.length - 1) >> 1] as number) + (sorted[sorted.length >> 1] as number)) / 2;
}
