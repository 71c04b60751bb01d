/**
 * Random forest for two classes (Breiman 2001): one call grows one tree, until its leaves are pure or cannot be parted.
 *
 * Dimensions: N rows, M rows drawn, D features, codes (D, N) u8 feature by feature and the same row by row, codeRows (N, D).
 */
import { BINS } from "./bins";
import { findGiniSplit, Growth, middleThreshold } from "./gini";
import { nextBelow, nextUniform, startReading } from "./random";
import { NodeTable } from "./tree";

/** A node that may be split: rows [start, end) of the order, their weight, the weight of the positive ones. */
@unmanaged
class Open {
  w: f64;
  p: f64;
  node: i32;
  start: i32;
  end: i32;
  depth: i32;
}

// @ts-ignore: decorator
@inline const OPEN: usize = 32;
/** The smaller child is always split first, so that the stack holds at most one node for each halving of the rows, and two more. */
// @ts-ignore: decorator
@inline const DEEPEST: usize = 34;

// @ts-ignore: decorator
@inline function aligned(bytes: usize): usize {
  return (bytes + 63) & ~63;
}

/** Bytes of codes that a subtree's rows take up side by side, within the second-level cache, and most of such rows. */
// @ts-ignore: decorator
@inline const LOCAL_BYTES: i32 = 131072;
// @ts-ignore: decorator
@inline const LOCAL_ROWS: i32 = 4096;

function localRows(d: i32): i32 {
  return min(LOCAL_ROWS, max(16, LOCAL_BYTES / d));
}

/** Distance of a feature's local codes from the next one's: not a power of two, at which all would share a cache set. */
// @ts-ignore: decorator
@inline function localStride(rows: i32): usize {
  return <usize>rows + 64;
}

/** Bytes of scratch for {@link forestTree}. */
export function forestScratch(n: i32, d: i32): usize {
  return 512 + 2 * aligned(<usize>n * 4) + 2 * aligned(<usize>n * 16) + aligned(<usize>d * 4) + BINS * 20 + 64 + DEEPEST * OPEN
    + <usize>d * localStride(localRows(d));
}

function layGrowth(scratch: usize, n: i32, d: i32): Growth {
  const tree = changetype<Growth>(scratch);
  tree.table = changetype<NodeTable>(scratch + 256);
  tree.rows = scratch + 512;
  tree.spareRows = tree.rows + aligned(<usize>n * 4);
  tree.pairs = tree.spareRows + aligned(<usize>n * 4);
  tree.sparePairs = tree.pairs + aligned(<usize>n * 16);
  tree.features = tree.sparePairs + aligned(<usize>n * 16);
  tree.sums = tree.features + aligned(<usize>d * 4);
  tree.counts = tree.sums + BINS * 16;
  tree.filled = tree.counts + BINS * 4;
  tree.open = tree.filled + 64;
  tree.local = tree.open + DEEPEST * OPEN;
  tree.localStart = 0;
  tree.localEnd = 0;
  tree.n = n;
  tree.d = d;
  memory.fill(tree.sums, 0, BINS * 20 + 64);
  for (let f = 0; f < d; f++) store<u32>(tree.features + (<usize>f << 2), f);
  return tree;
}

/**
 * Grows one tree and returns the number of its nodes. codes, bins, lower, upper as from binFeatures, codeRows as from codeRows;
 * y (N) u8; weights (N) f64 or 0. With `bootstrap` a row weighs as often as it is drawn in N draws,
 * which are in proportion to weights × positiveWeight; without it these weigh the rows. `drawn` features are tried at
 * a node, children keep `minLeaf` rows, maxDepth 0 = until pure. Random numbers: stream (key0, key1) from its first block.
 * table of `capacity` ≥ 2N nodes.
 */
