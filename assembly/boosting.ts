/**
 * Gradient boosting on histograms (Chen & Guestrin 2016), of the logistic loss or the squared error: one call grows one tree and adds
 * it to the margins.
 *
 * Dimensions: N rows, D features, codes (D, N) u8 feature by feature and the same row by row, codeRows (N, D): histograms read rows,
 * the parting of a node one feature.
 */
import { BINS } from "./bins";
import { logisticGradients, squaredGradients } from "./gradients";
import { clearHistogram, histogram, subtractHistogram } from "./histogram";
import { randomWords } from "./random";
import { layRound, release, Round, take, wait, Waiting, waitOrRelease } from "./round";
import { findSplit, leafWeight, Split } from "./split";

/** A gain up to this counts as none. */
const LEAST_GAIN: f64 = 1e-6;

/**
 * Grows one tree of at most `depth` levels of splits and adds its leaves to the margins. Returns the number of nodes.
 * codes, bins, lower, upper as from binFeatures; y (N) u8; weights (N) f32 or 0; margins (N) f32; options (8) f64: lambda, alpha,
 * gamma, minChildWeight, maxDeltaStep, learningRate, subsample, positiveWeight; (key0, key1, block) = random words of this round,
 * read when subsample < 1; table of `capacity` ≥ min(2^(depth + 1) − 1, 2N − 1) nodes.
 */
export function boostRound(
  codes: usize, codeRows: usize, n: i32, d: i32, bins: usize, lower: usize, upper: usize, y: usize, weights: usize, margins: usize,
  options: usize, depth: i32, key0: u32, key1: u32, block: u32, table: usize, capacity: i32, scratch: usize,
): i32 {
  const round = begin(codes, codeRows, n, d, bins, lower, upper, margins, options, depth, table, capacity, scratch);
  const words = drawWords(round, n, key0, key1, block);
  logisticGradients(margins, y, weights, n, <f32>load<f64>(options, 56), words, round.subsample, round.gradients, round.sums);
  grow(round, n);
  return round.table.count;
}

/** As {@link boostRound} for the squared error: targets (N) f32, of which NaN takes no part; positiveWeight is not read. */
export function regressionRound(
  codes: usize, codeRows: usize, n: i32, d: i32, bins: usize, lower: usize, upper: usize, targets: usize, weights: usize, margins: usize,
  options: usize, depth: i32, key0: u32, key1: u32, block: u32, table: usize, capacity: i32, scratch: usize,
): i32 {
  const round = begin(codes, codeRows, n, d, bins, lower, upper, margins, options, depth, table, capacity, scratch);
  const words = drawWords(round, n, key0, key1, block);
  squaredGradients(margins, targets, weights, n, words, round.subsample, round.gradients, round.sums);
  grow(round, n);
  return round.table.count;
}

function begin(
  codes: usize, codeRows: usize, n: i32, d: i32, bins: usize, lower: usize, upper: usize, margins: usize, options: usize, depth: i32,
  table: usize, capacity: i32, scratch: usize,
): Round {
  const round = layRound(scratch, n, d, depth);
  round.codes = codes;
  round.codeRows = codeRows;
  round.bins = bins;
  round.lower = lower;
  round.upper = upper;
  round.margins = margins;
  const penalty = round.penalty;
  penalty.lambda = load<f64>(options);
  penalty.alpha = load<f64>(options, 8);
  round.gamma = load<f64>(options, 16);
  penalty.minChildWeight = load<f64>(options, 24);
  penalty.maxDeltaStep = load<f64>(options, 32);
  round.learningRate = load<f64>(options, 40);
  round.subsample = load<f64>(options, 48);
  round.table.init(table, capacity);
  return round;
}

/** Words (N) u32 that decide which rows take part; 0 where all do. */
function drawWords(round: Round, n: i32, key0: u32, key1: u32, block: u32): usize {
  if (round.subsample >= 1) return 0;
  randomWords(round.spare, n, key0, key1, block);
  return round.spare;
}

function grow(round: Round, n: i32): void {
  for (let i: usize = 0; i < <usize>n; i++) store<u32>(round.rows + (i << 2), <u32>i);
  const g = load<f64>(round.sums);
  const h = load<f64>(round.sums, 8);
  round.frees = 0;
  for (let slot = round.depth; slot >= 0; slot--) release(round, slot);
  round.waits = 0;
  const root = addLeaf(round, g, h);
  if (canSplit(round, h, n, 0)) {
    const slot = take(round);
    build(round, slot, 0, n);
    wait(round, root, 0, n, 0, slot, g, h);
  } else {
    finish(round, root, 0, n, g, h);
  }
  while (round.waits > 0) expand(round);
}

