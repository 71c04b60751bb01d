/** To whom classifiers do justice, without and with the synthetic rows, on patients held out. Dimensions: N rows. */
import { brier } from '../metrics/calibration.js';
import { type Disparity, disparity, type GroupRates, groupRates } from '../metrics/fairness.js';
import { percentileInterval, resampled, rowsByPatient, type Valued } from '../metrics/resampling.js';
import type { Stream } from '../random.js';
import type { Grouping } from './groups.js';
import type { Part } from './parts.js';
import type { Predictions } from './worth.js';

export interface GroupFairness {
  readonly group: string;
  readonly rows: number;
  readonly patients: number;
  readonly positives: number;
  /** Too few positive or negative patients to say anything: numbers are there, conclusions are not. */
  readonly enough: boolean;
  readonly before: GroupScores;
  readonly after: GroupScores;
  /** After − before. */
  readonly change: { readonly f1: Valued; readonly recall: Valued };
}

export interface GroupScores extends Pick<GroupRates, 'selection' | 'recall' | 'falseAlarms' | 'f1'> {
  readonly brier: number;
  /** Mean probability − share of positives: above 0 the risk is overstated. After augmentation with the prior corrected. */
  readonly calibrationInTheLarge: number;
}

export interface Fairness {
  readonly classifier: string;
  readonly columns: readonly string[];
  readonly groups: readonly GroupFairness[];
  /** Over the groups with enough patients; null with fewer than two. */
  readonly disparity: Readonly<Record<'before' | 'after' | 'change', { readonly parity: Valued; readonly odds: Valued }>> | null;
}

/** Positive and negative patients that a group needs. */
export const LEAST_IN_GROUP = 10;
const RESAMPLES = 200;

/**
 * Alarms go to the same share of patients in both models: the share of positives among the held-out rows. (At a fixed ½ synthetic
 * rows raise every probability, and the alarms of all groups with it.)
 */
export function fairnessOf(classifier: string, holdout: Part, p: Predictions, grouping: Grouping, stream: Stream): Fairness {
  const { y } = holdout;
  const group = grouping.of(holdout.features);
  const alarms = { before: alarmsOf(p.before, y), after: alarmsOf(p.after, y) };
  const members = grouping.groups.map((_, g) => Uint32Array.from(y, (_, row) => row).filter((row) => group[row] === g));
  const counts = members.map((rows) => ({
    patients: new Set(rows.map((row) => holdout.patients[row] as number)).size,
    positive: patientsWith(rows, holdout, 1),
    negative: patientsWith(rows, holdout, 0),
  }));
  const enough = counts.map(({ positive, negative }) => positive >= LEAST_IN_GROUP && negative >= LEAST_IN_GROUP);
  const judged = group.map((g) => (g >= 0 && enough[g] ? g : -1));
  const at = (rows: Uint32Array | null) => measured(y, alarms, group, judged, grouping.groups.length, rows);
  const whole = at(null);
  const patients = rowsByPatient(holdout.patients);
  const drawn = Array.from({ length: RESAMPLES }, (_, b) => at(resampled(patients, stream.child(b))));
  const valued = (pick: (one: typeof whole) => number): Valued => ({ value: pick(whole), ...percentileInterval(drawn.map(pick)) });
  const sides = (of: 'parity' | 'odds') => ({
    before: valued((one) => one.before[of]),
    after: valued((one) => one.after[of]),
    change: valued((one) => one.after[of] - one.before[of]),
  });
  const [parity, odds] = [sides('parity'), sides('odds')];
  return {
    classifier,
    columns: grouping.columns,
    groups: grouping.groups.map((name, g) => {
      const rows = members[g] as Uint32Array;
      const { patients: own } = counts[g] as (typeof counts)[number];
      const change = (field: 'f1' | 'recall') =>
        valued((one) => (one.rates.after[g] as GroupRates)[field] - (one.rates.before[g] as GroupRates)[field]);
      const scores = (side: 'before' | 'after') =>
        groupScores(whole.rates[side][g] as GroupRates, rows, y, side === 'before' ? p.before : p.corrected);
      return {
        group: name,
        rows: rows.length,
        patients: own,
        positives: (whole.rates.before[g] as GroupRates).positives,
        enough: enough[g] as boolean,
        before: scores('before'),
        after: scores('after'),
        change: { f1: change('f1'), recall: change('recall') },
      };
    }),
    disparity:
      enough.filter(Boolean).length < 2
        ? null
        : {
            before: { parity: parity.before, odds: odds.before },
            after: { parity: parity.after, odds: odds.after },
            change: { parity: parity.change, odds: odds.change },
          },
  };
}

/** The rows with the highest probabilities, as many as there are positives; equal ones in the order of rows. */
function alarmsOf(p: Float64Array, y: Uint8Array): Uint8Array {
  const count = y.reduce((sum, label) => sum + label, 0);
  const order = Uint32Array.from(y, (_, row) => row).sort((a, b) => (p[b] as number) - (p[a] as number) || a - b);
  const alarm = new Uint8Array(y.length);
  for (const row of order.subarray(0, count)) alarm[row] = 1;
  return alarm;
}

function measured(
  y: Uint8Array,
  alarms: { readonly before: Uint8Array; readonly after: Uint8Array },
  group: Int32Array,
  judged: Int32Array,
  groups: number,
  rows: Uint32Array | null,
) {
  const pick = <Marks extends Uint8Array | Int32Array>(marks: Marks) =>
    rows ? Array.from(rows, (row) => marks[row] as number) : Array.from(marks);
  const [own, of, judgedOf] = [pick(y), pick(group), pick(judged)];
  const rates = (side: 'before' | 'after', which: number[]) => groupRates(own, pick(alarms[side]), which, groups);
  const apart = (side: 'before' | 'after'): Disparity => disparity(rates(side, judgedOf));
  return { rates: { before: rates('before', of), after: rates('after', of) }, before: apart('before'), after: apart('after') };
}

function groupScores({ selection, recall, falseAlarms, f1 }: GroupRates, rows: Uint32Array, y: Uint8Array, p: Float64Array): GroupScores {
  const own = rows.reduce((sum, row) => sum + (y[row] as number), 0) / rows.length;
  const mean = rows.reduce((sum, row) => sum + (p[row] as number), 0) / rows.length;
  const [labels, chances] = [Array.from(rows, (row) => y[row] as number), Array.from(rows, (row) => p[row] as number)];
  return { selection, recall, falseAlarms, f1, brier: brier(labels, chances), calibrationInTheLarge: mean - own };
}

const patientsWith = (rows: Uint32Array, { y, patients }: Part, label: 0 | 1): number =>
  new Set(rows.filter((row) => y[row] === label).map((row) => patients[row] as number)).size;
