/** `synthward mimic`: the ICU-mortality cohort from the tables of MIMIC-III. */
import { Command, InvalidArgumentError, Option } from 'commander';
import { buildCohort } from '../node/mimic/cohort.js';
import type { Label } from '../node/mimic/cohort-schema.js';
import { cohortProgress } from '../node/mimic/progress.js';
import { printWarnings } from './notes.js';
import { integer } from './options.js';

interface MimicOptions {
  readonly dir: string;
  readonly out: string;
  readonly label: Label;
  readonly memory: string;
  readonly threads?: number;
}

export function mimicCommand(signal: AbortSignal): Command {
  return new Command('mimic')
    .description('Build the ICU-mortality cohort (first ICU stay, first day) from the CSV files of MIMIC-III. Needs @duckdb/node-api.')
    .requiredOption('--dir <folder>', 'folder of the MIMIC-III tables, as .csv or .csv.gz')
    .requiredOption('--out <file>', 'CSV file to write; its schema, for --schema, is written beside it')
    .addOption(
      new Option('--label <outcome>', 'death that the schema names as the target: in hospital or in the ICU')
        .choices(['hospital', 'icu'])
        .default('hospital'),
    )
    .option('--memory <size>', 'memory for the database; what does not fit waits in the folder of --out', memory, '2GB')
    .option('--threads <number>', 'threads (default: the number of cores)', integer(1, 512))
    .action((options: MimicOptions) => mimic(options, signal));
}

async function mimic({ dir, out, label, memory, threads }: MimicOptions, signal: AbortSignal): Promise<void> {
  const outcome = await buildCohort({ folder: dir, out, label, memory, threads, signal, progress: cohortProgress() });
  printWarnings(outcome.warnings);
  const { patients, columns, target, deaths, schema } = outcome;
  process.stdout.write(`${patients} patients, ${columns} columns, ${deaths} with ${target} = 1 → ${out}, ${schema}\n`);
}

const LEAST_MB = 256;

/** "2GB", "512 MB". */
function memory(text: string): string {
  const [, number, unit] = /^(\d+(?:\.\d+)?)\s*([MG])i?B?$/i.exec(text.trim()) ?? [];
  const megabytes = Number(number) * (unit?.toUpperCase() === 'G' ? 1000 : 1);
  if (!(megabytes >= LEAST_MB)) throw new InvalidArgumentError(`Expected a size of at least ${LEAST_MB}MB, such as 2GB.`);
  return `${Math.floor(megabytes)}MB`;
}
