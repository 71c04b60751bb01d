/**
 * Early stop by rows that are not learnt from: their denoising loss, under fixed noise and times, is looked at every so many steps, and
 * the weights with the lowest one are kept.
 *
 * Dimensions: N rows, B rows of a look, F numbers, C category columns, T steps.
 */
import type { Backend, Matrix, Words } from '../backend/backend.js';
import type { DiffusionProcess } from '../backend/ops-diffusion.js';
import { type DenoiserShape, denoiser } from '../nn/denoiser.js';
import type { Stream } from '../random.js';
import { balancedBatches, endless } from './class-batches.js';

/** With fewer rows (of the rarer class, where there are two) nothing is held out: a handful of rows tells nothing about the loss. */
export const FEWEST_ROWS = 20;
const HELD_SHARE = 0.2;
/** Steps between two looks, and looks without a better loss before training ends. */
const LOOK_EVERY = 25;
const PATIENCE = 12;
/** So many times the steps that would be taken without looking, at most. */
export const LONGER = 4;
/** Rows of a look; each held-out row comes with several times and noises. */
const LOOK_ROWS = 1024;

export interface Parts {
  readonly learnt: Uint32Array; // ascending row numbers
  readonly held: Uint32Array;
}

/** Holds out a fifth of `rows` rows, whole groups together; null where there are too few rows, or too few groups to part. */
export function holdOut(rows: number, labels: Uint8Array | null, group: Int32Array | null, stream: Stream): Parts | null {
  const all = Uint32Array.from({ length: rows }, (_, row) => row);
  const labelOf = (row: number) => labels?.[row] ?? 1;
  const counts = [0, 1].map((label) => all.reduce((n, row) => n + Number(labelOf(row) === label), 0)) as [number, number];
  const rarer = counts[0] > 0 && counts[0] < counts[1] ? 0 : 1;
  if (counts[rarer] < FEWEST_ROWS) return null;
  const units = new Map<number, number[]>();
  for (const row of all) {
    const key = group?.[row] ?? row;
    const unit = units.get(key);
    if (unit) unit.push(row);
    else units.set(key, [row]);
  }
  const order = [...units.values()];
  const held = new Set<number>();
  const found = [0, 0] as [number, number];
  const wanting = (row: number) => found[labelOf(row) as 0 | 1] < HELD_SHARE * counts[labelOf(row) as 0 | 1];
  for (const at of stream.permutation(order.length)) {
    const unit = order[at] as number[];
    if (!unit.some(wanting)) continue;
    for (const row of unit) {
      held.add(row);
      found[labelOf(row) as 0 | 1]++;
    }
  }
  const parts = { learnt: all.filter((row) => !held.has(row)), held: all.filter((row) => held.has(row)) };
  const whole = [0, 1].every(
    (label) => counts[label] === 0 || [parts.learnt, parts.held].every((p) => p.some((row) => labelOf(row) === label)),
  );
  return whole ? parts : null;
}

/** Where the looks found the lowest loss. */
export interface Kept {
  readonly step: number;
  readonly loss: number;
}

export interface HeldOutWatch {
  goOn(step: number): Promise<boolean>;
  /** Null before the first look. */
  best(): { readonly weights: Float32Array; readonly kept: Kept } | null;
}

/** The data of a training, on the backend. */
export interface TrainingData {
  readonly x0: Matrix; // (N, F)
  readonly codes: Words; // (N·C)
  readonly labels: Uint8Array | null; // (N)
}

/** Watches `weights` (1, P) on the rows of `held`. */
export function watchHeldOut(
  backend: Backend,
  chain: DiffusionProcess,
  shape: DenoiserShape,
  { x0, codes, labels }: TrainingData,
  held: Uint32Array,
  weights: Matrix,
  stream: Stream,
): HeldOutWatch {
  const { diffusion } = backend;
  const [B, T, F, C] = [LOOK_ROWS, chain.steps, x0.cols, chain.layout.levels.length];
  const rows = lookRows(labels, held, stream.child('rows'));
  const index = backend.words(B, rows);
  // every time equally often, in an order of its own
  const times = backend.words(
    B,
    stream
      .child('times')
      .permutation(B)
      .map((at) => Math.floor((at * T) / B)),
  );
  const classes =
    labels &&
    backend.words(
      B,
      Uint32Array.from(rows, (row) => labels[row] as number),
    );
  const [input, output, dOutput] = [0, 1, 2].map(() => backend.matrix(B, shape.width)) as [Matrix, Matrix, Matrix];
  const [target, noised, losses] = [backend.matrix(B, F), backend.words(B * C), backend.matrix(1, 2)];
  diffusion.noise(chain, x0, codes, index, times, stream.child('noise'), input, target, noised);
  const table = backend.matrix(T, shape.hidden);
  diffusion.timeEmbedding(
    backend.words(
      T,
      Uint32Array.from({ length: T }, (_, t) => t),
    ),
    table,
  );
  const net = denoiser(backend, shape, weights, weights, B, T); // never goes backward
  let best: { weights: Float32Array; kept: Kept } = { weights: new Float32Array(0), kept: { step: 0, loss: Number.POSITIVE_INFINITY } };
  return {
    async goOn(step) {
      if (step % LOOK_EVERY !== 0) return true;
      net.forward(input, { table, index: times }, classes, output);
      diffusion.loss(chain, output, target, codes, index, noised, times, dOutput, losses, 0);
      const loss = (await backend.read(losses)).reduce((sum, part) => sum + part, 0);
      if (loss < best.kept.loss) best = { weights: await backend.read(weights), kept: { step, loss } };
      return step - best.kept.step < PATIENCE * LOOK_EVERY;
    },
    best: () => (best.kept.step === 0 ? null : best),
  };
}

function lookRows(labels: Uint8Array | null, held: Uint32Array, stream: Stream): Uint32Array {
  if (labels) return balancedBatches(labels, LOOK_ROWS, stream, held)();
  const next = endless(held.length, stream);
  return Uint32Array.from({ length: LOOK_ROWS }, () => held[next()] as number);
}
