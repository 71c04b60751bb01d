/** `synthward simulate`: a cohort of any size that is no one's data. */
import { Argument, Command } from 'commander';
import { simulatedKinds, simulateFile } from '../node/simulate.js';
import { MOST_ROWS } from '../simulate/icu.js';
import { integer } from './options.js';

interface SimulateOptions {
  readonly rows: number;
  readonly seed: number;
  readonly out: string;
}

export function simulateCommand(): Command {
  return new Command('simulate')
    .description('Write a simulated cohort, for trying methods at any size. No row is a patient.')
    .addArgument(new Argument('<kind>', 'icu: first day of an intensive care stay, 8% deaths').choices([...simulatedKinds]))
    .option('--rows <number>', 'stays; more rows are the same ones and further ones', integer(1, MOST_ROWS), 30_000)
    .option('--seed <number>', 'the same seed gives the same bytes', integer(0), 1)
    .requiredOption('--out <file>', 'CSV file to write; the schema for --schema goes beside it, as <name>.schema.json')
    .action(simulate);
}

async function simulate(kind: string, { rows, seed, out }: SimulateOptions): Promise<void> {
  const { deaths, target, schema } = await simulateFile({ kind, rows, seed, out });
  const share = ((100 * deaths) / rows).toFixed(1);
  process.stdout.write(`${rows} simulated stays (no patients), ${deaths} with ${target} = 1 (${share}%) → ${out}, ${schema}\n`);
}
