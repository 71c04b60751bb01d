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

export interface ConditionSampler {
  readonly width: number; // V
  draw(count: number, stream: Stream): Conditions;
  /** One condition for all: the category of `column` is `level`. */
  fixed(column: number, level: number): readonly number[];
  /** (count, V) as the rows of the table have them: a row, then one of its categories, drawn evenly. */
  natural(count: number, stream: Stream): Float32Array;
}

export function conditionSampler(
  categories: readonly Span[],
  codes: Int32Array,
  rows: number,
  log: (x: number) => number,
): ConditionSampler {
  const C = categories.length;
  const first = categories[0]?.start ?? 0;
  const V = categories.reduce((sum, { width }) => sum + width, 0);
  const columns = categories.map((span, c) => {
    const members = Array.from({ length: span.width }, () => [] as number[]);
    for (let i = 0; i < rows; i++) (members[codes[i * C + c] as number] as number[]).push(i);
    const weights = members.map(({ length }) => (length === 0 ? 0 : log(length + 1)));
    const total = weights.reduce((sum, w) => sum + w, 0);
    let sum = 0;
    const below = weights.map((w) => {
      sum += w;
      return sum / total;
    });
    return { span, members, below };
  });
  const pick = (below: readonly number[], u: number): number => {
    const found = below.findIndex((limit) => u < limit);
    return found < 0 ? below.length - 1 : found;
  };
  return {
    width: V,
    draw: (count, stream) => {
      const drawn = { vector: new Float32Array(count * V), spans: new Uint32Array(count * 3), rows: new Uint32Array(count) };
      for (let b = 0; b < count; b++) {
        if (C === 0) {
          drawn.rows[b] = stream.below(rows);
          continue;
        }
        const { span, members, below } = columns[stream.below(C)] as (typeof columns)[number];
        const level = pick(below, stream.uniform());
        const having = members[level] as number[];
        drawn.vector[b * V + span.start - first + level] = 1;
        drawn.spans.set([span.start, span.width, level], b * 3);
        drawn.rows[b] = having[stream.below(having.length)] as number;
      }
      return drawn;
    },
    fixed: (column, level) => {
      const { start } = categories[column] as Span;
      return Array.from({ length: V }, (_, j) => Number(j === start - first + level));
    },
    natural: (count, stream) => {
      const vector = new Float32Array(count * V);
      for (let b = 0; b < count && C > 0; b++) {
        const [row, c] = [stream.below(rows), stream.below(C)];
        vector[b * V + (categories[c] as Span).start - first + (codes[row * C + c] as number)] = 1;
      }
      return vector;
    },
  };
}
