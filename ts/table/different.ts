/** The different texts of a column. D of them, in order of appearance; N rows. */
import { type CellColumn, textOfKey } from './cells.js';
import { isPlain, plainDecimals, plainNumber } from './keys.js';
import { parseDecimalComma, parseNumber } from './numerals.js';

/** How the numbers of a column are written. */
export type Numerals = 'point' | 'comma';

/** Different texts; a plain number's is made when it is asked for. */
export class Texts {
  readonly #keys: Int32Array; // (D)
  readonly #listed: readonly string[];

  constructor(keys: Int32Array, listed: readonly string[]) {
    this.#keys = keys;
    this.#listed = listed;
  }

  get length(): number {
    return this.#keys.length;
  }

  at(i: number): string {
    return textOfKey(this.#keys[i] as number, this.#listed);
  }

  /** The number that a text is, NaN where it is none. */
  number(i: number, numerals: Numerals = 'point'): number {
    const key = this.#keys[i] as number;
    if (!isPlain(key)) return numerals === 'comma' ? parseDecimalComma(this.at(i)) : parseNumber(this.at(i));
    return numerals === 'comma' && plainDecimals(key) > 0 ? Number.NaN : plainNumber(key);
  }

  isPlain(i: number): boolean {
    return isPlain(this.#keys[i] as number);
  }

  /** The first text that passes a test, −1 where none does. The test is one that no plain number passes. */
  find(test: (text: string) => boolean): number {
    for (let i = 0; i < this.length; i++) if (!this.isPlain(i) && test(this.at(i))) return i;
    return -1;
  }

  /** How many texts pass such a test. */
  count(test: (text: string) => boolean): number {
    let count = 0;
    for (let i = 0; i < this.length; i++) if (!this.isPlain(i) && test(this.at(i))) count += 1;
    return count;
  }

  areNumbers(numerals: Numerals): boolean {
    for (let i = 0; i < this.length; i++) if (Number.isNaN(this.number(i, numerals))) return false;
    return true;
  }

  numbers(numerals: Numerals): Float64Array {
    const numbers = new Float64Array(this.length);
    for (let i = 0; i < numbers.length; i++) numbers[i] = this.number(i, numerals);
    return numbers;
  }

  toArray(): string[] {
    const texts = new Array<string>(this.length);
    for (let i = 0; i < texts.length; i++) texts[i] = this.at(i);
    return texts;
  }

  /** Those that are not marked; (D) marks. */
  without(marks: Uint8Array): Texts {
    return new Texts(unmarked(this.#keys, marks), this.#listed);
  }
}

/** Those of the values that are not marked. A typed array's own `filter` makes an object of each of them. */
export function unmarked<Values extends Int32Array | Uint32Array>(values: Values, marks: Uint8Array): Values {
  let count = 0;
  for (let i = 0; i < marks.length; i++) if (marks[i] === 0) count += 1;
  if (count === values.length) return values;
  const kept = values.slice(0, count) as Values;
  for (let i = 0, at = 0; i < values.length; i++) if (marks[i] === 0) kept[at++] = values[i] as number;
  return kept;
}

export interface Different {
  readonly texts: Texts;
  /** Index into `texts`; (N). Overwritten by the next column. */
  readonly codes: Int32Array;
  readonly counts: Uint32Array; // (D), rows of each text
  readonly firstRows: Uint32Array; // (D), row in which each text is first seen
}

/** Tells the texts of a column apart, one column after the other in the same memory. */
export class TextIndex {
  readonly #codes: Int32Array; // (N)
  #found = new Int32Array(64); // keys by code
  #slots = new Int32Array(128); // open addressing: code + 1, 0 where free; twice as many as there is room for keys

  constructor(rows: number) {
    this.#codes = new Int32Array(rows);
  }

  tell({ keys, listed }: CellColumn): Different {
    const codes = this.#codes;
    const count = this.#fill(keys);
    const counts = new Uint32Array(count);
    const firstRows = new Uint32Array(count);
    for (let row = 0, seen = 0; row < codes.length; row++) {
      const code = codes[row] as number;
      if (code === seen) firstRows[seen++] = row;
      (counts[code] as number)++;
    }
    return { texts: new Texts(this.#found.slice(0, count), listed), codes, counts, firstRows };
  }

  /** Sets the codes; how many different ones there are. */
  #fill(keys: Int32Array): number {
    this.#slots.fill(0);
    let count = 0;
    for (let row = 0; row < keys.length; row++) {
      const key = keys[row] as number;
      let slot = this.#slotOf(key);
      if (this.#slots[slot] === 0) {
        if (count === this.#found.length) {
          this.#grow();
          slot = this.#slotOf(key);
        }
        this.#found[count++] = key;
        this.#slots[slot] = count;
      }
      this.#codes[row] = (this.#slots[slot] as number) - 1;
    }
    return count;
  }

  /** The slot that has a key, or the free one where it would stand. */
  #slotOf(key: number): number {
    const [slots, found] = [this.#slots, this.#found];
    const last = slots.length - 1;
    let slot = (Math.imul(key, 0x9e3779b1) >>> 7) & last;
    for (;;) {
      const code = slots[slot] as number;
      if (code === 0 || found[code - 1] === key) return slot;
      slot = (slot + 1) & last;
    }
  }

  #grow(): void {
    const before = this.#found;
    this.#found = new Int32Array(before.length * 2);
    this.#found.set(before);
    this.#slots = new Int32Array(this.#found.length * 2);
    for (let code = 0; code < before.length; code++) this.#slots[this.#slotOf(before[code] as number)] = code + 1;
  }
}

/** Tells texts apart that have no keys, with four bytes for each instead of a `Set` of them. N texts. */
export class SeenTexts {
  readonly #texts: readonly string[]; // (N)
  readonly #slots: Int32Array; // open addressing: row + 1, 0 where free

  constructor(texts: readonly string[]) {
    let size = 2;
    while (size < 2 * texts.length) size *= 2;
    this.#texts = texts;
    this.#slots = new Int32Array(size);
  }

  /** Of the rows that were asked for, the first one with the text of this row; the row itself where that is new. */
  firstRow(row: number): number {
    const [texts, slots] = [this.#texts, this.#slots];
    const text = texts[row] as string;
    for (let slot = hashOf(text); ; slot++) {
      const at = slot & (slots.length - 1);
      const known = (slots[at] as number) - 1;
      if (known < 0) {
        slots[at] = row + 1;
        return row;
      }
      if (texts[known] === text) return known;
    }
  }
}

/** 32 bits of a text (FNV-1a). */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return (hash ^ (hash >>> 15)) | 0;
}
