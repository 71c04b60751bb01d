/**
 * The space in which CTGAN and TVAE learn (Xu et al. 2019, §4.2): a number as its place in a mode of its column and the one-hot of that
 * mode, levels and missingness as one-hot categories. What becomes a category, what is constant, and how cells are restored is as in
 * encoder.ts, on which this stands; the number of a missing cell is the column's median.
 *
 * Dimensions: N rows, W columns, C categories.
 */
import { isNumberColumn, type NumberColumn, type Table } from '../table/table.js';
import { type Encoded, type EncoderState, encoderOf, fitEncoder } from './encoder.js';
import type { Span } from './layout.js';
import { drawMode, fitModes, fromMode, type MixtureFunctions, type Modes, placeInMode } from './modes.js';
import { type Normal, type Quantiles, toNormal } from './quantile.js';
import { medianOf } from './scale.js';

export interface ModeEncoded {
  readonly rows: Float32Array; // (N, W) row-major
  readonly codes: Int32Array; // (N, C) row-major: the category of each category span
}

export interface ModeEncoder {
  readonly width: number; // W
  /** All columns in order: of every number its place and, where there are several, its mode; then the categories. */
  readonly spans: readonly Span[];
  /** The last C of the spans. */
  readonly categories: readonly Span[];
  /** What was learnt, as plain data; {@link modeEncoderOf} makes the encoder of it again. */
  readonly state: ModeEncoderState;
  /** Modes are drawn by `uniform`, numbers in [0, 1). */
  encode(table: Table, uniform: () => number, turn?: () => Promise<void>): Promise<ModeEncoded>;
  /** The table of `count` rows (count, W); of each span of 0/1 values the greatest counts. */
  decode(rows: Float32Array, count: number): Table;
}

/** Of a number column with more than one value: its modes, and the number that a missing cell counts as. */
export interface NumberModes {
  readonly modes: Modes;
  readonly middle: number;
}

export interface ModeEncoderState {
  readonly encoder: EncoderState;
  /** Of each column that has quantiles, in their order. */
  readonly numbers: readonly NumberModes[];
}

/** Where a number column lies. */
interface NumberPlace extends NumberModes {
  readonly name: string;
  readonly quantiles: Quantiles;
  readonly start: number; // of its place; its modes follow
}

/** `turn` is awaited between two columns: fitting one takes some milliseconds. */
export async function fitModeEncoder(train: Table, functions: MixtureFunctions & Normal, turn = noTurn): Promise<ModeEncoder> {
  const { state } = fitEncoder(train, functions);
  const numbers: NumberModes[] = [];
  for (const column of state.columns) {
    if (!('quantiles' in column) || column.quantiles === null) continue;
    await turn();
    const { values } = columnOf(train, column.name);
    numbers.push({ modes: fitModes(values, functions), middle: medianOf(values) });
  }
  return modeEncoderOf({ encoder: state, numbers }, functions, train);
}

/** Numbers first, each with its modes; then the categories. */
function layOut({ encoder, numbers: learnt }: ModeEncoderState) {
  const spans: Span[] = [];
  let width = 0;
  const place = (column: string, kind: Span['kind'], columns: number) => {
    spans.push({ column, kind, start: width, width: columns });
    width += columns;
  };
  const numbers: NumberPlace[] = [];
  for (const column of encoder.columns) {
    if (!('quantiles' in column) || column.quantiles === null) continue;
    const own = learnt[numbers.length] as NumberModes;
    numbers.push({ ...own, name: column.name, quantiles: column.quantiles, start: width });
    place(column.name, 'number', 1);
    if (own.modes.weights.length > 1) place(column.name, 'mode', own.modes.weights.length);
  }
  const first = spans.length;
  for (const column of encoder.columns) {
    if ('index' in column && column.index.levels.length > 1) place(column.name, 'onehot', column.index.levels.length);
    if ('someMissing' in column && column.someMissing) place(column.name, 'missing', 2);
  }
  return { width, spans, categories: spans.slice(first), numbers };
}

/** The encoder of what was learnt. Decoded tables number their levels as `like` does. */
export function modeEncoderOf(state: ModeEncoderState, functions: MixtureFunctions & Normal, like: Table): ModeEncoder {
  const encoder = encoderOf(state.encoder, functions, like);
  const { width: W, spans, categories, numbers } = layOut(state);
  const C = categories.length;
  return {
    width: W,
    spans,
    categories,
    state,
    encode: async (table, uniform, turn = noTurn) => {
      const { codes } = encoder.encode(table);
      const rows = new Float32Array(table.rows * W);
      for (const { name, modes, middle, start } of numbers) {
        await turn();
        const { values } = columnOf(table, name);
        for (let i = 0; i < table.rows; i++) {
          const value = values[i] as number;
          const x = Number.isNaN(value) ? middle : value;
          const k = modes.weights.length > 1 ? drawMode(modes, x, uniform(), functions) : 0;
          rows[i * W + start] = placeInMode(modes, k, x);
          if (modes.weights.length > 1) rows[i * W + start + 1 + k] = 1;
        }
      }
      for (let i = 0; i < table.rows; i++) {
        categories.forEach((span, c) => {
          rows[i * W + span.start + (codes[i * C + c] as number)] = 1;
        });
      }
      return { rows, codes };
    },
    decode: (rows, N) => {
      const encoded = { rows: N, numeric: new Float32Array(N * encoder.numeric), codes: new Int32Array(N * C) } satisfies Encoded;
      for (let i = 0; i < N; i++) {
        numbers.forEach(({ modes, quantiles, start }, f) => {
          const k = greatest(rows, i * W + start + 1, modes.weights.length);
          const value = fromMode(modes, k, rows[i * W + start] as number);
          encoded.numeric[i * encoder.numeric + f] = toNormal(quantiles, value, functions);
        });
        categories.forEach((span, c) => {
          encoded.codes[i * C + c] = greatest(rows, i * W + span.start, span.width);
        });
      }
      return encoder.decode(encoded);
    },
  };
}

const noTurn = async (): Promise<void> => {};

function columnOf(table: Table, name: string): NumberColumn {
  return table.columns.find((column) => column.name === name && isNumberColumn(column)) as NumberColumn;
}

/** Which of `count` values from `start` on is the greatest; the first of equals. */
function greatest(values: Float32Array, start: number, count: number): number {
  let best = 0;
  for (let k = 1; k < count; k++) if ((values[start + k] as number) > (values[start + best] as number)) best = k;
  return best;
}
