/** `simulate`: a simulated cohort as a CSV, and beside it the schema under which it is read. */
import { wasmBackend } from '../backend/select.js';
import { InputError } from '../errors.js';
import { Stream } from '../random.js';
import { ICU_SCHEMA, ICU_TARGET, simulateIcu } from '../simulate/icu.js';
import type { LevelColumn, Table } from '../table/table.js';
import { checkWritable, writeWhole } from './files.js';
import { writeTable } from './write-table.js';

/** A cohort to simulate, and where it goes. */
export interface SimulateRequest {
  readonly kind: string;
  readonly rows: number;
  readonly seed: number;
  readonly out: string;
}

/** What came of {@link simulateFile}. */
export interface SimulateOutcome {
  readonly rows: number;
  readonly deaths: number;
  readonly target: string;
  /** The file of the schema. */
  readonly schema: string;
}

export const simulatedKinds: readonly string[] = ['icu'];

/** The table that `simulate` writes. */
export async function simulatedTable(kind: string, rows: number, seed: number): Promise<Table> {
  if (!simulatedKinds.includes(kind)) throw new InputError(`"kind" expected ${simulatedKinds.join(', ')}, got ${kind}`);
  return simulateIcu(rows, Stream.fromSeed(seed).child('simulate').child(kind), (await wasmBackend()).special);
}

/**
 * Writes a simulated cohort of any size, and its schema beside it.
 *
 * @throws {InputError} for an unknown kind or a file that cannot be written.
 */
export async function simulateFile({ kind, rows, seed, out }: SimulateRequest): Promise<SimulateOutcome> {
  const schema = `${out.replace(/\.(csv|parquet)$/i, '')}.schema.json`;
  for (const file of [out, schema]) checkWritable(file);
  const table = await simulatedTable(kind, rows, seed);
  await writeTable(out, table);
  writeWhole(schema, `${JSON.stringify(ICU_SCHEMA, null, 2)}\n`);
  const { codes } = table.columns.at(-1) as LevelColumn;
  return { rows, deaths: codes.reduce((sum, code) => sum + code, 0), target: ICU_TARGET, schema };
}
