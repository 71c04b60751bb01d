/** What synthetic rows are worth: classifiers trained without and with them, on patients held out. Dimensions: N rows. */
import type { Backend } from '../backend/backend.js';
import { boosting } from '../classify/boosting.js';
import type { Classifier } from '../classify/classifier.js';
import { forest } from '../classify/forest.js';
import { fitFeatures } from '../encode/features.js';
import { brier, calibration, priorShift } from '../metrics/calibration.js';
import { auroc, averagePrecision, confusion } from '../metrics/classification.js';
import { type Interval, percentileInterval, resampled, rowsByPatient, type Valued } from '../metrics/resampling.js';
import type { Stream } from '../random.js';
import { concatTables } from '../table/table.js';
import type { AuditParts, Part } from './parts.js';

/** Probabilities for the held-out rows, and what they are worth. */
export interface Predictions {
  readonly before: Float64Array; // (N)
  readonly after: Float64Array;
  /** `after`, moved back to the share of positives in the real table (Saerens et al. 2002). */
  readonly corrected: Float64Array;
}

export const FIELDS = ['ap', 'auroc', 'f1', 'recall', 'brier', 'intercept', 'slope'] as const;
export type Field = (typeof FIELDS)[number];
export type Scores = Readonly<Record<Field, number>>;
type Side = keyof Predictions;

export interface Worth {
  readonly classifier: string;
  readonly scores: Readonly<Record<Side, Scores>>;
  readonly intervals: Readonly<Record<Side, Readonly<Record<Field, Interval>>>>;
  /** After − before on the same held-out patients, as they are and corrected. */
  readonly change: Readonly<Record<'after' | 'corrected', Readonly<Record<Field, Valued>>>>;
  readonly reliability: Readonly<Record<Side, readonly ReliabilityPoint[]>>;
  readonly decision: readonly DecisionPoint[];
  readonly advice: Advice;
}

export type Advice = 'augment' | 'do not augment' | 'no gain shown' | 'insufficient';

export interface ReliabilityPoint {
  readonly rows: number;
  readonly predicted: number;
  readonly observed: number;
}

export interface DecisionPoint {
  readonly threshold: number;
  /** Net benefit: true positives − false positives · threshold ÷ (1 − threshold), a patient (Vickers & Elkin 2006). */
  readonly all: number;
  readonly before: number;
  readonly after: number;
  readonly corrected: number;
}

export const CLASSIFIERS: readonly Classifier[] = [forest, boosting];
/** Fewer held-out patients of either class than this leave nothing to say. */
const LEAST_PATIENTS = 10;
const RESAMPLES = 200;
const THRESHOLDS = [0.02, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5];
const BINS = 10;
/** p > ½ as a threshold for p ≥ threshold. */
export const ABOVE_HALF = 0.5 + 1 / 33554432;

export async function predictions(
  parts: AuditParts,
  holdout: Part,
  classifier: Classifier,
  stream: Stream,
  backend: Backend,
): Promise<Predictions> {
  const { training, synthetic } = parts;
  const encoder = fitFeatures(training.features);
  const test = encoder.features(holdout.features);
  const fit = async (features: Part['features'], y: Uint8Array) =>
    Float64Array.from(await (await classifier.fit(encoder.features(features), y, stream, { backend })).predict(test));
  const joined = Uint8Array.from([...training.y, ...synthetic.y]);
  const before = await fit(training.features, training.y);
  const after = await fit(concatTables(training.features, alike(synthetic.features, training.features)), joined);
  return { before, after, corrected: priorShift(after, share(joined), share(training.y)) };
}

/** Columns of the kinds that the training table has. */
const alike = (made: Part['features'], real: Part['features']): Part['features'] => ({
  rows: made.rows,
  columns: made.columns.map((column, c) => ({ ...column, kind: real.columns[c]?.kind }) as (typeof made.columns)[number]),
});

const share = (y: Uint8Array): number => y.reduce((sum, label) => sum + label, 0) / y.length;

