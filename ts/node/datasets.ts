/** Tables by name (embedded in the package, or simulated on the spot) or from a CSV file of the user's own. */
import { createHash, type Hash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { InputError } from '../errors.js';
import { ICU_SCHEMA, ICU_TITLE } from '../simulate/icu.js';
import type { DatasetFacts } from '../study/manifest.js';
import { isMarked, MARK } from '../table/augmented.js';
import type { CellTable } from '../table/cells.js';
import { type ReadTable, readCells, tableOfCells, toCsv } from '../table/csv.js';
import { type ReadDataset, toDataset } from '../table/dataset.js';
import { parseDescription } from '../table/description.js';
import { brokenWarnings } from '../table/rules.js';
import { type Censored, parseSchema, type Schema, withMissing } from '../table/schema.js';
import { fileChunks, readBytes } from './files.js';
import { simulatedTable } from './simulate.js';
import { isParquet } from './write-table.js';

/** A table's file, and how it is read. */
export interface FileRequest {
  readonly file: string;
  /** What is undefined here is taken from the schema. */
  readonly target: string | undefined;
  readonly positive: string | undefined;
  readonly group: string | undefined;
  readonly schema: string | undefined;
  readonly exclude: readonly string[];
  /** Further cells that mean "missing": "999" in every column, "sbp=-9,999" in one. */
  readonly missing?: readonly string[] | undefined;
  readonly censored?: Censored | undefined;
  readonly encoding?: string | undefined;
  readonly headerLine?: number | undefined;
}

/** An embedded or simulated table by its name, or a file. */
export type TableRequest = { readonly name: string } | FileRequest;

/** A table that a study runs on. */
export interface StudyTable {
  readonly dataset: ReadDataset;
  readonly facts: DatasetFacts;
  readonly warnings: readonly string[];
}

/** A table with every column, and what of it is learnt from. */
export interface LoadedFile {
  readonly table: ReadTable;
  readonly dataset: ReadDataset;
  readonly roles: { readonly target: string; readonly group: string | null; readonly exclude: readonly string[] };
  readonly sha256: string;
  readonly schemaSha256: string | null;
  readonly simulated: boolean;
}

/** Tables that come with the package. */
export const embeddedNames: readonly string[] = ['breast_cancer', 'pbc_visits', 'support2_icu'];
/** The simulated cohort of a study: always these rows. */
const SIMULATED = { name: 'simulated_icu', kind: 'icu', rows: 30_000, seed: 1 } as const;
export const tableNames: readonly string[] = [...embeddedNames, SIMULATED.name];

/** Whether an entry of `--datasets` means a file. */
export const isFile = (table: string): boolean => !tableNames.includes(table) && (/[./\\]/.test(table) || existsSync(table));

/** The package's data folder, above this module in the source and in the bundle. */
function dataFolder(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  for (;;) {
    const data = join(folder, 'data');
    if (existsSync(join(data, `${embeddedNames[0]}.csv`))) return data;
    const parent = dirname(folder);
    if (parent === folder)
      throw new InputError('the embedded tables are missing: there is no data folder in the package; install it again');
    folder = parent;
  }
}

/**
 * The tables of a study; their names are the files' without folder and ending, and must differ.
 *
 * @throws {InputError} for files that cannot be read, roles that do not fit, names that are none, and equal names.
 */
export async function loadTables(requests: readonly TableRequest[]): Promise<StudyTable[]> {
  const tables: StudyTable[] = [];
  for (const request of requests) tables.push('file' in request ? await loadOwn(request) : await loadNamed(request.name));
  const names = tables.map(({ dataset }) => dataset.name);
  const twice = names.find((name, at) => names.indexOf(name) !== at);
  if (twice !== undefined) throw new InputError(`"--datasets" expected tables of different names, got ${twice} twice; rename one file`);
  return tables;
}

async function loadNamed(name: string): Promise<StudyTable> {
  if (name === SIMULATED.name) return loadSimulated();
  if (embeddedNames.includes(name)) return loadEmbedded(name);
  throw new InputError(`"--datasets" expected ${tableNames.join(', ')} or a CSV file, got ${name}`);
}

async function loadSimulated(): Promise<StudyTable> {
  const { name, kind, rows, seed } = SIMULATED;
  const table = await simulatedTable(kind, rows, seed);
  const dataset = toDataset(table, { name, ...ICU_SCHEMA });
  const roles = { target: ICU_SCHEMA.target, group: null, exclude: [] };
  const facts = factsOf({ dataset, roles, sha256: sha256(Buffer.from(toCsv(table))), schemaSha256: null, simulated: true });
  const command = `synthward simulate ${kind} --rows ${rows} --seed ${seed}`;
  const own = { title: ICU_TITLE, file: `${name}.csv`, source: `simulated: \`${command}\`, no patient’s data`, licence: 'Apache-2.0' };
  return { dataset, facts: { ...facts, ...own }, warnings: [] };
}

async function loadEmbedded(name: string): Promise<StudyTable> {
  const folder = dataFolder();
  const description = parseDescription(readFileSync(join(folder, `${name}.json`), 'utf8'), `${name}.json`);
  const loaded = await readDataset(join(folder, `${name}.csv`), description.schema, name, null);
  const own = { title: description.title, file: description.file, source: description.source, licence: description.licence };
  return { dataset: loaded.dataset, facts: { ...factsOf(loaded), ...own }, warnings: [] };
}

async function loadOwn(request: FileRequest): Promise<StudyTable> {
  const name = basename(request.file).replace(/\.(csv|parquet)$/i, '');
  const loaded = await loadTable(request, name);
  const title = loaded.simulated ? `${name} (simulated, not patients)` : name;
  const own = { title, file: request.file, source: null, licence: null };
  return { dataset: loaded.dataset, facts: { ...factsOf(loaded), ...own }, warnings: warningsOf(loaded) };
}

/** Reads a file and settles its roles, by the request first and by the schema where the request says nothing. */
export async function loadTable(request: FileRequest, name = request.file): Promise<LoadedFile> {
  const { schema, sha256: schemaSha256 } = declaredOf(request);
  const { target } = schema;
  if (target === undefined) throw new InputError(`"--target" expected the column of ${request.file} to predict, got none`);
  return readDataset(request.file, { ...schema, target }, name, schemaSha256);
}

/** The cells of a file of any form: Parquet by its name, else CSV. `hash` is given all bytes of the file. */
export async function cellsOf(file: string, schema: Schema, hash?: Hash): Promise<CellTable> {
  if (!isParquet(file)) return readCells(fileChunks(file, hash), file, schema);
  const bytes = readBytes(file);
  hash?.update(bytes);
  const { parquetCells } = await import('../table/parquet.js');
  return parquetCells(bytes, file);
}

/** What is declared of a file: by the request, and by its schema where the request says nothing. */
export function declaredOf(request: FileRequest): { readonly schema: Schema; readonly sha256: string | null } {
  const declared = request.schema === undefined ? null : readSchema(request.schema);
  const schema = declared?.schema ?? {};
  const target = request.target ?? schema.target;
  const group = request.group ?? schema.group;
  const said = {
    ...withMissing(schema, request.missing ?? []),
    target,
    positive: request.positive ?? schema.positive,
    group,
    exclude: [...request.exclude, ...(schema.exclude ?? [])],
    censored: request.censored ?? schema.censored,
    encoding: request.encoding ?? schema.encoding,
    headerLine: request.headerLine ?? schema.headerLine,
  };
  const { missing, censored, encoding, headerLine } = request;
  const extra = JSON.stringify({ missing: missing?.length ? missing : undefined, censored, encoding, headerLine });
  return { schema: said, sha256: extra === '{}' ? (declared?.sha256 ?? null) : sha256(Buffer.from(`${declared?.sha256} ${extra}`)) };
}

async function readDataset(
  file: string,
  schema: Schema & { readonly target: string },
  name: string,
  schemaSha256: string | null,
): Promise<LoadedFile> {
  const hash = createHash('sha256');
  const table = tableOfCells(await cellsOf(file, schema, hash), schema);
  const { target, group } = schema;
  const mark = isMarked(table) && target !== MARK ? [MARK] : [];
  const exclude = [...new Set([...(schema.exclude ?? []), ...mark])];
  const dataset = toDataset(table, { name, target, positive: schema.positive, group, exclude });
  return {
    table,
    dataset,
    roles: { target, group: group ?? null, exclude },
    sha256: hash.digest('hex'),
    schemaSha256,
    simulated: schema.simulated ?? false,
  };
}

export const warningsOf = ({ table, dataset, roles, simulated }: LoadedFile): string[] => [
  ...(simulated ? [`${table.file}: the rows are simulated, not patients, as their schema says`] : []),
  ...table.warnings,
  ...dataset.warnings,
  ...brokenWarnings(table, dataset),
  ...(roles.exclude.includes(MARK)
    ? [
        `${table.file}: the column "${MARK}" says how a row was made, so it is not learnt from; remove the synthetic rows to learn from real ones alone`,
      ]
    : []),
];

function readSchema(file: string): { schema: Schema; sha256: string } {
  const bytes = readBytes(file);
  return { schema: parseSchema(Buffer.from(bytes).toString('utf8'), file), sha256: sha256(bytes) };
}

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

type TableFacts = Omit<DatasetFacts, 'title' | 'file' | 'source' | 'licence'>;

function factsOf({ dataset, roles, sha256, schemaSha256, simulated }: Omit<LoadedFile, 'table'>): TableFacts {
  return {
    name: dataset.name,
    sha256,
    rows: dataset.y.length,
    positives: dataset.y.reduce((sum, y) => sum + y, 0),
    features: dataset.features.columns.length,
    groups: dataset.group && new Set(dataset.group).size,
    target: roles.target,
    positive: dataset.target.positive,
    group_column: roles.group,
    exclude: roles.exclude,
    schema_sha256: schemaSha256,
    simulated,
  };
}
