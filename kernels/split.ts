/**
 * The best split of every node by every feature, as gpu.js kernels: one thread a node, feature and side of the missing values. Formulas
 * as in assembly/split.ts. Dimensions and limbs as in histogram.ts.
 */

type Flat = readonly (readonly number[])[];

interface Kernel {
  readonly thread: { readonly x: number; readonly y: number };
}

/**
 * Bins on the near side of the best split, less one, (D, S, 2); −1 where there is none. Side 0 adds bins from the left and leaves
 * missing to the right, side 1 adds them from the right and leaves missing to the left, where there are any.
 *
 * histograms (D·B, S, 8), B = `most`; bins (D), value bins of each feature; limits (8): λ, α, largest step (0 = any), least Σh of a child, unit of
 * g, unit of 4h.
 *
 * Without α and step limit the gain G_L²/a + G_R²/b − G²/(H + λ), a = H_L + λ, b = H_R + λ, is (G_L b − G_R a)²/(a b (a + b)) less
 * what is the same for all splits of the node: scores do not cancel there.
 */
export function bestPlaces(this: Kernel, histograms: Flat, bins: Flat, limits: Flat, slots: number, most: number): number {
  const cell = Math.floor(this.thread.x * 0.5);
  const side = this.thread.x - cell * 2;
  const feature = Math.floor((cell + 0.5) / slots);
  const slot = cell - feature * slots;
  const count = bins[0][feature];
  const base = (feature * most * slots + slot) * 8;
  const stride = slots * 8;
  const lambda = limits[0][0];
  const alpha = limits[0][1];
  const step = limits[0][2];
  const least = limits[0][3];
  const unitG = limits[0][4];
  const unitH = limits[0][5];
  // Σ over all bins, missing included: the node's
  let g0 = 0;
  let g1 = 0;
  let g2 = 0;
  let h0 = 0;
  let h1 = 0;
  let h2 = 0;
  for (let b = 0; b <= count; b++) {
    const at = base + b * stride;
    g0 += histograms[0][at];
    g1 += histograms[0][at + 1];
    g2 += histograms[0][at + 2];
    h0 += histograms[0][at + 3];
    h1 += histograms[0][at + 4];
    h2 += histograms[0][at + 5];
  }
  const none = base + count * stride;
  let missing = 0;
  for (let limb = 0; limb < 6; limb++) missing += Math.abs(histograms[0][none + limb]);
  if (side === 1 && missing === 0) return -1;
  let n0 = 0;
  let n1 = 0;
  let n2 = 0;
  let m0 = 0;
  let m1 = 0;
  let m2 = 0;
  let best = -1;
  let top = -1e38;
  for (let k = 0; k < count; k++) {
    let at = base + k * stride;
    if (side === 1) at = none - (k + 1) * stride;
    n0 += histograms[0][at];
    n1 += histograms[0][at + 1];
    n2 += histograms[0][at + 2];
    m0 += histograms[0][at + 3];
    m1 += histograms[0][at + 4];
    m2 += histograms[0][at + 5];
    // limbs within ±2¹³ of one value each: equal sums become equal numbers
    let carry = Math.floor(n2 * 0.00006103515625 + 0.5);
    let over = Math.floor((n1 + carry) * 0.00006103515625 + 0.5);
    const nearG = (n0 + over + (n1 + carry - over * 16384 + (n2 - carry * 16384) * 0.00006103515625) * 0.00006103515625) * unitG;
    carry = Math.floor((g2 - n2) * 0.00006103515625 + 0.5);
    over = Math.floor((g1 - n1 + carry) * 0.00006103515625 + 0.5);
    const farG =
      (g0 - n0 + over + (g1 - n1 + carry - over * 16384 + (g2 - n2 - carry * 16384) * 0.00006103515625) * 0.00006103515625) * unitG;
    carry = Math.floor(m2 * 0.00006103515625 + 0.5);
    over = Math.floor((m1 + carry) * 0.00006103515625 + 0.5);
    const nearH = (m0 + over + (m1 + carry - over * 16384 + (m2 - carry * 16384) * 0.00006103515625) * 0.00006103515625) * unitH;
    carry = Math.floor((h2 - m2) * 0.00006103515625 + 0.5);
    over = Math.floor((h1 - m1 + carry) * 0.00006103515625 + 0.5);
    const farH =
      (h0 - m0 + over + (h1 - m1 + carry - over * 16384 + (h2 - m2 - carry * 16384) * 0.00006103515625) * 0.00006103515625) * unitH;
    if (nearH > 0 && farH > 0 && nearH >= least && farH >= least) {
      let value = 0;
      if (alpha === 0 && step === 0) {
        const difference = nearG * (farH + lambda) - farG * (nearH + lambda);
        value = (difference / (nearH + lambda)) * (difference / (farH + lambda));
      } else {
        for (let child = 0; child < 2; child++) {
          let g = nearG;
          let size = nearH + lambda;
          if (child === 1) {
            g = farG;
            size = farH + lambda;
          }
          let t = 0;
          if (g > alpha) t = g - alpha;
          if (g < -alpha) t = g + alpha;
          let score = (t * t) / size;
          if (step > 0) {
            let weight = -t / size;
            if (weight > step) weight = step;
            if (weight < -step) weight = -step;
            score = -(2 * g * weight + size * weight * weight + 2 * alpha * Math.abs(weight));
          }
          value += score;
        }
      }
      if (value > top) {
        top = value;
        best = k;
      }
    }
  }
  return best;
}

/**
 * Sums (D, S, 2, 8) of the near side of each split: limbs of g and 4h as in the histograms (not carried), the place itself, 0. places
 * (D, S, 2) as of {@link bestPlaces}.
 */
export function nearSums(this: Kernel, histograms: Flat, bins: Flat, places: Flat, slots: number, most: number): number {
  const split = Math.floor(this.thread.x * 0.125);
  const limb = this.thread.x - split * 8;
  const cell = Math.floor(split * 0.5);
  const side = split - cell * 2;
  const feature = Math.floor((cell + 0.5) / slots);
  const slot = cell - feature * slots;
  const place = places[0][split];
  if (limb === 6) return place;
  const base = (feature * most * slots + slot) * 8 + limb;
  const stride = slots * 8;
  const none = base + bins[0][feature] * stride;
  let sum = 0;
  for (let k = 0; k <= place; k++) {
    let at = base + k * stride;
    if (side === 1) at = none - (k + 1) * stride;
    sum += histograms[0][at];
  }
  return sum;
}
