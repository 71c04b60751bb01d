/** The tables of MIMIC-III v1.4 that the cohort needs, where they lie in a folder, and whether their headers are what is expected. */
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { InputError } from '../../errors.js';
import { listed, quoted } from '../../table/names.js';
import { onFile } from '../files.js';
import { readHeader } from './header.js';

interface TableForm {
  /** Columns that the cohort is made from. */
  readonly needed: readonly string[];
  /** The others of the release; they may be absent. */
  readonly other: readonly string[];
}

const words = (text: string): readonly string[] => text.split(' ');

const FORMS = {
  patients: { needed: words('subject_id gender dob'), other: words('row_id dod dod_hosp dod_ssn expire_flag') },
  admissions: {
    needed: words('subject_id hadm_id admittime deathtime admission_type hospital_expire_flag'),
    other: words(
      'row_id dischtime admission_location discharge_location insurance language religion marital_status ethnicity edregtime edouttime diagnosis has_chartevents_data',
    ),
  },
  icustays: {
    needed: words('subject_id hadm_id icustay_id dbsource first_careunit intime outtime'),
    other: words('row_id last_careunit first_wardid last_wardid los'),
  },
  services: { needed: words('hadm_id transfertime curr_service'), other: words('row_id subject_id prev_service') },
  diagnoses_icd: { needed: words('hadm_id icd9_code'), other: words('row_id subject_id seq_num') },
  outputevents: {
    needed: words('icustay_id charttime itemid value iserror'),
    other: words('row_id subject_id hadm_id valueuom storetime cgid stopped newbottle'),
  },
  labevents: { needed: words('subject_id hadm_id itemid charttime value valuenum'), other: words('row_id valueuom flag') },
  chartevents: {
    needed: words('icustay_id itemid charttime value valuenum error'),
    other: words('row_id subject_id hadm_id storetime cgid valueuom warning resultstatus stopped'),
  },
} as const satisfies Readonly<Record<string, TableForm>>;

export type TableName = keyof typeof FORMS;

/** A table's file. */
export interface TableFile {
  readonly name: TableName;
  readonly file: string;
  readonly bytes: number;
  readonly gzip: boolean;
  /** The header in the file's order, lower case. */
  readonly columns: readonly string[];
}

export type Tables = Readonly<Record<TableName, TableFile>>;

const names = Object.keys(FORMS) as TableName[];

/** Finds every table in `folder`, whatever the case of file names and headers. Throws {@link InputError} for what is missing. */
export function findTables(folder: string): Tables {
  if (!existsSync(folder)) throw new InputError(`"--dir" expected the folder of the MIMIC-III tables, but ${folder} does not exist`);
  if (!statSync(folder).isDirectory()) throw new InputError(`"--dir" expected the folder of the MIMIC-III tables, but ${folder} is a file`);
  const entries = onFile(folder, 'read', () => readdirSync(folder));
  const found = names.map((name) => ({ name, entry: entryOf(name, entries, folder) }));
  const missing = found.filter(({ entry }) => entry === null).map(({ name }) => name.toUpperCase());
  if (missing.length > 0) {
    const lower = new Set(entries.map((entry) => entry.toLowerCase()));
    const files = missing.map((name) => `${name}.csv or ${name}.csv.gz`).join('; ');
    const other = lower.has('hosp') && lower.has('icu') ? '; this looks like MIMIC-IV, which is another data set' : '';
    throw new InputError(`${folder} lacks the MIMIC-III ${missing.length === 1 ? 'table' : 'tables'} ${files}${other}`);
  }
  const files = found.map(({ name, entry }) => [name, tableFile(name, join(folder, entry as string))] as const);
  return Object.fromEntries(files) as Tables;
}

/** A file of the table: the unpacked one where both are there. */
function entryOf(name: TableName, entries: readonly string[], folder: string): string | null {
  for (const wanted of [`${name}.csv`, `${name}.csv.gz`]) {
    const [first, second] = entries.filter((entry) => entry.toLowerCase() === wanted).sort();
    if (second !== undefined)
      throw new InputError(`${folder} holds both ${first} and ${second}: remove one, so that it is clear which is meant`);
    if (first !== undefined) return first;
  }
  return null;
}

function tableFile(name: TableName, file: string): TableFile {
  const stat = onFile(file, 'read', () => statSync(file));
  if (!stat.isFile()) throw new InputError(`cannot read ${file}: expected a file`);
  const { columns, gzip } = readHeader(file);
  checkColumns(name, columns, file);
  return { name, file, bytes: stat.size, gzip, columns };
}

function checkColumns(name: TableName, columns: readonly string[], file: string): void {
  const { needed, other }: TableForm = FORMS[name];
  const known = [...needed, ...other];
  const missing = needed.filter((column) => !columns.includes(column));
  const unknown = columns.filter((column) => !known.includes(column));
  const twice = columns.find((column, at) => columns.indexOf(column) !== at);
  if (missing.length === 0 && unknown.length === 0 && twice === undefined) return;
  const faults = [
    ...(missing.length > 0 ? [`lacks ${listed(missing.map(quoted), 12)}`] : []),
    ...(unknown.length > 0 ? [`has ${listed(unknown.map(quoted))}, which ${unknown.length === 1 ? 'is' : 'are'} not known`] : []),
    ...(twice === undefined ? [] : [`has ${quoted(twice)} twice`]),
  ];
  throw new InputError(
    `${file}: the header ${faults.join(' and ')}; expected the columns of MIMIC-III v1.4's ${name.toUpperCase()}: ${known.join(', ')}`,
  );
}

/** A text in SQL. */
export const sqlText = (text: string): string => `'${text.replaceAll("'", "''")}'`;

/**
 * A table as a source in SQL, every column as text. Delimiter, quote and columns are given, because the sniffer takes a CHARTEVENTS
 * whose first quoted cell comes late for unquoted.
 */
export function source({ file, columns, gzip }: TableFile): string {
  const types = columns.map((column) => `${sqlText(column)}: 'VARCHAR'`).join(', ');
  const form = `auto_detect = false, header = true, delim = ',', quote = '"', escape = '"', nullstr = ''`;
  return `read_csv(${sqlText(file)}, ${form}, compression = '${gzip ? 'gzip' : 'none'}', columns = {${types}})`;
}
