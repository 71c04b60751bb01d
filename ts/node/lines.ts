/**
 * A file of JSON lines that grows while a study runs: lines are appended and synced to the disk, one process writes; a line that was
 * torn by a sudden end is dropped when the file is opened again.
 */
import { closeSync, existsSync, fdatasyncSync, openSync, readFileSync } from 'node:fs';
import { InputError } from '../errors.js';
import { onFile, writeAll, writeWhole } from './files.js';

export interface LineStore<Line> {
  /** What was kept of the file, in its order, then what `append` added. */
  readonly lines: readonly Line[];
  append(lines: readonly Line[]): void;
  close(): void;
}

type IsLine<Line> = (value: unknown) => value is Line;

/** The lines of a file. Only the last one may be torn; anything else that is no line names its place. */
export function readJsonLines<Line>(file: string, isLine: IsLine<Line>): Line[] {
  if (!existsSync(file)) return [];
  const text = onFile(file, 'read', () => readFileSync(file, 'utf8'));
  const rows = text.split('\n');
  const lines: Line[] = [];
  for (const [at, row] of rows.entries()) {
    if (row === '') continue;
    const line = parsed(row);
    if (isLine(line)) lines.push(line);
    else if (at < rows.length - 1) {
      throw new InputError(`${file}, line ${at + 1}: expected a result line, got other text; move the file away to start anew`);
    }
  }
  return lines;
}

function parsed(row: string): unknown {
  try {
    return JSON.parse(row);
  } catch {
    return null;
  }
}

/** Opens a file for appending; of the lines that are there, those that `keep` leaves out go. */
export function openLines<Line>(file: string, isLine: IsLine<Line>, keep: (lines: readonly Line[]) => readonly Line[]): LineStore<Line> {
  const lines = [...keep(readJsonLines(file, isLine))];
  const textOf = (some: readonly Line[]) => some.map((line) => `${JSON.stringify(line)}\n`).join('');
  const text = textOf(lines);
  if (existsSync(file) && onFile(file, 'read', () => readFileSync(file, 'utf8')) !== text) writeWhole(file, text);
  const handle = onFile(file, 'write', () => openSync(file, 'a'));
  return {
    lines,
    append: (added) => {
      const bytes = Buffer.from(textOf(added));
      onFile(file, 'write', () => {
        writeAll(handle, bytes);
        fdatasyncSync(handle);
      });
      lines.push(...added);
    },
    close: () => closeSync(handle),
  };
}
