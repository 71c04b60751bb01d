/** The cells of a file before anyone has said what they mean, four bytes each; keys.ts says how. */

import { isPlain, listedKey, placeOf, plainKey, plainText } from './keys.js';
import type { Placed } from './place.js';

export interface CellColumn {
  readonly name: string;
  readonly keys: Int32Array; // (N)
  /** Different texts that are no plain numbers, in order of appearance. */
  readonly listed: readonly string[];
}

/** A file's cells column by column, before their kinds are settled. Dimensions: N rows. A row with line breaks inside quotes takes several lines. */
export interface CellTable extends Placed {
  readonly file: string;
  readonly delimiter: string;
  readonly rows: number;
  readonly columns: CellColumn[];
  /** What the reader should know of how the cells were read. */
  readonly warnings?: readonly string[];
}

/** Lets go of a column's cells, so that their memory is free before the next column takes some. */
export function dropCells({ columns }: CellTable, c: number): void {
  columns[c] = { name: (columns[c] as CellColumn).name, keys: new Int32Array(0), listed: [] };
}

/** The text that a key stands for. */
export const textOfKey = (key: number, listed: readonly string[]): string =>
  isPlain(key) ? plainText(key) : (listed[placeOf(key)] as string);

/** The text of a cell, as it is in the file. */
export const cellText = ({ keys, listed }: CellColumn, row: number): string => textOfKey(keys[row] as number, listed);

/** Gives each text of a column its key. */
export class TextKeys {
  readonly listed: string[] = [];
  readonly #places = new Map<string, number>();

  keyOf(text: string): number {
    const plain = plainKey(text);
    if (isPlain(plain)) return plain;
    let place = this.#places.get(text);
    if (place === undefined) {
      place = this.listed.length;
      const own = ownCopy(text);
      this.listed.push(own);
      this.#places.set(own, place);
    }
    return listedKey(place);
  }
}

/** Collects rows into columns. Memory grows by doubling; a cell costs four bytes, and its text where it is new and no plain number. */
export class CellCollector {
  readonly #texts: TextKeys[];
  readonly #keys: Int32Array[];
  #lines = new Uint32Array(64);
  #rows = 0;

  constructor(columns: number) {
    this.#texts = Array.from({ length: columns }, () => new TextKeys());
    this.#keys = Array.from({ length: columns }, () => new Int32Array(64));
  }

  get rows(): number {
    return this.#rows;
  }

  add(row: readonly string[], line: number): void {
    if (this.#rows === this.#lines.length) this.#grow();
    const at = this.#rows++;
    this.#lines[at] = line;
    for (let c = 0; c < row.length; c++) {
      (this.#keys[c] as Int32Array)[at] = (this.#texts[c] as TextKeys).keyOf(row[c] as string);
    }
  }

  #grow(): void {
    const lines = new Uint32Array(this.#lines.length * 2);
    lines.set(this.#lines);
    this.#lines = lines;
    for (let c = 0; c < this.#keys.length; c++) {
      const keys = new Int32Array(lines.length);
      keys.set(this.#keys[c] as Int32Array);
      this.#keys[c] = keys;
    }
  }

  /** The columns; memory that is left over at their ends has never been touched, so that it takes no room. */
  columns(names: readonly string[]): CellColumn[] {
    return names.map((name, c) => ({
      name,
      keys: (this.#keys[c] as Int32Array).subarray(0, this.#rows),
      listed: (this.#texts[c] as TextKeys).listed,
    }));
  }

  lines(): Uint32Array {
    return this.#lines.slice(0, this.#rows);
  }
}

/** A copy that does not keep the whole file's text alive, as a slice of it would. */
export const ownCopy = (text: string): string => JSON.parse(JSON.stringify(text)) as string;
