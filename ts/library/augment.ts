/** From a table to the balanced one, in one call. */
import { InputError } from '../errors.js';
import { rowsForRatio } from '../generate/amount.js';
import { augmentedTable, checkMark } from '../table/augmented.js';
import { type AnyMethod, type FitOptions, type GeneratorModel, generatorMethods, type SampleOptions, TabDDPM } from './generators.js';
import { checkCount, datasetOf } from './roles.js';
import { Table } from './table.js';

/** What {@link augment} is told: the roles of the columns, the method and its options, and how many rows. */
export interface AugmentOptions extends FitOptions {
  /** A method or its name; by default {@link TabDDPM}. */
  readonly method?: AnyMethod | string;
  /** Minority ÷ majority to reach; less keeps average precision and calibration better. @defaultValue 1 */
  readonly ratio?: number;
  /** Or the number of rows to add, which then counts instead of the ratio. */
  readonly count?: number;
  /** Options of the method, where they are not its defaults. */
  readonly options?: object;
  /** How a diffusion model draws. */
  readonly sampling?: Pick<SampleOptions, 'steps' | 'sampler' | 'eta'>;
}

/** What {@link augment} resolves to. */
export interface Augmentation {
  /** All rows of the table, then the synthetic ones, with a last column `synthetic` (0 or 1). */
  readonly table: Table;
  /** How many rows were added. */
  readonly added: number;
  /** What whoever uses the rows should know, as sentences. */
  readonly warnings: readonly string[];
  /** What drew the rows. */
  readonly model: GeneratorModel;
}

/**
 * Adds synthetic minority rows to a table: {@link GeneratorMethod.fit}, then as many rows as the ratio wants.
 *
 * @throws {InputError} for an unknown method, a count that is no whole number from 1 on, a table with a column `synthetic`, and where the ratio
 * is reached already.
 * @throws also as `fit` and `sample` of the method do.
 */
export async function augment(table: Table, options: AugmentOptions): Promise<Augmentation> {
  const { method = TabDDPM, ratio = 1, count, options: own = {}, sampling = {}, ...fit } = options;
  checkMark(table.data, table.name, 'draw the new rows alone with `sample`');
  const { y } = datasetOf(table, fit);
  const positives = y.reduce((sum, label) => sum + label, 0);
  const rows = count !== undefined ? checkCount('count', count) : rowsForRatio(y.length - positives, positives, ratio);
  if (rows === 0)
    throw new InputError(
      `"ratio" expected more than the ${(positives / (y.length - positives)).toFixed(2)} that there is already, got ${ratio}`,
    );
  const model = await chosen(method).fit(table, { ...own, ...fit });
  const { seed, signal, onProgress } = fit;
  const drawn = await model.sample(rows, { ...sampling, seed, signal, onProgress });
  const roles = { target: model.target.column, positive: model.target.positive, group: fit.group ?? null };
  return { table: new Table(augmentedTable(table.data, drawn.data, roles), table.name), added: rows, warnings: model.warnings, model };
}

function chosen(method: AnyMethod | string): AnyMethod {
  if (typeof method !== 'string') return method;
  const found = generatorMethods.find((one) => one.method === method);
  if (found) return found;
  throw new InputError(`"method" expected one of ${generatorMethods.map((one) => one.method).join(', ')}, got ${method}`);
}
