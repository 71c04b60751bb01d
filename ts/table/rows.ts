/** From the rows of a text to the cells of a table: what a row is, and rows whose cells are not as many as the header's. */
import { InputError } from '../errors.js';
import { CellCollector, type CellTable } from './cells.js';
import { unguarded } from './formula.js';
import { isBlankLine, readHeader } from './header.js';
import { listed, quoted } from './names.js';
import type { Format } from './preview.js';

/** Faulty lines that a message names. */
const SHOWN = 4;

/** How the rows of a text are written, and what is known of all of it. */
export interface RowForm extends Format {
  readonly hasQuotes: boolean;
  readonly hasReturns: boolean;
}

/** Takes the rows of a text one after the other, the header first. */
export class Rows {
  readonly #form: RowForm;
  #line: number; // on which the next row begins
  #stripReturn: boolean;
  #names: readonly string[] | null = null;
  #headerLine = 0;
  #collector = new CellCollector(0);
  #blankTail = 0; // blank rows of a one-column table count as missing cells, but not at the end of the file
  #longest = 0; // cells a row may have: the named ones, and empty ones under cells of the header without a name
  #longer = 0; // rows that end with one empty cell too many
  #faulty = 0; // rows with another number of cells than the header's, those among them
  readonly #shown: { readonly line: number; readonly cells: number }[] = [];

  constructor(form: RowForm) {
    this.#form = form;
    this.#line = form.firstLine;
    this.#stripReturn = form.newline === '\n' && !form.hasQuotes && form.hasReturns;
  }

  /** Line of the file on which the next row begins. */
  get line(): number {
    return this.#line;
  }

  /** Throws {@link InputError} for a header that is none, and for a row with a value beyond the last name. */
  take(row: string[]): void {
    const start = this.#line;
    this.#line += 1 + this.#breaksIn(row);
    if (this.#names === null) {
      this.#takeHeader(row, start);
      return;
    }
    const last = row[row.length - 1] as string;
    if (this.#stripReturn && last.endsWith('\r')) row[row.length - 1] = last.slice(0, -1);
    const width = this.#names.length;
    if (width === 1 ? row[0] === '' && row.length === 1 : isBlankLine(row)) {
      this.#blankTail += 1;
      return;
    }
    if (width === 1) for (; this.#blankTail > 0; this.#blankTail--) this.#collector.add([''], start - this.#blankTail);
    this.#blankTail = 0;
    if (row.length !== width && !this.#mended(row, width, start)) return;
    for (let c = 0; c < width; c++) if ((row[c] as string).charCodeAt(0) === APOSTROPHE) row[c] = unguarded(row[c] as string);
    this.#collector.add(row, start);
  }

  /** Throws {@link InputError} where there are no rows, or ragged ones. */
  table(): CellTable {
    const { file, delimiter } = this.#form;
    if (this.#names === null) throw new InputError(`${file}: there is no header line`);
    const { rows } = this.#collector;
    const width = this.#names.length;
    const trailing = this.#longer > 0 && this.#longer === rows && this.#longer === this.#faulty;
    if (this.#faulty > 0 && !trailing) throw this.#raggedRows(width);
    if (rows === 0)
      throw new InputError(`${file}: there are no data rows under the header (line ${this.#headerLine}); add rows and give the file again`);
    const warnings =
      trailing || this.#longest > width
        ? ['every line ends with a delimiter too many: the empty column after the last name is left out']
        : [];
    return { file, delimiter, rows, columns: this.#collector.columns(this.#names), lines: this.#collector.lines(), warnings };
  }

  #breaksIn(row: readonly string[]): number {
    const { hasQuotes, newline } = this.#form;
    if (!hasQuotes) return 0;
    let breaks = 0;
    for (const cell of row) for (let at = cell.indexOf(newline); at >= 0; at = cell.indexOf(newline, at + 1)) breaks += 1;
    return breaks;
  }

  #takeHeader(row: readonly string[], line: number): void {
    if (isBlankLine(row)) return;
    const { file, newline } = this.#form;
    if (newline === '\n' && (row[row.length - 1] as string).endsWith('\r')) this.#stripReturn = true;
    const { names, unnamed } = readHeader(row, file, line);
    this.#names = names;
    this.#longest = names.length + unnamed;
    this.#headerLine = line;
    this.#collector = new CellCollector(names.length);
  }

  /** Takes empty cells off that are too many; false for a row of which that makes none. */
  #mended(row: string[], width: number, line: number): boolean {
    const beyond = row.length > width ? row.findIndex((cell, c) => c >= width && cell.trim() !== '') : -1;
    if (beyond >= 0 && row.length === this.#longest) {
      throw new InputError(
        `${this.#form.file}, line ${line}: column ${beyond + 1} holds ${quoted(row[beyond] as string)}, but has no name in line ${this.#headerLine}; name it or delete it`,
      );
    }
    const empty = row.length > width && beyond < 0;
    if (!empty || row.length > this.#longest) {
      this.#faulty += 1;
      if (this.#shown.length < SHOWN) this.#shown.push({ line, cells: row.length });
    }
    if (!empty || (row.length > this.#longest && row.length !== width + 1)) return false;
    if (row.length > this.#longest) this.#longer += 1;
    row.length = width;
    return true;
  }

  #raggedRows(width: number): InputError {
    const words = this.#shown.map(({ line, cells }) => `line ${line} has ${cells}`);
    const more = this.#faulty - words.length;
    const where = more === 0 ? listed(words, SHOWN) : `${words.join(', ')} and ${more} more`;
    return new InputError(
      `${this.#form.file}: the header has ${width} ${width === 1 ? 'cell' : 'cells'}, but ${where}; complete these rows or delete them, and quote cells that contain the delimiter`,
    );
  }
}

const APOSTROPHE = 39; // before a cell that a spreadsheet would run
