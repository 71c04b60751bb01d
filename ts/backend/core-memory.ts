/**
 * The bridge to the core's linear memory: the only file that touches it. Matrices and words are {ptr, rows, cols}; they never
 * store a view, because `memory.grow` detaches old ones. The ops-files beside it pass pointers on to the core's exports.
 */
import { ComputeError, InputError } from '../errors.js';
import type { Matrix, MemoryMark, Variant, Words } from './backend.js';

/** The core's exports by name; `assembly/index.ts` is the list. */
export type CoreExports = Readonly<Record<string, (...numbers: number[]) => number>>;

export interface WasmMatrix extends Matrix {
  readonly ptr: number;
}

export interface WasmWords extends Words {
  readonly ptr: number;
}

/** A kind of typed arrays. */
interface TypedArray<T> {
  new (from: T): T;
  new (buffer: ArrayBuffer, at: number, length: number): T;
}

interface WasmMark extends MemoryMark {
  readonly top: number;
}

/** Memory of one instance of the core, and its exports. */
export interface CoreMemory {
  readonly variant: Variant;
  readonly module: WebAssembly.Module;
  readonly core: CoreExports;
  alloc(bytes: number): number;
  matrix(rows: number, cols: number, data?: Float32Array): WasmMatrix;
  words(length: number, data?: Uint32Array | Int32Array): WasmWords;
  view(parent: Matrix, offset: number, rows: number, cols: number): WasmMatrix;
  write(target: Matrix, data: Float32Array): void;
  writeWords(target: Words, data: Uint32Array | Int32Array): void;
  /** Columns first … first + count − 1 of row-major data (rows, cols) into the rows of target (≥ count, rows). */
  writeColumns(target: WasmMatrix, data: Float32Array, cols: number, first: number, count: number): void;
  read(source: Matrix): Float32Array;
  readWords(source: Words): Uint32Array;
  /** Raw copies for the ops-files: bytes in, bytes out. */
  put(data: ArrayBufferView): number;
  get<T extends ArrayBufferView>(ptr: number, length: number, type: TypedArray<T>): T;
  mark(): MemoryMark;
  release(mark: MemoryMark): void;
  memoryBytes(): number;
}

/** The pointer of a handle made by this backend. */
export const ptr = (handle: Matrix | Words | null | undefined): number => (handle ? (handle as WasmMatrix).ptr : 0);

/** Compiles the core. Throws {@link ComputeError} where WebAssembly SIMD is missing. */
export async function compileCore(source: Uint8Array | WebAssembly.Module, variant: Variant): Promise<WebAssembly.Module> {
  try {
    return source instanceof WebAssembly.Module ? source : await WebAssembly.compile(source as BufferSource);
  } catch (error) {
    throw new ComputeError(
      `the ${variant} core does not run in this engine (${(error as Error).message}); WebAssembly SIMD is needed: Node 16.4, Chrome 91, Firefox 89, Safari 16.4 or newer`,
    );
  }
}

/** The memory of an instance of the core, given all that the instance exports. */
export function coreMemory(core: CoreExports, module: WebAssembly.Module, variant: Variant): CoreMemory {
  const { memory } = core as unknown as { memory: WebAssembly.Memory };
  const f32 = (at: number, length: number) => new Float32Array(memory.buffer, at, length);
  const u32 = (at: number, length: number) => new Uint32Array(memory.buffer, at, length);

  const alloc = (bytes: number): number => {
    const at = bytes < 4294901760 ? (core.alloc as (bytes: number) => number)(bytes) >>> 0 : 0;
    if (at === 0) {
      throw new ComputeError(
        `out of memory: ${Math.ceil(bytes / 1048576)} MB more did not fit beside the ${Math.ceil(memory.buffer.byteLength / 1048576)} MB in use; take fewer rows or a smaller batch`,
      );
    }
    return at;
  };
  const matrix = (rows: number, cols: number, data?: Float32Array): WasmMatrix => {
    const at = alloc(Math.max(1, rows * cols) * 4);
    if (data) f32(at, rows * cols).set(checkLength('data', data, rows * cols));
    else f32(at, rows * cols).fill(0);
    return { ptr: at, rows, cols };
  };
  const words = (length: number, data?: Uint32Array | Int32Array): WasmWords => {
    const at = alloc(Math.max(1, length) * 4);
    if (data) u32(at, length).set(checkLength('data', data, length));
    else u32(at, length).fill(0);
    return { ptr: at, length };
  };
  return {
    variant,
    module,
    core,
    alloc,
    matrix,
    words,
    view: (parent, offset, rows, cols) => {
      if (offset < 0 || offset + rows * cols > parent.rows * parent.cols) {
        throw new InputError(`"view" expected to lie inside ${parent.rows}×${parent.cols}, got ${rows}×${cols} at ${offset}`);
      }
      return { ptr: ptr(parent) + offset * 4, rows, cols };
    },
    write: (target, data) => {
      f32(ptr(target), target.rows * target.cols).set(checkLength('data', data, target.rows * target.cols));
    },
    writeWords: (target, data) => {
      u32(ptr(target), target.length).set(checkLength('data', data, target.length));
    },
    writeColumns: (target, data, cols, first, count) => {
      const rows = target.cols;
      const out = f32(target.ptr, count * rows);
      for (let row = 0, at = first; row < rows; row++, at += cols) {
        for (let c = 0, to = row; c < count; c++, to += rows) out[to] = data[at + c] as number;
      }
    },
    read: (source) => f32(ptr(source), source.rows * source.cols).slice(),
    readWords: (source) => u32(ptr(source), source.length).slice(),
    put: (data) => {
      const at = alloc(Math.max(1, data.byteLength));
      new Uint8Array(memory.buffer, at, data.byteLength).set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
      return at;
    },
    get: (at, length, type) => new type(new type(memory.buffer, at, length)), // a copy, whose memory is not cleared first
    mark: (): WasmMark => ({ top: (core.mark as () => number)() }),
    release: (mark) => {
      (core.release as (at: number) => number)((mark as WasmMark).top);
    },
    memoryBytes: () => memory.buffer.byteLength,
  };
}

function checkLength<T extends ArrayLike<number>>(name: string, data: T, length: number): T {
  if (data.length !== length) throw new InputError(`"${name}" expected ${length} values, got ${data.length}`);
  return data;
}
