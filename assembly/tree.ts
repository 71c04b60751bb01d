/**
 * Trees as flat tables of nodes, and the prediction of many rows at once.
 *
 * A table is one block of seven columns of C entries each, 4 bytes an entry, in the order below. `x < threshold` goes left,
 * missing goes left where `defaultLeft` is 1; a node's right child follows its left one. `feature` is −1 in a leaf.
 *
 * Dimensions: C capacity in nodes, N rows, D features.
 */

/** Bytes of a table of `capacity` nodes. */
export function treeBytes(capacity: i32): usize {
  return <usize>capacity * 28;
}

/** A table of nodes; `changetype` lays it over {table, capacity} held by the grower. */
@unmanaged
export class NodeTable {
  at: usize;
  column: usize; // bytes of a column
  count: i32;

  // @ts-ignore: decorator
  @inline init(table: usize, capacity: i32): void {
    this.at = table;
    this.column = <usize>capacity << 2;
    this.count = 0;
  }

  /** Appends a leaf. */
  // @ts-ignore: decorator
  @inline leaf(value: f64, cover: f64): i32 {
    const node = this.count++;
    const p = this.at + (<usize>node << 2);
    const column = this.column;
    store<i32>(p, -1);
    store<f32>(p + column, 0);
    store<u32>(p + 2 * column, 0);
    store<u32>(p + 3 * column, 0);
    store<f32>(p + 4 * column, <f32>value);
    store<f32>(p + 5 * column, 0);
    store<f32>(p + 6 * column, <f32>cover);
    return node;
  }

  /** Turns a leaf into a split. */
  // @ts-ignore: decorator
  @inline split(node: i32, feature: i32, threshold: f32, left: i32, defaultLeft: bool, value: f64, gain: f64): void {
    const p = this.at + (<usize>node << 2);
    const column = this.column;
    store<i32>(p, feature);
    store<f32>(p + column, threshold);
    store<u32>(p + 2 * column, left);
    store<u32>(p + 3 * column, defaultLeft ? 1 : 0);
    store<f32>(p + 4 * column, <f32>value);
    store<f32>(p + 5 * column, <f32>gain);
  }
}

// Packed nodes for prediction, 16 bytes: threshold f32 · test u32 · left u32 (byte offset in the pack) · value f32. `test` is the
// feature's byte offset in a row, | 1 where missing goes right, | 2 in a leaf. A leaf is its own left child and its threshold is
// NaN, so that a row that has arrived stays: x ≥ NaN is false. Hence no branch depends on the data.

// @ts-ignore: decorator
@inline const LEAF: u32 = 2;
// @ts-ignore: decorator
@inline const PACKED: usize = 16;

/** Packs `count` nodes of an ensemble's columns; `left` holds indices into the same columns. pack (count) of 16 bytes. */
export function packTrees(feature: usize, threshold: usize, left: usize, defaultLeft: usize, value: usize, count: i32, pack: usize): void {
  for (let i: usize = 0; i < <usize>count; i++) {
    const at = pack + i * PACKED;
    const f = load<i32>(feature + (i << 2));
    if (f < 0) {
      store<f32>(at, f32.NaN);
      store<u32>(at, LEAF, 4);
      store<u32>(at, <u32>(i * PACKED), 8);
    } else {
      store<f32>(at, load<f32>(threshold + (i << 2)));
      store<u32>(at, (<u32>f << 2) | (load<u8>(defaultLeft + i) ? 0 : 1), 4);
      store<u32>(at, load<u32>(left + (i << 2)) * <u32>PACKED, 8);
    }
    store<f32>(at, load<f32>(value + (i << 2)), 12);
  }
}

/** The child of packed node `at` for the row at `x`. */
// @ts-ignore: decorator
@inline function child(pack: usize, at: usize, x: usize): usize {
  const test = load<u32>(at, 4);
  const value = load<f32>(x + (test & ~3));
  const right = <u32>(value >= load<f32>(at)) | (<u32>(value != value) & test & 1);
  return pack + load<u32>(at, 8) + ((<usize>right) << 4);
}

