/**
 * `results.jsonl`: one line a cell and classifier, appended and synced to the disk when the cell ends. One process writes; a line
 * that was torn by a sudden end is dropped when the folder is opened again, and its cell runs once more.
 */
import { closeSync, existsSync, fdatasyncSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { InputError } from '../errors.js';
import { cellKey, finishedCells } from '../study/grid.js';
import type { FailedLine, ResultLine } from '../study/result.js';
import { onFile, writeAll, writeWhole } from './files.js';

export type StudyLine = ResultLine | FailedLine;

export interface ResultStore {
  /** What finished cells left, in file order, then what `append` added. */
  readonly lines: readonly StudyLine[];
  append(lines: readonly StudyLine[]): void;
  close(): void;
}

export const resultsFile = (folder: string): string => join(folder, 'results.jsonl');

/** The lines of a results file. Only the last one may be torn; anything else that is no line names its place. */
export function readLines(file: string): StudyLine[] {
  if (!existsSync(file)) return [];
  const text = onFile(file, 'read', () => readFileSync(file, 'utf8'));
  const rows = text.split('\n');
  const lines: StudyLine[] = [];
  for (const [at, row] of rows.entries()) {
    if (row === '') continue;
    const line = parseLine(row);
    if (line) lines.push(line);
    else if (at < rows.length - 1) {
      throw new InputError(`${file}, line ${at + 1}: expected a result line, got other text; move the file away to start anew`);
    }
  }
  return lines;
}

function parseLine(row: string): StudyLine | null {
  try {
    const line = JSON.parse(row) as StudyLine;
    return typeof line.dataset === 'string' && typeof line.method === 'string' && typeof line.classifier === 'string' ? line : null;
  } catch {
    return null;
  }
}

/**
 * Opens the results of a folder for appending. Lines of finished cells stay; those of cells that failed, or of which a
 * classifier is missing, go, because these cells run again.
 */
export function openResults(folder: string, classifiers: readonly string[]): ResultStore {
  const file = resultsFile(folder);
  const found = readLines(file);
  const finished = finishedCells(found, classifiers);
  const lines = found.filter((line) => !('error' in line) && finished.has(cellKey(line)));
  const text = lines.map((line) => `${JSON.stringify(line)}\n`).join('');
  if (existsSync(file) && onFile(file, 'read', () => readFileSync(file, 'utf8')) !== text) writeWhole(file, text);
  const handle = onFile(file, 'write', () => openSync(file, 'a'));
  return {
    lines,
    append: (added) => {
      const bytes = Buffer.from(added.map((line) => `${JSON.stringify(line)}\n`).join(''));
      onFile(file, 'write', () => {
        writeAll(handle, bytes);
        fdatasyncSync(handle);
      });
      lines.push(...added);
    },
    close: () => closeSync(handle),
  };
}
