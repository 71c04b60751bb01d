/** `augment`: a table in, the same table with synthetic minority rows out. */
import { resolve } from 'node:path';
import { InputError } from '../errors.js';
import { rowsForRatio } from '../generate/amount.js';
import { type Amount, balanceTargets, balanceWarnings, rowsByGroup } from '../generate/balanced.js';
import { type Acceptance, acceptanceWords } from '../generate/constrained.js';
import type { Generator, Progress } from '../generate/generator.js';
import { methodOf } from '../study/methods.js';
import { augmentedTable, checkMark, syntheticTable } from '../table/augmented.js';
import { tooFew } from '../table/dataset.js';
import { outlineOf } from '../table/outline.js';
import type { Dataset } from '../table/table.js';
import { type ComputeRequest, settleCompute } from './compute.js';
import { type FileRequest, type LoadedFile, loadTable, warningsOf } from './datasets.js';
import { evidenceFiles } from './evidence-files.js';
import { checkWritable, makeFolder, refuseOverwrite, writeWhole } from './files.js';
import { runTask } from './pool.js';
import type { Drawn, DrawTask, Fitted } from './worker.js';
import { writeTable } from './write-table.js';

/** What is to be augmented, by which method, and where it goes. */
export interface AugmentRequest extends ComputeRequest {
  readonly table: FileRequest;
  readonly method: string;
  /** Minority ÷ majority to reach, or the number of rows to add. */
  readonly amount: Amount;
  /** Columns whose groups each reach the ratio. */
  readonly balance?: readonly string[] | undefined;
  readonly onlySynthetic: boolean;
  readonly seed: number;
  readonly out: string;
  /** Where the model goes, for `sample`. */
  readonly modelOut?: string | undefined;
  /** Folder of the run's evidence. */
  readonly evidence?: string | undefined;
  /** Told of steps done, and of how many there are; of training also the loss. */
  readonly onProgress?: ((progress: Progress) => void) | undefined;
}

/** What came of {@link augmentFile}. */
export interface AugmentOutcome {
  /** Rows of the table that was read, and of them those with the positive value and the others. */
  readonly rows: number;
  readonly positives: number;
  readonly negatives: number;
  /** Synthetic rows. */
  readonly added: number;
  readonly target: string;
  readonly positive: string;
  readonly warnings: readonly string[];
}

/**
 * Learns from a table's file and writes the table with synthetic minority rows, or those alone; on request also the model and the evidence.
 * Nothing is left half-written.
 *
 * @throws {InputError} for files, roles and methods that do not fit.
 * @throws {ComputeError} where the method has no usable result, or memory is used up.
 * @throws {CancelledError} when `signal` was aborted.
 */
