/**
 * One table of cases for every backend: each case makes its inputs, runs one operation, and holds the result against a float64 oracle
 * within a tolerance computed from lengths and rounding units. Files beside this one import nothing of Node.
 */
import type { Backend, Matrix } from '../../../ts/backend/backend.js';

export interface OpCase {
  /** The operation as `placement` names it: "network.gemm". */
  readonly op: string;
  readonly name: string;
  /** Asks for arithmetic by IEEE 754, which a GPU does not promise. */
  readonly exact?: boolean;
  /** `sizes` are the lengths to try. */
  run(backend: Backend, units: Units, sizes: readonly number[]): Promise<void>;
}

/** How far results of single float32 operations may be off, relative to them. */
export interface Units {
  /** Of +, − and ×. */
  readonly u: number;
  /** Of exp, of arguments within ±16, of a division and of a square root. */
  readonly exp: number;
  readonly divide: number;
  readonly sqrt: number;
}

/** The core rounds correctly, but for exp (assembly/lib/exp.ts). */
const CORE: Units = { u: 2 ** -24, exp: 2 ** -22, divide: 2 ** -24, sqrt: 2 ** -24 };
/** The least that GLSL ES 3.00 §4.5.1 and Vulkan ask for: exp 3 + 2·|x| units in the last place, division 2.5, square root some 3. */
const GPU: Units = { u: 2 ** -23, exp: 35 * 2 ** -23, divide: 2.5 * 2 ** -23, sqrt: 4 * 2 ** -23 };

export const unitsOf = (backend: Backend): Units => (backend.name === 'gpu' ? GPU : CORE);

export const SIZES: readonly number[] = [1, 3, 4, 5, 15, 16, 17];

/** A matrix of float64 values that are float32 exactly. */
export const put = (backend: Backend, rows: number, cols: number, data: ArrayLike<number>): Matrix =>
  backend.matrix(rows, cols, Float32Array.from(data));

/** Runs `body`, and frees what it has allocated. */
export async function scoped(backend: Backend, body: () => Promise<void>): Promise<void> {
  const mark = backend.mark();
  try {
    await body();
  } finally {
    backend.release(mark);
  }
}
