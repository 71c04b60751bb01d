/** The cells of a study, their order, and which of them a set of result lines has finished. */
import type { Cell } from './cell.js';
import type { StudyPlan } from './manifest.js';
import type { FailedLine, ResultLine } from './result.js';

/** The name of a cell, equal for a cell and every line that it left. */
export const cellKey = ({ dataset, split, method, ratio }: Cell): string => [dataset, split, method, ratio].join('\t');

/** Time a training row takes, relative to `none`; it only orders cells. */
const EFFORT: Readonly<Record<string, number>> = { tabddpm: 6, smote: 1.5, random: 1.5 };

/**
 * All cells of a plan, split by split, so that every data set advances and an interrupted study is a smaller study; within a
 * split the long ones come first, so that workers end together.
 */
export function listCells(plan: StudyPlan): Cell[] {
  const rows = new Map(plan.datasets.map(({ name, rows }) => [name, rows]));
  const cost = (cell: Cell) => (EFFORT[cell.method] ?? 1) * (rows.get(cell.dataset) ?? 0);
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
