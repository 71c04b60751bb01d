/** The cells of a study, their order, and which of them a set of result lines has finished. */
import type { Cell } from './cell.js';
import type { DatasetFacts, StudyPlan } from './manifest.js';
import { methodOf, modelOf } from './methods.js';
import type { FailedLine, ResultLine } from './result.js';

/** The name of a cell, equal for a cell and every line that it left. */
export const cellKey = ({ dataset, split, method, ratio }: Cell): string => [dataset, split, method, ratio].join('\t');

/** What a minority row adds to the time of a cell of a method that trains, in rows that a classifier learns from. */
const TRAINING_COST: Readonly<Record<string, number>> = {
  ctgan: 400,
  tvae: 30,
  tabddpm: 150,
  'tabddpm-joint': 150,
  'tabddpm-partial': 150,
  forestflow: 200,
};

/**
 * About how long a cell takes, in rows that a classifier learns from; networks take their steps by the minority's rows.
 * It orders cells and guesses the time left, and changes no result.
 */
export const cellCost = (method: string, { rows, positives }: DatasetFacts): number => rows + (TRAINING_COST[method] ?? 0) * positives;

/** The name of a cell's group: cells that share a fitted model, so that one worker had better run them one after the other. */
export const groupKey = ({ dataset, split, method }: Cell): string => [dataset, split, modelOf(methodOf(method))].join('\t');

/** Cells of one group under each other, groups in the order of their first cells. */
export function groupCells(cells: readonly Cell[]): Cell[][] {
  const groups = new Map<string, Cell[]>();
  for (const cell of cells) {
    const key = groupKey(cell);
    const group = groups.get(key);
    if (group) group.push(cell);
    else groups.set(key, [cell]);
  }
  return [...groups.values()];
}

/**
 * All cells of a plan, split by split, so that every data set advances and an interrupted study is a smaller study; within a
 * split the long groups come first, so that workers end together.
 */
export function listCells(plan: StudyPlan): Cell[] {
  const cellsOf = (split: number): Cell[] =>
    plan.datasets.flatMap(({ name }) =>
      plan.methods.flatMap((method) => plan.ratios.map((ratio) => ({ dataset: name, split, method, ratio }))),
    );
  const facts = new Map(plan.datasets.map((table) => [table.name, table]));
  const costOf = (group: readonly Cell[]): number =>
    group.reduce((sum, { dataset, method }) => sum + cellCost(method, facts.get(dataset) as DatasetFacts), 0);
  const ofSplit = (split: number) => {
    const groups = groupCells(cellsOf(split)).map((cells) => ({ cells, cost: costOf(cells) }));
    return groups.sort((a, b) => b.cost - a.cost).flatMap(({ cells }) => cells); // stable: ties keep the plan's order
  };
  return Array.from({ length: plan.splits }, (_, split) => ofSplit(split)).flat();
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
