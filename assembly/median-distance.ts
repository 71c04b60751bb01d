/** The median pairwise distance, tile by tile. Dimensions: N rows, D columns; blocks as in distance.ts. */
import { panelBytes, ROWS, squaredBlock, X_WIDTH, Y_WIDTH } from "./distance";

const BINS: i32 = 2048;

/** Bytes of scratch that `medianDistance` needs for its histogram. */
export function medianScratch(): usize {
  return BINS * 8;
}

/** Counts the pairs i < j whose bits under `mask` equal `prefix` by their next bits: bins[(bits >> shift) & 2047]. */
function countPairs(
  x: usize, y: usize, n: i32, d: i32, block: usize, mask: u32, prefix: u32, shift: u32, bins: usize,
): void {
  const xSize = panelBytes(d, X_WIDTH);
  const ySize = panelBytes(d, Y_WIDTH);
  memory.fill(bins, 0, medianScratch());
  for (let j = 0; j < n; j += Y_WIDTH) {
    const cols = min(Y_WIDTH, n - j);
    const above = min(n, j + Y_WIDTH); // rows that can have a pair in this panel
    for (let i = 0; i < above; i += ROWS) {
      const rows = min(ROWS, above - i);
      squaredBlock(x + <usize>(i / X_WIDTH) * xSize, rows, y + <usize>(j / Y_WIDTH) * ySize, d, block);
      for (let r = 0; r < rows; r++) {
        for (let c = max(0, i + r + 1 - j); c < cols; c++) {
          const bits = load<u32>(block + (<usize>(r * Y_WIDTH + c) << 2));
          if ((bits & mask) != prefix) continue;
          const bin = bins + (<usize>((bits >> shift) & (BINS - 1)) << 3);
          store<u64>(bin, load<u64>(bin) + 1);
        }
      }
    }
  }
}

/**
 * The pair distance d² of the given rank (0 = smallest), by radix selection: floats that are not negative sort as their bits,
 * so three counting passes of 11, 11 and 10 bits find it exactly, in constant memory. NaN when a distance is not finite.
 */
function selectPair(x: usize, y: usize, n: i32, d: i32, rank: u64, block: usize, bins: usize): f32 {
  let prefix: u32 = 0;
  let mask: u32 = 0;
  for (let pass = 0; pass < 3; pass++) {
    const shift: u32 = pass == 0 ? 21 : pass == 1 ? 10 : 0;
    countPairs(x, y, n, d, block, mask, prefix, shift, bins);
    if (pass == 0) {
      for (let bin = 0x7f800000 >> 21; bin < BINS; bin++) if (load<u64>(bins + (<usize>bin << 3))) return NaN;
    }
    let bin: u32 = 0;
    for (let count = load<u64>(bins); rank >= count; count = load<u64>(bins + (<usize>bin << 3))) {
      rank -= count;
      bin++;
    }
    prefix |= bin << shift;
    mask |= (pass == 2 ? 1023 : 2047) << shift;
  }
  return reinterpret<f32>(prefix);
}

/**
 * Median Euclidean distance over pairs i < j of n rows; even counts take the mean of the middle two; NaN below two rows or
 * when a distance is not finite. x and y are the same rows packed with widths 4 and 8; block (ROWS, 8) and bins are scratch.
 */
export function medianDistance(x: usize, y: usize, n: i32, d: i32, block: usize, bins: usize): f64 {
  const pairs = <u64>n * (n - 1) / 2;
  if (n < 2) return NaN;
  const upper = sqrt<f64>(selectPair(x, y, n, d, pairs / 2, block, bins));
  if (pairs & 1) return upper;
  return (sqrt<f64>(selectPair(x, y, n, d, pairs / 2 - 1, block, bins)) + upper) / 2;
}
