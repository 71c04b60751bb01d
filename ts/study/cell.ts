/**
 * One cell of the study, from rows to numbers: split → encode → generate → decode → augment → classify → measure.
 *
 * A cell is (data set, split, method, ratio). Everything that learns sees the training part only. Its random numbers come
 * from the stream (seed, data set, split, method, ratio), so the order of cells and the number of workers change nothing.
 */
import type { Backend } from '../backend/backend.js';
import { Stream } from '../random.js';
import { type Dataset, takeDataset } from '../table/table.js';
import { augment, classCounts } from './augment.js';
import { classifierOf } from './classifiers.js';
import { measureFidelity } from './fidelity.js';
import { methodOf } from './methods.js';
import type { FailedLine, ResultLine } from './result.js';
import { splitOf } from './splits.js';
import { tunedThreshold } from './threshold.js';
import { measureUtility } from './utility.js';

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
}

/** Where a cell runs, and the machine's clocks. */
export interface CellRun {
  readonly backend: Backend;
  readonly signal?: AbortSignal | undefined;
  /** CPU seconds of this process or thread so far; null where the machine does not tell. */
  readonly cpuSeconds?: (() => number) | undefined;
}

/** The stream of a cell. `none` does not depend on the ratio, so neither do its random numbers. */
const streamOf = (cell: Cell, seed: number): Stream => {
  const own = Stream.fromSeed(seed).child(cell.dataset).child('cell').child(cell.split).child(cell.method);
  return cell.method === 'none' ? own : own.child(String(cell.ratio));
};

/** What all methods share on a split: the rows that the fidelity numbers draw where there are too many. */
const splitStream = (cell: Cell, seed: number): Stream => Stream.fromSeed(seed).child(cell.dataset).child('measure').child(cell.split);

/** Runs a cell and returns one line a classifier. Throws what the method throws; {@link failedLines} turns that into lines. */
export async function runCell(cell: Cell, data: Dataset, setting: CellSetting, run: CellRun): Promise<ResultLine[]> {
  const { backend } = run;
  const startedCpu = run.cpuSeconds?.();
  const stream = streamOf(cell, setting.seed);
  const method = methodOf(cell.method);

  const split = splitOf(data, setting.seed, cell.split);
  const train = takeDataset(data, split.train);
  const test = takeDataset(data, split.test);

  const augmented = await augment(method, train, cell.ratio, stream.child('augment'), run);
  const shared = splitStream(cell, setting.seed).child('fidelity');
  const fidelity = await measureFidelity(train, test, augmented, shared, stream.child('judged'), run);
  const thresholds = setting.tuned
    ? await tunedThreshold(method, train, cell.ratio, setting.classifiers, stream.child('threshold'), run)
    : null;

  const lines: ResultLine[] = [];
  for (const name of setting.classifiers) {
    const { classifier_s, ...utility } = await measureUtility(
      classifierOf(name),
      augmented,
      train,
      test,
      thresholds?.get(name) ?? null,
      stream.child('classifier').child(name),
      run,
    );
    lines.push({
      ...identity(cell, name, setting),
      n_train: train.y.length,
      n_pos_train: classCounts(train.y).positive,
      n_pos_test: classCounts(test.y).positive,
      n_synth: augmented.synthetic?.rows ?? 0,
      ...utility,
      ...fidelity,
      loss_curve: augmented.lossCurve,
      fit_s: augmented.fit_s,
      sample_s: augmented.sample_s,
      classifier_s,
      cpu_s: null,
      memory_mb: Math.round(backend.memoryBytes() / 1048576),
      backend: backend.name,
      variant: backend.variant,
      version: setting.version,
    });
  }
  const cpu = startedCpu === undefined ? null : (run.cpuSeconds as () => number)() - startedCpu;
  return lines.map((line) => ({ ...line, cpu_s: cpu }));
}

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
