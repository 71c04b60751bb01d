/** The loss of the categories (Kotelnikov et al. 2023, §3.2) and its gradient. Formulas and dimensions as in multinomial.ts. */
import { Process } from "./diffusion";
import { log4 } from "./lib/log";
import { madd } from "./lib/madd";
import {
  DIRECT, FLOOR, gather, NORMALISER, posteriorLanes, scatter, setLane, SHARE, softmaxLanes, truePosteriorLanes,
} from "./multinomial-lanes";

const TINY = memory.data<f32>([1.17549435e-38]);

const CODES = memory.data(16, 16); // x0 of the lanes
const TERMS = memory.data(16, 16); // their losses

/**
 * Mean over rows of (T·L_t + KL(q(x_{T−1} | x0) ‖ even)) / C, L_t = KL(q(x_{t−1} | x_t, x0) ‖ q(x_{t−1} | x_t, p0)), and −log p0[x0]
 * at t = 0 (T is the inverse of the chance of each t). Returns it; writes d loss / d logits behind the numbers of dOutput.
 * output, dOutput (B, W); codes (N, C), index (B), noised (B, C), times (B).
 */
export function multinomialLoss(
  process: usize, output: usize, codes: usize, index: usize, noised: usize, times: usize, rows: u32, dOutput: usize,
): f64 {
  const p = changetype<Process>(process);
  if (p.columns == 0) return 0;
  const stride = (<usize>p.width) << 2;
  const scale = <f64>p.steps / (<f64>p.columns * <f64>rows);
  const steps = <f64>p.steps;
  let total = 0.0;
  for (let i: u32 = 0; i < rows; i += 4) {
    const last = min(rows - i, 4) - 1;
    let offset = (<usize>i) * stride + ((<usize>p.numeric) << 2);
    for (let c: u32 = 0; c < p.columns; c++) {
      const k = p.level(c);
      for (let lane: u32 = 0; lane < 4; lane++) {
        const row = <usize>(i + min(lane, last)) << 2;
        const t = <i32>load<u32>(times + row);
        setLane(p, lane, t, t - 1, k);
        store<u32>(CODES + ((<usize>lane) << 2), load<u32>(codes + (((<usize>load<u32>(index + row)) * p.columns + c) << 2)));
      }
      const xt = gather(noised + (((<usize>i) * p.columns + c) << 2), (<usize>p.columns) << 2, last);
      const terms = columnLoss(p, k, output + offset, dOutput + offset, stride, last, v128.load(CODES), xt, <f32>scale);
      for (let lane: u32 = 0; lane <= last; lane++) total += steps * <f64>load<f32>(terms + ((<usize>lane) << 2));
      offset += (<usize>k) << 2;
    }
  }
  return total / (<f64>p.columns * <f64>rows) + multinomialPrior(process);
}

/** KL(q(x_{T−1} | x0) ‖ even): nothing to learn, but part of the bound. */
function priorLoss(p: Process, k: u32): f64 {
  const abar = p.abar(p.steps - 1);
  // Σ q·log(q·K) with q·K = 1 + ᾱ(K − 1) once and 1 − ᾱ for the other K − 1 levels
  const own = abar * <f64>(k - 1);
  return (1.0 + own) * Math.log1p(own) / <f64>k + (1.0 - abar) * Math.log1p(-abar) * <f64>(k - 1) / <f64>k;
}

/** The same, mean over the columns. */
export function multinomialPrior(process: usize): f64 {
  const p = changetype<Process>(process);
  let total = 0.0;
  for (let c: u32 = 0; c < p.columns; c++) total += priorLoss(p, p.level(c));
  return p.columns == 0 ? 0 : total / <f64>p.columns;
}

/**
 * KL(q ‖ w/Z) of four rows of one column into TERMS, and its gradient times `scale`. With w_k = u_k·(a·p_k + b), m_k = w_k/Z and
 * r_k = a·p_k / (a·p_k + b):  d KL / d logit_k = r_k·(m_k − q_k) − p_k·Σ_j r_j·(m_j − q_j).  For s < 0: r = 1, m = p, the sum 0.
 */
function columnLoss(
  p: Process, k: u32, logits: usize, dLogits: usize, stride: usize, last: u32, x0: v128, xt: v128, scale: f32,
): usize {
  const p0 = p.scratch; // (K) v128
  const model = p0 + ((<usize>k) << 4); // (K)
  const truth = model + ((<usize>k) << 4); // (K)
  softmaxLanes(logits, stride, last, k, p0);
  const modelSum = posteriorLanes(k, xt, p0, model);
  const truthSum = truePosteriorLanes(k, xt, x0, truth);
  const tiny = v128.load32_splat(TINY);
  const logModelSum = log4(modelSum);
  const direct = v128.load(DIRECT);
  const normaliser = v128.load(NORMALISER);
  let loss = f32x4.splat(0);
  let inner = f32x4.splat(0);
  for (let j: u32 = 0; j < k; j++) {
    const at = (<usize>j) << 4;
    const w = v128.load(model + at);
    const q = f32x4.div(v128.load(truth + at), truthSum);
    const logit = gather(logits + ((<usize>j) << 2), stride, last);
    const logM = v128.bitselect(f32x4.sub(logit, normaliser), f32x4.sub(log4(w), logModelSum), direct);
    loss = madd(q, f32x4.sub(log4(f32x4.max(q, tiny)), logM), loss);
    const signal = f32x4.mul(v128.load(SHARE), v128.load(p0 + at));
    const r = f32x4.div(f32x4.add(signal, tiny), f32x4.add(f32x4.add(signal, v128.load(FLOOR)), tiny));
    const g = f32x4.mul(r, f32x4.sub(f32x4.div(w, modelSum), q));
    v128.store(model + at, g);
    inner = f32x4.add(inner, g);
  }
  for (let j: u32 = 0; j < k; j++) {
    const at = (<usize>j) << 4;
    const d = f32x4.sub(v128.load(model + at), f32x4.mul(v128.load(p0 + at), inner));
    scatter(dLogits + ((<usize>j) << 2), stride, last, f32x4.mul(d, f32x4.splat(scale)));
  }
  v128.store(TERMS, loss);
  return TERMS;
}
