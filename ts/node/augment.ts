/** `augment`: a table in, the same table with synthetic minority rows out. */
import { resolve } from 'node:path';
import { InputError } from '../errors.js';
import { rowsForRatio } from '../generate/amount.js';
import type { Generator, Progress } from '../generate/generator.js';
import { methodOf } from '../study/methods.js';
import { augmentedTable, checkMark, syntheticTable } from '../table/augmented.js';
import { toCsv } from '../table/csv.js';
import { type ComputeRequest, settleCompute } from './compute.js';
import { type FileRequest, loadFile, warningsOf } from './datasets.js';
import { checkWritable, writeWhole } from './files.js';
import { runTask } from './pool.js';
import type { Drawn, DrawTask } from './worker.js';

export interface AugmentRequest extends ComputeRequest {
  readonly table: FileRequest;
  readonly method: string;
  /** Minority ÷ majority to reach, or the number of rows to add. */
  readonly amount: { readonly ratio: number } | { readonly count: number };
  readonly onlySynthetic: boolean;
  readonly seed: number;
  readonly out: string;
  readonly onProgress?: ((progress: Progress) => void) | undefined;
}

export interface AugmentOutcome {
  readonly rows: number;
  readonly positives: number;
  readonly negatives: number;
  readonly added: number;
  readonly target: string;
  readonly positive: string;
  readonly warnings: readonly string[];
}

export async function augmentFile(request: AugmentRequest): Promise<AugmentOutcome> {
  const { file } = request.table;
  refuseOverwrite(request.out, [file]);
  checkWritable(request.out);
  const loaded = loadFile(request.table);
  const { table, dataset, roles } = loaded;
  if (!request.onlySynthetic) checkMark(table, file);
  const positives = dataset.y.reduce((sum, y) => sum + y, 0);
  const negatives = dataset.y.length - positives;
  const { minMinority } = generatorOf(request.method);
  const what = `with ${roles.target} = ${dataset.target.positive}`;
  if (positives < minMinority) {
    throw new InputError(
      `${file}: method "${request.method}" needs at least ${minMinority} rows ${what}, got ${positives}; add such rows or choose another`,
    );
  }
  const added = 'count' in request.amount ? request.amount.count : rowsForRatio(negatives, positives, request.amount.ratio);
  if (added === 0) {
    throw new InputError(
      `${file}: ${positives} rows ${what} to ${negatives} others reach that ratio already; give a larger --ratio, or --count`,
    );
  }
  const task: DrawTask = { method: request.method, rows: added, seed: request.seed };
  const compute = await settleCompute(request, { datasets: [dataset], methods: [request.method], classifiers: [], fidelity: false });
  const data = { backend: compute.name, variant: compute.variant, datasets: [dataset], setting: null };
  const drawn = await runTask<DrawTask, Drawn>('draw', task, data, request.signal, request.onProgress);
  const settled = { target: roles.target, positive: dataset.target.positive, group: roles.group };
  const result = request.onlySynthetic ? syntheticTable(table, drawn.table, settled) : augmentedTable(table, drawn.table, settled);
  writeWhole(request.out, toCsv(result));
  return {
    rows: table.rows,
    positives,
    negatives,
    added,
    target: roles.target,
    positive: dataset.target.positive,
    warnings: [...warningsOf(loaded), ...drawn.warnings.map((warning) => `${request.method}: ${warning}`)],
  };
}

/** Throws {@link InputError} for a method that makes no rows. */
function generatorOf(name: string): Generator {
  const { generator } = methodOf(name);
  if (!generator) throw new InputError(`"method" expected one that makes rows, got ${name}`);
  return generator;
}

/** A command never writes over what it reads. */
export function refuseOverwrite(out: string, inputs: readonly string[]): void {
  const same = inputs.find((input) => resolve(input) === resolve(out));
  if (same !== undefined) throw new InputError(`"--out" expected another file than ${same}, which is read`);
}