export async function augmentFile(request: AugmentRequest): Promise<AugmentOutcome> {
  const { file } = request.table;
  const { modelOut } = request;
  refuseOverwrite(request.out, [file]);
  checkWritable(request.out);
  if (modelOut !== undefined) {
    refuseOverwrite(modelOut, [file], '--model-out');
    if (resolve(modelOut) === resolve(request.out)) throw new InputError(`"--model-out" expected another file than --out, got ${modelOut}`);
    checkWritable(modelOut);
  }
  if (request.evidence !== undefined) checkEvidenceFolder(request.evidence, request);
  const loaded = await loadTable(request.table);
  const { table, dataset, roles } = loaded;
  if (!request.onlySynthetic) checkMark(table, file, 'write the new rows alone with --only-synthetic');
  const positives = dataset.y.reduce((sum, y) => sum + y, 0);
  const negatives = dataset.y.length - positives;
  checkEnough(request.method, positives, loaded, file);
  const what = `with ${roles.target} = ${dataset.target.positive}`;
  const balance = request.balance && balanceTargets(dataset, request.balance, request.amount);
  const added = balance ? balance.groups.reduce((sum, { rows }) => sum + rows, 0) : amountOf(request.amount, negatives, positives);
  if (added === 0) {
    throw new InputError(
      `${file}: ${positives} rows ${what} to ${negatives} others reach that ratio already; give a larger --ratio, or --count`,
    );
  }
  const outline = modelOut === undefined ? undefined : outlineOf(table, dataset.features, roles);
  const task: DrawTask = { method: request.method, rows: added, seed: request.seed, outline, balance };
  const compute = await settleCompute(request, { datasets: [dataset], methods: [request.method], classifiers: [], fidelity: false });
  const data = { backend: compute.name, variant: compute.variant, datasets: [dataset], setting: null };
  const drawn = await runTask<DrawTask, Drawn>('draw', task, data, request.signal, request.onProgress);
  const settled = { target: roles.target, positive: dataset.target.positive, group: roles.group };
  const result = request.onlySynthetic ? syntheticTable(table, drawn.table, settled) : augmentedTable(table, drawn.table, settled);
  if (modelOut !== undefined && drawn.model) writeWhole(modelOut, drawn.model.bytes);
  await writeTable(request.out, result);
  const warnings = [
    ...warningsOf(loaded),
    ...fitWarnings(request.method, drawn, modelOut),
    ...acceptanceOf(dataset, drawn.acceptance),
    ...(balance ? balanceWarnings(balance) : []),
  ];
  if (request.evidence !== undefined) {
    const { writeEvidence } = await import('./evidence.js');
    const { defaults: options } = generatorOf(request.method);
    const groups = balance && { ...balance, drawn: rowsByGroup(drawn.table, balance) };
    const holds = drawn.model?.holds ?? null;
    await writeEvidence(request.evidence, { request, loaded, compute, options, balance: groups, added, holds, warnings });
  }
  return {
    rows: table.rows,
    positives,
    negatives,
    added,
    target: roles.target,
    positive: dataset.target.positive,
    warnings,
  };
}

const amountOf = (amount: Amount, negatives: number, positives: number): number =>
  'count' in amount ? amount.count : rowsForRatio(negatives, positives, amount.ratio);

/** Throws {@link InputError} where the evidence could not be written, or would take the place of another file of the run. */
function checkEvidenceFolder(folder: string, { table, out, modelOut }: AugmentRequest): void {
  makeFolder(folder);
  const others = [table.file, out, table.schema, modelOut].filter((file) => file !== undefined);
  for (const file of evidenceFiles(folder)) {
    refuseOverwrite(file, others, '--evidence');
    checkWritable(file);
  }
}

/** How many rows held, where the schema has constraints, or ranges that some rows missed. */
const acceptanceOf = ({ constraints = [] }: Dataset, acceptance: Acceptance | null): string[] => {
  if (acceptance === null) return [];
  const asked = constraints.some(({ kind }) => kind !== 'range');
  return asked || acceptance.accepted < acceptance.drawn ? [acceptanceWords(acceptance)] : [];
};

/** What the reader should know of a fit, and of the model's file where there is one. */
export const fitWarnings = (method: string, { warnings, model }: Fitted, modelOut: string | undefined): string[] => [
  ...warnings.map((warning) => `${method}: ${warning}`),
  ...(model === null ? [] : [`${modelOut} holds ${model.holds}`]),
];

/** Throws {@link InputError} where a method would have too few rows to learn from. */
export function checkEnough(method: string, positives: number, { dataset: { target } }: LoadedFile, file: string): void {
  const { minMinority } = generatorOf(method);
  if (positives < 2) throw new InputError(tooFew(file, target.column, target.positive, positives, Math.max(2, minMinority)));
  if (positives >= minMinority) return;
  throw new InputError(
    `${file}: method "${method}" needs at least ${minMinority} rows with ${target.column} = ${target.positive}, got ${positives}; add such rows or choose another`,
  );
}

/** Throws {@link InputError} for a method that makes no rows. */
export function generatorOf(name: string): Generator {
  const { generator } = methodOf(name);
  if (!generator) throw new InputError(`"method" expected one that makes rows, got ${name}`);
  return generator;
}
