/**
 * The conditional vector of CTGAN and its training by sampling (Xu et al. 2019, §4.3): a category column is drawn evenly, one of its levels
 * with probability ∝ ln(count + 1), and a row that has this level; so rare levels are seen often enough to be learnt.
 *
 * Dimensions: N rows, C category columns, V columns of the vector (all levels of all category columns), B drawn.
 */
import type { Span } from '../encode/layout.js';
import type { Stream } from '../random.js';

/** What B rows are asked to have. */
export interface Conditions {
  readonly vector: Float32Array; // (B, V) one-hot
  readonly spans: Uint32Array; // (B, 3): first column and width of the category's span, level within
  readonly rows: Uint32Array; // (B): a row of the table that has it
}

/** How many rows have each level of each category column: (C) lists, all of the same sum N. */
export type LevelCounts = readonly (readonly number[])[];

/** V */
export const conditionWidth = (categories: readonly Span[]): number => categories.reduce((sum, { width }) => sum + width, 0);

/** What drawn rows are asked to have. */
export interface Asking {
  readonly width: number; // V
  /** One condition for all: the category of `column` is `level`. */
  fixed(column: number, level: number): readonly number[];
  /** (count, V) as frequent as in the rows that were learnt from: a category column, drawn evenly, then a level by its count. */
  natural(count: number, stream: Stream): Float32Array;
}

export function askingOf(categories: readonly Span[], counts: LevelCounts): Asking {
  const C = categories.length;
  const first = categories[0]?.start ?? 0;
  const V = conditionWidth(categories);
  const ends = counts.map(runningSums);
  const rows = ends[0]?.at(-1) ?? 0;
  return {
    width: V,
    fixed: (column, level) => {
      const { start } = categories[column] as Span;
      return Array.from({ length: V }, (_, j) => Number(j === start - first + level));
    },
    natural: (count, stream) => {
      const vector = new Float32Array(count * V);
      for (let b = 0; b < count && C > 0; b++) {
        const [row, c] = [stream.below(rows), stream.below(C)];
        vector[b * V + (categories[c] as Span).start - first + firstAbove(ends[c] as number[], row)] = 1;
      }
      return vector;
    },
  };
}

export interface ConditionSampler {
  readonly counts: LevelCounts;
  draw(count: number, stream: Stream): Conditions;
}

export function conditionSampler(
  categories: readonly Span[],
  codes: Int32Array,
  rows: number,
  log: (x: number) => number,
): ConditionSampler {
  const C = categories.length;
  const first = categories[0]?.start ?? 0;
  const V = conditionWidth(categories);
  const columns = categories.map((span, c) => {
    const members = Array.from({ length: span.width }, () => [] as number[]);
    for (let i = 0; i < rows; i++) (members[codes[i * C + c] as number] as number[]).push(i);
    const sums = runningSums(members.map(({ length }) => (length === 0 ? 0 : log(length + 1))));
    return { span, members, below: sums.map((sum) => sum / (sums.at(-1) as number)) };
  });
  return {
    counts: columns.map(({ members }) => members.map(({ length }) => length)),
    draw: (count, stream) => {
      const drawn = { vector: new Float32Array(count * V), spans: new Uint32Array(count * 3), rows: new Uint32Array(count) };
      for (let b = 0; b < count; b++) {
        if (C === 0) {
          drawn.rows[b] = stream.below(rows);
          continue;
        }
        const { span, members, below } = columns[stream.below(C)] as (typeof columns)[number];
        const level = firstAbove(below, stream.uniform());
        const having = members[level] as number[];
        drawn.vector[b * V + span.start - first + level] = 1;
        drawn.spans.set([span.start, span.width, level], b * 3);
        drawn.rows[b] = having[stream.below(having.length)] as number;
      }
      return drawn;
    },
  };
}

function runningSums(numbers: readonly number[]): number[] {
  let sum = 0;
  return numbers.map((number) => {
    sum += number;
    return sum;
  });
}

/** Index of the first limit that u lies below; the last one where there is none. */
function firstAbove(limits: readonly number[], u: number): number {
  const found = limits.findIndex((limit) => u < limit);
  return found < 0 ? limits.length - 1 : found;
}