export function forestTree(
  codes: usize, codeRows: usize, n: i32, d: i32, bins: usize, lower: usize, upper: usize, y: usize, weights: usize,
  drawn: i32, minLeaf: i32, maxDepth: i32, bootstrap: bool, positiveWeight: f64, key0: u32, key1: u32,
  table: usize, capacity: i32, scratch: usize,
): i32 {
  const tree = layGrowth(scratch, n, d);
  tree.all = codes;
  tree.codeRows = codeRows;
  tree.bins = bins;
  tree.lower = lower;
  tree.upper = upper;
  tree.drawn = drawn;
  tree.minLeaf = minLeaf;
  tree.maxDepth = maxDepth;
  tree.opened = 0;
  tree.table.init(table, capacity);
  startReading(key0, key1, 0);
  const rows = drawRows(tree, y, weights, bootstrap, positiveWeight);
  addNode(tree, 0, rows, 0);
  while (tree.opened > 0) {
    const open = changetype<Open>(tree.open + <usize>(--tree.opened) * OPEN);
    splitNode(tree, open.node, open.start, open.end, open.depth, open.w, open.p);
  }
  return tree.table.count;
}

/** Fills rows and pairs with the rows that take part; returns their number. A drawn row weighs as often as it was drawn. */
function drawRows(tree: Growth, y: usize, weights: usize, bootstrap: bool, positiveWeight: f64): i32 {
  const n = tree.n;
  const weighted = weights != 0 || positiveWeight != 1;
  const times = tree.spareRows;
  if (bootstrap) {
    memory.fill(times, 0, <usize>n << 2);
    if (weighted) drawWeighted(tree, times, y, weights, positiveWeight);
    else for (let i = 0; i < n; i++) count(times, nextBelow(n));
  }
  let rows: usize = 0;
  for (let i: usize = 0; i < <usize>n; i++) {
    const w = bootstrap ? <f64>load<u32>(times + (i << 2)) : rowWeight(y, weights, positiveWeight, i);
    if (w <= 0) continue;
    store<u32>(tree.rows + (rows << 2), <u32>i);
    store<f64>(tree.pairs + (rows << 4), w);
    store<f64>(tree.pairs + (rows << 4), load<u8>(y + i) != 0 ? w : 0, 8);
    rows++;
  }
  return <i32>rows;
}

// @ts-ignore: decorator
@inline function count(times: usize, row: u32): void {
  const at = times + (<usize>row << 2);
  store<u32>(at, load<u32>(at) + 1);
}

// @ts-ignore: decorator
@inline function rowWeight(y: usize, weights: usize, positiveWeight: f64, i: usize): f64 {
  return (weights ? load<f64>(weights + (i << 3)) : 1) * (load<u8>(y + i) != 0 ? positiveWeight : 1);
}

/**
 * N draws with probabilities in proportion to the rows' weights: weights on whole trees would only shift the choice of splits, since
 * the leaves of trees grown until pure forget them.
 */
function drawWeighted(tree: Growth, times: usize, y: usize, weights: usize, positiveWeight: f64): void {
  const n = tree.n;
  const sums = tree.sparePairs; // (N) f64, cumulative
  let total: f64 = 0;
  for (let i: usize = 0; i < <usize>n; i++) {
    total += rowWeight(y, weights, positiveWeight, i);
    store<f64>(sums + (i << 3), total);
  }
  for (let draw = 0; draw < n; draw++) {
    const point = nextUniform() * total;
    let low = 0;
    let high = n - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (load<f64>(sums + (<usize>middle << 3)) > point) high = middle;
      else low = middle + 1;
    }
    count(times, <u32>low);
  }
}

/** Appends the node of rows [start, end), for the time being a leaf, and opens it where it may be split. */
function addNode(tree: Growth, start: i32, end: i32, depth: i32): i32 {
  let sums = f64x2.splat(0);
  const stop = tree.pairs + (<usize>end << 4);
  for (let at = tree.pairs + (<usize>start << 4); at < stop; at += 16) sums = f64x2.add(sums, v128.load(at));
  const w = f64x2.extract_lane(sums, 0);
  const p = f64x2.extract_lane(sums, 1);
  const node = tree.table.leaf(p / w, w);
  const pure = p == 0 || p == w;
  if (pure || end - start < max(2, 2 * tree.minLeaf) || (tree.maxDepth > 0 && depth >= tree.maxDepth)) return node;
  const open = changetype<Open>(tree.open + <usize>(tree.opened++) * OPEN);
  open.w = w;
  open.p = p;
  open.node = node;
  open.start = start;
  open.end = end;
  open.depth = depth;
  return node;
}

