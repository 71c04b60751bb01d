/**
 * What synthetic rows give away about the real rows that they were made from. Distances are Euclidean in the standardised space of
 * docs/metrics.md. Dimensions: N rows, k neighbours.
 */
import type { Backend } from '../backend/backend.js';
import type { Stream } from '../random.js';
import { auroc, operatingPoints } from './classification.js';
import { type Interval, percentileInterval, RESAMPLES, resampled, rowsByPatient } from './resampling.js';
import { type Rows, uploadCentred, withMemory } from './rows.js';

/** The 97.5% point of the standard normal distribution. */
const Z = 1.959963984540054;

/** A share of attacks that succeeded, with Wilson's 95% interval (Wilson, "Probable inference", JASA 1927). */
export interface Rate extends Interval {
  readonly successes: number;
  readonly trials: number;
  readonly centre: number;
  readonly halfWidth: number;
}

/** With a design effect the interval is that of trials / effect independent trials. */
export function wilson(successes: number, trials: number, effect = 1): Rate {
  const z2 = Z * Z;
  const share = successes / trials;
  const n = trials / effect;
  const centre = (n * share + z2 / 2) / (n + z2);
  const halfWidth = (Z / (n + z2)) * Math.sqrt(n * share * (1 - share) + z2 / 4);
  return { successes, trials, centre, halfWidth, low: Math.max(0, centre - halfWidth), high: Math.min(1, centre + halfWidth) };
}

export interface Risk extends Interval {
  readonly value: number;
}

/**
 * What an attack gains over the same attack on patients whom the generator never saw: (a − c) / (1 − c) of the Wilson centres, floored
 * at 0, with the two half-widths propagated to first order (Giomi et al., "A unified framework for quantifying privacy risk in synthetic
 * data", PoPETs 2023, §4).
 */
export function attackRisk(attack: Rate, control: Rate): Risk {
  const rest = 1 - control.centre;
  const value = (attack.centre - control.centre) / rest;
  const byAttack = attack.halfWidth / rest;
  const byControl = ((attack.centre - 1) / (rest * rest)) * control.halfWidth;
  const error = Math.sqrt(byAttack * byAttack + byControl * byControl);
  const inside = (x: number) => Math.min(1, Math.max(0, x));
  return { value: inside(value), low: inside(value - error), high: inside(value + error) };
}

export interface NearestRows {
  readonly index: Uint32Array; // (N, k)
  readonly distances: Float64Array; // (N, k), ascending in each row
  readonly k: number;
}

/** The k nearest rows of `to` for each row of `from`, fewer where there are fewer; `self` where both are the same rows. */
export async function nearestRows(backend: Backend, from: Rows, to: Rows, k: number, self = false): Promise<NearestRows> {
  const most = Math.min(k, to.rows - (self ? 1 : 0));
  if (from.rows === 0 || most < 1) return { index: new Uint32Array(0), distances: new Float64Array(0), k: 0 };
  return withMemory(backend, () => {
    const [x, y] = self ? uploadCentred(backend, [from]) : uploadCentred(backend, [from, to]);
    if (!x) return { index: new Uint32Array(0), distances: new Float64Array(0), k: 0 };
    const { index, squared } = backend.distance.neighbours(x, y ?? x, most, self);
    return { index: Uint32Array.from(index), distances: Float64Array.from(squared, Math.sqrt), k: most };
  });
}

/** Distance to the nearest row ÷ that to the second nearest (NNDR); 1 where both are 0, NaN where there is no second. */
export function nearestNeighbourRatios({ distances, k }: NearestRows): Float64Array {
  const rows = k > 0 ? distances.length / k : 0;
  return Float64Array.from({ length: rows }, (_, i) => {
    const [first, second] = [distances[i * k] as number, k > 1 ? (distances[i * k + 1] as number) : Number.NaN];
    return second === 0 ? 1 : first / second;
  });
}

/** For each row the distance to its nearest row that is no row of the patient `own[i]`; NaN where the k nearest are all of that patient. */
export function nearestOfOthers({ index, distances, k }: NearestRows, own: ArrayLike<number>, patients: ArrayLike<number>): Float64Array {
  return Float64Array.from({ length: own.length }, (_, i) => {
    for (let j = 0; j < k; j++) if (patients[index[i * k + j] as number] !== own[i]) return distances[i * k + j] as number;
    return Number.NaN;
  });
}

