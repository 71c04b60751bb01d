/**
 * Trees as flat tables of nodes, and the prediction of many rows at once.
 *
 * A table is one block of seven columns of C entries each, 4 bytes an entry, in the order below. `x < threshold` goes left,
 * missing goes left where `defaultLeft` is 1; a node's right child follows its left one. `feature` is −1 in a leaf.
 *
 * Dimensions: C capacity in nodes, N rows, D features.
 */
import { sortKey } from "./bins";
import { sigmoid } from "./special";

/** Bytes of a table of `capacity` nodes. */
export function treeBytes(capacity: i32): usize {
  return <usize>capacity * 28;
}

/** A table of nodes that a tree is grown in. */
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

// Packed nodes for prediction, 16 bytes: threshold key · byte offset of the feature in a block of rows · address of the left child ·
// 1 where missing goes left, else 0. Rows are turned into keys, u32 of the order of the float32 values, missing the largest of
// all; a row goes right where key + missingLeft ≥ threshold + missingLeft, for adding 1 wraps missing round to 0. A leaf is its
// own left child and nothing reaches its threshold, so that a row that has arrived stays. No branch depends on the data.

/** Threshold of a leaf, key of a missing value. */
const NEVER: u32 = 0xffffffff;
// @ts-ignore: decorator
@inline const PACKED: usize = 16;
/** Rows that walk a tree side by side; their keys lie feature by feature, (D, LANES). */
const LANES: i32 = 8;
/** Rows that walk one tree before the next one is taken, so that rows and a deep tree's nodes are used while they are in cache. */
const BLOCK: i32 = 512 * LANES;

/** Packs `count` nodes of an ensemble's columns; `left` holds indices into the same columns. pack (count) of 16 bytes. */
export function packTrees(feature: usize, threshold: usize, left: usize, defaultLeft: usize, count: i32, pack: usize): void {
  for (let i: usize = 0; i < <usize>count; i++) {
    const at = pack + i * PACKED;
    const f = load<i32>(feature + (i << 2));
    const leaf = f < 0;
    const missingLeft: u32 = leaf || load<u8>(defaultLeft + i) ? 1 : 0;
    store<u32>(at, leaf ? NEVER : sortKey(load<f32>(threshold + (i << 2))) + missingLeft);
    store<u32>(at, leaf ? 0 : <u32>f * (LANES * 4), 4);
    store<u32>(at, leaf ? <u32>at : <u32>(pack + <usize>load<u32>(left + (i << 2)) * PACKED), 8);
    store<u32>(at, missingLeft, 12);
  }
}

/** Keys (⌈rows / LANES⌉, D, LANES) u32 of x (rows, D) f32; lanes without a row get zeros. */
function rowKeys(x: usize, rows: i32, d: i32, keys: usize): void {
  memory.fill(keys + <usize>(rows / LANES) * d * LANES * 4, 0, rows % LANES ? <usize>d * LANES * 4 : 0);
  for (let i = 0; i < rows; i++) {
    let at = keys + (<usize>(i / LANES) * d * LANES + i % LANES) * 4;
    for (const end = x + (<usize>d << 2); x < end; x += 4) {
      const value = load<f32>(x);
      store<u32>(at, value == value ? sortKey(value) : NEVER);
      at += LANES * 4;
    }
  }
}

/** The child of packed node `at` for the row whose first key is at `row` + `lane`. */
// @ts-ignore: decorator
@inline function child(at: usize, row: usize, lane: usize): usize {
  const key = load<u32>(row + load<u32>(at, 4) + lane) + load<u32>(at, 12);
  return <usize>load<u32>(at, 8) + (<usize>(key >= load<u32>(at)) << 4);
}

// @ts-ignore: decorator
@inline function isLeaf(at: usize): bool {
  return load<u32>(at) == NEVER;
}