/** Sums (rows) f64 += the leaf values of one tree; x (rows, stride bytes). Eight rows walk at once. */
function addTree(pack: usize, root: usize, x: usize, rows: i32, stride: usize, sums: usize): void {
  for (; rows >= 8; rows -= 8) {
    const x1 = x + stride;
    const x2 = x1 + stride;
    const x3 = x2 + stride;
    const x4 = x3 + stride;
    const x5 = x4 + stride;
    const x6 = x5 + stride;
    const x7 = x6 + stride;
    let n0 = root, n1 = root, n2 = root, n3 = root, n4 = root, n5 = root, n6 = root, n7 = root;
    let arrived: u32 = 0;
    while (!arrived) {
      for (let step = 0; step < 2; step++) {
        n0 = child(pack, n0, x);
        n1 = child(pack, n1, x1);
        n2 = child(pack, n2, x2);
        n3 = child(pack, n3, x3);
        n4 = child(pack, n4, x4);
        n5 = child(pack, n5, x5);
        n6 = child(pack, n6, x6);
        n7 = child(pack, n7, x7);
      }
      arrived = load<u32>(n0, 4) & load<u32>(n1, 4) & load<u32>(n2, 4) & load<u32>(n3, 4)
        & load<u32>(n4, 4) & load<u32>(n5, 4) & load<u32>(n6, 4) & load<u32>(n7, 4) & LEAF;
    }
    addValue(sums, n0, 0);
    addValue(sums, n1, 8);
    addValue(sums, n2, 16);
    addValue(sums, n3, 24);
    addValue(sums, n4, 32);
    addValue(sums, n5, 40);
    addValue(sums, n6, 48);
    addValue(sums, n7, 56);
    x = x7 + stride;
    sums += 64;
  }
  for (; rows > 0; rows--) {
    let node = root;
    while (!(load<u32>(node, 4) & LEAF)) node = child(pack, node, x);
    addValue(sums, node, 0);
    x += stride;
    sums += 8;
  }
}

// @ts-ignore: decorator
@inline function addValue(sums: usize, node: usize, offset: usize): void {
  store<f64>(sums + offset, load<f64>(sums + offset) + <f64>load<f32>(node, 12));
}

/** Rows that walk one tree before the next one is taken, so that a deep tree's nodes are used while they are in cache. */
const BLOCK: i32 = 512;

/** Bytes of scratch for {@link predictTrees}. */
export function predictScratch(): usize {
  return <usize>BLOCK * 8;
}

/**
 * out (N) f32 = base + the sum over trees of the leaf values, added in float64 in the order of the trees. roots (trees) u32 are
 * indices of packed nodes; x (N, D) f32 row-major, NaN = missing.
 */
export function predictTrees(pack: usize, roots: usize, trees: i32, x: usize, n: i32, d: i32, base: f64, out: usize, scratch: usize): void {
  const stride = <usize>d << 2;
  for (let first = 0; first < n; first += BLOCK) {
    const rows = min(BLOCK, n - first);
    for (let i: usize = 0; i < <usize>rows; i++) store<f64>(scratch + (i << 3), base);
    for (let t: usize = 0; t < <usize>trees; t++) {
      addTree(pack, pack + <usize>load<u32>(roots + (t << 2)) * PACKED, x, rows, stride, scratch);
    }
    for (let i: usize = 0; i < <usize>rows; i++) store<f32>(out + (i << 2), <f32>load<f64>(scratch + (i << 3)));
    out += <usize>rows << 2;
    x += <usize>rows * stride;
  }
}

/** out (trees, N) u32: the leaf, as an index into the pack, at which each row arrives. */
export function treeLeaves(pack: usize, roots: usize, trees: i32, x: usize, n: i32, d: i32, out: usize): void {
  for (let t: usize = 0; t < <usize>trees; t++) {
    const root = pack + <usize>load<u32>(roots + (t << 2)) * PACKED;
    for (let i: usize = 0; i < <usize>n; i++) {
      let node = root;
      const row = x + i * (<usize>d << 2);
      while (!(load<u32>(node, 4) & LEAF)) node = child(pack, node, row);
      store<u32>(out, <u32>((node - pack) >> 4));
      out += 4;
    }
  }
}
