/** What callers say about a table's columns, settled: a data set to learn from, and what synthetic rows get in the other columns. */
import { InputError } from '../errors.js';
import { type ReadDataset, toDataset } from '../table/dataset.js';
import type { Table } from './table.js';

/** What the columns of a table are for. */
export interface RoleOptions {
  /** Column of the outcome. */
  readonly target: string;
  /** Its value in the rare class; without it the rarer one. */
  readonly positive?: string | number | boolean | undefined;
  /** Column whose rows belong together (a patient's). */
  readonly group?: string | undefined;
  /** Columns that are not learnt from. */
  readonly exclude?: readonly string[] | undefined;
}

/** What every job takes. */
export interface JobOptions {
  /** All random numbers come from it; a whole number from 0 on. The same seed gives the same bytes. @defaultValue 1 */
  readonly seed?: number | undefined;
  /** Stops the job, which then throws {@link CancelledError}. */
  readonly signal?: AbortSignal | undefined;
}

/** How a model file is opened. */
export interface OpenOptions extends Pick<JobOptions, 'signal'> {
  /** What messages call the file. */
  readonly name?: string | undefined;
}

export const DEFAULT_SEED = 1;

export function checkSeed(seed: number): number {
  if (!Number.isSafeInteger(seed) || seed < 0) throw new InputError(`"seed" expected a whole number from 0 on, got ${seed}`);
  return seed;
}

/** Throws {@link InputError} for an option that a method has not; `defaults` has all of them. */
export function checkKnown(method: string, changed: object, defaults: object): void {
  const unknown = Object.keys(changed).find((name) => !Object.hasOwn(defaults, name));
  if (unknown === undefined) return;
  const own = Object.keys(defaults);
  throw new InputError(`"${unknown}" is no option of ${method}; it has ${own.length > 0 ? own.join(', ') : 'none of its own'}`);
}

export function checkCount(name: string, count: number): number {
  if (!Number.isSafeInteger(count) || count < 1) throw new InputError(`"${name}" expected a whole number from 1 on, got ${count}`);
  return count;
}

export function datasetOf(table: Table, { target, positive, group, exclude }: RoleOptions): ReadDataset {
  if (typeof target !== 'string') throw new InputError(`"target" expected the name of a column, got ${String(target)}`);
  return toDataset(table.data, {
    name: table.name,
    target,
    positive: positive === undefined ? undefined : String(positive),
    group,
    exclude,
  });
}
