/**
 * Memory in two places: each matrix lies in the core's linear memory (its twin) and, once a kernel wants it, in a texture. Which of the
 * two is newer is noted, and nothing is copied before it is needed.
 *
 * A view is a piece of its parent's block with a texture of its own. Pieces that overlap see one another's values through the twin: a
 * piece that is read has all newer textures over it brought home first, and one that is written makes them stale.
 */
import { paste, slice } from '../../kernels/network.js';
import { InputError } from '../errors.js';
import type { Matrix, MemoryMark, Words } from './backend.js';
import type { GpuKernels, GpuTexture, KernelFunction } from './gpu-kernels.js';
import { type Block, Piece, type Tile, tilesOf } from './gpu-pieces.js';
import type { CoreMemory } from './wasm.js';

/** Copies between the two places so far, and their bytes. */
export interface Transfers {
  uploads: number;
  uploadedBytes: number;
  reads: number;
  readBytes: number;
}

export interface GpuMemory {
  /** Where the twins lie. */
  readonly core: CoreMemory;
  readonly transfers: Readonly<Transfers>;
  matrix(rows: number, cols: number, data?: Float32Array): Piece;
  words(length: number, data?: Uint32Array | Int32Array): Piece;
  view(parent: Matrix, offset: number, rows: number, cols: number): Piece;
  write(target: Matrix, data: Float32Array): void;
  writeWords(target: Words, data: Uint32Array | Int32Array): void;
  read(source: Matrix): Float32Array;
  readWords(source: Words): Uint32Array;
  mark(): MemoryMark;
  release(mark: MemoryMark): void;
  /** Of the textures; the core counts its own. */
  textureBytes(): number;

  /** target = `kernel` of matrices, textures and numbers, element by element. */
  set(target: Matrix | Words, kernel: KernelFunction, values: readonly KernelValue[], constants?: Readonly<Record<string, number>>): void;
  /** The same as a texture that the caller frees. */
  compute(
    kernel: KernelFunction,
    rows: number,
    cols: number,
    values: readonly KernelValue[],
    constants?: Readonly<Record<string, number>>,
  ): GpuTexture;
  /** Values as a texture that the caller frees. */
  upload(values: Float32Array, rows: number, cols: number): GpuTexture;
  free(...textures: readonly GpuTexture[]): void;
  /** The parts of a block that kernels work on, together all of it: where they start in it, and their shapes. */
  tiles(whole: Matrix): Tile[];
  /** The values as a texture, copied there if they are not. */
  texture(source: Matrix | Words): GpuTexture;
  /** A kernel's result becomes the matrix's values. */
  keep(target: Matrix | Words, texture: GpuTexture): void;
  /** The twin of a handle that the core is to read. */
  home(source: Matrix | Words): Matrix & Words;
  /** Before the core writes a handle: what kernels have put there is kept, and its textures are stale. */
  overwrite(target: Matrix | Words): Matrix & Words;
}

/** What a kernel is given: matrices and words go there as their textures. */
export type KernelValue = Matrix | Words | GpuTexture | number;

/** Places in a larger block are exact in a kernel's float32, half a place included. */
const SLICED = 1 << 23;

interface Mark extends MemoryMark {
  readonly core: MemoryMark;
  readonly blocks: number;
}

