/** Blocks of memory, the pieces of them that somebody holds, and the tiles that pieces with textures cut a block into; gpu-memory.ts keeps them. */
import type { Matrix, Words } from './backend.js';
import type { GpuTexture } from './gpu-kernels.js';

/** What was allocated in one go: its twin, and the pieces of it that somebody holds. */
export interface Block {
  readonly words: boolean;
  readonly pieces: Piece[];
}

/** A matrix or words, or a view of a part of one. */
export class Piece implements Matrix, Words {
  texture: GpuTexture | null = null;
  /** `copy`: the texture was made of a larger piece's, which may still be newer than the twin. */
  newer: 'twin' | 'texture' | 'neither' | 'copy' = 'twin';

  constructor(
    readonly block: Block,
    readonly offset: number,
    readonly rows: number,
    readonly cols: number,
    readonly twin: Matrix & Words,
  ) {
    block.pieces.push(this);
  }

  get length(): number {
    return this.rows * this.cols;
  }

  overlaps(other: Piece): boolean {
    return this.offset < other.offset + other.length && other.offset < this.offset + this.length;
  }

  covers(other: Piece): boolean {
    return this.offset <= other.offset && other.offset + other.length <= this.offset + this.length;
  }
}

/** A part of a block that a kernel works on. */
export interface Tile {
  readonly offset: number;
  readonly rows: number;
  readonly cols: number;
}

/** The pieces within `whole` that have textures, and what lies between them; all of it where such pieces overlap. */
export function tilesOf(whole: Piece): Tile[] {
  const inner = whole.block.pieces
    .filter((piece) => piece.texture && piece !== whole && piece.length < whole.length && whole.covers(piece))
    .sort((a, b) => a.offset - b.offset);
  const { rows, cols } = whole;
  if (inner.length === 0) return [{ offset: 0, rows, cols }];
  const tiles: Tile[] = [];
  let end = whole.offset;
  const gap = (to: number) => {
    if (to > end) tiles.push({ offset: end - whole.offset, rows: 1, cols: to - end });
  };
  for (const piece of inner) {
    if (piece.offset < end) return [{ offset: 0, rows, cols }];
    gap(piece.offset);
    tiles.push({ offset: piece.offset - whole.offset, rows: piece.rows, cols: piece.cols });
    end = piece.offset + piece.length;
  }
  gap(whole.offset + whole.length);
  return tiles;
}
