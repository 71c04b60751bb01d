/** Bootstrap over patients: rows of one patient come and go together, so that many visits of few patients do not look like many patients. */
import type { Stream } from '../random.js';
import { quantile } from './quantiles.js';

/** Both ends of an interval of 95%; NaN where there is none. */
export interface Interval {
  readonly low: number;
  readonly high: number;
}

/** A number with its interval. */
export type Valued = Interval & { readonly value: number };

export const RESAMPLES = 400;

/** Rows of each patient, patients in order of appearance; `ids` (N). */
export function rowsByPatient(ids: ArrayLike<number>): Uint32Array[] {
  const rows = new Map<number, number[]>();
  for (let row = 0; row < ids.length; row++) {
    const id = ids[row] as number;
    const own = rows.get(id);
    if (own) own.push(row);
    else rows.set(id, [row]);
  }
  return [...rows.values()].map((own) => Uint32Array.from(own));
}

/** As many patients as there are, drawn with replacement, with all of their rows. */
export function resampled(patients: readonly Uint32Array[], stream: Stream): Uint32Array {
  const drawn = patients.map(() => patients[stream.below(patients.length)] as Uint32Array);
  const rows = new Uint32Array(drawn.reduce((sum, own) => sum + own.length, 0));
  let at = 0;
  for (const own of drawn) {
    rows.set(own, at);
    at += own.length;
  }
  return rows;
}

/** One row of each patient, drawn at random, ascending. */
export const oneRowEach = (patients: readonly Uint32Array[], stream: Stream): Uint32Array =>
  Uint32Array.from(patients, (rows) => rows[stream.below(rows.length)] as number).sort();

/** Resamples in which a statistic is undefined (a group without positives, say) are left out; more than this share of them leave no interval. */
const MOST_UNDEFINED = 0.2;

/** The middle 95% of the statistic's values over resamples (Efron's percentile interval). */
export function percentileInterval(values: readonly number[]): Interval {
  const defined = Float64Array.from(values.filter((value) => !Number.isNaN(value))).sort();
  if (defined.length === 0 || defined.length < (1 - MOST_UNDEFINED) * values.length) return { low: Number.NaN, high: Number.NaN };
  return { low: quantile(defined, 0.025), high: quantile(defined, 0.975) };
}

/** The statistic's interval over RESAMPLES draws, each from a child of the stream. */
export const bootstrap = (stream: Stream, statistic: (draw: Stream) => number, resamples = RESAMPLES): Interval =>
  percentileInterval(Array.from({ length: resamples }, (_, b) => statistic(stream.child(b))));