/** Splits the node that waited last, or makes it a leaf. */
function expand(round: Round): void {
  const entry = changetype<Waiting>(round.waiting + (<usize>(--round.waits) << 6));
  const node = entry.node;
  const start = entry.start;
  const end = entry.end;
  const depth = entry.depth + 1;
  const slot = entry.slot;
  const g = entry.g;
  const h = entry.h;
  const best = round.best;
  const parent = round.histograms + <usize>slot * round.histogramBytes;
  findSplit(parent, round.bins, round.d, g, h, round.penalty, best);
  if (best.gain <= LEAST_GAIN || best.gain < round.gamma) {
    release(round, slot);
    finish(round, node, start, end, g, h);
    return;
  }
  const gl = best.leftG;
  const hl = best.leftH;
  const gr = g - gl;
  const hr = h - hl;
  const middle = part(round, start, end);
  const left = addLeaf(round, gl, hl);
  const right = addLeaf(round, gr, hr);
  round.table.split(node, best.feature, threshold(round, best), left, best.defaultLeft, weight(round, g, h), best.gain);
  const splitLeft = canSplit(round, hl, middle - start, depth);
  const splitRight = canSplit(round, hr, end - middle, depth);
  if (!splitLeft) finish(round, left, start, middle, gl, hl);
  if (!splitRight) finish(round, right, middle, end, gr, hr);
  if (!splitLeft && !splitRight) {
    release(round, slot);
    return;
  }
  // Build the smaller child, get the larger one by subtraction; the smaller one is split first, so that few histograms live at once.
  const leftIsSmaller = middle - start <= end - middle;
  const small = take(round);
  build(round, small, leftIsSmaller ? start : middle, leftIsSmaller ? middle : end);
  subtractHistogram(parent, round.histograms + <usize>small * round.histogramBytes, round.bins, round.d);
  const leftSlot = leftIsSmaller ? small : slot;
  const rightSlot = leftIsSmaller ? slot : small;
  if (leftIsSmaller) waitOrRelease(round, splitRight, right, middle, end, depth, rightSlot, gr, hr);
  waitOrRelease(round, splitLeft, left, start, middle, depth, leftSlot, gl, hl);
  if (!leftIsSmaller) waitOrRelease(round, splitRight, right, middle, end, depth, rightSlot, gr, hr);
}

function canSplit(round: Round, h: f64, count: i32, depth: i32): bool {
  return depth < round.depth && count >= 2 && h >= 2 * round.penalty.minChildWeight;
}

function build(round: Round, slot: i32, start: i32, end: i32): void {
  const out = round.histograms + <usize>slot * round.histogramBytes;
  clearHistogram(out, round.bins, round.d);
  histogram(round.rows + (<usize>start << 2), end - start, round.codeRows, round.d, round.gradients, out);
}

/** Stable partition of rows [start, end) by the best split; returns where the right child begins. */
function part(round: Round, start: i32, end: i32): i32 {
  const best = round.best;
  const bin = best.bin;
  const codes = round.codes + <usize>best.feature * <usize>round.n;
  const missing = best.defaultLeft ? <u32>load<i32>(round.bins + (<usize>best.feature << 2)) : 0xffffffff;
  const stop = round.rows + (<usize>end << 2);
  let left = round.rows + (<usize>start << 2);
  let right = round.spare;
  for (let at = left; at < stop; at += 4) {
    const row = load<u32>(at);
    const code = <u32>load<u8>(codes + <usize>row);
    const goesLeft = <usize>(<i32>code <= bin) | <usize>(code == missing);
    store<u32>(left, row); // left ≤ at: overwritten when the row goes right
    store<u32>(right, row);
    left += goesLeft << 2;
    right += (1 - goesLeft) << 2;
  }
  memory.copy(left, round.spare, right - round.spare);
  return <i32>((left - round.rows) >> 2);
}

/**
 * The split's threshold, a data value: the smallest value of the first bin that goes right. Where all values go left it lies
 * above, where none does below, by more than any rounding.
 */
function threshold(round: Round, best: Split): f32 {
  const at = <usize>best.feature * BINS << 2;
  const bins = load<i32>(round.bins + (<usize>best.feature << 2));
  if (best.bin < 0) {
    const least = load<f32>(round.lower + at);
    return least - (abs(least) + 1e-5);
  }
  if (best.bin + 1 < bins) return load<f32>(round.lower + at + (<usize>(best.bin + 1) << 2));
  const most = load<f32>(round.upper + at + (<usize>best.bin << 2));
  return most + (abs(most) + 1e-5);
}

function weight(round: Round, g: f64, h: f64): f64 {
  const p = round.penalty;
  return leafWeight(g, h, p.lambda, p.alpha, p.maxDeltaStep);
}

function addLeaf(round: Round, g: f64, h: f64): i32 {
  return round.table.leaf(weight(round, g, h) * round.learningRate, h);
}

/** Adds the leaf's value to the margins of its rows. */
function finish(round: Round, node: i32, start: i32, end: i32, g: f64, h: f64): void {
  const value = <f32>(weight(round, g, h) * round.learningRate);
  const stop = round.rows + (<usize>end << 2);
  for (let at = round.rows + (<usize>start << 2); at < stop; at += 4) {
    const margin = round.margins + (<usize>load<u32>(at) << 2);
    store<f32>(margin, load<f32>(margin) + value);
  }
}
