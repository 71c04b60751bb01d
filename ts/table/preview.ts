/** What the first rows of a text tell: what stands between its cells, and whether a title stands above its header. */
import Papa from 'papaparse';
import { isBlankLine, MOST_COLUMNS, type NumberedRow, refuseTitle } from './header.js';

/** How rows are written. */
export interface Format {
  readonly file: string;
  readonly newline: '\n' | '\r';
  readonly delimiter: string;
  /** Line of the file on which the text begins. */
  readonly firstLine: number;
}

const DELIMITERS = [',', ';', '\t', '|'] as const;
/** Characters that are looked at. */
export const HEAD = 1 << 18;
/** Rows below the first one that tell whether it is the header. */
const PREVIEW = 40;

/** Under any delimiter: a title above a table may have made another one look likelier. */
export function refuseTitles(head: string, { file, newline, delimiter, firstLine }: Format): void {
  for (const each of [delimiter, ...DELIMITERS.filter((one) => one !== delimiter)]) {
    const [first, ...rows] = previewRows(head, each, newline, firstLine);
    if (first) refuseTitle(first, rows, file);
    if (first && first.cells.length > 1 && rows.every(({ cells }) => cells.length === first.cells.length)) return;
  }
}

/** The first rows that are not blank. */
function previewRows(head: string, delimiter: string, newline: Format['newline'], firstLine: number): NumberedRow[] {
  const { data } = Papa.parse<string[]>(head, { delimiter, newline, preview: PREVIEW });
  let line = firstLine;
  const rows = data.map((cells): NumberedRow => {
    const row = { line, cells };
    line += 1 + cells.reduce((sum, cell) => sum + (cell.split(newline).length - 1), 0);
    return row;
  });
  if (data.length > 1 && data.length < PREVIEW) rows.pop(); // perhaps cut, or the empty rest after the last line
  return rows.filter(({ cells }) => !isBlankLine(cells));
}

/** The delimiter under which the first rows agree with the header in the most cells; the most cells in the header if none does. */
export function findDelimiter(head: string, newline: Format['newline']): string {
  let best = ',';
  let bestScore = 0;
  for (const delimiter of DELIMITERS) {
    const { data } = Papa.parse<string[]>(head, { delimiter, newline, preview: 20 });
    if (data.length > 1 && data.length < 20) data.pop(); // perhaps cut, or the empty rest after the last line
    const width = data[0]?.length ?? 1;
    if (width < 2) continue;
    const agree = data.every((row) => row.length === width || isBlankLine(row));
    const score = width + (agree ? MOST_COLUMNS : 0);
    if (score > bestScore) {
      bestScore = score;
      best = delimiter;
    }
  }
  return best;
}
