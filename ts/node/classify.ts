/** `classify`: learns from one table and predicts the rows of another. */
import { readCsv } from '../table/csv.js';
import type { ColumnSchema } from '../table/schema.js';
import { type Column, isNumberColumn, type Table } from '../table/table.js';
import { type ComputeRequest, settleCompute } from './compute.js';
import { declaredOf, type FileRequest, loadFile, warningsOf } from './datasets.js';
import { checkWritable, readBytes, refuseOverwrite, writeWhole } from './files.js';
import { runTask } from './pool.js';
import type { PredictTask } from './worker.js';

export interface ClassifyRequest extends ComputeRequest {
  readonly train: FileRequest;
  readonly test: string;
  readonly classifier: string;
  readonly seed: number;
  readonly out: string;
}

export interface ClassifyOutcome {
  readonly trained: number;
  readonly predicted: number;
  readonly target: string;
  readonly positive: string;
  readonly warnings: readonly string[];
}

export async function classifyFile(request: ClassifyRequest): Promise<ClassifyOutcome> {
  refuseOverwrite(request.out, [request.train.file, request.test]);
  checkWritable(request.out);
  const loaded = loadFile(request.train);
  const { dataset, roles } = loaded;
  const test = readAlike(request.test, dataset.features.columns, loaded.table, request.train);
  const task: PredictTask = { classifier: request.classifier, test, seed: request.seed };
  const compute = await settleCompute(request, { datasets: [dataset], methods: [], classifiers: [request.classifier], fidelity: false });
  const data = { backend: compute.name, variant: compute.variant, datasets: [dataset], setting: null };
  const probability = await runTask<PredictTask, Float32Array>('predict', task, data, request.signal);
  const lines = Array.from(probability, (p, row) => `${row},${p}\n`);
  writeWhole(request.out, `row,probability\n${lines.join('')}`);
  return {
    trained: dataset.y.length,
    predicted: test.rows,
    target: roles.target,
    positive: dataset.target.positive,
    warnings: warningsOf(loaded),
  };
}

/**
 * The features of another file, read with the kinds that they have in the training table, in its order. Levels that the
 * training table does not have may occur.
 */
function readAlike(file: string, features: readonly Column[], train: Table, request: FileRequest): Table {
  const { schema } = declaredOf(request);
  const declared = schema.columns ?? {};
  const columns = features.map((column): [string, ColumnSchema] => {
    const { missing, unit, censored } = (Object.hasOwn(declared, column.name) && declared[column.name]) || {};
    const own = train.columns.find(({ name }) => name === column.name) as Column;
    const suspected = isNumberColumn(own) ? (own.suspected ?? []).map(String) : [];
    const rule = { missing: [...(missing ?? []), ...suspected], unit, censored };
    if (column.kind === 'ordinal') return [column.name, { ...rule, kind: 'ordinal', levels: column.levels }];
    return [column.name, { ...rule, kind: column.kind === 'binary' ? 'categorical' : column.kind }];
  });
  const { missing, censored, encoding, headerLine } = schema;
  const table = readCsv(readBytes(file), {
    file,
    schema: { columns: Object.fromEntries(columns), missing, censored, encoding, headerLine },
  });
  const byName = new Map(table.columns.map((column) => [column.name, column]));
  return { rows: table.rows, columns: features.map(({ name }) => byName.get(name) as Column) };
}
