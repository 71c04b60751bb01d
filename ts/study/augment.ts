/** The training part with what a method adds to it: synthetic minority rows, or a weight on the real ones. */
import { ComputeError } from '../errors.js';
import { rowsForRatio } from '../generate/amount.js';
import type { Sampler, TrainingHistory } from '../generate/generator.js';
import type { Stream } from '../random.js';
import { concatTables, type Dataset, type Table } from '../table/table.js';
import type { CellRun } from './cell.js';
import type { Method } from './methods.js';

export interface Augmented {
  readonly features: Table; // real rows, then synthetic ones
  readonly y: Uint8Array;
  readonly synthetic: Table | null;
  /** What made the synthetic rows, for more of them. */
  readonly sampler: Sampler | null;
  /** Weight of a positive row, 1 unless the method weighs. */
  readonly positiveWeight: number;
  /** Share of positive (weight of) rows after augmentation. */
  readonly share: number;
  readonly lossCurve: { readonly steps: readonly number[]; readonly losses: readonly number[] } | null;
  readonly fit_s: number;
  readonly sample_s: number;
}

const LOSS_POINTS = 50;

/** Fits the method on `train` and brings the minority to `ratio` × the majority (minority ÷ majority; never removes rows). */
export async function augment(method: Method, train: Dataset, ratio: number, stream: Stream, run: CellRun): Promise<Augmented> {
  const { positive, negative } = classCounts(train.y);
  const plain = { features: train.features, y: train.y, synthetic: null, sampler: null, lossCurve: null, fit_s: 0, sample_s: 0 };
  if (method.weighted) {
    const positiveWeight = Math.max(1, (ratio * negative) / positive);
    return { ...plain, positiveWeight, share: (positiveWeight * positive) / (positiveWeight * positive + negative) };
  }
  const count = rowsForRatio(negative, positive, ratio);
  if (!method.generator || count === 0) return { ...plain, positiveWeight: 1, share: positive / train.y.length };

  const started = performance.now();
  const sampler = await method.generator.fit(train, stream.child('fit'), run);
  const fitted = performance.now();
  const synthetic = await sampler.sample(count, stream.child('sample'), run);
  const sampled = performance.now();
  const y = new Uint8Array(train.y.length + count).fill(1);
  y.set(train.y);
  return {
    features: concatTables(train.features, synthetic),
    y,
    synthetic,
    sampler,
    positiveWeight: 1,
    share: (positive + count) / y.length,
    lossCurve: thinned(sampler.history),
    fit_s: (fitted - started) / 1000,
    sample_s: (sampled - fitted) / 1000,
  };
}

/** Rows of either class; throws {@link ComputeError} where one is missing. */
export function classCounts(y: Uint8Array): { positive: number; negative: number } {
  let positive = 0;
  for (const value of y) positive += value;
  if (positive === 0 || positive === y.length) {
    throw new ComputeError(`a part of the data has rows of one class only (${positive} of ${y.length} positive); both are needed`);
  }
  return { positive, negative: y.length - positive };
}

/** At most LOSS_POINTS points of the history, evenly spaced, the last one included. */
function thinned({ steps, losses }: TrainingHistory): Augmented['lossCurve'] {
  if (steps.length === 0) return null;
  const points = Math.min(LOSS_POINTS, steps.length);
  const at = Array.from({ length: points }, (_, i) => Math.floor(((i + 1) * steps.length) / points) - 1);
  return { steps: at.map((i) => steps[i] as number), losses: at.map((i) => losses[i] as number) };
}
