/**
 * Boosting's gradients, their histograms, and the rows' way down a tree, as gpu.js kernels. Every kernel gathers: an element of the
 * result is a thread that collects what belongs to it, in a fixed order.
 *
 * Sums are exact. Gradients are whole multiples of 2⁻²⁸ of a power of two, in two digits of base 2¹⁴: a sum of 1024 digits is below
 * 2²⁴, so float32 holds it. Sums beyond are three limbs: whole, then two digits. So a histogram depends on nothing but its rows, equal
 * splits tie exactly, and the host knows a split's sums to the last bit.
 *
 * Dimensions: N rows, D features, B bins a feature at most (missing is the one after a feature's last), S slots: nodes that are split at
 * a time; T strips: up to 1024 rows of one bin, in the order of (feature, bin, row). All matrices are flat, (1, length). Indices are
 * float32 too: all are below 2²⁴, and below 2²⁰ where a division takes them apart.
 */

type Flat = readonly (readonly number[])[];

interface Kernel {
  readonly thread: { readonly x: number; readonly y: number };
}

/**
 * Digits (N, 4) of g = w (p − y) and of 4h = 4 w p (1 − p) at the margins: high and low of each. margins, positive and weights (N); no
 * weight is above 1.
 */
export function gradientDigits(this: Kernel, margins: Flat, positive: Flat, weights: Flat): number {
  const row = Math.floor(this.thread.x * 0.25);
  const digit = this.thread.x - row * 4;
  const p = 1 / (1 + Math.exp(-Math.max(-80, Math.min(80, margins[0][row]))));
  let value = p - positive[0][row];
  if (digit > 1) value = 4 * p * (1 - p);
  value = value * weights[0][row] * 16384;
  const high = Math.floor(value);
  if (digit === 0 || digit === 2) return high;
  return Math.floor((value - high) * 16384 + 0.5);
}

/** The node of each row, in the order (D, N) of rows sorted by bin. nodes (N): a row's slot, or −1 − its leaf. */
export function nodesInOrder(this: Kernel, nodes: Flat, order: Flat): number {
  const row = order[0][this.thread.x];
  return nodes[0][row];
}

/**
 * Sums (T, S, 4) of digits over the rows of a strip that lie in slot `first` + s. strips (T, 2): where each starts and ends in the
 * order.
 */
export function stripSums(this: Kernel, strips: Flat, inOrder: Flat, order: Flat, digits: Flat, slots: number, first: number): number {
  const cell = Math.floor(this.thread.x * 0.25);
  const digit = this.thread.x - cell * 4;
  const strip = Math.floor((cell + 0.5) / slots);
  const node = first + cell - strip * slots;
  const start = strips[0][strip * 2];
  const end = strips[0][strip * 2 + 1];
  let sum = 0;
  for (let at = start; at < end; at += 1) {
    const here = inOrder[0][at];
    if (here === node) {
      const row = order[0][at];
      sum += digits[0][row * 4 + digit];
    }
  }
  return sum;
}

/**
 * Histograms (D·B, S, 8): limbs of g (whole, 2⁻¹⁴, 2⁻²⁸), limbs of 4h, two unused. partial (T, S, 4) as of {@link stripSums};
 * firstStrips (D·B + 1): the first strip of each bin.
 */
export function binLimbs(this: Kernel, partial: Flat, firstStrips: Flat, slots: number): number {
  const cell = Math.floor(this.thread.x * 0.125);
  const limb = this.thread.x - cell * 8;
  const bin = Math.floor((cell + 0.5) / slots);
  const slot = cell - bin * slots;
  const start = firstStrips[0][bin];
  const end = firstStrips[0][bin + 1];
  let digit = 0;
  if (limb > 2) digit = 2;
  let whole = 0;
  let high = 0;
  let low = 0;
  for (let strip = start; strip < end; strip += 1) {
    const at = (strip * slots + slot) * 4 + digit;
    const highs = partial[0][at];
    const lows = partial[0][at + 1];
    // carries, each part below 2²⁴
    const overHigh = Math.floor(highs * 0.00006103515625);
    const overLow = Math.floor(lows * 0.00006103515625);
    low += lows - overLow * 16384;
    const carryLow = Math.floor(low * 0.00006103515625);
    low -= carryLow * 16384;
    high += highs - overHigh * 16384 + overLow + carryLow;
    const carryHigh = Math.floor(high * 0.00006103515625);
    high -= carryHigh * 16384;
    whole += overHigh + carryHigh;
  }
  if (limb === 0 || limb === 3) return whole;
  if (limb === 1 || limb === 4) return high;
  return low;
}

/**
 * Where each row goes (N): a slot of the next level, or −1 − its leaf. nodes (N) as now; splits (slots, 8): feature (−1 in a leaf), last
 * bin on the left, code of missing where that goes left (−1 else), where left goes, where right goes. codes (D, N).
 */
export function partition(this: Kernel, nodes: Flat, splits: Flat, codes: Flat, rows: number): number {
  const node = nodes[0][this.thread.x];
  if (node < 0) return node;
  const at = node * 8;
  const feature = splits[0][at];
  if (feature < 0) return splits[0][at + 3];
  const code = codes[0][feature * rows + this.thread.x];
  const last = splits[0][at + 1];
  const missing = splits[0][at + 2];
  if (code <= last || code === missing) return splits[0][at + 3];
  return splits[0][at + 4];
}

/** Margins (N) with each row's leaf added. nodes (N): −1 − leaf; values (nodes). */
export function addLeaves(this: Kernel, margins: Flat, nodes: Flat, values: Flat): number {
  const leaf = -1 - nodes[0][this.thread.x];
  return margins[0][this.thread.x] + values[0][leaf];
}
