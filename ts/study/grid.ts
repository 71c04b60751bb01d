/** The cells of a study, their order, and which of them a set of result lines has finished. */
import type { Cell } from './cell.js';
import type { DatasetFacts, StudyPlan } from './manifest.js';
import type { FailedLine, ResultLine } from './result.js';

/** The name of a cell, equal for a cell and every line that it left. */
export const cellKey = ({ dataset, split, method, ratio }: Cell): string => [dataset, split, method, ratio].join('\t');

/** What a minority row adds to the time of a cell of a method that trains, in rows that a classifier learns from. */
const TRAINING_COST: Readonly<Record<string, number>> = { ctgan: 400, tvae: 30, tabddpm: 150 };

/**
 * About how long a cell takes, in rows that a classifier learns from; networks take their steps by the minority's rows.
 * It orders cells and guesses the time left, and changes no result.
 */
export const cellCost = (method: string, { rows, positives }: DatasetFacts): number => rows + (TRAINING_COST[method] ?? 0) * positives;

/**
 * All cells of a plan, split by split, so that every data set advances and an interrupted study is a smaller study; within a
 * split the long ones come first, so that workers end together.
 */
export function listCells(plan: StudyPlan): Cell[] {
  const ofSplit = plan.datasets
    .flatMap((table) => plan.methods.map((method) => ({ dataset: table.name, method, cost: cellCost(method, table) })))
    .sort((a, b) => b.cost - a.cost); // stable: ties keep the plan's order
  return Array.from({ length: plan.splits }, (_, split) =>
    ofSplit.flatMap(({ dataset, method }) => plan.ratios.map((ratio): Cell => ({ dataset, split, method, ratio }))),
  ).flat();
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
