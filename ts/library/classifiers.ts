/** Classifiers as the library's users hold them. Dimensions: N rows. */
import { type BoostingSettings, boosting } from '../classify/boosting.js';
import type { Classifier } from '../classify/classifier.js';
import { type ForestSettings, forest } from '../classify/forest.js';
import { fitFeatures } from '../encode/features.js';
import { InputError } from '../errors.js';
import { Stream } from '../random.js';
import { type Table as Data, type Dataset, takeRows } from '../table/table.js';
import { newBackend } from './core.js';
import { checkKnown, checkSeed, DEFAULT_SEED, datasetOf, type JobOptions, type RoleOptions } from './roles.js';
import type { Table } from './table.js';

export interface ClassifierFitOptions extends RoleOptions, JobOptions {
  /** Weight of a row of the positive class. */
  readonly positiveWeight?: number;
  readonly onProgress?: (done: number, total: number) => void;
}

export interface ClassifierModel {
  readonly method: string;
  readonly target: Dataset['target'];
  readonly warnings: readonly string[];
  /**
   * Probability of the positive class for each row; (N). The table has the columns that were learnt from, in any order.
   *
   * @throws {InputError} for a column that is missing or of another kind.
   */
  predictProbability(table: Table): Promise<Float32Array>;
}

export interface ClassifierMethod<Options extends object> {
  readonly method: string;
  readonly defaults: Options;
  /**
   * @throws {InputError} for columns that are not there, options out of range, one class only.
   * @throws {CancelledError} when `signal` was aborted.
   */
  fit(table: Table, options: ClassifierFitOptions & Partial<Options>): Promise<ClassifierModel>;
}

function methodOf<Options extends object>(classifier: Classifier<Options>): ClassifierMethod<Options> {
  const { name, defaults } = classifier;
  return {
    method: name,
    defaults,
    async fit(table, options) {
      const { target, positive, group, exclude, seed = DEFAULT_SEED, signal, onProgress, positiveWeight, ...changed } = options;
      checkKnown(name, changed, defaults);
      const data = datasetOf(table, { target, positive, group, exclude });
      const encoder = fitFeatures(data.features);
      const stream = Stream.fromSeed(checkSeed(seed)).child(name);
      const run = { backend: await newBackend(), signal, onProgress };
      const settings = { ...changed, ...(positiveWeight !== undefined && { positiveWeight }) } as Partial<Options>;
      const fitted = await classifier.fit(encoder.features(data.features), data.y, stream, run, settings);
      const learnt = takeRows(data.features, []); // no patient stays with the model
      return {
        method: name,
        target: data.target,
        warnings: data.warnings,
        predictProbability: async (rows) => fitted.predict(encoder.features(alike(rows, learnt))),
      };
    },
  };
}

/** The columns of `learnt` from another table. */
function alike(table: Table, learnt: Data): Data {
  const byName = new Map(table.data.columns.map((column) => [column.name, column]));
  const columns = learnt.columns.map((like) => {
    const column = byName.get(like.name);
    if (!column) throw new InputError(`${table.name}: there is no column "${like.name}", which was learnt from`);
    const numbers = (kind: string) => kind === 'numeric' || kind === 'integer';
    if (numbers(column.kind) !== numbers(like.kind) || column.kind === 'text') {
      throw new InputError(
        `${table.name}: column "${like.name}" is ${column.kind}, but was ${like.kind} when it was learnt; declare it in the schema`,
      );
    }
    return column;
  });
  return { rows: table.rows, columns };
}

/** Random forest (Breiman 2001). */
export const RandomForest: ClassifierMethod<ForestSettings> = methodOf(forest);
/** Histogram gradient boosting (Chen & Guestrin 2016). */
export const Boosting: ClassifierMethod<BoostingSettings> = methodOf(boosting);
