/** Classifiers as the library's users hold them. Dimensions: N rows. */

import type { Backend } from '../backend/backend.js';
import { type OpenedClassifier, openClassifier, saveClassifier } from '../classifier-model.js';
import { type BoostingSettings, boosting } from '../classify/boosting.js';
import { type Classifier, type ClassifierCodec, classifierStream, type FittedClassifier } from '../classify/classifier.js';
import { boostingCodec, forestCodec } from '../classify/classifier-codec.js';
import { type ForestSettings, forest } from '../classify/forest.js';
import { fitFeatures } from '../encode/features.js';
import { InputError, throwIfAborted } from '../errors.js';
import { outlinedFeatures, outlineOf, schemaAlike } from '../table/outline.js';
import type { Schema } from '../table/schema.js';
import { type Table as Data, takeRows } from '../table/table.js';
import { newBackend } from './core.js';
import { isForeign } from './exchange.js';
import { checkKnown, checkSeed, DEFAULT_SEED, datasetOf, type JobOptions, type OpenOptions, type RoleOptions } from './roles.js';
import type { Table } from './table.js';

/** What a classifier's fit is told beside the options of its method. */
export interface ClassifierFitOptions extends RoleOptions, JobOptions {
  /** Weight of a row of the positive class, that of others being 1. @defaultValue 1 */
  readonly positiveWeight?: number;
  /** Told of each tree: how many there are, and how many there will be. */
  readonly onProgress?: (done: number, total: number) => void;
}

/** A classifier that has learnt. */
export interface ClassifierModel {
  readonly method: string;
  /** `negative` is null where a file does not tell it. */
  readonly target: OpenedClassifier['target'];
  readonly warnings: readonly string[];
  /**
   * Probability of the positive class for each row; (N). The table has the columns that were learnt from, in any order.
   *
   * @throws {InputError} for a column that is missing or of another kind.
   * @throws {CancelledError} when `signal` was aborted.
   */
  predictProbability(table: Table, options?: Pick<JobOptions, 'signal'>): Promise<Float32Array>;
  /**
   * How a table must be read to be predicted: its columns by the kinds and levels that were learnt, for the `schema` of {@link Table.fromCsv}.
   * Further cells that mean "missing", units, and what is said of the file are taken from `declared`.
   */
  schema(declared?: Schema): Schema;
  /**
   * The classifier as the bytes of a file (safetensors, docs/formats.md), from which {@link ClassifierMethod.open} makes one that predicts
   * the very same numbers.
   */
  save(): Uint8Array;
  /** What such a file holds of the real patients, as a sentence. */
  holds(): string;
}

/** A classifier: it learns from a table, or comes out of a file. */
export interface ClassifierMethod<Options extends object> {
  readonly method: string;
  readonly defaults: Options;
  /**
   * Learns from a table: what the outcome is, and options of the method.
   *
   * @throws {InputError} for columns that are not there, options out of range, one class only.
   * @throws {CancelledError} when `signal` was aborted.
   */
  fit(table: Table, options: ClassifierFitOptions & Partial<Options>): Promise<ClassifierModel>;
  /**
   * The classifier of a file that `save` has written; {@link Boosting} also opens JSON of XGBoost.
   *
   * @throws {InputError} for bytes that are no whole model file, and for a model of another method.
   * @throws {CancelledError} when `signal` was aborted.
   */
  open(bytes: Uint8Array, options?: OpenOptions): Promise<ClassifierModel>;
}

function methodOf<Options extends object, Fitted extends FittedClassifier>(
  classifier: Classifier<Options, Fitted>,
  codec: ClassifierCodec<Fitted>,
): ClassifierMethod<Options> {
  const { name, defaults } = classifier;
  return {
    method: name,
    defaults,
    async fit(table, options) {
      const { target, positive, group, exclude, seed = DEFAULT_SEED, signal, onProgress, positiveWeight, ...changed } = options;
      checkKnown(name, changed, defaults);
      const data = datasetOf(table, { target, positive, group, exclude });
      const encoder = fitFeatures(data.features);
      const stream = classifierStream(checkSeed(seed), name);
      const run = { backend: await newBackend(), signal, onProgress };
      const settings = { ...changed, ...(positiveWeight !== undefined && { positiveWeight }) } as Partial<Options>;
      const fitted = await classifier.fit(encoder.features(data.features), data.y, stream, run, settings);
      const outline = outlineOf(table.data, data.features, { target, group: null }).filter(({ role }) => role !== 'left out');
      const rowless = { ...data, features: takeRows(data.features, []), group: null }; // no patient stays with the model
      const { warnings } = data;
      const light = codec.on(fitted, await newBackend()); // the fit's memory goes
      const on = (backend: Backend) => codec.on(light, backend);
      const save = () => saveClassifier(codec.save(light, encoder), rowless, { seed, warnings, outline });
      return modelOf(
        { method: name, target: data.target, warnings, on, encoder, outline, features: outlinedFeatures(outline), holds: codec.holds },
        save,
      );
    },
    async open(bytes, { signal, name: file = 'the model file' } = {}) {
      throwIfAborted(signal);
      const backend = await newBackend();
      const opened = isForeign(bytes)
        ? (await import('../exchange.js')).openAnyClassifier(bytes, backend, file)
        : openClassifier(bytes, backend, file);
      throwIfAborted(signal);
      if (opened.method !== name) {
        throw new InputError(`${file} holds a classifier of the method ${opened.method}, not ${name}; open it with that method`);
      }
      return modelOf(opened, () => bytes.slice());
    },
  };
}

function modelOf(
  known: Pick<OpenedClassifier, 'method' | 'target' | 'warnings' | 'on' | 'encoder' | 'outline' | 'features' | 'holds'>,
  save: () => Uint8Array,
): ClassifierModel {
  const { method, target, warnings, on, encoder, outline, features, holds } = known;
  return {
    method,
    target,
    warnings,
    async predictProbability(table, { signal } = {}) {
      throwIfAborted(signal);
      return on(await newBackend()).predict(encoder.features(alike(table, features)), { signal });
    },
    schema: (declared) => schemaAlike(outline, declared),
    save,
    holds: () => holds,
  };
}

/** The columns of `learnt` from another table. */
function alike(table: Table, learnt: Data): Data {
  const byName = new Map(table.data.columns.map((column) => [column.name, column]));
  const columns = learnt.columns.map((like) => {
    const column = byName.get(like.name);
    if (!column) throw new InputError(`${table.name}: there is no column "${like.name}", which was learnt from; give a table with it`);
    const numbers = (kind: string) => kind === 'numeric' || kind === 'integer';
    if (numbers(column.kind) !== numbers(like.kind) || column.kind === 'text') {
      throw new InputError(
        `${table.name}: column "${like.name}" is ${column.kind}, but was ${like.kind} when it was learnt; read the table by the schema that the model’s schema() gives`,
      );
    }
    return column;
  });
  return { rows: table.rows, columns };
}

/** Random forest (Breiman, Machine Learning 45, 2001), see {@link forest}. */
export const RandomForest: ClassifierMethod<ForestSettings> = methodOf(forest, forestCodec);
/** Histogram gradient boosting (Chen & Guestrin, KDD 2016), see {@link boosting}. */
export const Boosting: ClassifierMethod<BoostingSettings> = methodOf(boosting, boostingCodec);
