/** Where rows stand in what they were read from, as messages say it: "line 5" of a text, "row 5" of what has no lines. */
import { listed } from './names.js';

export interface Placed {
  /** Line of the text, or row, on which each row begins; (N). */
  readonly lines: Uint32Array;
  /** That `lines` counts rows. */
  readonly counted?: 'rows' | undefined;
}

/** "line 5", "line 5 and 7", "row 1, 2, 3 and 9 more"; `rows` are numbers from 0. */
export function whereOf({ lines, counted }: Placed, rows: ArrayLike<number>, most?: number): string {
  const numbers = Array.from(rows, (row) => lines[row] as number);
  return `${counted === 'rows' ? 'row' : 'line'} ${listed(numbers, most)}`;
}

/** Of `rows` rows that stand in no text: numbers from 1. */
export const withoutLines = (rows: number): Placed => ({ lines: Uint32Array.from({ length: rows }, (_, row) => row + 1), counted: 'rows' });
