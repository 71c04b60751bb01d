/** The cells of a column as labels that rows are told apart by: classes of a target, patients of a group. N rows, L labels. */
import { SeenTexts } from './different.js';
import { isMissingText } from './numerals.js';
import { type Column, isNumberColumn, type NumberColumn, type TextColumn } from './table.js';

export interface Labels {
  readonly codes: Int32Array; // (N), index into `names`, −1 = missing
  readonly names: readonly string[]; // (L); a column of levels may have some without rows
}

export function labelsOf(column: Column): Labels {
  if (column.kind === 'text') return labelsOfTexts(column);
  if (isNumberColumn(column)) return labelsOfNumbers(column);
  const { codes, levels } = column;
  return { codes: levels.includes('') ? codes.map((code) => (levels[code] === '' ? -1 : code)) : codes, names: levels };
}

function labelsOfTexts({ texts }: TextColumn): Labels {
  const seen = new SeenTexts(texts);
  const codes = new Int32Array(texts.length).fill(-1);
  const names: string[] = [];
  for (let row = 0; row < texts.length; row++) {
    const text = texts[row] as string;
    if (isMissingText(text)) continue;
    const first = seen.firstRow(row);
    codes[row] = first === row ? names.push(text) - 1 : (codes[first] as number);
  }
  return { codes, names };
}

function labelsOfNumbers({ values }: NumberColumn): Labels {
  const known = new Map<number, number>();
  const codes = new Int32Array(values.length).fill(-1);
  for (let row = 0; row < values.length; row++) {
    const value = values[row] as number;
    if (Number.isNaN(value)) continue;
    let code = known.get(value);
    if (code === undefined) {
      code = known.size;
      known.set(value, code);
    }
    codes[row] = code;
  }
  return { codes, names: Array.from(known.keys(), String) };
}

/** How many of the rows have each label, without those that none has. */
export function labelCounts({ codes, names }: Labels, rows: Uint32Array): Map<string, number> {
  const counts = new Uint32Array(names.length);
  for (const row of rows) (counts[codes[row] as number] as number)++;
  const seen = names.flatMap((name, code): [string, number][] => (counts[code] === 0 ? [] : [[name, counts[code] as number]]));
  return new Map(seen);
}
