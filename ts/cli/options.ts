/** Options that several commands share, and how their texts become values. */
import { type Command, InvalidArgumentError } from 'commander';
import type { Variant } from '../backend/backend.js';
import { InputError } from '../errors.js';
import type { FileRequest } from '../node/datasets.js';

export interface TableOptions {
  readonly target?: string;
  readonly positive?: string;
  readonly group?: string;
  readonly schema?: string;
  readonly exclude?: readonly string[];
}

export interface ComputeOptions {
  readonly seed: number;
  readonly backend: string;
  readonly fast: boolean;
}

/** Adds `--target` and its companions. A schema may name them too, so none is mandatory. */
export function withTable(command: Command): Command {
  return command
    .option('--target <column>', 'column that is predicted; it has two values')
    .option('--positive <value>', 'value of the target that counts as positive (default: the rarer one)')
    .option('--group <column>', 'column of patients (or other groups) whose rows are never split apart; not learnt from')
    .option('--schema <file>', 'JSON file that declares column types')
    .option('--exclude <columns...>', 'columns to leave out of the learning, separated by commas', list);
}

/** Adds `--seed`, `--backend` and `--fast`. */
export function withCompute(command: Command): Command {
  return command
    .option('--seed <number>', 'the same seed gives the same bytes', integer(0), 1)
    .option('--backend <name>', 'where to compute: wasm', 'wasm')
    .option('--fast', 'relaxed SIMD: faster, but last digits depend on the machine', false);
}

/** The core's variant that the options ask for. Throws {@link InputError} for a backend that there is not. */
export function variantOf({ backend, fast }: ComputeOptions): Variant {
  if (backend !== 'wasm') throw new InputError(`"--backend" expected wasm, the only backend of this version, got ${backend}`);
  return fast ? 'relaxed' : 'simd';
}

export const fileRequest = (file: string, options: TableOptions): FileRequest => ({
  file,
  target: options.target,
  positive: options.positive,
  group: options.group,
  schema: options.schema,
  exclude: options.exclude ?? [],
});

/** Names separated by commas, by spaces, or both: an option's further words arrive with what came before. */
export function list(text: string, before: readonly string[] = []): string[] {
  const items = text
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');
  if (items.length === 0) throw new InvalidArgumentError('Expected names separated by commas.');
  return [...new Set([...before, ...items])];
}

export function integer(min: number, max = Number.MAX_SAFE_INTEGER): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!/^\d+$/.test(text) || value < min || value > max) {
      const range = max === Number.MAX_SAFE_INTEGER ? `of at least ${min}` : `in ${min}..${max}`;
      throw new InvalidArgumentError(`Expected a whole number ${range}.`);
    }
    return value;
  };
}

/** Minority ÷ majority. */
export function ratio(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !(value > 0 && value <= 100)) {
    throw new InvalidArgumentError('Expected a number above 0 and up to 100, such as 1 or 0.25.');
  }
  return value;
}

export const ratios = (text: string, before: readonly number[] = []): number[] => [...new Set([...before, ...list(text).map(ratio)])];