/** Sums (blocks, LANES) f64 += the leaf values of one tree. */
function addTree(pack: usize, values: usize, root: usize, keys: usize, blocks: i32, d: i32, sums: usize): void {
  const stop = sums + <usize>blocks * LANES * 8;
  for (; sums < stop; sums += LANES * 8) {
    let n0 = root, n1 = root, n2 = root, n3 = root, n4 = root, n5 = root, n6 = root, n7 = root;
    do {
      n0 = child(n0, keys, 0);
      n1 = child(n1, keys, 4);
      n2 = child(n2, keys, 8);
      n3 = child(n3, keys, 12);
      n4 = child(n4, keys, 16);
      n5 = child(n5, keys, 20);
      n6 = child(n6, keys, 24);
      n7 = child(n7, keys, 28);
    } while ((load<u32>(n0) & load<u32>(n1) & load<u32>(n2) & load<u32>(n3) & load<u32>(n4) & load<u32>(n5) & load<u32>(n6) & load<u32>(n7)) != NEVER);
    addValue(sums, values + ((n0 - pack) >> 2));
    addValue(sums + 8, values + ((n1 - pack) >> 2));
    addValue(sums + 16, values + ((n2 - pack) >> 2));
    addValue(sums + 24, values + ((n3 - pack) >> 2));
    addValue(sums + 32, values + ((n4 - pack) >> 2));
    addValue(sums + 40, values + ((n5 - pack) >> 2));
    addValue(sums + 48, values + ((n6 - pack) >> 2));
    addValue(sums + 56, values + ((n7 - pack) >> 2));
    keys += <usize>d * LANES * 4;
  }
}

// @ts-ignore: decorator
@inline function addValue(sum: usize, value: usize): void {
  store<f64>(sum, load<f64>(sum) + <f64>load<f32>(value));
}

/** Bytes of scratch for {@link predictTrees} and {@link treeLeaves}. */
export function predictScratch(d: i32): usize {
  return <usize>BLOCK * (8 + <usize>d * 4);
}

// What becomes of the sum over trees.
const SUM: i32 = 0;
const LOGISTIC: i32 = 1; // 1 / (1 + e^−sum)

/**
 * out (N) f32 = base + the sum over trees of the leaf values, added in float64 in the order of the trees, or what `link` makes of
 * it: 0 the sum, 1 its logistic function, 2 the mean over trees. values (nodes) f32 and
 * pack (nodes) belong together; roots (trees) u32 are indices of nodes; x (N, D) f32 row-major, NaN = missing.
 */
export function predictTrees(
  pack: usize, values: usize, roots: usize, trees: i32, x: usize, n: i32, d: i32, base: f64, link: i32, out: usize, scratch: usize,
): void {
  const keys = scratch + <usize>BLOCK * 8;
  for (let first = 0; first < n; first += BLOCK) {
    const rows = min(BLOCK, n - first);
    rowKeys(x, rows, d, keys);
    for (let i: usize = 0; i < <usize>BLOCK; i++) store<f64>(scratch + (i << 3), base);
    for (let t: usize = 0; t < <usize>trees; t++) {
      addTree(pack, values, pack + <usize>load<u32>(roots + (t << 2)) * PACKED, keys, (rows + LANES - 1) / LANES, d, scratch);
    }
    for (let i: usize = 0; i < <usize>rows; i++) {
      const sum = load<f64>(scratch + (i << 3));
      store<f32>(out + (i << 2), <f32>(link == SUM ? sum : link == LOGISTIC ? sigmoid(sum) : sum / <f64>trees));
    }
    out += <usize>rows << 2;
    x += <usize>rows * d << 2;
  }
}

/** out (N, trees) u32: the leaf, as an index of nodes, at which each row arrives. */
export function treeLeaves(pack: usize, roots: usize, trees: i32, x: usize, n: i32, d: i32, out: usize, scratch: usize): void {
  for (let i = 0; i < n; i++) {
    rowKeys(x, 1, d, scratch);
    for (let t: usize = 0; t < <usize>trees; t++) {
      let node = pack + <usize>load<u32>(roots + (t << 2)) * PACKED;
      while (!isLeaf(node)) node = child(node, scratch, 0);
      store<u32>(out, <u32>((node - pack) >> 4));
      out += 4;
    }
    x += <usize>d << 2;
  }
}
