/** From text that comes in pieces to the cells of a table. */
import Papa from 'papaparse';
import { InputError } from '../errors.js';
import type { CellTable } from './cells.js';
import { findDelimiter, HEAD, refuseTitles } from './preview.js';
import { Rows } from './rows.js';
import type { TextFacts } from './survey.js';

/** What there is to know before the first piece. */
export interface TextForm {
  readonly file: string;
  readonly facts: TextFacts;
  /** Line on which the header stands, from 1; what is above it is left out. */
  readonly headerLine?: number | undefined;
}

const DELIMITER_NAMES: Readonly<Record<string, string>> = { ';': 'semicolons', '|': 'bars' };
/** Excel's line that tells the delimiter. */
const ANNOUNCED = /^sep=([,;\t|])\r?\n/;
/** A row of more characters than this has a quote that is never closed. */
const LONGEST_ROW = 1 << 28;

/** Reads a text piece by piece; memory holds a piece of it, and a row that is longer. */
export class TextReader {
  readonly #form: TextForm;
  #rest = ''; // text whose rows are not whole yet
  #wanted = HEAD; // characters to have before it is looked at again
  #announced: string | null = null;
  #isFirst = true;
  #skipped = 0; // lines above the header
  #rows: Rows | null = null;
  #parser = new Papa.Parser({});

  constructor(form: TextForm) {
    this.#form = form;
  }

  /** The first piece has Excel's line as a whole, where there is one. */
  take(piece: string): void {
    this.#rest += piece;
    if (this.#isFirst) this.#takeAnnounced();
    if (!this.#isAtHeader()) return;
    if (this.#rest.length >= this.#wanted) this.#parse(false);
  }

  /** Throws {@link InputError} for a text that is no table. */
  end(): CellTable {
    const { file, headerLine } = this.#form;
    if (!this.#isAtHeader())
      throw new InputError(`"header-line" expected a line of ${file}, which has ${this.#skipped + 1}, got ${this.#above + 1}`);
    this.#parse(true);
    const cells = this.#begun().table();
    const said = DELIMITER_NAMES[cells.delimiter];
    const warnings = [
      ...(said === undefined ? [] : [`cells are separated by ${said}`]),
      ...(headerLine !== undefined && headerLine > 1 ? [`what stands above line ${headerLine} is left out, as --header-line says`] : []),
      ...(cells.warnings ?? []),
    ];
    return { ...cells, warnings };
  }

  #takeAnnounced(): void {
    this.#isFirst = false;
    const found = ANNOUNCED.exec(this.#rest);
    if (!found) return;
    this.#announced = found[1] as string;
    this.#rest = this.#rest.slice(found[0].length);
  }

  /** Lines to leave out above the header. */
  get #above(): number {
    const { headerLine = 1 } = this.#form;
    return headerLine - 1 - (this.#announced !== null && this.#form.headerLine !== undefined ? 1 : 0);
  }

  /** Drops lines above the header as far as they are there; whether all are gone. */
  #isAtHeader(): boolean {
    const { newline } = this.#form.facts;
    let from = 0;
    while (this.#skipped < this.#above) {
      const at = this.#rest.indexOf(newline, from);
      if (at < 0) {
        this.#rest = '';
        return false;
      }
      from = at + 1;
      this.#skipped += 1;
    }
    if (from > 0) this.#rest = this.#rest.slice(from);
    return true;
  }

  /** Settles how the rows are written, by the first of them. */
  #begun(): Rows {
    if (this.#rows !== null) return this.#rows;
    const { file, facts, headerLine } = this.#form;
    const { newline, hasQuotes, hasReturns } = facts;
    const head = this.#rest.slice(0, HEAD);
    const delimiter = this.#announced ?? findDelimiter(head, newline);
    const firstLine = headerLine ?? (this.#announced === null ? 1 : 2);
    const form = { file, newline, delimiter, firstLine, hasQuotes, hasReturns };
    if (headerLine === undefined) refuseTitles(head, form);
    this.#parser = new Papa.Parser({ delimiter, newline });
    this.#rows = new Rows(form);
    return this.#rows;
  }

  #parse(isLast: boolean): void {
    const rows = this.#begun();
    const { data, errors, meta } = this.#parser.parse(this.#rest, 0, !isLast) as Papa.ParseResult<string[]>;
    // A fault in a row that is not whole may be none, for its text goes on; but not for ever.
    const isEndless = this.#form.facts.hasQuotes && data.length === 0 && this.#rest.length > LONGEST_ROW;
    const fault = errors.find(({ type, row }) => type === 'Quotes' && (isLast || isEndless || (row as number) < data.length));
    for (const row of fault ? data.slice(0, fault.row) : data) rows.take(row);
    if (fault || isEndless) throw badQuotes(this.#form.file, rows.line, fault?.code ?? 'MissingQuotes');
    this.#rest = this.#rest.slice(meta.cursor);
    this.#wanted = data.length === 0 ? 2 * this.#rest.length : 0; // so that a row of many pieces is not looked at for each of them
  }
}

function badQuotes(file: string, line: number, code: Papa.ParseError['code']): InputError {
  const why =
    code === 'MissingQuotes'
      ? 'a quoted cell begins in this row and is never closed'
      : 'in this row text follows the closing quote of a cell';
  return new InputError(`${file}, line ${line}: ${why}; write a quote inside a quoted cell twice (""), and close every quoted cell`);
}
