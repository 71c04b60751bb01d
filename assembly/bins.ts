/**
 * Quantile bins: every value becomes the number of its bin, one byte. A feature with at most B distinct values gives each a bin
 * of its own; otherwise cuts are data values at evenly spaced ranks, chosen as in the exact case of the weighted quantile sketch
 * (Chen & Guestrin 2016, supplement: prune). Missing (NaN) is the bin after the last value bin.
 *
 * Dimensions: N rows, D features, B value bins at most (≤ 255).
 */

/** Entries of a feature in `lower`, `upper` and in a histogram: at most 255 value bins and the missing one. */
export const BINS: i32 = 256;

const DIGITS = memory.data(3 * 2048 * 4, 16); // radix histograms, three digits of 11 bits

/** Bytes of scratch for {@link binFeatures}. */
export function binScratch(n: i32): usize {
  return <usize>n * 16 + 16;
}

/** A float32 as a u32 of the same order; −0 counts as 0. */
// @ts-ignore: decorator
@inline export function sortKey(x: f32): u32 {
  const bits = reinterpret<u32>(x == 0 ? <f32>0 : x);
  return bits ^ (<u32>(<i32>bits >> 31) | 0x80000000);
}

// @ts-ignore: decorator
@inline function keyValue(key: u32): f32 {
  return reinterpret<f32>(key ^ (<i32>key < 0 ? 0x80000000 : 0xffffffff));
}

/** Sorts `count` entries (key << 32 | row) by key, least digit first; returns which of the two buffers holds them. */
function radixSort(count: i32, from: usize, to: usize): usize {
  memory.fill(DIGITS, 0, 3 * 2048 * 4);
  for (let i: usize = 0; i < <usize>count; i++) {
    const key = load<u32>(from + (i << 3), 4);
    let at = DIGITS + ((key & 2047) << 2);
    store<u32>(at, load<u32>(at) + 1);
    at = DIGITS + 8192 + (((key >> 11) & 2047) << 2);
    store<u32>(at, load<u32>(at) + 1);
    at = DIGITS + 16384 + ((key >> 22) << 2);
    store<u32>(at, load<u32>(at) + 1);
  }
  for (let digit: u32 = 0; digit < 3; digit++) {
    const places = DIGITS + <usize>digit * 8192;
    const shift = digit * 11;
    const first = load<u32>(places + (((load<u32>(from, 4) >> shift) & 2047) << 2));
    if (first == <u32>count) continue; // all alike in this digit
    let sum: u32 = 0;
    for (let b: usize = 0; b < 2048; b++) {
      const held = load<u32>(places + (b << 2));
      store<u32>(places + (b << 2), sum);
      sum += held;
    }
    for (let i: usize = 0; i < <usize>count; i++) {
      const entry = load<u64>(from + (i << 3));
      const at = places + (((<u32>(entry >> 32) >> shift) & 2047) << 2);
      const place = load<u32>(at);
      store<u32>(at, place + 1);
      store<u64>(to + (<usize>place << 3), entry);
    }
    const held = from;
    from = to;
    to = held;
  }
  return from;
}

/**
 * Bins of one feature from its sorted entries (count). Run starts go to `runs` (≤ count + 1) u32. Writes lower and upper (B): the
 * smallest and largest data value of each bin, and the codes. Returns the number of bins.
 */
function binSorted(sorted: usize, count: i32, most: i32, runs: usize, lower: usize, upper: usize, codes: usize, rowStride: usize): i32 {
  let distinct = 0;
  let last: u32 = 0;
  for (let i = 0; i < count; i++) {
    const key = load<u32>(sorted + (<usize>i << 3), 4);
    if (i == 0 || key != last) store<u32>(runs + (<usize>(distinct++) << 2), i);
    last = key;
  }
  store<u32>(runs + (<usize>distinct << 2), count);
  const bins = distinct <= most ? distinct : pickCuts(runs, distinct, count, most);
  for (let b = 0; b < bins; b++) {
    const start = load<u32>(runs + (<usize>b << 2));
    const end = b + 1 < bins ? load<u32>(runs + (<usize>b << 2), 4) : <u32>count;
    store<f32>(lower + (<usize>b << 2), keyValue(load<u32>(sorted + (<usize>start << 3), 4)));
    store<f32>(upper + (<usize>b << 2), keyValue(load<u32>(sorted + (<usize>(end - 1) << 3), 4)));
    for (let i = start; i < end; i++) store<u8>(codes + <usize>load<u32>(sorted + (<usize>i << 3)) * rowStride, <u8>b);
  }
  return bins;
}

/**
 * Keeps the run starts where a bin begins. Run i covers ranks [start_i, start_{i+1}); cut k of B aims at the rank
 * start_1 + k (start_last − start_1) / B and takes the run around it, or the next where that is nearer.
 */
function pickCuts(runs: usize, distinct: i32, count: i32, most: i32): i32 {
  const begin = <f64>load<u32>(runs, 4);
  const range = <f64>load<u32>(runs + (<usize>(distinct - 1) << 2)) - begin;
  let bins = 1; // the first bin begins at run 0, already in place
  let taken = 0;
  let i = 0;
  for (let k = 1; k < most; k++) {
    const twice = 2 * (<f64>k * range / <f64>most + begin);
    let next = runStart(runs, i + 1);
    while (i < distinct - 1 && twice >= next + runStart(runs, i + 2)) next = runStart(runs, ++i + 1);
    if (i == distinct - 1) break;
    const pick = twice < 2 * next ? i : i + 1;
    if (pick == taken) continue;
    taken = pick;
    store<u32>(runs + (<usize>(bins++) << 2), load<u32>(runs + (<usize>pick << 2))); // bins ≤ pick: nothing unread is lost
  }
  return bins;
}

// @ts-ignore: decorator
@inline function runStart(runs: usize, i: i32): f64 {
  return <f64>load<u32>(runs + (<usize>i << 2));
}

/**
 * Bins all features of x (N, D) f32, NaN = missing. Writes codes u8 at row·rowStride + feature·featureStride, lower and
 * upper (D, BINS) f32, bins (D) i32 and missing (D) i32, the number of missing values.
 */
export function binFeatures(
  x: usize, n: i32, d: i32, maxBins: i32, codes: usize, rowStride: usize, featureStride: usize,
  lower: usize, upper: usize, bins: usize, missing: usize, scratch: usize,
): void {
  assert(maxBins >= 2 && maxBins <= BINS);
  const most = min(maxBins, BINS - 1);
  const other = scratch + <usize>n * 8;
  for (let f = 0; f < d; f++) {
    let count = 0;
    for (let i = 0; i < n; i++) {
      const value = load<f32>(x + (<usize>(i * d + f) << 2));
      if (value == value) store<u64>(scratch + (<usize>(count++) << 3), (<u64>sortKey(value) << 32) | <u64>i);
    }
    const codesOf = codes + <usize>f * featureStride;
    const at = <usize>f * BINS << 2;
    let found = 0;
    if (count > 0) {
      const sorted = radixSort(count, scratch, other);
      const runs = sorted == scratch ? other : scratch; // (count + 1) u32 in the buffer that is free
      found = binSorted(sorted, count, most, runs, lower + at, upper + at, codesOf, rowStride);
    }
    if (count < n) {
      for (let i = 0; i < n; i++) {
        const value = load<f32>(x + (<usize>(i * d + f) << 2));
        if (value != value) store<u8>(codesOf + <usize>i * rowStride, <u8>found);
      }
    }
    store<i32>(bins + (<usize>f << 2), found);
    store<i32>(missing + (<usize>f << 2), n - count);
  }
}
