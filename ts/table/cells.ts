/** The cells of a file before anyone has said what they mean: each column as its different texts and one code a row. */
export interface Cells {
  readonly name: string;
  readonly texts: readonly string[]; // different texts in order of appearance
  readonly codes: Int32Array; // (N), index into `texts`
}

/** A file's cells column by column, before their kinds are settled. Dimensions: N rows. */
export interface CellTable {
  readonly file: string;
  readonly delimiter: string;
  readonly rows: number;
  readonly columns: readonly Cells[];
  /** Line of the file on which each row begins; a row with line breaks inside quotes takes several. */
  readonly lines: Uint32Array; // (N)
  /** What the reader should know of how the cells were read. */
  readonly warnings?: readonly string[];
}

/** Collects rows into columns. Memory grows by doubling; a text that was seen before costs four bytes. */
export class CellCollector {
  readonly #texts: string[][];
  readonly #index: Map<string, number>[];
  readonly #codes: Int32Array[];
  #lines = new Uint32Array(64);
  #rows = 0;

  constructor(columns: number) {
    this.#texts = Array.from({ length: columns }, () => []);
    this.#index = Array.from({ length: columns }, () => new Map());
    this.#codes = Array.from({ length: columns }, () => new Int32Array(64));
  }

  get rows(): number {
    return this.#rows;
  }

  add(row: readonly string[], line: number): void {
    if (this.#rows === this.#lines.length) this.#grow();
    const at = this.#rows++;
    this.#lines[at] = line;
    for (let c = 0; c < row.length; c++) {
      const text = row[c] as string;
      const index = this.#index[c] as Map<string, number>;
      let code = index.get(text);
      if (code === undefined) {
        const texts = this.#texts[c] as string[];
        code = texts.length;
        index.set(text, code);
        texts.push(text);
      }
      (this.#codes[c] as Int32Array)[at] = code;
    }
  }

  #grow(): void {
    const lines = new Uint32Array(this.#lines.length * 2);
    lines.set(this.#lines);
    this.#lines = lines;
    for (let c = 0; c < this.#codes.length; c++) {
      const codes = new Int32Array(lines.length);
      codes.set(this.#codes[c] as Int32Array);
      this.#codes[c] = codes;
    }
  }

  columns(names: readonly string[]): Cells[] {
    return names.map((name, c) => ({
      name,
      texts: this.#texts[c] as string[],
      codes: (this.#codes[c] as Int32Array).slice(0, this.#rows),
    }));
  }

  lines(): Uint32Array {
    return this.#lines.slice(0, this.#rows);
  }
}

/** A copy that does not keep the whole file's text alive, as a slice of it would. */
export const ownCopy = (text: string): string => JSON.parse(JSON.stringify(text)) as string;
