/**
 * Quantile bins: every value becomes the number of its bin, one byte. A feature with at most B distinct values gives each a bin
 * of its own; otherwise cuts are data values at evenly spaced ranks, chosen as in the exact case of the weighted quantile sketch
 * (Chen & Guestrin 2016, supplement: prune). Missing (NaN) is the bin after the last value bin.
 *
 * Dimensions: N rows, F features at hand, B value bins at most (≤ 255).
 */

/** Entries of a feature in `lower`, `upper` and in a histogram: at most 255 value bins and the missing one. */
export const BINS: i32 = 256;

const DIGITS = memory.data(4 * 256 * 4, 16); // radix histograms, four digits of 8 bits
const STARTS = memory.data(BINS * 4, 16); // least keys, signed, of the bins 1, 2, …; behind them the largest i32
const ENDS = memory.data(16 * 4, 16); // the last of each 16 STARTS

/** Bytes of scratch for {@link binFeatures}: two buffers of keys or run starts. */
export function binScratch(n: i32): usize {
  return 2 * bufferBytes(n);
}

// @ts-ignore: decorator
@inline function bufferBytes(n: i32): usize {
  return ((<usize>n + 1) * 4 + 63) & ~63;
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

// @ts-ignore: decorator
@inline function countDigit(digit: usize, value: u32): void {
  const at = DIGITS + digit * 1024 + ((value & 255) << 2);
  store<u32>(at, load<u32>(at) + 1);
}

/** Sorts `count` u32 keys, least digit first; returns which of the two buffers holds them. */
function radixSort(count: i32, from: usize, to: usize): usize {
  memory.fill(DIGITS, 0, 4 * 1024);
  for (let at = from, end = from + (<usize>count << 2); at < end; at += 4) {
    const key = load<u32>(at);
    countDigit(0, key);
    countDigit(1, key >> 8);
    countDigit(2, key >> 16);
    countDigit(3, key >> 24);
  }
  for (let digit: u32 = 0; digit < 4; digit++) {
    const places = DIGITS + <usize>digit * 1024;
    const shift = digit * 8;
    if (load<u32>(places + (((load<u32>(from) >> shift) & 255) << 2)) == <u32>count) continue; // all alike in this digit
    let sum = <u32>to; // addresses of the next key of each digit
    for (let at = places, end = places + 1024; at < end; at += 4) {
      const held = load<u32>(at);
      store<u32>(at, sum);
      sum += held << 2;
    }
    for (let at = from, end = from + (<usize>count << 2); at < end; at += 4) {
      const key = load<u32>(at);
      const place = places + (((key >> shift) & 255) << 2);
      const out = load<u32>(place);
      store<u32>(place, out + 4);
      store<u32>(<usize>out, key);
    }
    const held = from;
    from = to;
    to = held;
  }
  return from;
}

/**
 * Bins of one feature from its sorted keys (count). Run starts go to `runs` (≤ count + 1) u32. Writes lower and upper (B): the
 * smallest and largest data value of each bin, and STARTS. Returns the number of bins.
 */
function cutSorted(sorted: usize, count: i32, most: i32, runs: usize, lower: usize, upper: usize): i32 {
  let end = runs;
  let last = ~load<u32>(sorted);
  for (let i = 0; i < count; i++) {
    const key = load<u32>(sorted + (<usize>i << 2));
    store<u32>(end, i); // overwritten by the next one where the run goes on
    end += <usize>(key != last) << 2;
    last = key;
  }
  store<u32>(end, count);
  const distinct = <i32>((end - runs) >> 2);
  const bins = distinct <= most ? distinct : pickCuts(runs, distinct, count, most);
  for (let b = 0; b < bins; b++) {
    const at = <usize>b << 2;
    const next = b + 1 < bins ? load<u32>(runs + at, 4) : <u32>count;
    const least = load<u32>(sorted + (<usize>load<u32>(runs + at) << 2));
    store<f32>(lower + at, keyValue(least));
    store<f32>(upper + at, keyValue(load<u32>(sorted + (<usize>(next - 1) << 2))));
    if (b > 0) store<u32>(STARTS + at - 4, least ^ 0x80000000);
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
 * codes (N) u8 of x (N) f32: how many of the `bins` bins but the first begin at or below a value; `bins` where it is missing. Of 16
 * times 16 starts, first those are counted that end a run of 16, then those of the run where the value falls.
 */
function writeCodes(x: usize, n: i32, bins: i32, codes: usize): void {
  for (let b = max(bins - 1, 0); b < BINS; b++) store<i32>(STARTS + (<usize>b << 2), i32.MAX_VALUE);
  for (let k: usize = 0; k < 16; k++) store<i32>(ENDS + (k << 2), load<i32>(STARTS + (k << 6), 60));
  for (let i: usize = 0; i < <usize>n; i++) {
    const value = load<f32>(x + (i << 2));
    const key = i32x4.splat(sortKey(value) ^ 0x80000000); // signed, as SIMD compares
    const run = reached(ENDS, key);
    const code = (run << 4) + reached(STARTS + (<usize>run << 6), key);
    store<u8>(codes + i, value == value ? <u8>code : <u8>bins);
  }
}

/** How many of 16 ascending i32 are at most `key`. */
// @ts-ignore: decorator
@inline function reached(starts: usize, key: v128): i32 {
  const low = i16x8.narrow_i32x4_s(i32x4.ge_s(key, v128.load(starts)), i32x4.ge_s(key, v128.load(starts, 16)));
  const high = i16x8.narrow_i32x4_s(i32x4.ge_s(key, v128.load(starts, 32)), i32x4.ge_s(key, v128.load(starts, 48)));
  return popcnt(i8x16.bitmask(i8x16.narrow_i16x8_s(low, high)));
}

/**
 * Bins x (F, N) f32, feature by feature, NaN = missing. Writes codes (F, N) u8, lower and upper (F, BINS) f32, bins (F) i32 and
 * missing (F) i32, the number of missing values.
 */
export function binFeatures(
  x: usize, n: i32, features: i32, maxBins: i32, codes: usize, lower: usize, upper: usize, bins: usize, missing: usize, scratch: usize,
): void {
  assert(maxBins >= 2 && maxBins <= BINS);
  const most = min(maxBins, BINS - 1);
  const other = scratch + bufferBytes(n);
  for (let f = 0; f < features; f++) {
    let end = scratch;
    for (let at = x, stop = x + (<usize>n << 2); at < stop; at += 4) {
      const value = load<f32>(at);
      store<u32>(end, sortKey(value)); // overwritten by the next one where this is missing
      end += <usize>(value == value) << 2;
    }
    const count = <i32>((end - scratch) >> 2);
    let found = 0;
    if (count > 0) {
      const sorted = radixSort(count, scratch, other);
      const runs = sorted == scratch ? other : scratch; // the buffer that is free
      found = cutSorted(sorted, count, most, runs, lower, upper);
    }
    writeCodes(x, n, found, codes);
    store<i32>(bins, found);
    store<i32>(missing, n - count);
    x += <usize>n << 2;
    codes += n;
    lower += BINS * 4;
    upper += BINS * 4;
    bins += 4;
    missing += 4;
  }
}

/** rows (N, D) u8 = the transpose of codes (D, N). */
export function codeRows(codes: usize, n: i32, d: i32, rows: usize): void {
  const block = 256; // rows whose codes stay in the first-level cache while all features are placed
  for (let first = 0; first < n; first += block) {
    const count = <usize>min(block, n - first);
    for (let f = 0; f < d; f++) {
      const from = codes + <usize>f * n + first;
      let out = rows + <usize>first * d + f;
      for (let i: usize = 0; i < count; i++, out += d) store<u8>(out, load<u8>(from + i));
    }
  }
}
