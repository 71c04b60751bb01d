/** The training part with what a method adds to it: synthetic minority rows, or a weight on the real ones. */
import { ComputeError } from '../errors.js';
import { rowsForRatio } from '../generate/amount.js';
import { type Acceptance, type HoldingSampler, holdingSampler } from '../generate/constrained.js';
import type { Generator, Sampler, TrainingHistory } from '../generate/generator.js';
import { minorityRows } from '../generate/minority.js';
import type { Stream } from '../random.js';
import { concatTables, type Dataset, type Table } from '../table/table.js';
import type { CellRun } from './cell.js';
import type { Method } from './methods.js';

export interface Augmented {
  readonly features: Table; // real rows, then synthetic ones
  readonly y: Uint8Array;
  /** The synthetic minority rows. For a blend a sample of them: it draws its own for each learner, and `features` are real. */
  readonly synthetic: Table | null;
  /** All rows that were added, of both classes. */
  readonly added: number;
  /** What made the synthetic rows, for more of them. */
  readonly sampler: Sampler | null;
  /** How many of the rows that it has drawn so far held the table's constraints; null where there are none. */
  readonly acceptance: () => Acceptance | null;
  /** Weight of a positive row, 1 unless the method weighs. */
  readonly positiveWeight: number;
  /** Share of positive (weight of) rows after augmentation. */
  readonly share: number;
  readonly lossCurve: { readonly steps: readonly number[]; readonly losses: readonly number[] } | null;
  readonly fit_s: number;
  readonly sample_s: number;
}

const LOSS_POINTS = 50;

/** A fitted generator, its rows held to the table's constraints, and what its training took. */
export interface Fit extends HoldingSampler {
  readonly fit_s: number;
}

/** Fits a generator on `train`; methods of the same model fit once in `run.shared`, from a stream that knows the model's name only. */
export async function fitGenerator(generator: Generator, train: Dataset, part: string, stream: Stream, run: CellRun): Promise<Fit> {
  minorityRows(train, generator); // a shared model may need fewer rows than the method
  const { model } = generator;
  const { name } = model ?? generator;
  const { learnt, fit_s } = await run.shared.once(`${part}\t${name}`, async () => {
    const started = performance.now();
    const learnt: unknown = await (model ?? generator).fit(train, stream.child(name), { ...run, onProgress: run.onTraining });
    return { learnt, fit_s: (performance.now() - started) / 1000 };
  });
  return { ...holdingSampler(model ? model.from(learnt) : (learnt as Sampler), train), fit_s };
}

/**
 * Brings the minority of `train` to `ratio` × the majority (minority ÷ majority; never removes rows) as the method does. A method that
 * learns both classes adds as many rows, of both at the real prior. `fit` is asked only where rows are to be drawn.
 */
export async function augment(
  method: Method,
  train: Dataset,
  ratio: number,
  fit: (generator: Generator) => Promise<Fit>,
  stream: Stream,
  run: CellRun,
): Promise<Augmented> {
  const { positive, negative } = classCounts(train.y);
  const plain = {
    features: train.features,
    y: train.y,
    synthetic: null,
    added: 0,
    sampler: null,
    acceptance: () => null,
    positiveWeight: 1,
    share: positive / train.y.length,
    lossCurve: null,
    fit_s: 0,
    sample_s: 0,
  };
  if (method.treatment === 'weigh') {
    const positiveWeight = Math.max(1, (ratio * negative) / positive);
    return { ...plain, positiveWeight, share: (positiveWeight * positive) / (positiveWeight * positive + negative) };
  }
  const blended = method.treatment === 'blend';
  const count = blended ? positive : rowsForRatio(negative, positive, ratio);
  if (!method.generator || count === 0) return plain;

  const { sampler, acceptance, fit_s } = await fit(method.generator);
  const started = performance.now();
  const drawn = await drawBoth(sampler, count, blended ? null : positive / train.y.length, stream, run);
  const common = { synthetic: drawn.minority, sampler, acceptance, lossCurve: thinned(sampler.history), fit_s };
  if (blended) return { ...plain, ...common, added: count, sample_s: (performance.now() - started) / 1000 };
  const added = drawn.majority ? concatTables(drawn.minority, drawn.majority) : drawn.minority;
  const y = new Uint8Array(train.y.length + added.rows);
  y.set(train.y);
  y.fill(1, train.y.length, train.y.length + drawn.minority.rows);
  return {
    ...common,
    features: concatTables(train.features, added),
    y,
    added: added.rows,
    positiveWeight: 1,
    share: (positive + drawn.minority.rows) / y.length,
    sample_s: (performance.now() - started) / 1000,
  };
}

/** `count` rows of the minority, or of both classes at `prior` (the share of the minority) where the sampler knows both. */
async function drawBoth(sampler: Sampler, count: number, prior: number | null, stream: Stream, run: CellRun) {
  if (!sampler.sampleMajority || prior === null)
    return { minority: await sampler.sample(count, stream.child('minority'), run), majority: null };
  const minority = Math.max(1, Math.round(count * prior));
  return {
    minority: await sampler.sample(minority, stream.child('minority'), run),
    majority: await sampler.sampleMajority(count - minority, stream.child('majority'), run),
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
