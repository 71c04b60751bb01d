/**
 * Random forest for two classes (Breiman 2001): one call grows one tree. A split minimises the Gini impurity of its children among
 * features drawn anew at each node; when all drawn features are constant there, drawing goes on until one is not.
 *
 * Gini impurity of a node with weight w, p of it positive: 2 p (w − p) / w². Its parting into l and r lowers it by
 * 2/w (p q / w − p_l q_l / w_l − p_r q_r / w_r), q = w − p; the least cost p_l q_l / w_l + p_r q_r / w_r wins.
 *
 * Dimensions: N rows, M rows drawn, D features, codes (D, N) u8.
 */
import { BINS } from "./bins";
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

/** The tree at hand; lies at the start of the scratch. */
@unmanaged
class Growth {
  codes: usize; // (D, N) u8
  bins: usize; // (D) i32
  lower: usize; // (D, BINS) f32
  upper: usize;
  rows: usize; // (M) u32 in the order of the nodes so far
  pairs: usize; // (M) {weight, positive weight} f64, in the order of rows
  spareRows: usize;
  sparePairs: usize;
  features: usize; // (D) u32, the order of drawing
  sums: usize; // (BINS) {weight, positive weight} f64 of the feature at hand, zeros between uses
  counts: usize; // (BINS) u32 rows, only when minLeaf > 1
  filled: usize; // (4) u64, bit b: bin b holds a row
  open: usize; // stack of Open
  opened: i32;
  n: i32;
  d: i32;
  drawn: i32; // features to draw at a node
  minLeaf: i32;
  maxDepth: i32;
  table: NodeTable;
  // The best split of the node at hand.
  cost: f64;
  feature: i32;
  bin: i32; // the last bin that goes left, −1 where only missing does
  next: i32; // the first bin in use that goes right, −1 where only missing does
  missingLeft: bool;
  hasMissing: bool;
}

// @ts-ignore: decorator
@inline const OPEN: usize = 32;
/** The smaller child is always split first, so that the stack holds at most one node for each halving of the rows, and two more. */
// @ts-ignore: decorator
@inline const DEEPEST: usize = 34;
/** Nodes with fewer rows note which bins they fill; larger ones look at all bins. */
// @ts-ignore: decorator
@inline const FEW: i32 = 192;

// @ts-ignore: decorator
@inline function aligned(bytes: usize): usize {
  return (bytes + 63) & ~63;
}

/** Bytes of scratch for {@link forestTree}. */
export function forestScratch(n: i32, d: i32): usize {
  return 512 + 2 * aligned(<usize>n * 4) + 2 * aligned(<usize>n * 16) + aligned(<usize>d * 4) + BINS * 20 + 64 + DEEPEST * OPEN;
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
  tree.n = n;
  tree.d = d;
  memory.fill(tree.sums, 0, BINS * 20 + 64);
  for (let f = 0; f < d; f++) store<u32>(tree.features + (<usize>f << 2), f);
  return tree;
}

/**
 * Grows one tree and returns the number of its nodes. codes, bins, lower, upper as from binFeatures, codes feature by feature;
 * y (N) u8; weights (N) f64 or 0. With `bootstrap` a row weighs as often as it is drawn in N draws,
 * which are in proportion to weights × positiveWeight; without it these weigh the rows. `drawn` features are tried at
 * a node, children keep `minLeaf` rows, maxDepth 0 = until pure. Random numbers: stream (key0, key1) from its first block.
 * table of `capacity` ≥ 2N nodes.
 */
