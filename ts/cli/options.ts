/** Options that several commands share, and how their texts become values. */
import { type Command, InvalidArgumentError, Option } from 'commander';
import type { BackendChoice } from '../backend/select.js';
import type { FileRequest } from '../node/datasets.js';
import { CENSORED, type Censored } from '../table/schema.js';

export interface TableOptions {
  readonly target?: string;
  readonly positive?: string;
  readonly group?: string;
  readonly schema?: string;
  readonly exclude?: readonly string[];
  readonly missing?: readonly string[];
  readonly censored?: Censored;
  readonly encoding?: string;
  readonly headerLine?: number;
}

export interface ComputeOptions {
  readonly seed: number;
  readonly backend: BackendChoice;
  readonly fast: boolean;
}

/** Adds `--target` and its companions. A schema may name them too, so none is mandatory. */
export function withTable(command: Command): Command {
  return command
    .option('--target <column>', 'column that is predicted; it has two values')
    .option('--positive <value>', 'value of the target that counts as positive (default: the rarer one)')
    .option('--group <column>', 'column of patients (or other groups) whose rows are never split apart; not learnt from')
    .option('--schema <file>', 'JSON file that declares columns; "inspect --schema-out" writes one to edit')
    .option('--exclude <columns...>', 'columns to leave out of the learning, separated by commas', list)
    .option('--missing <codes...>', 'cells that mean "missing": 999 in every column, sbp=-9,999 in one')
    .addOption(new Option('--censored <how>', 'what cells such as "<0.3" are read as').choices(CENSORED))
    .option('--encoding <name>', 'how the file is written, where that is not UTF-8: latin1, utf-16 …')
    .addOption(new Option('--header-line <number>', 'line on which the header stands; what is above it is left out').argParser(integer(1)));
}

/** Adds `--seed`, `--backend` and `--fast`. */
export function withCompute(command: Command): Command {
  return command
    .option('--seed <number>', 'the same seed gives the same bytes', integer(0), 1)
    .addOption(
      new Option('--backend <name>', 'where to compute; auto takes a GPU where a short trial says that it wins')
        .choices(['wasm', 'gpu', 'auto'])
        .default('wasm'),
    )
    .option('--fast', 'relaxed SIMD: faster, but last digits depend on the machine', false);
}

/** Where the options say to compute; what came of it goes to stderr. */
export const computeOf = ({ backend, fast }: ComputeOptions) => ({
  backend,
  variant: fast ? ('relaxed' as const) : ('simd' as const),
  onBackend: (words: string) => process.stderr.write(`backend: ${words}\n`),
});

export const fileRequest = (file: string, options: TableOptions): FileRequest => ({
  file,
  target: options.target,
  positive: options.positive,
  group: options.group,
  schema: options.schema,
  exclude: options.exclude ?? [],
  missing: options.missing,
  censored: options.censored,
  encoding: options.encoding,
  headerLine: options.headerLine,
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