/** How many synthetic rows have each real row as their nearest one (M); rows at the same distance share. `real` is the number of real rows. */
export function nearestCounts({ index, distances, k }: NearestRows, real: number): Float64Array {
  const counts = new Float64Array(real);
  for (let i = 0; k > 0 && i < distances.length / k; i++) {
    let ties = 1;
    while (ties < k && distances[i * k + ties] === distances[i * k]) ties++;
    for (let j = 0; j < ties; j++) counts[index[i * k + j] as number] = (counts[index[i * k + j] as number] as number) + 1 / ties;
  }
  return counts;
}

/** A statistic beside what it would be if the generator had not known which patients were its own. */
export interface AgainstChance {
  readonly value: number;
  /** Mean and 95% interval of the statistic with memberships exchanged at random between patients. */
  readonly chance: number;
  readonly interval: Interval;
  /** One-sided, (1 + as large or larger) / (1 + permutations). */
  readonly p: number;
}

const PERMUTATIONS = 999;

/**
 * Share of synthetic rows whose nearest real row is one that the generator learnt from rather than one of patients held out, against
 * a permutation null: whoever knows no membership has each patient as likely on either side. `member` (M) is 1 for training rows.
 */
export function closerToTraining(
  counts: Float64Array,
  member: Uint8Array,
  patients: ArrayLike<number>,
  stream: Stream,
  permutations = PERMUTATIONS,
): AgainstChance {
  const groups = rowsByPatient(patients);
  const weights = groups.map((rows) => rows.reduce((sum, row) => sum + (counts[row] as number), 0));
  const inside = groups.map((rows) => member[rows[0] as number] === 1);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const value = weights.reduce((sum, weight, g) => sum + (inside[g] ? weight : 0), 0) / total;
  const members = inside.filter(Boolean).length;
  const chances = Array.from({ length: permutations }, (_, b) => {
    const order = stream.child(b).permutation(groups.length);
    let sum = 0;
    for (let g = 0; g < members; g++) sum += weights[order[g] as number] as number;
    return sum / total;
  });
  const chance = chances.reduce((sum, one) => sum + one, 0) / permutations;
  const larger = chances.filter((one) => one >= value - 1e-12).length;
  return { value, chance, interval: percentileInterval(chances), p: (1 + larger) / (1 + permutations) };
}

export interface Membership extends Interval {
  /** Chance that a random training row scores above a random row held out; ½ = the attack learns nothing. */
  readonly auc: number;
  /** The greatest true minus false positive rate over all thresholds. */
  readonly advantage: number;
}

/** How well scores tell members from others, with a bootstrap interval over patients on both sides. */
export function membershipAttack(
  members: { readonly scores: Float64Array; readonly patients: ArrayLike<number> },
  others: { readonly scores: Float64Array; readonly patients: ArrayLike<number> },
  stream: Stream,
  resamples = RESAMPLES,
): Membership {
  const of = (inside: Uint32Array | null, outside: Uint32Array | null) => {
    const a = inside ? Float64Array.from(inside, (row) => members.scores[row] as number) : members.scores;
    const b = outside ? Float64Array.from(outside, (row) => others.scores[row] as number) : others.scores;
    const scores = new Float64Array(a.length + b.length);
    scores.set(a);
    scores.set(b, a.length);
    return { y: new Uint8Array(scores.length).fill(1, 0, a.length), scores };
  };
  const [inside, outside] = [rowsByPatient(members.patients), rowsByPatient(others.patients)];
  const draws = Array.from({ length: resamples }, (_, b) => {
    const { y, scores } = of(resampled(inside, stream.child('members').child(b)), resampled(outside, stream.child('others').child(b)));
    return auroc(y, scores);
  });
  const { y, scores } = of(null, null);
  return { auc: auroc(y, scores), advantage: advantage(y, scores), ...percentileInterval(draws) };
}

/** Youden's index of the best threshold. */
export function advantage(y: ArrayLike<number>, scores: ArrayLike<number>): number {
  const { positives, negatives, truePositives, falsePositives } = operatingPoints(y, scores);
  let best = 0;
  truePositives.forEach((tp, i) => {
    best = Math.max(best, tp / positives - (falsePositives[i] as number) / negatives);
  });
  return best;
}
