/** The cells of a study, their order, and which of them a set of result lines has finished. */
import type { StudyPlan } from './manifest.js';
import type { FailedLine, ResultLine } from './result.js';

/** What is computed at once: one method on one split of one data set, up to one ratio. */
export interface Cell {
  readonly dataset: string;
  readonly split: number;
  readonly method: string;
  readonly ratio: number;
}

/** The name of a cell, equal for a cell and every line that it left. */
export const cellKey = ({ dataset, split, method, ratio }: Cell): string => [dataset, split, method, ratio].join('\t');

/**
 * All cells of a plan, split by split, so that every data set advances and an interrupted study is a smaller study; within a
 * split the long ones come first, so that workers end together. `effort` is a method's cost a row, relative to the others.
 */
export function listCells(plan: StudyPlan, effort: (method: string) => number): Cell[] {
  const rows = new Map(plan.datasets.map(({ name, rows }) => [name, rows]));
  const cost = (cell: Cell) => effort(cell.method) * (rows.get(cell.dataset) ?? 0);
  const cells: Cell[] = [];
  for (let split = 0; split < plan.splits; split++) {
    const ofSplit = plan.datasets.flatMap(({ name: dataset }) =>
      plan.methods.flatMap((method) => plan.ratios.map((ratio): Cell => ({ dataset, split, method, ratio }))),
    );
    cells.push(...ofSplit.sort((a, b) => cost(b) - cost(a))); // stable: ties keep the plan's order
  }
  return cells;
}

/** The cells of which every classifier has a result among `lines`. */
export function finishedCells(lines: readonly (ResultLine | FailedLine)[], classifiers: readonly string[]): Set<string> {
  const seen = new Map<string, Set<string>>();
  for (const line of lines) {
    if ('error' in line) continue;
    const key = cellKey(line);
    seen.set(key, (seen.get(key) ?? new Set()).add(line.classifier));
  }
  return new Set([...seen].filter(([, of]) => classifiers.every((name) => of.has(name))).map(([key]) => key));
}
