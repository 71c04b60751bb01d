/** `results.jsonl`: one line a cell and classifier, appended when the cell ends. */
import { join } from 'node:path';
import { cellKey, finishedCells } from '../study/grid.js';
import type { FailedLine, ResultLine } from '../study/result.js';
import { type LineStore, openLines, readJsonLines } from './lines.js';

/** A line of a study's results: of a cell that was computed, or of one that failed. */
export type StudyLine = ResultLine | FailedLine;
export type ResultStore = LineStore<StudyLine>;

export const resultsFile = (folder: string): string => join(folder, 'results.jsonl');

/**
 * The lines of a results file (`results.jsonl`). Only the last one may be torn, and is left out then.
 *
 * @throws {InputError} for anything else that is no line; it names its place.
 */
export const readLines = (file: string): StudyLine[] => readJsonLines(file, isLine);

function isLine(value: unknown): value is StudyLine {
  const line = value as StudyLine | null;
  return typeof line?.dataset === 'string' && typeof line.method === 'string' && typeof line.classifier === 'string';
}

/**
 * Opens the results of a folder for appending. Lines of finished cells stay; those of cells that failed, or of which a
 * classifier is missing, go, because these cells run again.
 */
export function openResults(folder: string, classifiers: readonly string[]): ResultStore {
  return openLines(resultsFile(folder), isLine, (found) => {
    const finished = finishedCells(found, classifiers);
    return found.filter((line) => !('error' in line) && finished.has(cellKey(line)));
  });
}