/**
 * Sets the codes that rows [start, end) of the order index. A subtree of few rows has them copied side by side first: its rows are
 * spread over the whole table, and each of its levels would fetch them from there again.
 */
function chooseCodes(tree: Growth, start: i32, end: i32): void {
  if (start >= tree.localStart && end <= tree.localEnd) {
    tree.codes = tree.local;
    tree.stride = localStride(tree.localEnd - tree.localStart);
    return;
  }
  if (end - start > localRows(tree.d)) {
    tree.codes = tree.all;
    tree.stride = <usize>tree.n;
    return;
  }
  tree.localStart = start; // a subtree is finished before the next one begins: the stack holds nothing else of it
  tree.localEnd = end;
  tree.codes = tree.local;
  tree.stride = localStride(end - start);
  const d = <usize>tree.d;
  for (let i = start; i < end; i++) {
    const row = tree.rows + (<usize>i << 2);
    let to = tree.local + <usize>(i - start);
    const from = tree.codeRows + <usize>load<u32>(row) * d;
    for (let at = from; at < from + d; at++, to += tree.stride) store<u8>(to, load<u8>(at));
    store<u32>(row, <u32>(i - start));
  }
}

function splitNode(tree: Growth, node: i32, start: i32, end: i32, depth: i32, w: f64, p: f64): void {
  chooseCodes(tree, start, end);
  if (!findGiniSplit(tree, start, end, w, p)) return;
  const middle = part(tree, start, end);
  const defaultLeft = tree.hasMissing ? tree.missingLeft : middle - start > end - middle;
  const gain = 2 / w * (p * (w - p) / w - tree.cost);
  const threshold = middleThreshold(tree);
  // Both children are appended side by side; the larger one is opened first, hence split last.
  const feature = tree.feature;
  const left = tree.table.count;
  tree.table.split(node, feature, threshold, left, defaultLeft, p / w, gain);
  addNode(tree, start, middle, depth + 1);
  const openLeft = tree.opened;
  addNode(tree, middle, end, depth + 1);
  if (middle - start < end - middle && tree.opened > openLeft && openLeft > 0) swapLast(tree, left);
}

/** Brings the open node `left` to the top of the stack when it lies just below. */
function swapLast(tree: Growth, left: i32): void {
  const top = tree.open + <usize>(tree.opened - 1) * OPEN;
  const below = top - OPEN;
  if (changetype<Open>(below).node != left) return;
  for (let at: usize = 0; at < OPEN; at += 16) {
    const held = v128.load(top + at);
    v128.store(top + at, v128.load(below + at));
    v128.store(below + at, held);
  }
}

/** Stable partition of rows and pairs [start, end) by the best split; returns where the right child begins. */
function part(tree: Growth, start: i32, end: i32): i32 {
  const bin = tree.bin;
  const codes = tree.codes + <usize>tree.feature * tree.stride;
  const missing = tree.missingLeft ? load<i32>(tree.bins + (<usize>tree.feature << 2)) : -1;
  let left: usize = <usize>start;
  let right: usize = 0;
  for (let i = <usize>start; i < <usize>end; i++) {
    const row = load<u32>(tree.rows + (i << 2));
    const pair = v128.load(tree.pairs + (i << 4));
    const code = <i32>load<u8>(codes + <usize>row);
    const goesLeft = <usize>(code <= bin) | <usize>(code == missing);
    store<u32>(tree.rows + (left << 2), row); // left ≤ i: overwritten when the row goes right
    v128.store(tree.pairs + (left << 4), pair);
    store<u32>(tree.spareRows + (right << 2), row);
    v128.store(tree.sparePairs + (right << 4), pair);
    left += goesLeft;
    right += 1 - goesLeft;
  }
  memory.copy(tree.rows + (left << 2), tree.spareRows, right << 2);
  memory.copy(tree.pairs + (left << 4), tree.sparePairs, right << 4);
  return <i32>left;
}