export function forestTree(
  codes: usize, n: i32, d: i32, bins: usize, lower: usize, upper: usize, y: usize, weights: usize,
  drawn: i32, minLeaf: i32, maxDepth: i32, bootstrap: bool, positiveWeight: f64, key0: u32, key1: u32,
  table: usize, capacity: i32, scratch: usize,
): i32 {
  const tree = layGrowth(scratch, n, d);
  tree.codes = codes;
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

function splitNode(tree: Growth, node: i32, start: i32, end: i32, depth: i32, w: f64, p: f64): void {
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

/** Draws features and keeps the best split; false when no feature can part the node. */
function findGiniSplit(tree: Growth, start: i32, end: i32, w: f64, p: f64): bool {
  tree.cost = Infinity;
  const d = tree.d;
  let varying = 0;
  for (let k = 0; k < d && (k < tree.drawn || varying == 0); k++) {
    const at = tree.features + (<usize>k << 2);
    const other = at + (<usize>nextBelow(d - k) << 2);
    const f = load<u32>(other);
    store<u32>(other, load<u32>(at));
    store<u32>(at, f);
    if (scanFeature(tree, <i32>f, start, end, w, p)) varying++;
  }
  return tree.cost < Infinity;
}

/** Tries all splits of rows [start, end) by feature f; false when the feature is constant there. */
function scanFeature(tree: Growth, f: i32, start: i32, end: i32, w: f64, p: f64): bool {
  const bins = load<i32>(tree.bins + (<usize>f << 2));
  const few = end - start < FEW;
  if (few) gatherFew(tree, f, start, end);
  else gatherMany(tree, f, start, end, bins);
  if (tree.minLeaf > 1) countRows(tree, f, start, end);
  const missing = tree.sums + (<usize>bins << 4);
  const hasMissing = load<f64>(missing) > 0;
  const values = scanBins(tree, f, bins, w, p, false);
  if (hasMissing && values > 0) scanBins(tree, f, bins, w, p, true);
  clear(tree, bins, few);
  return values + <i32>hasMissing > 1;
}

/** Sums of the bins over rows [start, end), and which of them are filled. */
function gatherFew(tree: Growth, f: i32, start: i32, end: i32): void {
  const codes = tree.codes + <usize>f * <usize>tree.n;
  const sums = tree.sums;
  const filled = tree.filled;
  let pair = tree.pairs + (<usize>start << 4);
  const stop = tree.rows + (<usize>end << 2);
  for (let at = tree.rows + (<usize>start << 2); at < stop; at += 4) {
    const code = <usize>load<u8>(codes + <usize>load<u32>(at));
    const sum = sums + (code << 4);
    v128.store(sum, f64x2.add(v128.load(sum), v128.load(pair)));
    const word = filled + ((code >> 6) << 3);
    store<u64>(word, load<u64>(word) | ((<u64>1) << (code & 63)));
    pair += 16;
  }
}

function gatherMany(tree: Growth, f: i32, start: i32, end: i32, bins: i32): void {
  const codes = tree.codes + <usize>f * <usize>tree.n;
  const sums = tree.sums;
  let pair = tree.pairs + (<usize>start << 4);
  const stop = tree.rows + (<usize>end << 2);
  for (let at = tree.rows + (<usize>start << 2); at < stop; at += 4) {
    const sum = sums + (<usize>load<u8>(codes + <usize>load<u32>(at)) << 4);
    v128.store(sum, f64x2.add(v128.load(sum), v128.load(pair)));
    pair += 16;
  }
  memory.fill(tree.filled, 0, 32);
  for (let b = 0; b <= bins; b++) {
    if (load<f64>(sums + (<usize>b << 4)) == 0) continue;
    const word = tree.filled + ((<usize>b >> 6) << 3);
    store<u64>(word, load<u64>(word) | ((<u64>1) << (b & 63)));
  }
}

function countRows(tree: Growth, f: i32, start: i32, end: i32): void {
  const codes = tree.codes + <usize>f * <usize>tree.n;
  memory.fill(tree.counts, 0, BINS * 4);
  const stop = tree.rows + (<usize>end << 2);
  for (let at = tree.rows + (<usize>start << 2); at < stop; at += 4) {
    const count = tree.counts + (<usize>load<u8>(codes + <usize>load<u32>(at)) << 2);
    store<u32>(count, load<u32>(count) + 1);
  }
}

/**
 * Splits between neighbouring filled bins, missing on the side that is said; the first of equals is kept. With missing on the
 * right also all values against missing. Returns the number of filled value bins.
 */
function scanBins(tree: Growth, f: i32, bins: i32, w: f64, p: f64, missingLeft: bool): i32 {
  const missing = tree.sums + (<usize>bins << 4);
  let wl: f64 = missingLeft ? load<f64>(missing) : 0;
  let pl: f64 = missingLeft ? load<f64>(missing, 8) : 0;
  let rows: u32 = missingLeft ? load<u32>(tree.counts + (<usize>bins << 2)) : 0;
  let all: u32 = 0;
  if (tree.minLeaf > 1) for (let b = 0; b <= bins; b++) all += load<u32>(tree.counts + (<usize>b << 2));
  let values = 0;
  let last = -1;
  for (let word = 0; word < 4; word++) {
    let bits = load<u64>(tree.filled + (<usize>word << 3));
    while (bits != 0) {
      const b = (word << 6) + <i32>ctz(bits);
      bits &= bits - 1;
      if (b == bins) break; // the missing bin is the last
      if (last >= 0) weigh(tree, f, last, b, wl, pl, w, p, rows, all, missingLeft);
      const sum = tree.sums + (<usize>b << 4);
      wl += load<f64>(sum);
      pl += load<f64>(sum, 8);
      rows += load<u32>(tree.counts + (<usize>b << 2));
      last = b;
      values++;
    }
  }
  if (!missingLeft && values > 0 && load<f64>(missing) > 0) weigh(tree, f, last, -1, wl, pl, w, p, rows, all, false);
  return values;
}

/** Takes the split after bin `last` where it costs less. (wl, pl) = sums of the left child. */
// @ts-ignore: decorator
@inline function weigh(
  tree: Growth, f: i32, last: i32, next: i32, wl: f64, pl: f64, w: f64, p: f64, rows: u32, all: u32, missingLeft: bool,
): void {
  const wr = w - wl;
  const pr = p - pl;
  const cost = (pl * (wl - pl) * wr + pr * (wr - pr) * wl) / (wl * wr);
  if (!(cost < tree.cost)) return;
  if (tree.minLeaf > 1 && (rows < <u32>tree.minLeaf || all - rows < <u32>tree.minLeaf)) return;
  tree.cost = cost;
  tree.feature = f;
  tree.bin = last;
  tree.next = next;
  tree.missingLeft = missingLeft;
  tree.hasMissing = load<f64>(tree.sums + (<usize>load<i32>(tree.bins + (<usize>f << 2)) << 4)) > 0;
}

/** Zeroes the sums that were filled. */
function clear(tree: Growth, bins: i32, few: bool): void {
  if (!few) {
    memory.fill(tree.sums, 0, <usize>(bins + 1) << 4);
    memory.fill(tree.filled, 0, 32);
    return;
  }
  const zero = f64x2.splat(0);
  for (let word: usize = 0; word < 4; word++) {
    let bits = load<u64>(tree.filled + (word << 3));
    store<u64>(tree.filled + (word << 3), 0);
    while (bits != 0) {
      v128.store(tree.sums + ((word << 6) + <usize>ctz(bits) << 4), zero);
      bits &= bits - 1;
    }
  }
}

/** Stable partition of rows and pairs [start, end) by the best split; returns where the right child begins. */
function part(tree: Growth, start: i32, end: i32): i32 {
  const bin = tree.bin;
  const codes = tree.codes + <usize>tree.feature * <usize>tree.n;
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

/** Half way between the neighbouring values on either side, in float32 above the left one; infinite where only missing goes right. */
function middleThreshold(tree: Growth): f32 {
  if (tree.next < 0) return Infinity;
  const at = <usize>tree.feature * BINS << 2;
  const below = load<f32>(tree.upper + at + (<usize>tree.bin << 2));
  const above = load<f32>(tree.lower + at + (<usize>tree.next << 2));
  const middle = <f32>((<f64>below + <f64>above) / 2);
  return middle > below ? middle : above;
}
