/**
 * What a compute backend offers: coarse operations as a plain record, one call a layer or a step.
 *
 * Matrices are float32, row-major, and live on the backend. `read` is asynchronous, because a GPU answers later; everything
 * else is queued in order. Memory is a stack: whatever was made after `mark()` is gone after `release(mark)`. One job at a
 * time uses a backend; `fork()` gives another job its own, with empty memory.
 *
 * Dimensions: B batch rows, I inputs, O outputs, N rows of data, D columns, T diffusion steps.
 */
import type { DiffusionOps } from './ops-diffusion.js';
import type { DistanceOps } from './ops-distance.js';
import type { GenerativeOps } from './ops-generative.js';
import type { NetworkOps } from './ops-network.js';
import type { RandomOps } from './ops-random.js';
import type { SpecialOps } from './ops-special.js';
import type { TreeOps } from './ops-trees.js';

declare const matrix: unique symbol;
declare const words: unique symbol;
declare const memoryMark: unique symbol;

/** A float32 matrix on the backend. */
export interface Matrix {
  readonly [matrix]?: never;
  readonly rows: number;
  readonly cols: number;
}

/** A vector of 32-bit integers on the backend (row indices, category codes, time steps). */
export interface Words {
  readonly [words]?: never;
  readonly length: number;
}

/** A place in the backend's memory stack. */
export interface MemoryMark {
  readonly [memoryMark]?: never;
}

/** A build of the core. `simd`: the same bytes everywhere. `relaxed`: fused multiply-add, last digits are the machine's. `debug`: with assertions. */
export type Variant = 'simd' | 'relaxed' | 'debug';

/**
 * Where a job computes: matrices (float32, row-major) in a memory of its own that is a stack, and operations of the size of a layer or a step.
 * One job at a time uses a backend; {@link Backend.fork} gives another job its own.
 *
 * @throws {ComputeError} from whatever allocates, where memory is used up.
 */
export interface Backend {
  readonly name: 'wasm' | 'gpu';
  /** The build of the core. */
  readonly variant: Variant | string;

  /** A matrix filled with zeros, or with the row-major `data` (rows × cols). */
  matrix(rows: number, cols: number, data?: Float32Array): Matrix;
  /** A vector of 32-bit words, zeros or `data`. */
  words(length: number, data?: Uint32Array | Int32Array): Words;
  /** Overwrites a matrix (rows × cols, row-major) or words. */
  write(target: Matrix, data: Float32Array): void;
  /** Overwrites words; as many as the target has. */
  writeWords(target: Words, data: Uint32Array | Int32Array): void;
  /** A window on `rows` × `cols` consecutive values of `parent` starting at its element `offset`; shares memory. */
  view(parent: Matrix, offset: number, rows: number, cols: number): Matrix;
  /** Copies the values out, row-major. */
  read(source: Matrix): Promise<Float32Array>;
  /** Copies words out. */
  readWords(source: Words): Promise<Uint32Array>;

  /** The place in the memory stack as it is now. */
  mark(): MemoryMark;
  /** Frees whatever was made after the mark. */
  release(mark: MemoryMark): void;
  /** Bytes of memory that the backend holds now (its peak: memory never shrinks). */
  memoryBytes(): number;
  /** A second backend of the same kind with memory of its own. */
  fork(): Promise<Backend>;

  readonly random: RandomOps;
  readonly network: NetworkOps;
  readonly generative: GenerativeOps;
  readonly diffusion: DiffusionOps;
  readonly distance: DistanceOps;
  readonly trees: TreeOps;
  readonly special: SpecialOps;
}