export function worthOf(classifier: string, holdout: Part, p: Predictions, stream: Stream, backend: Backend): Worth {
  const { y } = holdout;
  const sides: Side[] = ['before', 'after', 'corrected'];
  const scoresAt = (rows: ArrayLike<number> | null) =>
    sides.map((side) => (rows ? scores(picked(y, rows), picked(p[side], rows), backend) : scores(y, p[side], backend)));
  const whole = scoresAt(null) as [Scores, Scores, Scores];
  const patients = rowsByPatient(holdout.patients);
  const drawn = Array.from({ length: RESAMPLES }, (_, b) => scoresAt(resampled(patients, stream.child(b)))) as [Scores, Scores, Scores][];
  const each = <Value>(make: (field: Field) => Value) =>
    Object.fromEntries(FIELDS.map((field) => [field, make(field)])) as Record<Field, Value>;
  const bySide = <Value>(make: (at: number) => Value) =>
    Object.fromEntries(sides.map((side, at) => [side, make(at)])) as Record<Side, Value>;
  const change = (at: 1 | 2) =>
    each((field) => ({
      value: whole[at][field] - whole[0][field],
      ...percentileInterval(drawn.map((one) => one[at][field] - one[0][field])),
    }));
  const changes = { after: change(1), corrected: change(2) };
  return {
    classifier,
    scores: bySide((at) => whole[at] as Scores),
    intervals: bySide((at) => each((field) => percentileInterval(drawn.map((one) => (one[at] as Scores)[field])))),
    change: changes,
    reliability: bySide((at) => reliability(y, p[sides[at] as Side])),
    decision: THRESHOLDS.map((threshold) => decisionAt(y, p, threshold)),
    advice: isEnough(holdout) ? adviceOf(changes) : 'insufficient',
  };
}

/** Patients of either class. */
function isEnough({ y, patients }: Part): boolean {
  const of = (label: number) => new Set(patients.filter((_, row) => y[row] === label)).size;
  return of(1) >= LEAST_PATIENTS && of(0) >= LEAST_PATIENTS;
}

/** Ranking decides, for a threshold can be moved and a prior corrected for nothing; then the honesty of the probabilities. */
function adviceOf({ after, corrected }: Worth['change']): Advice {
  if (after.ap.high < 0 || after.auroc.high < 0) return 'do not augment';
  if (after.ap.low > 0 && !(corrected.brier.low > 0)) return 'augment';
  if (after.brier.low > 0 || corrected.brier.low > 0) return 'do not augment';
  return 'no gain shown';
}

const picked = (values: ArrayLike<number>, rows: ArrayLike<number>): Float64Array =>
  Float64Array.from(rows, (row) => values[row] as number);

function scores(y: ArrayLike<number>, p: ArrayLike<number>, { special }: Backend): Scores {
  const { f1, recall } = confusion(y, p, ABOVE_HALF);
  const { intercept, slope } = calibration(y, p, special);
  return { ap: averagePrecision(y, p), auroc: auroc(y, p), f1, recall, brier: brier(y, p), intercept, slope };
}

/** Tenths of the rows by probability, equal probabilities together. */
function reliability(y: ArrayLike<number>, p: Float64Array): ReliabilityPoint[] {
  const order = Uint32Array.from(p, (_, row) => row).sort((a, b) => (p[a] as number) - (p[b] as number) || a - b);
  const points: ReliabilityPoint[] = [];
  for (let from = 0, bin = 1; from < order.length; bin++) {
    let to = Math.max(from + 1, Math.round((bin * order.length) / BINS));
    while (to < order.length && p[order[to] as number] === p[order[to - 1] as number]) to++;
    const rows = order.subarray(from, to);
    const mean = (of: ArrayLike<number>) => rows.reduce((sum, row) => sum + (of[row] as number), 0) / rows.length;
    points.push({ rows: rows.length, predicted: mean(p), observed: mean(y) });
    from = to;
  }
  return points;
}

function decisionAt(y: ArrayLike<number>, p: Predictions, threshold: number): DecisionPoint {
  const benefit = (probability: ArrayLike<number> | null) => {
    const { truePositives, falsePositives } = confusion(y, probability ?? new Float64Array(y.length).fill(1), threshold);
    return (truePositives - (falsePositives * threshold) / (1 - threshold)) / y.length;
  };
  return { threshold, all: benefit(null), before: benefit(p.before), after: benefit(p.after), corrected: benefit(p.corrected) };
}