export function gpuMemory(memory: CoreMemory, kernels: GpuKernels): GpuMemory {
  const blocks: Block[] = [];
  const transfers: Transfers = { uploads: 0, uploadedBytes: 0, reads: 0, readBytes: 0 };

  const place = (twin: Matrix | Words, rows: number, cols: number, words: boolean): Piece => {
    const block: Block = { words, pieces: [] };
    blocks.push(block);
    return new Piece(block, 0, rows, cols, twin as Matrix & Words);
  };
  const free = (piece: Piece) => {
    if (piece.texture) kernels.free(piece.texture);
    piece.texture = null;
  };
  /** Copies a texture's values to the twin. */
  const fetch = (piece: Piece) => {
    const values = kernels.read(piece.texture as GpuTexture);
    transfers.reads++;
    transfers.readBytes += values.byteLength;
    if (piece.block.words) memory.writeWords(piece.twin, Uint32Array.from(values));
    else memory.write(piece.twin, values);
    piece.newer = 'neither';
  };
  const fetchOver = (piece: Piece) => {
    for (const other of piece.block.pieces) if (other.newer === 'texture' && other.overlaps(piece)) fetch(other);
  };
  /** What lies over a piece that is written: saved where it reaches beyond the piece, and stale. */
  const outdate = (piece: Piece, except?: Piece) => {
    for (const other of piece.block.pieces) {
      if (other === except || !other.overlaps(piece)) continue;
      if (other.newer === 'texture' && !piece.covers(other)) fetch(other);
      other.newer = 'twin';
      free(other);
    }
  };
  const upload = (values: Float32Array, rows: number, cols: number) => {
    transfers.uploads++;
    transfers.uploadedBytes += values.byteLength;
    return kernels.upload(values, rows, cols);
  };
  /** The piece that a view is a part of, where only the GPU knows its values. */
  const largerThan = (piece: Piece): Piece | undefined =>
    piece.block.pieces.find(
      (other) => other.newer === 'texture' && other.length < SLICED && other.length > piece.length && other.covers(piece),
    );
  /** A view of what only the GPU knows is made there. */
  const cut = (piece: Piece, larger: Piece): GpuTexture => {
    free(piece);
    const { cols } = piece;
    const values = [larger.texture as GpuTexture, piece.offset - larger.offset];
    piece.texture = kernels.run(slice, piece.rows, cols, values, { cols, sourceCols: larger.cols });
    piece.newer = 'copy';
    return piece.texture;
  };
  const texture = (source: Matrix | Words): GpuTexture => {
    const piece = source as Piece;
    if (piece.length === 0) throw new InputError(`"matrix" expected at least one value, got ${piece.rows}×${piece.cols}`);
    if (piece.newer === 'twin') {
      const larger = largerThan(piece);
      if (larger) return cut(piece, larger);
      fetchOver(piece);
      free(piece);
      const values = piece.block.words ? Float32Array.from(memory.readWords(piece.twin)) : memory.read(piece.twin);
      piece.texture = upload(values, piece.rows, piece.cols);
      piece.newer = 'neither';
    }
    return piece.texture as GpuTexture;
  };
  const compute: GpuMemory['compute'] = (kernel, rows, cols, values, constants) =>
    kernels.run(
      kernel,
      rows,
      cols,
      values.map((value) => (value instanceof Piece ? texture(value) : (value as GpuTexture | number))),
      constants,
    );
  const keep = (target: Matrix | Words, result: GpuTexture) => {
    const piece = target as Piece;
    const larger = largerThan(piece);
    if (larger) {
      // what only the GPU knows of the larger piece stays there
      const [constants, whole] = [{ cols: larger.cols, partCols: piece.cols, length: piece.length }, larger.texture as GpuTexture];
      larger.texture = kernels.run(paste, larger.rows, larger.cols, [whole, result, piece.offset - larger.offset], constants);
      kernels.free(whole);
    }
    outdate(piece, larger);
    piece.texture = result;
    piece.newer = larger ? 'copy' : 'texture';
  };
  const overwrite = (target: Matrix | Words) => {
    outdate(target as Piece);
    return (target as Piece).twin;
  };
  const home = (source: Matrix | Words) => {
    fetchOver(source as Piece);
    return (source as Piece).twin;
  };

  return {
    core: memory,
    transfers,
    matrix: (rows, cols, data) => place(memory.matrix(rows, cols, data), rows, cols, false),
    words: (length, data) => place(memory.words(length, data), 1, length, true),
    view: (parent, offset, rows, cols) => {
      const { block, offset: start, twin } = parent as Piece;
      const view = memory.view(twin, offset, rows, cols) as Matrix as Matrix & Words;
      const known = block.pieces.find((piece) => piece.offset === start + offset && piece.rows === rows && piece.cols === cols);
      return known ?? new Piece(block, start + offset, rows, cols, view);
    },
    write: (target, data) => memory.write(overwrite(target), data),
    writeWords: (target, data) => memory.writeWords(overwrite(target), data),
    read: (source) => memory.read(home(source)),
    readWords: (source) => memory.readWords(home(source)),
    mark: (): Mark => ({ core: memory.mark(), blocks: blocks.length }),
    release: (mark) => {
      const { core, blocks: kept } = mark as Mark;
      for (const block of blocks.splice(kept)) block.pieces.forEach(free);
      memory.release(core);
    },
    textureBytes: () => {
      let bytes = 0;
      for (const { pieces } of blocks) for (const { texture, length } of pieces) if (texture) bytes += length * 4;
      return bytes;
    },
    set: (target, kernel, values, constants) => {
      const { rows, cols } = target as Piece;
      keep(target, compute(kernel, rows, cols, values, constants));
    },
    compute,
    upload,
    free: (...textures) => textures.forEach(kernels.free),
    tiles: (whole) => tilesOf(whole as Piece),
    texture,
    keep,
    home,
    overwrite,
  };
}
