/**
 * Encoded rows as a flow moves them: numbers as normal scores, each level of a category as +1 where it is the row's and −1 elsewhere
 * (one column where there are two levels). A missing number is NaN and stays so: whether it is missing is no column of its own.
 *
 * Dimensions: N rows, F numbers, C categories, W columns of a flow.
 */
import type { Encoded, TableEncoder } from '../encode/encoder.js';

/** A category column of the encoder and its place in the flow. */
interface Category {
  readonly code: number; // its column of codes
  readonly levels: number;
  readonly start: number;
  readonly width: number;
}

export interface FlowLayout {
  readonly numbers: number; // F; they come first
  readonly categories: readonly Category[];
  /** Numbers that can be missing: their column, and the column of codes that tells. */
  readonly gaps: readonly { readonly numeric: number; readonly code: number }[];
  readonly codes: number; // C
  readonly width: number; // W
}

export function flowLayout(encoder: TableEncoder): FlowLayout {
  const gaps = encoder.places.filter(({ numeric, code }) => numeric >= 0 && code >= 0);
  let width = encoder.numeric;
  const categories = encoder.levels.flatMap((levels, code) => {
    if (gaps.some((gap) => gap.code === code)) return [];
    const start = width;
    width += levels === 2 ? 1 : levels;
    return [{ code, levels, start, width: width - start }];
  });
  return { numbers: encoder.numeric, categories, gaps, codes: encoder.levels.length, width };
}

/** (N, W), NaN where a number is missing. */
export function flowRows(encoded: Encoded, layout: FlowLayout): Float32Array {
  const { numbers, categories, width } = layout;
  const out = new Float32Array(encoded.rows * width).fill(-1);
  for (let row = 0; row < encoded.rows; row++) {
    out.set(encoded.numeric.subarray(row * numbers, (row + 1) * numbers), row * width);
    for (const category of categories) {
      const level = encoded.codes[row * layout.codes + category.code] as number;
      if (category.width > 1) out[row * width + category.start + level] = 1;
      else out[row * width + category.start] = 2 * level - 1;
    }
  }
  markGaps(out, gapsOf(encoded, layout), layout);
  return out;
}

/** (N, gaps) 0/1: which numbers are missing. */
export function gapsOf({ rows, codes }: Encoded, { gaps, codes: C }: FlowLayout): Uint8Array {
  return Uint8Array.from({ length: rows * gaps.length }, (_, i) => {
    const { code } = gaps[i % gaps.length] as FlowLayout['gaps'][number];
    return codes[Math.floor(i / gaps.length) * C + code] as number;
  });
}

/** Writes NaN where `missing` (N, gaps) says so. */
export function markGaps(rows: Float32Array, missing: Uint8Array, { gaps, width }: FlowLayout): void {
  missing.forEach((gone, i) => {
    const { numeric } = gaps[i % gaps.length] as FlowLayout['gaps'][number];
    if (gone) rows[Math.floor(i / gaps.length) * width + numeric] = Number.NaN;
  });
}

/** Rows (N, W) back: NaN is missing where numbers can be, and of levels the one that came out highest, the first of equals. */
export function encodedOf(rows: Float32Array, count: number, layout: FlowLayout): Encoded {
  const { numbers, categories, gaps, codes: C, width } = layout;
  const numeric = new Float32Array(count * numbers);
  const codes = new Int32Array(count * C);
  for (let row = 0; row < count; row++) {
    const own = rows.subarray(row * width, (row + 1) * width);
    numeric.set(own.subarray(0, numbers), row * numbers);
    for (const category of categories) codes[row * C + category.code] = highest(own, category);
    for (const gap of gaps) {
      if (!Number.isNaN(own[gap.numeric])) continue;
      codes[row * C + gap.code] = 1;
      numeric[row * numbers + gap.numeric] = 0;
    }
  }
  return { rows: count, numeric, codes };
}

function highest(row: Float32Array, { start, width }: Category): number {
  if (width === 1) return Number((row[start] as number) > 0);
  let best = 0;
  for (let level = 1; level < width; level++) if ((row[start + level] as number) > (row[start + best] as number)) best = level;
  return best;
}
