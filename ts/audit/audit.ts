/** The audit of a synthetic table: everything that is said about it, from the tables alone. */
import type { Backend } from '../backend/backend.js';
import { CancelledError } from '../errors.js';
import { Stream } from '../random.js';
import { VERSION } from '../version.js';
import { type Fairness, fairnessOf } from './fairness.js';
import { type Grouping, groupingsOf, sensitiveByName } from './groups.js';
import { type Likeness, measureLikeness } from './likeness.js';
import type { AuditParts } from './parts.js';
import { auditPrivacy, type PrivacyAudit } from './privacy.js';
import { CLASSIFIERS, predictions, type Worth, worthOf } from './worth.js';

export interface AuditOptions {
  readonly seed: number;
  /** Columns of the groups that are looked at; null: those whose names speak of sex, age, race or ethnicity. */
  readonly sensitive: readonly string[] | null;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: { phase: string; done: number; total: number }) => void) | undefined;
}

/** Counts of one table. */
export interface PartFacts {
  readonly rows: number;
  readonly positives: number;
  /** Null of synthetic rows. */
  readonly patients: number | null;
}

export interface Audit {
  readonly version: string;
  readonly seed: number;
  readonly target: AuditParts['target'];
  readonly columns: number;
  readonly grouped: boolean;
  readonly real: PartFacts;
  readonly synthetic: PartFacts;
  readonly holdout: PartFacts | null;
  readonly sensitive: readonly string[];
  readonly privacy: PrivacyAudit;
  /** Null without synthetic minority rows. */
  readonly fidelity: Likeness | null;
  /** Of each classifier; null without held-out patients of both classes: whoever trained on a patient cannot be judged by him or her. */
  readonly utility: readonly Worth[] | null;
  readonly fairness: readonly Fairness[] | null;
}

export async function runAudit(parts: AuditParts, { seed, sensitive, signal, onProgress }: AuditOptions, backend: Backend): Promise<Audit> {
  const stream = Stream.fromSeed(seed).child('audit');
  const step = async <Value>(phase: string, done: number, work: () => Promise<Value>): Promise<Value> => {
    if (signal?.aborted) throw new CancelledError();
    onProgress?.({ phase, done, total: 1 });
    return work();
  };
  const columns = sensitive ?? sensitiveByName(parts.training.features);
  const groupings = groupingsOf(parts.training.features, columns);
  const privacy = await step('privacy', 0, () => auditPrivacy(parts, stream.child('privacy'), backend));
  const likeness = await step('fidelity', 0.4, () => measureLikeness(parts, groupings, stream.child('fidelity'), backend));
  const judged = await step('utility', 0.6, () => judge(parts, groupings, stream.child('utility'), backend));
  return {
    version: VERSION,
    seed,
    target: parts.target,
    columns: parts.training.features.columns.length,
    grouped: parts.grouped,
    real: factsOf(parts.training),
    synthetic: factsOf(parts.synthetic),
    holdout: parts.holdout && factsOf(parts.holdout),
    sensitive: columns,
    privacy,
    fidelity: likeness,
    utility: judged?.utility ?? null,
    fairness: judged?.fairness ?? null,
  };
}

/** Classifiers without and with the synthetic rows. */
async function judge({ holdout, ...rest }: AuditParts, groupings: readonly Grouping[], stream: Stream, backend: Backend) {
  if (!holdout || new Set(holdout.y).size < 2 || new Set(rest.training.y).size < 2) return null;
  const [utility, fairness]: [Worth[], Fairness[]] = [[], []];
  for (const classifier of CLASSIFIERS) {
    const own = stream.child(classifier.name);
    const p = await predictions({ holdout, ...rest }, holdout, classifier, own.child('fit'), backend);
    utility.push(worthOf(classifier.name, holdout, p, own.child('worth'), backend));
    for (const grouping of groupings)
      fairness.push(fairnessOf(classifier.name, holdout, p, grouping, own.child(grouping.columns.join(' '))));
  }
  return { utility, fairness };
}

const factsOf = ({ y, patients }: { readonly y: Uint8Array; readonly patients?: Int32Array }): PartFacts => ({
  rows: y.length,
  positives: y.reduce((sum, label) => sum + label, 0),
  patients: patients ? new Set(patients).size : null,
});
