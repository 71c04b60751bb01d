/** Evidence of a run of `augment` as files, and their verification. */
import { dirname, relative, resolve, sep } from 'node:path';
import {
  auditOf,
  checkEvidence,
  type Evidence,
  type EvidenceBalance,
  type EvidenceColumn,
  type EvidenceFile,
  type EvidenceRun,
  evidenceOf,
  evidenceText,
  headOf,
  withPage,
} from '../audit/evidence.js';
import { InputError } from '../errors.js';
import type { BalanceTargets } from '../generate/balanced.js';
import { renderEvidence } from '../report/evidence.js';
import { type Column, isLevelColumn, isNumberColumn } from '../table/table.js';
import { VERSION } from '../version.js';
import type { AugmentRequest } from './augment.js';
import type { Compute } from './compute.js';
import type { LoadedFile } from './datasets.js';
import { evidenceFiles } from './evidence-files.js';
import { fingerprint, readBytes, writeWhole } from './files.js';

/** What a run came to, for its evidence. */
export interface Augmented {
  readonly request: AugmentRequest;
  readonly loaded: LoadedFile;
  readonly compute: Compute;
  readonly options: object;
  /** What the rows were balanced by, and how many were drawn of each group. */
  readonly balance: (BalanceTargets & { readonly drawn: readonly number[] }) | undefined;
  readonly added: number;
  readonly holds: string | null;
  readonly warnings: readonly string[];
}

/** Writes evidence.json and evidence.html of a run whose files are written. */
export async function writeEvidence(folder: string, augmented: Augmented): Promise<void> {
  await writeBoth(folder, await evidenceOf(runOf(folder, augmented), null));
}

/** Writes the page and then the text, which has the page's checksum; the evidence as it is then. */
async function writeBoth(folder: string, evidence: Evidence): Promise<Evidence> {
  const [text, page] = evidenceFiles(folder);
  writeWhole(page, renderEvidence(evidence));
  const whole = await withPage(evidence, fileOf(folder, page));
  writeWhole(text, evidenceText(whole));
  return whole;
}

const balanceOf = ({ columns, groups, drawn }: NonNullable<Augmented['balance']>): EvidenceBalance => ({
  columns,
  groups: groups.map(({ levels, negatives, positives, rows }, g) => ({
    levels,
    negatives,
    positives,
    asked: rows,
    drawn: drawn[g] as number,
  })),
});

function runOf(folder: string, { request, loaded, compute, options, balance, added, holds, warnings }: Augmented): EvidenceRun {
  const { table, dataset, roles, simulated } = loaded;
  const { schema, missing, censored, encoding, headerLine } = request.table;
  const positives = dataset.y.reduce((sum, y) => sum + y, 0);
  const learnt = new Set(dataset.features.columns.map(({ name }) => name));
  const roleOf = (name: string): EvidenceColumn['role'] =>
    name === roles.group ? 'group' : name === roles.target ? 'target' : learnt.has(name) ? 'feature' : 'left out';
  return {
    command: 'augment',
    version: VERSION,
    created: new Date().toISOString(),
    engine: `node ${process.versions.node}`,
    input: { ...fileOf(folder, request.table.file), sha256: loaded.sha256, rows: table.rows, positives, simulated },
    schema: schema === undefined ? null : fileOf(folder, schema),
    reading: { exclude: roles.exclude, missing, censored, encoding, header_line: headerLine },
    columns: table.columns.map((column) => ({
      name: column.name,
      role: roleOf(column.name),
      kind: column.kind,
      missing: missingCells(column),
    })),
    target: roles.target,
    positive: dataset.target.positive,
    group: roles.group,
    method: request.method,
    options,
    seed: request.seed,
    backend: compute.name,
    variant: compute.variant,
    device: compute.device,
    asked: request.amount,
    balance: balance ? balanceOf(balance) : null,
    added,
    only_synthetic: request.onlySynthetic,
    constraints: dataset.constraints?.length ?? 0,
    holds,
    model: holds === null || request.modelOut === undefined ? null : fileOf(folder, request.modelOut),
    output: fileOf(folder, request.out),
    warnings,
  };
}

function missingCells(column: Column): number {
  if (isNumberColumn(column)) return column.values.reduce((count, value) => count + (Number.isNaN(value) ? 1 : 0), 0);
  if (isLevelColumn(column)) return column.codes.reduce((count, code) => count + (code < 0 ? 1 : 0), 0);
  return column.texts.reduce((count, text) => count + (text === '' ? 1 : 0), 0);
}

const fileOf = (folder: string, file: string): EvidenceFile => ({ file: from(folder, file), ...fingerprint(file) });

/** The same on every system. */
const from = (folder: string, file: string): string => relative(resolve(folder), resolve(file)).split(sep).join('/');

export interface Verified {
  readonly files: number;
  readonly head: string;
  readonly audit: Evidence['audit'];
}

/** Recomputes the chain of an evidence file; with `audit` its verdict is then added, and both files are written anew. */
export async function verifyFile(file: string, audit?: string): Promise<Verified> {
  const folder = dirname(file);
  const bytes = readBytes(file);
  const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
  if (!Buffer.from(text).equals(bytes)) throw new InputError(`${file} does not hold: its text is no UTF-8; take the originals`);
  let evidence = await checkEvidence(text, file, (named) => readBytes(resolve(folder, named)));
  if (audit !== undefined) {
    const verdict = { ...(await auditOf(readBytes(audit), audit, evidence)), file: from(folder, audit) };
    evidence = await writeBoth(folder, await evidenceOf(evidence.run, verdict));
  }
  return { files: evidence.chain.filter((link) => link.file !== null).length, head: headOf(evidence), audit: evidence.audit };
}
