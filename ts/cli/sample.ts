/** `synthward sample`: new rows of a saved model. What it imports is what its start costs. */
import { Command, Option } from 'commander';
import type { SamplingOptions } from '../generate/diffusion-options.js';
import { DEFAULT_STEPS, sampleFile } from '../node/sample.js';
import { printWarnings, progressLine, say } from './notes.js';
import { type ComputeOptions, computeOf, integer, withCompute } from './options.js';

interface SampleOptions extends ComputeOptions {
  readonly count: number;
  readonly label?: string;
  readonly steps?: number;
  readonly sampler?: SamplingOptions['sampler'];
  readonly out: string;
}

export function sampleCommand(signal: AbortSignal): Command {
  const command = new Command('sample')
    .description('Draw rows from a model that "train" or "augment --model-out" has saved. They have the columns of its table.')
    .argument('<model>', 'model file')
    .addOption(new Option('--count <number>', 'rows to draw').argParser(integer(1, 10_000_000)).makeOptionMandatory())
    .option(
      '--label <value>',
      "value of the target (default: the positive one); others need a model that has learnt them, such as tabddpm-joint's",
    )
    .addOption(
      new Option('--steps <number>', `steps of a diffusion model, more are slower (default: ${DEFAULT_STEPS})`).argParser(
        integer(1, 100_000),
      ),
    )
    .addOption(
      new Option('--sampler <name>', 'how a diffusion model takes its steps (default: as it was trained)').choices([
        'ddim',
        'dpm++',
        'ddpm',
      ]),
    );
  return withCompute(command)
    .requiredOption('--out <file>', 'file to write: CSV, or Parquet where its name ends with .parquet')
    .action((model: string, options: SampleOptions) => sample(model, options, signal));
}

async function sample(model: string, options: SampleOptions, signal: AbortSignal): Promise<void> {
  const { count, label, steps, sampler, seed, out } = options;
  const progress = progressLine();
  const outcome = await sampleFile({
    ...{ model, count, label, steps, sampler, seed, out, signal },
    ...computeOf(options),
    onProgress: progress.show,
  }).finally(progress.clear);
  printWarnings(outcome.warnings);
  const how = outcome.steps === null ? '' : ` in ${outcome.steps} steps`;
  say(`${count} rows with ${outcome.target} = ${outcome.label} drawn by ${outcome.method}${how} → ${out}\n`);
}
