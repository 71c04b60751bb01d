/**
 * Whether decisions fall on groups alike. y (N) is 0 or 1, alarm (N) the decision, group (N) a number from 0, −1 = in none.
 */
import { confusion } from './classification.js';

type Marks = ArrayLike<number>;

export interface GroupRates {
  readonly rows: number;
  readonly positives: number;
  /** Share of rows that get an alarm. */
  readonly selection: number;
  /** NaN without positives. */
  readonly recall: number;
  /** Share of negatives that get an alarm; NaN without negatives. */
  readonly falseAlarms: number;
  readonly precision: number;
  readonly f1: number;
}

export function groupRates(y: Marks, alarm: Marks, group: Marks, groups: number): GroupRates[] {
  const members = Array.from({ length: groups }, () => [] as number[]);
  for (let row = 0; row < y.length; row++) members[group[row] as number]?.push(row);
  return members.map((rows) => {
    const [own, decided] = [rows.map((row) => y[row] as number), rows.map((row) => alarm[row] as number)];
    const { truePositives, falsePositives, trueNegatives, falseNegatives, precision, f1 } = confusion(own, decided, 1);
    const positives = truePositives + falseNegatives;
    return {
      rows: rows.length,
      positives,
      selection: (truePositives + falsePositives) / rows.length,
      recall: truePositives / positives,
      falseAlarms: falsePositives / (falsePositives + trueNegatives),
      precision,
      f1,
    };
  });
}

export interface Disparity {
  /** Greatest minus least share of alarms (fairlearn's demographic parity difference). */
  readonly parity: number;
  /** Least ÷ greatest share of alarms. */
  readonly parityRatio: number;
  /** The larger of the ranges of recall and of the false alarm rate (equalised odds difference). */
  readonly odds: number;
  /** The mean of both ranges. */
  readonly oddsMean: number;
}

/** Rates without rows to take them of count as 0, as in fairlearn; groups without any row do not count. */
export function disparity(rates: readonly GroupRates[]): Disparity {
  const present = rates.filter(({ rows }) => rows > 0);
  const of = (pick: (rate: GroupRates) => number) => present.map((rate) => (Number.isNaN(pick(rate)) ? 0 : pick(rate)));
  const [selection, recall, falseAlarms] = [of((r) => r.selection), of((r) => r.recall), of((r) => r.falseAlarms)];
  const [parity, byRecall, byFalse] = [range(selection), range(recall), range(falseAlarms)];
  return {
    parity,
    parityRatio: Math.min(...selection) / Math.max(...selection),
    odds: Math.max(byRecall, byFalse),
    oddsMean: (byRecall + byFalse) / 2,
  };
}

const range = (values: readonly number[]): number => (values.length > 0 ? Math.max(...values) - Math.min(...values) : Number.NaN);
