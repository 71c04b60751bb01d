/** `synthward classify`: train on one table or open a model, predict another table. */
import { Command, Option } from 'commander';
import { InputError } from '../errors.js';
import { type ClassifyRequest, classifyFile } from '../node/classify.js';
import { classifiers } from '../study/classifiers.js';
import { printWarnings } from './notes.js';
import { type ComputeOptions, computeOf, fileRequest, type TableOptions, withCompute, withTable } from './options.js';

interface ClassifyOptions extends TableOptions, ComputeOptions {
  readonly train?: string;
  readonly model?: string;
  readonly test?: string;
  readonly classifier?: string;
  readonly out?: string;
  readonly modelOut?: string;
}

const names = classifiers.map(({ name }) => name);

export function classifyCommand(signal: AbortSignal): Command {
  const command = new Command('classify')
    .description('Train a classifier on one table, or open one, and predict the rows of another.')
    .option('--train <file>', 'table to learn from: CSV or .parquet')
    .option('--test <file>', 'table to predict, CSV or .parquet; its target column, if any, is not read')
    .addOption(new Option('--classifier <name>', 'rf: random forest; xgb: gradient boosting').choices(names))
    .addOption(
      new Option('--model <file>', 'classifier to open instead of learning one: of --model-out, or JSON of XGBoost').conflicts([
        'train',
        'classifier',
        'target',
      ]),
    )
    .option('--model-out <file>', 'keep the classifier: as XGBoost JSON where the name ends in .json (xgb), as ONNX where in .onnx');
  return withCompute(withTable(command))
    .option('--out <file>', 'file to write (CSV or .parquet): row (0-based, in the order of --test) and probability of the positive value')
    .action((options: ClassifyOptions) => classify(options, signal));
}

async function classify(options: ClassifyOptions, signal: AbortSignal): Promise<void> {
  const { seed, out, modelOut } = options;
  const test = options.test === undefined ? undefined : fileRequest(options.test, options);
  const outcome = await classifyFile({ by: sourceOf(options), test, seed, ...computeOf(options), out, modelOut, signal });
  printWarnings(outcome.warnings);
  const { classifier, trained, predicted, target, positive } = outcome;
  const learnt = trained === null ? `${classifier} of ${options.model}` : `${classifier} learnt from ${trained} rows`;
  const kept = modelOut === undefined ? '' : ` → ${modelOut}`;
  const told = predicted === null ? '' : `; probability of ${target} = ${positive} for ${predicted} rows → ${out}`;
  process.stdout.write(`${learnt}${kept}${told}\n`);
}

function sourceOf(options: ClassifyOptions): ClassifyRequest['by'] {
  if (options.model !== undefined) return { model: options.model };
  if (options.train === undefined) throw new InputError('"--train" expected a CSV table to learn from, got none; or give --model');
  if (options.classifier === undefined) throw new InputError(`"--classifier" expected one of ${names.join(', ')}, got none`);
  return { train: fileRequest(options.train, options), classifier: options.classifier };
}
