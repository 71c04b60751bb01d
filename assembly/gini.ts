/**
 * The best split of a forest's node: it minimises the Gini impurity of the children among features drawn anew at each node; when
 * all drawn features are constant there, drawing goes on until one is not.
 *
 * Gini impurity of a node with weight w, p of it positive: 2 p (w − p) / w². Its parting into l and r lowers it by
 * 2/w (p q / w − p_l q_l / w_l − p_r q_r / w_r), q = w − p; the least cost p_l q_l / w_l + p_r q_r / w_r wins.
 *
 * Dimensions: N rows, M rows drawn, D features.
 */
import { BINS } from "./bins";
import { nextBelow } from "./random";
import { NodeTable } from "./tree";

/** Nodes with fewer rows note which bins they fill; larger ones look at all bins. */
// @ts-ignore: decorator
@inline const FEW: i32 = 192;

/** The tree at hand; lies at the start of the scratch. */
@unmanaged
export class Growth {
  codes: usize; // (D, stride) u8 of the rows at hand: all, or those of `local`
  stride: usize;
  bins: usize; // (D) i32
  lower: usize; // (D, BINS) f32
  upper: usize;
  rows: usize; // (M) u32 in the order of the nodes so far; within a subtree on `local`, places there
  pairs: usize; // (M) {weight, positive weight} f64, in the order of rows
  spareRows: usize;
  sparePairs: usize;
  features: usize; // (D) u32, the order of drawing
  sums: usize; // (BINS) {weight, positive weight} f64 of the feature at hand, zeros between uses
  counts: usize; // (BINS) u32 rows, only when minLeaf > 1
  filled: usize; // (4) u64, bit b: bin b holds a row
  open: usize; // stack of Open
  all: usize; // (D, N) u8
  codeRows: usize; // (N, D) u8, the same row by row
  local: usize; // (D, stride) u8, codes of a subtree's rows side by side
  localStart: i32; // rows [localStart, localEnd) of the order lie there
  localEnd: i32;
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

/** Draws features and keeps the best split; false when no feature can part the node. */
export function findGiniSplit(tree: Growth, start: i32, end: i32, w: f64, p: f64): bool {
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
  const codes = tree.codes + <usize>f * tree.stride;
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
  const codes = tree.codes + <usize>f * tree.stride;
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
  const codes = tree.codes + <usize>f * tree.stride;
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

/** Half way between the neighbouring values on either side, in float32 above the left one; infinite where only missing goes right. */
export function middleThreshold(tree: Growth): f32 {
  if (tree.next < 0) return Infinity;
  const at = <usize>tree.feature * BINS << 2;
  const below = load<f32>(tree.upper + at + (<usize>tree.bin << 2));
  const above = load<f32>(tree.lower + at + (<usize>tree.next << 2));
  const middle = <f32>((<f64>below + <f64>above) / 2);
  return middle > below ? middle : above;
}
