/** `audit`: a real and a synthetic table in, a page and its numbers out. */
import { basename, join } from 'node:path';
import type { Audit } from '../audit/audit.js';
import type { AuditParts } from '../audit/parts.js';
import type { Progress } from '../generate/generator.js';
import { type AuditFiles, renderAudit } from '../report/audit.js';
import { type ComputeRequest, settleCompute } from './compute.js';
import { type FileRequest, loadTable, warningsOf } from './datasets.js';
import { newDocument } from './document.js';
import { fingerprint, makeFolder, writeWhole } from './files.js';
import { readParts } from './parts.js';
import { runTask } from './pool.js';

export interface AuditRequest extends ComputeRequest {
  readonly real: FileRequest;
  readonly synthetic: string;
  readonly holdout?: string | undefined;
  /** Columns of the groups that are looked at; those whose names say so where left out. */
  readonly sensitive?: readonly string[] | undefined;
  readonly seed: number;
  /** Folder of audit.html and audit.json. */
  readonly out: string;
  readonly onProgress?: ((progress: Progress) => void) | undefined;
}

export interface AuditTask {
  readonly parts: AuditParts;
  readonly sensitive: readonly string[] | null;
  readonly seed: number;
}

export interface AuditOutcome {
  readonly audit: Audit;
  readonly page: string;
  readonly warnings: readonly string[];
}

export async function auditFiles(request: AuditRequest): Promise<AuditOutcome> {
  const loaded = await loadTable(request.real);
  const named = { real: request.real.file, synthetic: request.synthetic, holdout: request.holdout ?? null };
  const { parts, warnings } = await readParts(loaded, request.real, named);
  const files = {
    real: facts(named.real),
    synthetic: facts(named.synthetic),
    holdout: named.holdout === null ? null : facts(named.holdout),
  };
  makeFolder(request.out);
  const compute = await settleCompute(request, { datasets: [loaded.dataset], methods: [], classifiers: [], fidelity: true });
  const data = { backend: compute.name, variant: compute.variant, datasets: [], setting: null };
  const task: AuditTask = { parts, sensitive: request.sensitive ?? null, seed: request.seed };
  const audit = await runTask<AuditTask, Audit>('audit', task, data, request.signal, request.onProgress);
  const said = [...warningsOf(loaded), ...warnings];
  writeWhole(join(request.out, 'audit.json'), `${JSON.stringify({ ...audit, files, notes: said }, finite, 1)}\n`);
  const page = join(request.out, 'audit.html');
  writeWhole(page, renderAudit(audit, files, said, newDocument()));
  return { audit, page, warnings: said };
}

const facts = (file: string): NonNullable<AuditFiles['holdout']> => ({
  name: basename(file),
  sha256: fingerprint(file).sha256,
});

/** What is undefined is null: JSON knows no NaN. */
const finite = (_key: string, value: unknown): unknown => (typeof value === 'number' && !Number.isFinite(value) ? null : value);
