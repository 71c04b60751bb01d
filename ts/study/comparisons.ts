/** Paired comparisons of methods on the splits that both have, by the corrected resampled t-test (Nadeau & Bengio 2003, eq. 9). */
import type { SpecialOps } from '../backend/ops-special.js';
import type { Group } from './groups.js';
import { excessOf, hasRatio } from './groups.js';
import type { ResultLine } from './result.js';
import type { ComparedField, Comparison } from './summary.js';

/** n_test / n_train of the study's 80/20 splits: what training parts share makes splits less independent than they look. */
export const TEST_TO_TRAIN = 0.2 / 0.8;

type StudentT = Pick<SpecialOps, 'studentT'>;

const REFERENCES = ['none', 'weight', 'tuned', 'smote'] as const;
/** References that are also judged at their better cut-off against F1 at 0.5: they cost nothing. */
const FREE_CUT_OFFS: readonly string[] = ['none', 'tuned'];
const UTILITY: readonly ComparedField[] = ['f1', 'f1_tuned', 'auroc', 'ap', 'brier', 'brier_prior'];

export const lowerIsBetter = (field: ComparedField): boolean => field === 'brier' || field === 'brier_prior' || field === 'mmd2_u_excess';

/** Two-sided p of the mean of `differences` (one a split) being 0; null below two splits or without spread. */
export function correctedP(differences: readonly number[], special: StudentT): number | null {
  const n = differences.length;
  if (n < 2) return null;
  const mean = differences.reduce((sum, d) => sum + d, 0) / n;
  const variance = differences.reduce((sum, d) => sum + (d - mean) * (d - mean), 0) / (n - 1);
  // Equal differences leave a spread of rounding errors, which is none.
  const scale = differences.reduce((most, d) => Math.max(most, Math.abs(d)), 0);
  if (!(variance > scale * scale * 1e-24)) return null;
  // t = mean / √((1/n + n_test/n_train) σ²), n − 1 degrees of freedom
  return special.studentT(mean / Math.sqrt((1 / n + TEST_TO_TRAIN) * variance), n - 1);
}

/** Holm's adjustment of p-values for their number; the order of the input is kept. */
export function holm(ps: readonly number[]): number[] {
  const order = ps.map((_, i) => i).sort((a, b) => (ps[a] as number) - (ps[b] as number) || a - b);
  const adjusted = new Array<number>(ps.length).fill(1);
  let most = 0;
  order.forEach((at, rank) => {
    most = Math.max(most, Math.min(1, (ps.length - rank) * (ps[at] as number)));
    adjusted[at] = most;
  });
  return adjusted;
}

/**
 * Methods with synthetic rows against each reference, and class weights against none; all at equal ratio. `rows` are the groups
 * of synthetic rows without regard to classifiers.
 */
export function compareMethods(groups: readonly Group[], rows: readonly Group[], special: StudentT): Comparison[] {
  const comparisons: Comparison[] = [];
  const add = (group: Group, other: Group | undefined, field: ComparedField, referenceField = field) => {
    const comparison = other && compare(group, other, field, referenceField, special);
    if (comparison) comparisons.push(comparison);
  };
  for (const group of groups) {
    for (const reference of REFERENCES) {
      if (group.method === 'none' || group.method === reference) continue;
      if (!group.makesRows && !(group.free && reference === 'none')) continue;
      const peers = groups.filter((other) => other.classifier === group.classifier);
      const other = referenceOf(peers, group, reference);
      for (const field of UTILITY) add(group, other, field);
      if (FREE_CUT_OFFS.includes(reference)) add(group, other, 'f1', 'f1_tuned');
    }
  }
  for (const group of rows) {
    if (group.method !== 'smote') add(group, referenceOf(rows, group, 'smote'), 'mmd2_u_excess');
  }
  return comparisons;
}

/** The reference at the same ratio; one that knows no ratio serves every ratio. */
function referenceOf(groups: readonly Group[], group: Group, reference: string): Group | undefined {
  const candidates = groups.filter((other) => other.dataset === group.dataset && other.method === reference);
  return candidates.find((other) => other.ratio === group.ratio) ?? candidates.find((other) => !hasRatio(other.method));
}

function comparable(line: ResultLine, field: ComparedField): number | null {
  const value = field === 'mmd2_u_excess' ? excessOf(line) : line[field];
  return value !== null && Number.isFinite(value) ? value : null;
}

function compare(
  group: Group,
  other: Group,
  field: ComparedField,
  referenceField: ComparedField,
  special: StudentT,
): Comparison | undefined {
  const bySplit = new Map(other.lines.map((line) => [line.split, comparable(line, referenceField)]));
  const differences: number[] = [];
  for (const line of group.lines) {
    const value = comparable(line, field);
    const reference = bySplit.get(line.split) ?? null;
    if (value !== null && reference !== null) differences.push(value - reference);
  }
  if (differences.length === 0) return undefined;
  const good = lowerIsBetter(field) ? -1 : 1;
  return {
    dataset: group.dataset,
    ratio: group.ratio,
    classifier: field === 'mmd2_u_excess' ? null : group.classifier,
    field,
    method: group.method,
    reference: other.method,
    reference_field: referenceField,
    n: differences.length,
    difference: differences.reduce((sum, d) => sum + d, 0) / differences.length,
    better: differences.filter((d) => d * good > 0).length,
    p: correctedP(differences, special),
  };
}
