/** `synthward augment`: one table in, a balanced one out. */
import { Command, Option } from 'commander';
import { augmentFile } from '../node/augment.js';
import { methods } from '../study/methods.js';
import { printWarnings, progressLine } from './notes.js';
import { type ComputeOptions, computeOf, fileRequest, integer, list, ratio, type TableOptions, withCompute, withTable } from './options.js';

interface AugmentOptions extends TableOptions, ComputeOptions {
  readonly method: string;
  readonly ratio?: number;
  readonly count?: number;
  readonly balance?: readonly string[];
  readonly onlySynthetic?: boolean;
  readonly out: string;
  readonly modelOut?: string;
  readonly evidence?: string;
}

const generators = methods.filter(({ generator }) => generator !== null).map(({ name }) => name);

export function augmentCommand(signal: AbortSignal): Command {
  const command = new Command('augment')
    .description('Add synthetic minority rows to a table. Columns that are not learnt from stay empty in synthetic rows.')
    .argument('<file>', 'table: CSV with a header, or .parquet')
    .addOption(new Option('--method <name>', 'what makes the rows').choices(generators).default('tabddpm'));
  return withCompute(withTable(command))
    .addOption(
      new Option(
        '--ratio <number>',
        'minority ÷ majority to reach (default: 1; 0.25 keeps average precision and calibration better)',
      ).argParser(ratio),
    )
    .addOption(new Option('--count <number>', 'rows to add').argParser(integer(1, 10_000_000)).conflicts('ratio'))
    .option(
      '--balance <columns...>',
      'columns of levels (sex, race …): minority ÷ majority reaches the ratio in each of their groups',
      list,
    )
    .option('--only-synthetic', 'write the new rows alone; otherwise all rows with a column "synthetic" (0 or 1)')
    .option('--model-out <file>', 'save the model as well, for "sample"')
    .option(
      '--evidence <folder>',
      'write evidence.json and evidence.html: what was made from what, as "verify" can check, with model card and datasheet',
    )
    .requiredOption('--out <file>', 'file to write: CSV, or Parquet where its name ends with .parquet')
    .action((file: string, options: AugmentOptions) => augment(file, options, signal));
}

async function augment(file: string, options: AugmentOptions, signal: AbortSignal): Promise<void> {
  const progress = progressLine();
  const outcome = await augmentFile({
    table: fileRequest(file, options),
    method: options.method,
    amount: options.count === undefined ? { ratio: options.ratio ?? 1 } : { count: options.count },
    balance: options.balance,
    onlySynthetic: options.onlySynthetic ?? false,
    seed: options.seed,
    ...computeOf(options),
    out: options.out,
    modelOut: options.modelOut,
    evidence: options.evidence,
    signal,
    onProgress: progress.show,
  }).finally(progress.clear);
  printWarnings(outcome.warnings);
  const { rows, positives, negatives, added, target, positive } = outcome;
  const before = `${rows} rows, ${positives} with ${target} = ${positive}`;
  const now = ((positives + added) / negatives).toFixed(2);
  process.stdout.write(
    `${before}; added ${added} synthetic ones by ${options.method} (${target} = ${positive} to others now ${now}) → ${options.out}\n`,
  );
}
