/** `synthward classify`: train on one table, predict another. */
import { Command, Option } from 'commander';
import { classifyFile } from '../node/classify.js';
import { classifiers } from '../study/classifiers.js';
import { printWarnings } from './notes.js';
import { type ComputeOptions, computeOf, fileRequest, type TableOptions, withCompute, withTable } from './options.js';

interface ClassifyOptions extends TableOptions, ComputeOptions {
  readonly train: string;
  readonly test: string;
  readonly classifier: string;
  readonly out: string;
}

const names = classifiers.map(({ name }) => name);

export function classifyCommand(signal: AbortSignal): Command {
  const command = new Command('classify')
    .description('Train a classifier on one table and predict the rows of another.')
    .requiredOption('--train <file>', 'CSV table to learn from')
    .requiredOption('--test <file>', 'CSV table to predict; its target column, if any, is not read')
    .addOption(new Option('--classifier <name>', 'rf: random forest; xgb: gradient boosting').choices(names).makeOptionMandatory());
  return withCompute(withTable(command))
    .requiredOption('--out <file>', 'CSV file to write: row (0-based, in the order of --test) and probability of the positive value')
    .action((options: ClassifyOptions) => classify(options, signal));
}

async function classify(options: ClassifyOptions, signal: AbortSignal): Promise<void> {
  const outcome = await classifyFile({
    train: fileRequest(options.train, options),
    test: options.test,
    classifier: options.classifier,
    seed: options.seed,
    ...computeOf(options),
    out: options.out,
    signal,
  });
  printWarnings(outcome.warnings);
  const { trained, predicted, target, positive } = outcome;
  process.stdout.write(
    `${options.classifier} learnt from ${trained} rows; probability of ${target} = ${positive} for ${predicted} rows → ${options.out}\n`,
  );
}
