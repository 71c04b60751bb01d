/** `synthward train`: a table in, a model of its rare class out. */
import { Command, Option } from 'commander';
import { trainFile } from '../node/train.js';
import { methods } from '../study/methods.js';
import { printWarnings, progressLine } from './notes.js';
import { type ComputeOptions, computeOf, fileRequest, integer, type TableOptions, withCompute, withTable } from './options.js';

interface TrainOptions extends TableOptions, ComputeOptions {
  readonly method: string;
  readonly timesteps?: number;
  readonly precision?: 'F16' | 'F32';
  readonly modelOut: string;
}

const generators = methods.filter(({ treatment }) => treatment === 'augment').map(({ name }) => name);

export function trainCommand(signal: AbortSignal): Command {
  const command = new Command('train')
    .description('Learn the rare class of a table and save the model, for "sample".')
    .argument('<file>', 'table: CSV with a header, or .parquet')
    .addOption(new Option('--method <name>', 'what is learnt').choices(generators).default('tabddpm'))
    .addOption(
      new Option('--timesteps <number>', 'steps of noise that a diffusion model knows (default: 100)').argParser(integer(1, 100_000)),
    )
    .addOption(
      new Option('--precision <kind>', 'what the weights of a diffusion model are rounded to (default: F16)').choices(['F16', 'F32']),
    );
  return withCompute(withTable(command))
    .requiredOption('--model-out <file>', 'model file to write (safetensors)')
    .action((file: string, options: TrainOptions) => train(file, options, signal));
}

async function train(file: string, options: TrainOptions, signal: AbortSignal): Promise<void> {
  const { method, timesteps, precision, seed, modelOut } = options;
  const progress = progressLine();
  const outcome = await trainFile({
    ...{ method, timesteps, precision, seed, modelOut, signal },
    table: fileRequest(file, options),
    ...computeOf(options),
    onProgress: progress.show,
  }).finally(progress.clear);
  printWarnings(outcome.warnings);
  const { rows, positives, target, positive, steps, bytes } = outcome;
  const training = steps > 0 ? ` in ${steps} steps` : '';
  process.stdout.write(
    `${method} learnt${training} from ${rows} rows, ${positives} with ${target} = ${positive} → ${modelOut} (${Math.ceil(bytes / 1000)} kB)\n`,
  );
}
