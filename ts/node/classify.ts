/** `classify`: learns from one table, or opens a model, and predicts the rows of another. */
import { resolve } from 'node:path';
import { wasmBackend } from '../backend/select.js';
import type { OpenedClassifier } from '../classifier-model.js';
import { InputError } from '../errors.js';
import { checkFormat, exportModel, formatOf, openAnyClassifier } from '../exchange.js';
import { tableOfCells } from '../table/csv.js';
import { type OutlineColumn, outlinedFeatures, outlineOf, schemaAlike } from '../table/outline.js';
import type { Column, Table } from '../table/table.js';
import { type ComputeRequest, settleCompute } from './compute.js';
import { cellsOf, declaredOf, type FileRequest, loadTable, warningsOf } from './datasets.js';
import { checkWritable, readBytes, refuseOverwrite, writeWhole } from './files.js';
import { runTask } from './pool.js';
import { checkVariant } from './variant.js';
import type { Predicted, PredictTask } from './worker.js';
import { writeTable } from './write-table.js';

/** What is to be learnt and predicted, and where it goes. */
export interface ClassifyRequest extends ComputeRequest {
  /** What is learnt from, by which classifier; or the file of one. */
  readonly by: { readonly train: FileRequest; readonly classifier: string } | { readonly model: string };
  /** Rows to predict; may be left out where the classifier is to be kept. */
  readonly test?: FileRequest | undefined;
  readonly seed: number;
  readonly out?: string | undefined;
  /** Where the classifier goes: XGBoost's format by the ending .json, ONNX by .onnx, else our own. */
  readonly modelOut?: string | undefined;
}

/** What came of {@link classifyFile}. */
export interface ClassifyOutcome {
  readonly classifier: string;
  /** Rows that were learnt from; null where the classifier came from a file. */
  readonly trained: number | null;
  readonly predicted: number | null;
  readonly target: string;
  readonly positive: string;
  readonly warnings: readonly string[];
}

/**
 * Learns from a table, or opens a classifier, and writes predictions, the classifier, or both.
 *
 * @throws {InputError} for files and roles that do not fit.
 */
export async function classifyFile(request: ClassifyRequest): Promise<ClassifyOutcome> {
  const { by, test, out, modelOut } = request;
  const inputs = ['model' in by ? by.model : by.train.file, ...(test === undefined ? [] : [test.file])];
  if (out === undefined && modelOut === undefined) throw new InputError('"--out" expected a file for the predictions, got none');
  if ((test === undefined) !== (out === undefined))
    throw new InputError('"--test" and "--out" belong together: the rows to predict, and where the predictions go; give both');
  for (const [file, option] of [[out, '--out'] as const, [modelOut, '--model-out'] as const]) {
    if (file === undefined) continue;
    refuseOverwrite(file, inputs, option);
    checkWritable(file);
  }
  if (out !== undefined && modelOut !== undefined && resolve(out) === resolve(modelOut))
    throw new InputError(`"--model-out" expected another file than --out, got ${modelOut}`);
  if ('model' in by) return predictBy(by.model, request);

  const { train, classifier } = by;
  if (modelOut !== undefined) checkFormat(classifier, formatOf(modelOut));
  const loaded = await loadTable(train);
  const { table, dataset, roles } = loaded;
  const outline = outlineOf(table, dataset.features, roles);
  const rows = test === undefined ? null : await readAlike(test, outline);
  const kept = modelOut === undefined ? undefined : outline;
  const task: PredictTask = { classifier, test: rows, seed: request.seed, outline: kept, warnings: dataset.warnings };
  const compute = await settleCompute(request, { datasets: [dataset], methods: [], classifiers: [classifier], fidelity: false });
  const data = { backend: compute.name, variant: compute.variant, datasets: [dataset], setting: null };
  const { probability, model } = await runTask<PredictTask, Predicted>('predict', task, data, request.signal);
  if (modelOut !== undefined && model) await writeModelFile(modelOut, model.bytes);
  if (out !== undefined && probability) await writePredictions(out, probability);
  return {
    classifier,
    trained: dataset.y.length,
    predicted: rows === null ? null : rows.rows,
    target: roles.target,
    positive: dataset.target.positive,
    warnings: [...warningsOf(loaded), ...(model ? [`${modelOut} holds ${model.holds}`] : [])],
  };
}

/** Predicts by the classifier of a file, in the main thread: trees take milliseconds. */
async function predictBy(file: string, { test, out, modelOut, variant }: ClassifyRequest): Promise<ClassifyOutcome> {
  if (modelOut !== undefined) throw new InputError('"--model-out" expected a classifier that is learnt here; to rewrite a file use export');
  await checkVariant(variant);
  const opened: OpenedClassifier = openAnyClassifier(readBytes(file), await wasmBackend(variant), file);
  const rows = await readAlike(test as FileRequest, opened.outline);
  await writePredictions(out as string, await opened.fitted.predict(opened.encoder.features(rows)));
  const { column, positive } = opened.target;
  return {
    classifier: opened.method,
    trained: null,
    predicted: rows.rows,
    target: column,
    positive,
    warnings: opened.warnings.map((warning) => `${file}: ${warning}`),
  };
}

/** Writes the bytes of a model file in the format that the name's ending tells. */
async function writeModelFile(out: string, bytes: Uint8Array): Promise<void> {
  const format = formatOf(out);
  writeWhole(out, format === null ? bytes : await exportModel(bytes, format, await wasmBackend()));
}

function writePredictions(out: string, probability: Float32Array): Promise<void> {
  const rows = { name: 'row', kind: 'integer' as const, values: Float64Array.from(probability.keys()), decimals: 0 };
  const chance = { name: 'probability', kind: 'numeric' as const, values: Float64Array.from(probability), decimals: -1 };
  return writeTable(out, { rows: probability.length, columns: [rows, chance] });
}

/** The features of another file, read as they were in the table that was learnt from, in its order. */
async function readAlike(request: FileRequest, outline: readonly OutlineColumn[]): Promise<Table> {
  const { file } = request;
  const alike = schemaAlike(outline, declaredOf(request).schema);
  const table = tableOfCells(await cellsOf(file, alike), alike);
  const byName = new Map(table.columns.map((column) => [column.name, column]));
  return { rows: table.rows, columns: outlinedFeatures(outline).columns.map(({ name }) => byName.get(name) as Column) };
}
