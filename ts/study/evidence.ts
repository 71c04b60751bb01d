/** What a verdict on one data set rests on, and the limits it goes by. */
import type { ComparedField, Comparison, FidelitySummary, UtilitySummary } from './summary.js';

/** Below this a verdict would rest on next to nothing, whatever the p-value. */
export const FEWEST_SPLITS = 5;
/** Two-sided. */
export const LEVEL = 0.05;
/** Excess of unbiased MMD² up to which rows count as near real patients, and beyond which as far from them. */
export const NEAR = 0.01;
export const FAR = 0.05;
/** Nearest-record ratio below which rows lie nearer to training patients than chance has it, and below which they are as good as copies. */
export const NEARER = 0.7;
export const COPIES = 0.35;

export interface Evidence {
  readonly utility: readonly UtilitySummary[];
  readonly fidelity: readonly FidelitySummary[];
  readonly comparisons: readonly Comparison[];
  readonly tuned: boolean;
}

type Run = Pick<UtilitySummary, 'method' | 'ratio'> & { readonly classifier: string | null };

export const sameRun = (a: Run, b: Run): boolean => a.method === b.method && a.ratio === b.ratio && a.classifier === b.classifier;

/** Copies add rows but no patients: a control like class weights, about which no verdict is passed. */
export const isControl = (method: string): boolean => method === 'random';

/** Methods that train a model step by step; the others interpolate, smooth or reshape the rows that there are. */
const LEARNED: ReadonlySet<string> = new Set(['ctgan', 'tvae', 'tabddpm', 'tabddpm-joint', 'tabddpm-partial', 'forestflow']);

export const isLearned = (method: string): boolean => LEARNED.has(method);

export const isSynthetic = ({ fidelity }: Evidence, { method, ratio }: Pick<Run, 'method' | 'ratio'>): boolean =>
  !isControl(method) && fidelity.some((entry) => entry.method === method && entry.ratio === ratio);

/** The comparison of a run with a reference; `referenceField` differs where the reference is judged at its tuned cut-off. */
export const comparisonOf = (
  { comparisons }: Evidence,
  run: Run,
  field: ComparedField,
  reference: string,
  referenceField: ComparedField = field,
): Comparison | undefined =>
  comparisons.find((c) => sameRun(c, run) && c.field === field && c.reference === reference && c.reference_field === referenceField);

export const isShown = ({ n, p }: Comparison): boolean => n >= FEWEST_SPLITS && p !== null && p < LEVEL;
