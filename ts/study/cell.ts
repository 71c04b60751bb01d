/**
 * One cell of the study, from rows to numbers: split → encode → generate → decode → augment → classify → measure.
 *
 * A cell is (data set, split, method, ratio). Everything that learns sees the training part only. Its random numbers come
 * from the stream (seed, data set, split, method, ratio), so the order of cells and the number of workers change nothing.
 */
import type { Backend } from '../backend/backend.js';
import type { FailedLine } from './result.js';

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
