/** Builds the ICU-mortality cohort of MIMIC-III: a CSV and the schema that the study reads it with, or nothing. */
import { mkdtempSync, renameSync, rmSync, statSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { InputError, throwIfAborted } from '../../errors.js';
import { listed } from '../../table/names.js';
import { checkWritable, onFile, writeWhole } from '../files.js';
import { cohort, writeCohort } from './cohort.sql.js';
import { cohortSchema, type Label, OUTCOMES } from './cohort-schema.js';
import { comorbidities } from './comorbidities.sql.js';
import { type Database, openDatabase } from './database.js';
import { readingFault } from './faults.js';
import { gcs } from './gcs.sql.js';
import { gzipFault } from './gzip.js';
import { labEvents, labRows, labs, labValues } from './labs.sql.js';
import { admissions, days, icustays, MIN_AGE, patients, services, stays } from './stays.sql.js';
import { findTables, type TableName, type Tables } from './tables.js';
import { outputRows, urine } from './urine.sql.js';
import { oxygenation, ventilation } from './ventilation.sql.js';
import { chartEvents, chartRows, charts, vitals } from './vitals.sql.js';

/** Where MIMIC's tables lie, and where the cohort goes. */
export interface CohortRequest {
  /** The folder of the tables. */
  readonly folder: string;
  /** The CSV file to write; the schema stands beside it. */
  readonly out: string;
  readonly label?: Label | undefined;
  /** DuckDB's memory, such as "2GB". */
  readonly memory?: string | undefined;
  readonly threads?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly progress?: CohortProgress | undefined;
}

/** Hears of every table that is read, and of the cohort being put together at the end. */
export interface CohortProgress {
  start(step: CohortStep): void;
  /** 0 … 1 of the step. */
  share(share: number): void;
  done(): void;
  stop(): void;
}

export interface CohortStep {
  readonly title: string;
  readonly at: number;
  readonly of: number;
  /** Size of the file that is read; null where none is. */
  readonly bytes: number | null;
}

/** What came of {@link buildCohort}. */
export interface CohortOutcome {
  readonly out: string;
  readonly schema: string;
  readonly patients: number;
  readonly columns: number;
  readonly target: string;
  readonly deaths: number;
  readonly warnings: readonly string[];
}

/** Each table is read once, the small ones first; events only of stays of the cohort. */
const READING: readonly (readonly [TableName, (tables: Tables) => string, ...string[]])[] = [
  ['patients', patients],
  ['admissions', admissions],
  ['icustays', icustays, stays, days],
  ['services', services],
  ['diagnoses_icd', comorbidities],
  ['outputevents', outputRows, urine],
  ['labevents', labRows, labEvents, labValues, labs],
  ['chartevents', chartRows, chartEvents, 'DROP TABLE chart_rows', charts],
];
const STEPS = READING.length + 1;

const SILENT: CohortProgress = { start: () => {}, share: () => {}, done: () => {}, stop: () => {} };

const schemaFile = (out: string): string => `${out.replace(/\.csv$/i, '')}.schema.json`;

/**
 * Builds a cohort of patients of intensive care from the files of MIMIC-III, and a schema beside it.
 *
 * @throws {InputError} for files that are missing or not MIMIC's, and for places that cannot be written.
 * @throws {CancelledError} when `signal` was aborted.
 */
export async function buildCohort(request: CohortRequest): Promise<CohortOutcome> {
  const { folder, out, label = 'hospital', memory = '2GB' } = request;
  const progress = request.progress ?? SILENT;
  const signal = request.signal ?? new AbortController().signal;
  const tables = findTables(folder);
  const schema = schemaFile(out);
  for (const file of [out, schema]) {
    checkWritable(file);
    refuseSource(file, tables);
  }
  const work = workFolder(out);
  let database: Database | null = null;
  try {
    database = await openDatabase({ memory, threads: request.threads ?? availableParallelism(), folder: work.path }, signal);
    for (const at of READING.keys()) await readTable(database, tables, at, { memory, signal, progress });
    const warnings = await checkStays(database, tables);
    progress.start({ title: 'cohort', at: STEPS, of: STEPS, bytes: null });
    const part = join(work.path, 'cohort.csv');
    try {
      for (const sql of [vitals, gcs, ventilation, oxygenation, cohort, writeCohort(part)]) await database.run(sql, progress.share);
    } catch (error) {
      throw readingFault(error, 'the cohort', memory);
    }
    const facts = await describe(database, OUTCOMES[label]);
    progress.done();
    writeWhole(schema, `${JSON.stringify(cohortSchema(facts.columns, facts.empty, label), null, 2)}\n`);
    onFile(out, 'write', () => renameSync(part, out));
    if (facts.empty.length > 0) warnings.push(`no patient has a value of ${listed(facts.empty, 12)}: not learnt from`);
    const { patients, deaths } = facts;
    return { out, schema, patients, columns: facts.columns.length, target: OUTCOMES[label], deaths, warnings };
  } finally {
    progress.stop();
    database?.close();
    work.remove();
  }
}

/** A folder beside the output for what does not fit into memory, gone at the end whatever happens. */
function workFolder(out: string): { readonly path: string; remove(): void } {
  const path = onFile(out, 'write', () => mkdtempSync(join(dirname(resolve(out)), `.${basename(out)}.`)));
  const remove = () => rmSync(path, { recursive: true, force: true });
  process.once('exit', remove);
  return {
    path,
    remove: () => {
      process.removeListener('exit', remove);
      remove();
    },
  };
}

function refuseSource(out: string, tables: Tables): void {
  const same = Object.values(tables).find(({ file }) => resolve(file) === resolve(out) || sameFile(file, out));
  if (same) throw new InputError(`"--out" expected another file than the table ${same.file}, which is read`);
}

function sameFile(a: string, b: string): boolean {
  const [one, two] = [a, b].map((file) => statSync(file, { throwIfNoEntry: false }));
  return one !== undefined && two !== undefined && one.ino !== 0 && one.ino === two.ino && one.dev === two.dev;
}

interface Reading {
  readonly memory: string;
  readonly signal: AbortSignal;
  readonly progress: CohortProgress;
}

/** Reads one table; a packed one is checked to be whole meanwhile. */
async function readTable(database: Database, tables: Tables, at: number, { memory, signal, progress }: Reading): Promise<void> {
  const [name, read, ...more] = READING[at] as (typeof READING)[number];
  const { file, bytes, gzip } = tables[name];
  progress.start({ title: basename(file), at: at + 1, of: STEPS, bytes });
  // Of a packed file DuckDB does not tell how much it has read.
  const check = gzip ? gzipFault(file, signal, (done) => progress.share(done / bytes)) : Promise.resolve(null);
  check.catch(() => {}); // it may be cancelled before it is awaited
  let fault: unknown = null;
  try {
    await database.runInOrder(read(tables), gzip ? undefined : progress.share);
    for (const sql of more) await database.run(sql);
  } catch (error) {
    fault = error;
  }
  const damage = await check.catch(() => null); // rejects only when cancelled
  throwIfAborted(signal);
  if (damage !== null) throw new InputError(`${file}: ${damage}; download it again`);
  if (fault !== null) throw readingFault(fault, file, memory);
  progress.done();
}

/** Each key once, some stay left, and what is known of stays that were left out. */
async function checkStays(database: Database, tables: Tables): Promise<string[]> {
  for (const [name, key] of [
    ['patients', 'subject_id'],
    ['admissions', 'hadm_id'],
    ['icustays', 'icustay_id'],
  ] as const) {
    const [twice] = await database.rows(
      `SELECT ${key}::VARCHAR AS key FROM ${name} GROUP BY ${key} HAVING count(*) > 1 ORDER BY ${key} LIMIT 1`,
    );
    if (twice) throw new InputError(`${tables[name].file}: ${key} ${twice.key} is there more than once; expected one row for each`);
  }
  const [counts] = await database.rows(`
    SELECT (SELECT count(*) FROM stays)::INTEGER AS kept,
      (SELECT count(*) FROM icustays LEFT JOIN admissions USING (hadm_id) LEFT JOIN patients ON patients.subject_id = icustays.subject_id
       WHERE admissions.hadm_id IS NULL OR patients.subject_id IS NULL)::INTEGER AS lost`);
  const { kept, lost } = counts as { kept: number; lost: number };
  if (kept === 0) {
    throw new InputError(
      `${tables.icustays.file}: no stay is left; expected first ICU stays of patients of ${MIN_AGE} years or more, whose hadm_id and subject_id are in ADMISSIONS and PATIENTS`,
    );
  }
  return lost === 0 ? [] : [`${lost} ICU ${lost === 1 ? 'stay' : 'stays'} without a row in ADMISSIONS or PATIENTS left out`];
}

interface CohortFacts {
  readonly columns: readonly string[];
  readonly empty: readonly string[];
  readonly patients: number;
  readonly deaths: number;
}

async function describe(database: Database, target: string): Promise<CohortFacts> {
  const [counts] = await database.rows('SELECT count(COLUMNS(*))::INTEGER FROM cohort');
  const named = await database.rows(`SELECT column_name AS name FROM (DESCRIBE cohort)`);
  const columns = named.map(({ name }) => String(name));
  const values = Object.values(counts as Record<string, unknown>).map(Number);
  const [sum] = await database.rows(`SELECT count(*)::INTEGER AS patients, coalesce(sum(${target}), 0)::INTEGER AS deaths FROM cohort`);
  const { patients, deaths } = sum as { patients: number; deaths: number };
  return { columns, empty: columns.filter((_, at) => values[at] === 0), patients, deaths };
}
