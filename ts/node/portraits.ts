/** `portraits.jsonl`: one line a cell that was portrayed, appended before the cell's results, so that no finished cell lacks its own. */
import { join } from 'node:path';
import { cellKey } from '../study/grid.js';
import type { Portrait } from '../study/portrait.js';
import { type LineStore, openLines } from './lines.js';
import type { StudyLine } from './results.js';

export type PortraitStore = LineStore<Portrait>;

const portraitsFile = (folder: string): string => join(folder, 'portraits.jsonl');

function isPortrait(value: unknown): value is Portrait {
  const portrait = value as Portrait | null;
  return typeof portrait?.dataset === 'string' && typeof portrait.method === 'string' && Array.isArray(portrait.columns);
}

/** Opens the portraits of a folder for appending. Those of cells without a line among `results` go, because these cells run again. */
export function openPortraits(folder: string, results: readonly StudyLine[]): PortraitStore {
  const finished = new Set(results.map(cellKey));
  return openLines(portraitsFile(folder), isPortrait, (found) => found.filter((portrait) => finished.has(cellKey(portrait))));
}
