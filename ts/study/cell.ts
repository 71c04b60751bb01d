/**
 * One cell of the study, from rows to numbers: split → encode → generate → decode → augment → classify → measure.
 *
 * A cell is (data set, split, method, ratio). Everything that learns sees the training part only. Its random numbers come
 * from the stream (seed, data set, split, method, ratio), so the order of cells and the number of workers change nothing.
 */
import type { Backend } from '../backend/backend.js';
import { turnsFor } from '../backend/turns.js';
import type { Generator, Progress } from '../generate/generator.js';
import { Stream } from '../random.js';
import { type Dataset, takeDataset } from '../table/table.js';
import { type Augmented, augment, classCounts, fitGenerator } from './augment.js';
import { judgedRows, measureFidelity } from './fidelity.js';
import { learn } from './learner.js';
import { knowsNoRatio, type Method, methodOf } from './methods.js';
import { type Portrait, portraitOf } from './portrait.js';
import type { FailedLine, ResultLine } from './result.js';
import type { Shared } from './shared.js';
import { splitOf } from './splits.js';
import { tunedThreshold } from './threshold.js';
import { measureUtility } from './utility.js';

/** What one cell of a study computes: a method at a ratio (minority ÷ majority) on one split of a table. */
export interface Cell {
  readonly dataset: string;
  readonly split: number;
  readonly method: string;
  readonly ratio: number;
}

/** What all cells of a study share. */
export interface CellSetting {
  readonly seed: number;
  readonly classifiers: readonly string[];
  /** Whether a threshold is chosen inside the training part; the generator is fitted once more for it. */
  readonly tuned: boolean;
  readonly version: string;
  /** Cells of this ratio are portrayed: the study's first. None where left out. */
  readonly portrayedRatio?: number | undefined;
}

/** Where a cell runs, what it shares with others of its group, and the machine's clocks. */
export interface CellRun {
  readonly backend: Backend;
  readonly shared: Shared;
  readonly signal?: AbortSignal | undefined;
  /** How far the training of its generator is. */
  readonly onTraining?: ((progress: Progress) => void) | undefined;
  /** CPU seconds of this process or thread so far; null where the machine does not tell. */
  readonly cpuSeconds?: (() => number) | undefined;
}

/** What a cell gives. */
export interface CellOutcome {
  readonly lines: readonly ResultLine[]; // one a classifier
  /** Null where no synthetic rows were made, and at ratios that are not portrayed. */
  readonly portrait: Portrait | null;
}

/**
 * The streams of a cell: `split` is that of its split, for what all methods share there (the fits of models, the rows that the
 * fidelity numbers draw where there are too many); `own` that of the cell. A method that knows no ratio has no ratio in its stream.
 */
function streamsOf(cell: Cell, method: Method, seed: number): { readonly split: Stream; readonly own: Stream } {
  const data = Stream.fromSeed(seed).child(cell.dataset);
  const own = data.child('cell').child(cell.split).child(cell.method);
  return { split: data.child('measure').child(cell.split), own: knowsNoRatio(method) ? own : own.child(String(cell.ratio)) };
}

/**
 * Runs a cell: fits the method on the training part of the split, augments it, fits every classifier, measures on the test part. The same cell
 * gives the same numbers, whatever ran before it.
 *
 * @throws what the method throws; {@link failedLines} turns that into lines.
 */
export async function runCell(cell: Cell, data: Dataset, setting: CellSetting, run: CellRun): Promise<CellOutcome> {
  const method = methodOf(cell.method);
  if (!knowsNoRatio(method)) return measureCell(cell, method, data, setting, run);
  const { ratio } = cell;
  // Whichever ratio comes first, the portrait is that of all.
  const measured = { ...setting, portrayedRatio: setting.portrayedRatio === undefined ? undefined : ratio };
  const { lines, portrait } = await run.shared.once(`numbers\t${cell.method}`, () => measureCell(cell, method, data, measured, run));
  return {
    lines: lines.map((line) => ({ ...line, ratio })),
    portrait: portrait && ratio === setting.portrayedRatio ? { ...portrait, ratio } : null,
  };
}

async function measureCell(cell: Cell, method: Method, data: Dataset, setting: CellSetting, run: CellRun): Promise<CellOutcome> {
  const startedCpu = run.cpuSeconds?.();
  const streams = streamsOf(cell, method, setting.seed);
  const split = splitOf(data, setting.seed, cell.split);
  const train = takeDataset(data, split.train);
  const test = takeDataset(data, split.test);

  const fit = (generator: Generator) => fitGenerator(generator, train, 'train', streams.split.child('fit'), run);
  const turn = turnsFor(run.signal);
  await turn();
  const augmented = await augment(method, train, cell.ratio, fit, streams.own.child('augment'), run);
  const judged = await judgedRows(augmented, streams.own.child('judged'), run);
  const acceptance = augmented.acceptance();
  const rows = { judged, added: augmented.synthetic };
  const fidelity = await measureFidelity(train, test, rows, streams.split.child('fidelity'), run);
  await turn();
  const portrait = judged && cell.ratio === setting.portrayedRatio ? portraitOf(cell, train, test, judged) : null;
  await turn();
  const inner = { split: streams.split, own: streams.own.child('threshold') };
  const thresholds = setting.tuned ? await tunedThreshold(method, train, cell.ratio, setting.classifiers, inner, run) : null;

  const lines: ResultLine[] = [];
  for (const name of setting.classifiers) {
    const learner = await learn(method, name, augmented, train, streams.own.child('classifier'), run);
    const threshold = learner.threshold ?? thresholds?.get(name) ?? null;
    const utility = await measureUtility(learner, train, test, threshold, run);
    const facts = { ...factsOf(train, test, augmented, setting, run), ...(acceptance && { acceptance }) };
    lines.push({ ...identity(cell, name, setting), ...facts, ...utility, ...fidelity });
  }
  const cpu = startedCpu === undefined ? null : (run.cpuSeconds as () => number)() - startedCpu;
  return { lines: lines.map((line) => ({ ...line, cpu_s: cpu })), portrait };
}

/** A line's counts, times and whereabouts. */
const factsOf = (train: Dataset, test: Dataset, augmented: Augmented, { version }: CellSetting, { backend }: CellRun) => ({
  n_train: train.y.length,
  n_pos_train: classCounts(train.y).positive,
  n_pos_test: classCounts(test.y).positive,
  n_synth: augmented.added,
  loss_curve: augmented.lossCurve,
  fit_s: augmented.fit_s,
  sample_s: augmented.sample_s,
  cpu_s: null,
  memory_mb: Math.round(backend.memoryBytes() / 1048576),
  backend: backend.name,
  variant: backend.variant,
  version,
});

/** A cell that failed, as the lines that stand for it in the results. */
export function failedLines(cell: Cell, setting: CellSetting, error: unknown): FailedLine[] {
  const text = error instanceof Error ? error.message : String(error);
  return setting.classifiers.map((name) => ({ ...identity(cell, name, setting), error: text }));
}

const identity = (cell: Cell, classifier: string, { seed, version }: CellSetting) => ({
  dataset: cell.dataset,
  split: cell.split,
  method: cell.method,
  ratio: cell.ratio,
  classifier,
  seed,
  version,
});
