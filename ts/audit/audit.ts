/** The audit of a synthetic table: everything that is said about it, from the tables alone. */
import type { Backend } from '../backend/backend.js';
import { CancelledError } from '../errors.js';
import { Stream } from '../random.js';
import { VERSION } from '../version.js';
import type { AuditParts } from './parts.js';
import { auditPrivacy, type PrivacyAudit } from './privacy.js';

export interface AuditOptions {
  readonly seed: number;
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
  readonly privacy: PrivacyAudit;
}

export async function runAudit(parts: AuditParts, { seed, signal, onProgress }: AuditOptions, backend: Backend): Promise<Audit> {
  const stream = Stream.fromSeed(seed).child('audit');
  const step = async <Value>(phase: string, done: number, work: () => Promise<Value>): Promise<Value> => {
    if (signal?.aborted) throw new CancelledError();
    onProgress?.({ phase, done, total: 1 });
    return work();
  };
  return {
    version: VERSION,
    seed,
    target: parts.target,
    columns: parts.training.features.columns.length,
    grouped: parts.grouped,
    real: factsOf(parts.training),
    synthetic: factsOf(parts.synthetic),
    holdout: parts.holdout && factsOf(parts.holdout),
    privacy: await step('privacy', 0, () => auditPrivacy(parts, stream.child('privacy'), backend)),
  };
}

const factsOf = ({ y, patients }: { readonly y: Uint8Array; readonly patients?: Int32Array }): PartFacts => ({
  rows: y.length,
  positives: y.reduce((sum, label) => sum + label, 0),
  patients: patients ? new Set(patients).size : null,
});
