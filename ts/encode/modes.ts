/**
 * Mode-specific normalisation (Xu et al. 2019, CTGAN, §4.2): a number is told as the mode of a Gaussian mixture that it belongs to, and its
 * place in that mode in units of four deviations.
 *
 * The mixture is fitted by variational inference with a truncated stick-breaking (Dirichlet process) prior on its weights (Blei & Jordan
 * 2006) and a Gauss–Wishart prior on its modes (Bishop 2006, §10.2), so that modes which are not needed die out.
 * Dimensions: N numbers, K modes.
 */
export interface MixtureFunctions {
  exp(x: number): number;
  log(x: number): number;
  digamma(x: number): number;
}

/** Plain data. */
export interface Modes {
  readonly weights: readonly number[]; // (K)
  readonly means: readonly number[];
  readonly deviations: readonly number[];
}

const MOST_MODES = 10;
/** Lighter modes are left out. */
const LEAST_WEIGHT = 0.005;
/** Concentration of the stick-breaking prior: the smaller, the fewer modes. */
const CONCENTRATION = 0.001;
/** Places beyond four deviations times this are cut. */
const EDGE = 0.99;
/** Added to every posterior before a mode is drawn. */
const FLOOR = 1e-6;
const [MOST_ITERATIONS, SETTLED] = [100, 1e-4];
/** Larger columns are fitted on this many of their numbers, evenly spread by rank. */
const MOST_NUMBERS = 2000;
/** Added to every variance, as a share of the column's. */
const LEAST_VARIANCE = 1e-6;

/** Distinct ascending numbers and how often each occurs. */
interface Counted {
  readonly x: Float64Array;
  readonly counts: Float64Array;
}

function count(values: Float64Array): Counted {
  let sorted = values.filter((value) => !Number.isNaN(value)).sort(); // typed arrays sort by value
  if (sorted.length > MOST_NUMBERS) {
    const all = sorted;
    sorted = Float64Array.from({ length: MOST_NUMBERS }, (_, i) => all[Math.round((i * (all.length - 1)) / (MOST_NUMBERS - 1))] as number);
  }
  const x: number[] = [];
  const counts: number[] = [];
  for (const value of sorted) {
    if (value === x[x.length - 1]) (counts[counts.length - 1] as number)++;
    else {
      x.push(value);
      counts.push(1);
    }
  }
  return { x: Float64Array.from(x), counts: Float64Array.from(counts) };
}

/** The modes of a column; at least two different numbers must be there. NaN is skipped. */
export function fitModes(values: Float64Array, functions: MixtureFunctions): Modes {
  const { x, counts } = count(values);
  const n = counts.reduce((sum, c) => sum + c, 0);
  const shift = x.reduce((sum, v, i) => sum + (v * (counts[i] as number)) / n, 0);
  const spread = Math.sqrt(x.reduce((sum, v, i) => sum + ((v - shift) * (v - shift) * (counts[i] as number)) / n, 0));
  const standard = { x: x.map((v) => (v - shift) / spread), counts };
  const { weights, means, deviations } = mixture(standard, functions);
  const kept = weights.map((_, k) => k).filter((k) => (weights[k] as number) > LEAST_WEIGHT);
  return {
    weights: kept.map((k) => weights[k] as number),
    means: kept.map((k) => shift + spread * (means[k] as number)),
    deviations: kept.map((k) => spread * (deviations[k] as number)),
  };
}

/** What is known of the modes: q(stick_k) = Beta(a, b), q(mean, precision) = N(mean, 1 / (beta·precision)) · Gamma with nu degrees of freedom. */
interface Posterior {
  readonly a: Float64Array;
  readonly b: Float64Array;
  readonly mean: Float64Array;
  readonly beta: Float64Array;
  readonly nu: Float64Array;
  readonly variance: Float64Array; // 1 / expected precision
}

/** Fits K modes to numbers of mean 0 and variance 1. */
function mixture({ x, counts }: Counted, functions: MixtureFunctions): Modes {
  const K = Math.min(MOST_MODES, x.length);
  let shares = nearestCentre(x, counts, K);
  let weights = new Array<number>(K).fill(0);
  for (let iteration = 0; ; iteration++) {
    const q = maximise(x, counts, shares, K);
    const before = weights;
    weights = expectedWeights(q);
    const moved = weights.reduce((most, w, k) => Math.max(most, Math.abs(w - (before[k] as number))), 0);
    if (moved < SETTLED || iteration === MOST_ITERATIONS) {
      return { weights, means: [...q.mean], deviations: [...q.variance].map(Math.sqrt) };
    }
    shares = expect(x, q, functions);
  }
}

/** Where the fit starts: each number belongs to the nearest of K centres (Lloyd's algorithm from evenly spread ranks). Shares (N, K). */
function nearestCentre(x: Float64Array, counts: Float64Array, K: number): Float64Array {
  const centres = Array.from({ length: K }, (_, k) => x[Math.floor(((k + 0.5) * x.length) / K)] as number);
  const owner = new Uint32Array(x.length);
  for (let round = 0; round < 10; round++) {
    for (let i = 0; i < x.length; i++) {
      const distance = (k: number) => Math.abs((x[i] as number) - (centres[k] as number));
      let best = 0;
      for (let k = 1; k < K; k++) if (distance(k) < distance(best)) best = k;
      owner[i] = best;
    }
    for (let k = 0; k < K; k++) {
      let [sum, total] = [0, 0];
      for (let i = 0; i < x.length; i++) {
        if (owner[i] !== k) continue;
        sum += (x[i] as number) * (counts[i] as number);
        total += counts[i] as number;
      }
      if (total > 0) centres[k] = sum / total;
    }
  }
  const shares = new Float64Array(x.length * K);
  owner.forEach((k, i) => {
    shares[i * K + k] = 1;
  });
  return shares;
}

