/** `synthward inspect`: what is in a table, before anything is done with it. */
import Table from 'cli-table3';
import { Command } from 'commander';
import { inspectFile } from '../node/inspect.js';
import type { Inspection } from '../table/inspection.js';
import { printWarnings } from './notes.js';
import { fileRequest, type TableOptions, withTable } from './options.js';
import { PLAIN } from './tables.js';

interface InspectOptions extends TableOptions {
  readonly schemaOut?: string;
}

export function inspectCommand(): Command {
  const command = new Command('inspect')
    .description('Show what is in a table: kinds, roles, missing cells, balance and what is doubtful; write the schema to edit.')
    .argument('<file>', 'table: CSV with a header, or .parquet');
  return withTable(command)
    .option('--schema-out <file>', 'JSON file to write: the schema that other commands take by --schema')
    .action((file: string, options: InspectOptions) => inspect(file, options));
}

async function inspect(file: string, options: InspectOptions): Promise<void> {
  const { schemaOut } = options;
  const inspection = await inspectFile({ table: fileRequest(file, options), schemaOut });
  printWarnings(inspection.warnings);
  for (const fault of inspection.faults) process.stderr.write(`refused by other commands: ${fault}\n`);
  const schema =
    schemaOut === undefined
      ? []
      : [`schema → ${schemaOut}${inspection.faults.length > 0 ? ' (it proposes how to settle what is refused; check it)' : ''}`];
  const parts = [printed(inspection), inspection.balance, ...schema];
  process.stdout.write(`${file}: ${inspection.rows} rows, ${inspection.columns.length} columns\n\n${parts.join('\n')}\n`);
}

/** Columns that are shown; the schema has all of them. */
const MOST_SHOWN = 60;

function printed({ columns, rows }: Inspection): string {
  const grid = new Table({
    head: ['column', 'kind', 'role', 'missing', 'values'],
    style: { head: [], border: [], compact: true },
    chars: PLAIN,
  });
  for (const { name, kind, role, missing, values } of columns.slice(0, MOST_SHOWN)) {
    const share = missing === 0 ? '0' : `${missing} (${Math.max(1, Math.round((100 * missing) / rows))}%)`;
    grid.push([name, kind, role, share, values]);
  }
  const more = columns.length > MOST_SHOWN ? `\n  … and ${columns.length - MOST_SHOWN} columns more` : '';
  return `${grid.toString()}${more}\n`;
}