/** The posterior of the modes, given the shares of each number (N, K). Priors: mean 0, beta 1, nu 1, variance 1. */
function maximise(x: Float64Array, counts: Float64Array, shares: Float64Array, K: number): Posterior {
  const make = () => new Float64Array(K);
  const q = { a: make(), b: make(), mean: make(), beta: make(), nu: make(), variance: make() };
  let after = 0;
  for (let k = K - 1; k >= 0; k--) {
    let [total, sum] = [0, 0];
    for (let i = 0; i < x.length; i++) {
      const share = (shares[i * K + k] as number) * (counts[i] as number);
      total += share;
      sum += share * (x[i] as number);
    }
    const own = total > 0 ? sum / total : 0;
    let squares = 0;
    for (let i = 0; i < x.length; i++) {
      const off = (x[i] as number) - own;
      squares += (shares[i * K + k] as number) * (counts[i] as number) * off * off;
    }
    q.a[k] = 1 + total;
    q.b[k] = CONCENTRATION + after;
    q.beta[k] = 1 + total;
    q.nu[k] = 1 + total;
    q.mean[k] = sum / (1 + total);
    q.variance[k] = (1 + squares + (total / (1 + total)) * own * own) / (1 + total) + LEAST_VARIANCE;
    after += total;
  }
  return q;
}

/** E π_k of the stick-breaking posterior, normalised to 1. */
function expectedWeights({ a, b }: Posterior): number[] {
  let rest = 1;
  const weights = Array.from(a, (ak, k) => {
    const share = ak / (ak + (b[k] as number));
    const weight = rest * share;
    rest *= 1 - share;
    return weight;
  });
  const sum = weights.reduce((total, w) => total + w, 0);
  return weights.map((w) => w / sum);
}

/** Shares (N, K) of the modes in each number: ∝ e^(E ln π_k + E ln N(x | mode k)). */
function expect(x: Float64Array, q: Posterior, { exp, log, digamma }: MixtureFunctions): Float64Array {
  const K = q.a.length;
  let broken = 0; // Σ_{j<k} E ln(1 − stick_j)
  const constant = Array.from(q.a, (a, k) => {
    const [b, nu, variance] = [q.b[k] as number, q.nu[k] as number, q.variance[k] as number];
    const whole = digamma(a + b);
    const weight = digamma(a) - whole + broken;
    broken += digamma(b) - whole;
    const precision = Math.LN2 + digamma(nu / 2) - log(nu * variance); // E ln precision
    return weight + 0.5 * (precision - 1 / (q.beta[k] as number));
  });
  const shares = new Float64Array(x.length * K);
  for (let i = 0; i < x.length; i++) {
    let most = Number.NEGATIVE_INFINITY;
    for (let k = 0; k < K; k++) {
      const off = (x[i] as number) - (q.mean[k] as number);
      const score = (constant[k] as number) - (0.5 * off * off) / (q.variance[k] as number);
      shares[i * K + k] = score;
      if (score > most) most = score;
    }
    let sum = 0;
    for (let k = 0; k < K; k++) {
      const below = (shares[i * K + k] as number) - most;
      const share = below < -40 ? 0 : exp(below);
      shares[i * K + k] = share;
      sum += share;
    }
    for (let k = 0; k < K; k++) shares[i * K + k] = (shares[i * K + k] as number) / sum;
  }
  return shares;
}

/** ln (π_k N(x | mode k)) of each mode. */
function logTerms({ weights, means, deviations }: Modes, x: number, { log }: MixtureFunctions): number[] {
  return weights.map((weight, k) => {
    const deviation = deviations[k] as number;
    const off = (x - (means[k] as number)) / deviation;
    return log(weight) - log(deviation) - 0.5 * (log(2 * Math.PI) + off * off);
  });
}

/** ln of the mixture's density. */
export function logDensity(modes: Modes, x: number, functions: MixtureFunctions): number {
  const terms = logTerms(modes, x, functions);
  const most = Math.max(...terms);
  return most + functions.log(terms.reduce((sum, term) => sum + functions.exp(term - most), 0));
}

/** The probability of each mode for x. */
export function responsibilities(modes: Modes, x: number, functions: MixtureFunctions): number[] {
  const terms = logTerms(modes, x, functions);
  const most = Math.max(...terms);
  const shares = terms.map((term) => functions.exp(term - most));
  const sum = shares.reduce((total, share) => total + share, 0);
  return shares.map((share) => share / sum);
}

/** A mode for x, drawn by `u` in [0, 1) from its probabilities, each raised a little. */
export function drawMode(modes: Modes, x: number, u: number, functions: MixtureFunctions): number {
  const shares = responsibilities(modes, x, functions);
  const last = shares.length - 1;
  let rest = u * (1 + (last + 1) * FLOOR);
  for (let k = 0; k < last; k++) {
    rest -= (shares[k] as number) + FLOOR;
    if (rest < 0) return k;
  }
  return last;
}

/** The place of x in mode k: (x − mean) / 4 deviations, cut at ±0.99. */
export function placeInMode({ means, deviations }: Modes, k: number, x: number): number {
  const place = (x - (means[k] as number)) / (4 * (deviations[k] as number));
  return Math.max(-EDGE, Math.min(EDGE, place));
}

export function fromMode({ means, deviations }: Modes, k: number, place: number): number {
  return (means[k] as number) + 4 * (deviations[k] as number) * place;
}
